"""The calendar in three terminals, as pictures that are compared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from tests.tui.driving import press, settle
from textual.pilot import Pilot

from tracker.services.workspace import Workspace
from tracker.tui.app import TrackerApp, read_first

SIZES = [(80, 24), (120, 36), (200, 50)]
sizes = pytest.mark.parametrize("size", SIZES, ids=[f"{width}x{height}" for width, height in SIZES])


def calendar(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def prepare(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        cast(TrackerApp, pilot.app).open_place("calendar")
        await settle(pilot)
        await press(pilot, *keys)

    return prepare


def looks_as_before(snap_compare: Any, ws: Workspace, size: tuple[int, int], *keys: str) -> bool:
    app = TrackerApp(ws, read_first(ws))
    app.animation_level = "none"
    return bool(snap_compare(app, terminal_size=size, run_before=calendar(*keys)))


@sizes
def test_month(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, "tab")


@sizes
def test_week_with_selected_tasks(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, "v", "l", "l", "space", "space")


@sizes
def test_a_month_of_what_comes_round(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, "pagedown", "p", "p")
