"""Ideas and arrivals: they wait outside the board until somebody cites a key result for them or drops them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from tracker.domain.errors import NotFound, Refused
from tracker.domain.plaintext import clean_line
from tracker.services.board import ideas
from tracker.services.notices import over_limits
from tracker.services.outcome import Outcome
from tracker.services.tasks import NewTask, insert_task
from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows
from tracker.storage.writes import Row, Transaction

__all__ = ["capture_idea", "drop", "idea_of_line", "ideas", "origins", "promote", "who_is_reached"]

PROMOTED = "promoted"
REACHES_WHO: Mapping[bool, str] = {True: "our who would be there", False: "our who would not be there"}
"""The answer that is kept with an idea when it becomes a task."""
_FROM = re.compile(r"(?P<title>.*)\sfrom:(?P<source>.*\S.*)", re.DOTALL)


def idea_of_line(line: str) -> tuple[str, str | None]:
    """Title and source of an idea in one line: what stands behind the last `from:` is where it came from."""
    found = _FROM.fullmatch(line)
    return (found["title"], found["source"].strip()) if found else (line, None)


def capture_idea(ws: Workspace, title: str, source: str | None = None) -> Outcome:
    """Keep a thought; it needs no strategy and no key result.

    Raises:
        Refused: it is empty.
    """
    line = clean_line(title)
    if not line:
        raise Refused("The idea is empty; say it in a few words.")
    with ws.writing(f"idea {line}"[:200]) as tx:
        identity = strategy_rows.next_id(tx.connection, "idea", "I-", 2)
        tx.insert(
            "idea",
            {"id": identity, "title": line, "source": clean_line(source or "") or None, "by": ws.actor,
             "on": ws.clock.today},
        )
    return Outcome(tx.batch, f"kept {identity}", (identity,))


def who_is_reached(ws: Workspace) -> str:
    """Who the active strategy is for, in its own words; empty while none is active."""
    with ws.store.reading() as connection:
        return _who(connection)


def promote(ws: Workspace, waiting: str, new: NewTask, *, reaches_who: bool | None = None) -> Outcome:
    """Make a task of an idea or arrival by citing a key result for it.

    `reaches_who`: whether those whom the strategy is for would be there; the answer is kept with the idea. No is
    allowed, and told; None leaves it open.

    Raises:
        NotFound: there is no such idea or arrival.
        Refused: it was promoted or dropped before, or a hard limit is passed.
    """
    with ws.writing(f"promote {waiting}") as tx:
        table, row = _waiting(tx, waiting)
        task = insert_task(tx, new, ws.clock.today, verb=f"promote {waiting} to")
        answer = "" if reaches_who is None else f": {REACHES_WHO[reaches_who]}"
        tx.update(table, row, {"outcome": f"{PROMOTED}{answer}", "task": task["id"]})
        notices = over_limits(tx, [task], None)
        if reaches_who is False:
            notices = (*notices, f"{REACHES_WHO[False]}: {_who(tx.connection)}")
    return Outcome(tx.batch, f"{waiting} is now {task['id']}", (str(task["id"]),), notices)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a task was before it cited a key result."""

    id: str
    kind: str
    """idea or arrival"""
    title: str
    source: str | None
    reaches_who: bool | None
    """Whether our who would be there, as it was answered; None when it was not."""


def origins(ws: Workspace, tasks: Sequence[str]) -> dict[str, Origin]:
    """The idea or arrival that each of these tasks was made of, by task; most tasks have none."""
    found: dict[str, Origin] = {}
    with ws.store.snapshot() as connection:
        for task in tasks:
            for table, kind, source in (("idea", "idea", "source"), ("import_item", "arrival", "connector")):
                for row in strategy_rows.rows_of(connection, table, "task = ?", (task,), "id"):
                    found[task] = Origin(str(row["id"]), kind, str(row["title"]), _text(row[source]),
                                         _answer(_text(row["outcome"]) or ""))
    return found


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _answer(outcome: str) -> bool | None:
    return next((yes for yes, words in REACHES_WHO.items() if outcome == f"{PROMOTED}: {words}"), None)


def _who(connection: Connection) -> str:
    strategy = strategy_rows.active_strategy(connection)
    return "" if strategy is None else str(strategy["who"] or "")


def drop(ws: Workspace, waiting: str, reason: str) -> Outcome:
    """Drop an idea or arrival; the reason is kept.

    Raises:
        Refused: there is no reason, or it was promoted or dropped before.
        NotFound: there is no such idea or arrival.
    """
    why = clean_line(reason)
    if not why:
        raise Refused(f"Dropping {waiting} needs a reason: say why in a few words.")
    with ws.writing(f"drop {waiting}") as tx:
        table, row = _waiting(tx, waiting)
        tx.update(table, row, {"outcome": f"dropped: {why}"})
    return Outcome(tx.batch, f"dropped {waiting}", (waiting,))


def _waiting(tx: Transaction, identity: str) -> tuple[str, Row]:
    for table in ("idea", "import_item"):
        row = tx.get(table, identity)
        if row is not None:
            if row["outcome"] is not None:
                raise Refused(f"{identity} does not wait any more: {row['outcome']}.")
            return table, row
    raise NotFound(f"There is no idea or arrival {identity}. `tracker idea list` shows what waits.")
