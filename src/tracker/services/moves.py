"""How a task went through the states: also for work that was imported with its own history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows


@dataclass(frozen=True, slots=True)
class Move:
    """One change of status."""

    on: date
    from_status: str | None
    to_status: str
    actor: str | None


def moves(ws: Workspace, task: str) -> tuple[Move, ...]:
    """Every change of status of a task, the first one first; empty for an unknown task."""
    with ws.store.reading() as connection:
        found = strategy_rows.rows_of(connection, "task_event", "task = ?", (task,), "seq")
    return tuple(
        Move(
            on=date.fromisoformat(str(row["on_date"])),
            from_status=None if row["from_status"] is None else str(row["from_status"]),
            to_status=str(row["to_status"]),
            actor=None if row["actor"] is None else str(row["actor"]),
        )
        for row in found
    )
