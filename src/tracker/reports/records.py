"""The shape that `--json` writes: records keyed as the domain names its fields, in one versioned envelope.

The shape is described in cli/JSON.md; a change that would break a reader raises VERSION.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from tracker.domain.errors import Conflict, NotFound, OutOfReach, TrackerError, WrongUsage
from tracker.services.records import DECIMALS, FLAGS
from tracker.storage.columns import COLUMNS
from tracker.storage.rows import Card, TaskDetail

VERSION = 1
BATCH = 200
"""Records that are encoded in one go: the encoder's own start-up is then spread over many."""

Record = dict[str, Any]


def plain(value: object) -> Any:
    """`value` as JSON has it: days as ISO text, decimals as numbers, rows as objects."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    kind: Any = type(value)
    if names := _names(kind):
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


@lru_cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a row, which is a named tuple, or of any other value with fields; none for the rest."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return tuple(getattr(kind, "_fields", ()))


_CARD_FIELDS = tuple(name for name in _names(Card) if name != "number")
_CARD_DAYS = frozenset(name for name in _CARD_FIELDS if name.endswith("_on"))


def card_record(card: Card) -> Record:
    """A task as lists give it; `waits` and `messages` are counts."""
    return {
        name: value.isoformat() if name in _CARD_DAYS and (value := getattr(card, name)) else getattr(card, name)
        for name in _CARD_FIELDS
    }


def detail_record(detail: TaskDetail) -> Record:
    """A task with every field, what it waits for, and its comments."""
    others = ("id", "title", "status")
    return {
        **{name: plain(value) for name, value in detail.fields.items()},
        "added_mid_cycle": bool(detail.fields.get("added_mid_cycle")),
        "also_serves": list(detail.also_serves),
        "waits_for": [dict(zip(others, task, strict=True)) for task in detail.waits_for],
        "waited_for_by": [dict(zip(others, task, strict=True)) for task in detail.waited_for_by],
        "comments": [plain(comment) for comment in detail.comments],
        "link": detail.link,
        "external_id": detail.external_id,
        "links": [plain(link) for link in detail.links],
    }


def table_record(table: str, row: Mapping[str, object]) -> Record:
    """A record of a small table: exact decimals as numbers, flags as true and false, JSON text as what it says."""
    as_json = COLUMNS[table].json
    return {name: _stored(name, value, is_json=name in as_json) for name, value in row.items()}


def _stored(name: str, value: object, *, is_json: bool) -> object:
    if value is None:
        return None
    if is_json and isinstance(value, str):
        return json.loads(value)
    if name in DECIMALS:
        return plain(Decimal(str(value)))
    return bool(value) if name in FLAGS else plain(value)


def error_record(error: TrackerError, message: str) -> Record:
    """An error as a script can tell it apart; a conflict has both versions of every field."""
    names = {WrongUsage: "wrong usage", NotFound: "not found", Conflict: "conflict", OutOfReach: "out of reach"}
    record: Record = {
        "name": next((name for kind, name in names.items() if isinstance(error, kind)), "refused"),
        "exit_code": error.exit_code,
        "message": message,
    }
    if isinstance(error, Conflict):
        record["disagreements"] = [plain(each) for each in error.disagreements]
    return record


def document(kind: str, *, ascii_only: bool = False, **content: Any) -> str:
    """One whole answer, two spaces a level, in the envelope."""
    return json.dumps(
        {"tracker": VERSION, "kind": kind, **{name: plain(value) for name, value in content.items()}},
        ensure_ascii=ascii_only, indent=2,
    )


def streamed(
    kind: str, name: str, records: Iterable[Record], *, ascii_only: bool = False, **content: Any
) -> Iterator[str]:
    """The same envelope as lines, one record a line, so that a list of any size is written in constant memory."""
    encode = json.JSONEncoder(ensure_ascii=ascii_only, separators=(", ", ": ")).encode
    opening = encode({"tracker": VERSION, "kind": kind, **{key: plain(value) for key, value in content.items()}})
    yield f"{opening[:-1]}, {encode(name)}: ["
    waiting = iter(records)
    before = ""
    while batch := list(islice(waiting, BATCH)):
        yield before + _one_a_line(encode(batch))
        before = ","
    yield "]}"


def _one_a_line(encoded: str) -> str:
    # A quote inside a JSON text is escaped, so this sequence only stands between two records.
    return encoded[1:-1].replace('}, {"id": ', '},\n{"id": ')


def ids_and_titles(rows: Sequence[tuple[str, str, str]]) -> list[Record]:
    """Neighbouring tasks as records."""
    return [{"id": id_, "title": title, "status": status} for id_, title, status in rows]
