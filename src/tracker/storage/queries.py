"""Reads for screens and lists: each asks for the rows that can be shown, on an index, and gets frozen rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.domain.filters import TaskFilter
from tracker.domain.links import WORST_FIRST
from tracker.storage.rows import Card, Count

COUNT_BOUND = 1_000
"""Where counting rows one by one stops; figures that have to be exact come from the tallies."""

_PLACES = " ".join(f"WHEN '{state}' THEN {place}" for place, state in enumerate(WORST_FIRST))
_STATES = " ".join(f"WHEN {place} THEN '{state}'" for place, state in enumerate(WORST_FIRST))
_CARD = f"""t.number, t.id, t.title, t.key_result, t.status, t.stage, t.kind, t.medium, t.channel, t.owner, t.priority,
t.rank, t.created_on, t.assigned_on, t.started_on, t.review_on, t.done_on, t.due_on, t.estimate_low_h,
t.estimate_high_h, t.contribution, t.blocked_reason, t.blocked_on, t.recurs, t.waits, t.messages,
(SELECT CASE min(CASE state {_PLACES} END) {_STATES} END FROM external_link WHERE task = t.id)"""

_BY_PLAN = "t.waits, t.rank, t.due_order, t.number"
_BY_DUE = "t.due_order, t.number"
_NEWEST_FIRST = "t.done_on DESC, t.number DESC"


def card(row: Sequence[Any]) -> Card:
    """A row of the `_CARD` columns as a card: its days are days instead of text."""
    created, assigned, started, review, done, due = row[_DAYS]
    blocked_on = row[_BLOCKED_ON]
    return Card._make((
        *row[:_DAYS.start],
        _day(created), assigned and _day(assigned), started and _day(started), review and _day(review),
        done and _day(done), due and _day(due),
        *row[_DAYS.stop:_BLOCKED_ON],
        blocked_on and _day(blocked_on),
        *row[_BLOCKED_ON + 1:],
    ))


_day = date.fromisoformat
_DAYS = slice(Card._fields.index("created_on"), Card._fields.index("due_on") + 1)
_BLOCKED_ON = Card._fields.index("blocked_on")


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on `task t` with its bound values."""

    sql: str
    values: tuple[object, ...]
    source: str = "task t"
    """The table, with the index to read it by where SQLite, which keeps no statistics here, would guess wrong."""

    def and_(self, sql: str, *values: object) -> Where:
        """This and that."""
        return Where(f"{self.sql} AND {sql}", (*self.values, *values), self.source)


def where(status: str | None, wanted: TaskFilter, today: date) -> Where:
    """The condition of a filter but for its text, in one status or any."""
    found = Where("1", ()) if status is None else Where("t.status = ?", (status,))
    for column in ("key_result", "owner", "stage", "channel", "medium"):
        value = getattr(wanted, column)
        if value is not None:
            found = found.and_(f"t.{column} = ?", value)
    if wanted.unowned:
        found = found.and_("t.owner IS NULL")
    is_finished = status in ("done", "cancelled")
    if wanted.late:
        # finished work is never late; with a status its own index is the better one (the plus keeps off is_open's)
        found = found.and_("0" if is_finished else "t.is_open = 1" if status is None else "+t.is_open = 1")
        found = found.and_("t.due_order < ?", today.isoformat())
    if wanted.due_by is not None:
        found = found.and_("+t.due_order <= ?" if is_finished else "t.due_order <= ?", wanted.due_by.isoformat())
    if wanted.blocked:
        found = found.and_("0" if is_finished else "t.blocked_reason IS NOT NULL")
        if not is_finished and wanted.key_result is None and wanted.owner is None:
            found = replace(found, source="task t INDEXED BY task_blocked")
    return found


def order(status: str | None, wanted: TaskFilter) -> str:
    """The order a column is drawn in: finished work newest first, dated lists by due day, else the plan's order."""
    if status in ("done", "cancelled"):  # what is cancelled has no day done, so that its number alone orders it
        return _NEWEST_FIRST
    return _BY_DUE if is_by_due(wanted) else _BY_PLAN


