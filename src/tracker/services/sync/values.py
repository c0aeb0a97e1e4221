"""What the engine tells its callers: plans, reports, marks and conflicts, as values that a screen can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

Progress = Callable[[int, int | None, str], None]
"""Called with (done, total or None while it is not known, what is being done in a few words)."""
Stop = Callable[[], bool]
"""Asked between two tasks; True ends the run at once, safely."""
Wait = Callable[[float], None]
"""Waits so many seconds."""


class Action(StrEnum):
    """What happens to one task in a run."""

    CREATE = "create"
    """It is made there."""
    ADOPT = "adopt"
    """It is there already and becomes this task's counterpart."""
    PUSH = "push"
    PULL = "pull"
    BOTH = "both"
    """Some fields go there, others come here."""
    CONFLICT = "conflict"
    """Both changed the same field, or a rule here forbids what changed there; a person decides."""
    CHANGED_THERE = "changed_there"
    """It changed there, and the connection takes nothing from there."""
    GONE = "gone"
    """It was deleted there; the task here stays."""
    UNMAPPED_OWNER = "unmapped_owner"
    """Its owner has no counterpart there; the rest is kept the same."""
    ARRIVE = "arrive"
    """A task of others that becomes an arrival."""
    UNLINK = "unlink"
    """It went back to the backlog; the task there is left as it is."""
    COMMENT = "comment"
    """Only messages go there or come here."""
    GOAL = "goal"
    """A key result is made or renewed as a goal."""
    FAIL = "fail"
    """It could not be done; the words say what to do."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that changes on one side, in words a person reads (statuses and people by our names if they have
    any)."""

    field: str
    side: str
    """here or there: where it changes. For a conflict: empty."""
    before: str
    after: str
    """For a conflict, `before` is what stands here and `after` what stands there."""


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """What a run would do with one task."""

    task: str | None
    """None for an arrival."""
    title: str
    action: Action
    fields: tuple[FieldChange, ...] = ()
    words: str = ""
    """What else there is to know."""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a run would do now, in order; making it touched nothing."""

    connection: str
    tasks: tuple[PlannedTask, ...]
    notices: tuple[str, ...] = ()
    """What a person should know before: too many deletions, people without counterpart, statuses without one."""

    def count(self, action: Action) -> int:
        """How many tasks have that action."""
        return sum(each.action is action for each in self.tasks)


@dataclass(frozen=True, slots=True)
class SyncNote:
    """What a run did, or could not do, with one task."""

    task: str | None
    action: str
    words: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How a run ended."""

    run: int
    connection: str
    outcome: str
    """done, stopped (by the person, or because it needs leave) or failed."""
    words: str
    """One line: what was done, or what to do next."""
    counts: dict[str, int] = field(default_factory=dict)
    """How many tasks had each action."""
    notes: tuple[SyncNote, ...] = ()
    """The first of them; all are in `log`."""
    asks_for_deletions: int = 0
    """How many tasks are gone there when the run stopped to ask for leave (`allow_deletions`)."""
    is_forbidden: bool = False
    """Whether it failed as the token, a right or the plan does not allow it."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of the past."""

    number: int
    connection: str
    began_at: str
    ended_at: str | None
    outcome: str | None
    """done, stopped or failed; None while it runs, or when it was cut off."""
    words: str
    notes: tuple[SyncNote, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """How a connection stands, from this database alone."""

    connection: str
    kind: str
    links: dict[str, int]
    """State of links to how many tasks have it."""
    waiting: int
    """Tasks that changed here since the last run, or were never pushed."""
    intents: int
    """Things whose making began and whose end nobody knows; the next run finds out."""
    last_run: RunRow | None


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that both sides changed, in words a person reads."""

    field: str
    base: str
    """What both held when they last agreed; empty when they never did."""
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class TaskConflict:
    """A task with fields that a person must settle; no fields when it is gone there."""

    task: str
    title: str
    connection: str
    state: str
    """conflict, changed_there or gone."""
    fields: tuple[FieldConflict, ...]
    words: str
    """Why, as the last run said it."""
    url: str | None = None
