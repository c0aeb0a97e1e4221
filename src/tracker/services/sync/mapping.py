"""What a task's values are called there, and what theirs are called here; pure but for what the connection says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.domain.errors import Refused
from tracker.domain.merge import FieldPlan, Policy, Step, merge
from tracker.domain.plaintext import clean_line, clean_text
from tracker.domain.remote import FIELDS, Capabilities
from tracker.domain.tasks import COLUMNS, Status
from tracker.services.sync.connections import SyncConnection
from tracker.storage.sync_rows import LocalTask, Pairs

BELOW = "-- below this line tracker writes --"
"""What people write in a description stands above this line; what stands below comes from the plan here."""
UNSEEN = False
"""Half of a base that nothing equals: that side counts as changed."""
DATES = frozenset({"start_on", "due_on"})
_TAKEN_STATUSES = (Status.ASSIGNED, Status.DOING, Status.REVIEW, Status.DONE, Status.CANCELLED)


class Unmapped(Exception):
    """A value there means nothing here; the message is the rest of a sentence that begins with the task."""


class Translator:
    """Translates for one connection."""

    def __init__(self, kept: SyncConnection, capabilities: Capabilities) -> None:
        self._kept = kept
        self._chosen = kept.settings
        self._can = capabilities
        self.reads_comments = kept.takes and kept.settings.sends_comments and capabilities.can_comment
        """Whether messages from there are taken."""
        self._people_here = {there: here for here, there in kept.settings.people.items()}

    # our side

    def ours(self, task: LocalTask) -> dict[str, object]:
        """What is kept the same, as it stands here; what the remote cannot hold or has no word for is left out.

        Somebody without a counterpart there is nobody there.
        """
        values: dict[str, object] = {
            "title": task.title, "description": describe(self._kept, task), "status": task.status,
            "owner": task.owner if self.knows_owner(task) else None,
            "start_on": _start(task), "due_on": task.due_on, "priority": task.priority,
        }  # fmt: skip
        left_out = {name for name in FIELDS if name not in self._can.fields}
        if self._status_there(task.status) is None:
            left_out.add("status")
        return {name: values[name] for name in FIELDS if name not in left_out}

    def knows_owner(self, task: LocalTask) -> bool:
        """Whether the task's owner has a counterpart there; nobody has."""
        return task.owner is None or task.owner in self._chosen.people

    def _status_there(self, status: str) -> str | None:
        there = self._chosen.statuses.get(status)
        if there is None and status == Status.CANCELLED:
            return self._chosen.statuses.get(Status.DONE)
        return there

    def sent(self, field: str, value: object) -> object:
        """Our value as the remote calls it."""
        if field == "status":
            return self._status_there(str(value))
        if field == "owner":
            return self._chosen.people.get(str(value))
        return value

    # both sides

    def same(self, field: str, ours: object, theirs: object) -> bool:
        """Whether both mean the same."""
        if field in ("title", "description"):
            return _plain(field, ours) == _plain(field, theirs)
        if field == "priority":
            return ours == (theirs or "normal")
        return self.sent(field, ours) == theirs

    def plan(self, task: LocalTask, base: Pairs, theirs: Mapping[str, object]) -> tuple[FieldPlan, ...]:
        """What has to happen to each field, as the connection's policy says."""
        policy = Policy(self._chosen.policy)
        if not self._kept.takes and policy is Policy.THEIRS:
            policy = Policy.ASK
        merged = merge(base, self.ours(task), theirs, self.same)
        return _days_that_fit([self._settled(each, policy) for each in merged])

    def _settled(self, plan: FieldPlan, policy: Policy) -> FieldPlan:
        step = plan.step
        if step is Step.CLASH and plan.field == "description":
            step = _description_step(plan)
        if self._can.computes_dates and plan.field in DATES and step in (Step.PUSH, Step.CLASH):
            # its scheduler decides: ours stays here
            step = Step.PULL if step is Step.CLASH else Step.NOTHING
        if step is Step.CLASH:
            step = {Policy.ASK: Step.CLASH, Policy.OURS: Step.PUSH, Policy.THEIRS: Step.PULL}[policy]
        return replace(plan, step=step)

    def sendable(self, ours: Mapping[str, object]) -> dict[str, object]:
        """All of ours as it is sent with a create."""
        return {
            name: self.sent(name, value)
            for name, value in ours.items()
            if not (self._can.computes_dates and name in DATES)
        }

    # their side

    def taken(self, field: str, theirs: object, task: LocalTask) -> dict[str, object]:
        """Their value as fields of our task; empty when it has nothing to say here.

        Raises:
            Unmapped: it means nothing here.
        """
        if field == "description":
            return {"notes": _above(str(theirs or ""))}
        if field == "status":
            return {"status": self._status_here(theirs, task)}
        if field == "owner":
            return {"owner": self._person_here(theirs)}
        if field == "start_on":
            return _started(theirs, task)
        if field == "priority":
            return {"priority": theirs or "normal"}
        return {field: theirs}

    def _status_here(self, theirs: object, task: LocalTask) -> str:
        if self._status_there(task.status) == theirs:
            return task.status
        for status in _TAKEN_STATUSES:
            if theirs is not None and self._chosen.statuses.get(status) == theirs:
                return status.value
        raise Unmapped(f"has the status {self.shown('status', theirs)!r} there, which none of ours is mapped to")

    def _person_here(self, theirs: object) -> str | None:
        if theirs is None:
            return None
        if str(theirs) not in self._people_here:
            raise Unmapped(f"belongs there to {self.shown('owner', theirs)}, whom nobody here is matched with")
        return self._people_here[str(theirs)]

    def person_here(self, theirs: str | None) -> str | None:
        """Who somebody there is here; None when it is nobody."""
        return self._people_here.get(theirs or "")

    def shown(self, field: str, theirs: object) -> str:
        """Their value as a person reads it."""
        if theirs is None or theirs is UNSEEN or theirs == "":
            return "nobody" if field == "owner" else ""
        if field == "owner" and str(theirs) in self._people_here:
            return self._people_here[str(theirs)]
        if field == "status":
            ours = [status for status, there in self._chosen.statuses.items() if there == theirs]
            if str(theirs) not in self._chosen.names and ours:
                return " or ".join(ours)
        return self._chosen.names.get(str(theirs), str(theirs))

    def text_of_key_result(self, task: LocalTask) -> str:
        """The key result in words."""
        return f"{task.key_result} {task.key_result_title}"


