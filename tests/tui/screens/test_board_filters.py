"""The board: filters by key, search while one types, and the mouse."""

from __future__ import annotations

import pytest
from tests.tui.driving import burst, press, running, settle, shown, type_in
from tests.tui.screens.board_driving import at, board, card, column, ids, notice
from textual.pilot import Pilot

from tracker.domain.filters import TaskFilter
from tracker.services.workspace import Workspace
from tracker.tui.screens.task import TaskScreen
from tracker.tui.widgets.header import StrategyHeader


async def test_a_digit_shows_one_key_result_and_again_all(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "4")
        assert "filter: 4 White paper downloads" in shown(pilot)
        assert "DOING 4/6" in shown(pilot)
        assert {each.key_result for each in board(pilot).columns.windows["doing"].cards} == {"KR-08"}
        await press(pilot, "4")
        assert "filter: all" in shown(pilot)
        assert "DOING 9/6 OVER" in shown(pilot)


async def test_a_digit_without_a_key_result_says_so(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "9")
        assert "There is no key result 9" in notice(pilot)
        assert board(pilot).wanted == TaskFilter()


@pytest.mark.parametrize("key", ["0", "A", "escape"])
async def test_show_all(northlight: Workspace, key: str) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "2", "L", key)
        assert board(pilot).wanted == TaskFilter()


async def test_mine(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "m")
        assert "filter: mine (mara)" in shown(pilot)
        assert {each.owner for window in board(pilot).columns.windows.values() for each in window.cards} == {"mara"}
        await press(pilot, "m")
        assert "filter: all" in shown(pilot)


async def test_a_persons_tasks_by_two_letters(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "p", "l", "e")
        assert "filter: lena" in shown(pilot)
        await press(pilot, "p")
        assert "filter: all" in shown(pilot)


async def test_late_and_unowned(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "L")
        assert ids(pilot, "doing") == ["T-043", "T-042"]
        await press(pilot, "L", "O")
        assert len(ids(pilot, "backlog")) == 6
        assert ids(pilot, "doing") == []


async def test_filters_add_up(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "4", "L")
        assert "filter: 4 White paper downloads, late" in shown(pilot)
        assert ids(pilot, "doing") == ["T-043", "T-042"]


async def test_search_shows_matches_while_one_types_and_enter_keeps_them(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "/")
        await type_in(pilot, "webin")
        await settle(pilot)
        assert ids(pilot, "doing") == ["T-030"]
        await press(pilot, "enter")
        assert board(pilot).wanted.text == "webin"
        assert 'filter: "webin"' in shown(pilot)
        await press(pilot, "/", "escape")
        assert board(pilot).wanted.text == ""


async def test_letters_that_come_faster_than_answers_end_with_the_last_ones_answer(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "/")
        await burst(pilot, *"carousel")
        assert ids(pilot, "doing") == ["T-044"]


async def test_what_is_pasted_into_the_search_is_one_line_of_text(northlight: Workspace) -> None:
    from textual import events

    async with running(northlight) as pilot:
        await press(pilot, "/")
        pilot.app.post_message(events.Paste("webinar\nslides"))
        await settle(pilot)
        assert board(pilot).command_line.text == "webinar slides"
        assert ids(pilot, "doing") == ["T-030"]


async def test_a_filter_that_matches_nothing_says_so(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "/")
        await type_in(pilot, "qqqq", "enter")
        assert "nothing here" in shown(pilot)
        assert at(pilot) == ""


# -- mouse


async def place(pilot: Pilot[object], status: str, position: int) -> tuple[int, int]:
    """Where a card is drawn, on the screen."""
    region = column(pilot, status).region
    return region.x + 3, region.y + 1 + position * column(pilot, status).lines_a_card


async def test_a_click_selects_and_a_double_click_opens(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await pilot.click(offset=await place(pilot, "review", 2))
        await settle(pilot)
        assert at(pilot) == "T-052"
        await pilot.double_click(offset=await place(pilot, "assigned", 1))
        await settle(pilot)
        assert isinstance(pilot.app.screen, TaskScreen)
        assert pilot.app.screen.task_id == "T-028"


async def test_a_click_below_the_cards_goes_to_the_column(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await pilot.click(offset=await place(pilot, "review", 7))
        await settle(pilot)
        assert board(pilot).columns.at == "review"


async def test_the_wheel_moves_the_column_under_it_and_not_the_cursor(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        done = column(pilot, "done")
        await pilot._post_mouse_events([_scroll_down()], offset=await place(pilot, "done", 1))
        await settle(pilot)
        assert done.window.top == 3
        assert at(pilot) == "T-043"


def _scroll_down() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


async def test_a_card_is_dragged_to_another_column(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        start, end = await place(pilot, "doing", 1), await place(pilot, "review", 2)
        await pilot.mouse_down(offset=start)
        await pilot.hover(offset=end)
        await pilot.mouse_up(offset=end)
        await settle(pilot)
        assert card(northlight, "T-042").status == "review"
        assert not any(each.drop_target for each in board(pilot).columns.shown)


async def test_a_card_let_go_where_it_was_stays(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        spot = await place(pilot, "doing", 1)
        await pilot.mouse_down(offset=spot)
        await pilot.mouse_up(offset=spot)
        await settle(pilot)
        assert card(northlight, "T-042").status == "doing"
        assert at(pilot) == "T-042"


async def test_a_click_on_a_key_result_of_the_header_filters_by_it(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        header = pilot.app.screen.query_one(StrategyHeader)
        await pilot.click(offset=(header.region.x + 4, header.region.y + 6))
        await settle(pilot)
        assert board(pilot).wanted.key_result == "KR-06"
