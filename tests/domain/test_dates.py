"""The days a person types and reads."""

from __future__ import annotations

import locale
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.dates import (
    EARLIEST,
    LATEST,
    days_late,
    parse_day,
    parse_day_or_none,
    plus_months,
    show_day,
    show_day_short,
    show_weekday,
)
from tracker.domain.errors import WrongUsage

MONDAY = date(2026, 10, 19)
DAYS = st.dates(EARLIEST, LATEST)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-10-21", "2026-10-21"),
        ("2026-1-5", "2026-01-05"),
        ("t", "2026-10-19"),
        ("today", "2026-10-19"),
        ("tm", "2026-10-20"),
        ("tom", "2026-10-20"),
        ("Tomorrow", "2026-10-20"),
        ("yesterday", "2026-10-18"),
        ("fri", "2026-10-23"),
        ("FRIDAY", "2026-10-23"),
        ("tues", "2026-10-20"),
        ("thurs", "2026-10-22"),
        ("sun", "2026-10-25"),
        ("w", "2026-10-26"),
        ("+3", "2026-10-22"),
        ("+3d", "2026-10-22"),
        ("+0d", "2026-10-19"),
        ("+2w", "2026-11-02"),
        ("+1m", "2026-11-19"),
        ("+12m", "2027-10-19"),
        ("eow", "2026-10-23"),
        ("eom", "2026-10-31"),
        ("29", "2026-10-29"),
        ("29th", "2026-10-29"),
        ("1", "2026-11-01"),
        ("31", "2026-10-31"),
        ("21 oct", "2026-10-21"),
        ("21oct", "2026-10-21"),
        ("oct 21", "2026-10-21"),
        ("October 21, 2027", "2027-10-21"),
        ("21. October", "2026-10-21"),
        ("21.10.", "2026-10-21"),
        ("21.10", "2026-10-21"),
        ("21.10.27", "2027-10-21"),
        ("21. 10. 2027", "2027-10-21"),
        ("12 Oct 27", "2027-10-12"),
        ("  21   sept ", "2027-09-21"),
        ("19 oct", "2026-10-19"),
        ("18 oct", "2027-10-18"),
        ("29 feb", "2028-02-29"),
        ("29 feb 2028", "2028-02-29"),
    ],
)
def test_a_day_is_read(words: str, day: str) -> None:
    assert parse_day(words, MONDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("2026-11-31", "November 2026 has 30 days"),
        ("2026-02-29", "February 2026 has 28 days"),
        ("2100-02-29", "February 2100 has 28 days"),
        ("2026-13-01", "there is no month 13"),
        ("2026-00-10", "there is no month 0"),
        ("2026-10-00", "days count from 1"),
        ("31 nov", "November has 30 days"),
        ("30 feb", "February has 29 days"),
        ("29 feb 2027", "February 2027 has 28 days"),
        ("31.11.", "November has 30 days"),
        ("1.13.", "there is no month 13"),
        ("0", "no month has a day 0"),
        ("32", "no month has a day 32"),
    ],
)
def test_an_impossible_day_is_refused_with_the_reason_and_the_forms(words: str, because: str) -> None:
    with pytest.raises(WrongUsage, match=f"^'{words}' is not a day: {because}; write 2026-10-21, .*eom"):
        parse_day(words, MONDAY)


@pytest.mark.parametrize(
    "words",
    ["", " ", "someday", "fir", "+", "+d", "+3x", "-3d", "3d", "21/10", "10/21/2026", "2026", "2026-10", "21 foo",
     "٢١", "２１", "fri ſat", "ſun", "+٣d", "\x1b[31mfri", "none", "-", "2026-10-21T10:00", "+999999d"],
)
def test_what_is_no_day_is_refused_with_the_forms_accepted(words: str) -> None:
    with pytest.raises(WrongUsage, match=r"is not a day; write 2026-10-21, 21 oct, .*fri.*eom"):
        parse_day(words, MONDAY)


@pytest.mark.parametrize(
    "words", ["1899-12-31", "9999-01-01", "0000-01-01", "0001-01-01", "21.10.1066", "+99999m"]
)
def test_a_day_outside_the_years_kept_is_refused(words: str) -> None:
    with pytest.raises(WrongUsage, match="too far away; give a day from 1900-01-01 to 9998-12-31"):
        parse_day(words, MONDAY)


def test_a_message_never_repeats_a_megabyte_or_a_control_character() -> None:
    with pytest.raises(WrongUsage) as refusal:
        parse_day("\x1b[2J" + "9" * 1_000_000, MONDAY)
    assert len(str(refusal.value)) < 250
    assert str(refusal.value).isprintable()


