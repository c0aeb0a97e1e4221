"""How work flows through the columns, how old it gets, and what the pace of late says about the days to come."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from tracker.domain import forecast
from tracker.domain.errors import WrongUsage
from tracker.domain.tasks import OPEN
from tracker.services.header import header
from tracker.services.pace import Pace, cycle_times, pace
from tracker.services.workspace import Workspace
from tracker.storage import flow_rows, queries
from tracker.storage.rows import Card, Count, CycleRow

BANDS = ("done", "review", "doing", "assigned", "backlog")
"""The bands of the cumulative flow, from the bottom up."""
ORDERED = ("review", "doing", "assigned", "backlog")
"""The columns of open work in the order they are finished: the ordered list goes through them one after the other."""
USUAL_DAYS = 30
"""How far back flow is shown where no cycle says it."""
FEWEST_DAYS, MOST_DAYS = 2, 1000


class Day(NamedTuple):
    """How many tasks each band held at the end of a day; `done` counts from the first day shown."""

    on: date
    done: int
    review: int
    doing: int
    assigned: int
    backlog: int
    finished: int
    """Tasks done on that day."""


class Finished(NamedTuple):
    """Tasks that were done on a day after so many days of work."""

    on: date
    days: int
    tasks: int


class Week(NamedTuple):
    """What was finished in a week that begins on a Monday."""

    monday: date
    tasks: int
    is_whole: bool
    """Whether all seven days of it lie in what is shown."""


@dataclass(frozen=True, slots=True)
class CycleTimes:
    """How long tasks took that were done within a year."""

    tasks: int
    percentiles: Mapping[int, int]
    """Days by percentage; empty when nothing was done."""

    @property
    def sle_days(self) -> int | None:
        """The service level expectation."""
        return self.percentiles.get(forecast.SERVICE_LEVEL)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the sample says about the open tasks."""

    today: date
    open_tasks: int
    ends_on: date | None
    """Last day of the running cycle, None without one."""
    days_left: int
    """Days of the cycle after today."""
    sample: Pace
    finishing: Mapping[int, int]
    """How many of the open tasks finish by the end of the cycle, by confidence; empty when that is unknown."""
    all_done: Mapping[int, date | None]
    """The day by which all open tasks are done, by confidence; None: not in a lifetime. Empty when unknown."""
    chance_of_all: Decimal | None
    """Percent: that all open tasks are done by the end of the cycle."""

    @property
    def is_known(self) -> bool:
        """Whether there is enough history."""
        return self.sample.is_enough


@dataclass(frozen=True, slots=True)
class Flow:
    """Everything the flow screen and command show, as of a day."""

    today: date
    cycle: CycleRow | None
    days: tuple[Day, ...]
    is_cycle: bool
    """Whether the days are those of the running cycle up to today."""
    finished: tuple[Finished, ...]
    cycle_times: CycleTimes
    in_work: int
    past_sle: Count
    """Tasks in work longer than the service level expectation, recurring ones left out."""
    outlook: Outlook

    @property
    def weeks(self) -> tuple[Week, ...]:
        """What each week shown finished."""
        done: Counter[date] = Counter()
        lengths: Counter[date] = Counter()
        for day in self.days:
            monday = day.on - timedelta(days=day.on.weekday())
            done[monday] += day.finished
            lengths[monday] += 1
        return tuple(Week(monday, done[monday], lengths[monday] == 7) for monday in lengths)


class Ageing(NamedTuple):
    """A task in work and its age."""

    card: Card
    days: int
    is_past: bool
    """Whether it is older than the service level expectation; one that recurs never is."""


def flow(ws: Workspace, days: int | None = None) -> Flow:
    """Flow over so many days up to today, or over the running cycle so far.

    Raises:
        WrongUsage: so many days cannot be shown.
    """
    if days is not None and not FEWEST_DAYS <= days <= MOST_DAYS:
        raise WrongUsage(f"Flow is shown over {FEWEST_DAYS} to {MOST_DAYS:,} days, and {days} is not among them.")
    today = ws.clock.today
    figures = header(ws)
    cycle = figures.cycle if figures is not None else None
    is_cycle = days is None and cycle is not None and cycle.starts_on < today
    if cycle is not None and is_cycle:
        first = max(cycle.starts_on, today - timedelta(days=MOST_DAYS - 1))
    else:
        first = today - timedelta(days=(days or USUAL_DAYS) - 1)
    with ws.store.snapshot() as connection:
        finished = tuple(Finished(*row) for row in flow_rows.finished(connection, first, today))
        times = cycle_times(connection, today)
        sle = forecast.service_level(times)
        held = flow_rows.by_status(connection)
        return Flow(
            today=today, cycle=cycle, days=_days(connection, held, finished, first, today), is_cycle=is_cycle,
            finished=finished,
            cycle_times=CycleTimes(sum(times.values()), _percentiles(times)),
            in_work=held.get("doing", 0) + held.get("review", 0),
            past_sle=Count(0) if sle is None else flow_rows.started_before(connection, _oldest(today, sle)),
            outlook=_outlook(pace(connection, today), sum(held.get(status, 0) for status in OPEN), cycle, today),
        )


def _oldest(today: date, sle: int) -> date:
    """The first day on which a task may have been started and still be within the expectation."""
    return today - timedelta(days=sle - 1)


