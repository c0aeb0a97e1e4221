"""Triage: each key acts on a row and goes to the next; rows stay where they are; load is seen while choosing."""

from __future__ import annotations

from datetime import date
from time import monotonic
from typing import Any, cast

import pytest
from tests.tui.driving import DEADLINE, burst, front, lines_of, press, running, settle, shown, type_in
from textual.pilot import Pilot

from tracker.services import board as reads
from tracker.services import tasks as service
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card
from tracker.tui.screens.task import TaskScreen
from tracker.tui.screens.task_form import TaskFormScreen
from tracker.tui.screens.triage import TriageScreen
from tracker.tui.widgets.load import LoadColumn
from tracker.tui.widgets.painted import Painted
from tracker.tui.widgets.triage import TriageRows

WIDE = (120, 36)


def triage(pilot: Pilot[Any]) -> TriageScreen:
    return cast(TriageScreen, pilot.app.screen)


def rows(pilot: Pilot[Any]) -> TriageRows:
    return triage(pilot).query_one(TriageRows)


def at(pilot: Pilot[Any]) -> str:
    card = rows(pilot).current
    assert card is not None
    return card.id


def card(ws: Workspace, task: str) -> Card:
    return reads.cards(ws, [task])[0]


def order(pilot: Pilot[Any]) -> list[str]:
    return [each.id for each in rows(pilot).window.cards]


async def go_to(pilot: Pilot[Any], task: str) -> None:
    rows(pilot).go_to([task])
    await settle(pilot)


async def caught_up(pilot: Pilot[Any]) -> None:
    """Until load and figures were read again, a moment after the row."""
    end = monotonic() + DEADLINE
    while triage(pilot).is_behind:
        assert monotonic() < end
        await pilot.pause(0.01)
    await settle(pilot)


