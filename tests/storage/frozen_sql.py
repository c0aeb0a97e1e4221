"""Write the tables as the models say today, for freezing beside a migration.

    python -m tests.storage.frozen_sql sqlite > src/tracker/storage/migrations/sql/0001_tables.sqlite.sql
"""

from __future__ import annotations

import sys

from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.ddl import ExecutableDDLElement
from sqlmodel import SQLModel

from tracker.storage import tables

DIALECTS: dict[str, Dialect] = {"sqlite": SQLiteDialect(), "postgresql": PGDialect()}  # type: ignore[no-untyped-call]
HEAD = "-- Tables and indexes as of the first release. Statements end with a line of two semicolons in a comment.\n"


def statements(dialect: str) -> list[str]:
    """CREATE statements of every table and index, in an order that does not change from run to run."""
    wanted = {str(model.__tablename__) for model in tables.TABLES}
    made: list[str] = []
    for table in SQLModel.metadata.sorted_tables:
        if table.name in wanted:
            made.append(_text(CreateTable(table), dialect))
            indexes = sorted(table.indexes, key=lambda index: str(index.name))
            made.extend(_text(CreateIndex(index), dialect) for index in indexes)
    return made


def _text(element: ExecutableDDLElement, dialect: str) -> str:
    text = str(element.compile(dialect=DIALECTS[dialect])).strip().replace("\t", "  ")
    return "\n".join(line.rstrip() for line in text.splitlines())


if __name__ == "__main__":
    print(HEAD)
    for statement in statements(sys.argv[1]):
        print(f"{statement}\n--;;")
