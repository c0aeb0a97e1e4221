"""What people write for a recurrence, as a rule: `every 2 weeks on Mon, Thu until 31 Dec`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from tracker.domain.dates import parse_day
from tracker.domain.errors import WrongUsage
from tracker.domain.recurrence import EXAMPLES, MONTH_NAMES, WORDS, WORKING_WEEK, Rule, checked

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WHICH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
          "5th": 5, "last": -1}
_UNITS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "quarter": "MONTHLY", "year": "YEARLY"}
_WORKING = ("weekday", "workday", "working day", "work day")
_UNIT = re.compile(r"(?:(other|[0-9]{1,6})(?:st|nd|rd|th)? )?(day|week|fortnight|month|quarter|year)s?(?: on (.+))?")
_UNTIL = re.compile(r"(.+?),? until (.+)")
_TIMES = re.compile(r"(.+?),?(?: for)? ([0-9]{1,6}) times?")
_ALONE = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year",
          "annually": "year", "fortnightly": "fortnight", "biweekly": "fortnight"}


class _NoRuleError(Exception):
    """The words say no rule."""


def read_words(words: str, today: date) -> Rule:
    """The rule that words mean.

    Raises:
        WrongUsage: they say no rule, or one that no day ever matches.
    """
    plain = words.lower()
    end: dict[str, object] = {}
    if found := _UNTIL.fullmatch(plain):
        plain, end = found[1], {"until": parse_day(found[2], today)}
    elif found := _TIMES.fullmatch(plain):
        plain, end = found[1], {"count": int(found[2])}
    try:
        rule = _read(plain)
    except _NoRuleError:
        raise WrongUsage(f"recurs: {words[:60]!r} is no recurrence; write {EXAMPLES}.") from None
    return checked(replace(rule, **end))  # type: ignore[arg-type]  # an end is a day or a number


def _read(plain: str) -> Rule:
    first, _, rest = plain.partition(" ")
    if first in _ALONE:
        plain = f"every {_ALONE[first]} {rest}".strip()
    if plain in WORDS:
        return WORDS[plain]
    if not plain.startswith("every "):
        raise _NoRuleError
    body = plain.removeprefix("every ")
    if body.rstrip("s") in _WORKING:
        return Rule("WEEKLY", weekdays=WORKING_WEEK)
    if found := _UNIT.fullmatch(body):
        return _of_unit(found[1], found[2], found[3])
    if body.startswith("other "):
        return Rule("WEEKLY", 2, _weekdays(body.removeprefix("other ")))
    of_month = re.fullmatch(r"(.+?) of (?:the|each|every) month", body)
    if of_month or body.split()[0] in ("first", "last"):
        return _on_days_of_month(1, of_month[1] if of_month else body)
    return Rule("WEEKLY", weekdays=_weekdays(body))


def _of_unit(often: str | None, unit: str, days: str | None) -> Rule:
    interval = 1 if often is None else 2 if often == "other" else int(often)
    if unit == "fortnight":
        unit, interval = "week", 2 * interval
    elif unit == "quarter":
        interval *= 3
    freq = _UNITS[unit]
    if days is None:
        return Rule(freq, interval)
    if freq == "WEEKLY":
        return Rule(freq, interval, _weekdays(days))
    if freq == "MONTHLY":
        return _on_days_of_month(interval, days)
    if freq == "YEARLY":
        return _on_day_of_year(interval, days)
    raise _NoRuleError


def _several(words: str) -> list[str]:
    return [each.strip() for each in re.split(r",| and |\+|&", words) if each.strip()]


def _weekday(word: str) -> int:
    plain = word.rstrip(".").removesuffix("s") if len(word) > 4 else word.rstrip(".")
    found = [at for at, name in enumerate(_WEEKDAYS) if len(plain) >= 2 and name.startswith(plain)]
    if len(found) != 1:
        raise _NoRuleError
    return found[0]


def _weekdays(words: str) -> tuple[tuple[int, int], ...]:
    found = sorted({_weekday(each) for each in _several(words)})
    if not found:
        raise _NoRuleError
    return tuple((0, day) for day in found)


def _on_days_of_month(interval: int, words: str) -> Rule:
    month_days: set[int] = set()
    weekdays: set[tuple[int, int]] = set()
    position = 0
    for each in _several(words):
        plain = each.removeprefix("the ").removeprefix("day ")
        which, _, day = plain.partition(" ")
        if found := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)?", plain):
            month_days.add(int(found[1]))
        elif plain in ("last day", "last"):
            month_days.add(-1)
        elif which in ("first", "last") and day in _WORKING:
            position = _WHICH[which]
        elif which in _WHICH:
            weekdays.add((_WHICH[which], _weekday(day)))
        else:
            raise _NoRuleError
    if sum(map(bool, (month_days, weekdays, position))) != 1 or not month_days <= {-1, *range(1, 32)}:
        raise _NoRuleError
    if position:
        return Rule("MONTHLY", interval, WORKING_WEEK, positions=(position,))
    return Rule("MONTHLY", interval, tuple(sorted(weekdays, key=lambda each: each[::-1])), tuple(sorted(month_days)))


def _on_day_of_year(interval: int, words: str) -> Rule:
    plain = words.removeprefix("the ")
    found = re.fullmatch(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)? (?P<month>[a-z]{3,9})\.?", plain) or re.fullmatch(
        r"(?P<month>[a-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", plain)
    months = [name.lower() for name in MONTH_NAMES]
    if found is None or found["month"][:3] not in months or not 1 <= int(found["day"]) <= 31:
        raise _NoRuleError
    return Rule("YEARLY", interval, month_days=(int(found["day"]),), months=(months.index(found["month"][:3]) + 1,))