def describe(kept: SyncConnection, task: LocalTask) -> str:
    """The description there: the notes, and under a line what the plan here says."""
    lines = [BELOW]
    if task.status == Status.CANCELLED and task.cancel_reason:
        lines.append(f"Cancelled: {task.cancel_reason}")
    if task.contribution:
        lines.append(f"Why: {task.contribution}")
    lines += [
        f"Key result: {task.key_result} {task.key_result_title}",
        f"Objective: {task.objective_title}",
        f"In tracker: {task.id}",
    ]
    return "\n".join(([task.notes, ""] if task.notes else []) + lines)


def _days_that_fit(plan: Sequence[FieldPlan]) -> tuple[FieldPlan, ...]:
    """A due day that is sent and comes before the start there takes ours along, as remotes refuse it alone."""
    due = next((each for each in plan if each.field == "due_on" and each.step is Step.PUSH), None)
    return tuple(
        replace(each, step=Step.PUSH)
        if each.field == "start_on" and due is not None and _is_before(due.ours, each.theirs)
        else each
        for each in plan
    )


def _is_before(due: object, start: object) -> bool:
    """Whether a task with that due day cannot start on that day."""
    return start is not None and (due is None or str(due) < str(start))


def _above(description: str) -> str:
    """What people wrote."""
    return clean_text(description.partition(BELOW)[0]).rstrip()


def _description_step(plan: FieldPlan) -> Step:
    """Notes and plan are one field there: where one side changed only the one and the other the other, both win."""
    if plan.base is None or not isinstance(plan.base[0], str) or not isinstance(plan.base[1], str):
        return Step.CLASH
    try:
        ours, theirs = _above(str(plan.ours)), _above(str(plan.theirs or ""))
        if ours == _above(plan.base[0]):
            return Step.PULL if theirs != ours else Step.PUSH
        return Step.PUSH if theirs == _above(plan.base[1]) else Step.CLASH
    except Refused:
        return Step.CLASH


def _plain(field: str, value: object) -> object:
    try:
        text = str(value or "")
        return clean_line(text) if field == "title" else clean_text(text)
    except Refused:
        return value


def _start(task: LocalTask) -> str | None:
    """The day the work began; only with a due day after it, as remotes want it."""
    if task.started_on is None or task.due_on is None or task.started_on > task.due_on:
        return None
    return task.started_on


def _started(theirs: object, task: LocalTask) -> dict[str, object]:
    """A day of beginning is taken for work that was begun; a day that was only planned stays there."""
    if task.started_on is None or theirs is None:
        return {}
    ends = task.review_on or task.done_on
    if (task.assigned_on or "") <= str(theirs) and (ends is None or str(theirs) <= ends):
        return {"started_on": theirs}
    return {}


def way(at: str, to: str) -> list[str]:
    """The moves from a status to another, each one allowed: what a person there did in one step."""
    here, there = Status(at), Status(to)
    moves: list[Status] = []
    if here is Status.CANCELLED:
        moves = [Status.BACKLOG]
    elif there is Status.CANCELLED:
        moves = [Status.DOING] if here is Status.DONE else []
    else:
        between = list(reversed(COLUMNS[COLUMNS.index(there) + 1 : COLUMNS.index(here)]))
        # done goes back to doing at once
        moves = [each for each in between if not (each is Status.REVIEW and here is Status.DONE)]
    return [each.value for each in (*moves, there) if each is not here]
