"""Objectives and key results are accepted by their owner or a manager; what was graded stays as it was graded."""

from __future__ import annotations

import pytest

from tracker.domain.errors import Refused
from tracker.services.acceptance import accept
from tracker.services.strategy import add_key_result, add_objective, edit_record, records
from tracker.services.workspace import Workspace


def status(ws: Workspace, table: str, key: str) -> object:
    return records(ws, table, {"id": key})[0]["status"]


def test_what_somebody_else_adds_is_a_draft_until_its_owner_accepts_it(northlight: Workspace) -> None:
    lena = northlight.acting_as("lena")
    made = add_key_result(lena, "O-02", "Calls kept", {"target": "5", "owner": "priya"})
    assert status(northlight, "key_result", "KR-13") == "draft"
    assert made.notices == ("a draft until priya or a manager accepts it",)
    with pytest.raises(Refused, match="accepted by its owner, priya, or by a manager; lena is neither"):
        accept(lena, "key_result", "KR-13")
    with pytest.raises(Refused, match="accepted by its owner"):
        edit_record(lena, "key_result", "KR-13", {"status": "active"})
    accept(northlight.acting_as("priya"), "key_result", "KR-13")
    assert status(northlight, "key_result", "KR-13") == "active"


def test_ones_own_and_a_managers_are_active_at_once(northlight: Workspace) -> None:
    lena = northlight.acting_as("lena")
    add_key_result(lena, "O-02", "Calls kept", {"target": "5", "owner": "lena"})
    add_objective(northlight, "Keep clients", {"owner": "lena"})
    assert (status(northlight, "key_result", "KR-13"), status(northlight, "objective", "O-04")) == ("active", "active")
    add_key_result(northlight, "O-02", "Later", {"target": "5", "status": "draft"})
    assert status(northlight, "key_result", "KR-14") == "draft"
    assert accept(northlight, "key_result", "KR-14").batch is not None
    assert accept(northlight, "key_result", "KR-14").batch is None  # it is active already


def test_an_objective_of_somebody_else_is_a_draft_too(northlight: Workspace) -> None:
    add_objective(northlight.acting_as("lena"), "Keep clients", {"owner": "tomas"})
    assert status(northlight, "objective", "O-04") == "draft"
    accept(northlight, "objective", "O-04")
    assert status(northlight, "objective", "O-04") == "active"


@pytest.mark.parametrize(
    ("table", "key", "fields", "words"),
    [
        ("key_result", "KR-01", {"target": "3"}, "its figures stay as they were graded"),
        ("key_result", "KR-01", {"status": "active"}, "is graded"),
        ("key_result", "KR-05", {"status": "graded"}, "when its cycle is closed"),
        ("objective", "O-01", {"status": "achieved"}, "when its cycle is closed"),
        ("objective", "O-00", {"status": "active"}, "ended as missed"),
        ("cycle", "2026-10", {"status": "closed"}, "its status is not edited"),
    ],
)
def test_states_that_come_of_a_close_are_not_edited(
    northlight: Workspace, table: str, key: str, fields: dict[str, object], words: str
) -> None:
    before = records(northlight, table, {"id": key})
    with pytest.raises(Refused, match=words):
        edit_record(northlight, table, key, fields)
    assert records(northlight, table, {"id": key}) == before


def test_what_is_no_figure_of_a_graded_key_result_can_still_be_written(northlight: Workspace) -> None:
    assert edit_record(northlight, "key_result", "KR-01", {"title": "Clients signed"}).batch is not None


def test_nothing_new_is_planned_in_a_closed_cycle(northlight: Workspace) -> None:
    with pytest.raises(Refused, match=r"September 2026 \(2026-09\) is closed"):
        add_key_result(northlight, "O-00", "Too late", {"target": "5"})
    with pytest.raises(Refused, match="is closed"):
        add_objective(northlight, "Too late", {"cycle": "2026-09"})


def test_an_objective_can_be_planned_in_a_cycle_that_comes(northlight: Workspace) -> None:
    add_objective(northlight, "Keep clients", {"cycle": "2026-11"})
    assert records(northlight, "objective", {"id": "O-04"})[0]["cycle"] == "2026-11"
