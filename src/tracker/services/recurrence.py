"""Upkeep comes round: when the open task of a series is done, the next one is made in the same change.

A series has one open task at a time. Its rule counts from the due day of its first task, whatever happens to the
later ones, and only knows days: no change of the clocks can move it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tracker.domain.dates import LATEST, show_weekday
from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.recurrence import Rule, anchored, parse_rule
from tracker.domain.tasks import OPEN
from tracker.storage import calendar_rows, strategy_rows, task_rows
from tracker.storage.history import rows_that_go_along, rows_that_let_go
from tracker.storage.writes import Row, Transaction

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_COPIED = (
    "title", "key_result", "contribution", "notes", "stage", "kind", "medium", "channel", "journey_step", "shows",
    "goal_question", "priority", "estimate_low_h", "estimate_high_h", "recurs", "added_mid_cycle",
)  # fmt: skip
_CLOSED = ("done", "cancelled")


# which days


def dates(rule: Rule, first: date, *, near: date | None = None) -> rrule:
    """The days of a rule that counts from `first`, as dateutil reckons them (instants at midnight, without zone).

    Days before `near` may be left out.
    """
    from dateutil.rrule import rrulestr  # imported here: 20 ms, and hardly a task recurs

    start = first if near is None else _skipped(rule, first, near)
    instant = datetime.fromordinal(start.toordinal())  # a day has no zone
    return rrulestr(anchored(rule, first).text, dtstart=instant)  # type: ignore[return-value]  # one rule, so no set


def _skipped(rule: Rule, first: date, near: date) -> date:
    """A day from which the rule goes on as from `first`, as late as can be but not after `near`."""
    period = {"DAILY": 1, "WEEKLY": 7}.get(rule.freq, 0) * rule.interval
    if not period or rule.count is not None or near <= first:
        return first
    return first + timedelta(days=(near - first).days // period * period)


def following(rule: Rule, first: date, after: date) -> date | None:
    """The first day of the rule after `after`; None when the rule has ended."""
    return next(coming(rule, first, after, LATEST), None)


def coming(rule: Rule, first: date, after: date, until: date) -> Iterator[date]:
    """The days of the rule after `after`, `until` included, one by one.

    The first day counts as one of `rule.count` times even where the rule would not name it.
    """
    left = rule.count
    if left is not None and not _begins_with(rule, first):
        left -= 1
    for number, instant in enumerate(dates(rule, first, near=after)):
        day = instant.date()
        if day > until or (left is not None and number >= left):
            return
        if day > after:
            yield day


def _begins_with(rule: Rule, first: date) -> bool:
    begun = next(iter(dates(rule, first)), None)
    return begun is not None and begun.date() == first


def first_day(row: Row, first: Row | None) -> date:
    """The day that a task's rule counts from: the due day of the first task of its series, else when it was made."""
    begun = first or row
    return date.fromisoformat(str(begun["due_on"] or row["due_on"] or begun["created_on"]))


