"""One record of the file as rows of the database: each value is checked against the rule of its field, and cleaned."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.plaintext import TEXT_LIMIT, TITLE_LIMIT, clean_line, clean_text
from tracker.storage.columns import COLUMNS, to_database
from tracker.storage.field_rules import FieldRule, Kind, field_rules
from tracker.storage.shape import Part, Section
from tracker.storage.writes import Row

Problem = tuple[str, str]
"""(field, what is wrong with it)"""

_LARGEST_WHOLE = 2**63 - 1
_DIGITS = 30
"""Digits before and after the point of the longest exact number that is taken."""
_DEEPEST = 50
"""Levels of lists and objects in a free value."""
_HISTORY_LIMIT = 1 << 25
"""Characters in one side of a recorded change, which may be a whole row."""


class TableRecord(dict[str, object]):
    """A record from a row of a table."""

    extra: Mapping[str, object] = MappingProxyType({})
    """Cells of columns that no field takes, by header; an arrival keeps them."""
    origin: str | None = None
    """What tells the row from others when it has no id: the same row again is the same arrival."""


@dataclass(slots=True)
class Reading:
    """What a record says."""

    row: Row
    """Every column of the record's table, as the database keeps it."""
    given: frozenset[str]
    """The fields that the record named."""
    parts: dict[str, list[Row]] = field(default_factory=dict)
    """Rows of each list that the record named."""
    problems: list[Problem] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    """Names of fields that there are not."""

    @property
    def said(self) -> dict[str, object]:
        """The part of the row that the record named."""
        return {name: value for name, value in self.row.items() if name in self.given}


class RecordReader:
    """Reads the records of one section."""

    def __init__(self, section: Section, *, allow_missing: Iterable[str] = ()) -> None:
        """`allow_missing` are fields that a record may lack although the database does not."""
        self.section = section
        rules = field_rules(section.table) if section.table else {}
        if section.table is None:
            parent = section.parts[0].parent
            rules = {parent: field_rules(section.parts[0].table)[parent]}
        self._fields = _FieldReaders(section.table or "", rules, frozenset(allow_missing))
        self._parts = {part.key: (part, _PartReader(part)) for part in section.parts}

    def read(self, record: object) -> Reading:
        """The record as rows, or what is wrong with it."""
        if not isinstance(record, dict):
            return Reading({}, frozenset(), problems=[("", f"is {_named(record)}, not an object with fields")])
        parts = self._parts
        plain = {name: value for name, value in record.items() if name not in parts} if parts else record
        row, problems, unknown = self._fields.read(plain)
        reading = Reading(row, frozenset(plain), problems=problems, unknown=unknown)
        for key, (part, reader) in self._parts.items():
            if key in record:
                reading.parts[key] = reader.read(record[key], row.get(self._parent_name(part)), reading.problems)
        return reading

    def _parent_name(self, part: Part) -> str:
        return COLUMNS[self.section.table].key[0] if self.section.table else part.parent


class _FieldReaders:
    """Reads the plain fields of one kind of row."""

    def __init__(self, table: str, rules: Mapping[str, FieldRule], allow_missing: frozenset[str]) -> None:
        self._readers = {name: _reader(table, rule) for name, rule in rules.items()}
        self._defaults = {name: rule.default for name, rule in rules.items()}
        self._required = [name for name, rule in rules.items() if rule.is_required and name not in allow_missing]

    def read(self, record: Mapping[str, object]) -> tuple[Row, list[Problem], tuple[str, ...]]:
        row = dict(self._defaults)
        problems: list[Problem] = []
        unknown: list[str] = []
        readers = self._readers
        for name, value in record.items():
            reader = readers.get(name)
            if reader is None:
                unknown.append(str(name))
            elif value is not None:
                try:
                    row[name] = reader(value)
                except (_WrongError, Refused) as error:
                    problems.append((name, str(error)))
        missing = [name for name in self._required if row[name] is None or row[name] == ""]
        if missing:
            bad = {name for name, _ in problems}
            problems += [(name, "is missing") for name in missing if name not in bad]
        return row, problems, tuple(unknown)


class _PartReader:
    """Reads a list inside a record."""

    def __init__(self, part: Part) -> None:
        self._part = part
        rules = {name: rule for name, rule in field_rules(part.table).items() if name in part.fields}
        self._fields = _FieldReaders(part.table, rules, frozenset({"position"}))

    def read(self, items: object, parent: object, problems: list[Problem]) -> list[Row]:
        """The rows of the list, which belong to the record `parent`; what is wrong is added to `problems`."""
        part = self._part
        if items is None:
            return []
        if not isinstance(items, list):
            problems.append((part.key, f"is {_named(items)}, not a list"))
            return []
        rows = []
        for place, item in enumerate(items):
            row, wrong, unknown = self._fields.read(self._as_object(item, place))
            where = f"{part.key} {place + 1}"
            problems += [(f"{where} {name}".strip(), what) for name, what in wrong]
            problems += [(f"{where} {name}", "is not known") for name in unknown]
            rows.append({**row, part.parent: parent})
        return rows

    def _as_object(self, item: object, place: int) -> Mapping[str, object]:
        part = self._part
        placed = {"position": place} if part.is_placed else {}
        if part.value:
            return {**placed, part.value: item}
        if isinstance(item, dict):
            return {**placed, **item}
        return {**placed, part.title or part.fields[0]: item}


class _WrongError(Exception):
    """A value that its field does not take."""


Reader = Callable[[object], object]


