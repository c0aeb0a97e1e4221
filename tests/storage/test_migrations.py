"""The migrations make the database that the models speak of, in SQLite and in PostgreSQL."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect
from sqlmodel import SQLModel

from tests.storage.conftest import migrate
from tests.storage.frozen_sql import statements
from tests.storage.grounds import TABLES
from tracker.storage.migrations.run import configuration
from tracker.storage.schema import SCHEMA_NUMBER

NOT_OF_THE_MODELS = ("alembic_version", "task_search", "comment_search")


@contextmanager
def _sqlite(path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    yield engine
    engine.dispose()


@contextmanager
def _postgresql(where: str, schema: str) -> Iterator[tuple[Engine, str]]:
    inside = f"{where} options='-c search_path={schema}'"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(inside), poolclass=NullPool)
        yield engine, inside
        engine.dispose()
        connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


def _described(connection: Connection) -> dict[str, Any]:
    """Everything that can be read of the tables, in an order that does not depend on how they were made."""
    inspector = inspect(connection)
    found: dict[str, Any] = {name: {} for name in inspector.get_table_names() if not name.startswith(NOT_OF_THE_MODELS)}
    for read in (
        inspector.get_multi_columns, inspector.get_multi_pk_constraint, inspector.get_multi_foreign_keys,
        inspector.get_multi_unique_constraints, inspector.get_multi_check_constraints, inspector.get_multi_indexes,
    ):
        for (_, table), about in read().items():
            if table in found:
                found[table][read.__name__] = _plain(about)
    return found


def _plain(about: object) -> object:
    if isinstance(about, dict):
        return {str(name): _plain(value) for name, value in sorted(about.items())}
    if isinstance(about, list | tuple):
        is_ordered = all(isinstance(value, str) for value in about)  # names of columns in an index
        values = [_plain(value) for value in about]
        return values if is_ordered else sorted(values, key=repr)
    # a column that was added later stands behind the last one in its line, and SQLAlchemy reads on to the line's end
    return str(about).partition(") STORED, ")[0]


def _made_by_the_models(connection: Connection) -> dict[str, Any]:
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
    return _described(connection)


def _differences(connection: Connection) -> list[object]:
    def is_of_the_models(_: object, name: str | None, kind: str, *__: object) -> bool:
        return kind != "table" or not str(name).startswith(NOT_OF_THE_MODELS)

    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_object": is_of_the_models}
    )
    return list(compare_metadata(context, SQLModel.metadata))


def test_the_number_of_the_schema_is_the_number_of_migrations() -> None:
    script = ScriptDirectory.from_config(configuration())
    assert [revision.revision for revision in reversed(list(script.walk_revisions()))] == [
        f"{number:04}" for number in range(1, SCHEMA_NUMBER + 1)
    ]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_migration_brings_sql_for_both_databases(dialect: str) -> None:
    folder = resources.files("tracker.storage.migrations").joinpath("sql")
    parts = {file.name.split(".")[0] for file in folder.iterdir()}
    assert {f"{part}.{dialect}.sql" for part in parts} <= {file.name for file in folder.iterdir()}


def test_sqlite_is_what_the_models_say(empty_file: Path, tmp_path: Path) -> None:
    migrated = Path(shutil.copy(empty_file, tmp_path / "migrated.db"))
    with _sqlite(migrated) as one, _sqlite(tmp_path / "models.db") as other, one.connect() as here:
        assert set(_described(here)) == set(TABLES)
        assert _differences(here) == []
        with other.begin() as there:
            assert _described(here) == _made_by_the_models(there)


def test_postgresql_is_what_the_models_say(postgresql_server: str) -> None:
    with (
        _postgresql(postgresql_server, "migrated") as (one, inside),
        _postgresql(postgresql_server, "models") as (other, _),
    ):
        migrate(inside)
        with one.connect() as here, other.begin() as there:
            assert set(_described(here)) == set(TABLES)
            assert _differences(here) == []
            assert _described(here) == _made_by_the_models(there)


def test_the_comparison_sees_a_rule_that_is_missing(tmp_path: Path) -> None:
    with _sqlite(tmp_path / "models.db") as one, _sqlite(tmp_path / "mended.db") as other:
        (statement,) = [statement for statement in statements("sqlite") if "CREATE TABLE wip_limit" in statement]
        with one.begin() as here, other.begin() as there:
            here.exec_driver_sql(statement)
            there.exec_driver_sql(statement.replace("max > 0", "max > 1"))
            assert _described(here) != _described(there)


def test_the_search_index_is_made_too(empty_file: Path) -> None:
    connection = sqlite3.connect(empty_file)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert {"task_search", "comment_search"} <= names
