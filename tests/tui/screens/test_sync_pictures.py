"""The sync screen in three terminals, as a picture that is compared."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.sync.pretend import Pretend
from tests.tui.driving import DEADLINE
from tests.tui.screens.sync_driving import Gated, add, at_rest, connect, open_with, run, unsettled
from tests.tui.screens.test_pictures import looks_as_before, place, sizes
from textual.pilot import Pilot

from tracker.services import tasks
from tracker.services.workspace import Workspace

__all__ = ["open_with"]
Give = Callable[[object], None]


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Moments of runs are shown in local time."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def there(begun: Workspace, open_with: Give) -> Pretend:
    remote = Pretend()
    connect(begun)
    unsettled(begun, remote)
    open_with(remote)
    return remote


@sizes
def test_sync_to_settle(snap_compare: Any, begun: Workspace, there: Pretend, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, begun, size, place("sync", "j"))


@sizes
def test_sync_plan(snap_compare: Any, begun: Workspace, there: Pretend, size: tuple[int, int]) -> None:
    edited = add(begun, "Book the hall")
    run(begun, there)
    tasks.edit_tasks(begun, [edited], {"priority": "high"})
    there.make("Somebody else's")
    add(begun, "Invite the speakers")

    async def prepare(pilot: Pilot[Any]) -> None:
        await place("sync", "p")(pilot)
        await at_rest(pilot)

    assert looks_as_before(snap_compare, begun, size, prepare)


@sizes
def test_sync_log(snap_compare: Any, begun: Workspace, there: Pretend, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, begun, size, place("sync", "l"))


@sizes
def test_sync_without_connection(snap_compare: Any, begun: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, begun, size, place("sync"))


def test_sync_at_work(snap_compare: Any, begun: Workspace, open_with: Give) -> None:
    connect(begun)
    add(begun, "Book the hall")
    slow = Gated()
    open_with(slow)

    async def prepare(pilot: Pilot[Any]) -> None:
        await place("sync", "r")(pilot)
        assert slow.reached.wait(10)
        await pilot.pause()

    try:
        assert looks_as_before(snap_compare, begun, (120, 36), prepare)
    finally:
        slow.gate.set()
        for thread in threading.enumerate():  # the screen is left while it runs: it must not write into what is closed
            if thread.name == "tracker-sync":
                thread.join(DEADLINE)


def test_sync_in_light(snap_compare: Any, begun: Workspace, there: Pretend) -> None:
    assert looks_as_before(snap_compare, begun, (120, 36), place("sync", "j", "ctrl+t"))


def test_sync_without_colour(
    snap_compare: Any, begun: Workspace, there: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, begun, (120, 36), place("sync", "j"))
