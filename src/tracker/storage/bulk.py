"""Many rows in: in chunks, with every rule of the database on, and each row that breaks one named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from tracker.storage.checkup import rebuild_tallies
from tracker.storage.columns import COLUMNS, quoted, row_id
from tracker.storage.faults import in_words
from tracker.storage.shape import SECTIONS, Part
from tracker.storage.writes import Row, Transaction

_ALREADY_THERE = {
    "strategy.status": "Another strategy is active; retire it first, or let this one stay a draft.",
    "cycle.strategy": "Another cycle of the strategy is active or being graded; close it first.",
}
"""What the unique indexes with a condition hold; the driver names only their columns."""


MANY = 2_000
"""From so many tasks on it pays to build indexes at the end."""
_CACHE_KIB = 65_536
_UPKEEP = """SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ('task', 'task_event') AND
(type = 'index' AND sql LIKE 'CREATE INDEX %' OR type = 'trigger' AND name IN ('task_search_insert', 'tally_insert',
'done_tally_insert', 'reason_tally_insert', 'flow_tally_insert')) ORDER BY rowid"""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row the database refused: its place among those given, the field if one is to blame, and why."""

    index: int
    field: str | None
    message: str


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether the database holds nothing a person made."""
    tables = (section.table for section in SECTIONS if section.table)
    return not any(connection.execute(f"SELECT 1 FROM {quoted(name)} LIMIT 1").fetchone() for name in tables)


def insert_rows(tx: Transaction, table: str, rows: Sequence[Row], *, recorded: bool) -> list[RowFault]:
    """Make the rows; those that break a rule are left out and named. A row holds every column, as it is stored."""
    if not rows:
        return []
    faults = [] if _insert_together(tx, table, rows) else _insert_each(tx, table, rows)
    if recorded:
        refused = {fault.index for fault in faults}
        columns = COLUMNS[table]
        tx.record_made(table, [row_id(columns, row) for index, row in enumerate(rows) if index not in refused])
    return faults


def _insert_together(tx: Transaction, table: str, rows: Sequence[Row]) -> bool:
    connection = tx.connection
    connection.execute("SAVEPOINT rows")
    try:
        connection.executemany(_insert_sql(table), map(_values_of(table), rows))
    except sqlite3.IntegrityError:
        connection.execute("ROLLBACK TO rows")
        return False
    finally:
        connection.execute("RELEASE rows")
    return True


def _insert_each(tx: Transaction, table: str, rows: Sequence[Row]) -> list[RowFault]:
    faults = []
    sql, values_of = _insert_sql(table), _values_of(table)
    for index, row in enumerate(rows):
        try:
            tx.connection.execute(sql, values_of(row))
        except sqlite3.IntegrityError as error:
            faults.append(_fault(tx.connection, table, index, row, error))
    return faults


@contextmanager
def many_tasks(tx: Transaction, coming: int) -> Iterator[None]:
    """Make many tasks at a third of the cost: what only speeds up reading is built once, at the end.

    Indexes that hold no rule are made anew afterwards, and so are the tallies and the index of the text search; row by
    row they cost several times as much as the rows. All of it is part of the transaction. Nothing is done about it when
    more tasks are here than come, for then making the indexes anew would cost more than it saves.
    """
    connection = tx.connection
    here = int(connection.execute("SELECT count(*) FROM task").fetchone()[0])
    if coming < MANY or here > coming:
        yield
        return
    cache = int(connection.execute("PRAGMA cache_size").fetchone()[0])
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    try:
        upkeep = connection.execute(_UPKEEP).fetchall()
        for kind, name, _ in upkeep:
            connection.execute(f"DROP {kind} {quoted(name)}")
        yield
        for _, _, sql in upkeep:
            connection.execute(sql)
        rebuild_tallies(connection.execute)
        connection.execute("INSERT INTO task_search (task_search) VALUES ('rebuild')")
    finally:
        connection.execute(f"PRAGMA cache_size = {cache}")


@contextmanager
def much_room(connection: sqlite3.Connection, coming: int) -> Iterator[None]:
    """Keep more pages at hand while many rows change: with a hundred thousand that halves the time."""
    cache = int(connection.execute("PRAGMA cache_size").fetchone()[0])
    if coming >= MANY:
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {cache}")


def set_fields(tx: Transaction, table: str, key: tuple[object, ...], fields: Row, *, recorded: bool) -> RowFault | None:
    """Set fields of a row that was made a moment ago; what the database refuses is said."""
    try:
        if recorded:
            tx.update(table, tx.require(table, *key), fields)
        else:
            assignments = ", ".join(f"{quoted(name)} = ?" for name in fields)
            condition = " AND ".join(f"{quoted(name)} = ?" for name in COLUMNS[table].key)
            tx.connection.execute(
                f"UPDATE {quoted(table)} SET {assignments} WHERE {condition}",
                (*fields.values(), *key),
            )
    except sqlite3.IntegrityError as error:
        return _fault(tx.connection, table, 0, fields, error)
    return None


def rows_of_part(connection: sqlite3.Connection, part: Part, parent: object) -> list[Row]:
    """The rows a record holds in one of its lists, in order."""
    names = COLUMNS[part.table].names
    condition = f"{quoted(part.parent)} = ? ORDER BY {quoted(part.order)}"
    sql = f"SELECT {_names(names)} FROM {quoted(part.table)} WHERE {condition}"
    return [dict(zip(names, row, strict=True)) for row in connection.execute(sql, (parent,))]


def holds_same(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> bool:
    """Whether a row that says the same is there, its number aside."""
    names = [name for name in COLUMNS[table].names if name != "number"]
    condition = " AND ".join(f"{quoted(name)} IS ?" for name in names)
    sql = f"SELECT 1 FROM {quoted(table)} WHERE {condition} LIMIT 1"
    return connection.execute(sql, tuple(row[name] for name in names)).fetchone() is not None


def last_number(connection: sqlite3.Connection, table: str) -> int:
    """The highest number a table ever counted to, so that no number is given twice."""
    sql = (
        f"SELECT max(coalesce((SELECT max(number) FROM {quoted(table)}), 0), "
        "coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0))"
    )
    return int(connection.execute(sql, (table,)).fetchone()[0])


def titles_with_key_result(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Title and key result of every task."""
    yield from connection.execute("SELECT title, key_result FROM task")


