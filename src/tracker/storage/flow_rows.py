"""Reads about how work flows: by the day from the tallies, and the tasks in work from an index of their own."""

from __future__ import annotations

import sqlite3
from datetime import date

from tracker.storage.queries import COUNT_BOUND
from tracker.storage.rows import Count

_STARTED = ("doing", "review")
_IN_WORK = "status IN ('doing','review')"
"""The condition of the index: said once more, SQLite sees that the index holds all that is asked for."""


def changes_after(connection: sqlite3.Connection, day: date) -> list[tuple[date, str, int]]:
    """By how many tasks each status grew or shrank on each day after a day."""
    rows = connection.execute(
        "SELECT on_date, status, tasks FROM flow_tally WHERE on_date > ? AND tasks <> 0", (day.isoformat(),)
    )
    return [(date.fromisoformat(on), status, tasks) for on, status, tasks in rows]


def by_status(connection: sqlite3.Connection) -> dict[str, int]:
    """How many tasks each status holds now."""
    return dict(connection.execute("SELECT status, tasks FROM status_tally WHERE scope = 'all' AND subject = ''"))


def finished(connection: sqlite3.Connection, first: date, last: date) -> list[tuple[date, int, int]]:
    """(day, cycle time in days, tasks) of what was done in a span, oldest first."""
    rows = connection.execute(
        "SELECT done_on, cycle_days, tasks FROM done_tally WHERE done_on BETWEEN ? AND ? AND tasks > 0 "
        "ORDER BY done_on, cycle_days",
        (first.isoformat(), last.isoformat()),
    )
    return [(date.fromisoformat(on), days, tasks) for on, days, tasks in rows]


def ageing_numbers(connection: sqlite3.Connection, start: int, limit: int) -> list[int]:
    """Numbers of the tasks in work from position `start`, the oldest first."""
    parts = " UNION ALL ".join(
        f"SELECT started_on, number FROM task WHERE status = '{status}' AND {_IN_WORK}" for status in _STARTED
    )
    # each part comes off the index in this order, so that SQLite merges them and stops at the limit
    rows = connection.execute(f"{parts} ORDER BY started_on, number LIMIT ? OFFSET ?", (limit, start))
    return [number for _, number in rows]


def started_before(connection: sqlite3.Connection, day: date, bound: int = COUNT_BOUND) -> Count:
    """How many tasks in work were started before a day, recurring ones left out; counted up to `bound`."""
    parts = " UNION ALL ".join(
        f"SELECT 1 FROM task WHERE status = '{status}' AND {_IN_WORK} AND started_on < ? AND recurs IS NULL"
        for status in _STARTED
    )
    row = connection.execute(
        f"SELECT count(*) FROM ({parts} LIMIT ?)", (*(day.isoformat() for _ in _STARTED), bound + 1)
    ).fetchone()
    return Count(min(int(row[0]), bound), int(row[0]) > bound)


PlanKey = tuple[int, int, str, int]
"""What the plan orders tasks of one status by: waits, rank, due order, number."""


def plan_key(connection: sqlite3.Connection, status: str, place: int) -> PlanKey | None:
    """Where in the plan the task of a status stands before which `place` stand that do not recur, nor does it."""
    row = connection.execute(
        "SELECT waits, rank, due_order, number FROM task WHERE status = ? AND recurs IS NULL "
        "ORDER BY waits, rank, due_order, number LIMIT 1 OFFSET ?",
        (status, place),
    ).fetchone()
    return None if row is None else (row[0], row[1], row[2], row[3])


def unrepeated(connection: sqlite3.Connection, status: str, most: int) -> int:
    """How many tasks of a status do not recur, counted up to `most`."""
    row = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM task WHERE status = ? AND recurs IS NULL LIMIT ?)", (status, most)
    ).fetchone()
    return int(row[0])
