"""The one place that writes: every change is recorded with who, when, field, old and new in the same transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.errors import Conflict, Disagreement, NotFound
from tracker.storage.columns import COLUMNS, Columns, quoted, row_id, to_database

WHOLE_ROW = "*"
"""The field of a change that makes (no old) or removes (old is the row) a whole row."""

Row = dict[str, object]

_TOLD_ELSEWHERE = frozenset({
    "title", "status", "owner", "priority", "due_on", "started_on", "contribution", "notes", "cancel_reason",
    "key_result",
})  # fmt: skip
"""Fields of a task that its counterparts in remote systems show."""


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """One line of the history as it is stored; `old` and `new` are JSON text or None."""

    entity: str
    id: str
    field: str
    old: str | None
    new: str | None


class Transaction:
    """An open transaction. The batch is written with its first change, so that doing nothing leaves no trace."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        by: str,
        at: str,
        on_date: str,
        label: str,
        kind: str = "do",
    ) -> None:
        self.connection = connection
        self.by = by
        self.at = at
        self.on_date = on_date
        self.label = label
        self._kind = kind
        self.reverted = 0
        """The batch that this transaction takes back, 0 when it does none."""
        self.batch: int | None = None
        self._seq = 0

    # reading what is about to be changed

    def get(self, table: str, *key: object) -> Row | None:
        """The row with that key, by column name, or None."""
        columns = COLUMNS[table]
        cursor = self.connection.execute(_select_sql(columns), tuple(to_database(part) for part in key))
        found = cursor.fetchone()
        return None if found is None else dict(zip(columns.names, found, strict=True))

    def require(self, table: str, *key: object) -> Row:
        """The row with that key.

        Raises:
            NotFound: there is none.
        """
        row = self.get(table, *key)
        if row is None:
            shown = "/".join(str(part) for part in key)[:60]
            raise NotFound(f"There is no {table.replace('_', ' ')} {shown if shown.isprintable() else repr(shown)}.")
        return row

    def execute(self, sql: str, parameters: tuple[object, ...] = ()) -> sqlite3.Cursor:
        """A read with bound parameters, inside the transaction."""
        return self.connection.execute(sql, parameters)

    # changing

    def insert(self, table: str, row: Mapping[str, object]) -> Row:
        """Make a row; columns that are not given take their column's default or NULL. Returns it as stored."""
        columns = COLUMNS[table]
        values = {name: to_database(row[name]) for name in columns.names if name in row}
        names = ", ".join(quoted(name) for name in values)
        marks = ", ".join("?" for _ in values)
        cursor = self.connection.execute(
            f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})",
            tuple(values.values()),
        )
        if "number" in columns.names and values.get("number") is None:
            values["number"] = cursor.lastrowid
        key = row_id(columns, values)
        self._record(table, key, WHOLE_ROW, None, None)
        if table == "task":
            self._event(str(values["id"]), None, str(values["status"]))
        return dict(values)

    def update(
        self, table: str, row: Row, fields: Mapping[str, object], *, seen: Mapping[str, object] | None = None
    ) -> bool:
        """Change fields of a row that was read in this transaction; True when something changed.

        `seen` holds what the user started from. A field that somebody else changed since is refused unless both
        want the same; fields that only one side changed merge by themselves.

        Raises:
            Conflict: the same field was changed by somebody else.
        """
        columns = COLUMNS[table]
        wanted = {name: to_database(value) for name, value in fields.items()}
        self.check_seen(table, row, wanted, seen)
        changed = {name: value for name, value in wanted.items() if row.get(name) != value}
        if not changed:
            return False
        assignments = ", ".join(f"{quoted(name)} = ?" for name in changed)
        self.connection.execute(
            f"UPDATE {quoted(table)} SET {assignments} WHERE {_where_key(columns)}",
            (*changed.values(), *(row[name] for name in columns.key)),
        )
        key = row_id(columns, row)
        for name, value in changed.items():
            self._record(table, key, name, _as_json(row.get(name)), _as_json(value))
        if table == "task":
            if "status" in changed:
                self._event(str(row["id"]), str(row["status"]), str(changed["status"]))
            if not _TOLD_ELSEWHERE.isdisjoint(changed):
                self._mark_links(str(row["id"]))
        row.update(changed)
        return True

    def update_many(self, table: str, rows: Iterable[Row], fields: Mapping[str, object]) -> int:
        """Give many rows that were read in this transaction the same values; how many of them changed.

        Each is recorded as `update` records it, at a third of the cost.
        """
        columns = COLUMNS[table]
        wanted = {name: to_database(value) for name, value in fields.items()}
        changing = [row for row in rows if any(row.get(name) != value for name, value in wanted.items())]
        if not changing:
            return 0
        assignments = ", ".join(f"{quoted(name)} = ?" for name in wanted)
        self.connection.executemany(
            f"UPDATE {quoted(table)} SET {assignments} WHERE {_where_key(columns)}",
            ((*wanted.values(), *(row[name] for name in columns.key)) for row in changing),
        )
        batch, new = self.begin_batch(), {name: _as_json(value) for name, value in wanted.items()}
        lines = [
            (table, row_id(columns, row), name, _as_json(row.get(name)), new[name])
            for row in changing for name, value in wanted.items() if row.get(name) != value
        ]  # row by row, so that undo takes the changes of one row back together
        self.connection.executemany(
            "INSERT INTO change (batch, seq, entity, id, field, old, new) VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((batch, self._seq + place, *line) for place, line in enumerate(lines)),
        )
        self._seq += len(lines)
        for row in changing:
            if table == "task" and row["status"] != wanted.get("status", row["status"]):
                self._event(str(row["id"]), str(row["status"]), str(wanted["status"]))
            row.update(wanted)
        return len(changing)

    def delete(self, table: str, row: Row) -> None:
        """Remove a row; the history keeps it whole, so that undo can put it back."""
        columns = COLUMNS[table]
        self.connection.execute(
            f"DELETE FROM {quoted(table)} WHERE {_where_key(columns)}",
            tuple(row[name] for name in columns.key),
        )
        self._record(table, row_id(columns, row), WHOLE_ROW, json.dumps(row, ensure_ascii=False), None)

    # recording

    def relabel(self, label: str) -> None:
        """Say better what will be done, before the first change: history is never rewritten."""
        assert self.batch is None, "the batch is written already"
        self.label = label

    def take_back(self, batch: int, label: str) -> None:
        """Say which batch is taken back, before the first change."""
        self.relabel(label)
        self.reverted = batch

    def record_made(self, table: str, keys: Iterable[str]) -> None:
        """Record rows that were made many at a time; `keys` are as `row_id` names them."""
        made = list(keys)
        if not made:
            return
        batch, first = self.begin_batch(), self._seq
        self.connection.executemany(
            "INSERT INTO change (batch, seq, entity, id, field, old, new) VALUES (?, ?, ?, ?, ?, NULL, NULL)",
            ((batch, first + place, table, key, WHOLE_ROW) for place, key in enumerate(made)),
        )
        self._seq += len(made)

    def record_changed(self, table: str, field: str, changes: Iterable[tuple[str, object, object]]) -> int:
        """Record one field of rows that are changed many at a time; key, old and new value of each. How many it was.

        Call it before the change: `changes` may still be reading what is about to be changed.
        """
        first = self._seq
        for key, old, new in changes:
            self._record(table, key, field, _as_json(old), _as_json(new))
        return self._seq - first

    def begin_batch(self) -> int:
        """The number of this transaction's batch, written now if it has none yet."""
        if self.batch is None:
            cursor = self.connection.execute(
                'INSERT INTO change_batch (at, "by", label, kind, reverts, is_reverted) VALUES (?, ?, ?, ?, ?, 0)',
                (self.at, self.by, self.label, self._kind, self.reverted or None),
            )
            self.batch = cursor.lastrowid
        assert self.batch is not None
        return self.batch

    def _record(self, entity: str, key: str, field: str, old: str | None, new: str | None) -> None:
        batch = self.begin_batch()
        self.connection.execute(
            "INSERT INTO change (batch, seq, entity, id, field, old, new) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (batch, self._seq, entity, key, field, old, new),
        )
        self._seq += 1

    def _event(self, task: str, from_status: str | None, to_status: str) -> None:
        self.connection.execute(
            "INSERT INTO task_event (task, seq, on_date, from_status, to_status, actor) "
            "VALUES (?, (SELECT coalesce(max(seq) + 1, 0) FROM task_event WHERE task = ?), ?, ?, ?, ?)",
            (task, task, self.on_date, from_status, to_status, self.by),
        )

    def _mark_links(self, task: str) -> None:
        """Let the counterparts of a task show that it changed here; the connection that brings the change knows."""
        self.connection.execute(
            "UPDATE external_link SET state = 'changed_here' WHERE task = ? AND state = 'synced' "
            "AND 'sync:' || connector <> ?",
            (task, self.by),
        )

    def check_seen(
        self, table: str, row: Row, wanted: Mapping[str, object], seen: Mapping[str, object] | None
    ) -> None:
        """Refuse when a wanted field no longer has the value the user started from, nor the wanted one.

        Raises:
            Conflict: with each such field's base, ours and theirs.
        """
        if seen is None:
            return
        columns = COLUMNS[table]
        key = row_id(columns, row)
        disagreements = [
            Disagreement(columns.table, key, name, to_database(seen[name]), value, row.get(name))
            for name, value in wanted.items()
            if name in seen and row.get(name) != to_database(seen[name]) and row.get(name) != value
        ]
        if disagreements:
            first = disagreements[0]
            raise Conflict(
                f"{key}: {first.field.replace('_', ' ')} was changed by somebody else meanwhile: it was "
                f"{_shown(first.base)}, they made it {_shown(first.theirs)}{_wanted(first.ours)}. "
                "Nothing was changed; look at it and decide.",
                disagreements,
            )


def recorded_changes(connection: sqlite3.Connection, batch: int) -> list[RecordedChange]:
    """The changes of a batch, in the order they were made."""
    cursor = connection.execute(
        "SELECT entity, id, field, old, new FROM change WHERE batch = ? ORDER BY seq", (batch,)
    )
    return [RecordedChange(*row) for row in cursor]


def _as_json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _shown(value: object) -> str:
    return "empty" if value in (None, "") else repr(value) if isinstance(value, str) else str(value)


def _wanted(value: object) -> str:
    return f", you want {_shown(value)}" if isinstance(value, str | int | float | None) else ""


def _where_key(columns: Columns) -> str:
    return " AND ".join(f"{quoted(name)} = ?" for name in columns.key)


def _select_sql(columns: Columns) -> str:
    names = ", ".join(quoted(name) for name in columns.names)
    return f"SELECT {names} FROM {quoted(columns.table)} WHERE {_where_key(columns)}"
