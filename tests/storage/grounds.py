"""Databases to try plain SQL on: SQLite and PostgreSQL, made by the migrations, behind one face."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.storage.world import WORLD
from tracker.storage import tables

TABLES = tuple(str(model.__tablename__) for model in tables.TABLES)


class RefusedByTheDatabaseError(Exception):
    """The database did not take a statement."""


class Ground(ABC):
    """A database with one row or more in every table; what is tried on it in `fresh()` leaves no trace."""

    dialect: str

    def __init__(self) -> None:
        for statement in WORLD:
            self.run(statement)

    @abstractmethod
    def run(self, sql: str) -> list[tuple[object, ...]]:
        """Run one statement as it is; its rows, if it has any."""

    @abstractmethod
    def dump(self) -> list[tuple[str, str]]:
        """Every row of every table as (table, text)."""

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Take back at the end whatever was done."""
        self.run("BEGIN")
        try:
            yield
        finally:
            self.run("ROLLBACK")

    def execute(self, sql: str) -> None:
        """Run one statement inside `fresh()`; it has an effect or raises RefusedByTheDatabaseError."""
        self.run("SAVEPOINT attempt")
        try:
            self.run(sql)
        except (sqlite3.Error, psycopg.Error) as error:
            self.run("ROLLBACK TO SAVEPOINT attempt")
            raise RefusedByTheDatabaseError(str(error)) from error
        finally:
            self.run("RELEASE SAVEPOINT attempt")


class SQLiteGround(Ground):
    """SQLite as any tool opens it; foreign keys are switched on, nothing else is."""

    dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        super().__init__()

    def run(self, sql: str) -> list[tuple[object, ...]]:
        return self.connection.execute(sql).fetchall()

    def dump(self) -> list[tuple[str, str]]:
        return sorted((table, repr(row)) for table in TABLES for row in self.run(f'SELECT * FROM "{table}"'))


class PostgreSQLGround(Ground):
    """A schema of a PostgreSQL server."""

    dialect = "postgresql"

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self.connection = connection
        super().__init__()

    def run(self, sql: str) -> list[tuple[object, ...]]:
        cursor = self.connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []

    def dump(self) -> list[tuple[str, str]]:
        parts = (f"SELECT '{table}', row_to_json(t)::text FROM \"{table}\" t" for table in TABLES)
        return [(str(table), str(row)) for table, row in self.run(f"{' UNION ALL '.join(parts)} ORDER BY 1, 2")]
