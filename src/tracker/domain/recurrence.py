"""How upkeep comes round: the words a person writes ("every 2 weeks on Mon, Thu until 31 Dec") and RRULE (RFC 5545).

Days only, no times, so that no change of the clocks can move anything. Which days a rule names is reckoned elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.dates import EARLIEST, LATEST, days_in_month, show_day
from tracker.domain.errors import WrongUsage

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING_WEEK = tuple((0, day) for day in range(5))
MOST_INTERVAL, MOST_COUNT = 1000, 10_000
EXAMPLES = (
    "every Monday, every 2 weeks on Mon, Thu until 31 Dec, every month on the last day, or a rule like "
    "FREQ=MONTHLY;BYDAY=1MO"
)
"""The forms a rule is accepted in, as messages and help show them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a task comes round: the part of RFC 5545 that is about days."""

    freq: str
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    """(which one of the month or year, 0 for each; Monday is 0)"""
    month_days: tuple[int, ...] = ()
    """-1 is the last day of the month."""
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    """Which of the days that the rest names in one period are meant; -1 is the last."""
    week_start: int = 0
    count: int | None = None
    """How many times in all, the first included."""
    until: date | None = None
    """The last day it may come round."""

    @property
    def text(self) -> str:
        """The rule as RRULE text."""
        parts = [f"FREQ={self.freq}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        for name, values in (
            ("BYMONTH", self.months), ("BYMONTHDAY", self.month_days),
            ("BYDAY", [f"{which or ''}{DAYS[day]}" for which, day in self.weekdays]), ("BYSETPOS", self.positions),
        ):  # fmt: skip
            if values:
                parts.append(f"{name}={','.join(map(str, values))}")
        if self.week_start:
            parts.append(f"WKST={DAYS[self.week_start]}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until.isoformat().replace('-', '')}")
        return ";".join(parts)

    @property
    def is_bare(self) -> bool:
        """Whether only the first day says on which days it comes round."""
        return not (self.weekdays or self.month_days or self.months or self.positions)


WORDS = {
    "daily": Rule("DAILY"),
    "weekly": Rule("WEEKLY"),
    "monthly": Rule("MONTHLY"),
    "quarterly": Rule("MONTHLY", 3),
    "yearly": Rule("YEARLY"),
}
"""Words that are kept as they are; every other rule is kept as RRULE text."""


def parse_rule(words: str, today: date) -> Rule:
    """The rule that words or RRULE text mean; `today` settles days without a year.

    Raises:
        WrongUsage: they say no rule, one finer than days, or one that no day ever matches.
    """
    plain = " ".join(words.split())
    known = WORDS.get(plain.lower())
    if known is not None:
        return known
    if "=" in plain or plain.upper().startswith("RRULE"):
        from tracker.domain.rrule_text import read_rrule  # imported here: lists read no rule

        return read_rrule(plain)
    from tracker.domain.recurrence_words import read_words  # imported here: lists read no rule

    return read_words(plain, today)


def stored(words: str, today: date) -> str:
    """The rule as it is kept: one of WORDS where it was said in words, else RRULE text.

    Raises:
        WrongUsage: as `parse_rule`.
    """
    rule = parse_rule(words, today)
    return next((word for word, known in WORDS.items() if known == rule and "=" not in words), rule.text)


def in_words(kept: str, today: date | None = None) -> str:
    """A kept rule as people say it; one that has no short words stays RRULE text, one that is none stays as it is.

    Given `today`, its year is left out.
    """
    if kept in WORDS:
        return kept
    try:
        rule = parse_rule(kept, today or EARLIEST)
    except WrongUsage:
        return kept
    told = _told(rule)
    if told is None:
        return rule.text
    if rule.until is not None:
        day = show_day(rule.until, rule.until) + f" {rule.until.year}" if today is None else show_day(rule.until, today)
        return f"{told} until {day}"
    return told if rule.count is None else f"{told}, {rule.count} time{'s' if rule.count != 1 else ''}"


def anchored(rule: Rule, first: date) -> Rule:
    """The rule with the day of the month that its first day gives it.

    Who says "every month" on the 31st means the last day of shorter months; RFC 5545 would leave those months out.
    """
    if not rule.is_bare or first.day <= 28 or rule.freq not in ("MONTHLY", "YEARLY"):
        return rule
    months = (first.month,) if rule.freq == "YEARLY" else ()
    if months and first.day <= days_in_month(2001, first.month):
        return rule  # every year has it
    return replace(rule, month_days=tuple(range(28, first.day + 1)), months=months, positions=(-1,))


# telling

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = dict(zip(FREQUENCIES, ("day", "week", "month", "year"), strict=True))
_WHICH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _told(rule: Rule) -> str | None:
    if rule.week_start:
        return None
    each = "every" if rule.interval == 1 else f"every {rule.interval}"
    unit = f"{each} {_UNITS[rule.freq]}{'s' if rule.interval != 1 else ''}"
    if rule.is_bare:
        return unit
    if rule.freq == "WEEKLY":
        return _told_week(rule, unit)
    if rule.freq == "MONTHLY":
        days = _told_days_of_month(rule)
        return None if days is None else f"{unit} on {days}"
    if rule.freq == "YEARLY" and len(rule.months) == len(rule.month_days) == 1 and rule.month_days[0] > 0:
        if rule.weekdays or rule.positions:
            return None
        return f"{unit} on {rule.month_days[0]} {MONTH_NAMES[rule.months[0] - 1]}"
    return None


def _told_week(rule: Rule, unit: str) -> str | None:
    if rule.months or rule.positions or rule.month_days:
        return None
    if rule.weekdays == WORKING_WEEK and rule.interval == 1:
        return "every weekday"
    names = [_NAMES[day] for _, day in rule.weekdays]
    if rule.interval == 1:
        return f"every {names[0]}" if len(names) == 1 else f"every {', '.join(name[:3] for name in names)}"
    return f"{unit} on {', '.join(name[:3] for name in names)}"


def _told_days_of_month(rule: Rule) -> str | None:
    if rule.months:
        return None
    if rule.weekdays == WORKING_WEEK and rule.positions in ((1,), (-1,)) and not rule.month_days:
        return f"the {_WHICH[rule.positions[0]]} weekday"
    if rule.positions or (rule.weekdays and rule.month_days):
        return None
    if rule.month_days:
        if any(day < -1 for day in rule.month_days):
            return None
        return "the " + ", ".join("last day" if day == -1 else ordinal(day) for day in rule.month_days)
    if any(which not in _WHICH for which, _ in rule.weekdays):
        return None
    return "the " + ", ".join(f"{_WHICH[which]} {_NAMES[day]}" for which, day in rule.weekdays)


def ordinal(number: int) -> str:
    """`1st`, `22nd`, `13th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


# checking what words and RRULE text have in common


def checked(rule: Rule) -> Rule:
    """The rule itself.

    Raises:
        WrongUsage: it is not for days, or no day ever matches it.
    """
    if not 1 <= rule.interval <= MOST_INTERVAL:
        raise WrongUsage(f"recurs: the interval lies between 1 and {MOST_INTERVAL}, not at {rule.interval}.")
    if rule.count is not None and not 1 <= rule.count <= MOST_COUNT:
        raise WrongUsage(f"recurs: it can come round 1 to {MOST_COUNT} times, not {rule.count}.")
    if rule.until is not None and not EARLIEST <= rule.until <= LATEST:
        raise WrongUsage(f"recurs: it can end between {EARLIEST} and {LATEST}, not on {rule.until}.")
    why = _never(rule)
    if why:
        raise WrongUsage(f"recurs: {rule.text[:80]} {why}.")
    return rule


def _never(rule: Rule) -> str:
    """Why no day, or none that could be found in good time, matches the rule; empty when one does."""
    if rule.freq == "DAILY" and rule.interval > 1 and not rule.is_bare:
        return "picks days out of every few days, and may never meet one; use weeks or months"
    if rule.freq == "DAILY" and rule.positions:
        return "picks one of several within a day, and a day is only one"
    if rule.freq == "WEEKLY" and rule.month_days:
        return "names days of the month in a rule by weeks; use months"
    if rule.freq == "MONTHLY" and rule.interval > 1 and rule.months:
        return "names months in a rule of every few months, and may never meet one; use years"
    return _never_in_a_month(rule) or _never_picked(rule)


def _never_in_a_month(rule: Rule) -> str:
    numbered = [which for which, _ in rule.weekdays if which]
    if numbered:
        if rule.freq not in ("MONTHLY", "YEARLY"):
            return "counts weekdays of a month; only rules by months or years can"
        most = 5 if rule.freq == "MONTHLY" or rule.months else 53
        if max(map(abs, numbered)) > most:
            return f"names a weekday for the {ordinal(max(map(abs, numbered)))} time; there are at most {most}"
        if rule.month_days:
            return "names both a numbered weekday and a day of the month; choose one"
    longest = max((days_in_month(2000, month) for month in rule.months), default=31)
    if rule.month_days and min(map(abs, rule.month_days)) > longest:
        return "names a day that these months do not have"
    return ""


def _never_picked(rule: Rule) -> str:
    if not rule.positions:
        return ""
    if not (rule.weekdays or rule.month_days or rule.months):
        return "picks out of days that it does not name; add BYDAY or BYMONTHDAY"
    periods = 1 if rule.freq in ("WEEKLY", "MONTHLY") else len(rule.months) or 12
    if rule.month_days:
        most = len(rule.month_days) * periods
    elif any(which for which, _ in rule.weekdays):
        most = len(rule.weekdays) * (len(rule.months) or 1)
    else:
        most = max(1, len(rule.weekdays)) * (1 if rule.freq == "WEEKLY" else 5 * periods if rule.weekdays else 1)
    if min(map(abs, rule.positions)) > most:
        return f"picks number {min(map(abs, rule.positions))} of at most {most} days"
    return ""
