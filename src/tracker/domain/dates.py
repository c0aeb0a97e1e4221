"""The days a person types and reads. English words, no locale, no clock: today comes in as an argument."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from tracker.domain.errors import WrongUsage

EARLIEST = date(1900, 1, 1)
LATEST = date(9998, 12, 31)
"""A year short of what `date` can hold, so that sums of a few months cannot overflow."""
FORMS = "2026-10-21, 21 oct, oct 21 2027, 21.10., 29, fri, today, tomorrow, +3d, +2w, +1m, eow or eom"
"""The forms a day is accepted in, as messages and help show them."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)
_MONTH_NUMBERS = {name: number for number, month in enumerate(_MONTHS, 1) for name in (month, month[:3])} | {"sept": 9}
_WEEKDAY_NUMBERS = {name: number for number, day in enumerate(_WEEKDAYS) for name in (day, day[:3])} | {
    "tues": 1, "weds": 2, "thur": 3, "thurs": 3,
}
_FRIDAY = 4
_NOTHING = frozenset({"none", "-"})

# Kept as text and compiled at first use: most commands read no day, and compiling costs more than importing this.
_ISO = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
_AHEAD = r"\+ ?(?P<count>[0-9]{1,5}) ?(?P<unit>[dwm]?)"
_DAY_OF_MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_WITH_MONTH = (
    r"(?P<day>[0-9]{1,2})\.? ?(?P<month>[a-z]{3,9})\.?,?(?: ?(?P<year>[0-9]{4}|[0-9]{2}))?",
    r"(?P<month>[a-z]{3,9})\.? ?(?P<day>[0-9]{1,2})(?:,? (?P<year>[0-9]{4}|[0-9]{2}))?",
    r"(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})(?:\.(?: ?(?P<year>[0-9]{4}|[0-9]{2}))?)?",
)


def parse_day(words: str, today: date) -> date:
    """The day that `words` mean, seen from `today`. Upper and lower case are alike.

    - `2026-10-21`: that day. `21 oct`, `oct 21`, `21.10.`: the coming one, today included; a year may follow.
    - `29`: the coming 29th, never today; months without that day are passed over.
    - `fri`, `friday`: the coming one, never today.
    - `t` and `today`; `tm`, `tom` and `tomorrow`; `yesterday`.
    - `+3` and `+3d` days, `+2w` weeks, `+1m` months (31 January + 1 month is the last of February); `w` is `+1w`.
    - `eow`: Friday of this week, today on a Friday, next week's at the weekend. `eom`: the last day of this month.

    Raises:
        WrongUsage: the words are no day, an impossible one, or one outside the years 1900 to 9998.
    """
    plain = " ".join(words.lower().split())
    for read in (_named, _iso, _ahead, _day_of_month, _with_month):
        day = _inside(read, plain, today, words)
        if day is not None:
            return day
    raise WrongUsage(f"{_quoted(words)} is not a day; write {FORMS}.")


def parse_day_or_none(words: str, today: date) -> date | None:
    """As `parse_day`; `none` and `-` mean no day.

    Raises:
        WrongUsage: as `parse_day`.
    """
    return None if words.strip().lower() in _NOTHING else parse_day(words, today)


def _inside(read: Callable[[str, date], date | None], plain: str, today: date, words: str) -> date | None:
    try:
        day = read(plain, today)
    except _NoSuchDayError as why:
        raise WrongUsage(f"{_quoted(words)} is not a day: {why}; write {FORMS}.") from None
    except OverflowError:
        raise _out_of_range(words) from None
    if day is not None and not EARLIEST <= day <= LATEST:
        raise _out_of_range(words)
    return day


def _out_of_range(words: str) -> WrongUsage:
    return WrongUsage(f"{_quoted(words)} is too far away; give a day from {EARLIEST} to {LATEST}.")


def _quoted(words: str) -> str:
    return repr(words if len(words) <= 40 else words[:39] + "…")


class _NoSuchDayError(Exception):
    """The numbers have the form of a day, and there is none; the message says why."""


def _named(plain: str, today: date) -> date | None:
    if plain in _WEEKDAY_NUMBERS:
        return today + timedelta(days=(_WEEKDAY_NUMBERS[plain] - today.weekday() - 1) % 7 + 1)
    if plain == "eow":
        return today + timedelta(days=(_FRIDAY - today.weekday()) % 7)
    if plain == "eom":
        return today.replace(day=days_in_month(today.year, today.month))
    days = {"t": 0, "today": 0, "tm": 1, "tom": 1, "tomorrow": 1, "yesterday": -1, "w": 7}.get(plain)
    return None if days is None else today + timedelta(days=days)


