"""RRULE text (RFC 5545) as a rule: the parts that are about days are read, anything else is refused in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from tracker.domain.errors import WrongUsage
from tracker.domain.recurrence import DAYS, EXAMPLES, FREQUENCIES, Rule, checked

_FINER = ("HOURLY", "MINUTELY", "SECONDLY")
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")


def read_rrule(text: str) -> Rule:
    """The rule that RRULE text says.

    Raises:
        WrongUsage: it is none, one finer than days, or one that no day ever matches.
    """
    plain = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    values: dict[str, str] = {}
    for part in plain.split(";"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not (name and equals and value):
            raise WrongUsage(f"recurs: {text[:60]!r} is no recurrence; write {EXAMPLES}.")
        if name in values:
            raise WrongUsage(f"recurs: {name} stands twice in {text[:60]!r}.")
        values[name] = value
    _refuse_times(values)
    if "COUNT" in values and "UNTIL" in values:
        raise WrongUsage("recurs: COUNT and UNTIL exclude each other; choose one end.")
    freq = values.pop("FREQ", "")
    if freq not in FREQUENCIES:
        raise WrongUsage(f"recurs: a rule needs FREQ={', '.join(FREQUENCIES)}, not {freq[:20] or 'nothing'!r}.")
    read: dict[str, object] = {}
    for name, value in values.items():
        if name not in _PARTS:
            raise WrongUsage(f"recurs: {name[:20]!r} is not understood here; there are FREQ, {', '.join(_PARTS)}.")
        field, reader = _PARTS[name]
        read[field] = reader(name, value)
    return checked(Rule(freq, **read))  # type: ignore[arg-type]  # each reader gives what its field holds


def _refuse_times(values: Mapping[str, str]) -> None:
    finer = values.get("FREQ", "") if values.get("FREQ", "") in _FINER else next(
        (name for name in _TIMES if name in values), "")
    if finer:
        raise WrongUsage(f"recurs: {finer} is about hours, and tasks come round on days; use DAILY or rarer.")


def _whole(name: str, value: str, least: int, most: int) -> int:
    digits = value.removeprefix("-").removeprefix("+")
    number = int(value) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else 0
    if not (least <= number <= most) or number == 0:
        raise WrongUsage(f"recurs: {name} lies between {least} and {most}, not at {value[:20]!r}.")
    return number


def _number(name: str, value: str) -> int:
    return _whole(name, value, 1, 999_999)


def _numbers(least: int, most: int) -> Callable[[str, str], tuple[int, ...]]:
    def read(name: str, value: str) -> tuple[int, ...]:
        return tuple(sorted({_whole(name, each, least, most) for each in value.split(",")}))

    return read


def _weekdays(name: str, value: str) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({_weekday(name, each.strip()) for each in value.split(",")}, key=lambda each: each[::-1]))


def _weekday(name: str, word: str) -> tuple[int, int]:
    if word[-2:] not in DAYS:
        raise WrongUsage(f"recurs: {name} names {word[:20]!r}; a weekday is one of {', '.join(DAYS)}.")
    return (_whole(name, word[:-2], -53, 53) if word[:-2] else 0), DAYS.index(word[-2:])


def _week_start(name: str, value: str) -> int:
    return _weekday(name, value)[1]


def _until(name: str, value: str) -> date:
    """The day of UNTIL; a time behind it says nothing about days."""
    digits = value.partition("T")[0].replace("-", "")
    try:
        if len(digits) != 8:
            raise ValueError
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise WrongUsage(f"recurs: {name} {value[:20]!r} is not a real day; write it as 20261231.") from None


_PARTS: Mapping[str, tuple[str, Callable[[str, str], object]]] = {
    "INTERVAL": ("interval", _number),
    "BYDAY": ("weekdays", _weekdays),
    "BYMONTHDAY": ("month_days", _numbers(-31, 31)),
    "BYMONTH": ("months", _numbers(1, 12)),
    "BYSETPOS": ("positions", _numbers(-366, 366)),
    "WKST": ("week_start", _week_start),
    "COUNT": ("count", _number),
    "UNTIL": ("until", _until),
}
