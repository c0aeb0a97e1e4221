"""Made-up work for the demo's strategy: any number of tasks, the same ones every time.

The shares of the statuses are the demo's. Finished work spreads over as many days as a growing team would have taken,
up to ten years, so that nobody finishes thousands of tasks a day; open work is of the last months.
"""

from __future__ import annotations

from bisect import bisect
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from math import sqrt
from random import Random

AS_OF = date(2026, 10, 19)
"""The day that everything is reckoned at."""
SEED = 20261019
LONGEST_HISTORY_DAYS = 3650
OPEN_HISTORY_DAYS = 120
LAST_DUE_DAYS = 120

Row = tuple[object, ...]

TASK_COLUMNS = (
    "number", "id", "title", "key_result", "contribution", "notes", "stage", "kind", "medium", "channel", "owner",
    "status", "priority", "rank", "created_on", "assigned_on", "started_on", "review_on", "done_on", "due_on",
    "estimate_low_h", "estimate_high_h", "cost_minor", "blocked_reason", "blocked_on", "cancel_reason", "cancelled_on",
)
EVENT_COLUMNS = ("task", "seq", "on_date", "from_status", "to_status", "actor")
COMMENT_COLUMNS = ("task", "on", "by", "body")
DEPENDENCY_COLUMNS = ("task", "waits_for")
LINK_COLUMNS = ("task", "connector", "external_id", "state", "synced_on")

