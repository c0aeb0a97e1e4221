"""The history: who changed what and when, newest first."""

from __future__ import annotations

from datetime import date

from tests.tui.driving import front, press, running, shown

from tracker.services import tasks as service
from tracker.services.workspace import Workspace
from tracker.tui.screens.history import HistoryScreen
from tracker.tui.screens.task import TaskScreen
from tracker.tui.widgets.text_view import TextView


async def test_the_newest_change_stands_first_and_opens_its_task(northlight: Workspace) -> None:
    service.set_due(northlight, ["T-043"], date(2026, 10, 30))
    service.assign_tasks(northlight.acting_as("jonas"), ["T-033", "T-034"], "lena")
    async with running(northlight, place="history") as pilot:
        lines = pilot.app.screen.query_one(TextView).text.splitlines()
        assert "jonas  assign to lena: 2 tasks" in lines[1]
        assert "T-033: gave it to lena" in "\n".join(lines)
        assert any("T-043: moved the due date from 2026-10-12 to 2026-10-30" in line for line in lines)
        await press(pilot, "enter")
        assert "That changed no single task" in shown(pilot)
        await press(pilot, "j", "enter")
        assert front(pilot) is TaskScreen


async def test_a_key_of_the_board_opens_it(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "Z")
        assert front(pilot) is HistoryScreen


async def test_undo_adds_to_it_and_escape_leaves(northlight: Workspace) -> None:
    service.set_due(northlight, ["T-043"], date(2026, 10, 30))
    async with running(northlight, (80, 24), place="history") as pilot:
        await press(pilot, "u")
        assert "undo due 2026-10-30" in pilot.app.screen.query_one(TextView).text
        await press(pilot, "escape")
        assert front(pilot) is not HistoryScreen


async def test_an_empty_history_says_so(empty: Workspace) -> None:
    from tracker.tui.widgets.history import history_rows

    assert "nothing was changed yet" in history_rows((), 80)[1].line[0][0]
