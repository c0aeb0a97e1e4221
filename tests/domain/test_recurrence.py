"""Recurrence in words and as RRULE text: what is read, how it is told, and what is refused in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.domain.errors import WrongUsage
from tracker.domain.recurrence import WORDS, WORKING_WEEK, Rule, anchored, checked, in_words, parse_rule, stored

TODAY = date(2026, 10, 19)


@pytest.mark.parametrize(("words", "kept"), [
    ("every Monday", "FREQ=WEEKLY;BYDAY=MO"),
    ("every Mondays", "FREQ=WEEKLY;BYDAY=MO"),
    ("every thu and mon", "FREQ=WEEKLY;BYDAY=MO,TH"),
    ("every 2 weeks on Mon, Thu until 31 Dec", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231"),
    ("Every other  Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    ("every fortnight", "FREQ=WEEKLY;INTERVAL=2"),
    ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    ("every day", "daily"),
    ("every 3 days, 10 times", "FREQ=DAILY;INTERVAL=3;COUNT=10"),
    ("weekly", "weekly"),
    ("every week for 1 time", "FREQ=WEEKLY;COUNT=1"),
    ("every month", "monthly"),
    ("monthly on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15"),
    ("every month on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ("every month on the 1st and 15th", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
    ("every month on the first Monday", "FREQ=MONTHLY;BYDAY=1MO"),
    ("every second Monday of the month", "FREQ=MONTHLY;BYDAY=2MO"),
    ("every last Friday", "FREQ=MONTHLY;BYDAY=-1FR"),
    ("every month on the last weekday", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
    ("every quarter", "quarterly"),
    ("every 2 quarters", "FREQ=MONTHLY;INTERVAL=6"),
    ("every year on 24 Dec", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"),
    ("every year on december 24", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"),
    ("rrule:freq=weekly;byday=fr,mo;", "FREQ=WEEKLY;BYDAY=MO,FR"),
    ("FREQ=WEEKLY;UNTIL=20261231T235959Z", "FREQ=WEEKLY;UNTIL=20261231"),
    ("FREQ=MONTHLY", "FREQ=MONTHLY"),
])  # fmt: skip
def test_what_people_write_becomes_a_rule(words: str, kept: str) -> None:
    assert stored(words, TODAY) == kept
    assert parse_rule(kept, TODAY) == parse_rule(words, TODAY)


@pytest.mark.parametrize(("kept", "told"), [
    ("FREQ=WEEKLY;BYDAY=MO", "every Monday"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231", "every 2 weeks on Mon, Thu until 31 Dec"),
    ("FREQ=WEEKLY;UNTIL=20271231", "every week until 31 Dec 27"),
    ("FREQ=DAILY;INTERVAL=3;COUNT=10", "every 3 days, 10 times"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
    ("FREQ=MONTHLY;BYDAY=1MO;COUNT=1", "every month on the first Monday, 1 time"),
    ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "every year on 24 Dec"),
    ("monthly", "monthly"),
    ("FREQ=MONTHLY;BYMONTHDAY=-2", "FREQ=MONTHLY;BYMONTHDAY=-2"),
    ("FREQ=WEEKLY;BYDAY=MO;WKST=SU", "FREQ=WEEKLY;BYDAY=MO;WKST=SU"),
    ("whenever", "whenever"),
])  # fmt: skip
def test_a_rule_is_told_in_words_and_one_without_words_as_it_is(kept: str, told: str) -> None:
    assert in_words(kept, TODAY) == told


@pytest.mark.parametrize(("words", "why"), [
    ("FREQ=HOURLY", "hours"),
    ("FREQ=MINUTELY;INTERVAL=5", "hours"),
    ("FREQ=DAILY;BYHOUR=9", "hours"),
    ("FREQ=FORTNIGHTLY", "FREQ="),
    ("INTERVAL=2", "FREQ="),
    ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "one end"),
    ("FREQ=WEEKLY;FREQ=DAILY", "twice"),
    ("FREQ=WEEKLY;BYDAY=XX", "weekday"),
    ("FREQ=WEEKLY;BYDAY=1MO", "by months or years"),
    ("FREQ=MONTHLY;BYDAY=6MO", "at most 5"),
    ("FREQ=MONTHLY;BYMONTHDAY=0", "between"),
    ("FREQ=MONTHLY;BYMONTHDAY=32", "between"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "do not have"),
    ("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=15", "choose one"),
    ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "at most 5"),
    ("FREQ=MONTHLY;BYSETPOS=1", "BYDAY"),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "never"),
    ("FREQ=WEEKLY;BYMONTHDAY=3", "months"),
    ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=3", "years"),
    ("FREQ=DAILY;UNTIL=20260231", "real day"),
    ("FREQ=DAILY;BYEASTER=1", "not understood"),
    ("FREQ=DAILY;INTERVAL=0", "between"),
    ("FREQ=DAILY;INTERVAL=²", "between"),
    ("FREQ=DAILY;INTERVAL=99999999999999", "between"),
    ("FREQ=DAILY;COUNT=1000000", "between"),
    ("every 0 weeks", "interval"),
    ("every Monday until 31 feb", "February"),
    ("every", "no recurrence"),
    ("every second Monday", "no recurrence"),
    ("every month on the 15th and the first Monday", "no recurrence"),
    ("every month on the 32nd", "no recurrence"),
    ("every year on 40 Dec", "no recurrence"),
    ("every day on Monday", "no recurrence"),
    ("now and then", "no recurrence"),
    ("FREQ=", "no recurrence"),
])  # fmt: skip
def test_what_is_no_rule_for_days_is_refused_in_words(words: str, why: str) -> None:
    with pytest.raises(WrongUsage, match=why):
        parse_rule(words, TODAY)


@pytest.mark.parametrize(("rule", "first", "expanded"), [
    (WORDS["monthly"], date(2026, 1, 28), "FREQ=MONTHLY"),
    (WORDS["monthly"], date(2026, 1, 31), "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
    (WORDS["yearly"], date(2024, 2, 29), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
    (WORDS["yearly"], date(2026, 1, 31), "FREQ=YEARLY"),
    (WORDS["weekly"], date(2026, 1, 31), "FREQ=WEEKLY"),
    (Rule("MONTHLY", month_days=(31,)), date(2026, 1, 31), "FREQ=MONTHLY;BYMONTHDAY=31"),
])  # fmt: skip
def test_a_month_that_is_too_short_gives_its_last_day(rule: Rule, first: date, expanded: str) -> None:
    assert anchored(rule, first).text == expanded


weekdays = st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(lambda days: tuple(sorted(days)))
ends: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}), st.integers(1, 10_000).map(lambda count: {"count": count}),
    st.dates(date(1900, 1, 1), date(9998, 12, 31)).map(lambda day: {"until": day}),
)  # fmt: skip
weekly = st.builds(
    lambda interval, days, end: Rule("WEEKLY", interval, tuple((0, day) for day in days), **end),
    st.integers(1, 1000), weekdays, ends,
)  # fmt: skip
monthly = st.builds(
    lambda interval, days, end: Rule("MONTHLY", interval, month_days=tuple(sorted(days)), **end),
    st.integers(1, 1000), st.sets(st.sampled_from([-1, *range(1, 32)]), min_size=1, max_size=5), ends,
)  # fmt: skip
numbered = st.builds(
    lambda interval, days, end: Rule(
        "MONTHLY", interval, tuple(sorted(days, key=lambda each: each[::-1])), **end),
    st.integers(1, 1000),
    st.sets(st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1]), st.integers(0, 6)), min_size=1, max_size=4), ends,
)  # fmt: skip
yearly = st.builds(
    lambda day, end: Rule("YEARLY", month_days=(day.day,), months=(day.month,), **end),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)), ends,
)  # fmt: skip
bare = st.builds(lambda freq, interval, end: Rule(freq, interval, **end),
                 st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.integers(1, 1000), ends)
rules = st.one_of(weekly, monthly, numbered, yearly, bare,
                  st.just(Rule("WEEKLY", weekdays=WORKING_WEEK)),
                  st.just(Rule("MONTHLY", weekdays=WORKING_WEEK, positions=(-1,))))


@given(rules)
def test_a_rule_comes_back_from_its_text_and_from_its_words(rule: Rule) -> None:
    assert checked(rule) == rule
    assert parse_rule(rule.text, TODAY) == rule
    assert parse_rule(in_words(rule.text, TODAY), TODAY) == rule


@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_refused_in_words(text: str) -> None:
    assume(text.strip())
    for words in (text, f"every {text}", f"FREQ=WEEKLY;BYDAY={text}", f"every week until {text}"):
        try:
            kept = stored(words, TODAY)
        except WrongUsage:
            continue
        assert stored(kept, TODAY) == kept