_STATUSES = ("backlog", "assigned", "doing", "review", "done", "cancelled")
_SHARES = tuple(accumulate((6, 9, 9, 4, 33, 1)))  # of the demo's 62 tasks
_LINK_STATES = ("synced", "synced", "synced", "synced", "pending", "changed_here", "changed_there", "conflict")
_SUBJECTS = (
    "Millbrook", "Bridge Street", "Harbour Road", "Two Oaks", "Café Zoë", "Weißensee", "Łódź", "Åkersgata", "spring",
    "summer", "autumn", "winter", "week 12", "the newsletter", "the launch", "new clients", "old clients", "partners",
)
_NOTES = "Agreed in the Monday round. Keep it short, one picture, one link; ask the clinic before naming it."
_MESSAGES = (
    "Draft is in the folder, please read.", "Can we have this before Friday?", "Numbers look better than last week.",
    "Waiting for the photo.", "Changed the headline, same link.",
)
_FIRST_NAMES = (
    "ada", "ben", "cleo", "dan", "eva", "finn", "gita", "hugo", "ines", "jan", "kim", "leo", "mia", "nils", "ola",
    "pia", "quinn", "rosa", "sam", "tara", "uma", "vera", "will", "xena", "yara", "zoe", "amos", "bela", "cora", "dora",
    "emil", "fred", "gus", "hana",
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What of a demo task the made-up ones take over."""

    title: str
    contribution: str
    stage: str
    medium: str
    channel: str | None
    kind: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Source:
    """What the made-up tasks refer to."""

    patterns: Sequence[Pattern]
    open_key_results: Sequence[str]
    past_key_results: Sequence[str]
    people: Sequence[str]
    connector: str


@dataclass(slots=True)
class Batch:
    """Rows of neighbouring tasks, by table."""

    tasks: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    comments: list[Row] = field(default_factory=list)
    dependencies: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)


def more_people(size: int, present: int) -> list[str]:
    """Ids of the people to add so that a team of 6 (100 tasks) to 40 (a million) has them."""
    team = 6 + round(34 * min(1.0, max(0, len(str(size)) - 3) / 4))
    return list(_FIRST_NAMES[: max(0, team - present)])


def batches(source: Source, first: int, last: int, each: int = 20_000) -> Iterator[Batch]:
    """The tasks numbered `first`..`last`, a batch at a time."""
    maker = _Maker(source, last)
    for start in range(first, last + 1, each):
        batch = Batch()
        for number in range(start, min(start + each, last + 1)):
            maker.add(batch, number)
        yield batch


class _Maker:
    def __init__(self, source: Source, size: int) -> None:
        self.source = source
        self.size = size
        self.random = Random(SEED)
        self.history_days = min(LONGEST_HISTORY_DAYS, max(30, round(45 * sqrt(size / 100))))
        oldest = self.history_days + 2 * OPEN_HISTORY_DAYS
        self.days = [(AS_OF + timedelta(n)).isoformat() for n in range(-oldest, LAST_DUE_DAYS + 1)]
        self.today = oldest
        self.lately_open: deque[str] = deque(maxlen=50)

    def add(self, batch: Batch, number: int) -> None:
        """Make one task and what hangs on it."""
        chance, source = self.random.random, self.source
        status = _STATUSES[bisect(_SHARES, chance() * _SHARES[-1])]
        pattern = source.patterns[int(chance() * len(source.patterns))]
        owner = source.people[int(chance() * len(source.people))] if status != "backlog" else None
        days = self._days(status, number)
        id_ = f"T-{number:03d}"
        batch.tasks.append((
            number, id_, f"{pattern.title}, {_SUBJECTS[int(chance() * len(_SUBJECTS))]} {number}",
            self._key_result(status), pattern.contribution if chance() < 0.9 else "", _NOTES if chance() < 0.2 else "",
            pattern.stage, pattern.kind, pattern.medium, pattern.channel, owner, status,
            "high" if chance() < 0.1 else "normal", 0 if chance() < 0.95 else int(chance() * 9) - 4,
            *self._dates(days), self._due(status, days),
            pattern.low, pattern.high, 0 if chance() < 0.8 else 5000,
            *self._blocked(status, days), *self._cancelled(status, days),
        ))
        self._events(batch, id_, owner, days)
        self._rest(batch, id_, status, owner or source.people[0])

    def _key_result(self, status: str) -> str:
        past = status == "done" and self.source.past_key_results and self.random.random() < 0.2
        choice = self.source.past_key_results if past else self.source.open_key_results
        return choice[int(self.random.random() * len(choice))]

    def _days(self, status: str, number: int) -> dict[str, int]:
        """On which day the task entered each state that it has been in."""
        chance, today = self.random.random, self.today
        if status == "done":
            done = today - round(self.history_days * (1 - number / self.size) + chance() * 20)
            days = {"done": done, "doing": done - int(chance() * 12)}
            if chance() < 0.6:
                days["review"] = done - int(chance() * (done - days["doing"] + 1))
            days["assigned"] = days["doing"] - int(chance() * 7)
            days["backlog"] = days["assigned"] - int(chance() * 14)
            return days
        created = today - int(chance() * OPEN_HISTORY_DAYS)
        path = ("assigned", "doing", "review")
        reached: tuple[str, ...] = path[: path.index(status) + 1] if status in path else ()
        if status == "cancelled":
            reached = ("cancelled",)
        days = {"backlog": created}
        for state in reached:
            created += int(chance() * min(8, today - created + 1))
            days[state] = created
        return days

    def _dates(self, days: dict[str, int]) -> tuple[str | None, ...]:
        return tuple(
            self.days[days[state]] if state in days else None
            for state in ("backlog", "assigned", "doing", "review", "done")
        )

    def _due(self, status: str, days: dict[str, int]) -> str | None:
        chance = self.random.random
        if status == "backlog" and chance() < 0.5:
            return None
        if status == "done":
            return self.days[days["done"] + int(chance() * 6) - 1]
        return self.days[self.today - 10 + int(chance() * (LAST_DUE_DAYS if chance() < 0.3 else 30))]

    def _blocked(self, status: str, days: dict[str, int]) -> tuple[str | None, str | None]:
        if status not in ("assigned", "doing", "review") or self.random.random() > 0.05:
            return None, None
        return "waits for the printer's proof", self.days[days[status]]

    def _cancelled(self, status: str, days: dict[str, int]) -> tuple[str | None, str | None]:
        return ("no longer needed", self.days[days["cancelled"]]) if status == "cancelled" else (None, None)

    def _events(self, batch: Batch, id_: str, owner: str | None, days: dict[str, int]) -> None:
        before: str | None = None
        order = ("backlog", "assigned", "doing", "review", "done", "cancelled")
        for seq, state in enumerate((state for state in order if state in days), 1):
            batch.events.append((id_, seq, self.days[days[state]], before, state, owner))
            before = state

    def _rest(self, batch: Batch, id_: str, status: str, person: str) -> None:
        chance = self.random.random
        if chance() < 0.2:
            body = _MESSAGES[int(chance() * len(_MESSAGES))]
            batch.comments.append((id_, f"{self.days[self.today - int(chance() * 30)]}T09:30", person, body))
        if status in ("assigned", "doing", "review") and chance() < 0.3:
            state = _LINK_STATES[int(chance() * len(_LINK_STATES))]
            batch.links.append((id_, self.source.connector, f"bench-{id_}", state, self.days[self.today]))
        if status in ("backlog", "assigned"):
            # only on an earlier one, so that no circle can come about
            if self.lately_open and chance() < 0.06:
                batch.dependencies.append((id_, self.lately_open[int(chance() * len(self.lately_open))]))
            self.lately_open.append(id_)
