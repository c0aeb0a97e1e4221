"""The tables: the one truth of the schema, for SQLite and PostgreSQL alike.

Column names are the field names of the domain. Rules the database holds by itself stand beside the columns they
bind; those that need to look at other rows are triggers (`triggers.py`). Nothing on the way to the first screen or
in a one-task command imports this module: SQLModel costs more than Textual.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DefaultClause,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

OPEN = "'backlog','assigned','doing','review'"
STARTED = "'doing','review','done'"
OWNED = "'assigned','doing','review','done'"


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept exactly: NUMERIC in PostgreSQL, its text in SQLite, which has no exact decimal of its own."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TEXT where the database has no exact decimal, NUMERIC elsewhere."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The plain text of the number for SQLite (no exponent), the number itself elsewhere."""
        if value is None:
            return None
        return format(Decimal(str(value)), "f") if dialect.name == "sqlite" else Decimal(str(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The exact number."""
        return None if value is None else Decimal(str(value))


def _is_number(name: str) -> str:
    return f"CAST({name} AS NUMERIC)"


def _one_of(name: str, words: str) -> CheckConstraint:
    return CheckConstraint(f"{name} IN ({words})", name=f"{name}_is_known")


def _real_dates(*names: str) -> list[CheckConstraint]:
    # Plain date(x) IS x accepts 31 November; '+0 days' makes SQLite normalise it. PostgreSQL's DATE needs no check.
    return [
        CheckConstraint(f"date(\"{name}\",'+0 days') IS \"{name}\"", name=f"{name}_is_a_day").ddl_if(dialect="sqlite")
        for name in names
    ]


def _flag(name: str) -> list[CheckConstraint]:
    return [CheckConstraint(f"{name} IN (0,1)", name=f"{name}_is_a_flag")]


def _references(columns: str, table: str, target: str = "id", *, ondelete: str = "RESTRICT") -> ForeignKeyConstraint:
    names = columns.split(",")
    targets = [f"{table}.{column}" for column in target.split(",")]
    return ForeignKeyConstraint(names, targets, ondelete=ondelete, onupdate="CASCADE")


def _exact(*, nullable: bool, default: Decimal | None = None) -> Any:
    column: Column[Decimal] = Column(ExactDecimal, nullable=nullable)
    return Field(sa_column=column) if default is None and not nullable else Field(default=default, sa_column=column)


class Person(SQLModel, table=True):
    """Somebody who owns, does or decides."""

    __tablename__: ClassVar[str] = "person"
    __table_args__ = (
        _one_of("role", "'manager','member','contributor'"),
        _one_of("kind", "'employee','contractor'"),
        CheckConstraint("length(trim(id)) > 0 AND length(trim(name)) > 0", name="person_is_named"),
        CheckConstraint("capacity_h_week >= 0", name="capacity_is_not_negative"),
        CheckConstraint("rate_minor_per_day >= 0", name="rate_is_not_negative"),
        *_flag("active"),
    )
    id: str = Field(primary_key=True)
    name: str
    title: str | None = None
    email: str | None = None
    role: str = "member"
    kind: str = "employee"
    capacity_h_week: int | None = None
    rate_minor_per_day: int | None = None
    active: int = 1


class Channel(SQLModel, table=True):
    """A way to reach people: paid, earned, shared or owned."""

    __tablename__: ClassVar[str] = "channel"
    __table_args__ = (_one_of("kind", "'paid','earned','shared','owned'"),)
    id: str = Field(primary_key=True)
    name: str
    kind: str = "owned"


class Strategy(SQLModel, table=True):
    """Who we reach, why they care, what we want them to do, through which channels."""

    __tablename__: ClassVar[str] = "strategy"
    __table_args__ = (
        _references("owner", "person"),
        _one_of("status", "'draft','active','retired'"),
        CheckConstraint("length(trim(title)) > 0", name="strategy_has_a_title"),
        CheckConstraint(
            "status <> 'active' OR (length(trim(coalesce(who,''))) > 0 AND length(trim(coalesce(why,''))) > 0 "
            "AND length(trim(coalesce(approach,''))) > 0 AND length(trim(coalesce(desired_action,''))) > 0)",
            name="active_strategy_says_who_why_how_and_what",
        ),
        CheckConstraint("horizon_end >= horizon_start", name="horizon_ends_after_it_starts"),
        CheckConstraint("budget_minor >= 0", name="budget_is_not_negative"),
        CheckConstraint("review_every_days > 0", name="review_comes_round"),
        *_flag("contribution_required"),
        *_real_dates("horizon_start", "horizon_end", "reviewed_on"),
        Index("one_active_strategy", "status", unique=True, sqlite_where=Column("status") == "active",
              postgresql_where=Column("status") == "active"),
    )
    id: str = Field(primary_key=True)
    title: str
    owner: str
    status: str = "draft"
    meta_question: str | None = None
    approach: str | None = None
    who: str | None = None
    why: str | None = None
    desired_action: str | None = None
    perception: str | None = None
    differentiator: str | None = None
    strengths: str | None = None
    gap: str | None = None
    now_state: str | None = None
    want_state: str | None = None
    obstacles: str | None = None
    horizon_start: date
    horizon_end: date
    budget_minor: int | None = None
    currency: str | None = None
    reviewed_on: date | None = None
    review_every_days: int = 30
    contribution_required: int = 0
    stages: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    media: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    version: int = 1


class StrategyChannel(SQLModel, table=True):
    """Which channel a strategy uses."""

    __tablename__: ClassVar[str] = "strategy_channel"
    __table_args__ = (
        _references("strategy", "strategy", ondelete="CASCADE"),
        _references("channel", "channel"),
    )
    strategy: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    position: int = 0


class MicroQuestion(SQLModel, table=True):
    """A narrower question that an objective answers."""

    __tablename__: ClassVar[str] = "micro_question"
    __table_args__ = (_references("strategy", "strategy", ondelete="CASCADE"),)
    id: str = Field(primary_key=True)
    strategy: str
    position: int = 1
    question: str
    stage: str | None = None


class Evidence(SQLModel, table=True):
    """What a strategy field rests on."""

    __tablename__: ClassVar[str] = "evidence"
    __table_args__ = (
        _references("strategy", "strategy", ondelete="CASCADE"),
        _references("task", "task", ondelete="SET NULL"),
        *_real_dates("on_date"),
    )
    id: str = Field(primary_key=True)
    strategy: str
    field: str
    text: str
    url: str | None = None
    on_date: date | None = None
    task: str | None = None


class Cycle(SQLModel, table=True):
    """A dated period in which key results run and are graded. Cycles of a strategy do not overlap (trigger)."""

    __tablename__: ClassVar[str] = "cycle"
    __table_args__ = (
        _references("strategy", "strategy"),
        UniqueConstraint("id", "strategy"),
        _one_of("status", "'planned','active','grading','closed'"),
        CheckConstraint("ends_on >= starts_on", name="cycle_ends_after_it_starts"),
        CheckConstraint("checkin_weekday BETWEEN 1 AND 7", name="checkin_weekday_is_iso"),
        *_real_dates("starts_on", "ends_on"),
        Index("one_running_cycle", "strategy", unique=True,
              sqlite_where=Column("status").in_(["active", "grading"]),
              postgresql_where=Column("status").in_(["active", "grading"])),
    )
    id: str = Field(primary_key=True)
    strategy: str
    name: str
    starts_on: date
    ends_on: date
    status: str = "planned"
    checkin_weekday: int = 1


class Objective(SQLModel, table=True):
    """A direction for one cycle, in words; shares the strategy of its cycle."""

    __tablename__: ClassVar[str] = "objective"
    __table_args__ = (
        _references("cycle,strategy", "cycle", "id,strategy"),
        _references("owner", "person"),
        _references("micro_question", "micro_question", ondelete="SET NULL"),
        _one_of("ambition", "'committed','aspirational'"),
        _one_of("status", "'draft','active','achieved','partial','missed','dropped'"),
        CheckConstraint("length(trim(title)) > 0", name="objective_has_a_title"),
        CheckConstraint(f"{_is_number('weight')} > 0", name="objective_weight_is_positive"),
        Index("objective_of_cycle", "cycle"),
    )
    id: str = Field(primary_key=True)
    strategy: str
    cycle: str
    title: str
    ambition: str = "committed"
    weight: Decimal = _exact(nullable=False, default=Decimal(1))
    owner: str
    micro_question: str | None = None
    status: str = "draft"


class KeyResult(SQLModel, table=True):
    """A measure with unit, target and due date that shows the objective is reached."""

    __tablename__: ClassVar[str] = "key_result"
    __table_args__ = (
        _references("objective", "objective"),
        _references("owner", "person"),
        _references("carried_from", "key_result", ondelete="SET NULL"),
        _references("pair_of", "key_result", ondelete="SET NULL"),
        _one_of("metric_kind", "'number','percent','currency','milestone'"),
        _one_of("direction", "'increase','decrease','maintain_above','maintain_below','maintain_between'"),
        _one_of("indicator", "'leading','lagging'"),
        _one_of("result_kind", "'outcome','output'"),
        _one_of("status", "'draft','active','graded','dropped'"),
        CheckConstraint("length(trim(title)) > 0 AND length(trim(unit)) > 0", name="key_result_has_title_and_unit"),
        CheckConstraint("precision BETWEEN 0 AND 6", name="precision_is_0_to_6"),
        CheckConstraint("cadence_days BETWEEN 1 AND 92", name="cadence_is_1_to_92_days"),
        CheckConstraint(f"{_is_number('weight')} >= 0", name="key_result_weight_is_not_negative"),
        CheckConstraint("due_on >= starts_on", name="key_result_ends_after_it_starts"),
        CheckConstraint(
            f"direction <> 'increase' OR (baseline IS NOT NULL AND {_is_number('target')} > {_is_number('baseline')})",
            name="increase_goes_up",
        ),
        CheckConstraint(
            f"direction <> 'decrease' OR (baseline IS NOT NULL AND {_is_number('target')} < {_is_number('baseline')})",
            name="decrease_goes_down",
        ),
        CheckConstraint("direction NOT LIKE 'maintain_%' OR baseline IS NULL", name="maintain_has_no_baseline"),
        CheckConstraint(
            "(direction = 'maintain_between' AND target_max IS NOT NULL "
            f"AND {_is_number('target_max')} > {_is_number('target')}) "
            "OR (direction <> 'maintain_between' AND target_max IS NULL)",
            name="between_has_two_bounds",
        ),
        CheckConstraint(
            f"metric_kind <> 'milestone' OR (direction = 'increase' AND {_is_number('baseline')} = 0 "
            f"AND {_is_number('target')} = CAST({_is_number('target')} AS INTEGER))",
            name="milestones_count_up_from_zero",
        ),
        CheckConstraint(
            "(metric_kind = 'currency' AND currency IS NOT NULL AND length(currency) = 3) "
            "OR (metric_kind <> 'currency' AND currency IS NULL)",
            name="currency_goes_with_currency_metrics",
        ),
        CheckConstraint("status <> 'dropped' OR length(trim(coalesce(drop_reason,''))) > 0",
                        name="dropped_says_why"),
        *_real_dates("starts_on", "due_on"),
        Index("key_result_of_objective", "objective"),
    )
    id: str = Field(primary_key=True)
    objective: str
    title: str
    metric_kind: str = "number"
    direction: str = "increase"
    unit: str
    currency: str | None = None
    precision: int = 0
    baseline: Decimal | None = _exact(nullable=True)
    target: Decimal = _exact(nullable=False)
    target_max: Decimal | None = _exact(nullable=True)
    stretch: Decimal | None = _exact(nullable=True)
    weight: Decimal = _exact(nullable=False, default=Decimal(1))
    owner: str
    indicator: str = "lagging"
    result_kind: str = "outcome"
    pair_of: str | None = None
    starts_on: date
    due_on: date
    cadence_days: int = 7
    status: str = "draft"
    drop_reason: str | None = None
    carried_from: str | None = None


class Milestone(SQLModel, table=True):
    """One step of a milestone key result, ticked on a day."""

    __tablename__: ClassVar[str] = "milestone"
    __table_args__ = (_references("key_result", "key_result", ondelete="CASCADE"), *_real_dates("done_on"))
    key_result: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    title: str
    done_on: date | None = None


class PlannedPoint(SQLModel, table=True):
    """Where a key result is expected to be on a day, when progress is not even."""

    __tablename__: ClassVar[str] = "planned_point"
    __table_args__ = (
        _references("key_result", "key_result", ondelete="CASCADE"),
        CheckConstraint(f"{_is_number('expected')} BETWEEN 0 AND 1", name="expected_is_a_share"),
        *_real_dates("on_date"),
    )
    key_result: str = Field(primary_key=True)
    on_date: date = Field(primary_key=True)
    expected: Decimal = _exact(nullable=False)


class CheckIn(SQLModel, table=True):
    """A dated value, confidence and note; one for a key result and day."""

    __tablename__: ClassVar[str] = "check_in"
    __table_args__ = (
        _references("key_result", "key_result"),
        _references("author", "person"),
        CheckConstraint("confidence BETWEEN 0 AND 10", name="confidence_is_0_to_10"),
        CheckConstraint("length(trim(note)) > 0", name="check_in_has_a_note"),
        CheckConstraint("health_override IS NULL OR length(trim(coalesce(override_reason,''))) > 0",
                        name="override_says_why"),
        CheckConstraint("health_override IS NULL OR health_override IN ('on track','at risk','off track')",
                        name="override_is_a_health"),
        *_real_dates("on_date"),
    )
    key_result: str = Field(primary_key=True)
    on_date: date = Field(primary_key=True)
    value: Decimal = _exact(nullable=False)
    confidence: int
    author: str
    note: str
    blocks: str | None = None
    health_override: str | None = None
    override_reason: str | None = None
    supersedes: str | None = None


class JourneyStep(SQLModel, table=True):
    """What a customer does on the way to the goal; position 0 is the goal."""

    __tablename__: ClassVar[str] = "journey_step"
    __table_args__ = (
        _references("key_result", "key_result", ondelete="CASCADE"),
        _references("linked_key_result", "key_result", ondelete="SET NULL"),
        CheckConstraint(f"{_is_number('rate')} > 0 AND {_is_number('rate')} <= 1", name="rate_is_a_share"),
    )
    key_result: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    title: str
    stage: str
    rate: Decimal | None = _exact(nullable=True)
    actual_rate: Decimal | None = _exact(nullable=True)
    linked_key_result: str | None = None
    min_pieces: int | None = None


class Task(SQLModel, table=True):
    """One piece of work: it cites exactly one key result and says how it moves it."""

    __tablename__: ClassVar[str] = "task"
    __table_args__ = (
        _references("key_result", "key_result"),
        _references("owner", "person"),
        _references("channel", "channel"),
        UniqueConstraint("id", name="task_id"),
        CheckConstraint("length(trim(title)) > 0", name="task_has_a_title"),
        _one_of("status", f"{OPEN},'done','cancelled'"),
        _one_of("kind", "'ongoing','foundational'"),
        _one_of("priority", "'low','normal','high'"),
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
        *_flag("added_mid_cycle"),
        *_real_dates("created_on", "assigned_on", "started_on", "review_on", "done_on", "due_on", "publish_on",
                     "cancelled_on", "blocked_on"),
        # What the board, triage and lists read: one index for each way of narrowing a column, in drawing order.
        Index("task_board", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_key_result", "key_result", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_owner", "owner", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_stage", "stage", "status", "waits", "rank", "due_order", "number"),
        Index("task_board_due", "status", "due_order", "number"),
        Index("task_blocked", "status", "due_order", "number", sqlite_where=text("blocked_reason IS NOT NULL"),
              postgresql_where=text("blocked_reason IS NOT NULL")),
        Index("task_done", "status", "done_on", "number"),
        Index("task_done_key_result", "key_result", "status", "done_on", "number"),
        Index("task_done_owner", "owner", "status", "done_on", "number"),
        Index("task_done_stage", "stage", "status", "done_on", "number"),
        Index("task_due", "is_open", "due_order", "number"),
        Index("task_due_owner", "owner", "is_open", "due_order", "number"),
        Index("task_needs", "is_open", "needs", "due_order", "number"),
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
    cost_minor: int = 0
    blocked_reason: str | None = None
    blocked_on: date | None = None
    cancel_reason: str | None = None
    cancelled_on: date | None = None
    recurs: str | None = None
    learned: str | None = None
    added_mid_cycle: int = 0
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
        _references("task", "task", ondelete="CASCADE"),
        _references("key_result", "key_result"),
    )
    task: str = Field(primary_key=True)
    key_result: str = Field(primary_key=True)
    position: int = 0


class TaskDependency(SQLModel, table=True):
    """A task that waits for another one; never in a circle (kept by the service, which walks the chain)."""

    __tablename__: ClassVar[str] = "task_dependency"
    __table_args__ = (
        _references("task", "task", ondelete="CASCADE"),
        _references("waits_for", "task", ondelete="CASCADE"),
        CheckConstraint("task <> waits_for", name="no_task_waits_for_itself"),
        Index("task_dependency_waits_for", "waits_for"),
    )
    task: str = Field(primary_key=True)
    waits_for: str = Field(primary_key=True)


class TaskEvent(SQLModel, table=True):
    """A change of status; append only (trigger)."""

    __tablename__: ClassVar[str] = "task_event"
    __table_args__ = (_references("task", "task", ondelete="CASCADE"), *_real_dates("on_date"))
    task: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    on_date: date
    from_status: str | None = None
    to_status: str
    actor: str | None = None


class Idea(SQLModel, table=True):
    """A thought without a key result; not on the board."""

    __tablename__: ClassVar[str] = "idea"
    __table_args__ = (
        CheckConstraint("length(trim(title)) > 0", name="idea_has_a_title"),
        _references("task", "task", ondelete="SET NULL"),
        *_real_dates("on"),
    )
    id: str = Field(primary_key=True)
    title: str
    source: str | None = None
    by: str | None = None
    on: date
    outcome: str | None = None
    task: str | None = None
    """The task it became."""


class ImportItem(SQLModel, table=True):
    """An arrival: work that came from elsewhere and cites no key result yet."""

    __tablename__: ClassVar[str] = "import_item"
    __table_args__ = (
        _references("task", "task", ondelete="SET NULL"),
        UniqueConstraint("connector", "external_id"),
        *_real_dates("on"),
    )
    id: str = Field(primary_key=True)
    connector: str
    """The connector, or `csv:` and the file's name."""
    external_id: str | None = None
    title: str
    raw: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    on: date
    outcome: str | None = None
    task: str | None = None


class Comment(SQLModel, table=True):
    """A message on a task."""

    __tablename__: ClassVar[str] = "comment"
    __table_args__ = (
        _references("task", "task", ondelete="CASCADE"),
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


class InboxItem(SQLModel, table=True):
    """Something a person should read."""

    __tablename__: ClassVar[str] = "inbox_item"
    __table_args__ = (_references("person", "person", ondelete="CASCADE"), *_real_dates("on", "read_on"))
    number: int | None = Field(default=None, primary_key=True)
    person: str
    task: str | None = None
    what: str
    on: date
    read_on: date | None = None


class WipLimit(SQLModel, table=True):
    """How many started tasks a status or a person may hold."""

    __tablename__: ClassVar[str] = "wip_limit"
    __table_args__ = (
        _one_of("scope", "'status','person_doing'"),
        _one_of("mode", "'soft','hard'"),
        CheckConstraint("max > 0", name="limit_is_positive"),
    )
    scope: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    max: int
    mode: str = "soft"


class Decision(SQLModel, table=True):
    """What a person decided about a finding of the audit."""

    __tablename__: ClassVar[str] = "decision"
    __table_args__ = (_one_of("choice", "'keep','recalibrate','kill'"), *_real_dates("on"))
    number: int | None = Field(default=None, primary_key=True)
    rule: str
    subject: str
    choice: str
    cause: str | None = None
    reason: str
    by: str
    on: date
    figures: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class AuditSnapshot(SQLModel, table=True):
    """How many findings a rule had on a day."""

    __tablename__: ClassVar[str] = "audit_snapshot"
    __table_args__ = (*_real_dates("on"),)
    on: date = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    count: int


class Grade(SQLModel, table=True):
    """The final score of a key result, beside the raw one."""

    __tablename__: ClassVar[str] = "grade"
    __table_args__ = (
        _references("key_result", "key_result"),
        CheckConstraint(
            f"{_is_number('final_score')} = {_is_number('raw_score')} OR length(trim(coalesce(rationale,''))) >= 10",
            name="other_grade_says_why",
        ),
        CheckConstraint(f"{_is_number('final_score')} BETWEEN 0 AND 1", name="grade_is_a_share"),
        *_real_dates("graded_on"),
    )
    key_result: str = Field(primary_key=True)
    raw_score: Decimal = _exact(nullable=False)
    final_score: Decimal = _exact(nullable=False)
    graded_by: str
    graded_on: date
    rationale: str | None = None


class Retrospective(SQLModel, table=True):
    """What a cycle taught."""

    __tablename__: ClassVar[str] = "retrospective"
    __table_args__ = (_references("cycle", "cycle"), *_real_dates("held_on"))
    cycle: str = Field(primary_key=True)
    held_on: date
    facilitator: str | None = None
    worked: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    did_not: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    learned: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    decisions: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class BudgetLine(SQLModel, table=True):
    """Money planned and spent, in minor units."""

    __tablename__: ClassVar[str] = "budget_line"
    __table_args__ = (
        _references("strategy", "strategy"),
        _references("key_result", "key_result"),
        CheckConstraint("planned_minor >= 0 AND spent_minor >= 0", name="money_is_not_negative"),
    )
    id: str = Field(primary_key=True)
    label: str | None = None
    strategy: str | None = None
    key_result: str | None = None
    planned_minor: int = 0
    spent_minor: int = 0


class Connector(SQLModel, table=True):
    """A connection to a remote system; tokens are never kept here."""

    __tablename__: ClassVar[str] = "connector"
    __table_args__ = (_one_of("direction", "'push','pull','both'"),)
    id: str = Field(primary_key=True)
    kind: str
    project: str | None = None
    direction: str = "push"
    maps: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class ExternalLink(SQLModel, table=True):
    """A task's counterpart in a remote system; only tasks beyond backlog have one (trigger)."""

    __tablename__: ClassVar[str] = "external_link"
    __table_args__ = (
        _references("task", "task", ondelete="CASCADE"),
        _references("connector", "connector"),
        _one_of("state", "'pending','synced','changed_here','changed_there','conflict','unmapped_owner','gone'"),
        UniqueConstraint("connector", "external_id"),
        *_real_dates("synced_on"),
    )
    task: str = Field(primary_key=True)
    connector: str = Field(primary_key=True)
    external_id: str | None = None
    state: str = "pending"
    synced_on: date | None = None


class Outbox(SQLModel, table=True):
    """An operation that is to be done at a remote system, exactly once."""

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = (UniqueConstraint("idempotency_key"),)
    number: int | None = Field(default=None, primary_key=True)
    connector: str
    task: str | None = None
    operation: str
    idempotency_key: str
    tries: int = 0


class ChangeBatch(SQLModel, table=True):
    """What one person did in one go: the unit of undo."""

    __tablename__: ClassVar[str] = "change_batch"
    __table_args__ = (
        _one_of("kind", "'do','undo','redo'"),
        _references("reverts", "change_batch", "number"),
        Index("change_batch_of_person", "by", "number"),
        Index("change_batch_reverts", "reverts"),
        {"sqlite_autoincrement": True},
    )
    number: int | None = Field(default=None, primary_key=True)
    at: str
    """UTC, ISO 8601 with microseconds."""
    by: str
    label: str
    kind: str = "do"
    reverts: int | None = None
    """The batch that this one takes back."""
    is_reverted: int = 0


class Change(SQLModel, table=True):
    """One field that one batch changed. Field `*` stands for the row: made (old NULL) or removed (old is the row)."""

    __tablename__: ClassVar[str] = "change"
    __table_args__ = (
        _references("batch", "change_batch", "number"),
        Index("change_of_entity", "entity", "id", "batch"),
    )
    batch: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    entity: str
    id: str
    field: str
    old: str | None = None
    """JSON text."""
    new: str | None = None


class TaskTally(SQLModel, table=True):
    """How many tasks a key result, status, owner and stage hold; kept by triggers, so that no count reads the tasks."""

    __tablename__: ClassVar[str] = "task_tally"
    key_result: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    owner: str = Field(primary_key=True)
    """Empty when nobody owns them."""
    stage: str = Field(primary_key=True)
    tasks: int


class DoneTally(SQLModel, table=True):
    """How many tasks were done on a day with a cycle time in days; kept by triggers, read by forecast and SLE."""

    __tablename__: ClassVar[str] = "done_tally"
    done_on: date = Field(primary_key=True)
    cycle_days: int = Field(primary_key=True)
    tasks: int


def _repeat_defaults_in_the_database() -> None:
    """A row written in plain SQL takes the same defaults as one made of these classes."""
    for model in SQLModel.__subclasses__():
        table = SQLModel.metadata.tables[str(model.__tablename__)]
        for name, about in model.model_fields.items():
            column = table.c[name]
            if column.primary_key or column.computed is not None or column.server_default is not None:
                continue
            if about.default_factory is list:
                column.server_default = DefaultClause("[]")
            elif isinstance(about.default, str | int | Decimal):
                column.server_default = DefaultClause(str(about.default))


_repeat_defaults_in_the_database()
