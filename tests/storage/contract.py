"""What every database that keeps the schema must refuse and take; subclasses bring the database."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from sqlalchemy import CheckConstraint, Date, Table
from sqlmodel import SQLModel

from tests.storage.bad_writes import BAD_WRITES, BadWrite
from tests.storage.grounds import TABLES, Ground, RefusedByTheDatabaseError
from tests.storage.ways_round import WAYS_ROUND

EVERY_BAD_WRITE = (*BAD_WRITES, *WAYS_ROUND)


def bad_writes_on(dialect: str) -> list[BadWrite]:
    """The bad writes that can be tried on a database."""
    return [case for case in EVERY_BAD_WRITE if dialect in case.on]


_ONE_RULE_FOR_MANY_COLUMNS = re.compile(r"\w+_is_(text|a_day|a_number|a_whole_number|a_list_or_object)")
_NUMBERED = {"task_event": "seq", "change": "seq", "change_batch": "number"}

REQUIRED = {
    "strategy": "owner horizon_start horizon_end",
    "cycle": "strategy name starts_on ends_on",
    "objective": "strategy cycle title ambition owner",
    "key_result": "objective title unit target owner starts_on due_on",
    "check_in": "value confidence author note",
    "journey_step": "title stage",
    "task": "title key_result contribution stage kind medium created_on",
}


def rules_of(dialect: str) -> set[str]:
    """The names of every rule the schema holds on a database."""
    triggers = resources.files("tracker.storage.migrations").joinpath("sql", f"0001_triggers.{dialect}.sql")
    told = set(re.findall(r"(?:rule: |refuse(?:_by)?\(')(\w+)'", triggers.read_text(encoding="utf-8")))
    checks = {
        str(constraint.name)
        for name in TABLES
        for constraint in SQLModel.metadata.tables[name].constraints
        if isinstance(constraint, CheckConstraint)
    }
    return told | {name for name in checks if not _ONE_RULE_FOR_MANY_COLUMNS.fullmatch(name)}


def put_in(table: Table, column: str, value: str) -> str:
    """SQL that puts a value into a column: history is not changed, so there it comes with a new row."""
    if table.name not in _NUMBERED:
        return f'UPDATE "{table.name}" SET "{column}" = {value}'
    shown = {_NUMBERED[table.name]: f"{_NUMBERED[table.name]} + 100", column: value}
    names = [found.name for found in table.columns]
    values = ", ".join(shown.get(name, f'"{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table.name}" ({listed}) SELECT {values} FROM "{table.name}"'


class RulesContract:
    """Rules held by the database itself, tried in plain SQL."""

    def test_a_bad_write_is_refused_by_name_and_changes_nothing(self, ground: Ground, case: BadWrite) -> None:
        with ground.fresh():
            for statement in case.given:
                ground.execute(statement)
            before = ground.dump()
            with pytest.raises(RefusedByTheDatabaseError) as refusal:
                ground.execute(case.bad)
            assert re.search(case.says, str(refusal.value))
            assert ground.dump() == before

    def test_the_like_of_it_that_keeps_the_rule_is_taken(self, ground: Ground, case: BadWrite) -> None:
        with ground.fresh():
            for statement in case.given:
                ground.execute(statement)
            before = ground.dump()
            ground.execute(case.good)
            assert ground.dump() != before

    def test_every_rule_of_the_schema_is_tried(self, ground: Ground) -> None:
        tried = " ".join(case.says for case in bad_writes_on(ground.dialect))
        assert [rule for rule in sorted(rules_of(ground.dialect)) if rule not in tried] == []

    def test_no_column_of_days_takes_what_is_no_day(self, ground: Ground) -> None:
        for table in (SQLModel.metadata.tables[name] for name in TABLES if name not in ("done_tally", "flow_tally")):
            for column in table.columns:
                if isinstance(column.type, Date) and column.computed is None:
                    self.is_refused(ground, put_in(table, column.name, "'2026-11-31'"))
                    self.is_refused(ground, put_in(table, column.name, "'0000-06-01'"))

    def test_no_column_of_known_words_takes_another(self, ground: Ground) -> None:
        for table in (SQLModel.metadata.tables[name] for name in TABLES):
            for constraint in table.constraints:
                column = str(constraint.name).removesuffix("_is_known")
                if column in table.columns:
                    self.is_refused(ground, put_in(table, column, "'mystery'"))

    def test_what_must_be_there_is_never_taken_away(self, ground: Ground) -> None:
        for table, names in REQUIRED.items():
            for name in names.split():
                self.is_refused(ground, f'UPDATE {table} SET "{name}" = NULL')

    def is_refused(self, ground: Ground, sql: str) -> None:
        with ground.fresh():
            try:
                ground.execute(sql)
            except RefusedByTheDatabaseError:
                return
        pytest.fail(f"taken: {sql}")
