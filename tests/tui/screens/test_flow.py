"""The flow screen: every key, every size, and what it says when there is nothing to say it from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.tui.driving import front, press, running, settle, shown, type_in
from textual.pilot import Pilot

from tracker.clock import stopped_clock
from tracker.services import tasks
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.tui.screens.board import BoardScreen
from tracker.tui.screens.flow import FlowScreen, WhatIf, read_what_if
from tracker.tui.screens.task import TaskScreen
from tracker.tui.widgets.flow import AgeingRows

TODAY = date(2026, 10, 19)
SMALL = (80, 24)
HEADINGS = {"1": "CUMULATIVE FLOW", "2": "CYCLE TIME", "3": "AGEING WORK", "4": "FORECAST"}
FINISHING = "6 of 28 by 31 Oct at 85% (9 at 50%); from 30 days, 24 done"


def panels(pilot: Pilot[Any]) -> list[str]:
    """The numbers of the panels that are shown."""
    text = shown(pilot)
    return [number for number, title in HEADINGS.items() if f" {number} {title} " in text]


def task_at(pilot: Pilot[Any]) -> str:
    card = pilot.app.screen.query_one(AgeingRows).current
    return "" if card is None else card.id


# -- what is shown


async def test_the_board_opens_it_with_a_key_and_escape_leads_back(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "F")
        assert front(pilot) is FlowScreen
        await press(pilot, "escape")
        assert front(pilot) is BoardScreen


@pytest.mark.parametrize("size", [(120, 36), (200, 50)])
async def test_a_large_terminal_shows_all_four(northlight: Workspace, size: tuple[int, int]) -> None:
    async with running(northlight, size, place="flow") as pilot:
        assert panels(pilot) == ["1", "2", "3", "4"]
        text = shown(pilot)
        for words in (
            "28 open, 20 done since 1 Oct", "done 20", "backlog 6", "85% finish within 7 days", "85% 7d", "95% 10d",
            "13 in work, 7 for longer than 7 days", FINISHING, "under 0.1% that all 28 are done by 31 Oct",
            "THROUGHPUT by day   20 done in 19 days",
        ):  # fmt: skip
            assert words in text, words


async def test_the_forecast_has_its_table(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        lines = [line.split("   ", 1)[-1] for line in shown(pilot).splitlines()]
        table = "\n".join(" ".join(line.split()) for line in lines)
        assert "50% 70% 85% 95%" in table
        assert "by 31 Oct 9 7 6 4" in table
        assert "all 28 23 Nov 28 Nov 2 Dec 9 Dec" in table


async def test_a_small_terminal_shows_one_and_the_figures(northlight: Workspace) -> None:
    async with running(northlight, SMALL, place="flow") as pilot:
        assert panels(pilot) == ["1"]
        text = shown(pilot)
        assert FINISHING in text
        assert "13 in work, 7 for longer than 7 days; 85% finish within 7 days" in text


async def test_ageing_work_is_marked_against_the_expectation_and_recurring_work_is_not(northlight: Workspace) -> None:
    async with running(northlight, SMALL, place="flow") as pilot:
        await press(pilot, "3")
        rows = {line.split()[0].lstrip(">"): line for line in shown(pilot).splitlines() if "T-0" in line[:4]}
        assert "14d !" in rows["T-043"]
        assert "15d r" in rows["T-062"]
        assert "!" not in rows["T-042"]


# -- keys


async def test_digits_choose_a_panel_in_a_small_terminal(northlight: Workspace) -> None:
    async with running(northlight, SMALL, place="flow") as pilot:
        for number in ("2", "3", "4", "1", "1"):
            await press(pilot, number)
            assert panels(pilot) == [number]


async def test_digits_choose_one_alone_and_give_all_back_in_a_large_one(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        await press(pilot, "2")
        assert panels(pilot) == ["2"]
        await press(pilot, "4")
        assert panels(pilot) == ["4"]
        await press(pilot, "4")
        assert panels(pilot) == ["1", "2", "3", "4"]


async def test_tab_goes_round(northlight: Workspace) -> None:
    async with running(northlight, SMALL, place="flow") as pilot:
        for key, number in (("tab", "2"), ("tab", "3"), ("tab", "4"), ("tab", "1"), ("shift+tab", "4")):
            await press(pilot, key)
            assert panels(pilot) == [number]
    async with running(northlight, place="flow") as pilot:
        await press(pilot, "tab")
        assert panels(pilot) == ["1"]
        await press(pilot, "shift+tab")
        assert panels(pilot) == ["1", "2", "3", "4"]
        await press(pilot, "shift+tab")
        assert panels(pilot) == ["4"]


async def test_brackets_show_fewer_and_more_days_and_zero_the_cycle(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        for key, words in (
            ("]", "the last 30 days"), ("]", "the last 60 days"), ("[", "the last 30 days"), ("[", "the last 14 days"),
            ("[", "the last 7 days"), ("[", "the last 7 days"), ("0", "October 2026, 1 Oct to 19 Oct"),
        ):  # fmt: skip
            await press(pilot, key)
            assert f"FLOW  {words}" in shown(pilot), key
        await press(pilot, "]", "]")
        assert "THROUGHPUT by week" in shown(pilot)
        await press(pilot, *"]]]]]]")
        assert "FLOW  the last 365 days" in shown(pilot)


async def test_keys_go_through_ageing_work(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        for key, task in (
            ("j", "T-043"), ("down", "T-026"), ("k", "T-043"), ("up", "T-062"), ("up", "T-062"),
            ("dollar_sign", "T-054"), ("j", "T-054"), ("g", "T-062"), ("end", "T-054"), ("home", "T-062"),
            ("pagedown", "T-054"), ("pageup", "T-062"),
        ):  # fmt: skip
            await press(pilot, key)
            assert task_at(pilot) == task, key


async def test_in_a_small_terminal_they_bring_the_list_in_front_first(northlight: Workspace) -> None:
    async with running(northlight, SMALL, place="flow") as pilot:
        await press(pilot, "j")
        assert (panels(pilot), task_at(pilot)) == (["3"], "T-062")
        await press(pilot, "j")
        assert task_at(pilot) == "T-043"


async def test_enter_opens_the_task_and_escape_comes_back_to_it(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        await press(pilot, "j", "enter")
        assert front(pilot) is TaskScreen
        assert "T-043" in shown(pilot)
        await press(pilot, "escape")
        assert (front(pilot), task_at(pilot)) == (FlowScreen, "T-043")


async def test_what_if_answers_while_it_is_typed_and_stays_until_escape(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        await press(pilot, "w")
        assert "20 by 15 nov" in shown(pilot)
        await type_in(pilot, "9")
        assert "59.1% that 9 are done by 31 Oct" in shown(pilot)
        await press(pilot, "enter")
        assert "what if  59.1% that 9 are done by 31 Oct" in shown(pilot)
        await press(pilot, "escape")
        assert front(pilot) is FlowScreen
        assert "59.1%" not in shown(pilot)
        await press(pilot, "escape")
        assert front(pilot) is BoardScreen


async def test_what_if_takes_a_day_or_both_and_brings_the_forecast_in_front(northlight: Workspace) -> None:
    async with running(northlight, SMALL, place="flow") as pilot:
        await press(pilot, "w")
        await type_in(pilot, "28 nov", "enter")
        assert panels(pilot) == ["4"]
        assert "73.3% that all 28 are done by 28 Nov" in shown(pilot)
        await press(pilot, "w")
        await type_in(pilot, "20 by 15 nov", "enter")
        assert "that 20 are done by 15 Nov" in shown(pilot)


async def test_a_what_if_that_is_none_is_told_and_can_be_mended(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        await press(pilot, "w")
        await type_in(pilot, "soon", "enter")
        assert "'soon' is not a day" in shown(pilot)
        await press(pilot, "escape", "w")
        await type_in(pilot, "2026-10-01", "enter")
        assert "2026-10-01 is over; say a day to come" in shown(pilot)
        await press(pilot, "w", "escape")
        assert front(pilot) is FlowScreen


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("20", WhatIf(20, None)),
        (" 15 nov ", WhatIf(None, date(2026, 11, 15))),
        ("by fri", WhatIf(None, date(2026, 10, 23))),
        ("20 by 15 nov", WhatIf(20, date(2026, 11, 15))),
        ("20 BY +2w", WhatIf(20, date(2026, 11, 2))),
        ("2026-12-24", WhatIf(None, date(2026, 12, 24))),
    ],
)
def test_a_what_if_is_a_number_a_day_or_both(text: str, wanted: WhatIf) -> None:
    assert read_what_if(text, TODAY) == wanted


async def test_the_header_folds_and_help_lists_the_keys(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        await press(pilot, "H")
        assert "WHO Owner-managers" in shown(pilot)
        await press(pilot, "question_mark")
        assert "fewer tasks or a later day" in shown(pilot)


async def test_a_terminal_that_grows_shows_more(northlight: Workspace) -> None:
    async with running(northlight, SMALL, place="flow") as pilot:
        await pilot.resize_terminal(120, 36)
        await settle(pilot)
        assert panels(pilot) == ["1", "2", "3", "4"]
        await pilot.resize_terminal(60, 15)
        await settle(pilot)
        assert panels(pilot) == ["1"]


async def test_somebody_elses_change_is_seen(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        tasks.move_tasks(northlight, ["T-043"], "done")
        pilot.app.screen.store_changed()  # type: ignore[attr-defined]
        await settle(pilot)
        text = shown(pilot)
        assert "12 in work, 6 for longer than 7 days" in text
        assert "done 21" in text


async def test_a_long_list_is_read_as_the_cursor_comes_near(northlight: Workspace) -> None:
    for number in range(120):
        task = tasks.add_task(northlight, NewTask(f"More {number}", "KR-05", owner="mara")).ids[0]
        tasks.move_tasks(northlight, [task], "doing")
    async with running(northlight, place="flow") as pilot:
        await press(pilot, "end")
        rows = pilot.app.screen.query_one(AgeingRows)
        assert (rows.window.total, rows.window.cursor) == (133, 132)
        assert rows.current is not None
        assert rows.current.title == "More 119"
        assert len(rows.window.cards) < 60


async def test_the_mouse_chooses_panels_and_tasks(northlight: Workspace) -> None:
    async with running(northlight, place="flow") as pilot:
        rows = pilot.app.screen.query_one(AgeingRows)
        await pilot.click(rows, offset=(5, 3))
        await settle(pilot)
        assert task_at(pilot) == "T-026"
        await pilot.click(rows, offset=(5, 3), times=2)
        await settle(pilot)
        assert front(pilot) is TaskScreen
        await press(pilot, "escape")
        await pilot.click("#panel2", offset=(4, 0))
        await settle(pilot)
        assert panels(pilot) == ["2"]
        await pilot.click("#panel2", offset=(4, 0))
        await settle(pilot)
        assert panels(pilot) == ["1", "2", "3", "4"]


# -- nothing to say it from


async def test_without_history_everything_is_unknown_in_words(begun: Workspace) -> None:
    async with running(begun, place="flow") as pilot:
        text = shown(pilot)
        assert "not enough history: 0 done in 30 days" in text
        assert "no task was finished within a year" in text
        assert "nothing is in work" in text
        await press(pilot, "w")
        assert "There is not enough history" in shown(pilot)
        await press(pilot, "j", "enter")
        assert "Nothing is in work" in shown(pilot)
        assert front(pilot) is FlowScreen


async def test_one_task_is_drawn(begun: Workspace) -> None:
    task = tasks.add_task(begun, NewTask("Only one", "KR-01", owner="mara")).ids[0]
    tasks.move_tasks(begun, [task], "doing")
    async with running(begun, place="flow") as pilot:
        assert "1 in work" in shown(pilot)
        assert task_at(pilot) == task


async def test_a_cycle_that_has_not_begun_is_said(northlight: Workspace) -> None:
    early = Workspace(northlight.store, stopped_clock(datetime(2026, 9, 20, 9, tzinfo=UTC)), "mara")
    async with running(early, place="flow") as pilot:
        assert "the last 30 days  (October 2026 begins on 1 Oct)" in shown(pilot)


async def test_a_cycle_that_has_ended_is_said(northlight: Workspace) -> None:
    late = Workspace(northlight.store, stopped_clock(datetime(2026, 11, 3, 9, tzinfo=UTC)), "mara")
    async with running(late, place="flow") as pilot:
        text = shown(pilot)
        assert "the cycle ended on 31 Oct" in text
        assert "by 31 Oct  " not in text
        assert "all 28" in text


async def test_without_a_running_cycle_the_days_are_forecast_all_the_same(northlight: Workspace) -> None:
    northlight.store.connection.execute("UPDATE cycle SET status = 'planned' WHERE status = 'active'")
    async with running(northlight, place="flow") as pilot:
        text = shown(pilot)
        assert "no cycle runs" in text
        assert "2 Dec" in text


async def test_hostile_titles_stay_text(northlight: Workspace) -> None:
    tasks.edit_tasks(northlight, ["T-043"], {"title": "[red]x[/] \u202e evil"})
    async with running(northlight, (200, 50), place="flow") as pilot:
        assert "[red]x[/]" in shown(pilot)


async def test_it_is_drawn_without_colour_and_in_ascii(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(northlight, place="flow") as pilot:
        colours = {
            segment.style.color.name
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.style.color is not None
        }
        assert colours <= {"default"}
        assert all(mark in shown(pilot) for mark in ("░ done", "█ review", "▓ doing", "▒ assigned", "· backlog"))
