"""Undo and redo: the last change of the person who acts is taken back by a change of its own; history only grows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tracker.domain.errors import Conflict, Disagreement, Refused
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage import history as log
from tracker.storage.columns import COLUMNS
from tracker.storage.rows import ChangeRow
from tracker.storage.writes import WHOLE_ROW, RecordedChange, Transaction, recorded_changes


def undo(ws: Workspace) -> Outcome:
    """Take back the last change of the person who acts; a bulk edit or an import is one change.

    Raises:
        Refused: there is nothing to undo.
        Conflict: somebody changed the same field since; both versions are shown and nothing is changed.
    """
    with ws.store.reading() as connection:
        found = log.last_undoable(connection, ws.actor)
    if found is None:
        raise Refused(f"There is nothing of {ws.actor}'s to undo.")
    return _revert(ws, found, "undo")


def redo(ws: Workspace) -> Outcome:
    """Bring back what was undone last, as long as nothing was changed after it.

    Raises:
        Refused: there is nothing to redo.
        Conflict: somebody changed the same field since.
    """
    with ws.store.reading() as connection:
        found = log.last_redoable(connection, ws.actor)
    if found is None:
        raise Refused(f"There is nothing of {ws.actor}'s to redo.")
    return _revert(ws, found, "redo")


def history(ws: Workspace, entity_id: str | None = None, *, limit: int = 200) -> tuple[ChangeRow, ...]:
    """The newest changes, oldest of them first: of one task (with its comments and dependencies), or of all."""
    with ws.store.snapshot() as connection:
        return log.changes(connection, entity_id, limit)


def _revert(ws: Workspace, batch: log.Batch, kind: str) -> Outcome:
    label = batch.label.removeprefix("undo ").removeprefix("redo ")
    with ws.writing(f"{kind} {label}", kind=kind, reverts=batch.number) as tx:
        log.mark_reverted(tx.connection, batch.number)
        tx.begin_batch()
        touched = []
        for table, key, changes in reversed(_by_row(recorded_changes(tx.connection, batch.number))):
            _revert_row(tx, table, key, changes)
            touched.append(key.partition("/")[0])
    done = "undone" if kind == "undo" else "redone"
    return Outcome(tx.batch, f"{done}: {label}", tuple(dict.fromkeys(reversed(touched))))


def _by_row(changes: Sequence[RecordedChange]) -> list[tuple[str, str, list[RecordedChange]]]:
    """The changes grouped by the row they touch, rows in the order they were touched first."""
    grouped: dict[tuple[str, str], list[RecordedChange]] = {}
    for change in changes:
        grouped.setdefault((change.entity, change.id), []).append(change)
    return [(table, key, found) for (table, key), found in grouped.items()]


def _revert_row(tx: Transaction, table: str, key: str, changes: list[RecordedChange]) -> None:
    first, last = changes[0], changes[-1]
    was_made = first.field == WHOLE_ROW and first.old is None
    was_removed = last.field == WHOLE_ROW and last.old is not None
    if was_made and was_removed:
        return
    if was_made:
        _remove(tx, table, key)
    elif was_removed:
        tx.insert(table, json.loads(str(last.old)))
    else:
        _put_back(tx, table, key, changes)


def _remove(tx: Transaction, table: str, key: str) -> None:
    row = tx.get(table, *_key_parts(table, key))
    if row is None:
        return  # it went with the row it belongs to
    later = log.later_change(tx.connection, table, key, tx.reverted, tx.by)
    if later is not None:
        raise Conflict(f"{key} was changed by {later} since; it is left as it is. Cancel or edit it instead.")
    for child in log.rows_that_go_along(tx.connection, table, key):
        tx.delete(child.table, tx.require(child.table, *child.key))
    tx.delete(table, row)


def _put_back(tx: Transaction, table: str, key: str, changes: list[RecordedChange]) -> None:
    row = tx.get(table, *_key_parts(table, key))
    if row is None:
        raise Conflict(f"{key} is no longer there, so its change cannot be taken back.")
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for change in changes:
        before.setdefault(change.field, _value(change.old))
        after[change.field] = _value(change.new)
    since = [
        Disagreement(table, key, field, after[field], before[field], row[field])
        for field in before
        if row[field] != after[field] and row[field] != before[field]
    ]
    if since:
        clash = since[0]
        raise Conflict(
            f"{key}: {clash.field.replace('_', ' ')} was changed since, to {clash.theirs!r}; taking the change back "
            f"would make it {clash.ours!r}. Nothing was changed; set it by hand if you want that.",
            since,
        )
    tx.update(table, row, before)


def _value(text: str | None) -> object:
    return None if text is None else json.loads(text)


def _key_parts(table: str, key: str) -> list[str]:
    return key.split("/", len(COLUMNS[table].key) - 1)

