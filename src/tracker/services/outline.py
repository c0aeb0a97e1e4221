"""The strategy from the top down: objectives, key results, and the first tasks on each, with what they count."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.errors import NotFound
from tracker.domain.filters import TaskFilter
from tracker.domain.tasks import OPEN
from tracker.services.header import header
from tracker.services.workspace import Workspace
from tracker.storage import queries, strategy_rows
from tracker.storage.rows import Card, Header, ObjectiveRow

FIRST_TASKS = 3
"""Open tasks that are shown under a key result unless another number is asked for."""
_LISTED = ("doing", "review", "assigned", "backlog")
"""Started work first, as lists have it."""


@dataclass(frozen=True, slots=True)
class Work:
    """Tasks counted: open ones, and done ones."""

    open: int
    done: int

    def __add__(self, other: Work) -> Work:
        return Work(self.open + other.open, self.done + other.done)


@dataclass(frozen=True, slots=True)
class Branch:
    """The work on one key result."""

    work: Work
    tasks: tuple[Card, ...]
    """The first of the open ones."""

    @property
    def more(self) -> int:
        """How many open tasks are not among `tasks`."""
        return max(0, self.work.open - len(self.tasks))


@dataclass(frozen=True, slots=True)
class Outline:
    """The active strategy with its figures, and the work on each key result of the running cycle by id."""

    header: Header
    branches: Mapping[str, Branch]
    elsewhere: int
    """Open tasks that cite key results of other cycles."""

    @property
    def work(self) -> Work:
        """All of it in the running cycle."""
        return sum((branch.work for branch in self.branches.values()), Work(0, 0))

    def work_on(self, objective: ObjectiveRow) -> Work:
        """The work on all key results of an objective."""
        return sum((self.branches[each.id].work for each in objective.key_results), Work(0, 0))


def outline(ws: Workspace, *, first_tasks: int = FIRST_TASKS) -> Outline:
    """The active strategy from the top down, with at most so many open tasks under each key result.

    Raises:
        NotFound: there is no active strategy.
    """
    above = header(ws)
    if above is None:
        raise NotFound("There is no active strategy yet. Run tracker init (or tracker, for the wizard) first.")
    with ws.store.snapshot() as connection:
        branches = {
            each.id: _branch(connection, each.id, ws.clock.today, first_tasks) for each in above.key_results
        }
        every_open = strategy_rows.open_tasks(connection)
    here = sum(branch.work.open for branch in branches.values())
    return Outline(above, branches, max(0, every_open - here))


def _branch(connection: sqlite3.Connection, key_result: str, today: date, limit: int) -> Branch:
    wanted = TaskFilter(key_result=key_result)
    counts = {status: count.n for status, count in queries.tally(connection, wanted).items()}
    work = Work(sum(counts.get(str(status), 0) for status in OPEN), counts.get("done", 0))
    tasks: list[Card] = []
    for status in _LISTED:
        if len(tasks) < limit and counts.get(status):
            condition = queries.where(status, wanted, today)
            tasks += queries.page(connection, condition, queries.order(status, wanted), 0, limit - len(tasks))
    return Branch(work, tuple(tasks))
