"""Reads of the audit: counts that triggers keep, and of tasks no more than are listed; flat at any size."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tracker.storage.strategy_rows import Row, rows_of

OPEN = "'backlog','assigned','doing','review'"
_STATUSES = ("backlog", "assigned", "doing", "review")
COUNT_BOUND = 1_000
"""Where counting tasks one by one stops."""
NEWEST = 100
"""Done tasks of a key result that are looked through for contributions that several share."""
NAMED = 40
"""Tasks of a key result and status that are looked through to name those that share one."""
DECISIONS = 2_000
"""Decisions that are looked through, newest first."""


class TaskLine(NamedTuple):
    """What a finding says of a task."""

    id: str
    title: str
    owner: str | None
    due_on: date | None
    key_result: str
    channel: str | None


class DecisionRow(NamedTuple):
    """What somebody decided about a finding."""

    number: int
    rule: str
    subject: str
    choice: str
    cause: str | None
    reason: str
    by: str
    on: date
    figures: Mapping[str, object]


_LINE = "id, title, owner, due_on, key_result, channel"


def _line(row: Sequence[object]) -> TaskLine:
    identity, title, owner, due, key_result, channel = row
    return TaskLine(
        str(identity), str(title), None if owner is None else str(owner),
        None if due is None else date.fromisoformat(str(due)), str(key_result),
        None if channel is None else str(channel),
    )  # fmt: skip


def open_by(connection: sqlite3.Connection, scope: str) -> dict[str, int]:
    """Open tasks by stage, channel, kind, or by `coverage` (stage|medium)."""
    sql = (
        f"SELECT subject, sum(tasks) FROM status_tally WHERE scope = ? AND status IN ({OPEN}) "
        "GROUP BY subject HAVING sum(tasks) > 0"
    )
    return dict(connection.execute(sql, (scope,)).fetchall())


def by_status(connection: sqlite3.Connection) -> dict[str, int]:
    """Tasks by status."""
    sql = "SELECT status, tasks FROM status_tally WHERE scope = 'all' AND subject = '' AND tasks > 0"
    return dict(connection.execute(sql).fetchall())


def open_of(connection: sqlite3.Connection, key_result: str) -> int:
    """Open tasks of a key result."""
    sql = (
        "SELECT coalesce(sum(tasks), 0) FROM status_tally WHERE scope = 'key_result' AND subject = ? "
        f"AND status IN ({OPEN})"
    )
    return int(connection.execute(sql, (key_result,)).fetchone()[0])


def done_of(connection: sqlite3.Connection, key_result: str, first: date, last: date) -> int:
    """Tasks of a key result that were done from one day to another."""
    sql = (
        "SELECT coalesce(sum(tasks), 0) FROM status_tally WHERE scope = 'done_of' AND subject BETWEEN ? AND ? "
        "AND status = 'done'"
    )
    bounds = (f"{key_result}|{first.isoformat()}", f"{key_result}|{last.isoformat()}")
    return int(connection.execute(sql, bounds).fetchone()[0])


def newest_done(connection: sqlite3.Connection, key_result: str, limit: int) -> tuple[str, ...]:
    """Ids of the tasks of a key result that were done last, in the order of their numbers."""
    sql = (
        "SELECT id FROM (SELECT id, number FROM task WHERE key_result = ? AND status = 'done' "
        "ORDER BY done_on DESC, number DESC LIMIT ?) ORDER BY number"
    )
    return tuple(row[0] for row in connection.execute(sql, (key_result, limit)))


def copied_reasons(
    connection: sqlite3.Connection, key_result: str, limit: int
) -> tuple[list[tuple[str, int]], int]:
    """(contribution in small letters, tasks) of those that three tasks or more of a key result share, most first;
    and how many there are, counted up to a bound.

    Open tasks are counted by the tally, done ones among the newest of the key result.
    """
    rows = connection.execute(_COPIED, {"key_result": key_result, "bound": COUNT_BOUND}).fetchall()
    return rows[:limit], len(rows)


# the 3 stands there as a number: only then does the index of the few copied contributions answer
_COPIED = f"""
WITH done AS MATERIALIZED (
  SELECT substr(lower(trim(contribution)), 1, 200) AS reason, count(*) AS tasks FROM (
    SELECT contribution FROM task WHERE key_result = :key_result AND status = 'done'
    ORDER BY done_on DESC, number DESC LIMIT {NEWEST})
  GROUP BY 1),
