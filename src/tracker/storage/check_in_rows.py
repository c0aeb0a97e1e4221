"""Reads around check-ins: few rows for each key result, and figures of its tasks from the tallies."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tracker.domain.check_ins import Terms
from tracker.storage.strategy_rows import rows_of

OPEN = ("doing", "review", "assigned", "backlog")
"""Statuses of open work, what is nearest to its end first."""


class CheckInRow(NamedTuple):
    """A check-in, or one as it was before it was corrected."""

    on_date: date
    value: Decimal
    confidence: int
    author: str
    note: str
    blocks: str
    health_override: str | None
    override_reason: str | None
    is_correction: bool
    """Whether it stands in for an older one of the same day."""
    replaced_on: date | None = None
    """The day it was corrected; None for the one that counts."""
    replaced_by: str | None = None


class MilestoneRow(NamedTuple):
    """One step of a milestone key result."""

    position: int
    title: str
    done_on: date | None


class TargetChange(NamedTuple):
    """What the target of an active key result was changed to on a day."""

    day: date
    old: Decimal
    new: Decimal


class ComingTask(NamedTuple):
    """An open task of the key result."""

    id: str
    title: str
    owner: str | None
    due_on: date | None


class Activity(NamedTuple):
    """What is done for a key result: finished tasks by day, and open ones as they are now."""

    done: Mapping[date, int]
    backlog: int
    assigned: int
    started: int
    unowned: int
    coming: tuple[ComingTask, ...]


def terms_of(connection: sqlite3.Connection, key_result: str) -> Terms | None:
    """What a key result and its cycle say about its check-ins; None when there is no such key result."""
    found = connection.execute(
        "SELECT k.id, k.title, k.status, k.metric_kind, k.unit, k.currency, k.precision, k.target, c.name, c.status, "
        "c.starts_on, c.ends_on FROM key_result k JOIN objective o ON o.id = k.objective "
        "JOIN cycle c ON c.id = o.cycle WHERE k.id = ?",
        (key_result,),
    ).fetchone()
    if found is None:
        return None
    id_, title, status, kind, unit, currency, precision, target, cycle, cycle_status, starts, ends = found
    return Terms(
        id_, title, status, kind, unit, currency, precision, Decimal(target), cycle, cycle_status,
        date.fromisoformat(starts), date.fromisoformat(ends),
    )  # fmt: skip


_SAID = "on_date, value, confidence, author, note, blocks, health_override, override_reason"


def check_ins(connection: sqlite3.Connection, key_result: str) -> tuple[CheckInRow, ...]:
    """The check-ins of a key result that count, oldest first."""
    found = connection.execute(
        f"SELECT {_SAID}, supersedes IS NOT NULL FROM check_in WHERE key_result = ? ORDER BY on_date", (key_result,)
    )
    return tuple(_check_in(row[:8], is_correction=bool(row[8])) for row in found)


def superseded(connection: sqlite3.Connection, key_result: str) -> tuple[CheckInRow, ...]:
    """The check-ins of a key result that were corrected, oldest first, by day and correction."""
    found = connection.execute(
        f"SELECT {_SAID}, seq > 1, replaced_on, replaced_by FROM superseded_check_in WHERE key_result = ? "
        "ORDER BY on_date, seq",
        (key_result,),
    )
    return tuple(
        _check_in(row[:8], is_correction=bool(row[8]))._replace(
            replaced_on=date.fromisoformat(row[9]), replaced_by=row[10]
        )
        for row in found
    )


def _check_in(row: tuple[str, str, int, str, str, str | None, str | None, str | None], *, is_correction: bool
              ) -> CheckInRow:
    on_date, value, confidence, author, note, blocks, override, reason = row
    return CheckInRow(
        date.fromisoformat(on_date), Decimal(value), confidence, author, note, blocks or "", override, reason,
        is_correction,
    )


def corrections(connection: sqlite3.Connection, key_result: str, day: str) -> int:
    """How often the check-in of a day was corrected."""
    found = connection.execute(
        "SELECT coalesce(max(seq), 0) FROM superseded_check_in WHERE key_result = ? AND on_date = ?", (key_result, day)
    ).fetchone()
    return int(found[0])


def milestones(connection: sqlite3.Connection, key_result: str) -> tuple[MilestoneRow, ...]:
    """The milestones of a key result, in order."""
    found = connection.execute(
        "SELECT position, title, done_on FROM milestone WHERE key_result = ? ORDER BY position", (key_result,)
    )
    return tuple(
        MilestoneRow(position, title, date.fromisoformat(done) if done else None) for position, title, done in found
    )


def points(connection: sqlite3.Connection, key_result: str) -> tuple[tuple[date, Decimal], ...]:
    """The planned points of a key result, oldest first."""
    found = rows_of(connection, "planned_point", "key_result = ?", (key_result,), "on_date")
    return tuple((date.fromisoformat(str(row["on_date"])), Decimal(str(row["expected"]))) for row in found)


def activity(connection: sqlite3.Connection, key_result: str, since: date, until: date, coming: int) -> Activity:
    """What was finished in a span of days, and what is open, with the first `coming` of the open tasks."""
    counts = dict(
        connection.execute(
            "SELECT status, tasks FROM status_tally WHERE scope = 'key_result' AND subject = ?", (key_result,)
        ).fetchall()
    )
    unowned = connection.execute(
        "SELECT coalesce(sum(tasks), 0) FROM task_tally WHERE key_result = ? AND owner = '' "
        "AND status IN ('backlog','assigned','doing','review')",
        (key_result,),
    ).fetchone()[0]
    return Activity(
        done=_done_by_day(connection, key_result, since, until), backlog=counts.get("backlog", 0),
        assigned=counts.get("assigned", 0), started=counts.get("doing", 0) + counts.get("review", 0),
        unowned=int(unowned), coming=_coming(connection, key_result, coming),
    )


def _done_by_day(connection: sqlite3.Connection, key_result: str, since: date, until: date) -> dict[date, int]:
    found = connection.execute(
        "SELECT subject, tasks FROM status_tally WHERE scope = 'done_of' AND subject BETWEEN ? AND ? "
        "AND status = 'done' AND tasks > 0",
        (f"{key_result}|{since.isoformat()}", f"{key_result}|{until.isoformat()}"),
    )
    return {date.fromisoformat(subject.rpartition("|")[2]): tasks for subject, tasks in found}


def _coming(connection: sqlite3.Connection, key_result: str, most: int) -> tuple[ComingTask, ...]:
    found: list[tuple[str, str, str | None, str | None]] = []
    for status in OPEN:
        if len(found) < most:
            # in the order of the board, which an index keeps: a few rows, however many tasks there are
            found += connection.execute(
                "SELECT id, title, owner, due_on FROM task WHERE key_result = ? AND status = ? "
                "ORDER BY waits, rank, due_order, number LIMIT ?",
                (key_result, status, most - len(found)),
            )
    return tuple(
        ComingTask(id_, title, owner, date.fromisoformat(due) if due else None) for id_, title, owner, due in found
    )


def changes_of(connection: sqlite3.Connection, key_result: str) -> list[tuple[str, str, str | None, str | None]]:
    """(instant, field, old, new) of every recorded change of a key result's target or status, oldest first."""
    return connection.execute(
        "SELECT b.at, c.field, c.old, c.new FROM change c JOIN change_batch b ON b.number = c.batch "
        "WHERE c.entity = 'key_result' AND c.id = ? AND c.field IN ('target','status') ORDER BY c.batch, c.seq",
        (key_result,),
    ).fetchall()