@given(DAYS, st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
def test_a_weekday_is_the_coming_one_never_today(today: date, weekday: str) -> None:
    if today > LATEST - timedelta(days=7):
        return
    day = parse_day(weekday, today)
    assert 1 <= (day - today).days <= 7
    assert show_weekday(day).lower().startswith(weekday)


@pytest.mark.parametrize(
    ("today", "friday"),
    [("2026-10-19", "2026-10-23"), ("2026-10-23", "2026-10-23"), ("2026-10-24", "2026-10-30"),
     ("2026-10-25", "2026-10-30")],
)
def test_the_end_of_the_week_is_friday_and_at_the_weekend_the_next(today: str, friday: str) -> None:
    assert parse_day("eow", date.fromisoformat(today)) == date.fromisoformat(friday)


def test_the_end_of_the_month_is_today_on_its_last_day() -> None:
    assert parse_day("eom", date(2026, 10, 31)) == date(2026, 10, 31)
    assert parse_day("eom", date(2028, 2, 1)) == date(2028, 2, 29)


@given(DAYS, st.integers(1, 31))
def test_a_bare_number_is_the_next_day_with_it_never_today(today: date, number: int) -> None:
    if today > LATEST - timedelta(days=62):
        return
    day = parse_day(str(number), today)
    assert day.day == number
    assert 1 <= (day - today).days <= 62
    between = (today + timedelta(days=ahead) for ahead in range(1, (day - today).days))
    assert all(each.day != number for each in between)


def test_a_bare_number_passes_over_months_without_it() -> None:
    assert parse_day("31", date(2026, 11, 2)) == date(2026, 12, 31)
    assert parse_day("30", date(2027, 1, 30)) == date(2027, 3, 30)


def test_a_leap_day_is_found_across_a_century_without_one() -> None:
    assert parse_day("29 feb", date(2096, 3, 1)) == date(2104, 2, 29)


@pytest.mark.parametrize("words", ["+3", "fri", "w", "tm", "31", "1 jan", "29 feb", "+1m"])
def test_at_the_end_of_time_a_day_ahead_is_refused_not_a_crash(words: str) -> None:
    with pytest.raises(WrongUsage, match="too far away"):
        parse_day(words, LATEST)


@given(DAYS, DAYS)
def test_a_day_shown_reads_as_the_same_day(day: date, today: date) -> None:
    assert parse_day(day.isoformat(), today) == day
    if day.year != today.year or day >= today:
        assert parse_day(show_day(day, today), today) == day
        assert parse_day(show_day_short(day, today), today) == day


@given(st.text(max_size=20), DAYS)
def test_any_words_are_a_day_in_range_or_wrong_usage(words: str, today: date) -> None:
    try:
        day = parse_day(words, today)
    except WrongUsage:
        return
    assert EARLIEST <= day <= LATEST


@given(st.from_regex(r"\A[+]?[0-9]{1,4}[-. ]?(?:[a-z]{3}|[0-9]{1,2})?[-. ]?[0-9]{0,4}\Z"), DAYS)
def test_words_that_nearly_are_days_are_read_or_refused(words: str, today: date) -> None:
    try:
        day = parse_day(words, today)
    except WrongUsage:
        return
    assert EARLIEST <= day <= LATEST


@pytest.mark.parametrize("words", ["none", "-", " NONE "])
def test_no_day_can_be_said(words: str) -> None:
    assert parse_day_or_none(words, MONDAY) is None


def test_a_day_is_still_a_day_where_none_may_be_said() -> None:
    assert parse_day_or_none("fri", MONDAY) == date(2026, 10, 23)
    with pytest.raises(WrongUsage, match="''"):
        parse_day_or_none("", MONDAY)


@given(st.dates(EARLIEST, date(9000, 1, 1)), st.integers(0, 1000))
def test_months_on_keep_the_day_or_take_the_last_one(day: date, months: int) -> None:
    later = plus_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_days_are_shown_without_the_year_only_in_the_same_year() -> None:
    assert show_day(date(2026, 10, 6), MONDAY) == "06 Oct"
    assert show_day(date(2027, 10, 12), MONDAY) == "12 Oct 27"
    assert show_day(date(1998, 10, 12), MONDAY) == "12 Oct 1998"
    assert show_day_short(date(2026, 10, 6)) == "06Oct"
    assert show_day_short(date(2025, 10, 6)) == "06Oct"
    assert show_day_short(date(2025, 10, 6), MONDAY) == "06Oct25"
    assert show_weekday(MONDAY) == "Mon 19 Oct"
    assert show_weekday(date(2027, 10, 19), MONDAY) == "Tue 19 Oct 27"


def test_days_are_english_in_every_locale() -> None:
    was = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert show_weekday(date(2026, 12, 1)) == "Tue 01 Dec"
            assert parse_day("1 dec", MONDAY) == date(2026, 12, 1)
    finally:
        locale.setlocale(locale.LC_TIME, was)


def test_a_task_is_late_from_the_day_after_it_was_due() -> None:
    assert days_late(date(2026, 10, 12), MONDAY) == 7
    assert days_late(MONDAY, MONDAY) == 0
    assert days_late(date(2026, 10, 20), MONDAY) == 0
    assert days_late(None, MONDAY) == 0
