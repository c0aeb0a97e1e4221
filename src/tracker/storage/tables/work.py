"""The work: tasks, what hangs on them, and the counts that triggers keep."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Index,
    Integer,
    Numeric,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from tracker.storage.tables.kinds import OPEN, OWNED, STARTED, flag, one_of, partial, real_dates, references


class Task(SQLModel, table=True):
    """One piece of work: it cites exactly one key result and says how it moves it."""

    __tablename__: ClassVar[str] = "task"
    __table_args__ = (
        references("key_result", "key_result"),
        references("owner", "person"),
        references("channel", "channel"),
        UniqueConstraint("id", name="task_id"),
        CheckConstraint("number > 0", name="number_is_positive"),
        CheckConstraint("length(trim(title)) > 0", name="task_has_a_title"),
        one_of("status", f"{OPEN},'done','cancelled'"),
        one_of("kind", "'ongoing','foundational'"),
        one_of("priority", "'low','normal','high'"),
        CheckConstraint("shows IS NULL OR shows IN ('us','knowledge','proof','offer')", name="shows_is_known"),
        CheckConstraint(f"status NOT IN ({OWNED}) OR (owner IS NOT NULL AND assigned_on IS NOT NULL)",
                        name="assigned_has_an_owner"),
        CheckConstraint(f"status NOT IN ({STARTED}) OR started_on IS NOT NULL", name="started_has_a_day"),
        CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name="done_has_a_day"),
        CheckConstraint("(status = 'cancelled') = (length(trim(coalesce(cancel_reason,''))) > 0)",
                        name="cancelled_says_why"),
        CheckConstraint("cancel_reason IS NULL OR status = 'cancelled'", name="only_cancelled_has_a_cancel_reason"),
        CheckConstraint("estimate_low_h <= estimate_high_h", name="estimate_is_in_order"),
        CheckConstraint("estimate_low_h >= 0 AND estimate_high_h >= 0", name="estimate_is_not_negative"),
        CheckConstraint("cost_minor >= 0", name="cost_is_not_negative"),
        CheckConstraint("done_on >= started_on", name="done_after_it_started"),
        CheckConstraint("recurs IS NULL OR kind = 'foundational'", name="only_foundational_work_recurs"),
        CheckConstraint("blocked_reason IS NULL OR (length(trim(blocked_reason)) > 0 "
                        "AND status IN ('assigned','doing','review'))",
                        name="only_assigned_work_is_blocked"),
        *flag("added_mid_cycle"),
        *real_dates("created_on", "assigned_on", "started_on", "review_on", "done_on", "due_on", "publish_on",
                     "cancelled_on", "blocked_on"),
        # What the board, triage and lists read: one index for each way of narrowing a column, in drawing order.
        Index("task_board", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_key_result", "key_result", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_owner", "owner", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_stage", "stage", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_channel", "channel", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_medium", "medium", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_due", "status", "due_order", "number"),
        partial("task_blocked", "blocked_reason IS NOT NULL", "status", "due_order", "number"),
        Index("task_done", "status", "done_on", "number"),
        Index("task_done_key_result", "key_result", "status", "done_on", "number"),
        Index("task_done_owner", "owner", "status", "done_on", "number"),
        Index("task_done_stage", "stage", "status", "done_on", "number"),
        Index("task_done_channel", "channel", "status", "done_on", "number"),
        Index("task_done_medium", "medium", "status", "done_on", "number"),
        Index("task_due", "is_open", "due_order", "number"),
        # with the estimates, so that the load of two weeks is summed on the index alone
        Index("task_due_owner", "owner", "is_open", "due_order", "number", "estimate_low_h", "estimate_high_h"),
        Index("task_needs", "is_open", "needs", "due_order", "number"),
        # what calendar, flow, plan back and audit read; each holds only the few tasks it is about
        partial("task_ageing", "status IN ('doing','review')", "status", "started_on", "number"),
        partial("task_publish", "publish_on IS NOT NULL", "publish_on", "number"),
        partial("task_step", "journey_step IS NOT NULL", "key_result", "journey_step", "number"),
        partial("task_series", "series IS NOT NULL", "series", "number"),
        partial("task_wordless", "contribution = '' AND status IN ('assigned','doing','review')", "number"),
        {"sqlite_autoincrement": True},
    )
    number: int | None = Field(default=None, primary_key=True)
    id: str
    title: str
    key_result: str
    contribution: str = ""
    notes: str = ""
    stage: str = "enabling"
    kind: str = "ongoing"
    medium: str = "other"
    channel: str | None = None
    journey_step: int | None = None
    shows: str | None = None
    goal_question: str | None = None
    owner: str | None = None
    status: str = "backlog"
    priority: str = "normal"
    rank: int = 0
    created_on: date
    assigned_on: date | None = None
    started_on: date | None = None
    review_on: date | None = None
    done_on: date | None = None
    due_on: date | None = None
    publish_on: date | None = None
    estimate_low_h: Decimal | None = Field(default=None, sa_column=Column(Numeric(asdecimal=False)))
    estimate_high_h: Decimal | None = Field(default=None, sa_column=Column(Numeric(asdecimal=False)))
    cost_minor: int = Field(default=0, sa_type=BigInteger)
    blocked_reason: str | None = None
    blocked_on: date | None = None
    cancel_reason: str | None = None
    cancelled_on: date | None = None
    recurs: str | None = None
    learned: str | None = None
    added_mid_cycle: int = 0
    series: str | None = None
    """Id of the first task of a series of recurring ones."""
    waits: int = 0
    """How many open tasks this one waits for; kept by triggers."""
    messages: int = 0
    """How many comments it has; kept by triggers."""
    due_order: date | None = Field(
        default=None, sa_column=Column(Date, Computed("coalesce(due_on, '9999-12-31')", persisted=True))
    )
    """The due date with undated work last."""
    is_open: int | None = Field(
        default=None,
        sa_column=Column(Integer, Computed(f"CASE WHEN status IN ({OPEN}) THEN 1 ELSE 0 END", persisted=True)),
    )
    needs: int | None = Field(
        default=None,
        sa_column=Column(
            Integer,
            Computed(
                f"CASE WHEN status IN ({OPEN}) AND (owner IS NULL OR due_on IS NULL OR blocked_reason IS NOT NULL "
                "OR status = 'review') THEN 1 ELSE 0 END",
                persisted=True,
            ),
        ),
    )
    """1 when triage has something to do about it on any day: no owner, no date, blocked or to review."""


class TaskAlsoServes(SQLModel, table=True):
    """A further key result that a task helps."""

    __tablename__: ClassVar[str] = "task_also_serves"
    __table_args__ = (
        references("task", "task", ondelete="CASCADE"),
        references("key_result", "key_result"),
    )
    task: str = Field(primary_key=True)
    key_result: str = Field(primary_key=True)
    position: int = 0


class TaskDependency(SQLModel, table=True):
    """A task that waits for another one; never in a circle (trigger)."""

    __tablename__: ClassVar[str] = "task_dependency"
    __table_args__ = (
        references("task", "task", ondelete="CASCADE"),
        references("waits_for", "task", ondelete="CASCADE"),
        CheckConstraint("task <> waits_for", name="no_task_waits_for_itself"),
        Index("task_dependency_waits_for", "waits_for"),
    )
    task: str = Field(primary_key=True)
    waits_for: str = Field(primary_key=True)


class TaskEvent(SQLModel, table=True):
    """A change of status; append only (trigger)."""

    __tablename__: ClassVar[str] = "task_event"
    __table_args__ = (references("task", "task", ondelete="CASCADE"), *real_dates("on_date"))
    task: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    on_date: date
    from_status: str | None = None
    to_status: str
    actor: str | None = None


class Comment(SQLModel, table=True):
    """A message on a task."""

    __tablename__: ClassVar[str] = "comment"
    __table_args__ = (
        references("task", "task", ondelete="CASCADE"),
        CheckConstraint("number > 0", name="number_is_positive"),
        CheckConstraint("length(trim(body)) > 0", name="comment_says_something"),
        Index("comment_of_task", "task", "number"),
        {"sqlite_autoincrement": True},
    )
    number: int | None = Field(default=None, primary_key=True)
    task: str
    on: str
    """Minute of the comment, ISO 8601 local time."""
    by: str
    body: str
    mentions: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class ExternalLink(SQLModel, table=True):
    """A task's counterpart in a remote system; only tasks beyond backlog have one (trigger)."""

    __tablename__: ClassVar[str] = "external_link"
    __table_args__ = (
        references("task", "task", ondelete="CASCADE"),
        references("connector", "connector"),
        one_of("state", "'pending','synced','changed_here','changed_there','conflict','unmapped_owner','gone'"),
        UniqueConstraint("connector", "external_id"),
        *real_dates("synced_on"),
        Index("external_link_state", "connector", "state", "task"),
    )
    task: str = Field(primary_key=True)
    connector: str = Field(primary_key=True)
    external_id: str | None = None
    state: str = "pending"
    synced_on: date | None = None
    base: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """What both sides held when they last agreed: field to [here, there]."""
    theirs: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """What stands there in the fields that are not settled."""
    version: str | None = None
    """What the remote calls the state of the task that was seen last."""
    url: str | None = None


