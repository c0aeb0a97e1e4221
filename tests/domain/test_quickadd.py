"""Quick add: one line says all of a task, and nothing of the title is lost."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tracker.domain.errors import Refused, TrackerError, WrongUsage
from tracker.domain.plaintext import clean_line
from tracker.domain.quickadd import QuickAdd, parse_quick_add
from tracker.domain.tasks import MEDIA, PRIORITIES, STAGES

MONDAY = date(2026, 10, 19)


def parse(text: str) -> QuickAdd:
    return parse_quick_add(text, MONDAY)


def said(text: str) -> dict[str, object]:
    """What the line says besides its title."""
    task = parse(text)
    return {
        each.name: getattr(task, each.name)
        for each in fields(task)
        if each.name != "title" and getattr(task, each.name) not in (None, "")
    }


def test_one_line_says_all_of_a_task() -> None:
    assert parse(
        "Write the teaser @lena kr:2 due:fri !high stage:A medium:email #linkedin ~2-4h "
        "why:the list needs a reason to open"
    ) == QuickAdd(
        title="Write the teaser",
        owner="lena",
        key_result="2",
        due_on=date(2026, 10, 23),
        priority="high",
        stage="awareness",
        medium="email",
        channel="linkedin",
        estimate_low_h=2.0,
        estimate_high_h=4.0,
        contribution="the list needs a reason to open",
    )


def test_words_may_stand_anywhere_and_in_any_case() -> None:
    task = parse("@lena KR:2 Write !HIGH the Due:Fri teaser")
    assert task.title == "Write the teaser"
    assert (task.owner, task.key_result, task.priority, task.due_on) == ("lena", "2", "high", date(2026, 10, 23))


@pytest.mark.parametrize(
    "title",
    [
        "Write to a.fischer@example.org",
        "Meet @ noon",
        "Call @3 pm",
        "Fix #12 in the C# course",
        "Read https://example.org/a?b=c",
        "Blog: the reception desk",
        "Do it now!",
        "! important",
        "!important note",
        "About ~50% of ~30 people",
        "~/notes to disk",
        "Ship v2.0-4h",
        "okr:4 is no keyword",
        'Fit 27" posters',
        'An "unclosed quote',
        "C:\\path and \\\\server\\share",
        "[red]not markup[/red]",
        "why not",
        "due",
    ],
)
def test_words_that_only_look_like_it_are_title(title: str) -> None:
    assert parse(title) == QuickAdd(title)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('Write "the @home guide" now', 'Write "the @home guide" now'),
        ('"due:fri" in the subject', '"due:fri" in the subject'),
        ('Say "why: not", twice', 'Say "why: not", twice'),
        (r"Photos of \@lena", "Photos of @lena"),
        (r"Explain \kr:4 and \#launch and \!high", "Explain kr:4 and #launch and !high"),
        (r"Explain \why: it matters", "Explain why: it matters"),
        (r"Keep \\@lena", r"Keep \@lena"),
    ],
)
def test_quotes_and_backslashes_keep_words_in_the_title(text: str, title: str) -> None:
    assert parse(text) == QuickAdd(title)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('x @"lena fischer"', "owner", "lena fischer"),
        ("x @lena.fischer", "owner", "lena.fischer"),
        ("ask @lena, please", "owner", "lena"),
        ("x @tomás", "owner", "tomás"),
        ("x kr:KR-08", "key_result", "KR-08"),
        ('x kr:"white paper"', "key_result", "white paper"),
        ("x kr:white", "key_result", "white"),
        ("x #google_business", "channel", "google_business"),
        ("x due:21.10.", "due_on", date(2026, 10, 21)),
        ('x due:"21 oct"', "due_on", date(2026, 10, 21)),
        ("x due:+2w,", "due_on", date(2026, 11, 2)),
        ("x stage:a", "stage", "awareness"),
        ("x stage:C", "stage", "consideration"),
        ("x stage:d", "stage", "decision"),
        ("x stage:$", "stage", "conversion"),
        ("x stage:.", "stage", "enabling"),
        ("x stage:Decision", "stage", "decision"),
        ("x stage:conv", "stage", "conversion"),
        ("x medium:SEO", "medium", "seo"),
        ("x medium:soc", "medium", "social"),
        ("x !low.", "priority", "low"),
        ("x why: two words ", "contribution", "two words"),
        ("x why:a @lena kr:2 due:fri \\@home \"x\"", "contribution", "a @lena kr:2 due:fri \\@home \"x\""),
    ],
)
def test_a_value_is_read(text: str, name: str, value: object) -> None:
    assert said(text) == {name: value}


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("~3h", 3.0, 3.0),
        ("~2-4h", 2.0, 4.0),
        ("~2–4h", 2.0, 4.0),
        ("~30m", 0.5, 0.5),
        ("~1d", 8.0, 8.0),
        ("~1-2d", 8.0, 16.0),
        ("~30m-1h", 0.5, 1.0),
        ("~1.5h", 1.5, 1.5),
        ("~1,5-2h,", 1.5, 2.0),
        ("~3H", 3.0, 3.0),
    ],
)
def test_an_estimate_is_hours(words: str, low: float, high: float) -> None:
    assert said(f"x {words}") == {"estimate_low_h": low, "estimate_high_h": high}


@pytest.mark.parametrize("words", ["~4-2h", "~0h", "~99999h", "~2d-3h"])
def test_an_impossible_estimate_is_refused(words: str) -> None:
    with pytest.raises(WrongUsage, match=f"'{words}' cannot be"):
        parse(f"x {words}")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("x @lena @tomas", "owner"),
        ("x kr:1 kr:2", "key result"),
        ("x due:fri due:mon", "due day"),
        ("x !low !high", "priority"),
        ("x stage:A stage:C", "stage"),
        ("x medium:seo medium:web", "medium"),
        ("x #a #b", "channel"),
        ("x ~1h ~2h", "estimate"),
    ],
)
def test_what_is_given_twice_is_refused(text: str, what: str) -> None:
    with pytest.raises(WrongUsage, match=f"The {what} is given twice"):
        parse(text)


@pytest.mark.parametrize("keyword", ["kr", "due", "stage", "medium"])
def test_a_keyword_without_a_value_says_how_to_write_it(keyword: str) -> None:
    with pytest.raises(WrongUsage, match=rf"{keyword}: says nothing.*\({keyword}:.*\\{keyword}: to have the word"):
        parse(f"x {keyword}: 2")


def test_an_unknown_stage_or_medium_lists_the_known_ones() -> None:
    with pytest.raises(WrongUsage, match=r"no stage 'late'; choose one of awareness \(A\), .*enabling \(\.\)"):
        parse("x stage:late")
    with pytest.raises(WrongUsage, match="no medium 'smoke'; choose one of content, email"):
        parse("x medium:smoke")
    with pytest.raises(WrongUsage, match="'con' can be consideration or conversion"):
        parse("x stage:con")


def test_an_impossible_due_day_is_refused() -> None:
    with pytest.raises(WrongUsage, match="'2026-11-31' is not a day: November 2026 has 30 days"):
        parse("x due:2026-11-31")


def test_a_strategy_may_have_its_own_stages_and_media() -> None:
    task = parse_quick_add("x stage:design medium:print", MONDAY, stages=("discovery", "design"), media=("print",))
    assert (task.stage, task.medium) == ("design", "print")
    with pytest.raises(WrongUsage, match="choose one of discovery, design"):
        parse_quick_add("x stage:A", MONDAY, stages=("discovery", "design"))


@pytest.mark.parametrize("text", ["", "  ", "@lena kr:2 due:fri", "why: because", "\x1b[31m", "\u200b"])
def test_a_line_without_a_title_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage, match="write the task's title"):
        parse(text)


def test_a_title_over_the_limit_is_refused() -> None:
    with pytest.raises(Refused, match="is 501 characters long; 500 is the limit"):
        parse("x" * 501 + " @lena")


def test_control_sequences_in_a_line_neither_hide_nor_make_words() -> None:
    assert parse("Write\x1b[2J it\n@lena\u202e kr:\x1b[31m2") == QuickAdd("Write it", owner="lena", key_result="2")


_VALUES = st.from_regex(r"\A[\w.,;:!?)(-]+(?: [\w.,;:!?)(-]+)?\Z").map(clean_line).filter(bool)
_NAMES = st.from_regex(r"\A[^\W\d_][\w.,-]*(?: \w+)?\Z").map(clean_line).filter(bool)
_HOURS = st.floats(0.01, 10_000)
_PIECES = st.sampled_from([*'ab@#!~":\\.-  3hé$', "kr:", "due:", "why:", "stage:", "!low", "fri", '" '])
_WORDS = st.lists(_PIECES, max_size=30).map("".join)
_TITLES = st.one_of(st.text(max_size=60), _WORDS).map(clean_line).filter(bool)


@st.composite
def quick_adds(draw: st.DrawFn) -> QuickAdd:
    """Any task that a line can say."""
    hours = sorted(draw(st.tuples(_HOURS, _HOURS))) if draw(st.booleans()) else [None, None]
    return QuickAdd(
        title=draw(_TITLES),
        owner=draw(st.none() | _NAMES),
        key_result=draw(st.none() | _VALUES),
        due_on=draw(st.none() | st.dates(date(1900, 1, 1), date(9998, 12, 31))),
        priority=draw(st.none() | st.sampled_from(PRIORITIES)),
        stage=draw(st.none() | st.sampled_from(STAGES)),
        medium=draw(st.none() | st.sampled_from(MEDIA)),
        channel=draw(st.none() | _NAMES),
        estimate_low_h=hours[0],
        estimate_high_h=hours[1],
        contribution=draw(st.just("") | _TITLES),
    )


@given(quick_adds(), st.dates(date(1900, 1, 1), date(9998, 12, 31)))
@example(QuickAdd('"a', key_result="white paper", channel="x y"), MONDAY)
@example(QuickAdd(r"\\@a \why: why:", contribution="why:"), MONDAY)
def test_a_task_written_as_a_line_reads_back_on_any_day(task: QuickAdd, today: date) -> None:
    assert parse_quick_add(task.text(), today) == task


@given(_WORDS)
def test_any_line_is_read_or_refused_and_reads_back(text: str) -> None:
    try:
        task = parse(text)
    except TrackerError:
        assume(False)
    assert parse(task.text()) == task


@given(st.text(st.characters(categories=["L", "N", "Zs"])))
def test_plain_words_are_the_title_as_they_stand(text: str) -> None:
    assume(clean_line(text))
    assert parse(text) == QuickAdd(clean_line(text))
