"""What the tables say about each field, for those who check records that come from outside.

Imports SQLModel, which costs half a second: only for imports, which take longer than that anyway.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, Integer, Numeric, Table
from sqlalchemy.types import JSON
from sqlmodel import SQLModel

from tracker.storage import tables
from tracker.storage.columns import COLUMNS
from tracker.storage.shape import FLAGS, INSTANTS, LINES
from tracker.storage.tables import ExactDecimal


class Kind(Enum):
    """What a field holds."""

    LINE = "text of one line"
    TEXT = "text"
    WHOLE = "a whole number"
    DECIMAL = "a number"
    HOURS = "a number of hours"
    FLAG = "true or false"
    DAY = "a day"
    INSTANT = "a day with a time"
    WORDS = "a list of texts"
    OBJECT = "an object"
    OBJECTS = "a list of objects"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field of a table: what it holds and whether it may be missing."""

    name: str
    kind: Kind
    is_required: bool
    """Neither empty nor with a default."""
    default: object
    """What a missing field becomes, as the database keeps it."""
    words: tuple[str, ...] = ()
    """The only words it may hold, when there are such."""
    is_reference: bool = False


def field_rules(table: str) -> dict[str, FieldRule]:
    """The rules of each column that is written, by name."""
    about = SQLModel.metadata.tables[table]
    words = _known_words(about)
    references = {column.name for key in about.foreign_key_constraints for column in key.columns}
    return {
        name: _rule(about.columns[name], words.get(name, ()), name in references) for name in COLUMNS[table].names
    }


def _rule(column: Column[Any], words: tuple[str, ...], is_reference: bool) -> FieldRule:
    default = None if column.server_default is None else str(column.server_default.arg)  # type: ignore[attr-defined]
    kind = _kind(column, is_reference=is_reference or bool(words))
    counted = column.primary_key and column.name == "number"
    return FieldRule(
        column.name,
        kind,
        is_required=not column.nullable and default is None and not counted,
        default=int(default) if default is not None and kind in (Kind.WHOLE, Kind.FLAG) else default,
        words=words,
        is_reference=is_reference,
    )


def _kind(column: Column[Any], *, is_reference: bool) -> Kind:
    if column.name in FLAGS.get(column.table.name, ()):
        return Kind.FLAG
    if INSTANTS.get(column.table.name) == column.name:
        return Kind.INSTANT
    for type_, kind in ((ExactDecimal, Kind.DECIMAL), (Date, Kind.DAY), (Integer, Kind.WHOLE), (Numeric, Kind.HOURS)):
        if isinstance(column.type, type_):
            return kind
    if isinstance(column.type, JSON):
        return _json_kind(column)
    return Kind.LINE if is_reference or column.name in LINES else Kind.TEXT


def _json_kind(column: Column[Any]) -> Kind:
    annotation = str(_model_of(column.table.name).model_fields[column.name].annotation)
    if "list[str]" in annotation:
        return Kind.WORDS
    return Kind.OBJECTS if "list[dict" in annotation else Kind.OBJECT


def _model_of(table: str) -> type[SQLModel]:
    return next(
        model
        for model in vars(tables).values()
        if isinstance(model, type) and issubclass(model, SQLModel) and getattr(model, "__tablename__", None) == table
    )


_IN_LIST = re.compile(r"(\w+) IN \(((?:'\w[\w ]*',? ?)+)\)")


def _known_words(table: Table) -> Mapping[str, tuple[str, ...]]:
    """The words that a column may hold, read from the constraint that holds it: there is no second list to keep."""
    known = {}
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint) and str(constraint.name).endswith("_is_known"):
            found = _IN_LIST.search(str(constraint.sqltext))
            if found is not None:
                known[found[1]] = tuple(re.findall(r"'([^']+)'", found[2]))
    return known
