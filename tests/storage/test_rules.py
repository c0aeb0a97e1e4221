"""The rules of the domain are held by the database itself, so that no tool gets round them."""

from __future__ import annotations

import pytest

from tests.storage.contract import RulesContract, bad_writes_on
from tests.storage.grounds import Ground, PostgreSQLGround, SQLiteGround


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    dialect = getattr(metafunc.cls, "dialect", None)
    if dialect and "case" in metafunc.fixturenames:
        metafunc.parametrize("case", bad_writes_on(dialect), ids=lambda case: case.name)


class TestSQLite(RulesContract):
    dialect = "sqlite"

    @pytest.fixture
    def ground(self, sqlite: SQLiteGround) -> Ground:
        return sqlite


class TestPostgreSQL(RulesContract):
    dialect = "postgresql"

    @pytest.fixture
    def ground(self, postgresql: PostgreSQLGround) -> Ground:
        return postgresql
