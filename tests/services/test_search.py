"""Search: as one types, without regard to case and accents, the best match first, and never an error."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.domain.filters import TaskFilter
from tracker.services import board, tasks, undo
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import search as full_text

Open = Callable[..., Workspace]


def add(ws: Workspace, title: str, **fields: object) -> str:
    return tasks.add_task(ws, NewTask(title, "KR-01", **fields)).ids[0]  # type: ignore[arg-type]


def found(ws: Workspace, text: str, **more: object) -> list[str]:
    return [card.id for card in board.search(ws, text, **more)]  # type: ignore[arg-type]


def test_every_letter_typed_narrows_what_is_found(begun: Workspace) -> None:
    webinar, website = add(begun, "Webinar slides"), add(begun, "Website texts")
    word = "webinar slides"
    answers = [set(found(begun, word[:typed])) for typed in range(1, len(word) + 1)]
    assert answers[:3] == [{webinar, website}] * 3
    assert answers[3:] == [{webinar}] * (len(word) - 3)


@pytest.mark.parametrize("text", ["Tomas", "tomás", "TOMÁS", unicodedata.normalize("NFD", "Tomás"), "tom", "  tomas  "])
def test_accents_and_case_do_not_matter_in_what_is_typed(begun: Workspace, text: str) -> None:
    task = add(begun, "Ask Tomás for the figures")
    assert found(begun, text) == [task]


@pytest.mark.parametrize(
    ("kept", "typed"),
    [("Überraschung", "uber"), ("CAFE\u0301", "café"), ("naïve", "NAIVE"), ("Žlutý kůň", "zluty kun"),
     ("東京タワー", "東京"), ("ΤΑΧΎΣ", "ταχύσ"), ("don't stop", "don't"), ("follow-up mail", "follow-up"),
     ("q3_plan final", "q3_plan"), ("m\u0303ista", "mista"), ("m\u0303ista", "m\u0303ista"), ("がく", "か\u3099"),
     ("C++ and C#", "c"),
     ("50% off", "50%"), ("a\u0300\u0301b", "ab")],
)
def test_words_of_every_script_are_found(begun: Workspace, kept: str, typed: str) -> None:
    task = add(begun, kept)
    add(begun, "Something else")
    assert found(begun, typed) == [task]


def test_all_words_have_to_be_there_in_any_order_and_place(begun: Workspace) -> None:
    both = add(begun, "Webinar slides", contribution="They book a call")
    add(begun, "Webinar talk")
    assert found(begun, "call webi") == [both]
    assert found(begun, "webinar nowhere") == []


HOSTILE = [
    '"', "'", "*", "a*", "NEAR(", "NEAR(a b, 5)", "AND", "a AND", "OR OR", "NOT a", "a NOT b", "-a", "-", "(", ")",
    "((a", "title:a", "title : a", "{title} : a", "^a", "a ^", "a + b", "\x00", "a\x00b", "\x1b[31m", "\U0001f680",
    "\u202e", "\U0001f469\u200d\U0001f467", "\ud800", "\u0301", "%", "_", "\\", ";", "--", "' OR 1=1 --", "?", "?1",
    ":a", "@a", "$a", "#", "a,b", "\n", "\t", "\u2026", "\xbd", "\xb2",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_what_the_index_could_take_for_syntax_is_text(begun: Workspace, text: str) -> None:
    add(begun, "a b title NEAR AND or Not")
    for wanted in (TaskFilter(text=text), TaskFilter(text=text, late=True)):
        board.view(begun, wanted, 10)
        board.triage_page(begun, wanted, 0, 10)
        assert len(list(board.iterate(begun, wanted))) <= 1
    assert len(found(begun, text)) <= 1


@given(text=st.text(max_size=30) | st.text(alphabet='ab"*()-:^+{} \x00éÅß١', max_size=20))
@settings(deadline=None, max_examples=150, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_an_error(begun: Workspace, text: str) -> None:
    found(begun, text)


@pytest.mark.parametrize("text", [
    "a" * 10_000, "a " * 5_000, "( " * 5_000, " ".join(f"w{n}" for n in range(2_000)), '"*' * 5_000, "é" * 10_000,
], ids=range(6))
def test_ten_thousand_characters_are_no_error(begun: Workspace, text: str) -> None:
    add(begun, "a " * 200 + "w0")
    board.view(begun, TaskFilter(text=text), 10)
    found(begun, text)
    assert full_text.match_words(text).count("AND") < full_text.WORDS_BOUND


def test_a_text_without_a_word_finds_nothing_and_spaces_are_no_filter(begun: Workspace) -> None:
    task = add(begun, "Webinar")
    assert found(begun, "-") == []
    assert board.board(begun, TaskFilter(text="?!")).counts["backlog"].n == 0
    assert [card.id for card in board.column_page(begun, "backlog", TaskFilter(text="  "), 0, 9).cards] == [task]


# ranking


def test_title_before_contribution_before_notes_before_messages(begun: Workspace) -> None:
    said, noted = add(begun, "One"), add(begun, "Two", notes="the webinar is in May")
    moved, named = add(begun, "Three", contribution="the webinar books calls"), add(begun, "Prepare the webinar now")
    tasks.comment(begun, said, "see the webinar page")
    assert found(begun, "webinar") == [named, moved, noted, said]


def test_open_work_before_finished_work(begun: Workspace) -> None:
    done, cancelled, open_ = add(begun, "Webinar"), add(begun, "Webinar"), add(begun, "One", notes="a webinar")
    tasks.move_tasks(begun, [done], "done")
    tasks.cancel_tasks(begun, [cancelled], "too late")
    assert found(begun, "webinar") == [open_, cancelled, done]
    assert found(begun, "webinar", limit=1) == [open_]
    assert found(begun, "webinar", wanted=TaskFilter(status=frozenset({"done", "cancelled"}))) == [cancelled, done]


def test_of_equal_matches_the_newest_is_first(begun: Workspace) -> None:
    ids = [add(begun, "Webinar") for _ in range(3)]
    assert found(begun, "webinar") == ids[::-1]


def test_a_task_is_found_once_however_many_messages_say_it(begun: Workspace) -> None:
    loud, quiet = add(begun, "Webinar"), add(begun, "Other")
    tasks.comment(begun, quiet, "webinar?")
    for _ in range(5):
        tasks.comment(begun, loud, "webinar!")
    assert found(begun, "webinar", limit=2) == [loud, quiet]
    tasks.edit_tasks(begun, [loud], {"title": "Talk"})
    assert set(found(begun, "webinar", limit=2)) == {loud, quiet}


def test_the_words_of_one_message_stand_together(begun: Workspace) -> None:
    task = add(begun, "One")
    tasks.comment(begun, task, "ask the printer")
    tasks.comment(begun, task, "about paper")
    assert found(begun, "printer ask") == [task]
    assert found(begun, "printer paper") == []


# the index follows


def test_what_is_found_follows_every_change(begun: Workspace) -> None:
    task = add(begun, "Webinar", notes="alpha")
    tasks.comment(begun, task, "beta")
    tasks.edit_tasks(begun, [task], {"title": "Talk", "notes": "gamma", "contribution": "delta"})
    assert [found(begun, word) for word in ("webinar", "alpha")] == [[], []]
    assert [found(begun, word) for word in ("talk", "gamma", "delta", "beta")] == [[task]] * 4
    undo.undo(begun)
    assert [found(begun, word) for word in ("talk", "gamma", "delta")] == [[]] * 3
    assert [found(begun, word) for word in ("webinar", "alpha", "beta")] == [[task]] * 3
    undo.undo(begun)
    assert found(begun, "beta") == []
    undo.undo(begun)
    assert found(begun, "webinar") == []
    undo.redo(begun)
    undo.redo(begun)
    assert [found(begun, word) for word in ("webinar", "beta")] == [[task]] * 2


def test_another_process_finds_it_at_once(begun: Workspace, open_copy: Open, begun_file: Path) -> None:
    task = add(begun, "Webinar")
    assert found(open_copy(begun_file, actor="lena"), "webin") == [task]


# many matches


@pytest.fixture
def many(begun: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """More matches than are ranked one by one: twelve say it in their title, four elsewhere, one in a message."""
    monkeypatch.setattr(full_text, "RANKED_BOUND", 10)
    for n in range(12):
        add(begun, f"Webinar {n}")
    for n in range(4):
        add(begun, f"Other {n}", notes="about the webinar")
    tasks.comment(begun, add(begun, "Said"), "webinar")
    tasks.move_tasks(begun, ["T-012", "T-016"], "done")
    return begun


def test_of_many_matches_the_newest_titles_come_first_open_work_before_finished(many: Workspace) -> None:
    titles = [f"T-{n:03d}" for n in range(11, 0, -1)]
    assert found(many, "webinar") == [*titles, "T-015", "T-014", "T-013", "T-017", "T-012", "T-016"]
    assert found(many, "webinar", limit=3) == titles[:3]


def test_many_matches_are_narrowed_by_the_rest_of_the_filter(many: Workspace) -> None:
    tasks.assign_tasks(many, ["T-002", "T-014"], "mara")
    assert found(many, "web", wanted=TaskFilter(owner="mara")) == ["T-002", "T-014", "T-012", "T-016"]
    page = board.column_page(many, "assigned", TaskFilter(text="web"), 0, 9)
    assert {card.id for card in page.cards} == {"T-002", "T-014"}


def test_a_list_of_many_matches_misses_none(many: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "FOUND_BOUND", 4)
    everything = [card.id for card in board.iterate(many, TaskFilter(text="webinar"))]
    assert everything == found(many, "webinar")
    assert len(everything) == 17
    pages = [card.id for start in range(0, 20, 5)
             for card in board.list_page(many, TaskFilter(text="webinar"), start, 5).cards]
    assert pages == everything


def test_a_board_of_many_matches_says_that_there_are_more(many: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "FOUND_BOUND", 8)
    counts = board.board(many, TaskFilter(text="webinar")).counts
    assert {status: str(count) for status, count in counts.items() if count.n} == {"backlog": "8+", "done": "2+"}
