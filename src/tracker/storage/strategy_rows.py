"""Reads around the strategy: few rows, whatever the number of tasks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date

from tracker.storage.columns import COLUMNS, quoted

Row = dict[str, object]


def rows_of(
    connection: sqlite3.Connection, table: str, condition: str = "1", values: Iterable[object] = (), order: str = "1"
) -> list[Row]:
    """Rows of a small table by column name; `condition` and `order` are SQL of this package, values are bound."""
    names = COLUMNS[table].names
    sql = (
        f"SELECT {', '.join(quoted(name) for name in names)} FROM {quoted(table)} "
        f"WHERE {condition} ORDER BY {order}"
    )
    return [dict(zip(names, row, strict=True)) for row in connection.execute(sql, tuple(values))]


def active_strategy(connection: sqlite3.Connection) -> Row | None:
    """The active strategy, with the names of its channels under `channels`."""
    return _strategy(connection, "status = 'active'", ())


def strategy_of(connection: sqlite3.Connection, strategy: str) -> Row | None:
    """A strategy by its id, active or not, read the same way."""
    return _strategy(connection, "id = ?", (strategy,))


def _strategy(connection: sqlite3.Connection, condition: str, values: tuple[str, ...]) -> Row | None:
    found = rows_of(connection, "strategy", condition, values)
    if not found:
        return None
    strategy = found[0]
    strategy["channels"] = tuple(
        row[0]
        for row in connection.execute(
            "SELECT channel FROM strategy_channel WHERE strategy = ? ORDER BY position, channel", (strategy["id"],)
        )
    )
    return strategy


def running_cycle(connection: sqlite3.Connection, strategy: str) -> Row | None:
    """The strategy's active or grading cycle."""
    found = rows_of(connection, "cycle", "strategy = ? AND status IN ('active','grading')", (strategy,))
    return found[0] if found else None


def objectives_of(connection: sqlite3.Connection, cycle: str) -> list[Row]:
    """The objectives of a cycle that were not dropped, in order of their ids."""
    return rows_of(connection, "objective", "cycle = ? AND status <> 'dropped'", (cycle,), "length(id), id")


def key_results_of(connection: sqlite3.Connection, objectives: Iterable[str]) -> list[Row]:
    """The key results of some objectives that were not dropped, in order of their ids."""
    wanted = tuple(objectives)
    marks = ", ".join("?" * len(wanted))
    return rows_of(
        connection, "key_result", f"objective IN ({marks}) AND status <> 'dropped'", wanted, "length(id), id"
    )


def check_ins_of(connection: sqlite3.Connection, key_results: Iterable[str]) -> list[Row]:
    """The check-ins of some key results, oldest first."""
    wanted = tuple(key_results)
    marks = ", ".join("?" * len(wanted))
    return rows_of(connection, "check_in", f"key_result IN ({marks})", wanted, "key_result, on_date")


def planned_points_of(connection: sqlite3.Connection, key_results: Iterable[str]) -> list[Row]:
    """The planned points of some key results, oldest first."""
    wanted = tuple(key_results)
    marks = ", ".join("?" * len(wanted))
    return rows_of(connection, "planned_point", f"key_result IN ({marks})", wanted, "key_result, on_date")


def first_targets(connection: sqlite3.Connection, key_results: Iterable[str]) -> dict[str, str]:
    """The target that each key result was first active with, of those whose target was changed while they were."""
    wanted = tuple(key_results)
    marks = ", ".join("?" * len(wanted))
    found: dict[str, str] = {}
    drafts: set[str] = set()
    sql = (
        f"SELECT id, field, old, new FROM change WHERE entity = 'key_result' AND id IN ({marks}) "
        "AND field IN ('target','status') AND old IS NOT NULL ORDER BY batch DESC, seq DESC"
    )
    # back in time: what was changed before it became active is nobody's promise
    for key_result, field, old, _ in connection.execute(sql, wanted):
        if field == "status" and old == '"draft"':
            drafts.add(key_result)
        elif field == "target" and key_result not in drafts:
            found[key_result] = old.strip('"')
    return found


def money(connection: sqlite3.Connection, strategy: str, key_results: Iterable[str]) -> tuple[int, int]:
    """Spent and planned minor units of a strategy's and its key results' budget lines."""
    wanted = tuple(key_results)
    marks = ", ".join("?" * len(wanted))
    spent, planned = connection.execute(
        "SELECT coalesce(sum(spent_minor), 0), coalesce(sum(planned_minor), 0) FROM budget_line "
        f"WHERE strategy = ? OR key_result IN ({marks})",
        (strategy, *wanted),
    ).fetchone()
    return spent, planned


def done_by_day(connection: sqlite3.Connection, first: date, last: date) -> dict[date, int]:
    """How many tasks were done on each day of a span."""
    rows = connection.execute(
        "SELECT done_on, sum(tasks) FROM done_tally WHERE done_on BETWEEN ? AND ? GROUP BY done_on",
        (first.isoformat(), last.isoformat()),
    )
    return {date.fromisoformat(day): n for day, n in rows if n}


def cycle_times(connection: sqlite3.Connection, first: date, last: date) -> dict[int, int]:
    """Cycle time in days to number of tasks, for the tasks done in a span."""
    rows = connection.execute(
        "SELECT cycle_days, sum(tasks) FROM done_tally WHERE done_on BETWEEN ? AND ? GROUP BY cycle_days",
        (first.isoformat(), last.isoformat()),
    )
    return {days: n for days, n in rows if n}


def open_tasks(connection: sqlite3.Connection) -> int:
    """How many tasks are open."""
    found = connection.execute(
        "SELECT coalesce(sum(tasks), 0) FROM status_tally WHERE scope = 'all' AND subject = '' "
        "AND status IN ('backlog','assigned','doing','review')"
    ).fetchone()
    return int(found[0])


def next_id(connection: sqlite3.Connection, table: str, prefix: str, width: int) -> str:
    """The next readable id of a small table: one above the highest number ever given there."""
    highest = connection.execute(
        f"SELECT max(CAST(substr(id, ?) AS INTEGER)) FROM {quoted(table)} WHERE id GLOB ?",
        (len(prefix) + 1, f"{prefix}[0-9]*"),
    ).fetchone()[0]
    removed = connection.execute(
        "SELECT max(CAST(substr(id, ?) AS INTEGER)) FROM change WHERE entity = ? AND field = '*' AND id GLOB ?",
        (len(prefix) + 1, table, f"{prefix}[0-9]*"),
    ).fetchone()[0]
    return f"{prefix}{max(highest or 0, removed or 0) + 1:0{width}d}"


def next_task_number(connection: sqlite3.Connection) -> int:
    """One above the highest task number ever given; an undone task's number is not used again."""
    return int(
        connection.execute(
            "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'task'), 0), "
            "coalesce((SELECT max(number) FROM task), 0)) + 1"
        ).fetchone()[0]
    )


def task_id(connection: sqlite3.Connection, number: int) -> str | None:
    """The id of the task with a number."""
    found = connection.execute("SELECT id FROM task WHERE number = ?", (number,)).fetchone()
    return str(found[0]) if found else None
