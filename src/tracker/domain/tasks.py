"""A task, its states and the changes that are allowed: pure functions from a task to the fields that change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.errors import Refused
from tracker.domain.plaintext import clean_line


class Status(StrEnum):
    """Where a task stands; the first five are the columns of the board, in order."""

    BACKLOG = "backlog"
    ASSIGNED = "assigned"
    DOING = "doing"
    REVIEW = "review"
    DONE = "done"
    CANCELLED = "cancelled"


COLUMNS = (Status.BACKLOG, Status.ASSIGNED, Status.DOING, Status.REVIEW, Status.DONE)
OPEN = frozenset({Status.BACKLOG, Status.ASSIGNED, Status.DOING, Status.REVIEW})
BLOCKABLE = frozenset({Status.ASSIGNED, Status.DOING, Status.REVIEW})
STAGES = ("awareness", "consideration", "decision", "conversion", "enabling")
STAGE_LETTERS = {"awareness": "A", "consideration": "C", "decision": "D", "conversion": "$", "enabling": "."}
MEDIA = ("content", "email", "event", "paid", "social", "web", "seo", "photo", "outreach", "research", "other")
PRIORITIES = ("low", "normal", "high")
KINDS = ("ongoing", "foundational")
SHOWS = ("us", "knowledge", "proof", "offer")


@dataclass(frozen=True, slots=True)
class Task:
    """What the rules need to know of a task."""

    id: str
    title: str
    status: Status
    owner: str | None = None
    created_on: date | None = None
    assigned_on: date | None = None
    started_on: date | None = None
    review_on: date | None = None
    done_on: date | None = None
    blocked_reason: str | None = None
    contribution: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of status and the fields that change with it."""

    from_status: Status
    to_status: Status
    fields: Mapping[str, object]


def move(task: Task, to: Status, *, today: date, actor: str | None, reason: str = "") -> list[Step]:
    """The steps from where `task` stands to `to`, each an allowed change of state.

    Forward moves pass through every state between (doing may go straight to done); backward moves go one step,
    done goes back to review or doing, and a cancelled task returns to the backlog. Whoever starts work that
    nobody owns takes it. Days never run backwards: created, assigned, started, review, done.

    Raises:
        Refused: the states do not allow it, an owner or a reason is missing, or `today` lies before the task was
            started.
    """
    if task.status == to:
        return []
    steps: list[Step] = []
    for target in _path(task, to):
        fields = _ENTERING[target](_Entry(task, target, today, actor, reason))
        steps.append(Step(task.status, target, {"status": target.value, **fields}))
        known = {name: value for name, value in fields.items() if name in _KNOWN}
        task = replace(task, status=target, **known)  # type: ignore[arg-type]
    return steps


_KNOWN = frozenset(Task.__dataclass_fields__)
_CALENDARS_APART = timedelta(days=1)
"""Two people who work at the same moment can be one calendar day apart."""


def _path(task: Task, to: Status) -> Iterator[Status]:
    at = task.status
    if to is Status.CANCELLED:
        if at is Status.DONE:
            raise Refused(f"{task.id} is done; reopen it first (start {task.id}), then cancel it.")
        yield to
    elif at is Status.CANCELLED:
        if to is not Status.BACKLOG:
            raise Refused(f"{task.id} is cancelled; it goes back to the backlog first (move {task.id} to backlog).")
        yield to
    elif COLUMNS.index(to) > COLUMNS.index(at):
        yield from _forward(at, to)
    elif COLUMNS.index(at) - COLUMNS.index(to) == 1 or (at, to) == (Status.DONE, Status.DOING):
        yield to
    else:
        raise Refused(f"{task.id} is in {at}; it goes back one step at a time, and {to} is further than that.")


def _forward(at: Status, to: Status) -> Iterator[Status]:
    while at is not to:
        following = COLUMNS[COLUMNS.index(at) + 1]
        at = to if (at, to) == (Status.DOING, Status.DONE) else following
        yield at


class _Entry(NamedTuple):
    """A task about to enter the state `to`."""

    task: Task
    to: Status
    today: date
    actor: str | None
    reason: str

    @property
    def back(self) -> bool:
        return COLUMNS.index(self.to) < COLUMNS.index(self.task.status)


