"""What a person's words mean: which task, key result, person or channel."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Sequence

from tracker.domain.errors import NotFound, WrongUsage
from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows

_TASK = re.compile(r"(?:t-?)?0*([1-9][0-9]{0,9})", re.IGNORECASE)


def resolve_task(ws: Workspace, words: str) -> str:
    """The id of the task that `43`, `t-43` or `T-043` names.

    Raises:
        NotFound: no task has that number.
        WrongUsage: it is not the form of a task id.
    """
    found = _TASK.fullmatch(words.strip())
    if found is None:
        raise WrongUsage(f"{_short(words)} is not a task; write its id or number, like T-043 or 43.")
    with ws.store.reading() as connection:
        task = strategy_rows.task_id(connection, int(found[1]))
    if task is None:
        raise NotFound(f"There is no task {_short(words)}. `tracker list` shows what there is.")
    return task


def open_key_results(connection: sqlite3.Connection) -> list[tuple[int, str, str]]:
    """(position, id, title) of the key results of the running cycle, numbered as the header numbers them."""
    strategy = strategy_rows.active_strategy(connection)
    cycle = strategy and strategy_rows.running_cycle(connection, str(strategy["id"]))
    if not cycle:
        return []
    objectives = [str(row["id"]) for row in strategy_rows.objectives_of(connection, str(cycle["id"]))]
    found = strategy_rows.key_results_of(connection, objectives)
    ordered = [row for objective in objectives for row in found if row["objective"] == objective]
    return [(number, str(row["id"]), str(row["title"])) for number, row in enumerate(ordered, 1)]


def resolve_key_result(ws: Workspace, words: str, *, open_only: bool = True) -> str:
    """The id of the key result that a header number, an id or a few letters of the title name.

    `open_only` looks among those of the running cycle; otherwise any key result may be named by its id.

    Raises:
        NotFound: none or several match; the message lists the open ones.
    """
    asked = words.strip()
    with ws.store.snapshot() as connection:
        listed = open_key_results(connection)
        by_number = {str(number): id_ for number, id_, _ in listed}
        if asked in by_number:
            return by_number[asked]
        by_id = _by_id(connection, asked)
        if by_id and (not open_only or by_id in {id_ for _, id_, _ in listed} or _is_open(connection, by_id)):
            return by_id
        matching = _matching(asked, [(id_, title) for _, id_, title in listed])
    if len(matching) == 1:
        return matching[0]
    what = "names no open key result" if not matching else "names several key results"
    raise NotFound(f"{_short(words)} {what}. Open ones: {list_key_results(listed)}.")


def list_key_results(listed: Sequence[tuple[int, str, str]]) -> str:
    """The key results in one line for a message: number, title and id."""
    return ", ".join(f"{number} {title} ({id_})" for number, id_, title in listed) or "none yet"


def _by_id(connection: sqlite3.Connection, asked: str) -> str | None:
    found = re.fullmatch(r"kr-?0*([0-9]+)", asked, re.IGNORECASE)
    candidates = {asked, asked.upper()} | ({f"KR-{int(found[1]):02d}"} if found else set())
    known = [each for each in sorted(candidates) if strategy_rows.rows_of(connection, "key_result", "id = ?", (each,))]
    return known[0] if known else None


def _is_open(connection: sqlite3.Connection, key_result: str) -> bool:
    row = strategy_rows.rows_of(connection, "key_result", "id = ?", (key_result,))
    return bool(row and row[0]["status"] in ("draft", "active"))


def resolve_person(ws: Workspace, words: str) -> str:
    """The id of the person that an id, the beginning of a name or `me` names.

    Raises:
        NotFound: none or several match; the message lists who there is.
    """
    asked = words.strip().lstrip("@")
    with ws.store.reading() as connection:
        known = [
            (str(row["id"]), str(row["name"]))
            for row in strategy_rows.rows_of(connection, "person", "active = 1", (), "id")
        ]
    if _folded(asked) == "me":
        asked = ws.actor
    matching = _matching(asked, known)
    if len(matching) == 1:
        return matching[0]
    what = "is nobody here" if not matching else "may be " + " or ".join(matching)
    who = ", ".join(id_ for id_, _ in known[:40]) or "nobody yet; add one with: tracker person add NAME"
    raise NotFound(f"{_short(words)} {what}. People: {who}.")


def resolve_channel(ws: Workspace, words: str) -> str:
    """The id of the channel that an id or the beginning of a name names.

    Raises:
        NotFound: none or several match.
    """
    with ws.store.reading() as connection:
        known = [
            (str(row["id"]), str(row["name"])) for row in strategy_rows.rows_of(connection, "channel", order="id")
        ]
    matching = _matching(words.strip().lstrip("#"), known)
    if len(matching) == 1:
        return matching[0]
    raise NotFound(f"{_short(words)} is no channel. Channels: {', '.join(id_ for id_, _ in known) or 'none yet'}.")


def _matching(asked: str, known: Sequence[tuple[str, str]]) -> list[str]:
    """Ids that match, by the first of these that any does: the id, its beginning, a name's beginning, letters in it."""
    wanted = _folded(asked)
    if not wanted:
        return []
    tests: tuple[Callable[[str, str], bool], ...] = (
        lambda id_, name: _folded(id_) == wanted,
        lambda id_, name: _folded(name) == wanted,
        lambda id_, name: _folded(id_).startswith(wanted),
        lambda id_, name: any(word.startswith(wanted) for word in (_folded(name), *_folded(name).split())),
        lambda id_, name: wanted in _folded(name),
    )
    for test in tests:
        found = [id_ for id_, name in known if test(id_, name)]
        if found:
            return found
    return []


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _short(words: str) -> str:
    return repr(words if len(words) <= 60 else words[:57] + "...")
