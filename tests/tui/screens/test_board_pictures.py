"""The board and the help in three terminals, as pictures that are compared; `--snapshot-update` takes new ones."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tui.driving import press, settle, type_in
from textual.pilot import Pilot

from tracker.services.workspace import Workspace
from tracker.tui.app import TrackerApp, read_first

SIZES = [(80, 24), (120, 36), (200, 50)]
sizes = pytest.mark.parametrize("size", SIZES, ids=[f"{width}x{height}" for width, height in SIZES])


def looks_as_before(
    snap_compare: Any, ws: Workspace, size: tuple[int, int], *keys: str, typed: str = "", theme: str = ""
) -> bool:
    app = TrackerApp(ws, read_first(ws))
    app.animation_level = "none"

    async def prepare(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        if theme:
            app.theme = theme
        await press(pilot, *keys)
        await type_in(pilot, typed)
        await settle(pilot)

    return bool(snap_compare(app, terminal_size=size, run_before=prepare))


@sizes
def test_board(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size)


@sizes
def test_board_filtered_selected_and_asking(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, "4", "space", "space", "a", typed="p")


def test_board_at_its_smallest(snap_compare: Any, northlight: Workspace) -> None:
    assert looks_as_before(snap_compare, northlight, (60, 15))


@pytest.mark.parametrize("theme", ["tracker-light", "tracker-contrast"])
def test_board_in_other_themes(snap_compare: Any, northlight: Workspace, theme: str) -> None:
    assert looks_as_before(snap_compare, northlight, (120, 36), "space", theme=theme)


def test_board_without_colour(snap_compare: Any, northlight: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, northlight, (120, 36), "space")


@sizes
def test_help(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, "question_mark")
