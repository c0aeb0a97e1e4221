"""Makes a row of a table a task that the rules accept: a status and the days that go with it.

What a table leaves out is filled in only where that is harmless, and it is said. A day on which work was finished is
never made up: throughput and forecast rest on it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tracker.domain.tasks import BLOCKABLE, Status
from tracker.services.transfer.csv_cells import CellError

Fields = dict[str, object]
Notice = Callable[[str], None]

_UNFINISHED = (Status.DOING.value, Status.REVIEW.value)
_OWNED = (Status.ASSIGNED.value, *_UNFINISHED, Status.DONE.value)


def settle(fields: Fields, today: date, source: str, notice: Notice) -> None:
    """Fill in what follows from the rest of a row, in place.

    Raises:
        CellError: the row contradicts itself or leaves out what cannot be filled in.
    """
    now = today.isoformat()
    status = fields["status"] = _status(fields)
    fields.setdefault("created_on", min([now, *_days(fields, "assigned_on", "started_on", "done_on")]))
    if status in _OWNED and not fields.get("owner"):
        raise CellError(f"is {status} and has no owner; name one or make it backlog")
    if status == Status.DONE:
        _settle_done(fields, notice)
    elif status in _UNFINISHED and not fields.get("started_on"):
        fields["started_on"] = now
        notice("rows in progress that do not say since when, and count as started today: {n}")
    if status in _OWNED:
        fields.setdefault("assigned_on", min([now, *_days(fields, "started_on", "done_on")]))
    if status == Status.CANCELLED:
        fields.setdefault("cancel_reason", f"cancelled in {source}")
        fields.setdefault("cancelled_on", now)
    _drop_what_does_not_apply(fields, notice)


def _status(fields: Fields) -> str:
    said = fields.get("status")
    if said not in (None, "todo"):
        return str(said)
    if said is None and fields.get("done_on"):
        return Status.DONE.value
    if said is None and fields.get("cancel_reason"):
        return Status.CANCELLED.value
    return Status.ASSIGNED.value if fields.get("owner") else Status.BACKLOG.value


def _settle_done(fields: Fields, notice: Notice) -> None:
    if not fields.get("done_on"):
        raise CellError("is done and has no day it was done on; add a column 'done on'")
    if not fields.get("started_on"):
        fields["started_on"] = fields["done_on"]
        notice("done rows that do not say when they were started, and count as done within a day: {n}")


def _drop_what_does_not_apply(fields: Fields, notice: Notice) -> None:
    if fields.get("blocked_reason") and fields["status"] not in BLOCKABLE:
        del fields["blocked_reason"]
        notice("blocked rows that are neither assigned, doing nor review, whose mark was left out: {n}")
    if not fields.get("blocked_reason"):
        fields.pop("blocked_on", None)
    for name, status in (("done_on", Status.DONE), ("cancelled_on", Status.CANCELLED)):
        if fields["status"] != status and fields.pop(name, None):
            notice(f"rows with a day in {name.replace('_', ' ')} that are not {status}, whose day was left out: {{n}}")


def _days(fields: Fields, *names: str) -> list[str]:
    return [str(fields[name]) for name in names if fields.get(name)]
