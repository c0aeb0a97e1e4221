"""The board: the cursor, the columns and the ways to other screens, key by key."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from tests.tui.driving import burst, lines_of, press, running, settle, shown
from tests.tui.screens.board_driving import at, board, column, ids, notice, until
from textual import events
from textual.geometry import Size

from tracker.services.workspace import Workspace
from tracker.settings import Settings
from tracker.tui.app import TrackerApp
from tracker.tui.screens.board import BoardScreen
from tracker.tui.screens.help import HelpScreen
from tracker.tui.screens.small import SmallScreen
from tracker.tui.screens.task import TaskScreen
from tracker.tui.screens.triage import TriageScreen
from tracker.tui.widgets.header import StrategyHeader


async def test_the_first_frame_has_header_columns_and_detail(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        screen = shown(pilot)
        for words in (
            "S-01 Content marketing that books calls", "BACKLOG 6", "ASSIGNED 9", "DOING 9/6 OVER", "REVIEW 4/3 OVER",
            "DONE 33", "43 4A tomas 12 Oct! 14d B", "T-041 13Oct", "14 more", "A awareness 10",
            "T-043 White paper ad to a lookalike audience  moves 4 White paper downloads (70/300 off track): Direct",
        ):  # fmt: skip
            assert words in screen, words


async def test_the_cursor_begins_with_the_work_that_is_begun(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        assert at(pilot) == "T-043"


@pytest.mark.parametrize(("down", "up"), [("j", "k"), ("down", "up")])
async def test_down_and_up(northlight: Workspace, down: str, up: str) -> None:
    async with running(northlight) as pilot:
        await press(pilot, down, down)
        assert at(pilot) == "T-027"
        await press(pilot, up)
        assert at(pilot) == "T-042"


@pytest.mark.parametrize(("right", "left"), [("l", "h"), ("right", "left")])
async def test_columns_at_the_same_height(northlight: Workspace, right: str, left: str) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "j", right)
        assert at(pilot) == "T-046"
        await press(pilot, left, left)
        assert at(pilot) == "T-028"


async def test_the_cursor_stays_on_the_board(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "k", *"hhhhhh", "k")
        assert at(pilot) == "T-033"
        await press(pilot, *"llllllllll")
        assert at(pilot) == "T-041"


@pytest.mark.parametrize(("end", "start"), [("$", "g"), ("end", "home")])
async def test_first_and_last(northlight: Workspace, end: str, start: str) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "l", "l", end)
        assert at(pilot) == "T-001"
        assert "T-001 03Sep" in shown(pilot)
        assert "14 above" in shown(pilot)
        await press(pilot, start)
        assert at(pilot) == "T-041"


@pytest.mark.parametrize(("down", "up"), [("pagedown", "pageup"), ("ctrl+f", "ctrl+b")])
async def test_pages(northlight: Workspace, down: str, up: str) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "l", "l", down)
        assert at(pilot) == ids(pilot, "done")[column(pilot, "done").window.capacity]
        await press(pilot, up)
        assert at(pilot) == "T-041"


async def test_the_detail_follows_the_cursor(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "j")
        assert "T-042 Blog: the reception desk" in shown(pilot).splitlines()[-4]
        assert "due 16 Oct, 3 days late" in shown(pilot).splitlines()[-3]


async def test_narrow_terminals_turn_to_the_column_of_the_cursor(northlight: Workspace) -> None:
    async with running(northlight, (80, 24)) as pilot:
        await press(pilot, *"hhhh")
        assert "BACKLOG 6" in shown(pilot)
        assert "review 4 ›" in shown(pilot)
        await press(pilot, *"llll")
        assert "DONE 33" in shown(pilot)
        assert "BACKLOG" not in shown(pilot)


async def test_an_empty_column_can_be_entered_and_says_so(begun: Workspace) -> None:
    async with running(begun) as pilot:
        await press(pilot, "l")
        assert "▌nothing here" in shown(pilot)
        assert at(pilot) == ""
        await press(pilot, ">")
        assert "There is no task under the cursor" in notice(pilot)


async def test_wide_and_tall_terminals_show_why_each_task_is_done(northlight: Workspace) -> None:
    async with running(northlight, (200, 50)) as pilot:
        assert "Search traffic meets the form" in "\n".join(lines_of(column(pilot, "doing")))


async def test_short_terminals_fold_the_header_and_unfold_it_when_there_is_room(northlight: Workspace) -> None:
    async with running(northlight, (60, 15)) as pilot:
        assert pilot.app.screen.query_one(StrategyHeader).size.height == 1
        assert column(pilot, "doing").window.capacity >= 4
        await pilot.resize_terminal(120, 36)
        await settle(pilot)
        assert pilot.app.screen.query_one(StrategyHeader).size.height == 9


@pytest.mark.parametrize("size", [(59, 15), (60, 14), (20, 5), (1, 1)])
async def test_a_terminal_that_is_too_small_says_what_is_needed(northlight: Workspace, size: tuple[int, int]) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "j")
        await pilot.resize_terminal(*size)
        await pilot.pause()
        if size[0] >= 20:
            assert f"this is {size[0]}x{size[1]}" in shown(pilot)
        await pilot.resize_terminal(120, 36)
        await settle(pilot)
        assert at(pilot) == "T-042"


async def test_a_start_in_a_terminal_that_is_too_small(northlight: Workspace) -> None:
    async with running(northlight, (40, 10)) as pilot:
        assert "tracker needs 60x15" in shown(pilot)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert isinstance(pilot.app.screen, BoardScreen)


async def test_a_size_that_shrinks_again_while_the_sentence_is_leaving_keeps_it(northlight: Workspace) -> None:
    async with running(northlight, (40, 10)) as pilot:
        sentence = pilot.app.screen
        assert isinstance(sentence, SmallScreen)
        app = cast("TrackerApp", pilot.app)
        app._size = Size(120, 36)  # large enough a moment ago ...
        app.on_resize(events.Resize(Size(40, 12), Size(40, 12)))  # ... and told to be too small just now
        sentence.leave_when_large_enough()
        assert pilot.app.screen is sentence


async def test_the_header_folds_and_never_leaves(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "H")
        assert pilot.app.screen.query_one(StrategyHeader).size.height == 1
        await press(pilot, "H")
        assert pilot.app.screen.query_one(StrategyHeader).size.height == 9


async def test_the_settings_fold_the_header_choose_the_theme_and_other_keys(northlight: Workspace) -> None:
    settings = Settings(theme="light", fold_header=True, keys={"down": "ctrl+n", "no_such": "f5"})
    async with running(replace(northlight, settings=settings)) as pilot:
        assert pilot.app.theme == "tracker-light"
        assert pilot.app.screen.query_one(StrategyHeader).size.height == 1
        assert "keys.no_such: there is no such command" in shown(pilot)
        await press(pilot, "ctrl+n")
        assert at(pilot) == "T-042"
        await press(pilot, "j")
        assert at(pilot) == "T-042", "j was given away"
        assert "Ctrl+N/k move" in shown(pilot)


async def test_themes_by_key(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        for name in ("tracker-light", "tracker-contrast", "tracker-dark"):
            await press(pilot, "ctrl+t")
            assert pilot.app.theme == name


async def test_no_color_writes_no_colour(northlight: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(northlight) as pilot:
        styles = [
            segment.style
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None
        ]
        colours = {color for style in styles for color in (style.color, style.bgcolor) if color is not None}
        assert all(color.is_default for color in colours)
        assert any(style.reverse for style in styles), "the cursor is seen without colour"


@pytest.mark.parametrize(
    ("key", "screen"),
    [("enter", TaskScreen), ("T", TriageScreen), ("question_mark", HelpScreen), ("f1", HelpScreen)],
)
async def test_other_screens_and_back(northlight: Workspace, key: str, screen: type) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "j", key)
        assert isinstance(pilot.app.screen, screen)
        await press(pilot, "escape")
        assert at(pilot) == "T-042"


@pytest.mark.parametrize(("key", "words"), [("S", "Content marketing"), ("I", "podcasts")])
async def test_strategy_and_ideas(northlight: Workspace, key: str, words: str) -> None:
    async with running(northlight) as pilot:
        await press(pilot, key)
        assert not isinstance(pilot.app.screen, BoardScreen)
        assert words in shown(pilot)


async def test_edit_opens_the_form(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "e")
        assert "White paper ad to a lookalike audience" in shown(pilot)
        assert not isinstance(pilot.app.screen, BoardScreen)


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_the_palette_does_commands(northlight: Workspace, key: str) -> None:
    async with running(northlight) as pilot:
        await pilot.press(key)
        await pilot.pause()
        await pilot.press(*"only late")
        await until(pilot, lambda: "past their due date" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BoardScreen) and board(pilot).wanted.late)


async def test_quit(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert not pilot.app.is_running


async def test_keys_that_come_faster_than_paints_are_all_done(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await burst(pilot, *"jjjjkkj")
        assert at(pilot) == "T-044"
