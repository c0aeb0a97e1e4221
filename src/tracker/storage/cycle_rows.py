"""Reads around a cycle and its end: few rows, whatever the number of tasks; tasks only in pieces, on an index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tracker.storage.columns import COLUMNS, quoted
from tracker.storage.strategy_rows import Row, rows_of

OPEN = ("backlog", "assigned", "doing", "review")
_PIECE = 500
"""Tasks that are held in memory at a time."""


def cycles_of(connection: sqlite3.Connection, strategy: str) -> list[Row]:
    """The cycles of a strategy, oldest first."""
    return rows_of(connection, "cycle", "strategy = ?", (strategy,), "starts_on")


def cycle_named(connection: sqlite3.Connection, words: str) -> list[Row]:
    """Cycles by id, else by name, whatever the strategy; any case."""
    return rows_of(connection, "cycle", "id = ?", (words,)) or rows_of(
        connection, "cycle", "lower(name) = lower(?)", (words,), "starts_on DESC"
    )


def next_planned(connection: sqlite3.Connection, cycle: Row) -> Row | None:
    """The planned cycle that begins first after the end of this one."""
    found = rows_of(
        connection, "cycle", "strategy = ? AND status = 'planned' AND starts_on > ?",
        (cycle["strategy"], cycle["ends_on"]), "starts_on",
    )
    return found[0] if found else None


def objectives_in(connection: sqlite3.Connection, cycle: str) -> list[Row]:
    """Every objective of a cycle, dropped ones too, in order of their ids."""
    return rows_of(connection, "objective", "cycle = ?", (cycle,), "length(id), id")


def key_results_in(connection: sqlite3.Connection, cycle: str) -> list[Row]:
    """Every key result of a cycle, dropped ones too, by objective, in order of their ids."""
    return rows_of(
        connection, "key_result", "objective IN (SELECT id FROM objective WHERE cycle = ?)", (cycle,),
        "length(objective), objective, length(id), id",
    )


def grades_of(connection: sqlite3.Connection, key_results: Iterable[str]) -> dict[str, Row]:
    """The grades of some key results by id."""
    wanted = tuple(key_results)
    marks = ", ".join("?" * len(wanted))
    return {str(row["key_result"]): row for row in rows_of(connection, "grade", f"key_result IN ({marks})", wanted)}


def last_check_ins(connection: sqlite3.Connection, key_results: Iterable[str]) -> dict[str, str]:
    """The day of the last check-in of each key result that has one."""
    wanted = tuple(key_results)
    marks = ", ".join("?" * len(wanted))
    sql = f"SELECT key_result, max(on_date) FROM check_in WHERE key_result IN ({marks}) GROUP BY key_result"
    return dict(connection.execute(sql, wanted).fetchall())


def open_counts(connection: sqlite3.Connection, key_results: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many open tasks cite each key result, by status; from the tally."""
    wanted = tuple(key_results)
    marks, states = ", ".join("?" * len(wanted)), ", ".join("?" * len(OPEN))
    sql = (
        f"SELECT subject, status, tasks FROM status_tally WHERE scope = 'key_result' AND subject IN ({marks}) "
        f"AND status IN ({states}) AND tasks > 0"
    )
    counts: dict[str, dict[str, int]] = {}
    for subject, status, tasks in connection.execute(sql, (*wanted, *OPEN)):
        counts.setdefault(subject, {})[status] = tasks
    return counts


def open_tasks_of(connection: sqlite3.Connection, key_result: str) -> Iterator[list[Row]]:
    """The open tasks that cite a key result, in pieces; they may leave the key result or be closed on the way."""
    names = COLUMNS["task"].names
    columns = ", ".join(quoted(name) for name in names)
    for status in OPEN:
        last = 0
        while True:
            # what was read is left behind by its number, so that a task that was changed does not come again
            found = connection.execute(
                f"SELECT {columns} FROM task WHERE key_result = ? AND status = ? "
                "AND done_on IS NULL AND number > ? ORDER BY number LIMIT ?",
                (key_result, status, last, _PIECE),
            ).fetchall()
            if not found:
                break
            rows = [dict(zip(names, row, strict=True)) for row in found]
            last = int(str(rows[-1]["number"]))
            yield rows


def retrospective_of(connection: sqlite3.Connection, cycle: str) -> dict[str, Any] | None:
    """What was written down about a cycle, its lists read."""
    found = rows_of(connection, "retrospective", "cycle = ?", (cycle,))
    if not found:
        return None
    row: dict[str, Any] = dict(found[0])
    for name in COLUMNS["retrospective"].json:
        row[name] = json.loads(str(row[name]))
    return row


def milestones_of(connection: sqlite3.Connection, key_result: str) -> list[Row]:
    """The milestones of a key result, in order."""
    return rows_of(connection, "milestone", "key_result = ?", (key_result,), "position")


def steps_of(connection: sqlite3.Connection, key_result: str) -> list[Row]:
    """The journey of a key result, from the goal on."""
    return rows_of(connection, "journey_step", "key_result = ?", (key_result,), "position")


def is_cited(connection: sqlite3.Connection, key_result: str) -> bool:
    """Whether any task cites a key result, or it was checked in."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM task WHERE key_result = ?) "
        "OR EXISTS (SELECT 1 FROM check_in WHERE key_result = ?)"
    )
    return bool(connection.execute(sql, (key_result, key_result)).fetchone()[0])


def closed_cycles(connection: sqlite3.Connection) -> list[Row]:
    """Every closed cycle."""
    return rows_of(connection, "cycle", "status = 'closed'", (), "starts_on")


def outside_their_cycle(connection: sqlite3.Connection) -> Sequence[tuple[str, str, str, str, str]]:
    """(key result, starts, due, first and last day of its cycle) of those whose days lie outside of it."""
    return connection.execute(
        "SELECT k.id, k.starts_on, k.due_on, c.starts_on, c.ends_on FROM key_result k "
        "JOIN objective o ON o.id = k.objective JOIN cycle c ON c.id = o.cycle "
        "WHERE k.starts_on < c.starts_on OR k.due_on > c.ends_on ORDER BY k.id"
    ).fetchall()