def _iso(plain: str, _: date) -> date | None:
    found = re.fullmatch(_ISO, plain)
    return found and _day(int(found["year"]), int(found["month"]), int(found["day"]))


def _ahead(plain: str, today: date) -> date | None:
    found = re.fullmatch(_AHEAD, plain)
    if found is None:
        return None
    count = int(found["count"])
    if found["unit"] == "m":
        return plus_months(today, count)
    return today + timedelta(days=count * (7 if found["unit"] == "w" else 1))


def _day_of_month(plain: str, today: date) -> date | None:
    found = re.fullmatch(_DAY_OF_MONTH, plain)
    if found is None:
        return None
    wanted = int(found["day"])
    if not 1 <= wanted <= 31:
        raise _NoSuchDayError(f"no month has a day {wanted}")
    month = today.replace(day=1)
    while wanted > days_in_month(month.year, month.month) or month.replace(day=wanted) <= today:
        month = plus_months(month, 1)
    return month.replace(day=wanted)


def _with_month(plain: str, today: date) -> date | None:
    for form in _WITH_MONTH:
        found = re.fullmatch(form, plain)
        month = found and _month_number(found["month"])
        if found and month is not None:
            return _coming(found["year"], month, int(found["day"]), today)
    return None


def _month_number(word: str) -> int | None:
    return int(word) if word.isdigit() else _MONTH_NUMBERS.get(word)


def _coming(year: str | None, month: int, day: int, today: date) -> date:
    if year is not None:
        return _day(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    _check(day, month, year=None)
    years = range(today.year, min(today.year + 9, 10_000))  # nine, for a 29 February across 1900 or 2100
    days = (date(each, month, day) for each in years if day <= days_in_month(each, month))
    coming = next((each for each in days if each >= today), None)
    if coming is None:
        raise OverflowError
    return coming


def _day(year: int, month: int, day: int) -> date:
    if not 1 <= year <= 9999:
        raise OverflowError
    _check(day, month, year)
    return date(year, month, day)


def _check(day: int, month: int, year: int | None) -> None:
    """Refuse a day that the month does not have; without a year, that it has in no year."""
    if not 1 <= month <= 12:
        raise _NoSuchDayError(f"there is no month {month}")
    last = days_in_month(2000 if year is None else year, month)
    if not 1 <= day <= last:
        which = _MONTHS[month - 1].title() + ("" if year is None else f" {year}")
        raise _NoSuchDayError(f"{which} has {last} days" if day else "days count from 1")


def days_in_month(year: int, month: int) -> int:
    """How many days the month has, 28 to 31; `calendar` would say so too, and costs every command its import."""
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


def plus_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day when it is shorter.

    Raises:
        OverflowError: the year would be past 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > 9999:
        raise OverflowError("the year is past 9999")
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def show_day(day: date, today: date) -> str:
    """`day` as "06 Oct", or "06 Oct 27" in another year than today's; a year outside this century has four digits."""
    return f"{day.day:02} {_month_name(day)}{_year(day, today, ' ')}"


def show_day_short(day: date, today: date | None = None) -> str:
    """`day` in five characters, "06Oct"; given `today`, another year is added: "06Oct27"."""
    return f"{day.day:02}{_month_name(day)}{'' if today is None else _year(day, today, '')}"


def show_weekday(day: date, today: date | None = None) -> str:
    """`day` with its weekday, "Mon 19 Oct"; given `today`, another year is added: "Tue 19 Oct 27"."""
    return f"{_WEEKDAYS[day.weekday()][:3].title()} {show_day(day, today or day)}"


def _month_name(day: date) -> str:
    return _MONTHS[day.month - 1][:3].title()


def _year(day: date, today: date, before: str) -> str:
    if day.year == today.year:
        return ""
    return f"{before}{day.year % 100:02}" if 2000 <= day.year <= 2099 else f"{before}{day.year}"


def days_late(due: date | None, today: date) -> int:
    """How many days `due` is over; 0 when it is today, ahead or not set."""
    return max(0, (today - due).days) if due is not None else 0