def is_by_due(wanted: TaskFilter) -> bool:
    """Whether open work is drawn by due day instead of in the plan's order."""
    return bool(wanted.late or wanted.blocked or wanted.due_by)


def page(
    connection: sqlite3.Connection, condition: Where, ordering: str, start: int, limit: int
) -> tuple[Card, ...]:
    """Cards `start`.. of a list, at most `limit`."""
    # SQLite steps over an offset on the index alone, so that only the rows of the page are read
    sql = f"SELECT {_CARD} FROM {condition.source} WHERE {condition.sql} ORDER BY {ordering} LIMIT ? OFFSET ?"
    return tuple(card(row) for row in connection.execute(sql, (*condition.values, limit, start)))


def stream(connection: sqlite3.Connection, condition: Where, ordering: str) -> Iterator[Card]:
    """Every card of a list, one after the other, in constant memory."""
    sql = f"SELECT {_CARD} FROM {condition.source} WHERE {condition.sql} ORDER BY {ordering}"
    cursor = connection.execute(sql, condition.values)
    while rows := cursor.fetchmany(500):
        for row in rows:
            yield card(row)


def cards_by_id(connection: sqlite3.Connection, ids: Sequence[str]) -> tuple[Card, ...]:
    """The cards with these ids, in the order given; unknown ids are left out."""
    found: dict[str, Card] = {}
    for at in range(0, len(ids), 500):
        some = tuple(ids[at : at + 500])
        sql = f"SELECT {_CARD} FROM task t WHERE t.id IN ({', '.join('?' * len(some))})"
        found.update((row[1], card(row)) for row in connection.execute(sql, some))
    return tuple(found[id_] for id_ in ids if id_ in found)


def cards_by_number(connection: sqlite3.Connection, numbers: Sequence[int]) -> tuple[Card, ...]:
    """The cards with these numbers, in the order given."""
    return tuple(stream_by_number(connection, numbers))


