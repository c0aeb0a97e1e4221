"""Each screen beside the board in three terminals, as a picture that is compared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from tests.tui.driving import press, settle
from textual.pilot import Pilot

from tracker.services.workspace import Workspace
from tracker.tui.app import TrackerApp, read_first
from tracker.tui.widgets.text_view import TextView

SIZES = [(80, 24), (120, 36), (200, 50)]
NAMES = [f"{width}x{height}" for width, height in SIZES]
Prepare = Callable[[Pilot[Any]], Awaitable[None]]

sizes = pytest.mark.parametrize("size", SIZES, ids=NAMES)


def place(name: str, *keys: str) -> Prepare:
    async def prepare(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        cast(TrackerApp, pilot.app).open_place(name)
        await settle(pilot)
        await press(pilot, *keys)

    return prepare


def task(name: str, *keys: str, edit: bool = False) -> Prepare:
    async def prepare(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        cast(TrackerApp, pilot.app).open_task(name, edit=edit)
        await settle(pilot)
        await press(pilot, *keys)

    return prepare


def looks_as_before(snap_compare: Any, ws: Workspace, size: tuple[int, int], prepare: Prepare) -> bool:
    app = TrackerApp(ws, read_first(ws))
    app.animation_level = "none"
    return bool(snap_compare(app, terminal_size=size, run_before=prepare))


@sizes
def test_triage(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, place("triage", "j", "space", "space", "g"))


@sizes
def test_triage_while_an_owner_is_chosen(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    keys = ("j", "j", "j", "j", "j", "j", "a", "p")
    assert looks_as_before(snap_compare, northlight, size, place("triage", *keys))


@sizes
def test_task(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, task("T-043"))


@sizes
def test_task_form(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    keys = ("tab", "tab", "tab", "9", "shift+tab", "tab")
    assert looks_as_before(snap_compare, northlight, size, task("T-043", *keys, edit=True))


@sizes
def test_ideas(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, place("ideas", "j"))


@sizes
def test_strategy(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    async def prepare(pilot: Pilot[Any]) -> None:
        await place("strategy")(pilot)
        pilot.app.screen.query_one(TextView).go("key_result/KR-08")
        await settle(pilot)

    assert looks_as_before(snap_compare, northlight, size, prepare)


@sizes
def test_key_result_form(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, place("strategy", "n"))


@sizes
def test_wizard(snap_compare: Any, empty: Workspace, size: tuple[int, int]) -> None:
    async def prepare(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await press(pilot, *"Calls", "enter", *"clinics", "enter", "enter")

    assert looks_as_before(snap_compare, empty, size, prepare)


@sizes
def test_without_a_strategy(snap_compare: Any, empty: Workspace, size: tuple[int, int]) -> None:
    async def prepare(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await press(pilot, *"Calls", "enter", "escape", "i", *"Podcast", "enter")

    assert looks_as_before(snap_compare, empty, size, prepare)


def test_triage_in_light(snap_compare: Any, northlight: Workspace) -> None:
    assert looks_as_before(snap_compare, northlight, (120, 36), place("triage", "ctrl+t"))


def test_triage_without_colour(snap_compare: Any, northlight: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, northlight, (120, 36), place("triage", "j", "space"))
