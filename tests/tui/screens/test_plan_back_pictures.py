"""The plan back in three terminals, as pictures that are compared."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tui.screens.test_pictures import looks_as_before, place, sizes

from tracker.services.journey import edit_step
from tracker.services.workspace import Workspace


@sizes
def test_plan_back(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    edit_step(northlight, "KR-05", 2, {"actual_rate": "67%"})
    assert looks_as_before(snap_compare, northlight, size, place("plan_back", "j"))


@sizes
def test_another_rate_is_tried(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    edit_step(northlight, "KR-05", 2, {"actual_rate": "67%"})
    assert looks_as_before(snap_compare, northlight, size, place("plan_back", "j", "j", "w", "enter"))


@sizes
def test_an_idea_is_chosen(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, place("plan_back", "j", "i"))


@sizes
def test_dates_are_proposed(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    keys = ("D", "3", "space", "2", "space", "2", "enter")
    assert looks_as_before(snap_compare, northlight, size, place("plan_back", *keys))


@sizes
def test_a_plan_begins(snap_compare: Any, begun: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, begun, size, place("plan_back", "1"))


def test_plan_back_without_colour(snap_compare: Any, northlight: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, northlight, (120, 36), place("plan_back", "j"))


def test_plan_back_in_light(snap_compare: Any, northlight: Workspace) -> None:
    assert looks_as_before(snap_compare, northlight, (120, 36), place("plan_back", "j", "ctrl+t"))