def _reader(table: str, rule: FieldRule) -> Reader:
    if rule.words:
        return _word_of(rule.words)
    if (table, rule.name) == ("task", "recurs"):
        return _recurrence
    if rule.kind is Kind.LINE:
        return _line_of(TITLE_LIMIT if rule.name in ("id", "title", "name") else TEXT_LIMIT)
    if rule.kind is Kind.TEXT:
        return _text_of(_HISTORY_LIMIT if table == "change" else TEXT_LIMIT)
    return _READERS[rule.kind]


def _word_of(words: tuple[str, ...]) -> Reader:
    known = frozenset(words)

    def read(value: object) -> object:
        if isinstance(value, str) and value in known:
            return value
        raise _WrongError(f"is {_shown(value)}; it is one of {', '.join(words)}")

    return read


def _line_of(limit: int) -> Reader:
    def read(value: object) -> object:
        if not isinstance(value, str):
            raise _WrongError(f"is {_named(value)}, not text")
        if len(value) <= limit and value.isascii() and value.isprintable() and "  " not in value:
            return value.strip()  # as it mostly is: nothing to clean
        return clean_line(value, limit)

    return read


def _recurrence(value: object) -> object:
    """A rule as it stands in the file, words as the rule they mean."""
    from tracker.domain.recurrence import stored  # imported here: hardly a task recurs

    line = str(_line_of(TEXT_LIMIT)(value))
    if not line:
        return None
    try:
        meant = {stored(line, day) for day in _ANY_DAYS}
    except WrongUsage as error:
        raise _WrongError(str(error).removeprefix("recurs: ").rstrip(".")) from None
    if len(meant) > 1:
        raise _WrongError(f"is {_shown(line)}, which ends in another year each year; write the day as 2026-12-31")
    return line if "=" in line else meant.pop()


_ANY_DAYS = (date(2000, 1, 1), date(2001, 6, 1))
"""Two days on which a rule has to mean the same: a file may be read on any day."""


def _text_of(limit: int) -> Reader:
    def read(value: object) -> object:
        if not isinstance(value, str):
            raise _WrongError(f"is {_named(value)}, not text")
        if len(value) <= limit and value.isascii() and value.isprintable():
            return value.strip()
        return clean_text(value, limit)

    return read


def _whole(value: object) -> object:
    if isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) <= _LARGEST_WHOLE:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST_WHOLE:
        raise _WrongError(f"is {_shown(value)}, not a whole number")
    return value


def _decimal(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _WrongError(f"is {_shown(value)}, not a number")
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or number.adjusted() >= _DIGITS or exponent < -_DIGITS:
        raise _WrongError(f"has more than {_DIGITS} digits before or after the point")
    return to_database(number)


def _hours(value: object) -> object:
    number = float(str(_decimal(value)))
    return int(number) if number.is_integer() else number


def _flag(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, int) and value in (0, 1)):
        return int(value)
    raise _WrongError(f"is {_shown(value)}; it is true or false")


@lru_cache(4096)  # a file names few days, many times each
def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _day(value: object) -> object:
    if isinstance(value, str) and _is_day(value):
        return value
    raise _WrongError(f"is {_shown(value)}, not a real day; write it as 2026-10-21")


def _instant(value: object) -> object:
    try:
        if isinstance(value, str) and value[:4].isascii() and value.isprintable():
            datetime.fromisoformat(value)
            return value
    except ValueError:
        pass
    raise _WrongError(f"is {_shown(value)}, not a day with a time; write it as 2026-10-21T09:30")


def _words(value: object) -> object:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return as_json(value)
    raise _WrongError(f"is {_named(value)}, not a list of texts")


def _object(value: object) -> object:
    if isinstance(value, dict):
        return as_json(value)
    raise _WrongError(f"is {_named(value)}, not an object with fields")


def _objects(value: object) -> object:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return as_json(value)
    raise _WrongError(f"is {_named(value)}, not a list of objects")


_READERS: Mapping[Kind, Reader] = {
    Kind.WHOLE: _whole,
    Kind.DECIMAL: _decimal,
    Kind.HOURS: _hours,
    Kind.FLAG: _flag,
    Kind.DAY: _day,
    Kind.INSTANT: _instant,
    Kind.WORDS: _words,
    Kind.OBJECT: _object,
    Kind.OBJECTS: _objects,
}


def as_json(value: object) -> str:
    """A free value as JSON text, its texts cleaned."""
    return json.dumps(_cleaned(value), ensure_ascii=False)


def _cleaned(value: object, depth: int = 0) -> object:
    """A value of JSON with clean texts and the numbers that JSON text can hold."""
    if depth > _DEEPEST:
        raise _WrongError("is nested too deeply")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Decimal):
        number = float(value)
        if number in (float("inf"), float("-inf")):
            raise _WrongError("holds a number that is too large")
        return number
    if isinstance(value, list):
        return [_cleaned(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {clean_line(str(name), TEXT_LIMIT): _cleaned(item, depth + 1) for name, item in value.items()}
    return value


def _named(value: object) -> str:
    """What kind of value stands there, as JSON calls it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    kinds = ((str, "text"), (dict, "an object"), (list, "a list"), (int, "a number"), (Decimal, "a number"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "nothing")


def _shown(value: object) -> str:
    """The value as a message shows it."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        text = str(value) if not isinstance(value, int) or abs(value) < 10**40 else "a number of many digits"
        return text if len(text) <= 50 else text[:47] + "..."
    if not isinstance(value, str):
        return _named(value)
    return repr(value if len(value) <= 50 else value[:47] + "...")
