"""The flow screen in three terminals, as a picture that is compared."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tui.screens.test_pictures import looks_as_before, place, sizes

from tracker.services.workspace import Workspace


@sizes
def test_flow(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, place("flow"))


@sizes
def test_flow_with_a_what_if(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    keys = ("]", "w", "2", "0", "enter")
    assert looks_as_before(snap_compare, northlight, size, place("flow", *keys))


@pytest.mark.parametrize("panel", ["2", "3"])
def test_one_panel_of_flow(snap_compare: Any, northlight: Workspace, panel: str) -> None:
    assert looks_as_before(snap_compare, northlight, (80, 24), place("flow", panel))


@sizes
def test_flow_without_history(snap_compare: Any, begun: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, begun, size, place("flow"))


def test_flow_in_light(snap_compare: Any, northlight: Workspace) -> None:
    assert looks_as_before(snap_compare, northlight, (120, 36), place("flow", "ctrl+t"))


def test_flow_without_colour(snap_compare: Any, northlight: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, northlight, (120, 36), place("flow"))
