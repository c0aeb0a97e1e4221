"""The journal of sync: intents, how far a connection came, runs and their notes, links of comments and goals."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = dict[str, object]


# intents


@dataclass(frozen=True, slots=True)
class Intent:
    """Something whose making was begun and whose end is not known."""

    number: int
    task: str
    operation: str
    """create or comment"""
    key: str
    began_at: str


def intents(connection: sqlite3.Connection, connector: str) -> list[Intent]:
    """What was begun and not ended, oldest first."""
    found = connection.execute(
        "SELECT number, coalesce(task, ''), operation, idempotency_key, coalesce(began_at, '') FROM outbox "
        "WHERE connector = ? ORDER BY number",
        (connector,),
    )
    return [Intent(*row) for row in found]


def begin(connection: sqlite3.Connection, connector: str, task: str, operation: str, key: str, at: str) -> None:
    """Note that something is about to be made; the first moment is kept when it was begun before."""
    found = connection.execute("UPDATE outbox SET tries = tries + 1 WHERE idempotency_key = ?", (key,))
    if not found.rowcount:
        connection.execute(
            "INSERT INTO outbox (connector, task, operation, idempotency_key, tries, began_at) "
            "VALUES (?, ?, ?, ?, 1, ?)",
            (connector, task, operation, key, at),
        )


def end(connection: sqlite3.Connection, key: str) -> None:
    """Note that it is known how it ended."""
    connection.execute("DELETE FROM outbox WHERE idempotency_key = ?", (key,))


# how far it came


def state(connection: sqlite3.Connection, connector: str) -> tuple[str | None, int]:
    """The remote's cursor and the newest batch here that was looked at."""
    found = connection.execute("SELECT cursor, seen_batch FROM sync_state WHERE connector = ?", (connector,)).fetchone()
    return (found[0], int(found[1])) if found else (None, 0)


def keep_state(connection: sqlite3.Connection, connector: str, cursor: str | None, seen: int) -> None:
    """Remember how far it came."""
    values = (cursor, seen, connector)
    if not connection.execute("UPDATE sync_state SET cursor = ?, seen_batch = ? WHERE connector = ?", values).rowcount:
        connection.execute("INSERT INTO sync_state (cursor, seen_batch, connector) VALUES (?, ?, ?)", values)


# runs


def begin_run(connection: sqlite3.Connection, connector: str, at: str) -> int:
    """The number of a new run."""
    cursor = connection.execute("INSERT INTO sync_run (connector, began_at) VALUES (?, ?)", (connector, at))
    return int(cursor.lastrowid or 0)


def end_run(connection: sqlite3.Connection, run: int, at: str, outcome: str, words: str) -> None:
    """How a run ended."""
    connection.execute(
        "UPDATE sync_run SET ended_at = ?, outcome = ?, words = ? WHERE number = ?", (at, outcome, words, run)
    )


def note(connection: sqlite3.Connection, run: int, task: str | None, action: str, words: str) -> None:
    """What a run did with a task."""
    connection.execute(
        "INSERT INTO sync_note (run, seq, task, action, words) "
        "VALUES (?, (SELECT coalesce(max(seq) + 1, 0) FROM sync_note WHERE run = ?), ?, ?, ?)",
        (run, run, task, action, words),
    )


def runs(connection: sqlite3.Connection, connector: str | None, limit: int) -> list[tuple[Any, ...]]:
    """number, connection, began, ended, outcome and words of the newest runs."""
    return connection.execute(
        "SELECT number, connector, began_at, ended_at, outcome, words FROM sync_run "
        "WHERE connector = coalesce(?, connector) ORDER BY number DESC LIMIT ?",
        (connector, limit),
    ).fetchall()


def notes(connection: sqlite3.Connection, run: int) -> list[tuple[str | None, str, str]]:
    """task, action and words of each note of a run."""
    return connection.execute("SELECT task, action, words FROM sync_note WHERE run = ? ORDER BY seq", (run,)).fetchall()


def last_words(connection: sqlite3.Connection, connector: str, task: str) -> str:
    """What was last said about a task that needs a person."""
    found = connection.execute(
        "SELECT n.words FROM sync_note n JOIN sync_run r ON r.number = n.run WHERE r.connector = ? AND n.task = ? "
        "AND n.action IN ('conflict','fail','gone','changed_there') ORDER BY n.run DESC, n.seq DESC LIMIT 1",
        (connector, task),
    ).fetchone()
    return str(found[0]) if found else ""


