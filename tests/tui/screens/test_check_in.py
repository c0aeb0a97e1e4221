"""Check-in: what is typed is previewed, saved, corrected, taken back; every key does what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from tests.tui.driving import burst, front, press, running, settle, shown, type_in
from textual import events
from textual.pilot import Pilot

from tracker.domain.filters import TaskFilter
from tracker.services.board import board
from tracker.services.check_in_pages import Page, turns
from tracker.services.check_ins import NewCheckIn, check_in
from tracker.services.header import header
from tracker.services.strategy import edit_record
from tracker.services.workspace import Workspace
from tracker.storage.check_in_rows import CheckInRow
from tracker.tui.screens.board import BoardScreen
from tracker.tui.screens.check_in import CheckInScreen
from tracker.tui.screens.help import HelpScreen
from tracker.tui.screens.milestones import MilestonesScreen
from tracker.tui.screens.record_form import RecordFormScreen
from tracker.tui.widgets.check_in import CheckInPage, Entry
from tracker.tui.widgets.text_view import TextView

TODAY = date(2026, 10, 19)
PLACE = "check_in"


@pytest.fixture
def monday(northlight: Workspace) -> Workspace:
    """The demo before jonas checked the case studies in on Monday the 19th, as the published screen shows it."""
    with northlight.writing("before") as tx:
        tx.delete("check_in", tx.require("check_in", "KR-10", "2026-10-19"))
    return northlight.acting_as("jonas")


def page_of(ws: Workspace, key_result: str) -> Page:
    found = turns(ws)
    assert found is not None
    return next(page for page in found.pages if page.row.id == key_result)


def last(ws: Workspace, key_result: str) -> CheckInRow:
    return page_of(ws, key_result).check_ins[-1]


def screen(pilot: Pilot[Any]) -> CheckInScreen:
    return cast(CheckInScreen, pilot.app.screen)


def entry(pilot: Pilot[Any]) -> Entry:
    found = screen(pilot).entry
    assert found is not None
    return found


def at(pilot: Pilot[Any]) -> str:
    return entry(pilot).page.row.id


async def test_it_opens_from_the_board_on_the_one_of_mine_whose_turn_it_is(monday: Workspace) -> None:
    async with running(monday) as pilot:
        await press(pilot, "C")
        assert front(pilot) is CheckInScreen
        text = shown(pilot)
        assert "Monday 19 October   3 key results are yours, 2 saved" in text
        assert at(pilot) == "KR-10"
        listed = pilot.app.screen.query_one(TextView).text
        assert [line.split()[0] for line in listed.splitlines() if line.strip()] == [
            "yours", "2", "4", "6", "others", "1", "3", "5", "7", "8",
        ]
        assert "late 7d" in listed


async def test_it_shows_the_published_figures(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        text = shown(pilot)
        for words in (
            "6 ! Case-study library", "4 stories by 31 Oct   weight 1   output, leading   every 7 days", "1 of 4",
            "was 6", "even pace to 0.7 = 2.8", "you are here, 18 points behind the pace", "score 0.25 (red)",
            "at this pace 1.6 stories, 0.41", "for 0.7 you need 1 every 7 days",
            "pace at risk (18 points behind the pace), confidence at risk -> ! AT RISK", "ACTIVITY since 12 Oct",
            "0 tasks done   now 1 assigned   1 without owner", "RESULT   since 12 Oct  0", "stands still",
            "12 Oct  1  conf 6  Bridge Street published", "T-058 Photo shoot",
            "O2: score 0.33, weakest key result off track", "Strategy 0.52", "+25 (3 on, 1 off, of 8)",
        ):
            assert words in text, words


async def test_a_check_in_is_typed_previewed_saved_and_taken_back(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "right", "space", "tab", "8")
        text = shown(pilot)
        for words in ("2 of 4", "(8)", "score 0.50 (yellow)", "+ ON TRACK", "typed", "not saved",
                      "RESULT   since 12 Oct  +1", "score 0.42", "+38 (4 on, 1 off, of 8)"):
            assert words in text, words
        assert last(monday, "KR-10").on_date == date(2026, 10, 12)
        await press(pilot, "tab")
        await type_in(pilot, "Shoot done, jk?", "tab")
        await type_in(pilot, "story due on the 30th", "enter")
        said = last(monday, "KR-10")
        assert (said.on_date, str(said.value), said.confidence) == (TODAY, "2", 8)
        assert (said.note, said.blocks, said.author) == ("Shoot done, jk?", "story due on the 30th", "jonas")
        assert at(pilot) == "KR-12"  # nothing of mine is left, and that one is late
        assert "checked in Case-study library" in shown(pilot)
        assert "6+" in shown(pilot).splitlines()[0]
        await press(pilot, "u")
        assert last(monday, "KR-10").on_date == date(2026, 10, 12)
        assert [each.done_on for each in page_of(monday, "KR-10").milestones[1:]] == [None] * 3
        await press(pilot, "U")
        assert last(monday, "KR-10").on_date == TODAY


async def test_keys_that_come_before_the_picture_wait_for_it(monday: Workspace) -> None:
    async with running(monday) as pilot:
        await burst(pilot, "C", "2", "tab", "9", "tab", *"Up", "enter")
        await settle(pilot)
        said = last(monday, "KR-10")
        assert (said.on_date, str(said.value), said.confidence, said.note) == (TODAY, "2", 9, "Up")


async def test_keys_typed_ahead_of_a_save_go_into_the_next_one(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "tab", "5", "tab", "x")
        await burst(pilot, "enter", "ctrl+u", *"4.2", "tab", "6", "tab", *"j?k", "enter")
        await settle(pilot)
        assert [str(last(monday, "KR-10").value), last(monday, "KR-10").note] == ["1", "x"]
        said = last(monday, "KR-12")
        assert (str(said.value), said.confidence, said.note) == ("4.2", 6, "j?k")


async def test_the_board_shows_the_new_figures_afterwards(monday: Workspace) -> None:
    async with running(monday) as pilot:
        assert "1/4" in shown(pilot)
        await press(pilot, "C", "2", "tab", "9", "tab")
        await type_in(pilot, "Millbrook is online", "enter", "escape")
        assert front(pilot) is BoardScreen
        assert "2/4" in shown(pilot)


async def test_enter_says_what_is_missing_and_goes_there(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "enter")
        assert "How sure are you" in shown(pilot)
        assert entry(pilot).field == "confidence"
        await press(pilot, "5", "enter")
        assert "needs a note" in shown(pilot)
        assert entry(pilot).field == "note"
        await type_in(pilot, "moved the shoot", "ctrl+s")
        assert last(monday, "KR-10").confidence == 5


async def test_confidence_takes_digits_ten_and_arrows(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "tab")
        for key, said in (("7", 7), ("1", 1), ("0", 10), ("right", 10), ("left", 9), ("minus", 8), ("plus", 9),
                          ("0", 0), ("left", 0), ("backspace", None), ("right", 0)):
            await press(pilot, key)
            assert entry(pilot).said.confidence == said, key


async def test_milestones_are_ticked_by_space_and_digit(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        for keys, ticked in (
            (("3",), {0, 2}), (("3",), {0}), (("end", "space"), {0, 3}), (("home", "space"), {3}),
            (("right", "right", "left", "space"), {1, 3}),
        ):
            await press(pilot, *keys)
            assert entry(pilot).said.ticked == ticked, keys


async def test_a_wrong_value_is_said_while_it_is_typed_and_not_saved(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "k", "k")
        assert at(pilot) == "KR-06"
        await press(pilot, "ctrl+u", "2", "8", ".", "5")
        assert "28.5 has 1 decimal; it is measured in whole numbers" in shown(pilot)
        await press(pilot, "enter")
        assert last(monday, "KR-06").value == 27
        await press(pilot, "ctrl+u", "-", "-", "enter")
        assert "is no number" in shown(pilot)
        await press(pilot, "ctrl+u", "enter")
        assert "The value is missing" in shown(pilot)
        assert last(monday, "KR-06").value == 27


async def test_letters_are_commands_in_the_value_and_text_in_the_note(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "tab", "tab")
        await type_in(pilot, "gnx u?q:", "left", "backspace")
        assert entry(pilot).said.note.text == "gnx u?:"
        await press(pilot, "escape")
        assert entry(pilot).field == "value"
        await press(pilot, "g")
        assert front(pilot) is RecordFormScreen


async def test_keys_move_between_key_results_and_what_is_typed_stays(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "2", "tab", "6")
        for key, where in (
            ("down", "KR-05"), ("up", "KR-10"), ("j", "KR-05"), ("k", "KR-10"), ("pagedown", "KR-12"),
            ("pageup", "KR-06"), ("s", "KR-10"), ("s", "KR-12"),
        ):
            await press(pilot, key)
            assert at(pilot) == where, key
        await press(pilot, "s")
        assert at(pilot) == "KR-10"
        assert (entry(pilot).said.ticked, entry(pilot).said.confidence) == (frozenset({0, 1}), 6)


async def test_continue_saves_and_opens_the_next(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "tab", "tab")
        await type_in(pilot, "as planned", "shift+tab", "5", "c")
        assert last(monday, "KR-10").note == "as planned"
        assert at(pilot) == "KR-12"
        await press(pilot, "pageup", "c")
        assert at(pilot) == "KR-12"  # nothing was typed, so nothing is saved


async def test_new_work_cites_the_key_result(monday: Workspace) -> None:
    before = board(monday, TaskFilter(key_result="KR-10")).counts["backlog"].n
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "n")
        await type_in(pilot, "Ask Harbour Road", "enter")
        assert "2 without owner" in shown(pilot)
    assert board(monday, TaskFilter(key_result="KR-10")).counts["backlog"].n == before + 1


async def test_stop_drops_the_key_result_but_not_while_open_tasks_cite_it(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "x")
        await type_in(pilot, "nobody reads them", "enter")
        assert "still has open tasks" in shown(pilot)
        await press(pilot, "pagedown", "up", "up", "up")
        assert at(pilot) == "KR-07"  # no open task cites it
        await press(pilot, "x")
        await type_in(pilot, "the ad is gone", "enter")
        assert "Cost per" not in shown(pilot)
        await press(pilot, "u")
        assert "Cost per" in shown(pilot)


async def test_a_past_check_in_is_corrected_and_the_old_one_stays_in_the_history(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "e")
        assert entry(pilot).day == date(2026, 10, 12)
        assert "check-in of Mon 12 Oct" in shown(pilot)
        await press(pilot, "tab", "9", "enter")
        kept = page_of(monday, "KR-10")
        assert [(each.on_date.day, each.confidence) for each in kept.superseded] == [(12, 6)]
        assert kept.check_ins[-1].confidence == 9
        await press(pilot, "pageup", "down", "down")
        assert "was 12 Oct  1  conf 6  Bridge Street published" in shown(pilot)
        assert "corrected by jonas" in shown(pilot)
        await press(pilot, "e", "e")
        assert entry(pilot).day == date(2026, 10, 5)
        await press(pilot, "e")
        assert entry(pilot).day == TODAY


async def test_the_history_scrolls(monday: Workspace) -> None:
    for value in range(71, 80):
        check_in(monday, NewCheckIn("KR-08", str(value)))
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "up")
        assert "older: Shift+Down" in shown(pilot)
        assert "05 Oct" not in shown(pilot)
        await press(pilot, *["shift+down"] * 12)
        assert "05 Oct  20  conf 6  Posts get likes" in shown(pilot)
        await press(pilot, *["shift+up"] * 12)
        assert "19 Oct  79" in shown(pilot)


async def test_another_day_is_asked_for_and_held_to_the_cycle(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "d")
        assert "there are check-ins of 05 Oct  12 Oct" in shown(pilot)
        await type_in(pilot, "30 sep", "enter")
        assert "lies before the cycle" in shown(pilot)
        await press(pilot, "escape", "d")
        await type_in(pilot, "14", "enter")
        assert entry(pilot).day == date(2026, 10, 14)
        await press(pilot, "tab", "6", "tab")
        await type_in(pilot, "late", "enter")
        assert last(monday, "KR-10").on_date == date(2026, 10, 14)


async def test_an_override_is_asked_with_a_reason_and_saved_with_the_check_in(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "up", "o", "!")
        await type_in(pilot, "the ad is back", "enter")
        assert "AT RISK  because the ad is back" in shown(pilot)
        await press(pilot, "enter")
        said = last(monday, "KR-08")
        assert (said.health_override, said.override_reason) == ("at risk", "the ad is back")
        row = next(row for row in header(monday).key_results if row.id == "KR-08")  # type: ignore[union-attr]
        assert row.health == "at risk"
        await press(pilot, "pageup", "down", "o", "-", "enter")
        assert last(monday, "KR-08").health_override is None


async def test_restore_takes_back_what_is_typed(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "3", "tab", "9", "ctrl+r")
        assert not entry(pilot).is_changed
        await press(pilot, "k", "ctrl+u", "8", "0", "enter", "u")
        assert last(monday, "KR-08").value == 70
        await press(pilot, "ctrl+r")
        assert last(monday, "KR-08").value == 80
        await press(pilot, "ctrl+z")
        assert last(monday, "KR-08").value == 70


async def test_milestones_have_a_form(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "l")
        assert front(pilot) is MilestonesScreen
        await press(pilot, "down", "down", "down", "end", "enter")
        await type_in(pilot, "Hill Farm", "ctrl+s")
        assert "more than the target" in shown(pilot)
        await press(pilot, *["backspace"] * 18, "ctrl+s")
        assert front(pilot) is CheckInScreen
        titles = [each.title for each in page_of(monday, "KR-10").milestones]
        assert titles == ["Bridge Street Vets", "Millbrook Animal Care", "Harbour Road"]
        assert page_of(monday, "KR-10").milestones[0].done_on == date(2026, 10, 12)
        await press(pilot, "k", "l")
        assert "Only a key result that counts milestones" in shown(pilot)


async def test_leaving_asks_about_what_is_not_saved(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "tab", "7", "q")
        assert "1 check-in is not saved" in shown(pilot)
        await press(pilot, "s")
        assert front(pilot) is CheckInScreen
        await press(pilot, "escape", "d")
        assert front(pilot) is not CheckInScreen


async def test_what_somebody_else_saved_meanwhile_is_a_conflict_and_ours_is_kept(
    monday: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    other = open_copy(northlight_file, actor="lena")
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "tab", "5", "tab")
        await type_in(pilot, "mine")
        check_in(other, NewCheckIn("KR-10", confidence="2", note="hers", ticked=frozenset({0})))
        await settle(pilot)
        await press(pilot, "enter")
        assert "lena checked" in shown(pilot) or "ours" in shown(pilot)
        assert last(monday, "KR-10").note == "hers"
        await press(pilot, "o")
        assert (last(monday, "KR-10").note, last(monday, "KR-10").confidence) == ("mine", 5)
        assert [each.note for each in page_of(monday, "KR-10").superseded] == ["hers"]


async def test_a_paste_goes_into_the_field_in_front(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "tab", "tab")
        pilot.app.post_message(events.Paste("two\nlines \x1b[31mred"))
        await settle(pilot)
        assert "two lines" in entry(pilot).said.note.text
        assert "\x1b[31m" not in shown(pilot)


async def test_clicks_choose_key_results_and_fields(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await pilot.click(TextView, offset=(6, 1))
        await settle(pilot)
        assert at(pilot) == "KR-06"
        await pilot.click(CheckInPage, offset=(20, 5))
        await settle(pilot)
        assert entry(pilot).field == "note"


async def test_header_help_and_theme_keys(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "H")
        assert "WHO Owner-managers" in shown(pilot)
        await press(pilot, "H", "?")
        assert front(pilot) is HelpScreen
        assert "Override the health" in shown(pilot)
        await press(pilot, "escape")
        before = pilot.app.theme
        await press(pilot, "ctrl+t")
        assert pilot.app.theme != before


async def test_guardrails_and_falling_ones_say_what_fits_them(monday: Workspace) -> None:
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "pagedown", "up")
        text = shown(pilot)
        assert (at(pilot), "bound" in text, "at this pace" in text) == ("KR-11", True, False)
        await press(pilot, "ctrl+u", ".", "7")
        assert "score 0.33" in shown(pilot)
        await press(pilot, "up", "up")
        assert at(pilot) == "KR-07"
        assert "for 60.00 EUR you need -1.58 a day" in shown(pilot)


async def test_a_stretch_value_is_told_and_drawn(monday: Workspace) -> None:
    edit_record(monday, "key_result", "KR-06", {"stretch": "60"})
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "pageup")
        lines = shown(pilot).splitlines()
        assert any("40 calls by 31 Oct, stretch 60" in line for line in lines)
        assert sum("╌╌╌╌" in line for line in lines) == 2


async def test_a_changed_target_is_marked_in_the_plot(monday: Workspace) -> None:
    edit_record(monday, "key_result", "KR-08", {"target": "200"})
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "up")
        text = shown(pilot)
        assert "target was 300" in text
        assert text.count("▲") == 2


async def test_a_key_result_without_any_check_in_can_be_begun(begun: Workspace) -> None:
    async with running(begun, place=PLACE) as pilot:
        assert "no figures before the first check-in" in shown(pilot)
        assert "no open task" in shown(pilot)
        await press(pilot, "3", "tab", "8", "tab")
        await type_in(pilot, "first", "enter")
        assert last(begun, "KR-01").value == 3


async def test_a_draft_is_refused_in_words(monday: Workspace) -> None:
    edit_record(monday, "key_result", "KR-10", {"status": "draft"})
    async with running(monday, place=PLACE) as pilot:
        await press(pilot, "pageup", "down", "down", "tab", "5", "enter")
        assert "is a draft; its owner accepts it first" in shown(pilot)


async def test_while_the_cycle_is_graded_the_last_one_may_come_a_week_later(
    northlight: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    with northlight.writing("grade") as tx:
        tx.update("cycle", tx.require("cycle", "2026-10"), {"status": "grading"})
    later = open_copy(northlight_file, actor="jonas", now=datetime(2026, 11, 4, 9, tzinfo=UTC))
    async with running(later, place=PLACE) as pilot:
        await press(pilot, "ctrl+u", "3", "8", "tab", "9", "tab")
        await type_in(pilot, "closed at 38", "enter")
        assert (last(later, "KR-06").on_date, str(last(later, "KR-06").value)) == (date(2026, 11, 4), "38")


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (200, 50)])
async def test_it_fits_any_size(monday: Workspace, size: tuple[int, int]) -> None:
    async with running(monday, size, place=PLACE) as pilot:
        text = shown(pilot)
        assert "value" in text
        assert "confidence" in text
        assert "note" in text
        if size != (60, 15):
            assert re.search(r"RESULT\s+(since \d+ \w+\s+)?[+-]?\d", text), text
        assert all(len(line) <= size[0] for line in text.splitlines())
