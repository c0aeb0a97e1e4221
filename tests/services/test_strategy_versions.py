"""Versions of a strategy and what differs between them; what it leaves open."""

from __future__ import annotations

import pytest

from tracker.domain.errors import NotFound, WrongUsage
from tracker.services.strategy import add_objective, edit_record, retire_strategy
from tracker.services.strategy_questions import ask, open_questions
from tracker.services.strategy_versions import diff, versions
from tracker.services.undo import undo
from tracker.services.workspace import Workspace


def changed(ws: Workspace) -> list[tuple[int, tuple[str, ...]]]:
    return [(each.number, each.changed) for each in versions(ws)]


def test_each_change_is_a_version_with_what_it_changed(northlight: Workspace) -> None:
    assert changed(northlight) == [(1, ())]
    edit_record(northlight, "strategy", "S-01", {"who": "Everybody"})
    edit_record(northlight.acting_as("jonas"), "strategy", "S-01",
                {"why": "No reason", "channels": ["email", "website"]})
    assert changed(northlight) == [(1, ()), (2, ("who",)), (3, ("why", "channels"))]
    assert [each.by for each in versions(northlight)][1:] == ["mara", "jonas"]


def test_a_diff_names_both_sides_of_each_field(northlight: Workspace) -> None:
    assert diff(northlight) == ()
    before = versions(northlight)[0].said
    edit_record(northlight, "strategy", "S-01", {"who": "Everybody"})
    edit_record(northlight, "strategy", "S-01", {"channels": ["email"]})
    assert [(each.field, each.old, each.new) for each in diff(northlight, "1", "2")] == [
        ("who", before["who"], "Everybody")]
    assert [(each.field, each.new) for each in diff(northlight)] == [("channels", ["email"])]
    assert {each.field for each in diff(northlight, "v1")} == {"who", "channels"}
    assert [each.new for each in diff(northlight, "3", "1") if each.field == "who"] == [before["who"]]


def test_an_undone_version_is_gone(northlight: Workspace) -> None:
    edit_record(northlight, "strategy", "S-01", {"who": "Everybody"})
    undo(northlight)
    assert changed(northlight) == [(1, ())]
    edit_record(northlight, "strategy", "S-01", {"why": "Because"})
    assert changed(northlight) == [(1, ()), (2, ("why",))]


def test_what_is_no_version_is_said(northlight: Workspace) -> None:
    with pytest.raises(NotFound, match="no version 7; known are 1"):
        diff(northlight, "7")
    with pytest.raises(WrongUsage, match="'last' is no version"):
        diff(northlight, "last")
    with pytest.raises(NotFound, match="S-09"):
        versions(northlight, "S-09")
    retire_strategy(northlight, "S-01")
    with pytest.raises(NotFound, match="no active strategy"):
        versions(northlight)
    assert next(each.number for each in versions(northlight, "S-01")) == 1


def test_open_questions_are_those_without_an_objective_and_empty_fields(northlight: Workspace) -> None:
    assert [(each.kind, each.subject) for each in open_questions(northlight)] == [
        ("micro question", "MQ-1"), ("micro question", "MQ-2"), ("micro question", "MQ-3"),
        ("field", "strengths"), ("field", "obstacles"),
    ]
    edit_record(northlight, "objective", "O-02", {"micro_question": "MQ-1"})
    add_objective(northlight, "Nurture", {"micro_question": "MQ-2"})
    edit_record(northlight, "strategy", "S-01", {"strengths": "Two vets on the team"})
    assert [each.subject for each in open_questions(northlight)] == ["MQ-3", "obstacles"]
    edit_record(northlight, "objective", "O-04", {"status": "dropped"})
    assert [each.subject for each in open_questions(northlight)] == ["MQ-2", "MQ-3", "obstacles"]


def test_a_question_is_asked_and_reworded(northlight: Workspace) -> None:
    assert ask(northlight, "What brings them back?", {"stage": "conversion"}).ids == ("MQ-4",)
    edit_record(northlight, "micro_question", "MQ-4", {"question": "What makes them stay?"})
    assert [each.words for each in open_questions(northlight)][3] == "What makes them stay?"
    undo(northlight)
    undo(northlight)
    assert len(open_questions(northlight)) == 5
    with pytest.raises(WrongUsage, match="empty"):
        ask(northlight, "  ")


def test_a_field_written_as_a_tactic_is_pointed_out_and_not_refused(northlight: Workspace) -> None:
    edit_record(northlight, "strategy", "S-01", {"approach": "Post twice a week on LinkedIn"})
    tactics = [each for each in open_questions(northlight) if each.kind == "tactic"]
    assert [(each.subject, each.words) for each in tactics] == [
        ("approach", "begins with 'Post', which is something to do: a task")]
