"""Small reads that the rules about tasks ask for, inside the transaction that changes them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence


def has_active_strategy(connection: sqlite3.Connection) -> bool:
    """Whether there is an active strategy."""
    return connection.execute("SELECT 1 FROM strategy WHERE status = 'active'").fetchone() is not None


def contribution_required(connection: sqlite3.Connection) -> bool:
    """Whether the active strategy wants a contribution from `assigned` on."""
    found = connection.execute("SELECT contribution_required FROM strategy WHERE status = 'active'").fetchone()
    return bool(found and found[0])


def own_list(connection: sqlite3.Connection, column: str) -> list[str] | None:
    """The active strategy's own stages or media, None when it goes by the usual ones."""
    found = connection.execute("SELECT stages, media FROM strategy WHERE status = 'active'").fetchone()
    text = found and found[("stages", "media").index(column)]
    return [str(word) for word in json.loads(text)] if text else None


def ids_of(connection: sqlite3.Connection, table: str, limit: int = 40) -> list[str]:
    """The first ids of a table, for a message that says what there is."""
    return [row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY id LIMIT ?", (limit,))]


def cycle_began_before(connection: sqlite3.Connection, key_result: str, day: str) -> bool:
    """Whether the key result's cycle is active and began before a day."""
    found = connection.execute(
        "SELECT 1 FROM key_result k JOIN objective o ON o.id = k.objective JOIN cycle c ON c.id = o.cycle "
        "WHERE k.id = ? AND c.status = 'active' AND c.starts_on < ?",
        (key_result, day),
    ).fetchone()
    return found is not None


def awaited_by(connection: sqlite3.Connection, task: str, other: str | None) -> list[str]:
    """Tasks that a task waits for: all of them, or the one named."""
    found = connection.execute(
        "SELECT waits_for FROM task_dependency WHERE task = ? AND waits_for = coalesce(?, waits_for)", (task, other)
    )
    return [row[0] for row in found]


def freed_by(connection: sqlite3.Connection, task: str) -> list[str]:
    """Open tasks that wait for this one and now for nothing else that is open."""
    # the + keeps SQLite from walking all open tasks: the few that wait for this one come first
    found = connection.execute(
        "SELECT t.id FROM task_dependency d JOIN task t ON t.id = d.task WHERE d.waits_for = ? AND +t.is_open = 1 "
        "AND t.waits = 0 ORDER BY t.number",
        (task,),
    )
    return [row[0] for row in found]


def waits(connection: sqlite3.Connection, task: str) -> int:
    """How many open tasks a task waits for."""
    return int(connection.execute("SELECT waits FROM task WHERE id = ?", (task,)).fetchone()[0])


def also_served(connection: sqlite3.Connection, task: str) -> set[str]:
    """Further key results that a task helps."""
    return {row[0] for row in connection.execute("SELECT key_result FROM task_also_serves WHERE task = ?", (task,))}


def limits(connection: sqlite3.Connection) -> Sequence[tuple[str, str, int, str]]:
    """(scope, subject, max, mode) of every limit of started work."""
    return connection.execute("SELECT scope, subject, max, mode FROM wip_limit").fetchall()


def linked_connectors(connection: sqlite3.Connection, task: str) -> list[str]:
    """Connectors through which a task has a counterpart elsewhere."""
    found = connection.execute("SELECT connector FROM external_link WHERE task = ? ORDER BY connector", (task,))
    return [row[0] for row in found]
