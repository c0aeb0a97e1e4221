"""What sync keeps: connections, links, intents, how far a run came. Written raw: none of it is undone by a person."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Mapping

from tracker.storage.columns import COLUMNS, quoted, to_database
from tracker.storage.strategy_rows import rows_of

Row = dict[str, object]


# connections


def connectors(connection: sqlite3.Connection) -> list[Row]:
    """Every connection by id, its JSON read."""
    rows = rows_of(connection, "connector", order="id")
    for row in rows:
        for name in ("maps", "settings"):
            row[name] = None if row[name] is None else json.loads(str(row[name]))
    return rows


def put_connector(connection: sqlite3.Connection, row: Mapping[str, object]) -> None:
    """Make or renew a connection."""
    _put(connection, "connector", row)


def database_id(connection: sqlite3.Connection) -> str:
    """A short id of this database that stays the same, also when its last connection was let go."""
    first = connection.execute("SELECT at FROM change_batch ORDER BY number LIMIT 1").fetchone()
    return hashlib.sha256(str(first[0]).encode()).hexdigest()[:6] if first else secrets.token_hex(3)


def people(connection: sqlite3.Connection) -> set[str]:
    """Ids of everybody."""
    return {row[0] for row in connection.execute("SELECT id FROM person")}


def mail_of_people(connection: sqlite3.Connection) -> dict[str, str | None]:
    """Active people and their e-mail addresses."""
    return dict(connection.execute("SELECT id, email FROM person WHERE active = 1 ORDER BY id").fetchall())


def look_at_all(connection: sqlite3.Connection, connector: str) -> None:
    """Let the next run look at every task here."""
    connection.execute("UPDATE sync_state SET seen_batch = 0 WHERE connector = ?", (connector,))


def forget(connection: sqlite3.Connection, connector: str) -> int:
    """Remove a connection and all that hangs on it; how many links that were."""
    links = connection.execute("DELETE FROM external_link WHERE connector = ?", (connector,)).rowcount
    for table in ("comment_link", "goal_link", "outbox"):
        connection.execute(f"DELETE FROM {table} WHERE connector = ?", (connector,))
    connection.execute("DELETE FROM connector WHERE id = ?", (connector,))  # its runs and state go with it
    return links


def _put(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> None:
    """Renew the row with that key, or make it; not with REPLACE, which triggers forbid."""
    columns = COLUMNS[table]
    values = {name: to_database(row[name]) for name in columns.names if name in row}
    renewed = ", ".join(f"{quoted(name)} = :{name}" for name in values if name not in columns.key)
    is_it = " AND ".join(f"{quoted(name)} = :{name}" for name in columns.key)
    if not connection.execute(f"UPDATE {quoted(table)} SET {renewed} WHERE {is_it}", values).rowcount:
        names = ", ".join(map(quoted, values))
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", values)
