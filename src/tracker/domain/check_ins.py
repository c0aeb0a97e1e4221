"""What a check-in may say: the kind of value its key result measures, a confidence, and a day inside the cycle.

One set of rules for the screen, the command and imports; each says in words what is wrong, or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tracker.domain.dates import parse_day, show_day
from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.metrics import ONE, STRETCH_PACE
from tracker.domain.numbers import read_number

GRADING_DAYS = 7
"""Days after the cycle's end on which a last check-in may still be dated while the cycle is graded."""
MOST_CONFIDENT = 10
HEALTHS = ("on track", "at risk", "off track")
"""What an override may say."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a key result and its cycle say about its check-ins."""

    key_result: str
    title: str
    status: str
    metric_kind: str
    unit: str
    currency: str | None
    precision: int
    target: Decimal
    cycle: str
    """Its name."""
    cycle_status: str
    starts_on: date
    ends_on: date
    """First and last day of the cycle."""


def value_fault(terms: Terms, value: Decimal) -> str | None:
    """Why the key result cannot have that value, None when it can."""
    if not value.is_finite():
        return f"{value} is no number; write digits, like 40 or 2.5"
    if terms.metric_kind == "milestone":
        return _count_fault(terms, value)
    places = _decimals(value)
    if places > terms.precision:
        allowed = "whole numbers" if not terms.precision else _places(terms.precision)
        return f"{value:f} has {_places(places)}; it is measured in {allowed}"
    return None


def _count_fault(terms: Terms, value: Decimal) -> str | None:
    shown = f"{value:f}"
    if value != value.to_integral_value():
        return f"{shown} is no number of milestones; they are counted whole"
    if value < 0:
        return f"{shown} is no number of milestones; the least is 0"
    if value > terms.target:
        return f"{shown} is more than the {terms.target:f} that {terms.title} counts to; change the target first"
    return None


def _places(count: int) -> str:
    return "1 decimal" if count == 1 else f"{count} decimals"


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def day_fault(terms: Terms, day: date, today: date) -> str | None:
    """Why no check-in can be dated `day`, None when one can: inside the cycle, a week longer once it is graded."""
    span = f"{terms.cycle} goes from {show_day(terms.starts_on, today)} to {show_day(terms.ends_on, today)}"
    if day > today:
        return f"{show_day(day, today)} is still to come; a check-in says how it stands, today or before"
    if day < terms.starts_on:
        return f"{show_day(day, today)} lies before the cycle: {span}"
    if day <= terms.ends_on:
        return None
    if terms.cycle_status not in ("grading", "closed"):
        return f"{show_day(day, today)} lies after the cycle: {span}; give a day of it, or begin grading"
    if day > terms.ends_on + timedelta(days=GRADING_DAYS):
        return f"{show_day(day, today)} lies more than {GRADING_DAYS} days after the cycle: {span}"
    return None


def state_fault(terms: Terms) -> str | None:
    """Why nobody can check the key result in now, None when they can."""
    if terms.status == "draft":
        return f"{terms.key_result} {terms.title} is a draft; its owner accepts it first"
    if terms.status != "active":
        return f"{terms.key_result} {terms.title} is {terms.status}; only an active key result is checked in"
    if terms.cycle_status not in ("active", "grading"):
        return f"{terms.cycle} is {terms.cycle_status}; key results are checked in while their cycle runs or is graded"
    return None


def read_value(terms: Terms, words: str) -> Decimal:
    """The value that `words` mean, in the key result's measure; `79 EUR` and `0.5%` where it measures these.

    Raises:
        WrongUsage: it is no number.
        Refused: the key result cannot have that value.
    """
    text = words.strip()
    if terms.metric_kind == "percent":
        text = text.removesuffix("%").rstrip()
    if terms.currency and text.upper().endswith(terms.currency.upper()):
        text = text[: -len(terms.currency)].rstrip()
    value = read_number(text)
    fault = value_fault(terms, value)
    if fault is not None:
        raise Refused(f"The value {fault}.")
    return value if value else abs(value)


_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_past_day(words: str, today: date, starts_on: date) -> date:
    """The day that `words` mean where only past days make sense: `12`, `12 oct` and `mon` are the last ones.

    `starts_on` is the first day of the cycle, from which a day without a year is looked for.

    Raises:
        WrongUsage: the words are no day.
    """
    day = parse_day(words, today)
    text = words.strip().lower()
    if day <= today or text.startswith("+"):
        return day
    if text[:3] in _WEEK and not any(letter.isdigit() for letter in text):
        return day - timedelta(days=7)
    if not any(letter.isdigit() for letter in text):
        return day
    again = parse_day(words, starts_on - timedelta(days=1))
    return again if again <= today else day


def read_confidence(words: str) -> int:
    """The confidence that `words` mean.

    Raises:
        WrongUsage: it is no whole number from 0 to 10.
    """
    text = words.strip()
    if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= MOST_CONFIDENT:
        return int(text)
    raise WrongUsage(f"The confidence is a whole number from 0 to 10, not {text[:40]!r}.")


def read_health(words: str) -> str | None:
    """The health that an override says, by its first letters; None for `none` and nothing.

    Raises:
        WrongUsage: it is none of them.
    """
    text = " ".join(words.lower().replace("-", " ").split())
    if text in ("", "none"):
        return None
    found = [health for health in HEALTHS if health.startswith(text)]
    if len(found) != 1:
        raise WrongUsage(f"The health is {', '.join(HEALTHS)} or none, not {words[:40]!r}.")
    return found[0]


def ticked_days(
    milestones: Sequence[tuple[int, date | None]], check_ins: Sequence[tuple[date, Decimal]]
) -> Mapping[int, date]:
    """The day each milestone was ticked, by position, both oldest first.

    Where no day is kept at all, as in work that was counted elsewhere, the check-ins tell: the first milestone was
    ticked on the day that first counted one, and so on as far as the last check-in counts.
    """
    kept = {position: day for position, day in milestones if day is not None}
    if kept or not check_ins:
        return kept
    told: dict[int, date] = {}
    for number, (position, _) in enumerate(milestones, 1):
        if number > check_ins[-1][1]:
            break
        told[position] = next(day for day, value in check_ins if value >= number)
    return told


def aim(baseline: Decimal, target: Decimal, ambition: str) -> Decimal:
    """The value that is expected in the end: the target, or 0.7 of the way there when it is a stretch."""
    return baseline + (target - baseline) * (STRETCH_PACE if ambition == "aspirational" else ONE)


def turn_on(last: date | None, starts_on: date, cadence_days: int) -> date:
    """The day on which the next check-in is due."""
    return (last or starts_on) + timedelta(days=cadence_days)
