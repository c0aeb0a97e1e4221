"""Making and changing the few records around the tasks: people, channels, strategies, objectives, key results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from tracker.domain.errors import NotFound, Refused, WrongUsage
from tracker.domain.numbers import LARGEST_DIGITS, read_number
from tracker.domain.plaintext import TEXT_LIMIT, clean_line
from tracker.storage import task_rows
from tracker.storage.columns import COLUMNS
from tracker.storage.writes import Row, Transaction

DAYS = frozenset(
    {"horizon_start", "horizon_end", "reviewed_on", "starts_on", "ends_on", "due_on", "on_date", "done_on"}
)
DECIMALS = frozenset({"weight", "baseline", "target", "target_max", "stretch", "expected", "rate", "actual_rate"})
WHOLE = frozenset({
    "budget_minor", "review_every_days", "checkin_weekday", "precision", "cadence_days", "capacity_h_week",
    "rate_minor_per_day", "position", "min_pieces", "planned_minor", "spent_minor", "max", "version",
})
FLAGS = frozenset({"active", "contribution_required"})
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "person": {"role": ("manager", "member", "contributor"), "kind": ("employee", "contractor")},
    "channel": {"kind": ("paid", "earned", "shared", "owned")},
    "strategy": {"status": ("draft", "active", "retired")},
    "cycle": {"status": ("planned", "active", "grading", "closed")},
    "objective": {
        "ambition": ("committed", "aspirational"),
        "status": ("draft", "active", "achieved", "partial", "missed", "dropped"),
    },
    "key_result": {
        "metric_kind": ("number", "percent", "currency", "milestone"),
        "direction": ("increase", "decrease", "maintain_above", "maintain_below", "maintain_between"),
        "indicator": ("leading", "lagging"),
        "result_kind": ("outcome", "output"),
        "status": ("draft", "active", "graded", "dropped"),
    },
    "wip_limit": {"scope": ("status", "person_doing"), "mode": ("soft", "hard")},
}
"""The words that a field of a table may hold; a test holds them against the database's own."""
REFERENCES: Mapping[str, str] = {
    "owner": "person", "strategy": "strategy", "cycle": "cycle", "objective": "objective", "channel": "channel",
    "key_result": "key_result", "pair_of": "key_result", "carried_from": "key_result",
    "micro_question": "micro_question",
}
"""Fields that name a record, and its table."""


def checked_record(table: str, fields: Mapping[str, object]) -> dict[str, object]:
    """The fields of a record as they are stored; the rules between fields are the database's.

    Raises:
        WrongUsage: a field is not known or its value is of the wrong kind.
        Refused: a text is too long.
    """
    known = COLUMNS[table]
    for name in fields:
        if name not in known.names:
            raise WrongUsage(f"A {table.replace('_', ' ')} has no field {name!r}; it has {', '.join(known.names)}.")
    values = {
        name: value if name in known.json else _reader(name)(name, value) for name, value in fields.items()
    }
    for name, words in WORDS.get(table, {}).items():
        if values.get(name) is not None and values[name] not in words:
            raise WrongUsage(f"{name} is one of {', '.join(words)}, not {str(values[name])[:40]!r}.")
    return values


def _reader(name: str) -> Callable[[str, object], object]:
    if name in DAYS:
        return _day
    if name in DECIMALS:
        return _decimal
    if name in WHOLE:
        return _whole
    return _flag if name in FLAGS else _text


def _text(name: str, value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise WrongUsage(f"{name} is text, not {value!r}.")
    return clean_line(value, TEXT_LIMIT) or None


def _day(name: str, value: object) -> object:
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise WrongUsage(f"{name}: {str(value)[:40]!r} is not a real day; write it as 2026-10-21.") from None


def _decimal(name: str, value: object) -> object:
    if value in (None, ""):
        return None
    try:
        return read_number(str(value))
    except WrongUsage as error:
        raise WrongUsage(f"{name}: {error}") from None


def _whole(name: str, value: object) -> object:
    if value in (None, ""):
        return None
    try:
        number = int(str(value))
    except ValueError:
        raise WrongUsage(f"{name} is a whole number, not {str(value)[:40]!r}.") from None
    if abs(number) >= 10**LARGEST_DIGITS:
        raise WrongUsage(f"{name}: {str(value)[:40]} is too large.")
    return number


def _flag(name: str, value: object) -> object:
    if value in (True, False, 0, 1):
        return int(bool(value))
    raise WrongUsage(f"{name} is yes or no, not {value!r}.")


def make(tx: Transaction, table: str, fields: Mapping[str, object]) -> Row:
    """A new record; fields without a value take the table's default."""
    values = {name: value for name, value in checked_record(table, fields).items() if value is not None}
    _require_references(tx, values)
    return tx.insert(table, values)


def change(
    tx: Transaction, table: str, key: str, fields: Mapping[str, object], seen: Mapping[str, object] | None = None
) -> Row:
    """Change fields of a record.

    Raises:
        NotFound: there is none with that id.
        Conflict: somebody else changed one of the fields since `seen`.
        Refused: its id would change.
    """
    if any(name in COLUMNS[table].key for name in fields):
        raise Refused(f"The id of a {table.replace('_', ' ')} is never changed.")
    row = tx.require(table, key)
    values = checked_record(table, fields)
    _require_references(tx, values)
    tx.update(table, row, values, seen=seen)
    return row


def _require_references(tx: Transaction, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        if name in REFERENCES and value is not None:
            require_known(tx, name, REFERENCES[name], value)


def require_known(tx: Transaction, name: str, table: str, value: object) -> None:
    """Refuse an id that no record of `table` has.

    Raises:
        NotFound: the message lists those there are.
    """
    if not isinstance(value, str) or tx.get(table, value) is None:
        known = ", ".join(task_rows.ids_of(tx.connection, table)) or "none yet"
        raise NotFound(f"{name}: there is no {table.replace('_', ' ')} {str(value)[:40]!r}; known are {known}.")
