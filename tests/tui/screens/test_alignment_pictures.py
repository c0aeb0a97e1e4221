"""The audit in three terminals, as a picture that is compared."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tui.screens.test_pictures import looks_as_before, place, sizes

from tracker.services.workspace import Workspace


@sizes
def test_alignment(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, place("alignment"))


@sizes
def test_alignment_while_tasks_are_chosen(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    keys = ("j", "K", *"push", "enter", "g", "tab", "j", "space", "j", "space")
    assert looks_as_before(snap_compare, northlight, size, place("alignment", *keys))


@sizes
def test_alignment_while_a_cause_is_asked_for(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, place("alignment", "v", "r"))


def test_alignment_without_colour(snap_compare: Any, northlight: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, northlight, (120, 36), place("alignment", "K", *"push", "enter"))