both AS (
  SELECT reason, tasks + coalesce((
    SELECT tasks FROM reason_tally t WHERE t.key_result = :key_result AND t.reason = done.reason), 0) AS tasks
  FROM done WHERE reason <> '')
SELECT reason, tasks FROM both WHERE tasks >= 3
UNION SELECT reason, tasks FROM reason_tally WHERE key_result = :key_result AND tasks >= 3
  AND reason NOT IN (SELECT reason FROM both)
ORDER BY 2 DESC, 1 DESC LIMIT :bound"""


def tasks_saying(
    connection: sqlite3.Connection, key_result: str, reasons: Iterable[str]
) -> dict[str, list[tuple[str, str]]]:
    """(id, contribution) of tasks of a key result by contribution in small letters, among the newest of every status.

    One pass, however many contributions are asked for.
    """
    found: dict[str, list[tuple[int, str, str]]] = {reason: [] for reason in reasons}
    for status in (*_STATUSES, "done"):
        order = "done_on DESC, number DESC" if status == "done" else "waits, rank, due_order, number"
        sql = (
            "SELECT substr(lower(trim(contribution)), 1, 200), number, id, contribution FROM task "
            f"WHERE key_result = ? AND status = ? ORDER BY {order} LIMIT {NAMED}"
        )
        for reason, *task in connection.execute(sql, (key_result, status)):
            if reason in found:
                found[reason].append(tuple(task))
    return {reason: [(identity, said) for _, identity, said in sorted(tasks)] for reason, tasks in found.items()}


def off_channel(
    connection: sqlite3.Connection, channels: Sequence[str], limit: int
) -> tuple[tuple[TaskLine, ...], int]:
    """Open tasks of some channels, in the order of the channels, at most `limit`; and how many there are."""
    counts = open_by(connection, "channel")
    lines: list[TaskLine] = []
    for channel in channels:
        for status in _STATUSES:
            if len(lines) < limit and counts.get(channel):
                sql = (
                    f"SELECT {_LINE} FROM task WHERE channel = ? AND status = ? "
                    "ORDER BY waits, rank, due_order, number LIMIT ?"
                )
                lines += map(_line, connection.execute(sql, (channel, status, limit - len(lines))))
    return tuple(lines), sum(counts.get(channel, 0) for channel in channels)


def late(connection: sqlite3.Connection, today: date, limit: int) -> tuple[tuple[TaskLine, ...], int]:
    """Open tasks past their due day, the latest first; and how many there are, counted up to a bound."""
    return _listed(connection, "is_open = 1 AND due_order < ?", "due_order, number", (today.isoformat(),), limit)


def unowned_until(
    connection: sqlite3.Connection, today: date, until: date, limit: int
) -> tuple[tuple[TaskLine, ...], int]:
    """Open tasks due from today to a day that nobody has; and how many there are, counted up to a bound."""
    where = "owner IS NULL AND is_open = 1 AND due_order BETWEEN ? AND ?"
    return _listed(connection, where, "due_order, number", (today.isoformat(), until.isoformat()), limit)


def wordless(connection: sqlite3.Connection, limit: int) -> tuple[tuple[TaskLine, ...], int]:
    """Tasks that somebody has and that do not say how they move their key result; and how many there are."""
    where = "contribution = '' AND status IN ('assigned','doing','review')"
    return _listed(connection, where, "number", (), limit, "task INDEXED BY task_wordless")


def _listed(
    connection: sqlite3.Connection, where: str, order: str, values: tuple[object, ...], limit: int, table: str = "task"
) -> tuple[tuple[TaskLine, ...], int]:
    lines = tuple(map(_line, connection.execute(
        f"SELECT {_LINE} FROM {table} WHERE {where} ORDER BY {order} LIMIT ?", (*values, limit))))
    if len(lines) < limit:
        return lines, len(lines)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {where} LIMIT ?)"
    return lines, int(connection.execute(sql, (*values, COUNT_BOUND)).fetchone()[0])


def channel_names(connection: sqlite3.Connection) -> dict[str, str]:
    """Names of the channels by id."""
    return dict(connection.execute("SELECT id, name FROM channel ORDER BY name, id").fetchall())


def weight_of(connection: sqlite3.Connection, key_result: str) -> tuple[float, int]:
    """Hours (middle of the estimates) and minor units of the open tasks of a key result, of the first ones of each
    status where there are many."""
    hours, cost = 0.0, 0
    for status in _STATUSES:
        sql = (
            "SELECT coalesce(sum((coalesce(l, h, 0) + coalesce(h, l, 0)) / 2.0), 0), coalesce(sum(cost), 0) FROM ("
            "SELECT estimate_low_h AS l, estimate_high_h AS h, cost_minor AS cost FROM task "
            f"WHERE key_result = ? AND status = ? LIMIT {COUNT_BOUND})"
        )
        more_hours, more_cost = connection.execute(sql, (key_result, status)).fetchone()
        hours, cost = hours + more_hours, cost + more_cost
    return hours, cost


def costs_of(connection: sqlite3.Connection, tasks: Sequence[str]) -> int:
    """Minor units that some tasks cost."""
    total = 0
    for at in range(0, len(tasks), 500):
        some = tuple(tasks[at : at + 500])
        sql = f"SELECT coalesce(sum(cost_minor), 0) FROM task WHERE id IN ({', '.join('?' * len(some))})"
        total += int(connection.execute(sql, some).fetchone()[0])
    return total


def last_closed_cycle(connection: sqlite3.Connection, strategy: str, before: date) -> Row | None:
    """The strategy's cycle that was closed last before a day."""
    found = rows_of(
        connection, "cycle", "strategy = ? AND status = 'closed' AND ends_on < ?", (strategy, before.isoformat()),
        "ends_on DESC LIMIT 1",
    )
    return found[0] if found else None


