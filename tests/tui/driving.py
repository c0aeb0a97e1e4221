"""The application in a test: keys are pressed, and what the data thread was asked for is waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from time import monotonic
from typing import Any, cast

from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from tracker.services.workspace import Workspace
from tracker.tui.app import TrackerApp, read_first
from tracker.tui.screens.working import WorkingScreen

DEADLINE = 10.0
"""Seconds after which a test gives up waiting."""


@asynccontextmanager
async def running(ws: Workspace, size: tuple[int, int] = (120, 36), *, place: str = "") -> AsyncIterator[Pilot[Any]]:
    """The application on a workspace, in a place other than the board if one is named."""
    app = TrackerApp(ws, read_first(ws))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        if place:
            app.open_place(place)
            await settle(pilot)
        yield pilot


async def settle(pilot: Pilot[Any]) -> None:
    """Until every read and write that was asked for has been answered and drawn."""
    end = monotonic() + DEADLINE
    while True:
        await pilot.pause()
        passed = Event()
        app = cast(TrackerApp, pilot.app)
        app.data.submit(lambda: None, lambda _, done=passed: done.set(), lambda _: None)  # type: ignore[misc]
        while not passed.is_set():
            assert monotonic() < end, "the data thread does not answer"
            await pilot.pause(0.001)
        await pilot.pause()
        screen = app.screen
        is_busy = isinstance(screen, WorkingScreen) and (
            screen._writing or screen._reading or screen._waiting or screen._held
            or getattr(screen, "_say_done", None) is not None
        )
        if not is_busy and not app.data.waiting:
            return
        assert monotonic() < end, "the screen stays busy"


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after the other, each after what the one before asked for."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def type_in(pilot: Pilot[Any], text: str, *then: str) -> None:
    """Type words, then press keys."""
    await burst(pilot, *("space" if char == " " else char for char in text))
    await press(pilot, *then)


def lines_of(widget: Widget) -> list[str]:
    """What a widget draws, line by line."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def shown(pilot: Pilot[Any]) -> str:
    """All that is on the screen, as text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def front(pilot: Pilot[Any]) -> type[object]:
    """Which kind of screen is in front."""
    return type(pilot.app.screen)


async def burst(pilot: Pilot[Any], *keys: str) -> None:
    """Keys that arrive all at once, as from a paste or a quick hand on a slow line."""
    for key in keys:
        character = " " if key == "space" else key if len(key) == 1 else "\r" if key == "enter" else None
        pilot.app.post_message(events.Key(key, character))
    await settle(pilot)
