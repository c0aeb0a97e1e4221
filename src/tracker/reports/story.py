"""What was changed, as sentences: when, who, and what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from tracker.reports.ink import cut, shown
from tracker.storage.rows import ChangeRow

WITH_STATUS = frozenset({"assigned_on", "started_on", "review_on", "done_on", "cancelled_on", "rank"})
"""Fields that change along with the status and tell nothing more."""
LONGEST_VALUE = 60
"""Cells of a value inside a sentence."""


def story_lines(changes: Sequence[ChangeRow], *, of_one: bool, width: int | None) -> Iterator[str]:
    """A line for each thing that was done; `of_one`: all of it was done to the same record."""
    for _, group in groupby(changes, key=lambda change: change.batch):
        batch = list(group)
        first = batch[0]
        before = f"{_minute(first.at)}  {shown(first.by)}  "
        if of_one:
            sentences = list(_sentences(batch))
            prefix = {"undo": "took back: ", "redo": "again: "}.get(first.kind, "")
        else:
            sentences, prefix = [first.label], ""
        for sentence in sentences:
            line = f"{before}{prefix}{shown(sentence)}"
            yield line if width is None else cut(line, width)


def _minute(at: str) -> str:
    """A stamp in UTC as local time to the minute."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return at[:16].replace("T", " ")


def _sentences(batch: Sequence[ChangeRow]) -> Iterator[str]:
    fields = {change.field for change in batch}
    with_status = WITH_STATUS if "status" in fields else frozenset()
    for change in batch:
        if change.field in with_status or (change.field == "blocked_on" and "blocked_reason" in fields):
            continue
        yield sentence(change)


def sentence(change: ChangeRow) -> str:
    """What one change of one field did, in words."""
    old, new = _value(change.old), _value(change.new)
    if change.field == "*":
        return _made_or_removed(change)
    if change.entity == "check_in" and change.field == "supersedes":
        return f"kept the check-in of {new or old} beside it, as it was"
    tell = _TOLD.get(change.field)
    if tell is not None:
        return tell(old, new)
    name = change.field.removesuffix("_on").replace("_", " ")
    if not old:
        return f"set {name} to {new}"
    return f"cleared {name} (was {old})" if not new else f"changed {name} from {old} to {new}"


def _made_or_removed(change: ChangeRow) -> str:
    """A row that came or went; a row that hangs on another has the id `ITS-OWNER/REST`."""
    came = change.old is None
    rest = change.id.partition("/")[2]
    if change.entity == "task_dependency":
        return f"made it wait for {rest}" if came else f"stopped it waiting for {rest}"
    if change.entity == "task_also_serves":
        return f"said that it also serves {rest}" if came else f"said that it no longer serves {rest}"
    if change.entity == "comment":
        return "wrote a message" if came else "took a message away"
    if change.entity == "check_in":
        return f"checked in, {rest}" if came else f"took the check-in of {rest} away"
    what = change.entity.replace("_", " ")
    if came:
        return f"made the {what} {rest or change.id}"
    return f"removed the {what} {rest or change.id}"


def _value(value: object) -> str:
    """A stored value inside a sentence."""
    if value is None:
        return ""
    return cut(shown(str(value)), LONGEST_VALUE)


def _status(old: str, new: str) -> str:
    return f"moved it from {old} to {new}" if old else f"put it into {new}"


def _owner(old: str, new: str) -> str:
    if not new:
        return f"took it from {old}"
    return f"gave it to {new}" + (f" (was {old}'s)" if old else "")


def _blocked(old: str, new: str) -> str:
    return f"blocked it: {new}" if new else f"unblocked it (was: {old})"


def _due(old: str, new: str) -> str:
    if not new:
        return f"took the due date away (was {old})"
    return f"moved the due date from {old} to {new}" if old else f"made it due on {new}"


_TOLD: Mapping[str, Callable[[str, str], str]] = {
    "status": _status,
    "owner": _owner,
    "blocked_reason": _blocked,
    "due_on": _due,
    "title": lambda old, new: f"renamed it from {old!r} to {new!r}",
    "key_result": lambda old, new: f"made it cite {new} instead of {old}",
    "cancel_reason": lambda old, new: f"cancelled it: {new}" if new else f"reopened it (was cancelled: {old})",
    "contribution": lambda old, new: f"said why: {new}" if new else "took the reason away",
}
