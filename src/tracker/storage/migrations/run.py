"""Run the migrations on an open SQLite connection, in one transaction with the number that names the schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from tracker.domain.errors import OutOfReach, TrackerError


def configuration() -> Config:
    """Alembic's configuration, made in code: there is no ini file to lose."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("tracker.storage.migrations")))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: sqlite3.Connection, path: Path, *, before: Callable[[], object] | None = None) -> None:
    """Bring the database on `connection` to the newest schema; on any failure it is left as it was.

    `before` is called when nobody else can write any more and it is certain that there is something to do.

    Raises:
        OutOfReach: the database does not let itself be changed.
    """
    from tracker.storage.schema import APPLICATION_ID, SCHEMA_NUMBER

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(opened: Connection) -> None:
        opened.exec_driver_sql("BEGIN IMMEDIATE")

    # Off while tables are made anew, or dropping the old one would remove what refers to it; checked at the end.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with engine.begin() as opened:
            if int(opened.exec_driver_sql("PRAGMA user_version").scalar_one()) == SCHEMA_NUMBER:
                return  # another process migrated while this one waited for the lock
            if before is not None:
                before()
            config = configuration()
            config.attributes["connection"] = opened
            command.upgrade(config, "head")
            if broken := opened.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError(f"{len(broken)} rows would refer to nothing, the first in {broken[0][0]}")
            opened.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            opened.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_NUMBER}")
    except TrackerError:
        raise
    except Exception as error:  # whatever a migration fails with, the user is told what became of the database
        reason = error.orig if isinstance(error, DBAPIError) else error
        message = f"{path} could not be brought to schema {SCHEMA_NUMBER}: {reason}. It is as it was."
        raise OutOfReach(message) from error
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def statements(name: str) -> list[str]:
    """The statements of one of the frozen SQL files beside the migrations."""
    sql = resources.files("tracker.storage.migrations").joinpath("sql", name).read_text(encoding="utf-8")
    return [part.strip() for part in sql.split("\n--;;") if part.strip()]
