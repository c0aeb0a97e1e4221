"""Where the board reads: between two frames while that is quick, beside the event loop when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from tests.tui.driving import press, running, settle, shown
from tests.tui.screens.board_driving import board
from textual.pilot import Pilot

from tracker.domain.errors import OutOfReach
from tracker.services.workspace import Workspace
from tracker.tui.data import DataThread
from tracker.tui.screens import board as module
from tracker.tui.screens.working import QUICK_SECONDS


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The jobs that the data thread is given."""
    jobs: list[object] = []
    submit = DataThread.submit

    def noted(self: DataThread, work: Any, done: Any, failed: Any) -> None:
        jobs.append(work)
        submit(self, work, done, failed)

    monkeypatch.setattr(DataThread, "submit", noted)
    return jobs


@contextmanager
def held_up(pilot: Pilot[Any]) -> Iterator[None]:
    """While the data thread has something else to do."""
    go_on = Event()
    pilot.app.data.submit(lambda: go_on.wait(10), lambda _: None, lambda _: None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        go_on.set()


async def test_a_quick_read_needs_no_other_thread(northlight: Workspace, submitted: list[object]) -> None:
    async with running(northlight) as pilot:
        submitted.clear()
        await pilot.press("4")
        assert submitted == []
        assert "filter: 4 " in shown(pilot)


async def test_after_a_slow_one_the_event_loop_stays_free(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        board(pilot)._read_took = QUICK_SECONDS * 2
        with held_up(pilot):
            await pilot.press("4")
            assert "filter: all" in shown(pilot), "it was read by the thread that has other things to do"
            await pilot.press("j")
        await settle(pilot)
        assert "filter: 4 " in shown(pilot)
        assert board(pilot)._read_took < QUICK_SECONDS * 2, "it is tried again when it was quick"


async def test_nothing_is_read_past_a_job_that_may_be_a_write(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        with held_up(pilot):
            await pilot.press("4")
            assert "filter: all" in shown(pilot)
        await settle(pilot)
        assert "filter: 4 " in shown(pilot)


async def test_a_read_that_would_have_to_wait_is_done_by_the_thread(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(northlight) as pilot:
        read, tried = module.read_board, list[int]()

        def refuse_once(*arguments: Any, **options: Any) -> Any:
            tried.append(1)
            if len(tried) == 1:
                raise OutOfReach("The database is locked by another program; try again.")
            return read(*arguments, **options)

        monkeypatch.setattr(module, "read_board", refuse_once)
        await press(pilot, "4")
        assert len(tried) == 2
        assert "filter: 4 " in shown(pilot)
