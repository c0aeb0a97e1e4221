"""Planning backward: what each step from the goal to the first contact needs, and where the plan does not add up."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile
from math import ceil

from tracker.domain import forecast
from tracker.domain.errors import NotFound
from tracker.domain.likeness import shared_words, words_of
from tracker.domain.tasks import OPEN, STAGES
from tracker.services.header import objectives_with_figures
from tracker.services.workspace import Workspace
from tracker.storage import journey_rows, queries, strategy_rows, task_rows
from tracker.storage.rows import Card, IdeaRow, KeyResultRow
from tracker.storage.strategy_rows import Row

COUNTS = frozenset({"number", "milestone"})
"""Kinds of metrics that count something; a share of a percentage or of money is no number of people."""
IDEAS_LOOKED_AT = 200
"""The newest ideas and the newest arrivals, among which those are looked for that fit a step."""

Figures = Mapping[str, KeyResultRow]
"""Key results of the plan's cycle by id."""


@dataclass(frozen=True, slots=True)
class CountedBy:
    """The key result that counts a step."""

    id: str
    title: str
    figures: KeyResultRow | None
    """None when it is not among those of the plan's cycle."""
    planned: Decimal | None
    """Target less baseline; None when it does not count up."""
    gained: Decimal | None
    """Latest value less baseline; None before the first check-in too."""
    why_not: str
    """Why it cannot be held against what the plan needs; empty when it can."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What share really comes up to a step from the one below."""

    rate: Decimal
    below: Decimal | None
    """How many were counted below, None when nothing counts them."""
    unit: str
    """What those below are."""
    assumed: Decimal | None
    """What the plan says."""
    is_noted: bool
    """Somebody wrote it down; else two key results say it."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with its figures."""

    position: int
    """0 is the goal."""
    title: str
    stage: str
    is_stage_known: bool
    rate: Decimal | None
    """The share that goes up to the step above, None for the goal and when nobody said."""
    rate_if: Decimal | None
    """The share that is tried out."""
    actual_rate: Decimal | None
    """The share that was seen, as somebody noted it."""
    needs: int | None
    """How many have to get here; None while that is unknown."""
    needs_if: int | None
    """The same with the rates that are tried out; None when nothing is."""
    why_unknown: str
    """Why nobody knows what is needed."""
    counted_by: CountedBy | None
    short: Decimal | None
    """How many fewer the key result plans than are needed, None when it plans enough or cannot be compared."""
    open: int
    done: int
    min_pieces: int | None
    """How many tasks are wanted."""
    observed: Observed | None
    """What comes up from the step below."""
    idea: IdeaRow | None
    """The idea that fits best where nothing is done yet."""

    @property
    def is_missing(self) -> bool:
        """Whether no task serves it."""
        return self.open + self.done == 0

    @property
    def is_thin(self) -> bool:
        """Whether fewer tasks serve it than are wanted."""
        return not self.is_missing and self.open + self.done < (self.min_pieces or 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan back from a key result."""

    today: date
    goal: KeyResultRow
    steps: tuple[StepRow, ...]
    """From the goal down; none when nobody planned yet."""
    what_if: Mapping[int, Decimal]
    """The rates that are tried out, by position."""
    strays: Mapping[int, int]
    """Tasks on steps that the plan does not have, by number of the step."""
    ideas: tuple[IdeaRow, ...]
    """What waits, newest first."""
    stages: tuple[str, ...]
    """The stages of the strategy."""
    is_open: bool
    """Whether it may still be changed."""

    def step(self, position: int) -> StepRow:
        """The step at a position.

        Raises:
            NotFound: the plan has none there; the message lists those there are.
        """
        found = next((step for step in self.steps if step.position == position), None)
        if found is None:
            known = ", ".join(f"{step.position} {step.title}" for step in self.steps) or "none yet"
            raise NotFound(f"The plan of {self.goal.id} has no step {position}; its steps are {known}.")
        return found

    def cited_on(self, position: int) -> str:
        """The key result that a task on a step cites when nobody says which: the nearest one up that counts."""
        above = [step.counted_by for step in self.steps if step.position <= position]
        known = (each.id for each in reversed(above) if each is not None and each.figures is not None)
        return next(known, self.goal.id)

    def needs_with(self, what_if: Mapping[int, Decimal]) -> tuple[int, ...]:
        """What the steps would need with other rates, from the goal down, as far as it is known."""
        rates = [what_if.get(step.position, step.rate) for step in self.steps[1:]]
        return _needs(counted(self.goal.id, self.goal), rates) if self.steps else ()

    def ideas_for(self, position: int) -> tuple[IdeaRow, ...]:
        """What waits, what fits the step best first."""
        title = words_of(self.step(position).title)
        return tuple(sorted(self.ideas, key=lambda idea: -fit(title, idea)))


def plan_back(ws: Workspace, key_result: str, what_if: Mapping[int, Decimal] | None = None) -> Plan:
    """The plan of a key result, and what it would need with other rates (nothing is saved).

    Raises:
        NotFound: there is no such key result or it was dropped, or a rate is tried on a step that is not there.
        Refused: a rate is no share.
    """
    tried = dict(what_if or {})
    with ws.store.snapshot() as connection:
        cycle = journey_rows.cycle_of(connection, key_result)
        figures = figures_of(connection, cycle, ws.clock.today)
        goal = figures.get(key_result)
        if goal is None or cycle is None:
            raise NotFound(f"{key_result} is no key result that has a plan: it is not there, or it was dropped.")
        rows = journey_rows.steps_of(connection, key_result)
        members = members_of(connection, str(cycle["id"]), key_result)
        tasks = journey_rows.tasks_by_step(connection, members)
        own = task_rows.own_list(connection, "stages")
        titles = _titles_elsewhere(connection, rows, figures)
        ideas = _waiting(connection)
    stages = (*own, STAGES[-1]) if own else STAGES
    plan = Plan(
        today=ws.clock.today, goal=goal, what_if=tried, ideas=ideas, stages=tuple(stages),
        steps=_steps(rows, _Ground(goal, {**titles, **figures}, figures, tasks, ideas, stages), tried),
        strays=_strays(rows, tasks), is_open=goal.status in ("draft", "active"),
    )
    for position in tried:
        if plan.step(position) is plan.steps[0]:
            raise NotFound(f"Step {position} is the goal; nothing goes up from there, so it has no rate.")
    return plan


def planned_key_result(ws: Workspace, near: str | None = None) -> str | None:
    """Whose plan to open: the one that `near` has a part in, else the first of the running cycle; None without any."""
    with ws.store.snapshot() as connection:
        strategy = strategy_rows.active_strategy(connection)
        cycle = strategy and strategy_rows.running_cycle(connection, str(strategy["id"]))
        if not cycle:
            return None
        known = journey_rows.key_results_of_cycle(connection, str(cycle["id"]))
        links = journey_rows.links_of(connection, known)
        return _plan_that_counts(near, links)


def tasks_on_step(ws: Workspace, key_result: str, position: int, most: int) -> tuple[Card, ...]:
    """Some of the tasks that stand on a step: open ones first, then the newest."""
    with ws.store.snapshot() as connection:
        cycle = journey_rows.cycle_of(connection, key_result)
        members = members_of(connection, str(cycle["id"]), key_result) if cycle else ()
        found = queries.cards_by_id(connection, journey_rows.newest_on_step(connection, members, position, 4 * most))
    cards = [card for card in found if card.status != "cancelled"]
    return tuple(sorted(cards, key=lambda card: (card.status not in OPEN, -card.number))[:most])


def figures_of(connection: sqlite3.Connection, cycle: Row | None, today: date) -> Figures:
    """The key results of a cycle that were not dropped, by id."""
    objectives = objectives_with_figures(connection, cycle, today)
    return {row.id: row for objective in objectives for row in objective.key_results}


def members_of(connection: sqlite3.Connection, cycle: str, key_result: str) -> tuple[str, ...]:
    """The key results whose tasks stand on the steps of one's plan.

    A task names its key result and the number of a step, not the plan. It is its key result's own plan; without one,
    the plan that the key result counts a step of; else the first of the cycle.
    """
    known = journey_rows.key_results_of_cycle(connection, cycle)
    links = journey_rows.links_of(connection, known)
    links.setdefault(key_result, set())
    ordered = {each: links[each] for each in known if each in links}
    return tuple(each for each in known if _plan_that_counts(each, ordered) == key_result)


def _plan_that_counts(key_result: str | None, links: Mapping[str, Collection[str]]) -> str | None:
    if key_result in links:
        return key_result
    return next((plan for plan, counted in links.items() if key_result in counted), next(iter(links), None))


def _waiting(connection: sqlite3.Connection) -> tuple[IdeaRow, ...]:
    """Own ideas, then arrivals, newest first."""
    found = [
        IdeaRow(str(row["id"]), kind, str(row["title"]), _text(row[source]), _text(row.get("by")),
                date.fromisoformat(str(row["on"])), None)
        for table, kind, source in (("idea", "idea", "source"), ("import_item", "arrival", "connector"))
        for row in journey_rows.newest_waiting(connection, table, IDEAS_LOOKED_AT)
    ]
    return tuple(found)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _titles_elsewhere(connection: sqlite3.Connection, rows: Sequence[Row], figures: Figures) -> dict[str, str]:
    """Titles of linked key results that are not of the plan's cycle."""
    linked = {str(row["linked_key_result"]) for row in rows if row["linked_key_result"] is not None}
    return {
        key_result: str(found[0]["title"])
        for key_result in sorted(linked - figures.keys())
        if (found := strategy_rows.rows_of(connection, "key_result", "id = ?", (key_result,)))
    }


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the figures of the steps are made of."""

    goal: KeyResultRow
    titles: Mapping[str, object]
    figures: Figures
    tasks: Mapping[int, Mapping[str, int]]
    ideas: Sequence[IdeaRow]
    stages: Collection[str]

    def counted_by(self, row: Row) -> CountedBy | None:
        linked = row["linked_key_result"]
        return None if linked is None else counted(str(linked), self.figures.get(str(linked)),
                                                   str(self.titles.get(str(linked), linked)))

    def idea_for(self, title: str) -> IdeaRow | None:
        words = words_of(title)
        best = max(self.ideas, key=lambda idea: fit(words, idea), default=None)
        return best if best is not None and fit(words, best) else None


def counted(key_result: str, figures: KeyResultRow | None, title: str = "") -> CountedBy:
    """What a key result plans and has gained, as a number of people or things."""
    if figures is None:
        return CountedBy(key_result, title, None, None, None, "is not a key result of this cycle")
    if figures.direction != "increase" or figures.baseline is None:
        return CountedBy(key_result, figures.title, figures, None, None, "does not count up")
    if figures.metric_kind not in COUNTS:
        return CountedBy(key_result, figures.title, figures, None, None, f"is a {figures.metric_kind}, not a count")
    gained = None if figures.value is None else figures.value - figures.baseline
    return CountedBy(key_result, figures.title, figures, figures.target - figures.baseline, gained, "")


def fit(words: frozenset[str], idea: IdeaRow) -> int:
    """How well an idea fits words: what it says of itself counts twice what is said of where it came from."""
    return 2 * shared_words(words, words_of(idea.title)) + shared_words(words, words_of(idea.source or ""))


def _steps(rows: Sequence[Row], ground: _Ground, what_if: Mapping[int, Decimal]) -> tuple[StepRow, ...]:
    goal = counted(ground.goal.id, ground.goal)
    rates = [_number(row["rate"]) for row in rows[1:]]
    tried = [what_if.get(_position(row), rate) for row, rate in zip(rows[1:], rates, strict=True)]
    needs, needs_if = _needs(goal, rates), _needs(goal, tried) if what_if else ()
    unknown = _why_unknown(rows, goal, rates)
    counts = [ground.counted_by(row) for row in rows]
    return tuple(
        _step(
            row, ground, is_goal=at == 0, rate_if=what_if.get(_position(row)), counted_by=counts[at],
            needs=needs[at] if at < len(needs) else None,
            needs_if=needs_if[at] if at < len(needs_if) else None, why_unknown=unknown[at],
            observed=_observed(counts[at], rows[at + 1], counts[at + 1]) if at + 1 < len(rows) else None,
        )
        for at, row in enumerate(rows)
    )


def _needs(goal: CountedBy, rates: Sequence[Decimal | None]) -> tuple[int, ...]:
    """What the steps need as far down as it is known."""
    if goal.planned is None:
        return ()
    known = [rate for rate in takewhile(lambda rate: rate is not None, rates) if rate is not None]
    return forecast.plan_back(ceil(goal.planned), known)


def _why_unknown(rows: Sequence[Row], goal: CountedBy, rates: Sequence[Decimal | None]) -> list[str]:
    if goal.planned is None:
        return [f"{goal.id} {goal.title} {goal.why_not}"] * len(rows)
    missing = next((at for at, rate in enumerate(rates, 1) if rate is None), len(rows))
    return [
        "" if at < missing else "nobody said how many go up from here" if at == missing
        else f"step {_position(rows[missing])} has no rate"
        for at in range(len(rows))
    ]


def _step(
    row: Row, ground: _Ground, *, is_goal: bool, rate_if: Decimal | None, counted_by: CountedBy | None,
    needs: int | None, needs_if: int | None, why_unknown: str, observed: Observed | None,
) -> StepRow:
    statuses = ground.tasks.get(_position(row), {})
    open_tasks, done = sum(statuses.get(status, 0) for status in OPEN), statuses.get("done", 0)
    title, min_pieces = str(row["title"]), row["min_pieces"]
    return StepRow(
        position=_position(row), title=title, stage=str(row["stage"]), is_stage_known=row["stage"] in ground.stages,
        rate=None if is_goal else _number(row["rate"]), rate_if=rate_if, actual_rate=_number(row["actual_rate"]),
        needs=needs, needs_if=needs_if, why_unknown=why_unknown, counted_by=counted_by,
        short=_short(needs, counted_by), open=open_tasks, done=done,
        min_pieces=None if min_pieces is None else int(str(min_pieces)), observed=observed,
        idea=None if open_tasks + done else ground.idea_for(title),
    )


def _short(needs: int | None, counted_by: CountedBy | None) -> Decimal | None:
    if needs is None or counted_by is None or counted_by.planned is None:
        return None
    short = forecast.shortfall(needs, counted_by.planned)
    return short if short > 0 else None


def _observed(here: CountedBy | None, below: Row, counted_below: CountedBy | None) -> Observed | None:
    """The share that came up from the step below: as somebody noted it, else as two key results count it."""
    arrived = here.gained if here is not None else None
    gained = counted_below.gained if counted_below is not None else None
    unit = counted_below.figures.unit if counted_below is not None and counted_below.figures is not None else ""
    noted, assumed = _number(below["actual_rate"]), _number(below["rate"])
    if noted is not None:
        return Observed(noted, gained if gained and gained > 0 else None, unit, assumed, True)
    if arrived is None or gained is None or gained <= 0 or not 0 <= arrived <= gained:
        return None
    return Observed(arrived / gained, gained, unit, assumed, False)


def _strays(rows: Sequence[Row], tasks: Mapping[int, Mapping[str, int]]) -> dict[int, int]:
    known = {_position(row) for row in rows}
    counts = {
        step: sum(n for status, n in statuses.items() if status in OPEN or status == "done")
        for step, statuses in sorted(tasks.items()) if step not in known
    }
    return {step: n for step, n in counts.items() if n}


def _position(row: Row) -> int:
    return int(str(row["position"]))


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
