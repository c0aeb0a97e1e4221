"""The cycle screen: every key, the close from the first grade to the next cycle, and what is refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tui.driving import front, press, running, settle, shown, type_in
from textual.pilot import Pilot
from textual.widgets import Input

from tracker.services.closing import closing
from tracker.services.strategy import records
from tracker.services.workspace import Workspace
from tracker.tui.screens.check_in import CheckInScreen
from tracker.tui.screens.cycle import CycleScreen
from tracker.tui.screens.record_form import RecordFormScreen
from tracker.tui.widgets.text_view import TextView


def view(pilot: Pilot[Any]) -> TextView:
    return pilot.app.screen.query_one("#text", TextView)


def of(ws: Workspace, key_result: str, cycle: str | None = None) -> Any:
    return next(row for row in closing(ws, cycle).key_results if row.id == key_result)


async def go(pilot: Pilot[Any], key: str) -> None:
    view(pilot).go(key)
    await settle(pilot)


async def test_r_opens_it_from_the_board_and_escape_leaves(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "R")
        assert front(pilot) is CycleScreen
        text = shown(pilot)
        for words in ("October 2026  active", "outcomes 0.53  outputs 0.25", ">check-ins 1 lacking", ".grades 0/8",
                      "O1 Acquire 10 new clients in October", "4 where to?", "September 2026", "0.55  0.30  0.63"):
            assert words in text
        await press(pilot, "escape")
        assert front(pilot) is not CycleScreen


async def test_a_grade_is_the_raw_one_or_says_why_and_the_cursor_moves_on(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "g", "enter")
        assert (str(of(northlight, "KR-05").final), closing(northlight).status) == ("0.4", "grading")
        assert view(pilot).current == "key_result/KR-06"
        await press(pilot, "g")
        await type_in(pilot, "0.9", "enter")
        assert "0.9, not 0.7, because" in shown(pilot)
        await type_in(pilot, "short", "enter")
        assert "10 characters or more" in shown(pilot)
        assert of(northlight, "KR-06").final is None
        await type_in(pilot, " but true in the end", "enter")
        assert str(of(northlight, "KR-06").final) == "0.9"
        assert "0.9*" in shown(pilot)
        await press(pilot, "u")
        assert of(northlight, "KR-06").final is None
        await press(pilot, "U")
        assert str(of(northlight, "KR-06").final) == "0.9"


@pytest.mark.parametrize(("typed", "words"), [("1.5", "between 0 and 1"), ("much", "is no number")])
async def test_what_is_no_grade_is_said_while_the_question_stands(
    northlight: Workspace, typed: str, words: str
) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "g")
        await type_in(pilot, typed, "enter")
        assert words in shown(pilot)
        await press(pilot, "escape")
        assert of(northlight, "KR-05").final is None


async def test_key_results_are_continued_changed_dropped_and_started(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "c")
        assert of(northlight, "KR-05").decision == "continue"
        await press(pilot, "n")
        await type_in(pilot, "50", "enter")
        carried = of(northlight, "KR-06").into
        assert records(northlight, "key_result", {"id": carried})[0]["target"] == "50"
        await press(pilot, "x")
        await type_in(pilot, "it follows from the calls", "enter")
        assert (of(northlight, "KR-07").decision, of(northlight, "KR-07").reason) == (
            "drop", "it follows from the calls")
        await press(pilot, "s")
        await type_in(pilot, "Reviews answered", "enter")
        await type_in(pilot, "20 reviews", "enter")
        assert [title for _, title in closing(northlight).started] == ["Reviews answered"]
        assert "STARTED  for November 2026" in shown(pilot)
        assert f"continue → {of(northlight, 'KR-05').into}" in shown(pilot)


async def test_a_target_that_cannot_be_is_refused_and_can_be_mended(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "n")
        await type_in(pilot, "-5", "enter")
        assert "above its baseline" in shown(pilot)
        assert of(northlight, "KR-05").decision == ""
        assert "new target of KR-05, now 10 -5" in shown(pilot)


async def test_open_tasks_are_planned_then_settled_as_one_change(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "t")
        assert "Where do the open tasks of KR-05" in shown(pilot)
        await press(pilot, "m")
        assert "The next cycle has no key result yet" in shown(pilot)
        await press(pilot, *"ccccccc")
        assert view(pilot).current == "key_result/KR-12"
        await press(pilot, "m")
        await type_in(pilot, "9", "enter")
        assert "is none of them" in shown(pilot)
        await press(pilot, "backspace")
        await type_in(pilot, "1", "enter")
        assert of(northlight, "KR-12").tasks_to == of(northlight, "KR-05").into
        await go(pilot, "key_result/KR-12")
        await press(pilot, "X")
        await type_in(pilot, "the rating is dropped", "enter")
        assert of(northlight, "KR-12").cancel_reason == "the rating is dropped"
        assert closing(northlight).open_tasks == 28
        await press(pilot, "t")
        assert "open tasks: 27 move, 1 cancelled" in shown(pilot)
        await press(pilot, "y")
        assert closing(northlight).open_tasks == 0
        await press(pilot, "u")
        assert closing(northlight).open_tasks == 28


async def test_the_retrospective_is_written_line_by_line_and_mended(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        for key, words in (("w", "The list answers"), ("d", "The ad"), ("l", "Ask"), ("l", "Ask twice")):
            await press(pilot, key)
            await type_in(pilot, words, "enter")
        found = closing(northlight)
        assert (found.worked, found.did_not) == (("The list answers",), ("The ad",))
        assert found.learned == ("Ask", "Ask twice")
        await go(pilot, "said/learned/1")
        await press(pilot, "enter")
        await type_in(pilot, "!", "enter")
        assert closing(northlight).learned == ("Ask", "Ask twice!")
        await press(pilot, "e", *["backspace"] * 10, "enter")
        assert closing(northlight).learned == ("Ask",)


async def decided(pilot: Pilot[Any]) -> None:
    for _ in range(8):
        await press(pilot, "g", "enter")
    await go(pilot, "key_result/KR-05")
    await press(pilot, *"ccccccc")
    await press(pilot, "x")
    await type_in(pilot, "nobody looks at it", "enter")
    await go(pilot, "key_result/KR-12")
    await press(pilot, "X")
    await type_in(pilot, "dropped with it", "enter")
    for key in "wdl":
        await press(pilot, key)
        await type_in(pilot, f"said under {key}", "enter")


async def test_the_whole_close_is_guided_and_the_next_cycle_begins(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "f")
        assert "neither graded nor dropped: KR-05" in shown(pilot)
        await decided(pilot)
        assert ">next November 2026" in shown(pilot)
        await press(pilot, "f")
        assert "close October 2026?" in shown(pilot)
        assert "O-01 partial, O-02 missed, O-03 partial, open tasks: 27 move, 1 cancelled" in shown(pilot)
        await press(pilot, "escape")
        assert closing(northlight).name == "October 2026"
        await press(pilot, "f", "y")
        assert (closing(northlight).name, closing(northlight).status) == ("November 2026", "active")
        assert "CYCLE  November 2026  active" in shown(pilot)
        await press(pilot, "u")
        assert (closing(northlight).name, closing(northlight).status) == ("October 2026", "grading")


async def test_one_leaves_in_the_middle_and_goes_on_where_it_was(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "g", "enter", "escape")
        assert front(pilot) is not CycleScreen
        await press(pilot, "R")
        assert "grades 1/8" in shown(pilot)
        assert view(pilot).current == "key_result/KR-05"


async def test_enter_goes_on_with_what_the_line_asks_for(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "enter")
        assert "final grade of KR-05" in shown(pilot)
        await press(pilot, "enter")
        await go(pilot, "key_result/KR-05")
        await press(pilot, "enter")
        assert "c continue, n change, x drop" in shown(pilot)
        await press(pilot, "c")
        await go(pilot, "key_result/KR-12")
        await press(pilot, "x")
        await type_in(pilot, "nobody looks", "enter")
        await go(pilot, "key_result/KR-12")
        await press(pilot, "enter")
        assert "open tasks of KR-12 go to" in shown(pilot)
        await press(pilot, "escape")
        await go(pilot, "said/worked/new")
        await press(pilot, "enter")
        assert "what worked" in shown(pilot)


async def test_another_cycle_is_shown_and_escape_comes_back(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await go(pilot, "cycle/2026-09")
        await press(pilot, "enter")
        text = shown(pilot)
        assert "CYCLE  September 2026  closed" in text
        assert "A finished tactic is not a result" in text
        await press(pilot, "home", "g")
        assert "Only the running cycle is graded and closed" in shown(pilot)
        for key in ("c", "n", "x", "s", "m", "X", "t", "f", "b"):
            await press(pilot, key)
            assert not pilot.app.screen.query(Input), key
        await press(pilot, "escape")
        assert "CYCLE  October 2026" in shown(pilot)


async def test_cycles_are_planned_activated_and_graded(begun: Workspace) -> None:
    async with running(begun, place="cycle") as pilot:
        await press(pilot, "N", "enter")
        assert "November 2026" in shown(pilot)
        await press(pilot, "N")
        await type_in(pilot, "2026-11-15..2026-12-15", "enter")
        assert "overlaps November 2026" in shown(pilot)
        await press(pilot, "escape", "b")
        assert closing(begun).status == "grading"
        await press(pilot, "a")
        assert "Put the cursor on a planned cycle first" in shown(pilot)
        await go(pilot, "cycle/2026-11")
        await press(pilot, "a")
        assert "close it first" in shown(pilot)


async def test_without_a_running_cycle_it_says_what_to_do(begun: Workspace) -> None:
    with begun.writing("plan") as tx:
        tx.update("cycle", tx.require("cycle", "2026-10"), {"status": "planned"})
    async with running(begun, place="cycle") as pilot:
        assert "No cycle is running" in shown(pilot)
        await press(pilot, "g")
        assert "No cycle is running." in shown(pilot)
        await press(pilot, "end", "a")
        assert closing(begun).status == "active"


async def test_the_form_of_the_one_that_carries_on_and_the_check_ins_open(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "c", "k", "e")
        assert front(pilot) is RecordFormScreen
        assert str(of(northlight, "KR-05").into) in shown(pilot)
        await press(pilot, "escape")
        await go(pilot, "cycle/2026-10")
        await press(pilot, "e")
        assert front(pilot) is RecordFormScreen
        await press(pilot, "escape", "C")
        assert front(pilot) is CheckInScreen


async def test_keys_move_the_cursor_fold_the_header_and_help(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        for key, place in (
            ("j", "key_result/KR-06"), ("down", "key_result/KR-07"), ("k", "key_result/KR-06"),
            ("up", "key_result/KR-05"), ("end", "cycle/2026-11"), ("home", "key_result/KR-05"),
            ("dollar_sign", "cycle/2026-11"), ("pageup", "key_result/KR-05"), ("pagedown", "cycle/2026-11"),
        ):  # fmt: skip
            await press(pilot, key)
            assert view(pilot).current == place, key
        await press(pilot, "H")
        assert "WHO Owner-managers" in shown(pilot)
        await press(pilot, "?")
        assert "Close the cycle" in shown(pilot)


async def test_hostile_words_are_shown_as_text(northlight: Workspace) -> None:
    async with running(northlight, place="cycle") as pilot:
        await press(pilot, "x")
        await type_in(pilot, "[red]not markup[/]", "enter")
        await press(pilot, "k")
        assert "[red]not markup[/]" in shown(pilot)
