"""A database and a remote in memory, and what tests of the engine do with the two."""

from __future__ import annotations

from collections.abc import Mapping

from tests.sync.pretend import STATUSES, Pretend

from tracker.services import sync, tasks
from tracker.services.sync import NewConnection, SyncReport
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import sync_rows


def connect(ws: Workspace, **more: object) -> None:
    """Connect to the remote in memory; mara is somebody there."""
    people = more.pop("people", {"mara": "u-mara"})
    assert isinstance(people, Mapping)
    sync.connect(ws, NewConnection("pretend", "p", people=people, statuses=STATUSES, **more))  # type: ignore[arg-type]


def run(ws: Workspace, there: Pretend, **more: object) -> SyncReport:
    """A run that waits for nothing."""
    return sync.run(ws, "pretend", there, wait=lambda _: None, **more)  # type: ignore[arg-type]


def add(ws: Workspace, title: str = "Write the page", **fields: object) -> str:
    """Assigned work; its id."""
    new = NewTask(title, "KR-01", **{"owner": "mara", "contribution": "brings calls", **fields})  # type: ignore[arg-type]
    return tasks.add_task(ws, new).ids[0]


def row(ws: Workspace, task: str) -> sync_rows.LocalTask:
    """A task as it stands here, with its link."""
    with ws.store.reading() as connection:
        found = sync_rows.task_of(connection, "pretend", task)
    assert found is not None
    return found


def state(ws: Workspace, task: str) -> str:
    """The state of its link."""
    link = row(ws, task).link
    assert link is not None
    return link.state