async def test_what_needs_something_comes_first(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        assert order(pilot)[:4] == ["T-043", "T-026", "T-042", "T-046"]
        assert order(pilot)[4:12] == ["T-052", "T-019", "T-033", "T-034", "T-059", "T-020", "T-045", "T-047"]
        assert len(order(pilot)) == 28
        assert "28 open tasks" in shown(pilot)
        assert "12 need something" in shown(pilot)


async def test_a_row_says_what_it_needs(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        drawn = lines_of(rows(pilot))
        assert drawn[1].startswith(">  T-043")
        assert drawn[1].endswith("late 7d, unblock")
        assert drawn[2].endswith("late 5d, review")
        assert drawn[10].endswith("owner, date")


async def test_two_letters_give_an_owner_and_the_cursor_goes_on(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await go_to(pilot, "T-033")
        await press(pilot, "a", "l", "e")
        assert card(northlight, "T-033").owner == "lena"
        assert card(northlight, "T-033").status == "assigned"
        assert at(pilot) == "T-034"


async def test_an_owner_for_work_without_a_date_is_followed_by_the_question_for_the_date(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await go_to(pilot, "T-020")
        await press(pilot, "a", "m", "a")
        assert at(pilot) == "T-020", "the cursor waits for the date"
        await type_in(pilot, "fri", "enter")
        assert card(northlight, "T-020").owner == "mara"
        assert card(northlight, "T-020").due_on == date(2026, 10, 23)
        assert at(pilot) == "T-045"


async def test_leaving_the_question_for_the_date_goes_on_with_the_owner_kept(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await go_to(pilot, "T-020")
        await press(pilot, "a", "m", "a", "escape")
        assert (card(northlight, "T-020").owner, card(northlight, "T-020").due_on) == ("mara", None)
        assert at(pilot) == "T-045"


async def test_repeat_gives_owner_and_date_together_as_one_change(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await go_to(pilot, "T-020")
        await press(pilot, "a", "m", "a")
        await type_in(pilot, "fri", "enter")
        await press(pilot, ".")
        assert (card(northlight, "T-045").owner, card(northlight, "T-045").due_on) == ("mara", date(2026, 10, 23))
        assert at(pilot) == "T-047"
        await press(pilot, "u")
        assert (card(northlight, "T-045").owner, card(northlight, "T-045").due_on) == (None, None)
        assert at(pilot) == "T-045", "undo brings the cursor to what it changed"


@pytest.mark.parametrize(
    ("words", "day"),
    [("t", date(2026, 10, 19)), ("w", date(2026, 10, 26)), ("+3", date(2026, 10, 22)), ("29", date(2026, 10, 29)),
     ("fri", date(2026, 10, 23)), ("2026-11-02", date(2026, 11, 2))],
)  # fmt: skip
async def test_due_reads_every_short_form(northlight: Workspace, words: str, day: date) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "d")
        await type_in(pilot, words, "enter")
        assert card(northlight, "T-043").due_on == day
        assert at(pilot) == "T-026"


async def test_a_day_that_is_none_keeps_the_question_open_and_says_why(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "d")
        await type_in(pilot, "31 nov", "enter")
        assert "November has 30 days" in shown(pilot)
        assert triage(pilot).command_line.text == "31 nov"
        assert card(northlight, "T-043").due_on == date(2026, 10, 12)
        assert at(pilot) == "T-043"


@pytest.mark.parametrize(
    ("words", "low", "high"), [("3-5", 3.0, 5.0), ("2", 2.0, 2.0), ("30m", 0.5, 0.5), ("-", None, None)]
)
async def test_an_estimate_in_hours(northlight: Workspace, words: str, low: float | None, high: float | None) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "e")
        await type_in(pilot, words, "enter")
        changed = card(northlight, "T-043")
        assert (changed.estimate_low_h, changed.estimate_high_h) == (low, high)
        assert at(pilot) == "T-026"


async def test_another_key_result_by_its_digit(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "K", "2")
        assert card(northlight, "T-043").key_result == "KR-06"
        assert at(pilot) == "T-026"


async def test_cancelling_asks_why_and_the_row_stays_in_place(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        before = order(pilot)
        await press(pilot, "x")
        await type_in(pilot, "no budget", "enter")
        assert card(northlight, "T-043").status == "cancelled"
        assert order(pilot) == before
        assert lines_of(rows(pilot))[1].endswith("cancelled")
        assert at(pilot) == "T-026"


async def test_greater_starts_what_is_assigned_and_moves_on_what_is_done(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await go_to(pilot, "T-032")
        await press(pilot, ">")
        assert card(northlight, "T-032").status == "doing"
        assert at(pilot) == "T-044"
        await press(pilot, "<")
        assert card(northlight, "T-044").status == "assigned"


async def test_b_frees_what_is_blocked_and_asks_for_what_is_not(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "b")
        assert card(northlight, "T-043").blocked_reason is None
        await press(pilot, "b")
        await type_in(pilot, "waits for the client", "enter")
        assert card(northlight, "T-026").blocked_reason == "waits for the client"
        assert at(pilot) == "T-042"


async def test_space_marks_and_one_key_acts_on_all_marked_as_one_change(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await go_to(pilot, "T-033")
        await press(pilot, "space", "space", "space")
        assert "3 marked" in shown(pilot)
        await press(pilot, "a", "j", "o")
        assert [card(northlight, task).owner for task in ("T-033", "T-034", "T-059")] == ["jonas"] * 3
        assert not rows(pilot).marked
        await press(pilot, "u")
        assert [card(northlight, task).owner for task in ("T-033", "T-034", "T-059")] == [None] * 3


async def test_escape_takes_marks_then_the_filter_then_triage_away(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "m", "space", "escape")
        assert not rows(pilot).marked
        assert "only mara" in shown(pilot) or "only mine" in shown(pilot)
        await press(pilot, "escape")
        assert len(order(pilot)) == 28
        await press(pilot, "escape")
        assert front(pilot) is not TriageScreen


async def test_skip_and_the_cursor_keys_only_move(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        for key, task in (
            ("z", "T-026"), ("j", "T-042"), ("down", "T-046"), ("k", "T-042"), ("up", "T-026"), ("G", "T-062"),
            ("home", "T-043"), ("end", "T-062"), ("pageup", "T-043"), ("pagedown", "T-062"),
        ):  # fmt: skip
            await press(pilot, key)
            assert at(pilot) == task, key
        assert reads.cards(northlight, ["T-026"])[0].status == "review"


async def test_redo_brings_back_what_undo_took(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "d")
        await type_in(pilot, "fri", "enter")
        await press(pilot, "u")
        assert card(northlight, "T-043").due_on == date(2026, 10, 12)
        await press(pilot, "U")
        assert card(northlight, "T-043").due_on == date(2026, 10, 23)


async def test_enter_opens_the_task_and_capital_e_its_form(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "enter")
        assert front(pilot) is TaskScreen
        await press(pilot, "escape", "E")
        assert front(pilot) is TaskFormScreen


async def test_the_cut_line_stands_after_as_many_rows_as_finish(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "g")
        drawn = lines_of(rows(pilot))
        assert drawn[6].split()[0] == "T-019"
        assert "6 finish by 31 Oct (85%)" in drawn[7]
        assert drawn[8].split()[0] == "T-033"
        await press(pilot, "g")
        assert "finish by" not in "\n".join(lines_of(rows(pilot)))


async def test_without_history_there_is_no_cut_line(begun: Workspace) -> None:
    service.add_task(begun, NewTask("Write", "KR-01"))
    async with running(begun, place="triage") as pilot:
        assert "not enough history" in shown(pilot)
        await press(pilot, "g")
        assert "There is not enough history" in shown(pilot)


async def test_rows_keep_their_order_until_they_are_sorted_again(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        before = order(pilot)
        await press(pilot, "d")
        await type_in(pilot, "2026-12-01", "enter")
        assert order(pilot) == before
        await press(pilot, "s")
        assert order(pilot) != before
        assert at(pilot) == "T-026"


@pytest.mark.parametrize(
    ("key", "count"), [("1", 4), ("4", 10), ("m", 2), ("O", 6), ("L", 4)]
)  # fmt: skip
async def test_filters_narrow_the_rows_and_the_same_key_widens_them(
    northlight: Workspace, key: str, count: int
) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, key)
        assert len(order(pilot)) == count
        await press(pilot, key)
        assert len(order(pilot)) == 28


async def test_search_narrows_while_one_types(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "/")
        await type_in(pilot, "webinar", "enter")
        assert 0 < len(order(pilot)) < 28
        assert "T-033" in order(pilot)
        await press(pilot, "0")
        assert len(order(pilot)) == 28


async def test_the_load_of_who_may_be_meant_is_seen_while_choosing(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        load = triage(pilot).query_one(LoadColumn)
        assert "priya" in load.text
        assert "27 of  64 h" in load.text
        assert "unowned 28 h in 6 tasks" in load.text
        assert "priya     3 of 2  OVER" in load.text
        await go_to(pilot, "T-034")
        await press(pilot, "a", "p")
        chosen = [line for line in load.text.splitlines() if line.startswith("›")]
        assert len(chosen) == 1
        assert "priya" in chosen[0]
        assert "30 of  64 h" in chosen[0], "27 hours and the middle of 2 to 3 more"
        await press(pilot, "escape")
        assert not [line for line in load.text.splitlines() if line.startswith("›")]


async def test_load_follows_a_change(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await go_to(pilot, "T-059")
        await press(pilot, "a", "o", "s")
        await caught_up(pilot)
        text = triage(pilot).query_one(LoadColumn).text
        assert "14 of  16 h" in text
        assert "in 5 tasks" in text


async def test_a_wrong_person_is_refused_in_words(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "a")
        await type_in(pilot, "zz", "enter")
        assert "is nobody here" in shown(pilot)


async def test_what_a_rule_refuses_is_said_and_nothing_is_changed(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "a", "-")
        assert "needs an owner" in shown(pilot)
        assert card(northlight, "T-043").owner == "tomas"


async def test_a_change_by_another_process_is_seen_in_its_row(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        before = order(pilot)
        other = northlight.acting_as("jonas")
        service.set_due(other, ["T-026"], date(2026, 12, 24))
        cast(Any, pilot.app)._store_changed()
        await settle(pilot)
        assert order(pilot) == before
        assert "24 Dec" in lines_of(rows(pilot))[2]


async def test_a_click_moves_the_cursor_and_a_double_click_opens(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await pilot.click(TriageRows, offset=(12, 4))
        assert at(pilot) == "T-046"
        await pilot.click(TriageRows, offset=(12, 4), times=2)
        await settle(pilot)
        assert front(pilot) is TaskScreen


async def test_a_narrow_terminal_has_the_load_in_one_line(northlight: Workspace) -> None:
    async with running(northlight, (80, 24), place="triage") as pilot:
        load = triage(pilot).query_one(LoadColumn)
        assert load.size.height == 1
        assert load.text.startswith(" LOAD mara 4/40 jonas 2/72")
        assert rows(pilot).size.width == 80


async def test_resizing_at_any_moment_keeps_the_cursor_in_view(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "G")
        for size in ((80, 24), (200, 50), (60, 15), (120, 36), (40, 10), (100, 20)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            if front(pilot) is TriageScreen:
                assert any(line.startswith(">  T-062") for line in lines_of(rows(pilot))), size


async def test_moving_the_cursor_repaints_two_rows(northlight: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(northlight, place="triage") as pilot:
        repainted: list[Any] = []
        monkeypatch.setattr(rows(pilot), "refresh", lambda *regions, **_: repainted.append(regions))
        await press(pilot, "j")
        assert [len(regions) for regions in repainted] == [1, 1]
        assert all(region.height == 1 for regions in repainted for region in regions)


async def test_a_long_list_is_read_in_runs_and_its_end_is_reached(begun: Workspace) -> None:
    for number in range(300):
        service.add_task(begun, NewTask(f"Task {number}", "KR-01"))
    async with running(begun, (100, 24), place="triage") as pilot:
        assert len(order(pilot)) < 300
        await press(pilot, "end")
        assert at(pilot) == "T-300"
        assert "300 of 300" in shown(pilot)
        await press(pilot, "pageup", "pageup", "home")
        assert at(pilot) == "T-001"


async def test_twenty_tasks_get_owner_and_date_with_seven_keys_each(begun: Workspace) -> None:
    for number in range(20):
        service.add_task(begun, NewTask(f"Task {number}", "KR-01"))
    async with running(begun, place="triage") as pilot:
        keys = 0
        for _ in range(20):
            row = ("a", "m", "a", "f", "r", "i", "enter")
            await burst(pilot, *row)
            keys += len(row)
        assert keys == 140
    given = reads.triage_page(begun, triage_filter(), 0, 30).cards
    assert {(each.owner, each.due_on) for each in given} == {("mara", date(2026, 10, 23))}
    assert len(given) == 20


async def test_keys_that_arrive_all_at_once_are_neither_lost_nor_mixed_up(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await go_to(pilot, "T-033")
        await burst(pilot, *"ale", *"ajo", "d", *"fri", "enter", "z", *"ama", *"fri", "enter", "k")
        assert [card(northlight, task).owner for task in ("T-033", "T-034", "T-045")] == ["lena", "jonas", "mara"]
        assert card(northlight, "T-059").due_on == date(2026, 10, 23)
        assert card(northlight, "T-045").due_on == date(2026, 10, 23)
        assert at(pilot) == "T-045"


def triage_filter() -> Any:
    from tracker.domain.filters import TaskFilter

    return TaskFilter()


async def test_another_theme_paints_every_region_anew(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        regions = [widget for widget in pilot.app.screen.query(Painted) if widget.size.height]
        before = [widget.render_lines(widget.size.region)[0] for widget in regions]
        await press(pilot, "ctrl+t")
        after = [widget.render_lines(widget.size.region)[0] for widget in regions]
        assert [type(widget) for widget, old, new in zip(regions, before, after, strict=True) if old == new] == []
