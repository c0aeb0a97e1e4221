"""Run the migrations on an open SQLite connection, in one transaction with the number that names the schema."""

from __future__ import annotations

import sqlite3
from importlib import resources
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from tracker.domain.errors import OutOfReach


def configuration() -> Config:
    """Alembic's configuration, made in code: there is no ini file to lose."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("tracker.storage.migrations")))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database on `connection` to the newest schema; on any failure it is left as it was.

    Raises:
        OutOfReach: the database does not let itself be changed.
    """
    from tracker.storage.schema import APPLICATION_ID, SCHEMA_NUMBER

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(opened: Connection) -> None:
        opened.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as opened:
            if int(opened.exec_driver_sql("PRAGMA user_version").scalar_one()) == SCHEMA_NUMBER:
                return  # another process migrated while this one waited for the lock
            config = configuration()
            config.attributes["connection"] = opened
            command.upgrade(config, "head")
            opened.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            opened.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_NUMBER}")
    except sqlite3.Error as error:
        raise OutOfReach(f"{path} could not be brought to schema {SCHEMA_NUMBER}: {error}. It is as it was.") from error


def statements(name: str) -> list[str]:
    """The statements of one of the frozen SQL files beside the migrations."""
    sql = resources.files("tracker.storage.migrations").joinpath("sql", name).read_text(encoding="utf-8")
    return [part.strip() for part in sql.split("\n--;;") if part.strip()]