# what follows from a change


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of a change of status for the series of a task."""

    made: Row | None = None
    """The next task."""
    notice: str = ""


def follow(tx: Transaction, row: Row, was: str, today: date) -> Followed:
    """What a change of status means for the series: `was` is the status before it.

    Done, it makes the next task. Reopened, the next one that nobody touched is withdrawn. Cancelled, the series ends.

    Raises:
        Refused: a reopened task's successor is in work already.
    """
    now = str(row["status"])
    if was in _CLOSED and now in OPEN:
        return Followed(notice=_withdraw_other(tx, row))
    if row["recurs"] is None or was == now:
        return Followed()
    if now == "done":
        return _make_next(tx, row, today)
    if now == "cancelled" and was in OPEN and _other_open(tx, row) is None:
        return Followed(notice=f"{row['id']} repeats no more: cancelling ends its series")
    return Followed()


def begin_series(tx: Transaction, row: Row) -> None:
    """A task that recurs is the first of its series until a rule of another one made it."""
    if row["recurs"] is not None and row["series"] is None:
        tx.update("task", row, {"series": row["id"]})


def require_one_open(tx: Transaction, tasks: Iterable[str]) -> None:
    """Hold that no series of these tasks has two open ones, after changes that no rule of the states looked at.

    Raises:
        Refused: one has.
    """
    for task in tasks:
        row = tx.get("task", task) if task.startswith("T-") else None
        if row is not None and row["series"] is not None and row["status"] in OPEN:
            other = _other_open(tx, row)
            if other is not None:
                raise Refused(f"{task} repeats, and {other} is open in its series already; nothing was changed. "
                              f"Finish or cancel {other} first.")


def _make_next(tx: Transaction, row: Row, today: date) -> Followed:
    task = row["id"]
    if _other_open(tx, row) is not None:
        return Followed()
    key_result = tx.require("key_result", row["key_result"])
    if key_result["status"] not in ("draft", "active"):
        return Followed(notice=f"{task} repeats no more: {key_result['id']} {key_result['title']} is "
                               f"{key_result['status']}; cite an open key result in a new task")
    begin_series(tx, row)
    due = _next_day(tx, row, today)
    if due is None:
        return Followed(notice=f"{task} was the last of its series")
    new, notice = _insert_next(tx, row, due, today)
    return Followed(new, f"{new['id']} comes next, due {show_weekday(due, today)}{notice}")


def _next_day(tx: Transaction, row: Row, today: date) -> date | None:
    try:
        rule = parse_rule(str(row["recurs"]), today)
    except WrongUsage:
        return None  # imported before rules were checked
    begun = first_day(row, tx.get("task", row["series"]))
    return following(rule, begun, max(today, _day(row["due_on"]) or today))


def _insert_next(tx: Transaction, row: Row, due: date, today: date) -> tuple[Row, str]:
    """The next task, and what keeps it from its owner in words."""
    number = strategy_rows.next_task_number(tx.connection)
    values: Row = {name: row[name] for name in _COPIED}
    values.update(
        number=number, id=f"T-{number:03d}", created_on=today.isoformat(), due_on=due.isoformat(),
        publish_on=_moved_along(row, due), series=row["series"], status="backlog",
    )  # fmt: skip
    owner = tx.get("person", row["owner"]) if row["owner"] is not None else None
    notice = ""
    if owner is not None and not owner["active"]:
        notice = f", without an owner: {owner['id']} is no longer here"
    elif owner is not None and not row["contribution"] and task_rows.contribution_required(tx.connection):
        notice = ", in the backlog: it needs its contribution before it is assigned"
    elif owner is not None:
        values.update(owner=owner["id"], status="assigned", assigned_on=today.isoformat())
    new = tx.insert("task", values)
    for place, key_result in enumerate(calendar_rows.also_served(tx.connection, str(row["id"]))):
        tx.insert("task_also_serves", {"task": new["id"], "key_result": key_result, "position": place})
    return tx.require("task", new["id"]), notice


def _moved_along(row: Row, due: date) -> str | None:
    """The publish day as far from the new due day as the old one was from the old."""
    old_due, old_publish = _day(row["due_on"]), _day(row["publish_on"])
    if old_publish is None:
        return None
    distance = old_publish - old_due if old_due is not None else timedelta(0)
    return (min(due + distance, LATEST) if distance.days <= (LATEST - due).days else LATEST).isoformat()


def _other_open(tx: Transaction, row: Row) -> str | None:
    return calendar_rows.open_of_series(tx.connection, str(row["series"]), str(row["id"])) if row["series"] else None


def _withdraw_other(tx: Transaction, row: Row) -> str:
    """Take the task away that was made when this one was done, so that the series has one open task."""
    other = _other_open(tx, row)
    if other is None:
        return ""
    next_one = tx.require("task", other)
    if next_one["status"] not in ("backlog", "assigned") or calendar_rows.was_touched(tx.connection, other) \
            or _holds_anything(tx, next_one):
        raise Refused(f"{row['id']} repeats, and {other} came after it and is worked with already; a series has one "
                      f"open task. Cancel {other} or finish it first.")
    for child in rows_that_go_along(tx.connection, "task", other):
        tx.delete(child.table, tx.require(child.table, *child.key))
    tx.delete("task", next_one)
    return f"{other}, which was to come next, is withdrawn"


def _holds_anything(tx: Transaction, row: Row) -> bool:
    """Whether something hangs on a task that was not there when it was made."""
    task = str(row["id"])
    along = [child for child in rows_that_go_along(tx.connection, "task", task) if child.table != "task_also_serves"]
    return bool(along or rows_that_let_go(tx.connection, "task", task))


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
