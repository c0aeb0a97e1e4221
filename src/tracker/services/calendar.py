"""The calendar: what is due and what is published on each day, what comes round, and where nothing is planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from tracker.domain.errors import WrongUsage
from tracker.domain.tasks import OPEN
from tracker.services.outcome import Outcome
from tracker.services.task_fields import checked_fields
from tracker.services.workspace import Workspace
from tracker.storage import calendar_rows
from tracker.storage.calendar_rows import DUE, PUBLISH
from tracker.storage.rows import Card

FIELDS: Mapping[str, str] = {DUE: "due_on", PUBLISH: "publish_on"}
BOTH = (DUE, PUBLISH)
WEEK = 7
WORKING_DAYS = 5
MOST_OF_A_DAY = 200
"""Entries of one day that are read at once, where all of it is wanted."""
MOST_COMING = 60
"""Coming days of one series that are shown at once."""


class Entry(NamedTuple):
    """A task on the day that it is due or published."""

    what: str
    """DUE or PUBLISH."""
    card: Card
    day: date

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from other entries."""
        return self.card.id, self.what

    def is_late(self, today: date) -> bool:
        """Whether the day is over and the task still open."""
        return self.day < today and self.card.status in OPEN


class Coming(NamedTuple):
    """A day on which an open task's series will come round again."""

    what: str
    task: str
    title: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar."""

    day: date
    entries: tuple[Entry, ...] = ()
    """As many as were asked for: open before done, published before due."""
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Tasks by DUE and PUBLISH, then by status; cancelled ones are left out."""
    coming: tuple[Coming, ...] = ()

    def total(self, shown: Sequence[str] = BOTH) -> int:
        """How many entries of these kinds the day has."""
        return sum(sum(self.counts.get(what, {}).values()) for what in shown)

    def late(self, today: date, shown: Sequence[str] = BOTH) -> int:
        """How many of them are open although the day is over."""
        if self.day >= today:
            return 0
        found = ((status, n) for what in shown for status, n in self.counts.get(what, {}).items())
        return sum(n for status, n in found if status in OPEN)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Where in the cycle nothing is published: working days, and whole weeks (each by its Monday)."""

    cycle: str
    first: date
    last: date
    published: int
    """Tasks with a publish day in the cycle."""
    days: frozenset[date]
    weeks: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Neighbouring days, and the gaps of the running cycle."""

    days: tuple[Day, ...]
    gaps: Gaps | None
    """None while no cycle runs."""

    def on(self, day: date) -> Day:
        """The day; an empty one outside those that were read."""
        index = (day - self.days[0].day).days if self.days else -1
        return self.days[index] if 0 <= index < len(self.days) else Day(day)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=WEEK - 1)


def weeks_of_month(day: date) -> tuple[date, date]:
    """The Monday before a month's first day and the Sunday after its last."""
    first = day.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return week_of(first)[0], week_of(after - timedelta(days=1))[1]


def calendar(
    ws: Workspace, first: date, last: date, *, a_day: int = 5, whole: date | None = None,
    shown: Sequence[str] = BOTH,
) -> Calendar:
    """The days from `first` to `last`, with `a_day` entries each, and MOST_OF_A_DAY on the day `whole`.

    Reads counts and the entries asked for only: it takes as long with a hundred tasks as with a million.
    """
    today = ws.clock.today
    with ws.store.snapshot() as connection:
        counts: dict[date, dict[str, dict[str, int]]] = {}
        for what in BOTH:
            for at, status, tasks in calendar_rows.day_counts(connection, what, first, last):
                if status != "cancelled":
                    counts.setdefault(date.fromisoformat(at), {}).setdefault(what, {})[status] = tasks
        coming = _coming(calendar_rows.open_series(connection), max(first, today), last, today)
        days = []
        for day in _days(first, last):
            wanted = {what: counts[day][what] for what in shown if what in counts.get(day, {})}
            entries = _entries(connection, day, wanted, MOST_OF_A_DAY if day == whole else a_day)
            expected = tuple(each for each in coming.get(day, ()) if each.what in shown)
            days.append(Day(day, entries, counts.get(day, {}), expected))
        cycle = calendar_rows.running_cycle(connection)
        gaps = None if cycle is None else _gaps(*cycle, _published(connection, *_whole_weeks(*cycle[1:])))
    return Calendar(tuple(days), gaps)


