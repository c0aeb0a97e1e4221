"""The quick path through the driver and the SQLModel tables speak of the same columns."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import JSON, Table, UniqueConstraint
from sqlmodel import SQLModel

from tracker.storage import tables
from tracker.storage.columns import COLUMNS, quoted, row_id, to_database

KEPT_BY_TRIGGERS = {"task": {"waits", "messages"}}
TABLES_KEPT_BY_TRIGGERS = {"task_tally", "status_tally", "done_tally", "reason_tally", "flow_tally"}
GENERATED = {"task": {"due_order", "is_open", "needs"}}

TABLES = {str(model.__tablename__): SQLModel.metadata.tables[str(model.__tablename__)] for model in tables.TABLES}


def test_every_table_that_is_written_is_known() -> None:
    assert set(COLUMNS) == set(TABLES) - TABLES_KEPT_BY_TRIGGERS


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_that_are_written_are_those_of_the_table(name: str) -> None:
    table = TABLES[name]
    generated = {column.name for column in table.columns if column.computed is not None}
    assert generated == GENERATED.get(name, set())
    assert set(COLUMNS[name].names) == set(table.columns.keys()) - generated - KEPT_BY_TRIGGERS.get(name, set())
    assert len(set(COLUMNS[name].names)) == len(COLUMNS[name].names)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_row_is_known_by_a_key_that_is_unique(name: str) -> None:
    key = set(COLUMNS[name].key)
    assert any(key == unique for unique in _unique_keys(TABLES[name]))


@pytest.mark.parametrize("name", COLUMNS)
def test_the_columns_that_hold_json_are_those_of_the_table(name: str) -> None:
    assert COLUMNS[name].json == {column.name for column in TABLES[name].columns if isinstance(column.type, JSON)}


def _unique_keys(table: Table) -> list[set[str]]:
    unique = [{column.name for column in table.primary_key.columns}]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            unique.append({column.name for column in constraint.columns})
    return unique


@pytest.mark.parametrize(("value", "kept"), [
    (date(2026, 10, 21), "2026-10-21"),
    (datetime(2026, 10, 21, 9, 30, tzinfo=UTC), "2026-10-21T09:30:00+00:00"),
    (Decimal("1E+3"), "1000"),
    (Decimal("0.10"), "0.10"),
    (Decimal("1E-7"), "0.0000001"),
    (True, 1),
    (["Zoë"], '["Zoë"]'),
    (("a",), '["a"]'),
    ({"a": 1}, '{"a": 1}'),
    ("text", "text"),
    (None, None),
    (7, 7),
])
def test_values_are_kept_as_the_database_keeps_them(value: object, kept: object) -> None:
    assert to_database(value) == kept
    assert type(to_database(value)) is type(kept)


def test_json_columns_read_back_what_was_put_in() -> None:
    assert json.loads(str(to_database(["ä", "b"]))) == ["ä", "b"]


def test_a_row_with_a_key_of_several_parts_is_named_by_all_of_them() -> None:
    check_in = {"key_result": "KR-01", "on_date": date(2026, 10, 19), "value": Decimal(4)}
    assert row_id(COLUMNS["check_in"], check_in) == "KR-01/2026-10-19"


def test_names_that_are_words_of_sql_are_quoted() -> None:
    assert quoted("on") == '"on"'
