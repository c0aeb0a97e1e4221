"""Databases for the storage tests."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteGround]:
    """A file made by the migrations, opened as any tool would open it, with foreign keys on."""
    path = new_database(tmp_path_factory.mktemp("sqlite") / "tracker.db")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    yield SQLiteGround(connection)
    connection.close()


def new_database(path: Path) -> Path:
    """A database of today's schema."""
    Store.open(path).close()
    return path
