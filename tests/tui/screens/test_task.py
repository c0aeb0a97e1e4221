"""A task in full, and the keys that change it from there."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from tests.tui.driving import front, press, running, settle, shown, type_in
from textual.pilot import Pilot

from tracker.services import board as reads
from tracker.services import tasks as service
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card
from tracker.tui.app import TrackerApp
from tracker.tui.screens.task import TaskScreen
from tracker.tui.screens.task_form import TaskFormScreen
from tracker.tui.widgets.text_view import TextView


async def opened(pilot: Pilot[Any], task: str, *, edit: bool = False) -> None:
    cast(TrackerApp, pilot.app).open_task(task, edit=edit)
    await settle(pilot)


def facts(pilot: Pilot[Any]) -> str:
    return pilot.app.screen.query_one("#facts", TextView).text


def story(pilot: Pilot[Any]) -> str:
    return pilot.app.screen.query_one("#story", TextView).text


def card(ws: Workspace, task: str) -> Card:
    return reads.cards(ws, [task])[0]


async def test_it_says_what_the_task_moves_and_how_that_stands(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await opened(pilot, "T-043")
        for words in (
            "4x White paper downloads", "70/300", "off track, confidence 3", "Become the name clinic owners recall",
            "Direct path to the form", "Ad account review pending", "doing since 06 Oct, 14 days in work",
            "Mon 12 Oct, 7 days late", "3-5 hours", "ongoing, paid on facebook", "changed there",
        ):  # fmt: skip
            assert words in facts(pilot), words


async def test_it_tells_messages_changes_and_moves(northlight: Workspace) -> None:
    service.set_due(northlight, ["T-043"], date(2026, 10, 30))
    async with running(northlight) as pilot:
        await opened(pilot, "T-043")
        assert "Wait two days, then move half." in story(pilot)
        assert "moved the due date from 2026-10-12 to 2026-10-30" in " ".join(story(pilot).split())
        assert "assigned > doing  tomas" in story(pilot)


async def test_what_it_waits_for_and_what_waits_for_it_is_named(northlight: Workspace) -> None:
    service.wait_for(northlight, ["T-034"], "T-033")
    async with running(northlight) as pilot:
        await opened(pilot, "T-034")
        assert "WAITS FOR" in facts(pilot)
        assert "Webinar rehearsal and sound check (backlog)" in facts(pilot)
        await press(pilot, "escape")
        await opened(pilot, "T-033")
        assert "IS WAITED FOR BY" in facts(pilot)


async def test_every_key_of_the_board_that_changes_a_task_works_here(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await opened(pilot, "T-032")
        await press(pilot, ">")
        assert card(northlight, "T-032").status == "doing"
        await press(pilot, "<", "a", "p", "r")
        assert (card(northlight, "T-032").status, card(northlight, "T-032").owner) == ("assigned", "priya")
        await press(pilot, "d")
        await type_in(pilot, "fri", "enter")
        assert card(northlight, "T-032").due_on == date(2026, 10, 23)
        await press(pilot, "K", "1")
        assert card(northlight, "T-032").key_result == "KR-05"
        await press(pilot, "b")
        await type_in(pilot, "no room", "enter")
        assert card(northlight, "T-032").blocked_reason == "no room"
        await press(pilot, "M")
        await type_in(pilot, "please read", "enter")
        assert "please read" in story(pilot)
        await press(pilot, "w")
        await type_in(pilot, "33", "enter")
        assert card(northlight, "T-032").waits == 1
        await press(pilot, "x")
        await type_in(pilot, "no use", "enter")
        assert card(northlight, "T-032").status == "cancelled"
        assert "CANCELLED" in facts(pilot)
        await press(pilot, "u")
        assert card(northlight, "T-032").status == "assigned"


async def test_keys_scroll_and_tab_changes_the_side(northlight: Workspace) -> None:
    for number in range(40):
        service.comment(northlight, "T-043", f"message {number}")
    async with running(northlight) as pilot:
        await opened(pilot, "T-043")
        await press(pilot, "tab", "G")
        assert "made > backlog" in shown(pilot)
        await press(pilot, "g", "j", "pagedown", "pageup", "k")
        assert "message 39" in shown(pilot)


async def test_a_narrow_terminal_shows_all_of_it_below_each_other(northlight: Workspace) -> None:
    async with running(northlight, (80, 24)) as pilot:
        await opened(pilot, "T-043")
        assert "Wait two days, then move half." in facts(pilot)
        assert not pilot.app.screen.query_one("#story").display


async def test_e_opens_the_form_and_escape_goes_back_step_by_step(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await opened(pilot, "T-043")
        await press(pilot, "e")
        assert front(pilot) is TaskFormScreen
        await press(pilot, "escape")
        assert front(pilot) is TaskScreen
        await press(pilot, "escape")
        assert front(pilot) is not TaskScreen


async def test_a_task_that_is_gone_is_told_and_not_a_crash(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await opened(pilot, "T-999")
        assert "There is no task T-999" in shown(pilot)


async def test_hostile_text_is_drawn_as_text(begun: Workspace) -> None:
    from tracker.services.tasks import NewTask

    service.add_task(begun, NewTask("[red]a[/red] 戦略 🦄", "KR-01", notes="x" * 90_000, contribution="[b]why[/b]"))
    async with running(begun, (80, 24)) as pilot:
        await opened(pilot, "T-001")
        assert "[red]a[/red] 戦略 🦄" in shown(pilot)
        assert "[b]why[/b]" in facts(pilot)
        assert "characters more" in facts(pilot)
