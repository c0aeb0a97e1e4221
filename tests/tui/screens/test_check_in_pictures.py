"""The check-in in three terminals, as a picture that is compared: before, while typing, after a correction."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tui.screens.test_pictures import looks_as_before, place, sizes

from tracker.services.strategy import edit_record
from tracker.services.workspace import Workspace


@pytest.fixture
def monday(northlight: Workspace) -> Workspace:
    """The demo before jonas checked the case studies in on Monday the 19th, as the published screen shows it."""
    with northlight.writing("before") as tx:
        tx.delete("check_in", tx.require("check_in", "KR-10", "2026-10-19"))
    return northlight.acting_as("jonas")


@sizes
def test_milestones(snap_compare: Any, monday: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, monday, size, place("check_in"))


@sizes
def test_while_typing(snap_compare: Any, monday: Workspace, size: tuple[int, int]) -> None:
    keys = ("right", "space", "tab", "8", "tab", *"Shoot", "space", *"done")
    assert looks_as_before(snap_compare, monday, size, place("check_in", *keys))


@sizes
def test_a_corrected_one_with_a_changed_target(snap_compare: Any, monday: Workspace, size: tuple[int, int]) -> None:
    edit_record(monday, "key_result", "KR-08", {"target": "200"})
    keys = ("pageup", "down", "ctrl+u", "7", "5", "o", "!", *"Back", "enter", "enter", "up")
    assert looks_as_before(snap_compare, monday, size, place("check_in", *keys))


@sizes
def test_a_guardrail(snap_compare: Any, monday: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, monday, size, place("check_in", "pagedown", "up"))


def test_one_that_falls(snap_compare: Any, monday: Workspace) -> None:
    assert looks_as_before(snap_compare, monday, (120, 36), place("check_in", "pageup", "down", "down", "down", "down"))


def test_the_form_of_milestones(snap_compare: Any, monday: Workspace) -> None:
    assert looks_as_before(snap_compare, monday, (120, 36), place("check_in", "l"))


def test_without_colour(snap_compare: Any, monday: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, monday, (120, 36), place("check_in", "2"))
