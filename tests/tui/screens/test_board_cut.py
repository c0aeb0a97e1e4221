"""The cut line on the board: what will not finish by the cycle's end is marked, without slowing or moving anything."""

from __future__ import annotations

from typing import Any

import pytest
from tests.services.test_query_plans import statements
from tests.tui.driving import lines_of, press, running, settle, shown
from tests.tui.screens.test_pictures import looks_as_before, sizes
from textual.pilot import Pilot

from tracker.services import tasks
from tracker.services.workspace import Workspace
from tracker.tui.screens.board import BoardScreen
from tracker.tui.widgets.columns import Columns

BAR = "╎"


def marked(pilot: Pilot[Any]) -> dict[str, int]:
    """How many cards of each column have the bar along them."""
    columns = pilot.app.screen.query_one(Columns)
    found = {}
    for column in columns.shown:
        lines = [line for line in lines_of(column)[1:-1] if line.startswith(BAR)]
        found[column.status] = len(lines) // column.lines_a_card
    return found


def underlined(pilot: Pilot[Any]) -> list[str]:
    """Lines of cards that carry the line across their whole width."""
    columns = pilot.app.screen.query_one(Columns)
    found = []
    for column in columns.shown:
        for y in range(1, column.size.height - 1):
            strip = column.render_line(y)
            if strip.text.strip() and all(segment.style is not None and segment.style.underline for segment in strip):
                found.append(strip.text.split()[0])
    return found


async def test_a_key_marks_what_will_not_finish_and_hides_it_again(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        before = shown(pilot)
        await press(pilot, "c")
        assert marked(pilot) == {"backlog": 6, "assigned": 8, "doing": 6, "review": 0, "done": 0}
        assert underlined(pilot) == ["42"]
        assert "6 of 28 finish by 31 Oct (85%)" in shown(pilot)
        await press(pilot, "c")
        assert sum(marked(pilot).values()) == 0
        assert underlined(pilot) == []
        assert shown(pilot) == before


async def test_recurring_tasks_are_passed_over(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "c")
        columns = pilot.app.screen.query_one(Columns)
        drawn = [line for column in columns.shown for line in lines_of(column) if line.strip()]
        lines = {line.split()[0].lstrip(BAR): line for line in drawn}
        assert not lines["62"].startswith(BAR)
        assert lines["51"].startswith(BAR)


async def test_the_marks_follow_a_change(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "c")
        tasks.cancel_tasks(northlight, ["T-026"], "not now")
        pilot.app.screen.store_changed()  # type: ignore[attr-defined]
        await settle(pilot)
        assert underlined(pilot) == ["27"]
        assert marked(pilot)["doing"] == 5


async def test_a_filter_leaves_the_same_cards_marked(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "c", "4")
        # of white paper downloads the two in review and the two first in doing are above the line
        assert marked(pilot) == {"backlog": 2, "assigned": 2, "doing": 2, "review": 0, "done": 0}


async def test_without_history_it_says_so(begun: Workspace) -> None:
    async with running(begun) as pilot:
        await press(pilot, "c")
        assert "There is not enough history" in shown(pilot)


async def test_a_board_without_the_line_reads_nothing_more(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, BoardScreen)
        asked = statements(northlight, lambda ws: screen.reader()())
        assert not any("recurs IS NULL" in sql for sql in asked)


@sizes
def test_the_board_with_the_line(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    async def prepare(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await press(pilot, "c")

    assert looks_as_before(snap_compare, northlight, size, prepare)


def test_the_line_without_colour(snap_compare: Any, northlight: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    async def prepare(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await press(pilot, "c")

    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, northlight, (120, 36), prepare)
