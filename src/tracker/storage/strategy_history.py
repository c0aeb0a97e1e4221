"""What the record of changes knows of a strategy and its channels, oldest first; on the index of (entity, id)."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One change of a field, or of a channel that came or went."""

    batch: int
    at: str
    by: str
    entity: str
    id: str
    field: str
    old: object
    new: object


_COLUMNS = 'SELECT c.batch, b.at, b."by", c.entity, c.id, c.field, c.old, c.new, c.seq FROM change c '
_JOINED = _COLUMNS + "JOIN change_batch b ON b.number = c.batch "


def changes_of_strategy(connection: sqlite3.Connection, strategy: str) -> list[FieldChange]:
    """Every recorded change of a strategy's fields and channels."""
    sql = (
        f"{_JOINED} WHERE c.entity = 'strategy' AND c.id = ? UNION ALL "
        # '0' follows '/' in ASCII: every id that begins so
        f"{_JOINED} WHERE c.entity = 'strategy_channel' AND c.id >= ? AND c.id < ? ORDER BY 1, 9"
    )
    rows = connection.execute(sql, (strategy, f"{strategy}/", f"{strategy}0")).fetchall()
    return [
        FieldChange(batch, at, by, entity, id_, field, _value(old), _value(new))
        for batch, at, by, entity, id_, field, old, new, _ in rows
    ]


def _value(text: str | None) -> object:
    return None if text is None else json.loads(text)
