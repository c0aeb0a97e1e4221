"""What is planned and measured: people, strategy, cycles, objectives, key results, check-ins, grades, money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.storage.tables.kinds import exact, flag, is_number, one_of, real_dates, references


class Person(SQLModel, table=True):
    """Somebody who owns, does or decides."""

    __tablename__: ClassVar[str] = "person"
    __table_args__ = (
        one_of("role", "'manager','member','contributor'"),
        one_of("kind", "'employee','contractor'"),
        CheckConstraint("length(trim(id)) > 0 AND length(trim(name)) > 0", name="person_is_named"),
        CheckConstraint("capacity_h_week >= 0", name="capacity_is_not_negative"),
        CheckConstraint("rate_minor_per_day >= 0", name="rate_is_not_negative"),
        *flag("active"),
    )
    id: str = Field(primary_key=True)
    name: str
    title: str | None = None
    email: str | None = None
    role: str = "member"
    kind: str = "employee"
    capacity_h_week: int | None = None
    rate_minor_per_day: int | None = Field(default=None, sa_type=BigInteger)
    active: int = 1


class Channel(SQLModel, table=True):
    """A way to reach people: paid, earned, shared or owned."""

    __tablename__: ClassVar[str] = "channel"
    __table_args__ = (one_of("kind", "'paid','earned','shared','owned'"),)
    id: str = Field(primary_key=True)
    name: str
    kind: str = "owned"


class Strategy(SQLModel, table=True):
    """Who we reach, why they care, what we want them to do, through which channels."""

    __tablename__: ClassVar[str] = "strategy"
    __table_args__ = (
        references("owner", "person"),
        one_of("status", "'draft','active','retired'"),
        CheckConstraint("length(trim(title)) > 0", name="strategy_has_a_title"),
        CheckConstraint(
            "status <> 'active' OR (length(trim(coalesce(who,''))) > 0 AND length(trim(coalesce(why,''))) > 0 "
            "AND length(trim(coalesce(approach,''))) > 0 AND length(trim(coalesce(desired_action,''))) > 0)",
            name="active_strategy_says_who_why_how_and_what",
        ),
        CheckConstraint("horizon_end >= horizon_start", name="horizon_ends_after_it_starts"),
        CheckConstraint("budget_minor >= 0", name="budget_is_not_negative"),
        CheckConstraint("review_every_days > 0", name="review_comes_round"),
        *flag("contribution_required"),
        *real_dates("horizon_start", "horizon_end", "reviewed_on"),
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
    budget_minor: int | None = Field(default=None, sa_type=BigInteger)
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
        references("strategy", "strategy", ondelete="CASCADE"),
        references("channel", "channel"),
    )
    strategy: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    position: int = 0


class MicroQuestion(SQLModel, table=True):
    """A narrower question that an objective answers."""

    __tablename__: ClassVar[str] = "micro_question"
    __table_args__ = (references("strategy", "strategy", ondelete="CASCADE"),)
    id: str = Field(primary_key=True)
    strategy: str
    position: int = 1
    question: str
    stage: str | None = None


class Evidence(SQLModel, table=True):
    """What a strategy field rests on."""

    __tablename__: ClassVar[str] = "evidence"
    __table_args__ = (
        references("strategy", "strategy", ondelete="CASCADE"),
        references("task", "task", ondelete="SET NULL"),
        *real_dates("on_date"),
        Index("evidence_of_task", "task"),
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
        references("strategy", "strategy"),
        UniqueConstraint("id", "strategy"),
        one_of("status", "'planned','active','grading','closed'"),
        CheckConstraint("ends_on >= starts_on", name="cycle_ends_after_it_starts"),
        CheckConstraint("checkin_weekday BETWEEN 1 AND 7", name="checkin_weekday_is_iso"),
        *real_dates("starts_on", "ends_on"),
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
        references("cycle,strategy", "cycle", "id,strategy"),
        references("owner", "person"),
        references("micro_question", "micro_question", ondelete="SET NULL"),
        one_of("ambition", "'committed','aspirational'"),
        one_of("status", "'draft','active','achieved','partial','missed','dropped'"),
        CheckConstraint("length(trim(title)) > 0", name="objective_has_a_title"),
        CheckConstraint(f"{is_number('weight')} > 0", name="objective_weight_is_positive"),
        Index("objective_of_cycle", "cycle"),
    )
    id: str = Field(primary_key=True)
    strategy: str
    cycle: str
    title: str
    ambition: str = "committed"
    weight: Decimal = exact(nullable=False, default=Decimal(1))
    owner: str
    micro_question: str | None = None
    status: str = "draft"


class KeyResult(SQLModel, table=True):
    """A measure with unit, target and due date that shows the objective is reached."""

    __tablename__: ClassVar[str] = "key_result"
    __table_args__ = (
        references("objective", "objective"),
        references("owner", "person"),
        references("carried_from", "key_result", ondelete="SET NULL"),
        references("pair_of", "key_result", ondelete="SET NULL"),
        one_of("metric_kind", "'number','percent','currency','milestone'"),
        one_of("direction", "'increase','decrease','maintain_above','maintain_below','maintain_between'"),
        one_of("indicator", "'leading','lagging'"),
        one_of("result_kind", "'outcome','output'"),
        one_of("status", "'draft','active','graded','dropped'"),
        CheckConstraint("length(trim(title)) > 0 AND length(trim(unit)) > 0", name="key_result_has_title_and_unit"),
        CheckConstraint("precision BETWEEN 0 AND 6", name="precision_is_0_to_6"),
        CheckConstraint("cadence_days BETWEEN 1 AND 92", name="cadence_is_1_to_92_days"),
        CheckConstraint(f"{is_number('weight')} >= 0", name="key_result_weight_is_not_negative"),
        CheckConstraint("due_on >= starts_on", name="key_result_ends_after_it_starts"),
        CheckConstraint(
            f"direction <> 'increase' OR (baseline IS NOT NULL AND {is_number('target')} > {is_number('baseline')})",
            name="increase_goes_up",
        ),
        CheckConstraint(
            f"direction <> 'decrease' OR (baseline IS NOT NULL AND {is_number('target')} < {is_number('baseline')})",
            name="decrease_goes_down",
        ),
        CheckConstraint("direction NOT LIKE 'maintain_%' OR baseline IS NULL", name="maintain_has_no_baseline"),
        CheckConstraint(
            "(direction = 'maintain_between' AND target_max IS NOT NULL "
            f"AND {is_number('target_max')} > {is_number('target')}) "
            "OR (direction <> 'maintain_between' AND target_max IS NULL)",
            name="between_has_two_bounds",
        ),
        CheckConstraint(
            f"metric_kind <> 'milestone' OR (direction = 'increase' AND {is_number('baseline')} = 0 "
            f"AND {is_number('target')} = CAST({is_number('target')} AS INTEGER))",
            name="milestones_count_up_from_zero",
        ),
        CheckConstraint(
            "(metric_kind = 'currency' AND currency IS NOT NULL AND length(currency) = 3) "
            "OR (metric_kind <> 'currency' AND currency IS NULL)",
            name="currency_goes_with_currency_metrics",
        ),
        CheckConstraint("status <> 'dropped' OR length(trim(coalesce(drop_reason,''))) > 0",
                        name="dropped_says_why"),
        *real_dates("starts_on", "due_on"),
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
    baseline: Decimal | None = exact(nullable=True)
    target: Decimal = exact(nullable=False)
    target_max: Decimal | None = exact(nullable=True)
    stretch: Decimal | None = exact(nullable=True)
    weight: Decimal = exact(nullable=False, default=Decimal(1))
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
    __table_args__ = (references("key_result", "key_result", ondelete="CASCADE"), *real_dates("done_on"))
    key_result: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    title: str
    done_on: date | None = None


class PlannedPoint(SQLModel, table=True):
    """Where a key result is expected to be on a day, when progress is not even."""

    __tablename__: ClassVar[str] = "planned_point"
    __table_args__ = (
        references("key_result", "key_result", ondelete="CASCADE"),
        CheckConstraint(f"{is_number('expected')} BETWEEN 0 AND 1", name="expected_is_a_share"),
        *real_dates("on_date"),
    )
    key_result: str = Field(primary_key=True)
    on_date: date = Field(primary_key=True)
    expected: Decimal = exact(nullable=False)


class CheckIn(SQLModel, table=True):
    """A dated value, confidence and note; one for a key result and day."""

    __tablename__: ClassVar[str] = "check_in"
    __table_args__ = (
        references("key_result", "key_result"),
        references("author", "person"),
        CheckConstraint("confidence BETWEEN 0 AND 10", name="confidence_is_0_to_10"),
        CheckConstraint("length(trim(note)) > 0", name="check_in_has_a_note"),
        CheckConstraint("health_override IS NULL OR length(trim(coalesce(override_reason,''))) > 0",
                        name="override_says_why"),
        CheckConstraint("health_override IS NULL OR health_override IN ('on track','at risk','off track')",
                        name="override_is_a_health"),
        *real_dates("on_date"),
    )
    key_result: str = Field(primary_key=True)
    on_date: date = Field(primary_key=True)
    value: Decimal = exact(nullable=False)
    confidence: int
    author: str
    note: str
    blocks: str | None = None
    health_override: str | None = None
    override_reason: str | None = None
    supersedes: str | None = None


class SupersededCheckIn(SQLModel, table=True):
    """A check-in as it was before it was corrected; the one that stands in for it names its day in `supersedes`."""

    __tablename__: ClassVar[str] = "superseded_check_in"
    __table_args__ = (
        references("key_result", "key_result"),
        references("author", "person"),
        CheckConstraint("confidence BETWEEN 0 AND 10", name="confidence_is_0_to_10"),
        CheckConstraint("length(trim(note)) > 0", name="check_in_has_a_note"),
        *real_dates("on_date", "replaced_on"),
    )
    key_result: str = Field(primary_key=True)
    on_date: date = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    """Counts the corrections of one day, from 1."""
    value: Decimal = exact(nullable=False)
    confidence: int
    author: str
    note: str
    blocks: str | None = None
    health_override: str | None = None
    override_reason: str | None = None
    replaced_on: date
    replaced_by: str


class JourneyStep(SQLModel, table=True):
    """What a customer does on the way to the goal; position 0 is the goal."""

    __tablename__: ClassVar[str] = "journey_step"
    __table_args__ = (
        references("key_result", "key_result", ondelete="CASCADE"),
        references("linked_key_result", "key_result", ondelete="SET NULL"),
        CheckConstraint(f"{is_number('rate')} > 0 AND {is_number('rate')} <= 1", name="rate_is_a_share"),
    )
    key_result: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    title: str
    stage: str
    rate: Decimal | None = exact(nullable=True)
    actual_rate: Decimal | None = exact(nullable=True)
    linked_key_result: str | None = None
    min_pieces: int | None = None


class Grade(SQLModel, table=True):
    """The final score of a key result, beside the raw one."""

    __tablename__: ClassVar[str] = "grade"
    __table_args__ = (
        references("key_result", "key_result"),
        CheckConstraint(
            f"{is_number('final_score')} = {is_number('raw_score')} OR length(trim(coalesce(rationale,''))) >= 10",
            name="other_grade_says_why",
        ),
        CheckConstraint(f"{is_number('final_score')} BETWEEN 0 AND 1", name="grade_is_a_share"),
        *real_dates("graded_on"),
    )
    key_result: str = Field(primary_key=True)
    raw_score: Decimal = exact(nullable=False)
    final_score: Decimal = exact(nullable=False)
    graded_by: str
    graded_on: date
    rationale: str | None = None


class Retrospective(SQLModel, table=True):
    """What a cycle taught."""

    __tablename__: ClassVar[str] = "retrospective"
    __table_args__ = (references("cycle", "cycle"), *real_dates("held_on"))
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
        references("strategy", "strategy"),
        references("key_result", "key_result"),
        CheckConstraint("planned_minor >= 0 AND spent_minor >= 0", name="money_is_not_negative"),
    )
    id: str = Field(primary_key=True)
    label: str | None = None
    strategy: str | None = None
    key_result: str | None = None
    planned_minor: int = Field(default=0, sa_type=BigInteger)
    spent_minor: int = Field(default=0, sa_type=BigInteger)