def _entries(
    connection: calendar_rows.Connection, day: date, counts: Mapping[str, Mapping[str, int]], most: int
) -> tuple[Entry, ...]:
    """The first entries of a day: what is open before what is done, what is published before what is due."""
    entries: list[Entry] = []
    for is_open in (True, False):
        for what in (PUBLISH, DUE):
            has_some = any((status in OPEN) == is_open for status in counts.get(what, {}))
            if has_some and len(entries) < most:
                found = calendar_rows.of_day(connection, what, day, most - len(entries), is_open=is_open)
                entries += (Entry(what, card, day) for card in found)
    return tuple(entries)


def _whole_weeks(first: date, last: date) -> tuple[date, date]:
    return week_of(first)[0], week_of(last)[1]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _published(connection: calendar_rows.Connection, first: date, last: date) -> dict[date, int]:
    found: dict[date, int] = {}
    for day, status, tasks in calendar_rows.day_counts(connection, PUBLISH, first, last):
        if status != "cancelled":
            key = date.fromisoformat(day)
            found[key] = found.get(key, 0) + tasks
    return found


def _gaps(name: str, first: date, last: date, published: Mapping[date, int]) -> Gaps:
    working = [day for day in _days(first, last) if day.weekday() < WORKING_DAYS]
    weeks: dict[date, bool] = {}
    for day in _days(*_whole_weeks(first, last)):
        monday = week_of(day)[0]
        weeks[monday] = weeks.get(monday, False) or day in published
    # a week that has no working day in the cycle is none that work was missing in
    with_work = {week_of(day)[0] for day in working}
    return Gaps(
        name, first, last, sum(tasks for day, tasks in published.items() if first <= day <= last),
        frozenset(day for day in working if day not in published),
        tuple(monday for monday, has_some in weeks.items() if not has_some and monday in with_work),
    )


def _coming(
    series: Sequence[calendar_rows.Coming], first: date, last: date, today: date
) -> dict[date, list[Coming]]:
    """The days in view on which series come round after their open task."""
    found: dict[date, list[Coming]] = {}
    if not series or first > last:
        return found
    from itertools import islice

    from tracker.domain.recurrence import parse_rule
    from tracker.services.recurrence import coming

    for task, title, kept, due, publish, begun in series:
        try:
            rule = parse_rule(kept, today)
        except WrongUsage:
            continue  # imported before rules were checked
        due_day = date.fromisoformat(due) if due else today
        apart = date.fromisoformat(publish) - due_day if publish else None
        reach = last - apart if apart is not None and apart.days < 0 else last
        for day in islice(coming(rule, date.fromisoformat(begun), max(due_day, today), reach), MOST_COMING):
            for what, at in ((DUE, day), (PUBLISH, None if apart is None else day + apart)):
                if at is not None and first <= at <= last:
                    found.setdefault(at, []).append(Coming(what, task, title))
    return found


# changing


class Moved(NamedTuple):
    """A task's day that is to be another one."""

    task: str
    what: str
    """DUE or PUBLISH."""
    to: date | None
    seen: date | None
    """The day that it has on the screen."""


def reschedule(ws: Workspace, moves: Sequence[Moved], *, anyway: bool = False) -> Outcome:
    """Give tasks other due or publish days, all of it as one change; `anyway` whatever others made of them meanwhile.

    Raises:
        WrongUsage: nothing was named.
        NotFound: a task is not known.
        Conflict: somebody else gave one another day meanwhile.
    """
    if not moves:
        raise WrongUsage("No task was named.")
    label = _label(moves)
    with ws.writing(label) as tx:
        for move in moves:
            name = FIELDS[move.what]
            row = tx.require("task", move.task)
            seen = None if anyway else {name: move.seen}
            tx.update("task", row, checked_fields(tx, {name: move.to}), seen=seen)
    return Outcome(tx.batch, label, tuple(dict.fromkeys(move.task for move in moves)))


def _label(moves: Sequence[Moved]) -> str:
    whats, days = {move.what for move in moves}, {move.to for move in moves}
    what = " and ".join(sorted(whats))
    to = next(iter(days)) if len(days) == 1 else None
    named = moves[0].task if len(moves) == 1 else f"{len({move.task for move in moves})} tasks"
    if len(days) > 1:
        return f"move the {what} days: {named}"
    return f"{what} {to}: {named}" if to is not None else f"no {what} day: {named}"
