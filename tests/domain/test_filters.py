"""Filters: the words that the command line and the board share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import TrackerError, WrongUsage
from tracker.domain.filters import FilterWords, TaskFilter, filter_words, parse_filter
from tracker.domain.plaintext import clean_line

MONDAY = date(2026, 10, 19)


def parse(line: str) -> FilterWords:
    return parse_filter(filter_words(line), MONDAY)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", FilterWords()),
        ("kr:4", FilterWords(key_result="4")),
        ('kr:"white paper"', FilterWords(key_result="white paper")),
        ("@lena", FilterWords(owner="lena")),
        ("mine", FilterWords(mine=True)),
        ("Late", FilterWords(late=True)),
        ("unowned", FilterWords(unowned=True)),
        ("blocked", FilterWords(blocked=True)),
        ("stage:A", FilterWords(stage="awareness")),
        ("stage:conversion", FilterWords(stage="conversion")),
        ("#linkedin", FilterWords(channel="linkedin")),
        ("medium:email", FilterWords(medium="email")),
        ("due:fri", FilterWords(due_by=date(2026, 10, 23))),
        ("doing", FilterWords(status=frozenset({"doing"}))),
        ("status:doing,review", FilterWords(status=frozenset({"doing", "review"}))),
        ("status:doing done", FilterWords(status=frozenset({"doing", "done"}))),
        ("open", FilterWords(status=frozenset({"backlog", "assigned", "doing", "review"}))),
        ("white paper", FilterWords(text="white paper")),
        ('"late" paper', FilterWords(text="late paper")),
        ('"kr:4 @lena"', FilterWords(text="kr:4 @lena")),
        ("Blog: #1 a@b.c http://x.y", FilterWords(text="Blog: #1 a@b.c http://x.y")),
        ("\x1b[31mpaper\u202e", FilterWords(text="paper")),
        ("kr:4 paper late @lena", FilterWords(key_result="4", owner="lena", late=True, text="paper")),
    ],
)
def test_words_are_read(line: str, asked: FilterWords) -> None:
    assert parse(line) == asked


def test_words_that_a_shell_has_split_already_are_read_the_same() -> None:
    assert parse_filter(["kr:white paper", "@lena fischer", "two words", "late"], MONDAY) == FilterWords(
        key_result="white paper", owner="lena fischer", text="two words", late=True
    )


def test_statuses_are_plain_text_that_a_database_takes() -> None:
    assert {type(status) for status in parse("open done").status} == {str}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("stage:late", r"no stage 'late'; choose one of awareness \(A\)"),
        ("medium:smoke", "no medium 'smoke'; choose one of content, email"),
        ("status:doing,finished", "no status 'finished'; choose one of backlog, assigned, doing, review, done, canc"),
        ("status:doing,,done", "no status ''"),
        ("due:2026-11-31", "November 2026 has 30 days"),
        ("sort:due", "no filter 'sort'; there are kr:, stage:, medium:, due:, status:.*put them in quotes"),
        ("kr:", "kr: says nothing"),
        ("kr:1 kr:2", "The key result is given twice"),
        ("@lena @tomas", "The owner is given twice"),
        ("stage:A stage:C", "The stage is given twice"),
        ("#a #b", "The channel is given twice"),
        ("due:fri due:mon", "The due day is given twice"),
        ("mine @lena", "together they match nothing"),
        ("mine unowned", "together they match nothing"),
        ("unowned @lena", "together they match nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_can(line: str, message: str) -> None:
    with pytest.raises(WrongUsage, match=message):
        parse(line)


def test_a_strategy_may_have_its_own_stages_and_media() -> None:
    asked = parse_filter(["stage:design", "medium:print"], MONDAY, stages=("design",), media=("print",))
    assert (asked.stage, asked.medium) == ("design", "print")


def test_words_become_a_filter_once_their_ids_are_known() -> None:
    asked = parse("kr:white mine late stage:A #linkedin medium:email due:fri doing paper")
    assert asked.resolved(key_result="KR-08", owner="lena") == TaskFilter(
        key_result="KR-08", owner="lena", text="paper", late=True, stage="awareness", status=frozenset({"doing"}),
        channel="linkedin", medium="email", due_by=date(2026, 10, 23),
    )
    assert parse("unowned blocked").resolved(key_result=None, owner=None) == TaskFilter(unowned=True, blocked=True)


def test_a_filter_is_described_in_a_few_words() -> None:
    assert TaskFilter().describe() == "all"
    assert TaskFilter(key_result="KR-08", late=True).describe(key_result="4") == "key result 4, late"
    assert TaskFilter(key_result="KR-08", owner="lena").describe() == "key result KR-08, lena"
    assert TaskFilter(status=frozenset({"review", "doing"}), unowned=True).describe() == "no owner, doing or review"
    assert parse("mine open due:23.10. \"late\"").describe() == 'mine, due by 2026-10-23, open, "late"'


def answer(ask: Callable[[], str]) -> str:
    """What the user reads: the filter in words, or what is wrong with it."""
    try:
        return ask()
    except TrackerError as refusal:
        return str(refusal)


@given(st.lists(st.text(max_size=12) | st.sampled_from(["kr:", "@", "#", "status:", '"', "a", ",", "late", ":"])))
def test_any_words_are_a_filter_or_an_error_in_words(words: list[str]) -> None:
    said = answer(lambda: parse_filter(words, MONDAY).describe())
    assert clean_line(said, 10_000) == said != ""


@given(st.text(max_size=60))
def test_any_line_is_a_filter_or_an_error_in_words(line: str) -> None:
    said = answer(lambda: parse(line).describe())
    assert clean_line(said, 10_000) == said != ""