def holds_arrival(connection: sqlite3.Connection, source: str, external_id: str) -> bool:
    """Whether the arrival of that name came from there before, whatever became of it."""
    sql = "SELECT 1 FROM import_item WHERE connector = ? AND external_id = ?"
    return connection.execute(sql, (source, external_id)).fetchone() is not None


def waiting_arrivals(connection: sqlite3.Connection, source: str) -> dict[str, list[str]]:
    """Ids of the arrivals from there that still wait, by title."""
    found: dict[str, list[str]] = {}
    sql = "SELECT title, id FROM import_item WHERE connector = ? AND outcome IS NULL ORDER BY rowid DESC"
    for title, id_ in connection.execute(sql, (source,)):
        found.setdefault(title, []).append(id_)
    return found


def _insert_sql(table: str) -> str:
    names = COLUMNS[table].names
    return f"INSERT INTO {quoted(table)} ({_names(names)}) VALUES ({', '.join('?' * len(names))})"


def _values_of(table: str) -> Callable[[Row], tuple[object, ...]]:
    return itemgetter(*COLUMNS[table].names)


def _names(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _fault(connection: sqlite3.Connection, table: str, index: int, row: Row, error: sqlite3.IntegrityError) -> RowFault:
    message = str(error)
    if message in ("FOREIGN KEY constraint failed", "rule: task_cites_a_key_result"):
        for columns, parent, targets in _foreign_keys(connection, table):
            field, value = columns[-1] if columns[-1] != "strategy" else columns[0], tuple(row.get(c) for c in columns)
            if None not in value and not _is_there(connection, parent, targets, value):
                shown = "/".join(str(part) for part in value)
                return RowFault(index, field, f"There is no {parent.replace('_', ' ')} {shown!r}.")
    for columns_named, words in _ALREADY_THERE.items():
        if message == f"UNIQUE constraint failed: {columns_named}":
            return RowFault(index, None, words)
    return RowFault(index, None, str(in_words(error, Path())))


def _foreign_keys(connection: sqlite3.Connection, table: str) -> list[tuple[list[str], str, list[str]]]:
    keys: dict[int, tuple[list[str], str, list[str]]] = {}
    for id_, _, parent, column, target, *_ in connection.execute(f"PRAGMA foreign_key_list({quoted(table)})"):
        columns, _, targets = keys.setdefault(id_, ([], parent, []))
        columns.append(column)
        targets.append(target)
    return list(keys.values())


def _is_there(connection: sqlite3.Connection, table: str, columns: Sequence[str], values: Sequence[object]) -> bool:
    condition = " AND ".join(f"{quoted(name)} = ?" for name in columns)
    sql = f"SELECT 1 FROM {quoted(table)} WHERE {condition}"
    return connection.execute(sql, tuple(values)).fetchone() is not None