def forget_old_runs(connection: sqlite3.Connection, connector: str, keep: int) -> None:
    """Keep the newest runs only."""
    connection.execute(
        "DELETE FROM sync_run WHERE connector = ? AND number <= "
        "coalesce((SELECT number FROM sync_run WHERE connector = ? ORDER BY number DESC LIMIT 1 OFFSET ?), 0)",
        (connector, connector, keep),
    )


# comments


def unsent_comments(connection: sqlite3.Connection, connector: str, task: str) -> list[tuple[int, str, str, str]]:
    """Number, author, name of the author and text of a task's comments without a counterpart, oldest first."""
    return connection.execute(
        'SELECT c.number, c."by", coalesce(p.name, c."by"), c.body FROM comment c LEFT JOIN person p ON p.id = c."by" '
        "WHERE c.task = ? AND NOT EXISTS (SELECT 1 FROM comment_link l WHERE l.comment = c.number AND l.connector = ?) "
        "ORDER BY c.number",
        (task, connector),
    ).fetchall()


def known_comments(connection: sqlite3.Connection, connector: str, task: str) -> set[str]:
    """Remote ids of a task's comments that have a counterpart here."""
    found = connection.execute(
        "SELECT l.external_id FROM comment c JOIN comment_link l ON l.comment = c.number AND l.connector = ? "
        "WHERE c.task = ?",
        (connector, task),
    )
    return {row[0] for row in found}


def is_taken_back(connection: sqlite3.Connection, connector: str, external_id: str) -> bool:
    """Whether it is the counterpart of a comment that was taken back here: the history keeps such links."""
    found = connection.execute(
        "SELECT 1 FROM change WHERE entity = 'comment_link' AND field = '*' AND old IS NOT NULL "
        "AND json_extract(old, '$.connector') = ? AND json_extract(old, '$.external_id') = ? LIMIT 1",
        (connector, external_id),
    )
    return found.fetchone() is not None


def link_comment(connection: sqlite3.Connection, connector: str, comment: int, external_id: str) -> None:
    """Remember a comment's counterpart; one that was taken away meanwhile has none."""
    connection.execute(
        "INSERT INTO comment_link (comment, connector, external_id) SELECT number, ?, ? FROM comment c "
        "WHERE number = ? "
        "AND NOT EXISTS (SELECT 1 FROM comment_link WHERE connector = ? AND (comment = c.number OR external_id = ?))",
        (connector, external_id, comment, connector, external_id),
    )


# goals


def goal(connection: sqlite3.Connection, connector: str, key_result: str) -> tuple[str, Mapping[str, object]] | None:
    """The goal's id there and what it was told last."""
    found = connection.execute(
        "SELECT external_id, sent FROM goal_link WHERE connector = ? AND key_result = ?", (connector, key_result)
    ).fetchone()
    return (str(found[0]), json.loads(found[1]) if found[1] else {}) if found else None


def goals(connection: sqlite3.Connection, connector: str) -> list[str]:
    """Key results that have a goal."""
    return [row[0] for row in connection.execute(
        "SELECT key_result FROM goal_link WHERE connector = ? ORDER BY key_result", (connector,)
    )]  # fmt: skip


def keep_goal(
    connection: sqlite3.Connection, connector: str, key_result: str, external_id: str, sent: Mapping[str, object]
) -> None:
    """Remember a goal and what it was told."""
    values = (external_id, json.dumps(sent, ensure_ascii=False), connector, key_result)
    if not connection.execute(
        "UPDATE goal_link SET external_id = ?, sent = ? WHERE connector = ? AND key_result = ?", values
    ).rowcount:
        connection.execute(
            "INSERT INTO goal_link (external_id, sent, connector, key_result) VALUES (?, ?, ?, ?)", values
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """A key result as its goal shows it."""

    title: str
    kind: str
    unit: str
    currency: str | None
    baseline: Decimal
    target: Decimal
    value: Decimal
    due_on: str


def measure(connection: sqlite3.Connection, key_result: str) -> Measure | None:
    """A key result with its newest value; None when there is no such key result, or no day it is due on."""
    found = connection.execute(
        "SELECT k.title, k.metric_kind, k.unit, k.currency, k.baseline, k.target, "
        "(SELECT value FROM check_in i WHERE i.key_result = k.id ORDER BY on_date DESC LIMIT 1), "
        "coalesce(k.due_on, c.ends_on) FROM key_result k JOIN objective o ON o.id = k.objective "
        "JOIN cycle c ON c.id = o.cycle WHERE k.id = ?",
        (key_result,),
    ).fetchone()
    if found is None or found[7] is None:
        return None
    title, kind, unit, currency, baseline, target, value, due = found
    start, end_ = Decimal(str(baseline or 0)), Decimal(str(target))
    return Measure(title, kind, unit, currency, start, end_, start if value is None else Decimal(str(value)), due)