def _percentiles(times: Mapping[int, int]) -> dict[int, int]:
    found = {confidence: forecast.percentile(times, confidence) for confidence in forecast.CONFIDENCES}
    return {confidence: days for confidence, days in found.items() if days is not None}


def _days(
    connection: sqlite3.Connection, held: Mapping[str, int], finished: Sequence[Finished], first: date, today: date
) -> tuple[Day, ...]:
    """Each day from `first`, reckoned back from what there is now: older days than those shown are never read."""
    changed: dict[date, Counter[str]] = {}
    for on, status, tasks in flow_rows.changes_after(connection, first - timedelta(days=1)):
        changed.setdefault(on, Counter())[status] += tasks
    done_on: Counter[date] = Counter()
    for each in finished:
        done_on[each.on] += each.tasks
    holding = Counter(held)
    for on in [on for on in changed if on > today]:  # a clock set back: what is to come has not happened yet
        holding.subtract(changed.pop(on))
    found: list[tuple[date, Counter[str]]] = []
    for back in range((today - first).days + 1):
        day = today - timedelta(days=back)
        found.append((day, Counter(holding)))
        holding.subtract(changed.get(day, Counter()))
    before = holding["done"]
    return tuple(
        Day._make((day, max(0, at["done"] - before), *(max(0, at[band]) for band in BANDS[1:]), done_on[day]))
        for day, at in reversed(found)
    )


def _outlook(sample: Pace, open_tasks: int, cycle: CycleRow | None, today: date) -> Outlook:
    ends = cycle.ends_on if cycle is not None else None
    left = max((ends - today).days, 0) if ends is not None else 0
    is_running = ends is not None and ends >= today
    finishing: dict[int, int] = {}
    all_done: dict[int, date | None] = {}
    chance = None
    if sample.is_enough:
        for confidence in forecast.CONFIDENCES:
            days = forecast.when_done(sample.daily, open_tasks, confidence)
            all_done[confidence] = None if days is None else today + timedelta(days=days)
            if is_running:
                finishing[confidence] = min(forecast.how_many_by(sample.daily, left, confidence), open_tasks)
        if is_running:
            chance = forecast.chance_percent(sample.daily, open_tasks, left)
    return Outlook(today, open_tasks, ends, left, sample, finishing, all_done, chance)


def chance_of(outlook: Outlook, tasks: int | None, by: date | None) -> Decimal | None:
    """Percent: that so many tasks (None: all open ones) are done by a day (None: the end of the cycle).

    None when there is not enough history, or neither a day nor a cycle.

    Raises:
        WrongUsage: the day is over, or the number is none.
    """
    by = by or outlook.ends_on
    tasks = outlook.open_tasks if tasks is None else tasks
    if tasks < 1:
        raise WrongUsage("Say how many tasks, from 1 up.")
    if by is not None and by < outlook.today:
        raise WrongUsage(f"{by.isoformat()} is over; say a day to come.")
    if by is None or not outlook.is_known:
        return None
    return forecast.chance_percent(outlook.sample.daily, tasks, (by - outlook.today).days)


def ageing(ws: Workspace, start: int, limit: int) -> tuple[Ageing, ...]:
    """Tasks in work from position `start`, the oldest first, each with its age against the expectation."""
    today = ws.clock.today
    with ws.store.snapshot() as connection:
        sle = forecast.service_level(cycle_times(connection, today))
        cards = queries.cards_by_number(connection, flow_rows.ageing_numbers(connection, start, limit))
    return tuple(_aged(card, today, sle) for card in cards)


def _aged(card: Card, today: date, sle: int | None) -> Ageing:
    days = max(1, forecast.age(card.started_on or today, today))
    return Ageing(card, days, sle is not None and days > sle and card.recurs is None)


@dataclass(frozen=True, slots=True)
class CutLine:
    """Where the line stands below which open tasks will not finish by the end of the cycle, with 85 % confidence."""

    finishing: int
    by: date
    status: str | None
    """The column it goes through, None when everything finishes."""
    after: flow_rows.PlanKey | None
    """The place in the plan of the last task above it; None: all of the column is below."""

    def is_last_above(self, card: Card) -> bool:
        """Whether a task is the last one above the line."""
        return self.after is not None and card.status == self.status and card.number == self.after[-1]

    def is_below(self, card: Card) -> bool:
        """Whether a task of the ordered list stands below the line; recurring ones are passed over."""
        if self.status is None or card.status not in ORDERED or card.recurs is not None:
            return False
        if card.status != self.status:
            return ORDERED.index(card.status) > ORDERED.index(self.status)
        due = card.due_on.isoformat() if card.due_on is not None else NEVER
        return self.after is None or (card.waits, card.rank, due, card.number) > self.after


NEVER = "9999-12-31"
"""Where the plan puts tasks without a due day."""


def cut_line(ws: Workspace) -> CutLine | None:
    """The cut line over the columns of the board; None when it is unknown: no cycle, or not enough history."""
    figures = header(ws)
    promised = figures.forecast if figures is not None else None
    if promised is None or promised.at_85 is None:
        return None
    left = promised.at_85
    with ws.store.snapshot() as connection:
        for status in ORDERED:
            if left == 0:
                return CutLine(promised.at_85, promised.by, status, None)
            key = flow_rows.plan_key(connection, status, left - 1)
            if key is not None:
                return CutLine(promised.at_85, promised.by, status, key)
            left -= flow_rows.unrepeated(connection, status, left)
    return CutLine(promised.at_85, promised.by, None, None)
