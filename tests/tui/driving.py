"""The application in a test: keys are pressed, and what the data thread was asked for is waited for."""

from __future__ import annotations

from asyncio import AbstractEventLoop, get_running_loop, sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, cast

from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tracker.services.workspace import Workspace
from tracker.tui.app import TrackerApp, read_first
from tracker.tui.screens.working import WorkingScreen

DEADLINE = 30.0
"""Seconds after which a test gives up waiting."""
SOON = 0.05
"""Seconds that are waited for what the application does later by itself."""


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
    app, end = cast(TrackerApp, pilot.app), monotonic() + DEADLINE
    while True:
        while app.data.is_busy:  # asked, not told by a job of ours: one that waits behind a write changes what it reads
            assert monotonic() < end, "the data thread does not answer"
            await sleep(0.001)
        await at_rest(app)
        if not (app.data.is_busy or has_work(get_running_loop()) or _is_at_work(app.screen)):
            return
        await sleep(0)
        assert monotonic() < end, "the screen stays busy"


def _is_at_work(screen: Screen[Any]) -> bool:
    return isinstance(screen, WorkingScreen) and bool(
        screen._writing or screen._reading or screen._waiting or screen._held
        or getattr(screen, "_say_done", None) is not None
    )  # fmt: skip


async def at_rest(app: App[Any]) -> None:
    """Until nothing in the event loop is ready to run or comes by itself in a moment, and the screen is drawn.

    Textual's own pilot waits until the process has used next to no processor time for a fiftieth of a second, several
    times for each key; and on a busy machine a process uses none, too, while it merely is not its turn.
    """
    loop, end = get_running_loop(), monotonic() + DEADLINE
    while True:
        while has_work(loop):
            await sleep(0)
        screen = app._screen_stack[-1] if app._running and app._screen_stack else None
        if screen is not None and _is_to_be_drawn(screen):
            screen._on_timer_update()  # now, not with the next frame
        elif app._running and not app._animator._complete_event.is_set():
            await app._animator.wait_until_complete()
        elif _comes_soon(app):
            await sleep(0.001)
        elif not has_work(loop):
            return
        assert monotonic() < end, "the application does not come to rest"


def has_work(loop: AbstractEventLoop) -> bool:
    """Whether anything but what runs now is ready to run."""
    return bool(cast(Any, loop)._ready)


def _is_to_be_drawn(screen: Screen[Any]) -> bool:
    return screen.is_current and not screen.app._batch_count and bool(
        screen._layout_required or screen._scroll_required or screen._repaint_required or screen._recompose_required
        or screen._dirty_widgets or screen._callbacks
    )  # fmt: skip


def _comes_soon(app: App[Any]) -> bool:
    """Whether a timer runs that ends in a moment."""
    return any(
        timer._repeat == 0 and timer._interval <= SOON and timer._task is not None and not timer._task.done()
        for pump in (app, *app._registry) for timer in pump._timers
    )  # fmt: skip


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after the other, each after what the one before asked for."""
    for key in keys:
        await pilot.app._press_keys((key,))
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
