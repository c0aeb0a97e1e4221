"""What is asked in the command line: when an answer is complete, what is hinted, what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.domain.errors import WrongUsage
from tracker.services.header import header as read_header
from tracker.services.workspace import Workspace
from tracker.storage.rows import Header, LoadRow, PersonRow
from tracker.tui import questions
from tracker.tui.widgets.command_line import Question
from tracker.tui.widgets.painted import Line

TODAY = date(2026, 10, 19)
PEOPLE = [("mara", "Mara Okafor"), ("jonas", "Jonas Weber"), ("priya", "Priya Raman"), ("petra", "Petra Lind")]
LOADS = tuple(
    LoadRow(PersonRow(id_, name, "member", "employee", None, 20, True), hours, 40.0, doing, 2)
    for (id_, name), hours, doing in zip(PEOPLE, (4.0, 2.0, 27.0, 50.0), (1, 0, 3, 0), strict=True)
)


def figures(ws: Workspace) -> Header:
    header = read_header(ws)
    assert header is not None
    return header


def text(line: Line) -> str:
    return "".join(piece for piece, _ in line)


def person(nobody: bool = True) -> tuple[Question, list[str]]:
    answers: list[str] = []
    return questions.person("T-043 to", lambda: LOADS, answers.append, nobody=nobody), answers


@pytest.mark.parametrize(
    ("typed", "settled"),
    [("p", None), ("pr", "priya"), ("pe", "petra"), ("m", None), ("ma", "mara"), ("-", "-"), ("zz", None)],
)
def test_two_letters_name_a_person(typed: str, settled: str | None) -> None:
    assert person()[0].settled(typed) == settled


def test_the_family_name_counts_too() -> None:
    assert person()[0].settled("we") == "jonas"


def test_enter_takes_the_only_one_left() -> None:
    question, answers = person()
    question.answer("j")
    assert answers == ["jonas"]


def test_a_name_that_may_be_two_is_asked_again() -> None:
    with pytest.raises(WrongUsage, match="may be priya, petra"):
        person()[0].answer("p")
    with pytest.raises(WrongUsage, match="nobody here; people: mara"):
        person()[0].answer("zz")


def test_nobody_is_no_answer_where_somebody_is_wanted() -> None:
    assert person(nobody=False)[0].settled("-") is None


def test_the_hint_shows_the_load_of_those_it_may_be() -> None:
    hint = person()[0].hint("p")
    assert text(hint).split("  ") == ["priya 27/40h 3/2!", "petra 50/40h 0/2!", ""]
    assert {role for piece, role in hint if "h " in piece} == {"soon"}, "both are full"


@pytest.mark.parametrize(
    ("typed", "day"),
    [("fri", date(2026, 10, 23)), ("+3d", date(2026, 10, 22)), ("2026-11-02", date(2026, 11, 2)), ("-", None)],
)
def test_a_day_is_read_as_quick_add_reads_it(typed: str, day: date | None) -> None:
    answers: list[date | None] = []
    questions.due("T-043 due", TODAY, lambda day, _: answers.append(day)).answer(typed)
    assert answers == [day]


def test_the_hint_says_which_day_that_is() -> None:
    question = questions.due("T-043 due", TODAY, lambda day, _: None)
    assert text(question.hint("fri")) == "Fri 23 Oct   in 4 days"
    assert text(question.hint("yesterday")).endswith("in the past")
    assert "31" in text(question.hint("31 nov"))


def test_a_digit_chooses_a_key_result_and_letters_narrow_down(northlight: Workspace) -> None:
    question = questions.key_result("T-043 moves", figures(northlight), lambda _: None)
    assert question.settled("4") == "KR-08"
    assert question.settled("disc") is None
    assert text(question.hint("disc")).startswith("2")
    assert question.settled("9") is None


def test_a_key_result_that_is_not_there_is_refused_with_those_that_are(northlight: Workspace) -> None:
    with pytest.raises(WrongUsage, match="is none of 1 Signed clients"):
        questions.key_result("T-043 moves", figures(northlight), lambda _: None).answer("xyz")


def test_quick_add_says_what_it_understood_while_one_types() -> None:
    hint = questions.quick_add(TODAY, None, lambda _: None).hint
    understood = text(hint("Write the teaser @lena kr:2 due:fri !high ~2-4h why:a reason to open"))
    assert understood.split("   ")[:4] == ["cites 2", "owner lena", "due Fri 23 Oct", "priority high"]
    assert "estimate 2-4 h" in understood
    assert "why a reason to open" in understood


def test_quick_add_says_that_the_key_result_is_missing_or_comes_from_the_filter() -> None:
    assert "kr: is missing" in text(questions.quick_add(TODAY, None, lambda _: None).hint("Write"))
    assert "cites 4" in text(questions.quick_add(TODAY, "4", lambda _: None).hint("Write"))


def test_quick_add_says_what_it_cannot_read() -> None:
    hint = questions.quick_add(TODAY, "4", lambda _: None).hint("Write due:someday")
    assert hint[0][1] == "warn"


def test_a_choice_is_one_key() -> None:
    chosen: list[str] = []
    question = questions.choice("copy", [("i", "id"), ("t", "text")], chosen.append)
    assert question.settled("i") == "i"
    assert question.settled("x") is None
    with pytest.raises(WrongUsage, match="Press i or t"):
        question.answer("x")
