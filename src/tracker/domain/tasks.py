"""A task, its states and the changes that are allowed: pure functions from a task to the fields that change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.domain.errors import Refused


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
    nobody owns takes it.

    Raises:
        Refused: the states do not allow it, an owner is missing, or `today` lies before the task was started.
    """
    if task.status == to:
        return []
    steps: list[Step] = []
    for target in _path(task, to):
        fields = _entering(task, target, today=today, actor=actor, reason=reason)
        steps.append(Step(task.status, target, fields))
        task = replace(task, status=target, **{k: v for k, v in fields.items() if k in _KNOWN})  # type: ignore[arg-type]
    return steps


_KNOWN = frozenset(Task.__dataclass_fields__)


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


def _entering(task: Task, to: Status, *, today: date, actor: str | None, reason: str) -> dict[str, object]:
    going_back = task.status is Status.CANCELLED or (
        to in COLUMNS and COLUMNS.index(to) < COLUMNS.index(task.status)
    )
    enter = {
        Status.BACKLOG: _to_backlog,
        Status.ASSIGNED: _to_assigned,
        Status.DOING: _to_doing,
        Status.REVIEW: _to_review,
        Status.DONE: _to_done,
        Status.CANCELLED: _to_cancelled,
    }[to]
    return {"status": to.value, **enter(task, today, actor, reason, going_back)}


def _to_backlog(task: Task, today: date, actor: str | None, reason: str, back: bool) -> dict[str, object]:
    return {
        "assigned_on": None, "started_on": None, "review_on": None, "blocked_reason": None, "blocked_on": None,
        "cancel_reason": None, "cancelled_on": None,
    }


def _to_assigned(task: Task, today: date, actor: str | None, reason: str, back: bool) -> dict[str, object]:
    owner = task.owner or actor
    if owner is None:
        raise Refused(f"{task.id} has no owner; assign it to somebody (assign {task.id} PERSON).")
    fields: dict[str, object] = {"owner": owner, "assigned_on": task.assigned_on or today}
    if back:
        fields["started_on"] = None
    return fields


def _to_doing(task: Task, today: date, actor: str | None, reason: str, back: bool) -> dict[str, object]:
    fields: dict[str, object] = {"started_on": task.started_on or today}
    if back:
        fields.update(review_on=None, done_on=None)
    return fields


def _to_review(task: Task, today: date, actor: str | None, reason: str, back: bool) -> dict[str, object]:
    return {"done_on": None, "review_on": task.review_on or today} if back else {"review_on": today}


def _to_done(task: Task, today: date, actor: str | None, reason: str, back: bool) -> dict[str, object]:
    if task.started_on is not None and today < task.started_on:
        raise Refused(f"{task.id} was started on {task.started_on}; it cannot be done on {today}, before that.")
    return {"done_on": today, "blocked_reason": None, "blocked_on": None}


def _to_cancelled(task: Task, today: date, actor: str | None, reason: str, back: bool) -> dict[str, object]:
    if not reason.strip():
        raise Refused(f"Cancelling {task.id} needs a reason: say why in a few words.")
    return {"cancel_reason": reason.strip(), "cancelled_on": today, "blocked_reason": None, "blocked_on": None}


def block(task: Task, reason: str, *, today: date) -> dict[str, object]:
    """The fields that mark `task` as blocked; an empty reason takes the mark away.

    Raises:
        Refused: it is not in a state that can be blocked (assigned, doing, review).
    """
    if not reason.strip():
        return {"blocked_reason": None, "blocked_on": None}
    if task.status not in BLOCKABLE:
        raise Refused(f"{task.id} is in {task.status}; only assigned, doing and review work can be blocked.")
    return {"blocked_reason": reason.strip(), "blocked_on": today}


def assign(task: Task, owner: str | None, *, today: date) -> dict[str, object]:
    """The fields that give `task` to `owner`; None takes it away from whoever has it.

    Raises:
        Refused: taking the owner away from work that was started.
    """
    if owner is not None:
        if task.status is Status.BACKLOG:
            return {"owner": owner, "status": Status.ASSIGNED.value, "assigned_on": today}
        return {"owner": owner}
    if task.status in (Status.DOING, Status.REVIEW, Status.DONE):
        raise Refused(f"{task.id} is in {task.status} and needs an owner; give it to somebody else.")
    if task.status is Status.ASSIGNED:
        return {"owner": None, "status": Status.BACKLOG.value, "assigned_on": None,
                "blocked_reason": None, "blocked_on": None}
    return {"owner": None}
