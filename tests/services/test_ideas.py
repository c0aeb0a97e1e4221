"""Ideas and arrivals: kept before anything is decided, and on the board only once they cite a key result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import FIRST
from tracker.domain.errors import NotFound, Refused
from tracker.domain.filters import TaskFilter
from tracker.services import board, ideas, strategy, undo
from tracker.services.header import header
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace

Open = Callable[..., Workspace]


def waiting(ws: Workspace) -> list[str]:
    return [row.id for row in ideas.ideas(ws)]


def on_the_board(ws: Workspace) -> int:
    return sum(count.n for count in board.board(ws, TaskFilter()).counts.values())


def arrive(ws: Workspace, key: str, title: str = "From a table", on: date = date(2026, 10, 18)) -> str:
    with ws.writing("import") as tx:
        tx.insert("import_item", {"id": key, "connector": "csv:tasks.csv", "external_id": key, "title": title, "on": on,
                                  "raw": {"title": title, "due": "2026-10-30"}})
    return key


def test_an_idea_is_kept_before_there_is_a_strategy(empty: Workspace) -> None:
    outcome = ideas.capture_idea(empty, "  A \x1b[31mpodcast?\n", "hallway")
    row, = ideas.ideas(empty)
    assert outcome.ids == ("I-01",)
    assert (row.id, row.kind, row.title, row.source, row.by, row.on) == (
        "I-01", "idea", "A podcast?", "hallway", "mara", date(2026, 10, 19),
    )
    assert header(empty) is None


def test_an_idea_is_not_a_task(begun: Workspace) -> None:
    ideas.capture_idea(begun, "A podcast?")
    assert on_the_board(begun) == 0
    assert board.search(begun, "podcast") == ()


@pytest.mark.parametrize("title", ["", "  ", "\u200b", "\x1b[2J"])
def test_an_empty_idea_is_refused(empty: Workspace, title: str) -> None:
    with pytest.raises(Refused, match="empty"):
        ideas.capture_idea(empty, title)
    assert undo.history(empty) == ()


def test_an_idea_before_the_strategy_cannot_become_a_task(empty: Workspace) -> None:
    ideas.capture_idea(empty, "A podcast?")
    with pytest.raises(Refused, match="no active strategy"):
        ideas.promote(empty, "I-01", NewTask("Podcast", "KR-01"))
    assert waiting(empty) == ["I-01"]


def test_an_idea_becomes_a_task_by_citing_a_key_result(begun: Workspace) -> None:
    strategy.add_person(begun, "Lena")
    ideas.capture_idea(begun, "A podcast?")
    outcome = ideas.promote(begun, "I-01", NewTask("Record a podcast", "KR-01", owner="lena"))
    card, = board.cards(begun, outcome.ids)
    assert (card.title, card.key_result, card.owner, card.status) == ("Record a podcast", "KR-01", "lena", "assigned")
    assert waiting(begun) == []
    story = undo.history(begun, "I-01")
    assert ("task", None, card.id) in [(change.field, change.old, change.new) for change in story]


def test_promoting_is_one_step_of_undo(begun: Workspace) -> None:
    ideas.capture_idea(begun, "A podcast?")
    task, = ideas.promote(begun, "I-01", NewTask("Podcast", "KR-01")).ids
    undo.undo(begun)
    assert (waiting(begun), board.cards(begun, [task])) == (["I-01"], ())
    undo.redo(begun)
    assert (waiting(begun), len(board.cards(begun, [task]))) == ([], 1)


def test_a_task_that_is_refused_leaves_the_idea_waiting(begun: Workspace) -> None:
    ideas.capture_idea(begun, "A podcast?")
    for new in (NewTask("Podcast", "KR-99"), NewTask("", "KR-01"), NewTask("Podcast", "KR-01", owner="nobody")):
        with pytest.raises((NotFound, Refused)):
            ideas.promote(begun, "I-01", new)
    assert (waiting(begun), on_the_board(begun)) == (["I-01"], 0)


def test_a_limit_that_promoting_passes_is_said(begun: Workspace) -> None:
    with begun.writing("limit") as tx:
        tx.insert("wip_limit", {"scope": "status", "subject": "backlog", "max": 1, "mode": "soft"})
    for title in ("One", "Two"):
        ideas.capture_idea(begun, title)
    assert ideas.promote(begun, "I-01", NewTask("One", "KR-01")).notices == ()
    assert ideas.promote(begun, "I-02", NewTask("Two", "KR-01")).notices == ("backlog holds 2 of 1",)


def test_an_idea_is_dropped_for_a_reason_and_can_come_back(begun: Workspace) -> None:
    ideas.capture_idea(begun, "A podcast?")
    with pytest.raises(Refused, match="needs a reason"):
        ideas.drop(begun, "I-01", " \n")
    ideas.drop(begun, "I-01", "nobody listens")
    assert waiting(begun) == []
    undo.undo(begun)
    assert waiting(begun) == ["I-01"]


def test_what_does_not_wait_any_more_says_what_became_of_it(begun: Workspace) -> None:
    for title in ("One", "Two"):
        ideas.capture_idea(begun, title)
    ideas.promote(begun, "I-01", NewTask("One", "KR-01"))
    ideas.drop(begun, "I-02", "no use")
    for idea, became in (("I-01", "promoted"), ("I-02", "dropped: no use")):
        with pytest.raises(Refused, match=became):
            ideas.promote(begun, idea, NewTask("Again", "KR-01"))
        with pytest.raises(Refused, match=became):
            ideas.drop(begun, idea, "again")


def test_an_unknown_idea_is_not_found(begun: Workspace) -> None:
    with pytest.raises(NotFound, match="I-77"):
        ideas.drop(begun, "I-77", "why not")
    with pytest.raises(NotFound, match="I-77"):
        ideas.promote(begun, "I-77", NewTask("One", "KR-01"))


def test_the_number_of_an_idea_that_was_taken_back_is_not_given_again(begun: Workspace) -> None:
    ideas.capture_idea(begun, "One")
    undo.undo(begun)
    assert ideas.capture_idea(begun, "Two").ids == ("I-02",)


def test_arrivals_wait_beside_ideas_and_keep_what_they_brought(begun: Workspace) -> None:
    ideas.capture_idea(begun, "A podcast?")
    arrive(begun, "A-01")
    assert [(row.id, row.kind, row.source) for row in ideas.ideas(begun)] == [
        ("I-01", "idea", None), ("A-01", "arrival", "csv:tasks.csv"),
    ]
    assert board.arrival_fields(begun, "A-01") == {"title": "From a table", "due": "2026-10-30"}
    assert on_the_board(begun) == 0
    with pytest.raises(NotFound, match="A-77"):
        board.arrival_fields(begun, "A-77")


def test_an_arrival_is_promoted_and_dropped_as_an_idea_is(begun: Workspace) -> None:
    arrive(begun, "A-01")
    arrive(begun, "A-02")
    task, = ideas.promote(begun, "A-01", NewTask("From a table", "KR-01", due_on=date(2026, 10, 30))).ids
    ideas.drop(begun, "A-02", "double")
    assert waiting(begun) == []
    assert board.cards(begun, [task])[0].due_on == date(2026, 10, 30)
    undo.undo(begun)
    undo.undo(begun)
    assert sorted(waiting(begun)) == ["A-01", "A-02"]


def test_the_newest_come_first_and_a_limit_counts_both_kinds(begun: Workspace) -> None:
    for n in range(101):
        ideas.capture_idea(begun, f"Idea {n}")
    arrive(begun, "A-01", on=date(2026, 10, 18))
    arrive(begun, "A-02", on=date(2026, 10, 20))
    assert waiting(begun)[:3] == ["A-02", "I-101", "I-100"]
    assert waiting(begun)[-1] == "A-01"
    assert [row.id for row in board.ideas(begun, limit=2)] == ["A-02", "I-101"]


# -- where it came from, and whether our who would be there


@pytest.mark.parametrize(("line", "title", "source"), [
    ("A podcast from:hallway talk", "A podcast", "hallway talk"),
    ("Mail from:Ada from:sales call", "Mail from:Ada", "sales call"),
    ("A podcast", "A podcast", None),
    ("A podcast from:", "A podcast from:", None),
    ("from:nowhere", "from:nowhere", None),
    ("Take quotes from the calls", "Take quotes from the calls", None),
])  # fmt: skip
def test_one_line_may_say_where_an_idea_came_from(line: str, title: str, source: str | None) -> None:
    assert ideas.idea_of_line(line) == (title, source)


@pytest.mark.parametrize(("answer", "outcome"), [
    (True, "promoted: our who would be there"),
    (False, "promoted: our who would not be there"),
    (None, "promoted"),
])  # fmt: skip
def test_whether_our_who_would_be_there_is_kept_with_the_idea(
    begun: Workspace, answer: bool | None, outcome: str
) -> None:
    ideas.capture_idea(begun, "A podcast?", "hallway")
    promoted = ideas.promote(begun, "I-01", NewTask("Podcast", "KR-01"), reaches_who=answer)
    assert strategy.records(begun, "idea")[0]["outcome"] == outcome
    assert promoted.notices == ((f"our who would not be there: {FIRST.who}",) if answer is False else ())
    task = promoted.ids[0]
    assert ideas.origins(begun, [task, "T-099"]) == {
        task: ideas.Origin("I-01", "idea", "A podcast?", "hallway", answer)
    }
    undo.undo(begun)
    assert (ideas.origins(begun, [task]), waiting(begun)) == ({}, ["I-01"])


def test_an_arrival_keeps_the_answer_too(begun: Workspace) -> None:
    arrive(begun, "A-01")
    task, = ideas.promote(begun, "A-01", NewTask("From a table", "KR-01"), reaches_who=False).ids
    assert ideas.origins(begun, [task])[task] == ideas.Origin(
        "A-01", "arrival", "From a table", "csv:tasks.csv", reaches_who=False
    )


def test_who_is_reached_is_what_the_active_strategy_says(begun: Workspace, open_copy: Open, empty_file: Path) -> None:
    assert ideas.who_is_reached(begun) == FIRST.who
    assert ideas.who_is_reached(open_copy(empty_file)) == ""
