"""Reads and bulk changes of plans made backward: the steps of a key result, and the tasks that stand on them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from tracker.storage.strategy_rows import Row, rows_of
from tracker.storage.writes import Transaction

_MOST_SUBJECT = chr(ord("|") + 1)
"""Sorts behind the bar that divides key result and step in the subject of a count."""


def steps_of(connection: sqlite3.Connection, key_result: str) -> list[Row]:
    """The steps of a key result's plan, from the goal down."""
    return rows_of(connection, "journey_step", "key_result = ?", (key_result,), "position")


def key_results_of_cycle(connection: sqlite3.Connection, cycle: str) -> list[str]:
    """Every key result of a cycle, dropped ones too, in the order of the header."""
    rows = connection.execute(
        "SELECT k.id FROM objective o JOIN key_result k ON k.objective = o.id WHERE o.cycle = ? "
        "ORDER BY length(o.id), o.id, length(k.id), k.id",
        (cycle,),
    )
    return [row[0] for row in rows]


def links_of(connection: sqlite3.Connection, key_results: Iterable[str]) -> dict[str, set[str]]:
    """Those of the key results that have a plan, in the given order, each with the key results that count its steps.

    What was dropped, itself or its objective, has no plan any more.
    """
    found: dict[str, set[str]] = {}
    for key_result in key_results:
        rows = connection.execute(
            "SELECT s.linked_key_result FROM journey_step s JOIN key_result k ON k.id = s.key_result "
            "JOIN objective o ON o.id = k.objective "
            "WHERE s.key_result = ? AND k.status <> 'dropped' AND o.status <> 'dropped'",
            (key_result,),
        )
        links = [row[0] for row in rows]
        if links:
            found[key_result] = {link for link in links if link is not None}
    return found


def cycle_of(connection: sqlite3.Connection, key_result: str) -> Row | None:
    """The cycle in which a key result runs."""
    found = rows_of(
        connection, "cycle",
        "id = (SELECT o.cycle FROM key_result k JOIN objective o ON o.id = k.objective WHERE k.id = ?)", (key_result,),
    )
    return found[0] if found else None


def newest_waiting(connection: sqlite3.Connection, table: str, most: int) -> list[Row]:
    """Those of the newest ideas or arrivals that wait, newest first; looks at so many rows, however many there are."""
    return rows_of(
        connection, table, f"rowid > (SELECT max(rowid) FROM {table}) - ? AND outcome IS NULL",
        (most,), "rowid DESC",
    )


def tasks_by_step(connection: sqlite3.Connection, key_results: Iterable[str]) -> dict[int, dict[str, int]]:
    """How many tasks of some key results stand on each step, by status; from the counts that triggers keep."""
    found: dict[int, dict[str, int]] = {}
    for key_result in key_results:
        rows = connection.execute(
            "SELECT substr(subject, ?), status, tasks FROM status_tally "
            "WHERE scope = 'step' AND subject >= ? AND subject < ? AND tasks > 0",
            (len(key_result) + 2, f"{key_result}|", f"{key_result}{_MOST_SUBJECT}"),
        )
        for step, status, tasks in rows:
            if step.isdigit():  # an id with a bar of its own is another key result's
                statuses = found.setdefault(int(step), {})
                statuses[status] = statuses.get(status, 0) + tasks
    return found


def undated_on_step(connection: sqlite3.Connection, key_results: Iterable[str], step: int, most: int) -> list[str]:
    """Open tasks on a step that have no due date, oldest first, at most so many."""
    found: list[str] = []
    for key_result in key_results:
        rows = connection.execute(
            "SELECT id FROM task INDEXED BY task_step WHERE key_result = ? AND journey_step = ? AND is_open = 1 "
            "AND due_on IS NULL ORDER BY number LIMIT ?",
            (key_result, step, most - len(found)),
        )
        found += [row[0] for row in rows]
    return found


def newest_on_step(connection: sqlite3.Connection, key_results: Iterable[str], step: int, most: int) -> list[str]:
    """Tasks on a step in whatever status, the newest of each key result first, at most so many of each."""
    found: list[str] = []
    for key_result in key_results:
        rows = connection.execute(
            "SELECT id FROM task INDEXED BY task_step WHERE key_result = ? AND journey_step = ? "
            "ORDER BY number DESC LIMIT ?",
            (key_result, step, most),
        )
        found += [row[0] for row in rows]
    return found


def move_tasks(tx: Transaction, key_results: Sequence[str], first: int, last: int, by: int | None) -> int:
    """Let the tasks on the steps `first` to `last` stand `by` steps lower, or (None) on no step; how many there were.

    One statement for each key result, whatever the number of tasks; each task's change is recorded.
    """
    moved = 0
    for key_result in key_results:
        where = "key_result = ? AND journey_step BETWEEN ? AND ?"
        rows = tx.execute(
            f"SELECT id, journey_step FROM task INDEXED BY task_step WHERE {where}", (key_result, first, last)
        )
        moved += tx.record_changed(
            "task", "journey_step", ((task, step, None if by is None else step + by) for task, step in rows)
        )
        new = "NULL" if by is None else f"journey_step + {by:d}"
        tx.execute(f"UPDATE task INDEXED BY task_step SET journey_step = {new} WHERE {where}",
                   (key_result, first, last))
    return moved
