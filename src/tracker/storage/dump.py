"""Records out, streamed: SQLite writes each one as a line of JSON itself, which is ten times quicker than Python."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence

from tracker.storage.columns import COLUMNS, quoted
from tracker.storage.shape import DECIMALS, FLAGS, Part, Section

_ROWS_A_TIME = 500


def count_records(connection: sqlite3.Connection, section: Section) -> int:
    """How many records a section has."""
    what = f"count(*) FROM {quoted(section.table)}" if section.table else _count_of_parents(section.parts[0])
    return int(connection.execute(f"SELECT {what}").fetchone()[0])


def dump_records(connection: sqlite3.Connection, section: Section) -> Iterator[list[str]]:
    """Every record of a section as JSON text of one line, some at a time, always in the same order."""
    connection.create_function("tidy_json", 1, _tidy, deterministic=True)
    cursor = connection.execute(_records_sql(section))
    while rows := cursor.fetchmany(_ROWS_A_TIME):
        yield [text for (text,) in rows]


def count_tasks(connection: sqlite3.Connection) -> int:
    """How many tasks there are."""
    return int(connection.execute("SELECT count(*) FROM task").fetchone()[0])


def task_rows(
    connection: sqlite3.Connection, fields: Sequence[str], ids: Sequence[str] | None = None
) -> Iterator[tuple[object, ...]]:
    """The fields of every task in order, or of the tasks with `ids` in the order given.

    `also_serves` and `waits_for` are ids with commas between.
    """
    columns = ", ".join(_task_column(name) for name in fields)
    if ids is None:
        yield from connection.execute(f"SELECT {columns} FROM task t ORDER BY t.number")
        return
    for at in range(0, len(ids), _ROWS_A_TIME):
        some = ids[at : at + _ROWS_A_TIME]
        marks = ", ".join("?" * len(some))
        rows = connection.execute(f"SELECT t.id, {columns} FROM task t WHERE t.id IN ({marks})", some)
        found = {row[0]: row[1:] for row in rows}
        yield from (found[id_] for id_ in some if id_ in found)


def _task_column(name: str) -> str:
    if name == "also_serves":
        return _joined("task_also_serves", "key_result", "position")
    if name == "waits_for":
        return _joined("task_dependency", "waits_for", "waits_for")
    return f"t.{quoted(name)}"


def _joined(table: str, value: str, order: str) -> str:
    return f"(SELECT group_concat(v, ', ') FROM (SELECT {value} AS v FROM {table} WHERE task = t.id ORDER BY {order}))"


def _records_sql(section: Section) -> str:
    order = ", ".join("t.rowid" if name == "rowid" else f"t.{quoted(name)}" for name in section.order)
    if section.table is None:
        part = section.parts[0]
        source, key = f"(SELECT DISTINCT {quoted(part.parent)} FROM {quoted(part.table)})", part.parent
        fields = [f"'{key}', t.{quoted(key)}"]
    else:
        source, key = quoted(section.table), COLUMNS[section.table].key[0]
        fields = [f"'{name}', {_value_sql(section.table, name, 't')}" for name in section.fields]
    fields += [f"'{part.key}', {_part_sql(part, key)}" for part in section.parts]
    return f"SELECT json_object({', '.join(fields)}) FROM {source} t ORDER BY {order}"


def _part_sql(part: Part, key: str) -> str:
    if part.value:
        item = f"p.{quoted(part.value)}"
    else:
        item = "json_object(" + ", ".join(f"'{n}', {_value_sql(part.table, n, 'p')}" for n in part.fields) + ")"
    condition = f"{quoted(part.parent)} = t.{quoted(key)} ORDER BY {quoted(part.order)}"
    return f"(SELECT json_group_array({item}) FROM (SELECT * FROM {quoted(part.table)} WHERE {condition}) p)"


def _value_sql(table: str, name: str, alias: str) -> str:
    """A column as JSON shows it. What should be JSON and is not, goes out as text: an export never fails on a value."""
    column = f"{alias}.{quoted(name)}"
    if name in FLAGS.get(table, ()):
        return f"json(CASE {column} WHEN 1 THEN 'true' ELSE 'false' END)"
    if name in DECIMALS.get(table, ()):
        return f"json(CASE WHEN json_valid({column}) THEN {column} ELSE json_quote({column}) END)"
    if name in COLUMNS[table].json:
        # only text with a backslash can be written in two ways
        return (
            f"json(CASE WHEN NOT json_valid({column}) THEN json_quote({column}) "
            f"WHEN instr({column}, '\\') THEN tidy_json({column}) ELSE {column} END)"
        )
    return column


def _count_of_parents(part: Part) -> str:
    return f"count(DISTINCT {quoted(part.parent)}) FROM {quoted(part.table)}"


def _tidy(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False)
