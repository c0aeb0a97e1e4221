"""What may be written into a task's fields: each value is read, cleaned and checked before it is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.plaintext import TEXT_LIMIT, clean_line, clean_text
from tracker.domain.tasks import KINDS, MEDIA, PRIORITIES, SHOWS, STAGES
from tracker.services.records import require_known
from tracker.storage import task_rows
from tracker.storage.writes import Transaction

_Number = TypeVar("_Number", int, float)
LARGEST = 10**12
"""Above every sum of money or hours that a task can mean."""

Reader = Callable[[str, object, Transaction], object]


def checked_fields(tx: Transaction, fields: Mapping[str, object]) -> dict[str, object]:
    """The fields as they are stored: days as ISO text, numbers as numbers, text without control characters.

    Raises:
        WrongUsage: a field is not known, or its value is of the wrong kind.
        NotFound: a person, key result or channel is not known.
        Refused: a text is too long or missing.
    """
    unknown = [name for name in fields if name not in READERS]
    if unknown:
        raise WrongUsage(f"A task has no field {unknown[0]!r}; it has {', '.join(READERS)}.")
    return {name: READERS[name](name, value, tx) for name, value in fields.items()}


def _title(name: str, value: object, tx: Transaction) -> object:
    line = clean_line(_text(name, value))
    if not line:
        raise Refused("A task needs a title: say what is to be done.")
    return line


def _line(name: str, value: object, tx: Transaction) -> object:
    return clean_line(_text(name, value), TEXT_LIMIT)


def _line_or_none(name: str, value: object, tx: Transaction) -> object:
    return None if value is None else clean_line(_text(name, value), TEXT_LIMIT) or None


def _long_text(name: str, value: object, tx: Transaction) -> object:
    return clean_text(_text(name, value))


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    raise WrongUsage(f"{name} is text, not {value!r}.")


def _day(name: str, value: object, tx: Transaction) -> object:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise WrongUsage(f"{name}: {str(value)[:40]!r} is not a real day; write it as 2026-10-21.") from None


def _whole(name: str, value: object, tx: Transaction) -> object:
    return None if value in (None, "") else _number(name, value, int)


def _hours(name: str, value: object, tx: Transaction) -> object:
    if value in (None, ""):
        return None
    hours = _number(name, value, float)
    return int(hours) if hours == int(hours) else hours


def _number(name: str, value: object, kind: type[_Number]) -> _Number:
    try:
        number = kind(str(value))
    except ValueError:
        raise WrongUsage(f"{name} is a number, not {str(value)[:40]!r}.") from None
    if not 0 <= number <= LARGEST:
        raise WrongUsage(f"{name} lies between 0 and {LARGEST}, not at {str(value)[:40]}.")
    return number


def _cost(name: str, value: object, tx: Transaction) -> object:
    return 0 if value in (None, "") else _number(name, value, int)


def _one_of(known: Sequence[str]) -> Reader:
    def read(name: str, value: object, tx: Transaction) -> object:
        if value not in known:
            raise WrongUsage(f"{name} is one of {', '.join(known)}, not {str(value)[:40]!r}.")
        return value

    return read


def _shows(name: str, value: object, tx: Transaction) -> object:
    return None if value in (None, "") else _one_of(SHOWS)(name, value, tx)


def _of_strategy(column: str, default: Sequence[str]) -> Reader:
    def read(name: str, value: object, tx: Transaction) -> object:
        own = task_rows.own_list(tx.connection, column)
        return _one_of((*own, default[-1]) if own else default)(name, value, tx)

    return read


def _exists(table: str, *, optional: bool) -> Reader:
    def read(name: str, value: object, tx: Transaction) -> object:
        if optional and value in (None, ""):
            return None
        require_known(tx, name, table, value)
        return value

    return read


def _recurs(name: str, value: object, tx: Transaction) -> object:
    rule = clean_line(_text(name, value))
    if not rule:
        return None
    from tracker.domain.recurrence import stored  # imported here: hardly a task recurs

    return stored(rule, date.fromisoformat(tx.on_date))


READERS: Mapping[str, Reader] = {
    "title": _title,
    "key_result": _exists("key_result", optional=False),
    "contribution": _line,
    "notes": _long_text,
    "stage": _of_strategy("stages", STAGES),
    "kind": _one_of(KINDS),
    "medium": _of_strategy("media", MEDIA),
    "channel": _exists("channel", optional=True),
    "journey_step": _whole,
    "shows": _shows,
    "goal_question": _line_or_none,
    "owner": _exists("person", optional=True),
    "priority": _one_of(PRIORITIES),
    "created_on": _day,
    "assigned_on": _day,
    "started_on": _day,
    "review_on": _day,
    "done_on": _day,
    "due_on": _day,
    "publish_on": _day,
    "estimate_low_h": _hours,
    "estimate_high_h": _hours,
    "cost_minor": _cost,
    "blocked_reason": _line_or_none,
    "cancel_reason": _line_or_none,
    "recurs": _recurs,
    "learned": _line_or_none,
}
"""Every field of a task that a person may write, and how its value is read."""
