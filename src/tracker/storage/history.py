"""Reads of the record of changes: what can be undone, and the story of one row."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.storage.columns import COLUMNS, quoted
from tracker.storage.rows import ChangeRow


@dataclass(frozen=True, slots=True)
class Batch:
    """What one person did in one go."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row of a table by its key."""

    table: str
    key: tuple[object, ...]

    @property
    def id(self) -> str:
        """How the history names the row."""
        return "/".join(str(part) for part in self.key)


def last_undoable(connection: sqlite3.Connection, by: str) -> Batch | None:
    """The newest change of a person that was not taken back."""
    found = connection.execute(
        'SELECT number, label FROM change_batch WHERE "by" = ? AND kind IN (\'do\',\'redo\') AND is_reverted = 0 '
        "ORDER BY number DESC LIMIT 1",
        (by,),
    ).fetchone()
    return Batch(*found) if found else None


def last_redoable(connection: sqlite3.Connection, by: str) -> Batch | None:
    """The newest undo of a person that was not redone, unless the person did something else after it.

    An undo without a change only notes that what it would have taken back stays.
    """
    found = connection.execute(
        'SELECT number, label FROM change_batch WHERE "by" = ? AND kind = \'undo\' AND is_reverted = 0 AND number > '
        'coalesce((SELECT max(number) FROM change_batch WHERE "by" = ? AND kind = \'do\'), 0) '
        "AND EXISTS (SELECT 1 FROM change WHERE batch = change_batch.number) ORDER BY number DESC LIMIT 1",
        (by, by),
    ).fetchone()
    return Batch(*found) if found else None


def mark_reverted(connection: sqlite3.Connection, batch: int) -> None:
    """Note that a batch was taken back."""
    connection.execute("UPDATE change_batch SET is_reverted = 1 WHERE number = ?", (batch,))


def later_change(connection: sqlite3.Connection, entity: str, key: str, after: int, by: str) -> str | None:
    """Who else changed a row after a batch, None when nobody did."""
    found = connection.execute(
        'SELECT b."by" FROM change c JOIN change_batch b ON b.number = c.batch '
        'WHERE c.entity = ? AND c.id = ? AND c.batch > ? AND b."by" <> ? LIMIT 1',
        (entity, key, after, by),
    ).fetchone()
    return str(found[0]) if found else None


GOES_ALONG: Mapping[str, tuple[tuple[str, str], ...]] = {
    "task": (
        ("comment", "task"), ("task_dependency", "task"), ("task_dependency", "waits_for"),
        ("task_also_serves", "task"), ("external_link", "task"),
    ),
    "key_result": (("milestone", "key_result"), ("planned_point", "key_result"), ("journey_step", "key_result")),
    "strategy": (("strategy_channel", "strategy"), ("micro_question", "strategy"), ("evidence", "strategy")),
    "person": (("inbox_item", "person"),),
    "comment": (("comment_link", "comment"),),
    "connector": (("sync_state", "connector"), ("sync_run", "connector")),
    "sync_run": (("sync_note", "run"),),
}
"""Table and column of the recorded rows that the database removes together with a row (ON DELETE CASCADE)."""
LETS_GO: Mapping[str, tuple[tuple[str, str], ...]] = {
    "task": (("evidence", "task"), ("idea", "task"), ("import_item", "task")),
    "key_result": (("key_result", "pair_of"), ("key_result", "carried_from"), ("journey_step", "linked_key_result")),
    "micro_question": (("objective", "micro_question"),),
}
"""Table and column that the database empties when the row they name is removed (ON DELETE SET NULL)."""


def rows_that_go_along(connection: sqlite3.Connection, table: str, key: object) -> list[RowKey]:
    """Recorded rows that the database removes together with a row, those first that go along with others of them."""
    return [
        each
        for child, column in GOES_ALONG.get(table, ())
        for found in _rows_naming(connection, child, column, key)
        for each in (*rows_that_go_along(connection, child, found.key[0]), found)
    ]


def rows_that_let_go(connection: sqlite3.Connection, table: str, key: str) -> list[tuple[RowKey, str]]:
    """Recorded rows, each with the column of it that the database empties when a row is removed."""
    return [
        (found, column)
        for child, column in LETS_GO.get(table, ())
        for found in _rows_naming(connection, child, column, key)
    ]


def _rows_naming(connection: sqlite3.Connection, table: str, column: str, key: object) -> list[RowKey]:
    columns = ", ".join(quoted(name) for name in COLUMNS[table].key)
    sql = f"SELECT {columns} FROM {quoted(table)} WHERE {quoted(column)} = ? ORDER BY {columns}"
    return [RowKey(table, tuple(row)) for row in connection.execute(sql, (key,))]


_LINE = (
    'SELECT b.number, b.at, b."by", b.label, b.kind, c.entity, c.id, c.field, c.old, c.new, c.seq '
    "FROM change c JOIN change_batch b ON b.number = c.batch "
)


def changes(connection: sqlite3.Connection, entity_id: str | None, limit: int) -> tuple[ChangeRow, ...]:
    """The newest `limit` changes, oldest of them first: of all rows, or of one and what hangs on it."""
    found: list[tuple[Any, ...]]
    if entity_id is None:
        found = connection.execute(_LINE + "ORDER BY c.batch DESC, c.seq DESC LIMIT ?", (limit,)).fetchall()
    else:
        found = connection.execute(*_of_entity(connection, entity_id, limit)).fetchall()
    return tuple(
        ChangeRow(batch, at, by, label, kind, entity, id_, field, _value(old), _value(new))
        for batch, at, by, label, kind, entity, id_, field, old, new, _ in reversed(found)
    )


def _of_entity(connection: sqlite3.Connection, entity_id: str, limit: int) -> tuple[str, tuple[object, ...]]:
    comments = [
        str(row[0]) for row in connection.execute("SELECT number FROM comment WHERE task = ?", (entity_id,))
    ]
    marks = ", ".join("?" * len(comments))
    # each part reads the index on (entity, id, batch)
    entities = ("task", "key_result", "objective", "strategy", "cycle", "person", "idea", "import_item", "channel")
    of_itself = " UNION ALL ".join(f"{_LINE} WHERE c.entity = '{entity}' AND c.id = ?" for entity in entities)
    of_parts = " UNION ALL ".join(
        f"{_LINE} WHERE c.entity = '{entity}' AND c.id >= ? AND c.id < ?"
        for entity in ("task_dependency", "task_also_serves", "milestone", "check_in")
    )
    of_comments = f"{_LINE} WHERE c.entity = 'comment' AND c.id IN ({marks})"
    values: list[object] = [entity_id] * len(entities)
    values += [f"{entity_id}/", f"{entity_id}0"] * 4  # '0' follows '/' in ASCII: every id that begins so
    values += comments
    sql = f"{of_itself} UNION ALL {of_parts} UNION ALL {of_comments} ORDER BY 1 DESC, 11 DESC LIMIT ?"
    return sql, (*values, limit)


def _value(text: str | None) -> object:
    return None if text is None else json.loads(text)
