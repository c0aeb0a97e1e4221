"""The calendar screen: every key, the mouse, what is drawn, and that text from outside stays text."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from tests.tui.driving import front, lines_of, press, running, settle, shown, type_in
from textual.events import MouseMove
from textual.pilot import Pilot

from tracker.services import board, tasks
from tracker.services.calendar import Entry
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.tui.screens.board import BoardScreen
from tracker.tui.screens.calendar import CalendarScreen
from tracker.tui.screens.task import TaskScreen
from tracker.tui.screens.task_form import TaskFormScreen
from tracker.tui.widgets.calendar import CalendarGrid, Shown
from tracker.tui.widgets.title_line import TitleLine


def screen(pilot: Pilot[Any]) -> CalendarScreen:
    return cast(CalendarScreen, pilot.app.screen)


def grid(pilot: Pilot[Any]) -> CalendarGrid:
    return screen(pilot).query_one(CalendarGrid)


def view(pilot: Pilot[Any]) -> Shown:
    found = grid(pilot).shown
    assert found is not None
    return found


def day(pilot: Pilot[Any]) -> date:
    return view(pilot).day


def title(pilot: Pilot[Any]) -> str:
    return screen(pilot).query_one("#title", TitleLine).text


def fields(ws: Workspace, task: str) -> dict[str, Any]:
    return dict(board.task_detail(ws, task).fields)


def cell(pilot: Pilot[Any], wanted: date) -> list[str]:
    """The lines of one day, as drawn."""
    drawn = grid(pilot)
    return ["".join(text for text, _ in line).rstrip() for line in drawn._cell(wanted).lines]


def place_of(pilot: Pilot[Any], wanted: date, line: int = 0) -> tuple[int, int]:
    """A place inside a day of the grid."""
    drawn = grid(pilot)
    for y in range(drawn.size.height):
        for x in range(drawn.size.width):
            found = drawn.place_at(x, y)
            if found is not None and found[0] == wanted:
                return x + 2, y + line
    raise AssertionError(f"{wanted} is not in view")


async def select(pilot: Pilot[Any], task: str, what: str, on: date) -> None:
    screen(pilot)._go(on, (task, what))
    await settle(pilot)


# where the cursor goes


async def test_it_opens_on_today_from_the_board(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "W")
        assert front(pilot) is CalendarScreen
        assert day(pilot) == date(2026, 10, 19)
        assert "Oct 2026" in title(pilot)
        assert "6 working days without anything published" in title(pilot)
        await press(pilot, "escape")
        assert front(pilot) is BoardScreen


@pytest.mark.parametrize(("keys", "expected"), [
    (("l",), "2026-10-20"), (("right",), "2026-10-20"), (("h",), "2026-10-18"), (("left",), "2026-10-18"),
    (("j",), "2026-10-26"), (("down",), "2026-10-26"), (("k",), "2026-10-12"), (("up",), "2026-10-12"),
    (("right_square_bracket",), "2026-11-19"), (("pagedown",), "2026-11-19"), (("left_square_bracket",), "2026-09-19"),
    (("pageup",), "2026-09-19"), (("home",), "2026-10-01"), (("end",), "2026-10-31"),
    (("pagedown", "pagedown", "t"), "2026-10-19"), (("end", "l"), "2026-11-01"), (("end", "pagedown"), "2026-11-30"),
    (("v", "pagedown"), "2026-10-26"), (("v", "home"), "2026-10-19"), (("v", "end"), "2026-10-25"),
    (("v", "j"), "2026-10-19"), (("v", "l"), "2026-10-20"),
])  # fmt: skip
async def test_keys_move_the_day(northlight: Workspace, keys: tuple[str, ...], expected: str) -> None:
    async with running(northlight, place="calendar") as pilot:
        await press(pilot, *keys)
        assert day(pilot).isoformat() == expected


async def test_another_month_is_read_when_it_is_turned_to(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await press(pilot, "pagedown")
        assert cell(pilot, date(2026, 11, 6))[1].startswith(" d~62 Answer ev")
        assert "Nov 2026" in title(pilot)
        assert "October 2026: 6 working days" in title(pilot)


async def test_tab_goes_through_the_tasks_of_the_day(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        assert view(pilot).selected == ("T-042", "publish")
        seen = []
        for _ in range(3):
            await press(pilot, "tab")
            seen.append(view(pilot).selected)
        assert seen == [("T-052", "publish"), ("T-052", "due"), ("T-042", "publish")]
        await press(pilot, "shift+tab")
        assert view(pilot).selected == ("T-052", "due")
        assert "T-052" in shown(pilot)


async def test_in_a_week_up_and_down_go_through_the_tasks(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await press(pilot, "v", "j")
        assert view(pilot).selected == ("T-052", "publish")
        await press(pilot, "k", "k")
        assert view(pilot).selected == ("T-052", "due")
        assert "19 Oct to 25 Oct" in title(pilot)


async def test_the_key_p_shows_publish_days_then_due_days_then_both(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        twelfth = date(2026, 10, 12)
        assert len([line for line in cell(pilot, twelfth) if line]) == 6
        await press(pilot, "p")
        assert {line[1] for line in cell(pilot, twelfth)[1:] if line} == {"p"}
        assert "only publish days" in title(pilot)
        await press(pilot, "p")
        assert {line[1] for line in cell(pilot, twelfth)[1:] if line} == {"d"}
        await press(pilot, "p")
        assert {line[1] for line in cell(pilot, twelfth)[1:] if line} == {"p", "d"}


# what is drawn


async def test_a_day_shows_its_tasks_with_signs_that_need_no_colour(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        assert cell(pilot, date(2026, 10, 19))[0].startswith(">[19] today")
        assert cell(pilot, date(2026, 10, 14))[1:] == [" d!26 Welcome s…", " p✓41 Blog: fiv…"]
        assert cell(pilot, date(2026, 10, 20))[0].endswith(" gap")
        assert "gap" not in cell(pilot, date(2026, 10, 21))[0]
        assert cell(pilot, date(2026, 10, 12))[0].endswith(" +1")


async def test_what_has_no_room_is_counted_and_still_reached(northlight: Workspace) -> None:
    async with running(northlight, (80, 24), place="calendar") as pilot:
        twelfth = date(2026, 10, 12)
        lines = cell(pilot, twelfth)
        assert lines[0].endswith(f"+{6 - (len(lines) - 1)}")
        await select(pilot, "T-029", "due", twelfth)
        assert any(line.startswith(">d✓29") for line in cell(pilot, twelfth))


async def test_a_day_of_hundreds_stays_a_day(begun: Workspace) -> None:
    for number in range(60):
        tasks.add_task(begun, NewTask(f"Task {number}", "KR-01", due_on=date(2026, 10, 19)))
    async with running(begun, place="calendar") as pilot:
        assert "+5" in cell(pilot, date(2026, 10, 19))[0]
        for _ in range(30):
            await press(pilot, "tab")
        assert view(pilot).selected == ("T-031", "due")
        await press(pilot, "l")
        assert cell(pilot, date(2026, 10, 20))[0].startswith("> 20")


HOSTILE = "[red]Bold[/] \x1b[2J\u202e 危険 👩‍👩‍👧 " + "y" * 3000


@pytest.mark.parametrize("keys", [(), ("v",)])
async def test_hostile_titles_stay_inside_their_cell(northlight: Workspace, keys: tuple[str, ...]) -> None:
    with sqlite3.connect(northlight.store.path) as connection:
        connection.execute("UPDATE task SET title = ?, owner = 'priya' WHERE due_on = '2026-10-20'", (HOSTILE,))
    async with running(northlight, place="calendar") as pilot:
        await press(pilot, *keys)
        drawn = grid(pilot)
        strips = [drawn.render_line(y) for y in range(drawn.size.height)]
        assert {strip.cell_length for strip in strips} == {120}
        text = "\n".join(strip.text for strip in strips)
        assert "[red]" in text
        assert "\x1b" not in text
        assert "\u202e" not in text


async def test_without_colour_cursor_and_task_have_signs(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(northlight, place="calendar") as pilot:
        text = "\n".join(lines_of(grid(pilot)))
        assert ">[19] today" in text
        assert ">p 42 Blog" in text


async def test_before_there_is_anything_the_month_is_empty(begun: Workspace) -> None:
    async with running(begun, place="calendar") as pilot:
        assert "nothing is to be published" in title(pilot)
        await press(pilot, ">")
        assert "There is no task on this day" in shown(pilot)
        await press(pilot, "d")
        assert "There is no task on this day" in shown(pilot)
        await press(pilot, "space", "enter", "tab", "a")
        assert front(pilot) is CalendarScreen


# moving tasks


@pytest.mark.parametrize(("key", "expected"), [
    (">", "2026-10-21"), ("shift+right", "2026-10-21"), ("<", "2026-10-19"), ("shift+left", "2026-10-19"),
    ("shift+down", "2026-10-27"), ("shift+up", "2026-10-13"),
])  # fmt: skip
async def test_keys_move_the_due_day_and_the_cursor_goes_along(northlight: Workspace, key: str, expected: str) -> None:
    async with running(northlight, place="calendar") as pilot:
        await select(pilot, "T-027", "due", date(2026, 10, 20))
        await press(pilot, key)
        assert (day(pilot).isoformat(), view(pilot).selected) == (expected, ("T-027", "due"))
        await press(pilot, "u")
        assert (day(pilot), view(pilot).selected) == (date(2026, 10, 20), ("T-027", "due"))
    assert fields(northlight, "T-027")["due_on"] == "2026-10-20"


async def test_what_is_shown_as_published_moves_its_publish_day(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await select(pilot, "T-027", "publish", date(2026, 10, 21))
        await press(pilot, ">", ">")
        assert day(pilot) == date(2026, 10, 23)
    found = fields(northlight, "T-027")
    assert (found["due_on"], found["publish_on"]) == ("2026-10-20", "2026-10-23")


async def test_a_task_that_leaves_the_month_takes_the_view_along(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await select(pilot, "T-059", "due", date(2026, 10, 30))
        await press(pilot, "shift+down")
        assert (day(pilot), view(pilot).selected) == (date(2026, 11, 6), ("T-059", "due"))
        assert "Nov 2026" in title(pilot)


async def test_selected_tasks_move_together_and_are_undone_together(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await select(pilot, "T-032", "due", date(2026, 10, 21))
        await press(pilot, "space", "space")
        assert view(pilot).marked == {("T-032", "due"), ("T-044", "due")}
        assert "2 selected" in title(pilot)
        await press(pilot, ">", ">")
        assert {fields(northlight, task)["due_on"] for task in ("T-032", "T-044")} == {"2026-10-23"}
        await press(pilot, "u")
        assert {fields(northlight, task)["due_on"] for task in ("T-032", "T-044")} == {"2026-10-22"}
        await press(pilot, "escape")
        assert (front(pilot), view(pilot).marked) == (CalendarScreen, frozenset())
        await press(pilot, "space", "space")
        assert len(view(pilot).marked) == 2
        await press(pilot, "p")
        assert all(what == "publish" for _, what in view(pilot).marked)


async def test_a_day_can_be_typed_or_taken_away(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await select(pilot, "T-027", "due", date(2026, 10, 20))
        await press(pilot, "d")
        assert "T-027 due" in shown(pilot)
        await type_in(pilot, "30 oct", "enter")
        assert (day(pilot), view(pilot).selected) == (date(2026, 10, 30), ("T-027", "due"))
        await press(pilot, "d")
        await type_in(pilot, "-", "enter")
        assert fields(northlight, "T-027")["due_on"] is None
        assert day(pilot) == date(2026, 10, 30)
        await press(pilot, "u")
        assert fields(northlight, "T-027")["due_on"] == "2026-10-30"


async def test_another_persons_move_is_shown_and_asked_about(
    northlight: Workspace, open_copy: Callable[..., Workspace]
) -> None:
    async with running(northlight, place="calendar") as pilot:
        await select(pilot, "T-027", "due", date(2026, 10, 20))
        moves = screen(pilot)
        other = open_copy(Path(northlight.store.path), "jonas")
        tasks.set_due(other, ["T-027"], date(2026, 10, 28))
        moves._reschedule({cast(Entry, moves._current()): date(2026, 10, 22)})
        await settle(pilot)
        assert "theirs 2026-10-28" in shown(pilot)
        await press(pilot, "o")
        assert fields(northlight, "T-027")["due_on"] == "2026-10-22"


# the rest of the keys


async def test_a_new_task_is_due_on_the_day_under_the_cursor(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await press(pilot, "pagedown", "n")
        await type_in(pilot, "Plan December kr:1", "enter")
        assert fields(northlight, "T-063")["due_on"] == "2026-11-19"
        assert view(pilot).selected == ("T-063", "due")


async def test_enter_opens_the_task_and_e_its_form(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await press(pilot, "enter")
        assert front(pilot) is TaskScreen
        await press(pilot, "escape", "e")
        assert front(pilot) is TaskFormScreen


async def test_a_gives_the_task_to_a_person(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await select(pilot, "T-033", "due", date(2026, 10, 28))
        await press(pilot, "a")
        await type_in(pilot, "le")
        assert fields(northlight, "T-033")["owner"] == "lena"


async def test_help_palette_header_and_theme_work_here_too(northlight: Workspace) -> None:
    async with running(northlight, (200, 50), place="calendar") as pilot:
        assert "WHO" in shown(pilot)
        await press(pilot, "H")
        assert "WHO" not in shown(pilot)
        await press(pilot, "?")
        assert "Publish or due" in shown(pilot)
        await press(pilot, "escape", "ctrl+t", "q")
        assert front(pilot) is BoardScreen


async def test_a_keys_answer_is_said(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await select(pilot, "T-027", "due", date(2026, 10, 20))
        await press(pilot, ">")
        assert "due 2026-10-21: T-027" in shown(pilot)


# the mouse


async def test_a_click_chooses_day_and_task_and_a_double_click_opens_it(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        at = place_of(pilot, date(2026, 10, 22), 2)
        await pilot.click(CalendarGrid, offset=at)
        await settle(pilot)
        assert (day(pilot), view(pilot).selected) == (date(2026, 10, 22), ("T-044", "publish"))
        await pilot.click(CalendarGrid, offset=at, times=2)
        await settle(pilot)
        assert front(pilot) is TaskScreen


async def test_a_task_is_dragged_to_another_day(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        start, end = place_of(pilot, date(2026, 10, 20), 2), place_of(pilot, date(2026, 10, 22))
        await pilot.mouse_down(CalendarGrid, offset=start)
        widget = grid(pilot)
        x, y = widget.region.x + end[0], widget.region.y + end[1]
        widget.on_mouse_move(MouseMove(widget, end[0], end[1], 0, 0, 1, False, False, False, x, y))
        assert view(pilot).drop == date(2026, 10, 22)
        await pilot.mouse_up(CalendarGrid, offset=end)
        await settle(pilot)
        assert view(pilot).drop is None
        assert (day(pilot), view(pilot).selected) == (date(2026, 10, 22), ("T-027", "due"))
    assert fields(northlight, "T-027")["due_on"] == "2026-10-22"


async def test_dragging_an_empty_place_moves_nothing(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        await pilot.mouse_down(CalendarGrid, offset=place_of(pilot, date(2026, 10, 24), 1))
        await pilot.mouse_up(CalendarGrid, offset=place_of(pilot, date(2026, 10, 22)))
        await settle(pilot)
        assert day(pilot) == date(2026, 10, 24)
        await press(pilot, "u")
        assert "nothing of mara's to undo" in shown(pilot)


async def test_the_wheel_goes_from_week_to_week(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        grid(pilot).post_message(CalendarGrid.Wheeled(1))
        await settle(pilot)
        assert day(pilot) == date(2026, 10, 26)


@pytest.mark.parametrize("keys", [(), ("v",)])
async def test_the_smallest_terminal_still_has_every_day(northlight: Workspace, keys: tuple[str, ...]) -> None:
    async with running(northlight, (60, 15), place="calendar") as pilot:
        await press(pilot, *keys)
        strips = [grid(pilot).render_line(y) for y in range(grid(pilot).size.height)]
        assert {strip.cell_length for strip in strips} == {60}
        text = "\n".join(strip.text for strip in strips)
        assert all(f" {number} " in text for number in (20, 21, 22, 23, 24, 25))
        assert "[19]" in text
        await press(pilot, "tab", ">", "u", "pagedown", "t")
        assert day(pilot) == date(2026, 10, 19)


async def test_the_ends_of_time_are_not_passed(northlight: Workspace) -> None:
    async with running(northlight, place="calendar") as pilot:
        screen(pilot)._go(date(9998, 12, 31))
        await settle(pilot)
        await press(pilot, "pagedown", "l", "j", "v", "pagedown")
        assert day(pilot).year == 9998
        screen(pilot)._go(date(1900, 1, 1))
        await settle(pilot)
        await press(pilot, "pageup", "h", "k", "v", "pageup")
        assert day(pilot).year == 1900
