"""The exchange shape leaves nothing out, and knows the fields as the tables do."""

from __future__ import annotations

import pytest
from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel

from tracker.storage import tables
from tracker.storage.columns import COLUMNS
from tracker.storage.field_rules import Kind, field_rules
from tracker.storage.shape import DECIMALS, FLAGS, INSTANTS, LATE, LINES, OF_THIS_DATABASE, SECTIONS, Section

KEPT_BY_THE_DATABASE = {"task_tally", "done_tally", "status_tally", "reason_tally", "flow_tally"}
"""Figures that triggers keep; they follow from the rest."""

assert tables


def test_every_table_a_person_writes_is_in_the_file() -> None:
    written = {section.table for section in SECTIONS} | {part.table for section in SECTIONS for part in section.parts}
    assert written - {None} == set(SQLModel.metadata.tables) - KEPT_BY_THE_DATABASE - OF_THIS_DATABASE


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_every_column_of_a_section_is_in_its_records(section: Section) -> None:
    left_out = {"number"} if section.key == "tasks" else set()
    if section.table is not None:
        assert set(section.fields) == set(COLUMNS[section.table].names) - left_out
    for part in section.parts:
        implied = {part.parent, "position"} if part.value else {part.parent}
        said = {part.value} if part.value else set(part.fields)
        assert said | implied >= set(COLUMNS[part.table].names)


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_numbers_and_flags_are_those_of_the_tables(table: str) -> None:
    rules = field_rules(table)
    assert {name for name, rule in rules.items() if rule.kind is Kind.DECIMAL} == set(DECIMALS.get(table, ()))
    flags = {
        str(constraint.name).removesuffix("_is_a_flag")
        for constraint in SQLModel.metadata.tables[table].constraints
        if isinstance(constraint, CheckConstraint) and str(constraint.name).endswith("_is_a_flag")
    }
    assert {name for name, rule in rules.items() if rule.kind is Kind.FLAG} == flags == set(FLAGS.get(table, ()))
    json_kinds = {Kind.WORDS, Kind.OBJECT, Kind.OBJECTS}
    assert {name for name, rule in rules.items() if rule.kind in json_kinds} == set(COLUMNS[table].json)


def test_named_columns_exist() -> None:
    columns = {name for each in COLUMNS.values() for name in each.names}
    assert columns >= LINES
    for table, named in [*LATE.items(), *((table, [name]) for table, name in INSTANTS.items())]:
        assert set(COLUMNS[table].names) >= set(named)


def test_a_section_comes_after_all_it_refers_to() -> None:
    place = {section.table: at for at, section in enumerate(SECTIONS)}
    for at, section in enumerate(SECTIONS):
        if section.table is None:
            continue
        for key in SQLModel.metadata.tables[section.table].foreign_key_constraints:
            named = {column.name for column in key.columns}
            if key.referred_table.name != section.table and not named & set(LATE.get(section.table, ())):
                assert place[key.referred_table.name] < at, (section.key, key.referred_table.name)


def test_words_of_a_field_are_read_from_its_constraint() -> None:
    assert field_rules("task")["status"].words == ("backlog", "assigned", "doing", "review", "done", "cancelled")
    assert field_rules("task")["shows"].words == ("us", "knowledge", "proof", "offer")
    assert field_rules("task")["title"].words == ()
