"""Moves the demo to another day: its dates, and the words of its texts that speak of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
_SPOKEN = "September|October|November|December"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+")
_CYCLE = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the demo moves: so many days, and the months that its cycles are called by."""

    days: timedelta
    months: int
    written: date
    """The day that the texts were written for."""

    @classmethod
    def between(cls, written: date, today: date, cycle: tuple[date, date]) -> Shift:
        """From the day the demo was written for to `today`; a cycle is called by the month its middle lies in.

        Raises:
            OverflowError: a date would leave the years 1 to 9999.
        """
        days = today - written
        was = cycle[0] + (cycle[1] - cycle[0]) / 2
        now = was + days
        return cls(days, (now.year - was.year) * 12 + now.month - was.month, written)

    def value(self, value: object) -> object:
        """Any value of a record, moved."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {name: self.value(item) for name, item in value.items()}
        return value

    def _text(self, text: str) -> str:
        if _DAY.fullmatch(text):
            return (date.fromisoformat(text) + self.days).isoformat()
        if _INSTANT.fullmatch(text):
            return (datetime.fromisoformat(text) + self.days).isoformat(timespec="minutes")
        if cycle := _CYCLE.fullmatch(text):
            year, month = self._month(int(cycle[1]), int(cycle[2]))
            return f"{year:04}-{month:02}"
        for pattern, change in _SPEECH.items():
            text = pattern.sub(partial(change, self), text)
        return text

    def _month(self, year: int, month: int) -> tuple[int, int]:
        years, index = divmod(month - 1 + self.months, 12)
        return year + years, index + 1

    def _day_and_month(self, found: re.Match[str]) -> str:
        if not found["day"]:
            return self._month_and_year(found)
        day = date(self.written.year, _MONTHS.index(found["month"]) + 1, int(found["day"])) + self.days
        return f"{day.day} {_MONTHS[day.month - 1]}"

    def _month_and_year(self, found: re.Match[str]) -> str:
        year, month = self._month(int(found["year"] or self.written.year), _MONTHS.index(found["month"]) + 1)
        return f"{_MONTHS[month - 1]} {year}" if found["year"] else _MONTHS[month - 1]

    def _ordinal(self, found: re.Match[str]) -> str:
        day = (self.written.replace(day=int(found["day"])) + self.days).day
        ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        return f"{day}{ending}"

    def _week(self, found: re.Match[str]) -> str:
        monday = date.fromisocalendar(self.written.year, int(found["week"]), 1)
        return f"week {(monday + self.days).isocalendar().week}"


_SPEECH: Mapping[re.Pattern[str], Callable[[Shift, re.Match[str]], str]] = {
    re.compile(rf"\b(?:(?P<day>[0-9]{{1,2}}) )?(?P<month>{_SPOKEN})(?: (?P<year>[0-9]{{4}}))?\b"): Shift._day_and_month,
    re.compile(r"\b(?P<day>[0-9]{1,2})(?:st|nd|rd|th)\b"): Shift._ordinal,
    re.compile(r"\bweek (?P<week>[0-9]{1,2})\b"): Shift._week,
}
"""What the texts say about dates: `12 October`, `September 2026`, `the 27th`, `week 42`."""
