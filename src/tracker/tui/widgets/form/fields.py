"""What a field of a form takes: how a stored value is written into it, and how what was typed is read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.domain.dates import parse_day_or_none, show_weekday
from tracker.domain.errors import TrackerError, WrongUsage
from tracker.domain.numbers import read_number
from tracker.domain.recurrence import in_words, stored
from tracker.domain.words import choose

Value = str | int | float | None
"""As the services take it: days as ISO text."""


class Kind(StrEnum):
    """What kind of value a field holds."""

    TEXT = "text"
    LONG = "several lines of text"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices with commas between"
    WHOLE = "whole number"
    NUMBER = "number"
    DECIMAL = "exact number"
    LIST = "words with commas between"
    MONEY = "money"
    FLAG = "yes or no"
    RULE = "recurrence in words"
    FIXED = "shown only"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a choice may be: the value that is stored and what else it is called."""

    value: str
    title: str = ""
    number: int | None = None
    """A digit that names it too, as key results have."""

    @property
    def words(self) -> str:
        """As it is shown in a list of options."""
        named = f"{self.value} {self.title}".strip() if self.title and self.title != self.value else self.value
        return f"{self.number} {self.title or self.value}" if self.number is not None else named


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the domain, its label, and what may stand in it."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    """An example or a word of help, shown while nothing is wrong."""
    options: Sequence[Option] = ()
    is_required: bool = False


def written(field: Field, value: object) -> str:
    """The stored value as the form shows it."""
    if value is None:
        return ""
    if field.kind is Kind.MONEY and isinstance(value, int):
        return f"{value // 100}" if value % 100 == 0 else f"{Decimal(value) / 100:.2f}"
    if field.kind is Kind.FLAG:
        return "yes" if value else "no"
    if field.kind in (Kind.LIST, Kind.CHOICES):
        return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    if field.kind is Kind.RULE:
        return in_words(str(value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def read(field: Field, text: str, today: date) -> Value:
    """What was typed, as it is stored; None when the field is left empty.

    Raises:
        WrongUsage: the words cannot be read, or nothing was typed where something is needed.
    """
    words = text.strip()
    if not words:
        if field.is_required:
            raise WrongUsage(f"{field.label} is needed.")
        return None
    if field.kind is Kind.DAY:
        day = parse_day_or_none(words, today)
        return None if day is None else day.isoformat()
    if field.kind is Kind.RULE:
        return stored(words, today)
    if field.kind is Kind.CHOICE:
        return _chosen(field, words)
    if field.kind is Kind.CHOICES:
        chosen = [_chosen(field, each.strip()) for each in words.split(",") if each.strip()]
        return ",".join(each for each in chosen if each is not None)
    if field.kind in (Kind.WHOLE, Kind.NUMBER, Kind.DECIMAL, Kind.MONEY):
        return _number(field, words)
    if field.kind is Kind.FLAG:
        return int(choose(words, ("yes", "no"), field.label.lower()) == "yes")
    return text.strip("\n") if field.kind is Kind.LONG else words


def _chosen(field: Field, words: str) -> str | None:
    if words == "-" and not field.is_required:
        return None
    wanted = words.lower()
    for test in (
        lambda option: wanted in (option.value.lower(), str(option.number)),
        lambda option: option.value.lower().startswith(wanted),
        lambda option: any(word.startswith(wanted) for word in (option.title.lower(), *option.title.lower().split())),
        lambda option: wanted in option.title.lower(),
    ):
        found = [option for option in field.options if test(option)]
        if len(found) == 1:
            return found[0].value
        if found:
            several = " or ".join(option.words for option in found[:4])
            raise WrongUsage(f"{words[:30]!r} can be {several}; write more of it.")
    known = ", ".join(option.words for option in field.options) or "nothing yet"
    raise WrongUsage(f"There is no {field.label.lower()} {words[:30]!r}; there are: {known}.")


def _number(field: Field, words: str) -> int | float | str:
    plain = words.replace(" ", "").replace("_", "")
    if field.kind is Kind.MONEY:
        plain = plain.replace(",", "") if "." in plain or plain.count(",") > 1 else plain.replace(",", ".")
    number = read_number(plain)
    if field.kind is Kind.MONEY:
        number *= 100
    if field.kind in (Kind.WHOLE, Kind.MONEY):
        if number != number.to_integral_value():
            raise WrongUsage(f"{words[:30]!r} is no {'sum of money' if field.kind is Kind.MONEY else 'whole number'}.")
        return int(number)
    return str(number) if field.kind is Kind.DECIMAL else float(number)


def note(field: Field, text: str, today: date) -> tuple[str, bool]:
    """What stands beside the field for what is typed so far, and whether it says that something is wrong."""
    try:
        value = read(field, text, today)
    except TrackerError as wrong:
        return str(wrong), True
    return (_meaning(field, value, text) or field.hint), False


def _meaning(field: Field, value: Value, text: str) -> str:
    if value is None:
        return ""
    if field.kind is Kind.DAY:
        return show_weekday(date.fromisoformat(str(value)), today=None)
    if field.kind is Kind.RULE:
        words = in_words(str(value))
        return words if words != text.strip() else ""
    if field.kind is Kind.CHOICE:
        option = next((option for option in field.options if option.value == value), None)
        return option.words if option is not None and option.words != text.strip() else ""
    return ""
