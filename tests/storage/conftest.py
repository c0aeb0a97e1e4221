"""Databases for the storage tests."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic import command
from sqlalchemy import NullPool, create_engine

from tests.storage.grounds import PostgreSQLGround, SQLiteGround
from tests.storage.postgresql_server import running_server
from tracker.storage.migrations.run import configuration
from tracker.storage.store import Store

_schema_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The connection string of a PostgreSQL of this test run."""
    with running_server() as where:
        yield where


@pytest.fixture(scope="module")
def postgresql(postgresql_server: str) -> Iterator[PostgreSQLGround]:
    """A schema of this module's own, made by the migrations."""
    name = f"tracker_{next(_schema_numbers)}"
    where = f"{postgresql_server} options='-c search_path={name}'"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
        migrate(where)
        yield PostgreSQLGround(connection)


def migrate(where: str) -> None:
    """Run every migration on a PostgreSQL database."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(where), poolclass=NullPool)
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


NEW_PERSON = {"id": "ann", "name": "Ann"}


def write(store: Store, people: Iterable[Mapping[str, object]]) -> None:
    """One recorded write: people are made."""
    with store.writing(by="mara", at="2026-10-19T09:00:00+00:00", on_date="2026-10-19", label="somebody new") as tx:
        for person in people:
            tx.insert("person", person)


@pytest.fixture(scope="session")
def world_file(empty_file: Path) -> Path:
    """A database with one row or more in every table."""
    path = Path(shutil.copy(empty_file, empty_file.with_name("world.sqlite3")))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        SQLiteGround(connection)
    return path


@pytest.fixture
def store(world_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store on a database of this test's own, with one row or more in every table."""
    opened = Store.open(Path(shutil.copy(world_file, tmp_path / "tracker.db")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def sqlite(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteGround]:
    """A file made by the migrations, opened as any tool would open it, with foreign keys on."""
    path = shutil.copy(empty_file, tmp_path_factory.mktemp("sqlite") / "tracker.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield SQLiteGround(connection)
