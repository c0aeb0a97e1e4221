"""What is written straight to the terminal leaves there what Textual would have drawn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from tests.terminal import Screen
from tests.tui.driving import press, running, settle, shown, type_in
from tests.tui.screens.board_driving import board
from textual._compositor import CompositorUpdate
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from tracker.services.workspace import Workspace
from tracker.tui.painting import Lines, spans_of


class Watched:
    """A terminal that is written to as a real one would be."""

    def __init__(self, pilot: Pilot[Any], width: int, height: int) -> None:
        self.screen = Screen(width, height)
        self.pilot = pilot
        self.straight: list[str] = []
        """What was written without Textual's composition."""
        whole = pilot.app.screen._compositor.render_full_update()
        self.take(whole)

    def take(self, update: Any) -> None:
        """Write an update."""
        if isinstance(update, CompositorUpdate):
            text = update.render_segments(self.pilot.app.console)
            if isinstance(update, Lines):
                self.straight.append(text)
            # a terminal's line feed goes to the first column, as Textual's driver sets it
            self.screen.feed(text.replace("\n", "\r\n").encode())

    @property
    def lines(self) -> list[str]:
        """What stands on it."""
        return [line.rstrip() for line in self.screen.lines]


@asynccontextmanager
async def watched(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Watched]:
    """The board, and a terminal that gets all that the application writes."""
    async with running(ws, size) as pilot:
        terminal = Watched(pilot, *size)
        display = pilot.app._display

        def both(screen: Any, update: Any) -> None:
            display(screen, update)
            terminal.take(update)

        monkeypatch.setattr(pilot.app, "_display", both)
        yield terminal


def drawn(pilot: Pilot[Any]) -> list[str]:
    """What Textual would draw now."""
    return [line.rstrip() for line in shown(pilot).splitlines()]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_every_key_leaves_on_the_terminal_what_a_whole_repaint_would(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with watched(northlight, monkeypatch, size) as terminal:
        pilot = terminal.pilot
        keys = ["j", "j", ">", "u", "4", "l", "l", "l", "space", "j", "4", "escape", "H", "h", "h", "L", "0", "j", "<",
                "ctrl+r", "space", "space", ">", "H", "end", "u"]
        for key in keys:
            await press(pilot, key)
            await settle(pilot)
            assert terminal.lines == drawn(pilot), f"after {key}"
        assert terminal.straight, "nothing was written straight"


async def test_so_do_keys_in_any_order(northlight: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(8)
    async with watched(northlight, monkeypatch, (100, 30)) as terminal:
        for _ in range(60):
            await press(terminal.pilot, random.choice("jjkkhl>><u4123m0gG") if random.random() < 0.9 else "space")
        await settle(terminal.pilot)
        assert terminal.lines == drawn(terminal.pilot)


async def test_a_search_is_written_below_the_line_that_asks_for_it(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watched(northlight, monkeypatch) as terminal:
        await press(terminal.pilot, "slash")
        await type_in(terminal.pilot, "white pa")
        assert "search white pa" in "\n".join(terminal.lines)
        assert terminal.lines == drawn(terminal.pilot)
        board(terminal.pilot).footer.say("covered by the question")
        await settle(terminal.pilot)
        assert terminal.lines == drawn(terminal.pilot)
        await press(terminal.pilot, "escape")
        assert terminal.lines == drawn(terminal.pilot)


async def test_another_screen_and_the_way_back_leave_nothing_behind(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watched(northlight, monkeypatch) as terminal:
        pilot = terminal.pilot
        for key in ("j", "question_mark", "escape", "j", "T", "j", "escape", ">", "colon", "escape", "ctrl+t", "j"):
            await press(pilot, key)
        await settle(pilot)
        assert terminal.lines == drawn(pilot)


async def test_what_stands_there_already_is_not_written_again(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watched(northlight, monkeypatch) as terminal:
        footer = board(terminal.pilot).footer
        footer.say("once")
        await settle(terminal.pilot)
        before = len(terminal.straight)
        footer.refresh(Region(0, 0, footer.size.width, 1))
        await settle(terminal.pilot)
        assert len(terminal.straight) == before


async def test_while_textual_holds_updates_back_nothing_is_written(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watched(northlight, monkeypatch) as terminal:
        with terminal.pilot.app.batch_update():
            board(terminal.pilot).footer.say("later")
            await settle(terminal.pilot)
            assert "later" not in "\n".join(terminal.lines)
        await settle(terminal.pilot)
        assert terminal.lines == drawn(terminal.pilot)


def test_spans_name_every_seen_cell_once() -> None:
    ground, left, over = (Widget(id=name) for name in ("ground", "left", "over"))
    screen = Region(0, 0, 20, 6)
    visible = {
        over: (Region(4, 2, 8, 2), screen), left: (Region(-2, 1, 10, 3), screen), ground: (Region(0, 0, 20, 6), screen),
    }  # fmt: skip
    spans = spans_of(visible)
    for y in range(6):
        pieces = sorted(
            (span.x, span.x + span.end - span.first)
            for lines in spans.values() for found in lines.values() for span in found if span.y == y
        )
        assert (pieces[0][0], pieces[-1][1]) == (0, 20)
        assert all(end == start for (_, end), (start, _) in pairwise(pieces))
    assert [(span.x, span.first, span.end) for span in spans[left][1]] == [(0, 2, 6)]
    assert [(span.x, span.end) for span in spans[ground][0]] == [(0, 20)]
