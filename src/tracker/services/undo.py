"""Undo and redo: the last change of the person who acts is taken back by a change of its own; history only grows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import groupby
from sqlite3 import Connection

from tracker.domain.errors import Conflict, Disagreement, NotFound, Refused, TrackerError
from tracker.services.outcome import Outcome
from tracker.services.tasks import unlink
from tracker.services.workspace import Workspace
from tracker.storage import history as log
from tracker.storage.columns import COLUMNS
from tracker.storage.rows import ChangeRow
from tracker.storage.writes import WHOLE_ROW, RecordedChange, Row, Transaction, recorded_changes


def undo(ws: Workspace) -> Outcome:
    """Take back the last change of the person who acts; a bulk edit or an import is one change.

    A change that cannot be taken back is left for good: the next undo goes on to the one before it.

    Raises:
        Refused: there is nothing to undo, or a rule does not allow it any more.
        Conflict: somebody changed the same field since; both versions are shown and nothing is changed.
    """
    tried: list[log.Batch] = []

    def find(connection: Connection, by: str) -> log.Batch | None:
        batch = log.last_undoable(connection, by)
        tried.extend([batch] if batch else [])
        return batch

    try:
        return _revert(ws, "undo", find)
    except (Conflict, NotFound, Refused) as error:
        if not tried:
            raise
        raise _passed_over(ws, tried[0], error) from error


def redo(ws: Workspace) -> Outcome:
    """Bring back what was undone last, as long as nothing was changed after it.

    Raises:
        Refused: there is nothing to redo.
        Conflict: somebody changed the same field since.
    """
    return _revert(ws, "redo", log.last_redoable)


def history(ws: Workspace, entity_id: str | None = None, *, limit: int = 200) -> tuple[ChangeRow, ...]:
    """The newest changes, oldest of them first: of one task (with its comments and dependencies), or of all."""
    with ws.store.snapshot() as connection:
        return log.changes(connection, entity_id, limit)


def _revert(ws: Workspace, kind: str, find: Callable[[Connection, str], log.Batch | None]) -> Outcome:
    with ws.writing(kind, kind=kind) as tx:
        # looked for inside the transaction: the same person may be undoing at another keyboard
        batch = find(tx.connection, ws.actor)
        if batch is None:
            raise Refused(f"There is nothing of {ws.actor}'s to {kind}.")
        label = _plain(batch.label)
        tx.take_back(batch.number, f"{kind} {label}")
        tx.begin_batch()
        log.mark_reverted(tx.connection, batch.number)
        runs = _runs(recorded_changes(tx.connection, batch.number))
        touched = [_revert_run(tx, run) for run in reversed(runs)]
        _hold_series(tx, runs)
    done = "undone" if kind == "undo" else "redone"
    return Outcome(tx.batch, f"{done}: {label}", tuple(dict.fromkeys(reversed(touched))))


def _plain(label: str) -> str:
    return label.removeprefix("undo ").removeprefix("redo ")


def _passed_over(ws: Workspace, batch: log.Batch, error: TrackerError) -> TrackerError:
    """Note that a change stays, as an undo that changes nothing; the error that says so, and what follows."""
    label, then = _plain(batch.label), "nothing is left before it"
    with ws.writing("undo", kind="undo") as tx:
        last = log.last_undoable(tx.connection, ws.actor)
        if last == batch:  # else the same person was quicker at another keyboard
            tx.take_back(batch.number, f"leave {label}")
            tx.begin_batch()
            log.mark_reverted(tx.connection, batch.number)
            last = log.last_undoable(tx.connection, ws.actor)
        if last is not None:
            then = f"the next undo takes back {_plain(last.label)!r}"
    words = f"{error} {label!r} stays; {then}."
    return Conflict(words, error.disagreements) if isinstance(error, Conflict) else Refused(words)


def _hold_series(tx: Transaction, runs: Sequence[Sequence[RecordedChange]]) -> None:
    """A series of what comes round has one open task, whoever changed what in between.

    Raises:
        Refused: it would have two.
    """
    moved = [run[0].id for run in runs if run[0].entity == "task" and any(_opens_or_closes(each) for each in run)]
    if not moved:
        return
    from tracker.services.recurrence import require_one_open  # imported here: hardly a task recurs

    require_one_open(tx, moved)


def _opens_or_closes(change: RecordedChange) -> bool:
    return change.field == "status" or (change.field == WHOLE_ROW and change.old is not None)


def _runs(changes: Sequence[RecordedChange]) -> list[list[RecordedChange]]:
    """Neighbouring changes of one row, which are taken back together: between its steps no rule may be broken.

    Only neighbours: a strategy that became active after it got its channels is a draft again before it loses them.
    """
    return [list(run) for _, run in groupby(changes, key=lambda change: (change.entity, change.id))]


def _revert_run(tx: Transaction, changes: list[RecordedChange]) -> str:
    """Take the changes of one row back; returns the id of what was touched."""
    first, last = changes[0], changes[-1]
    row = tx.get(first.entity, *_key_parts(first.entity, first.id))
    was_made = first.field == WHOLE_ROW and first.old is None
    was_removed = last.field == WHOLE_ROW and last.old is not None
    if was_made and row is not None:
        _remove(tx, first.entity, first.id, row)
    elif was_removed and not was_made:
        row = tx.insert(first.entity, json.loads(str(last.old)))
    elif not was_made:
        _put_back(tx, row, changes)
    return str(row["task"]) if row and first.entity == "comment" else first.id.partition("/")[0]


def _remove(tx: Transaction, table: str, key: str, row: Row) -> None:
    going = log.rows_that_go_along(tx.connection, table, key)
    letting_go = log.rows_that_let_go(tx.connection, table, key)
    for of_row in (log.RowKey(table, (key,)), *going, *(found for found, _ in letting_go)):
        later = log.later_change(tx.connection, of_row.table, of_row.id, tx.reverted, tx.by)
        if later is not None:
            what = "was changed" if of_row.table == table else f"got a {of_row.table.replace('_', ' ')}"
            raise Conflict(f"{key} {what} by {later} since; it is left as it is. Cancel or edit it instead.")
    for child in going:
        tx.delete(child.table, tx.require(child.table, *child.key))
    for other, column in letting_go:
        tx.update(other.table, tx.require(other.table, *other.key), {column: None})
    tx.delete(table, row)


_COUNTERS = frozenset({("strategy", "version")})
"""Fields that count changes: they go back only when nobody counted on."""


def _put_back(tx: Transaction, row: Row | None, changes: list[RecordedChange]) -> None:
    table, key = changes[0].entity, changes[0].id
    if row is None:
        raise Conflict(f"{key} is no longer there, so its change cannot be taken back.")
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for change in changes:
        before.setdefault(change.field, _value(change.old))
        after[change.field] = _value(change.new)
    since = [field for field in before if row[field] not in (after[field], before[field])]
    for field in since:
        if (table, field) in _COUNTERS:
            del before[field]
    clashes = [
        Disagreement(table, key, field, after[field], before[field], row[field]) for field in since if field in before
    ]
    if clashes:
        clash = clashes[0]
        raise Conflict(
            f"{key}: {clash.field.replace('_', ' ')} was changed since, to {clash.theirs!r}; taking the change back "
            f"would make it {clash.ours!r}.",
            clashes,
        )
    if table == "task":
        unlink(tx, row, before)
    tx.update(table, row, before)


def _value(text: str | None) -> object:
    return None if text is None else json.loads(text)


def _key_parts(table: str, key: str) -> list[str]:
    return key.split("/", len(COLUMNS[table].key) - 1)