class WipLimit(SQLModel, table=True):
    """How many started tasks a status or a person may hold."""

    __tablename__: ClassVar[str] = "wip_limit"
    __table_args__ = (
        one_of("scope", "'status','person_doing'"),
        one_of("mode", "'soft','hard'"),
        CheckConstraint("max > 0", name="limit_is_positive"),
    )
    scope: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    max: int
    mode: str = "soft"


class TaskTally(SQLModel, table=True):
    """How many tasks a key result, status, owner and stage hold; kept by triggers, so that no count reads the tasks."""

    __tablename__: ClassVar[str] = "task_tally"
    key_result: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    owner: str = Field(primary_key=True)
    """Empty when nobody owns them."""
    stage: str = Field(primary_key=True)
    tasks: int


class StatusTally(SQLModel, table=True):
    """The same summed up for one subject at a time, so that a count reads a handful of rows; kept by triggers.

    The subject of a scope: `all` ''; `key_result`, `owner`, `stage`, `channel`, `medium`, `kind` what the task has
    ('' for nobody and no channel); `coverage` stage|medium; `step` key result|number of the step of its journey;
    `due`, `publish` the day; `done_of` key result|day done. What a task does not have is not counted.
    """

    __tablename__: ClassVar[str] = "status_tally"
    scope: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    tasks: int


class DoneTally(SQLModel, table=True):
    """How many tasks were done on a day with a cycle time in days; kept by triggers, read by forecast and SLE."""

    __tablename__: ClassVar[str] = "done_tally"
    done_on: date = Field(primary_key=True)
    cycle_days: int = Field(primary_key=True)
    tasks: int


class FlowTally(SQLModel, table=True):
    """By how much the number of tasks in a status changed on a day; kept by triggers from the events.

    Summed up to a day it is the cumulative flow.
    """

    __tablename__: ClassVar[str] = "flow_tally"
    on_date: date = Field(primary_key=True)
    status: str = Field(primary_key=True)
    tasks: int


class ReasonTally(SQLModel, table=True):
    """How many open tasks of a key result give the same contribution; kept by triggers, for finding copied ones."""

    __tablename__: ClassVar[str] = "reason_tally"
    __table_args__ = (partial("reason_copied", "tasks >= 3", "key_result", "reason"),)
    key_result: str = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    """The first 200 characters of the contribution, trimmed, in small letters."""
    tasks: int
