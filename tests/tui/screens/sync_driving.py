"""A workspace with a connection, a remote in memory, and a screen that is waited for until sync is at rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Event
from time import monotonic
from typing import Any, cast

import pytest
from tests.sync.pretend import STATUSES, Pretend
from tests.tui.driving import DEADLINE, settle
from textual.pilot import Pilot

from tracker import bootstrap
from tracker.domain.remote import Changes, RemoteTask, TaskWrite
from tracker.services import sync, tasks
from tracker.services.strategy import add_person
from tracker.services.sync import NewConnection
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.tui.app import TrackerApp
from tracker.tui.sync_runs import Job

PLACE = "Northlight marketing"


class Gated(Pretend):
    """Does nothing there until the gate is open; what it was doing is known then."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.reached = Event(), Event()
        self.closed = 0

    def create(self, task: TaskWrite, reference: str) -> RemoteTask:
        self._pass()
        return super().create(task, reference)

    def changes(self, cursor: str | None) -> Changes:
        self._pass()
        return super().changes(cursor)

    def _pass(self) -> None:
        self.reached.set()
        assert self.gate.wait(DEADLINE), "nobody opened the gate"

    def close(self) -> None:
        self.closed += 1


def connect(ws: Workspace, id: str = "asana", **more: Any) -> None:
    chosen: dict[str, Any] = {
        "people": {"mara": "u-mara"}, "statuses": STATUSES, "place": "1208", "place_name": PLACE, **more,
    }  # fmt: skip
    sync.connect(ws, NewConnection("asana", id=id, **chosen))


def add(ws: Workspace, title: str, **fields: Any) -> str:
    return tasks.add_task(ws, NewTask(title, "KR-01", **{"owner": "mara", **fields})).ids[0]


def run(ws: Workspace, there: Pretend) -> None:
    assert sync.run(ws, "asana", there, wait=lambda _: None).outcome == "done"


def in_dispute(ws: Workspace, there: Pretend) -> str:
    """A task whose title and due day were changed on both sides."""
    task = add(ws, "Write the page", due_on=date(2026, 10, 30))
    run(ws, there)
    there.edit(there.one(task).id, title="Write the long page", due_on=date(2026, 11, 3))
    tasks.edit_tasks(ws, [task], {"title": "Write the short page", "due_on": date(2026, 10, 28)})
    run(ws, there)
    return task


def unsettled(ws: Workspace, there: Pretend) -> None:
    """A conflict, a task that is gone there, one changed there in a way that has no word here, and Oskar unmatched."""
    add_person(ws, "Oskar Brandt")
    disputed = in_dispute(ws, there)
    gone, strange = add(ws, "Print the poster"), add(ws, "Call the printer")
    add(ws, "Record the webinar", owner="oskar")
    run(ws, there)
    there.delete(there.one(gone).id)
    there.edit(there.one(strange).id, status="s-paused")
    run(ws, there)
    assert disputed in {each.task for each in sync.conflicts(ws)}


@pytest.fixture
def open_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Gives the adapter that every connection is opened with, or the error that opening ends with."""

    def give(adapter: object) -> None:
        def opened(ws: Workspace, connection: str) -> object:
            if isinstance(adapter, Exception):
                raise adapter
            return adapter

        monkeypatch.setattr(bootstrap, "open_adapter", opened)

    return give


def job(pilot: Pilot[Any]) -> Job | None:
    """What is at work."""
    return cast(TrackerApp, pilot.app).syncing.job


async def at_rest(pilot: Pilot[Any]) -> None:
    """Until nothing of sync is at work, and that is shown."""
    await until(pilot, lambda: job(pilot) is None)
    await settle(pilot)


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Until something holds."""
    end = monotonic() + DEADLINE
    while not holds():
        assert monotonic() < end, "it never came to hold"
        await pilot.pause(0.005)
