"""Reads by day: what is due and published when, and the series of what comes round."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date

from tracker.storage.queries import _CARD, card
from tracker.storage.rows import Card

Connection = sqlite3.Connection
DUE, PUBLISH = "due", "publish"
MOST_SERIES = 200
"""Series whose coming days are shown at once."""


def day_counts(connection: sqlite3.Connection, what: str, first: date, last: date) -> list[tuple[str, str, int]]:
    """(ISO day, status, tasks) of every day from `first` to `last` that has some; `what` is DUE or PUBLISH."""
    return connection.execute(
        "SELECT subject, status, tasks FROM status_tally WHERE scope = ? AND subject BETWEEN ? AND ? AND tasks > 0",
        (what, first.isoformat(), last.isoformat()),
    ).fetchall()


_OF_DAY = {
    # the + keeps SQLite on the index of the day
    (DUE, True): "t.is_open = 1 AND t.due_order = ?",
    (DUE, False): "t.status = 'done' AND t.due_order = ?",
    (PUBLISH, True): "t.publish_on = ? AND +t.is_open = 1",
    (PUBLISH, False): "t.publish_on = ? AND +t.status = 'done'",
}


def of_day(connection: sqlite3.Connection, what: str, day: date, limit: int, *, is_open: bool) -> tuple[Card, ...]:
    """The first tasks that are due or published on a day, open ones or done ones; cancelled ones are neither."""
    sql = f"SELECT {_CARD} FROM task t WHERE {_OF_DAY[what, is_open]} ORDER BY t.number LIMIT ?"
    return tuple(card(row) for row in connection.execute(sql, (day.isoformat(), limit)))


Coming = tuple[str, str, str, str | None, str | None, str]
"""(id, title, rule, due day, publish day, the day that the rule counts from)"""


_SERIES = """
WITH RECURSIVE series(name) AS (
  SELECT min(series) FROM task WHERE series IS NOT NULL
  UNION ALL
  SELECT (SELECT min(series) FROM task WHERE series > name) FROM series WHERE name IS NOT NULL
)
SELECT t.id, t.title, t.recurs, t.due_on, t.publish_on, coalesce(f.due_on, t.due_on, f.created_on)
FROM series JOIN task t ON t.number = (
  SELECT number FROM (SELECT number, is_open, recurs FROM task WHERE series = name ORDER BY number DESC LIMIT 5)
  WHERE is_open = 1 AND recurs IS NOT NULL LIMIT 1
) JOIN task f ON f.id = series.name
WHERE name IS NOT NULL LIMIT ?
"""
"""Goes from one series to the next on the index, and looks at the newest tasks of each: what was done long ago costs
nothing."""


def open_series(connection: sqlite3.Connection, limit: int = MOST_SERIES) -> list[Coming]:
    """The open task of each series."""
    return connection.execute(_SERIES, (limit,)).fetchall()


def open_of_series(connection: sqlite3.Connection, series: str, but: str) -> str | None:
    """An open task of a series that is not the one named."""
    found = connection.execute(
        "SELECT id FROM task WHERE series = ? AND +is_open = 1 AND recurs IS NOT NULL AND id <> ? "
        "ORDER BY number LIMIT 1",
        (series, but),
    ).fetchone()
    return None if found is None else str(found[0])


def was_touched(connection: sqlite3.Connection, task: str) -> bool:
    """Whether any field of a task was changed since it was made."""
    found = connection.execute(
        "SELECT 1 FROM change WHERE entity = 'task' AND id = ? AND field <> '*' LIMIT 1", (task,)
    ).fetchone()
    return found is not None


def also_served(connection: sqlite3.Connection, task: str) -> list[str]:
    """Further key results that a task helps, in order."""
    found = connection.execute(
        "SELECT key_result FROM task_also_serves WHERE task = ? ORDER BY position, key_result", (task,)
    )
    return [str(row[0]) for row in found]


def running_cycle(connection: sqlite3.Connection) -> tuple[str, date, date] | None:
    """Name, first and last day of the active strategy's cycle that is active or graded; None while none is."""
    found = connection.execute(
        "SELECT c.name, c.starts_on, c.ends_on FROM cycle c JOIN strategy s ON s.id = c.strategy "
        "WHERE s.status = 'active' AND c.status IN ('active','grading')"
    ).fetchone()
    return None if found is None else (str(found[0]), date.fromisoformat(found[1]), date.fromisoformat(found[2]))


DATED = (
    "id", "title", "key_result", "contribution", "stage", "medium", "channel", "owner", "status", "due_on",
    "publish_on", "recurs", "series", "created_on",
)  # fmt: skip
"""What a calendar file says of a task."""


def dated_tasks(connection: sqlite3.Connection, numbers: Sequence[int] | None = None) -> Iterator[tuple[object, ...]]:
    """The DATED fields of every task with a day that is not cancelled, or of those with `numbers`, in order."""
    columns = ", ".join(f"t.{name}" for name in DATED)
    wanted = "t.status <> 'cancelled' AND (t.due_on IS NOT NULL OR t.publish_on IS NOT NULL)"
    if numbers is None:
        yield from connection.execute(f"SELECT {columns} FROM task t WHERE {wanted} ORDER BY t.number")
        return
    for at in range(0, len(numbers), 500):
        some = numbers[at : at + 500]
        marks = ", ".join("?" * len(some))
        yield from connection.execute(
            f"SELECT {columns} FROM task t WHERE t.number IN ({marks}) AND {wanted} ORDER BY t.number", tuple(some)
        )


def begun_at(connection: sqlite3.Connection) -> str:
    """The instant of the first change of this workspace, which no other one shares; empty before it."""
    found = connection.execute("SELECT at FROM change_batch ORDER BY number LIMIT 1").fetchone()
    return "" if found is None else str(found[0])


def first_of_series(connection: sqlite3.Connection, series: object) -> str | None:
    """The day that a series counts from: its first task's due day, else the day it was made; None without series."""
    if series is None:
        return None
    found = connection.execute("SELECT coalesce(due_on, created_on) FROM task WHERE id = ?", (series,)).fetchone()
    return None if found is None else str(found[0])


def titles(connection: sqlite3.Connection) -> dict[str, str]:
    """The title of every key result by id."""
    return dict(connection.execute("SELECT id, title FROM key_result").fetchall())
