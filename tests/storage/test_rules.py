"""The rules of the domain are held by the database itself, so that no tool gets round them."""

from __future__ import annotations

import shutil
import sqlite3
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import JSON, Column, Date, Integer, Numeric
from sqlmodel import SQLModel

from tests.storage.contract import RulesContract, bad_writes_on, put_in
from tests.storage.grounds import TABLES, Ground, PostgreSQLGround, SQLiteGround
from tracker.storage.tables import ExactDecimal


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    dialect = getattr(metafunc.cls, "dialect", None)
    if dialect and "case" in metafunc.fixturenames:
        metafunc.parametrize("case", bad_writes_on(dialect), ids=lambda case: case.name)


class TestSQLite(RulesContract):
    dialect = "sqlite"

    @pytest.fixture
    def ground(self, sqlite: SQLiteGround) -> Ground:
        return sqlite

    def test_no_column_takes_a_value_of_another_type(self, ground: Ground) -> None:
        for table in (SQLModel.metadata.tables[name] for name in TABLES):
            for column in table.columns:
                for value in _of_another_type(column):
                    self.is_refused(ground, put_in(table, column.name, value))

    def test_a_task_cites_a_key_result_even_where_foreign_keys_are_off(self, empty_file: Path, tmp_path: Path) -> None:
        connection = sqlite3.connect(shutil.copy(empty_file, tmp_path / "tracker.db"), isolation_level=None)
        ground = SQLiteGround(connection)
        assert ground.run("PRAGMA foreign_keys") == [(0,)]
        for sql in (
            "INSERT INTO task (id, title, created_on, key_result) VALUES ('T-100', 'x', '2026-10-01', 'KR-99')",
            "UPDATE task SET key_result = 'KR-99' WHERE id = 'T-001'",
            "DELETE FROM key_result WHERE id = 'KR-01'",
            "REPLACE INTO key_result SELECT * FROM key_result WHERE id = 'KR-01'",
            "UPDATE OR REPLACE key_result SET id = 'KR-01' WHERE id = 'KR-02'",
            "UPDATE key_result SET id = 'KR-99' WHERE id = 'KR-01'",
        ):
            self.is_refused(ground, sql)
        connection.close()


class TestPostgreSQL(RulesContract):
    dialect = "postgresql"

    @pytest.fixture
    def ground(self, postgresql: PostgreSQLGround) -> Ground:
        return postgresql

    def test_no_column_takes_what_its_type_allows_and_python_does_not(self, ground: Ground) -> None:
        for table in (SQLModel.metadata.tables[name] for name in TABLES if name not in ("done_tally", "flow_tally")):
            for column in table.columns:
                for value in _beyond_python(column):
                    self.is_refused(ground, put_in(table, column.name, value))

    @pytest.mark.parametrize(("first", "second"), [
        pytest.param(
            "UPDATE key_result SET status = 'graded' WHERE id = 'KR-05'",
            "UPDATE task SET key_result = 'KR-05' WHERE id = 'T-001'",
            id="task_cites_what_is_being_graded",
        ),
        pytest.param(
            "UPDATE task SET key_result = 'KR-05' WHERE id = 'T-001'",
            "UPDATE key_result SET status = 'graded' WHERE id = 'KR-05'",
            id="key_result_graded_while_a_task_comes",
        ),
        pytest.param(
            "DELETE FROM strategy_channel WHERE strategy = 'S-01' AND channel = 'email'",
            "DELETE FROM strategy_channel WHERE strategy = 'S-01' AND channel = 'website'",
            id="each_deletes_one_of_two_channels",
        ),
        pytest.param(
            "INSERT INTO cycle (id, strategy, name, starts_on, ends_on) VALUES ('C-8', 'S-01', 'x', '2027-01-01', "
            "'2027-01-31')",
            "INSERT INTO cycle (id, strategy, name, starts_on, ends_on) VALUES ('C-9', 'S-01', 'y', '2027-01-31', "
            "'2027-02-28')",
            id="each_adds_one_of_two_cycles_that_overlap",
        ),
        pytest.param(
            "INSERT INTO task_dependency (task, waits_for) VALUES ('T-007', 'T-008')",
            "INSERT INTO task_dependency (task, waits_for) VALUES ('T-008', 'T-007')",
            id="each_adds_half_of_a_circle",
        ),
        pytest.param(
            "UPDATE task SET status = 'cancelled', cancel_reason = 'x' WHERE id = 'T-007'",
            "INSERT INTO task_dependency (task, waits_for) VALUES ('T-001', 'T-007')",
            id="waiting_for_what_is_being_closed",
        ),
        pytest.param(
            "UPDATE task SET status = 'backlog', assigned_on = NULL WHERE id = 'T-002'",
            "INSERT INTO external_link (task, connector) VALUES ('T-002', 'wrike')",
            id="link_to_what_goes_back_to_the_backlog",
        ),
    ])
    def test_two_transactions_that_do_not_see_each_other_wait(
        self, postgresql: PostgreSQLGround, first: str, second: str
    ) -> None:
        connection = postgresql.connection
        with (
            psycopg.connect(f"{connection.info.dsn} options='{connection.info.options}'") as other,
            postgresql.fresh(),
        ):
            other.execute("SET lock_timeout = '100ms'")
            postgresql.execute(first)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(second.encode())
            other.rollback()
        with postgresql.fresh():
            postgresql.execute(second)  # alone it is taken: what it waited for was the other


def _of_another_type(column: Column[object]) -> tuple[str, ...]:
    if column.computed is not None or isinstance(column.type, Date):
        return ()
    if isinstance(column.type, ExactDecimal):
        return ("'many'", "'1e3'", "'1.2.3'", "'1-2'", "'-'", "''", "'NaN'", "x'31'", repr(str(Decimal("1E+3"))))
    if isinstance(column.type, (Integer, Numeric)):
        return ("'many'", "x'31'", "9e999")
    if isinstance(column.type, JSON):
        return ("'words'", "'{'", "7", "x'5B5D'")
    return ("x'31'",)


def _beyond_python(column: Column[object]) -> tuple[str, ...]:
    if column.computed is not None:
        return ()
    if isinstance(column.type, Date):
        return ("'infinity'", "'-infinity'", "'10000-01-01'", "'0044-03-15 BC'")
    if isinstance(column.type, (ExactDecimal, Numeric)):
        return ("'NaN'", "'Infinity'")
    return ("'7'", "'\"words\"'") if isinstance(column.type, JSON) else ()
