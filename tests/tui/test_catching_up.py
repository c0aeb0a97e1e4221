"""The board follows what somebody else writes, from the moment it was read, and leaves the cursor on its task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from tests.tui.driving import DEADLINE, press, running, settle, shown
from textual.pilot import Pilot

from tracker.services import tasks as service
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.tui import edits
from tracker.tui.app import TrackerApp, read_first
from tracker.tui.edits import Change
from tracker.tui.messages import Written
from tracker.tui.screens.triage import TriageScreen


async def test_a_commit_between_the_first_read_and_the_first_look_is_seen(
    northlight: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    other = open_copy(northlight_file, "jonas")
    app = TrackerApp(northlight, read_first(northlight))
    service.step_tasks(other, ["T-042"], 1)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await settle(pilot)
        assert "REVIEW 5/3 OVER" in shown(pilot)


async def test_the_figures_of_the_header_follow_what_somebody_else_does(
    northlight: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    other = open_copy(northlight_file, "jonas")
    async with running(northlight) as pilot:
        assert "FORECAST 6 of 28 open done" in shown(pilot)
        service.cancel_tasks(other, ["T-047"], "nobody asked for it")
        await until(pilot, "of 27 open done")


async def test_the_cursor_stays_with_its_task_when_somebody_else_moves_the_cards(
    northlight: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    other = open_copy(northlight_file, "jonas")
    async with running(northlight) as pilot:
        await press(pilot, "j", "j")
        assert "▌Welcome sequence 4 of 5" in shown(pilot)
        service.step_tasks(other, ["T-043"], 1)
        await until(pilot, "REVIEW 5/3 OVER")
        assert "▌Welcome sequence 4 of 5" in shown(pilot)
        service.set_due(other, ["T-027"], date(2026, 12, 24))
        await until(pilot, "due 24 Dec")
        assert "▌Welcome sequence 4 of 5" in shown(pilot)


@pytest.mark.parametrize("is_late", [False, True])
async def test_what_follows_a_change_follows_on_the_picture_after_it(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    order: list[str] = []
    async with running(northlight) as pilot:
        await press(pilot, "T")
        screen = pilot.app.screen
        assert isinstance(screen, TriageScreen)
        show = screen.show_picture
        monkeypatch.setattr(screen, "show_picture", lambda picture: (order.append("picture"), show(picture)))
        monkeypatch.setattr(screen, "after_change", lambda *_: order.append("what follows"))
        turn, outcome = screen._turn, Outcome(None, "nothing", ())
        picture = None if is_late else screen.reader()()
        screen.change_came(Written(Change(edits.nothing), outcome, turn, picture))
        await settle(pilot)
    assert order == ["picture", "what follows"]


async def until(pilot: Pilot[Any], words: str) -> None:
    """Wait for words that come by themselves."""
    end = monotonic() + DEADLINE
    while words not in shown(pilot):
        assert monotonic() < end, shown(pilot)
        await pilot.pause(0.02)
    await settle(pilot)