def _to_backlog(_: _Entry) -> dict[str, object]:
    return {
        "assigned_on": None, "started_on": None, "review_on": None, **_UNBLOCKED,
        "cancel_reason": None, "cancelled_on": None,
    }


def _to_assigned(entry: _Entry) -> dict[str, object]:
    task = entry.task
    owner = task.owner or entry.actor
    if owner is None:
        raise Refused(f"{task.id} has no owner; assign it to somebody (assign {task.id} PERSON).")
    assigned = {"owner": owner, "assigned_on": task.assigned_on or _not_before(entry.today, task.created_on)}
    return {**assigned, "started_on": None, "review_on": None} if entry.back else assigned


def _to_doing(entry: _Entry) -> dict[str, object]:
    task = entry.task
    first_day = task.started_on or _not_before(entry.today, task.created_on, task.assigned_on)
    started: dict[str, object] = {"started_on": first_day}
    return {**started, "review_on": None, "done_on": None} if entry.back else started


def _to_review(entry: _Entry) -> dict[str, object]:
    task = entry.task
    today = _not_before(entry.today, task.started_on)
    return {"review_on": task.review_on or today, "done_on": None} if entry.back else {"review_on": today}


def _to_done(entry: _Entry) -> dict[str, object]:
    task, today = entry.task, entry.today
    if task.started_on is not None and task.started_on - today > _CALENDARS_APART:
        raise Refused(f"{task.id} was started on {task.started_on}; it cannot be done on {today}, before that.")
    return {"done_on": _not_before(today, task.started_on, task.review_on), **_UNBLOCKED}


def _to_cancelled(entry: _Entry) -> dict[str, object]:
    reason = clean_line(entry.reason)
    if not reason:
        raise Refused(f"Cancelling {entry.task.id} needs a reason: say why in a few words.")
    return {"cancel_reason": reason, "cancelled_on": entry.today, **_UNBLOCKED}


_UNBLOCKED: Mapping[str, object] = {"blocked_reason": None, "blocked_on": None}
_ENTERING: Mapping[Status, Callable[[_Entry], dict[str, object]]] = {
    Status.BACKLOG: _to_backlog,
    Status.ASSIGNED: _to_assigned,
    Status.DOING: _to_doing,
    Status.REVIEW: _to_review,
    Status.DONE: _to_done,
    Status.CANCELLED: _to_cancelled,
}


def _not_before(day: date, *earlier: date | None) -> date:
    """`day`, or the latest of the `earlier` days when that lies ahead: imported work, a colleague's calendar."""
    return max((day, *(each for each in earlier if each is not None)))


def block(task: Task, reason: str, *, today: date) -> dict[str, object]:
    """The fields that mark `task` as blocked; an empty reason takes the mark away. A new reason keeps the first day.

    Raises:
        Refused: it is not in a state that can be blocked (assigned, doing, review).
    """
    reason = clean_line(reason)
    if not reason:
        return dict(_UNBLOCKED)
    if task.status not in BLOCKABLE:
        raise Refused(f"{task.id} is in {task.status}; only assigned, doing and review work can be blocked.")
    if task.blocked_reason:
        return {"blocked_reason": reason}
    return {"blocked_reason": reason, "blocked_on": today}


def assign(task: Task, owner: str | None, *, today: date) -> dict[str, object]:
    """The fields that give `task` to `owner`; None takes it away from whoever has it.

    Raises:
        Refused: taking the owner away from work that was started.
    """
    if owner is not None:
        if task.status is Status.BACKLOG:
            return {"owner": owner, "status": Status.ASSIGNED.value, "assigned_on": _not_before(today, task.created_on)}
        return {"owner": owner}
    if task.status in (Status.DOING, Status.REVIEW, Status.DONE):
        raise Refused(f"{task.id} is in {task.status} and needs an owner; give it to somebody else.")
    if task.status is Status.ASSIGNED:
        return {"owner": None, "status": Status.BACKLOG.value, "assigned_on": None, "started_on": None, **_UNBLOCKED}
    return {"owner": None}
