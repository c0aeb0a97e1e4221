"""Frozen rows that screens, commands and reports draw. Reads skip the domain: a row is what one query answered.

Named tuples, not dataclasses: a class costs a sixth to define at start-up and a card a tenth to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Card(NamedTuple):
    """A task as the board, triage and lists draw it."""

    number: int
    id: str
    title: str
    key_result: str
    status: str
    stage: str
    kind: str
    medium: str
    channel: str | None
    owner: str | None
    priority: str
    rank: int
    created_on: date
    assigned_on: date | None
    started_on: date | None
    review_on: date | None
    done_on: date | None
    due_on: date | None
    estimate_low_h: float | None
    estimate_high_h: float | None
    contribution: str
    blocked_reason: str | None
    blocked_on: date | None
    recurs: str | None
    waits: int
    """How many open tasks it waits for."""
    messages: int
    sync_state: str | None = None
    """State of its external link, None when it has none."""


class Count(NamedTuple):
    """How many rows match; `at_least` when counting stopped at a bound to stay quick."""

    n: int
    at_least: bool = False

    def __str__(self) -> str:
        return f"{self.n}+" if self.at_least else str(self.n)


class Page(NamedTuple):
    """A run of neighbouring cards of one list, the first of which stands at position `start`."""

    start: int
    cards: tuple[Card, ...]


class KeyResultRow(NamedTuple):
    """A key result with its figures as of a day."""

    position: int
    """1-based place in the header; its digit filters the board."""
    id: str
    objective: str
    title: str
    metric_kind: str
    direction: str
    unit: str
    currency: str | None
    precision: int
    baseline: Decimal | None
    target: Decimal
    target_max: Decimal | None
    owner: str
    status: str
    due_on: date
    value: Decimal | None
    """Latest checked-in value, None before the first check-in."""
    confidence: int | None
    progress: Decimal | None
    """Unclamped share of the way, None when unknown."""
    score: Decimal | None
    expected: Decimal | None
    """Where even pace would be today (0..1, already times 0.7 for an aspirational objective)."""
    health: str
    """'on track', 'at risk', 'off track', 'stale' or 'unknown'."""
    target_was: Decimal | None = None
    """The target it was active with at first, when that was changed since."""


class ObjectiveRow(NamedTuple):
    """An objective with its score and health, and its key results in order."""

    id: str
    title: str
    ambition: str
    owner: str
    weight: Decimal
    status: str
    score: Decimal | None
    health: str
    key_results: tuple[KeyResultRow, ...]


class StrategyRow(NamedTuple):
    """The active strategy as the header shows it."""

    id: str
    title: str
    owner: str
    who: str
    why: str
    desired_action: str
    approach: str
    meta_question: str | None
    channels: tuple[str, ...]
    budget_minor: int | None
    currency: str | None
    contribution_required: bool


class CycleRow(NamedTuple):
    """The running cycle; `day` counts from 1 and may lie outside 1..days."""

    id: str
    name: str
    starts_on: date
    ends_on: date
    status: str
    day: int
    days: int

    @property
    def progress(self) -> str:
        """How far it has come, in words: day 19 of 31."""
        if self.day < 1:
            return f"begins in {1 - self.day} {'day' if self.day == 0 else 'days'}"
        if self.day > self.days:
            past = self.day - self.days
            return f"ended {past} {'day' if past == 1 else 'days'} ago"
        return f"day {self.day} of {self.days}"


class Forecast(NamedTuple):
    """How many of the open tasks finish by a day at 85 % and 50 %, with the history it rests on."""

    open_tasks: int
    by: date
    at_85: int | None
    """None: not enough history."""
    at_50: int | None
    history_days: int
    history_done: int


class Header(NamedTuple):
    """All that the strategy header shows, as of one day."""

    today: date
    strategy: StrategyRow
    cycle: CycleRow | None
    objectives: tuple[ObjectiveRow, ...]
    score: Decimal | None
    net_confidence: int | None
    spent_minor: int
    planned_minor: int
    forecast: Forecast | None
    sle_days: int | None
    """85 % of the last year's tasks finished within so many days; None without history."""

    @property
    def key_results(self) -> tuple[KeyResultRow, ...]:
        """Every key result in header order."""
        return tuple(kr for objective in self.objectives for kr in objective.key_results)


class PersonRow(NamedTuple):
    """Somebody work can be given to."""

    id: str
    name: str
    role: str
    kind: str
    title: str | None
    capacity_h_week: int | None
    active: bool


class LoadRow(NamedTuple):
    """A person's load for two weeks against capacity, and started work against the limit."""

    person: PersonRow
    hours: float
    """Middle of the estimates of open tasks due within 14 days or late."""
    capacity_h: float | None
    """Two weeks of capacity."""
    doing: int
    limit: int | None


class WipLimitRow(NamedTuple):
    """A limit of started work."""

    scope: str
    subject: str
    max: int
    mode: str


class Held(NamedTuple):
    """How many tasks statuses hold and people are doing, whatever the filter, and the limits of that."""

    statuses: Mapping[str, int]
    doing: Mapping[str, int]
    """By person, those who are doing something."""
    limits: tuple[WipLimitRow, ...]


class Board(NamedTuple):
    """Counts and limits that belong to one filter; pages come separately, as they scroll into view."""

    counts: Mapping[str, Count]
    """By status: backlog, assigned, doing, review, done, cancelled."""
    stages: Mapping[str, int]
    """Open tasks by stage, whatever the filter."""
    limits: Mapping[str, WipLimitRow]
    """Status limits by status."""
    held: Held | None = None


class CommentRow(NamedTuple):
    """A message on a task."""

    on: str
    by: str
    body: str


class ChangeRow(NamedTuple):
    """One line of a task's or any record's history, newest last."""

    batch: int
    at: str
    by: str
    label: str
    kind: str
    entity: str
    id: str
    field: str
    old: object
    new: object


class LinkRow(NamedTuple):
    """A task's counterpart in another system."""

    connection: str
    state: str
    """One of `domain.links.WORST_FIRST`."""
    external_id: str | None
    """None until it was made there."""
    url: str | None


class TaskDetail(NamedTuple):
    """Everything about one task."""

    card: Card
    fields: Mapping[str, object]
    """Every stored field by its domain name, dates as ISO text; what an edit form starts from and compares with."""
    also_serves: tuple[str, ...]
    waits_for: tuple[tuple[str, str, str], ...]
    """(id, title, status) of the tasks it waits for."""
    waited_for_by: tuple[tuple[str, str, str], ...]
    comments: tuple[CommentRow, ...]
    link: str | None
    """Address of the first of `links` that has one."""
    external_id: str | None
    """Of the first of `links` that has one."""
    links: tuple[LinkRow, ...] = ()


class IdeaRow(NamedTuple):
    """An idea or an arrival that waits outside the board."""

    id: str
    kind: str
    """'idea' or 'arrival'."""
    title: str
    source: str | None
    by: str | None
    on: date
    outcome: str | None