def stream_by_number(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[Card]:
    """The cards with these numbers, in the order given, one after the other."""
    for at in range(0, len(numbers), 500):
        some = numbers[at : at + 500]
        sql = f"SELECT {_CARD} FROM task t WHERE t.number IN ({', '.join('?' * len(some))})"
        found = {row[0]: card(row) for row in connection.execute(sql, some)}
        yield from (found[number] for number in some if number in found)


def count_bounded(connection: sqlite3.Connection, condition: Where, bound: int = COUNT_BOUND) -> Count:
    """How many rows match, counted up to `bound`."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {condition.source} WHERE {condition.sql} LIMIT ?)"
    n = int(connection.execute(sql, (*condition.values, bound + 1)).fetchone()[0])
    return Count(min(n, bound), n > bound)


def is_tallied(wanted: TaskFilter) -> bool:
    """Whether the tallies can answer how many tasks match."""
    if wanted.late or wanted.blocked or wanted.text or wanted.due_by:
        return False
    # what is counted by itself, and not together with others
    alone = [column for column in ("channel", "medium") if getattr(wanted, column) is not None]
    together = [column for column in ("key_result", "owner", "stage") if getattr(wanted, column) is not None]
    return not alone or (len(alone) == 1 and not together and not wanted.unowned)


def tally(connection: sqlite3.Connection, wanted: TaskFilter) -> dict[str, Count]:
    """How many tasks of each status a filter that `is_tallied` holds; exact at any size."""
    given = {column: getattr(wanted, column) for column in ("key_result", "owner", "stage", "channel", "medium")}
    if wanted.unowned:
        if wanted.owner is not None:
            return {}  # nobody's and somebody's
        given["owner"] = ""
    asked = {column: value for column, value in given.items() if value is not None}
    if len(asked) > 1:
        conditions = " AND ".join(f"{column} = ?" for column in asked)
        sql = f"SELECT status, sum(tasks) FROM task_tally WHERE {conditions} GROUP BY status"
        values = tuple(asked.values())
    else:
        sql = "SELECT status, tasks FROM status_tally WHERE scope = ? AND subject = ?"
        values = next(iter(asked.items()), ("all", ""))
    return {status: Count(n) for status, n in connection.execute(sql, values)}


def held(connection: sqlite3.Connection) -> tuple[dict[str, int], dict[str, int]]:
    """How many tasks each status holds, and how many each person is doing."""
    statuses = "SELECT status, tasks FROM status_tally WHERE scope = 'all' AND subject = ''"
    doing = "SELECT subject, tasks FROM status_tally WHERE scope = 'owner' AND status = 'doing' AND tasks > 0"
    return dict(connection.execute(statuses).fetchall()), dict(connection.execute(doing).fetchall())


def open_by_stage(connection: sqlite3.Connection) -> dict[str, int]:
    """Open tasks by stage."""
    sql = (
        "SELECT subject, sum(tasks) FROM status_tally WHERE scope = 'stage' "
        "AND status IN ('backlog','assigned','doing','review') GROUP BY subject HAVING sum(tasks) > 0"
    )
    return dict(connection.execute(sql).fetchall())


def doing_by_person(connection: sqlite3.Connection) -> dict[str, int]:
    """Tasks in doing by owner."""
    sql = "SELECT subject, tasks FROM status_tally WHERE scope = 'owner' AND status = 'doing' AND tasks > 0"
    return dict(connection.execute(sql).fetchall())


_TRIAGE = (
    # what is late, then what needs something on any day, then the rest; each part in due order on an index of its own
    "t.is_open = 1 AND t.due_order < ?",
    "t.is_open = 1 AND t.needs = 1 AND t.due_order >= ?",
    "t.is_open = 1 AND t.needs = 0 AND t.due_order >= ?",
)
_GIVEN = "SELECT value FROM json_each(?)"
OFF_STRATEGY_BOUND = 200
"""How many tasks of a column and a channel are looked at for what only its channel is wrong with."""
_OFF_STRATEGY_PLACES = 60
"""How many columns and channels of such tasks are looked at."""


@dataclass(frozen=True, slots=True)
class OffStrategy:
    """Open tasks on a channel that the active strategy does not use, whose only need that is."""

    channels: frozenset[str]
    numbers: tuple[int, ...] = ()
    is_cut: bool = False
    """Whether there are more than were looked at."""


def off_strategy(connection: sqlite3.Connection, wanted: Where, today: date) -> OffStrategy:
    """Tasks that need nothing else and are not late; found through the counts of the channels, at any size quickly."""
    places = connection.execute(
        "SELECT subject, status, tasks FROM status_tally WHERE scope = 'channel' AND subject > '' AND tasks > 0 "
        "AND status IN ('backlog','assigned','doing','review') AND subject NOT IN (SELECT channel FROM "
        "strategy_channel WHERE strategy = (SELECT id FROM strategy WHERE status = 'active')) LIMIT ?",
        (_OFF_STRATEGY_PLACES,),
    ).fetchall()
    # looked at first and chosen then, so that a channel full of tasks that need something else costs no more
    sql = (
        "SELECT t.number FROM task t WHERE t.number IN (SELECT number FROM task WHERE channel = ? AND status = ? "
        f"ORDER BY waits, rank, due_order, number LIMIT ?) AND t.needs = 0 AND t.due_order >= ? AND {wanted.sql}"
    )
    numbers = [
        number
        for channel, status, _ in places
        for number, in connection.execute(
            sql, (channel, status, OFF_STRATEGY_BOUND, today.isoformat(), *wanted.values)
        )
    ]
    is_cut = len(places) == _OFF_STRATEGY_PLACES or any(tasks > OFF_STRATEGY_BOUND for _, _, tasks in places)
    return OffStrategy(frozenset(channel for channel, _, _ in places), tuple(numbers), is_cut)


def triage_page(
    connection: sqlite3.Connection, wanted: Where, today: date, start: int, limit: int
) -> tuple[Card, ...]:
    """Open cards, what needs something first; the three parts are read one after the other until the page is full."""
    off = json.dumps(off_strategy(connection, wanted, today).numbers)
    late, needing, others = (
        f"SELECT {_CARD}, t.due_order FROM task t WHERE {part} AND {wanted.sql}" for part in _TRIAGE
    )
    values = [(today.isoformat(), *wanted.values)] * 3
    if off != "[]":
        # two sorted runs that are merged as they are read, and the second is short
        needing += f" UNION ALL SELECT {_CARD}, t.due_order FROM task t WHERE t.number IN ({_GIVEN})"
        others += f" AND t.number NOT IN ({_GIVEN})"
        values[1:] = [(*values[1], off), (*values[2], off)]
    parts = " UNION ALL ".join(f"SELECT * FROM ({part} ORDER BY due_order, number)" for part in (late, needing, others))
    rows = connection.execute(
        f"SELECT * FROM ({parts}) LIMIT ? OFFSET ?", (*(each for of_part in values for each in of_part), limit, start)
    )
    return tuple(card(row[:-1]) for row in rows)


def triage_counts(connection: sqlite3.Connection, wanted: Where, today: date) -> Count:
    """How many open tasks need something today."""
    off = off_strategy(connection, wanted, today)
    counts = [
        Count(len(off.numbers), off.is_cut),
        *(
            count_bounded(connection, Where(part, (today.isoformat(),)).and_(wanted.sql, *wanted.values))
            for part in _TRIAGE[:2]
        ),
    ]
    return Count(sum(count.n for count in counts), any(count.at_least for count in counts))


def hours_by_person(connection: sqlite3.Connection, owner: str, until: date) -> float:
    """Middle of the estimates, in hours, of a person's open tasks that are late or due by a day."""
    sql = (
        "SELECT coalesce(sum((coalesce(estimate_low_h, estimate_high_h, 0) "
        "+ coalesce(estimate_high_h, estimate_low_h, 0)) / 2.0), 0) "
        "FROM task WHERE owner = ? AND is_open = 1 AND due_order <= ?"
    )
    return float(connection.execute(sql, (owner, until.isoformat())).fetchone()[0])


def unowned_hours(connection: sqlite3.Connection) -> float:
    """Middle of the estimates, in hours, of the first open tasks that nobody owns (up to 5,000)."""
    sql = (
        "SELECT coalesce(sum((coalesce(l, h, 0) + coalesce(h, l, 0)) / 2.0), 0) FROM ("
        "SELECT estimate_low_h AS l, estimate_high_h AS h FROM task WHERE owner IS NULL AND is_open = 1 LIMIT 5000)"
    )
    return float(connection.execute(sql).fetchone()[0])


def neighbours(
    connection: sqlite3.Connection, task: str, mine: str, theirs: str
) -> tuple[tuple[str, str, str], ...]:
    """(id, title, status) of the tasks at the other end of a task's dependencies; columns `task` and `waits_for`."""
    sql = (
        f"SELECT t.id, t.title, t.status FROM task_dependency d JOIN task t ON t.id = d.{theirs} "
        f"WHERE d.{mine} = ? ORDER BY t.number"
    )
    return tuple(connection.execute(sql, (task,)).fetchall())


def started_count(connection: sqlite3.Connection, status: str, owner: str | None = None) -> int:
    """How many tasks a status holds, or a person has in it."""
    scope, subject = ("all", "") if owner is None else ("owner", owner)
    found = connection.execute(
        "SELECT tasks FROM status_tally WHERE scope = ? AND subject = ? AND status = ?", (scope, subject, status)
    ).fetchone()
    return int(found[0]) if found else 0


def outermost(connection: sqlite3.Connection, task: str, *, first: bool) -> int | None:
    """The rank of the first or the last card among those of a task's column that wait for as many as it does.

    None when the task stands there itself.
    """
    direction = "ASC" if first else "DESC"
    order = ", ".join(f"t.{name} {direction}" for name in ("rank", "due_order", "number"))
    found = connection.execute(
        "SELECT t.rank, t.id FROM task mine JOIN task t ON t.status = mine.status AND t.waits = mine.waits "
        f"WHERE mine.id = ? ORDER BY {order} LIMIT 1",
        (task,),
    ).fetchone()
    return None if found is None or found[1] == task else int(found[0])
