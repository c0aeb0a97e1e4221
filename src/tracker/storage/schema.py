"""Which schema a database has, and how it gets the one this program needs. Alembic is imported only to change it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tracker.domain.errors import OutOfReach, Refused

SCHEMA_NUMBER = 3
"""Number of the newest migration; kept in the file as `PRAGMA user_version`, so that one number tells it is current."""

APPLICATION_ID = 0x74726B72
"""'trkr' as `PRAGMA application_id`: tells our files from other SQLite databases."""


def bring_up_to_date(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
    """Leave `connection` on the schema of this program: make a new one, migrate an older one after a backup.

    Raises:
        Refused: the file belongs to a newer version, to another program, or is empty and `create` is false.
        OutOfReach: the file is no database, or it could not be backed up or changed.
    """
    number = _pragma(connection, "user_version")
    if number == SCHEMA_NUMBER and _pragma(connection, "application_id") == APPLICATION_ID:
        return
    if number > SCHEMA_NUMBER and _pragma(connection, "application_id") == APPLICATION_ID:
        raise Refused(
            f"{path} was written by a newer tracker (schema {number}, this one knows {SCHEMA_NUMBER}). "
            "Nothing was changed; upgrade with: pip install --upgrade strategy-tracker"
        )
    is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if not is_empty and _pragma(connection, "application_id") != APPLICATION_ID:
        raise Refused(f"{path} is a database of another program. Name another file with --db.")
    if is_empty and not _holds_nothing(path):
        raise OutOfReach(f"{path} is not a tracker database. Name another file with --db.")
    if is_empty and not create:
        raise Refused(f"{path} is empty. Run `tracker init` to begin, or name another file with --db.")
    # imported here: Alembic and SQLAlchemy cost 400 ms and only a change of schema needs them
    from tracker.storage.migrations.run import upgrade

    upgrade(connection, path, before=None if is_empty else lambda: _back_up(path, number))


def _holds_nothing(path: Path) -> bool:
    # SQLite takes a file of a few letters for an empty database, and would write over them
    with path.open("rb") as file:
        head = file.read(16)
    return head in (b"", b"SQLite format 3\0")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _back_up(path: Path, number: int) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")  # names a file; no reckoning rests on it
    copy = path.with_name(f"{path.name}.schema-{number}.{stamp}.backup")
    try:
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        # a connection of its own: the one that is about to write cannot be copied from
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise OutOfReach(f"No backup of {path} could be made ({error}); it was left as it is.") from error
    return copy

