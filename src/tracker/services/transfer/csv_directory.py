"""Who and what a table may refer to, by the names that people write."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from datetime import date

from tracker.domain.tasks import MEDIA, STAGES
from tracker.services.transfer.csv_cells import DayOrder, Known, folded
from tracker.storage import task_rows
from tracker.storage.strategy_rows import rows_of

_OPEN = ("draft", "active")


def known_words(connection: sqlite3.Connection, order: DayOrder, today: date) -> Known:
    """The people, channels, stages and media of the database."""
    people = [(str(row["id"]), _names_of_person(row)) for row in rows_of(connection, "person", order="id")]
    channels = [(str(row["id"]), [str(row["name"])]) for row in rows_of(connection, "channel", order="id")]
    stages = task_rows.own_list(connection, "stages")
    media = task_rows.own_list(connection, "media")
    return Known(
        order=order,
        stages=tuple([*stages, STAGES[-1]] if stages else STAGES),
        media=tuple([*media, MEDIA[-1]] if media else MEDIA),
        people=_index(people),
        channels=_index(channels),
        today=today,
    )


def _names_of_person(row: dict[str, object]) -> list[str]:
    name = str(row["name"])
    return [name, *([str(row["email"])] if row["email"] else []), *name.split()[:1]]


def _index(named: Iterable[tuple[str, list[str]]]) -> dict[str, str | None]:
    """Id by folded name, None for a name that several share; an id always means itself."""
    index: dict[str, str | None] = {}
    ids = []
    for id_, names in named:
        ids.append(id_)
        for name in {folded(name) for name in names}:
            index[name] = None if name in index else id_
    index.update((folded(id_), id_) for id_ in ids)
    return index


class KeyResults:
    """Finds a key result by its id or title."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = rows_of(connection, "key_result", order="rowid")
        self._open = {str(row["id"]) for row in rows if row["status"] in _OPEN}
        closed = [(str(row["id"]), [str(row["title"])]) for row in rows if row["status"] not in _OPEN]
        still_open = [(str(row["id"]), [str(row["title"])]) for row in rows if row["status"] in _OPEN]
        # the same title may run in one cycle after the other; the one that is open is meant
        self._ids = {**_index(closed), **_index(still_open)}
        self._ids.update((folded(str(row["id"])), str(row["id"])) for row in rows)

    def find(self, words: str) -> str | None:
        """The id that an id (`KR-05`, `kr5`) or a title names, None when none or several."""
        wanted = folded(words.strip())
        if wanted not in self._ids and (found := re.fullmatch(r"kr[- ]?0*([0-9]+)", wanted)):
            wanted = f"kr-{int(found[1]):02d}"
        return self._ids.get(wanted)

    def is_open(self, key_result: str) -> bool:
        """Whether open work may cite it."""
        return key_result in self._open
