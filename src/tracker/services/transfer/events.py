"""The status history of a task that came without one, made from its days."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.domain.tasks import Status
from tracker.storage.writes import Row

_DAYS = (
    (Status.ASSIGNED, "assigned_on"),
    (Status.DOING, "started_on"),
    (Status.REVIEW, "review_on"),
    (Status.DONE, "done_on"),
    (Status.CANCELLED, "cancelled_on"),
)


def events_of(task: Mapping[str, object], actor: str) -> list[Row]:
    """One event for each state that the task has a day for, from the backlog to where it stands."""
    day = task["created_on"]
    path: list[tuple[str, object]] = [(Status.BACKLOG.value, day)]
    for status, column in _DAYS:
        reached = task[column]
        if reached is not None and (status is not Status.CANCELLED or task["status"] == status):
            path.append((status.value, reached))
            day = reached
    if path[-1][0] != task["status"]:
        path.append((str(task["status"]), day))
    before: str | None = None
    events: list[Row] = []
    for seq, (status_now, on_date) in enumerate(path):
        events.append({
            "task": task["id"], "seq": seq, "on_date": on_date, "from_status": before, "to_status": status_now,
            "actor": actor,
        })
        before = status_now
    return events
