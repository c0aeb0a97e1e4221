"""Whether what a file says is what is here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

from tracker.storage.columns import COLUMNS
from tracker.storage.shape import DECIMALS, Part
from tracker.storage.writes import Row


def is_same(table: str, name: str, here: object, there: object) -> bool:
    """Whether two stored values of a column say the same; numbers and JSON can be written in several ways."""
    if here == there or here is None or there is None:
        return here == there
    if name in DECIMALS.get(table, ()):
        return Decimal(str(here)) == Decimal(str(there))
    if name in COLUMNS[table].json:
        return bool(json.loads(str(here)) == json.loads(str(there)))
    return False


def comparable(part: Part, rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """The rows of a list so that equal lists compare equal: in order, without places that only say the order."""
    names = [part.value] if part.value else list(part.fields)
    exact = DECIMALS.get(part.table, frozenset())
    ordered = sorted(rows, key=lambda row: row[part.order])  # type: ignore[arg-type,return-value]
    return [tuple(_exact(row[name]) if name in exact else row[name] for name in names) for row in ordered]


def _exact(value: object) -> object:
    return None if value is None else Decimal(str(value))


def listed(part: Part, rows: Iterable[Row]) -> str:
    """The rows of a list in one line."""
    return ", ".join(str(row[part.value or part.title or part.fields[0]]) for row in rows)
