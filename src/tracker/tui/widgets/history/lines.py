"""What was changed, laid out: one heading for all that was done at once, a line for each field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from tracker.reports.story import sentence
from tracker.storage.rows import ChangeRow
from tracker.tui.cells import clean
from tracker.tui.widgets.text_view import Row, wrapped

WITH_STATUS = frozenset({"assigned_on", "started_on", "review_on", "done_on", "cancelled_on", "rank", "blocked_on"})
"""Fields whose changes a change of status or block brings along."""
MOST_LINES = 6
"""Fields of one change that are told; an import has thousands."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one person did in one go."""

    key: str
    changes: tuple[ChangeRow, ...]

    @property
    def task(self) -> str | None:
        """The one task it changed, None when it changed none or several."""
        found = {change.id for change in self.changes if change.entity == "task"}
        return found.pop() if len(found) == 1 else None


def batches_of(changes: Iterable[ChangeRow]) -> list[Batch]:
    """The changes by what was done at once, newest first."""
    grouped = [Batch(str(key), tuple(group)) for key, group in groupby(changes, key=lambda change: change.batch)]
    return grouped[::-1]


def history_rows(batches: Sequence[Batch], width: int) -> list[Row]:
    """Each batch with its fields; the cursor goes from batch to batch."""
    rows: list[Row] = [Row()]
    for batch in batches:
        first = batch.changes[0]
        head = ((f" {minute(first.at)}  ", "faint"), (f"{clean(first.by)}  ", "accent"), (clean(first.label), "text"))
        rows.append(Row(head, batch.key))
        shown = told(batch.changes)
        for change in shown[:MOST_LINES]:
            rows += wrapped(f"{change.id}: {sentence(change)}", width, indent=3, role="muted", key=batch.key)
        if len(shown) > MOST_LINES:
            rows.append(Row(((f"   and {len(shown) - MOST_LINES:,} more", "faint"),), batch.key))
    return rows if batches else [Row(), Row(((" nothing was changed yet", "faint"),))]


def told(changes: Iterable[ChangeRow]) -> list[ChangeRow]:
    """The changes without those that another one of the same batch brought along."""
    found = list(changes)
    leading = {change.batch for change in found if change.field in ("status", "blocked_reason")}
    return [change for change in found if change.field not in WITH_STATUS or change.batch not in leading]


def minute(at: str, *, local: bool = False) -> str:
    """A stamp to the minute; stamps of changes are in UTC and shown in local time."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return clean(at)[:16]
    if not local:
        moment = moment.astimezone()
    return f"{moment.day:02} {moment:%b %H:%M}"
