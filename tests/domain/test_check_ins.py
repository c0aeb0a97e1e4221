"""What a check-in may say, whatever door it comes through."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.check_ins import (
    Terms,
    aim,
    day_fault,
    read_confidence,
    read_health,
    read_past_day,
    read_value,
    state_fault,
    ticked_days,
    turn_on,
    value_fault,
)
from tracker.domain.errors import TrackerError

TODAY = date(2026, 10, 19)
CALLS = Terms(
    "KR-06", "Discovery calls booked", "active", "number", "calls", None, 0, Decimal(40), "October 2026", "active",
    date(2026, 10, 1), date(2026, 10, 31),
)
COST = replace(CALLS, metric_kind="currency", currency="EUR", precision=2, unit="EUR per call")
RATE = replace(CALLS, metric_kind="percent", precision=2, unit="percent")
STORIES = replace(CALLS, metric_kind="milestone", target=Decimal(4), unit="stories")


@pytest.mark.parametrize(("terms", "words", "value"), [
    (CALLS, " 27 ", "27"), (CALLS, "-3", "-3"), (CALLS, "27.0", "27.0"), (COST, "79 EUR", "79"), (COST, "79,5", "79.5"),
    (COST, "84.50eur", "84.50"), (RATE, "0.47%", "0.47"), (RATE, "0.47 %", "0.47"), (STORIES, "4", "4"),
    (CALLS, "-0", "0"),
])  # fmt: skip
def test_a_value_is_read_in_its_measure(terms: Terms, words: str, value: str) -> None:
    assert read_value(terms, words) == Decimal(value)


@pytest.mark.parametrize(("terms", "words", "said"), [
    (CALLS, "27.5", "27.5 has 1 decimal; it is measured in whole numbers"),
    (COST, "79.123", "79.123 has 3 decimals; it is measured in 2 decimals"),
    (CALLS, "5%", "is no number"), (CALLS, "79 EUR", "is no number"), (CALLS, "nan", "is no number"),
    (CALLS, "inf", "is no number"), (CALLS, "", "is no number"), (CALLS, "1e40", "too large"),
    (STORIES, "1.5", "counted whole"), (STORIES, "-1", "the least is 0"), (STORIES, "5", "more than the 4"),
])  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused_in_words(terms: Terms, words: str, said: str) -> None:
    with pytest.raises(TrackerError, match=said):
        read_value(terms, words)


@given(st.decimals(allow_nan=True, allow_infinity=True), st.integers(0, 6), st.sampled_from(["number", "milestone"]))
def test_any_decimal_is_judged_without_a_fault_of_the_program(value: Decimal, precision: int, kind: str) -> None:
    terms = replace(CALLS, precision=precision, metric_kind=kind)
    fault = value_fault(terms, value)
    if fault is None:
        assert value == value.quantize(Decimal(1).scaleb(-precision)) if abs(value) < 10**15 else value.is_finite()


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_refused_in_words(words: str) -> None:
    for terms in (CALLS, COST, RATE, STORIES):
        with contextlib.suppress(TrackerError):
            assert value_fault(terms, read_value(terms, words)) is None


@pytest.mark.parametrize(("status", "day", "said"), [
    ("active", "2026-10-01", None), ("active", "2026-10-19", None),
    ("active", "2026-09-30", "before the cycle"), ("active", "2026-10-20", "still to come"),
])  # fmt: skip
def test_a_day_lies_inside_the_cycle_and_is_not_to_come(status: str, day: str, said: str | None) -> None:
    fault = day_fault(replace(CALLS, cycle_status=status), date.fromisoformat(day), TODAY)
    assert (fault is None) if said is None else (said in str(fault))


@pytest.mark.parametrize(("status", "day", "is_fine"), [
    ("grading", 7, True), ("grading", 8, False), ("closed", 7, True), ("active", 0, True), ("active", 1, False),
    ("planned", 1, False),
])  # fmt: skip
def test_a_week_after_the_end_only_while_the_cycle_is_graded(status: str, day: int, is_fine: bool) -> None:
    terms = replace(CALLS, cycle_status=status)
    when = terms.ends_on + timedelta(days=day)
    assert (day_fault(terms, when, when) is None) == is_fine


@pytest.mark.parametrize(("status", "cycle", "said"), [
    ("active", "active", None), ("active", "grading", None), ("draft", "active", "accepts it first"),
    ("dropped", "active", "is dropped"), ("graded", "grading", "is graded"), ("active", "closed", "is closed"),
    ("active", "planned", "is planned"),
])  # fmt: skip
def test_only_active_key_results_of_a_running_cycle_are_checked_in(status: str, cycle: str, said: str | None) -> None:
    fault = state_fault(replace(CALLS, status=status, cycle_status=cycle))
    assert (fault is None) if said is None else (said in str(fault))


def test_confidence_and_health_are_read() -> None:
    assert [read_confidence(words) for words in ("0", " 10 ", "7")] == [0, 10, 7]
    assert [read_health(words) for words in ("on", "at risk", "Off-Track", "none", "")] == [
        "on track", "at risk", "off track", None, None,
    ]
    for words in ("11", "-1", "5.5", "", "five", "٣"):
        with pytest.raises(TrackerError, match="from 0 to 10"):
            read_confidence(words)
    with pytest.raises(TrackerError, match="or none"):
        read_health("o")


@pytest.mark.parametrize(("words", "day"), [
    ("12 oct", "2026-10-12"), ("12", "2026-10-12"), ("19", "2026-10-19"), ("2026-10-05", "2026-10-05"),
    ("mon", "2026-10-19"), ("sunday", "2026-10-18"), ("yesterday", "2026-10-18"), ("today", "2026-10-19"),
    ("30 sep", "2026-09-30"), ("25", "2026-10-25"), ("+3d", "2026-10-22"), ("tomorrow", "2026-10-20"),
    ("eom", "2026-10-31"), ("2026-11-05", "2026-11-05"),
])  # fmt: skip
def test_days_without_a_year_are_the_last_ones(words: str, day: str) -> None:
    assert read_past_day(words, TODAY, CALLS.starts_on) == date.fromisoformat(day)


@given(
    st.lists(st.integers(0, 5), max_size=8), st.integers(0, 5),
)
def test_where_no_day_is_kept_the_check_ins_tell_what_is_ticked(values: list[int], count: int) -> None:
    said = [(TODAY + timedelta(days=place), Decimal(value)) for place, value in enumerate(values)]
    told = ticked_days([(place, None) for place in range(count)], said)
    assert list(told) == list(range(min(count, values[-1]))) if values else not told
    days = list(told.values())
    assert days == sorted(days)
    for position, day in told.items():
        assert dict(said)[day] >= position + 1


def test_a_kept_day_is_all_that_counts() -> None:
    assert ticked_days([(0, None), (1, TODAY)], [(TODAY, Decimal(2))]) == {1: TODAY}


def test_a_stretch_aims_at_seven_tenths_of_the_way() -> None:
    assert aim(Decimal(0), Decimal(4), "aspirational") == Decimal("2.8")
    assert aim(Decimal(95), Decimal(60), "aspirational") == Decimal("70.5")
    assert aim(Decimal(0), Decimal(10), "committed") == 10


def test_the_next_turn_comes_a_cadence_after_the_last_check_in_or_the_start() -> None:
    assert turn_on(date(2026, 10, 12), date(2026, 10, 1), 7) == TODAY
    assert turn_on(None, date(2026, 10, 1), 7) == date(2026, 10, 8)