def decisions(connection: sqlite3.Connection) -> list[DecisionRow]:
    """The newest decisions, newest first."""
    sql = (
        'SELECT number, rule, subject, choice, cause, reason, "by", "on", figures FROM decision '
        f"ORDER BY number DESC LIMIT {DECISIONS}"
    )
    return [
        DecisionRow(number, rule, subject, choice, cause, reason, by, date.fromisoformat(on), _figures(figures))
        for number, rule, subject, choice, cause, reason, by, on, figures in connection.execute(sql)
    ]


def _figures(text: str | None) -> Mapping[str, object]:
    read = json.loads(text) if text else {}
    return read if isinstance(read, dict) else {}


def has_snapshot(connection: sqlite3.Connection, first: date, last: date) -> bool:
    """Whether the findings were counted on a day of a span."""
    sql = 'SELECT 1 FROM audit_snapshot WHERE "on" BETWEEN ? AND ? LIMIT 1'
    return connection.execute(sql, (first.isoformat(), last.isoformat())).fetchone() is not None


def snapshot_before(connection: sqlite3.Connection, day: date) -> tuple[date, dict[str, int]] | None:
    """The last count of findings by rule before a day."""
    found = connection.execute('SELECT max("on") FROM audit_snapshot WHERE "on" < ?', (day.isoformat(),)).fetchone()
    if found is None or found[0] is None:
        return None
    counts = connection.execute('SELECT rule, count FROM audit_snapshot WHERE "on" = ?', (found[0],)).fetchall()
    return date.fromisoformat(found[0]), dict(counts)
