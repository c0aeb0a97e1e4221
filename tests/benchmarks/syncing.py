"""Sync against the fake services: how long a first push takes beside what their rates allow, and what a later run asks.

The fakes answer after 20 ms and keep the published rates. Pauses are not waited for but added to the clock that both
sides go by, so that the seconds here are those of a real run. Memory is that of the program in a process of its own.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.benchmarks.processes import run_whole
from tests.conftest import FIRST
from tests.sync.fakes.asana import AsanaFake
from tests.sync.fakes.wrike import WrikeFake
from tests.sync.two_sides import QUICK, Sides, connected
from tracker.clock import stopped_clock, system_clock
from tracker.plugins import adapter_kind
from tracker.services import sync, tasks
from tracker.services.strategy import strategy_first
from tracker.services.sync import SyncReport
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.store import Store
from tracker_sync.http import Waiting

ANSWER_SECONDS = 0.02
RATES = {"asana": 150, "wrike": 400}
"""Requests a minute: what is published for a free workspace of Asana, and for Wrike."""
MIXED = ("assigned", "assigned", "assigned", "doing", "review")
"""Statuses of tasks of which some are further on than the first section there."""
PUSHED, LINKED = 1_000, (1_000, 10_000)
HERE, THERE = 3, 2
"""Tasks that are changed on each side."""


class Skipping:
    """The clock of both sides: real time, and what would have been waited."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def now(self) -> float:
        """Seconds."""
        return time.perf_counter() + self.skipped

    def moment(self) -> datetime:
        """What records there are dated with."""
        return datetime.now(UTC) + timedelta(seconds=self.skipped)

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.skipped += seconds


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    name: str
    seconds: float
    requests: int
    rejected: int
    own_seconds: float
    """Without what the service takes to answer and what is waited for its rate."""
    report: SyncReport


@contextmanager
def place(kind: str, size: int, statuses: Sequence[str] = ("assigned",)) -> Iterator[tuple[Sides, Skipping]]:
    """A connected database with so many tasks of these statuses in turn, none of them pushed."""
    clock = Skipping()
    kind_of_fake = AsanaFake if kind == "asana" else WrikeFake
    with tempfile.TemporaryDirectory() as folder, kind_of_fake(clock.moment) as fake:
        begun = Path(folder) / "begun.sqlite3"
        store = Store.open(begun)
        strategy_first(Workspace(store, stopped_clock(datetime.now(UTC)), "mara"), FIRST)
        store.close()
        sides = connected(kind, begun, Path(folder) / "person", fake)
        sides.doing(lambda ws: _fill(ws, size, statuses))
        yield sides, clock


def _fill(ws: Workspace, size: int, statuses: Sequence[str]) -> None:
    ws.store.connection.execute("PRAGMA synchronous = OFF")  # of making them no time is taken
    for number in range(size):
        tasks.add_task(ws, NewTask(f"Task {number}", "KR-01", owner="mara", contribution="brings calls"))
    for begin, status in enumerate(statuses, 1):
        if status != "assigned":
            ids = [f"T-{number:03}" for number in range(begin, size + 1, len(statuses))]
            tasks.move_tasks(ws, ids, status)


def measured(name: str, sides: Sides, clock: Skipping) -> Measured:
    """A run by the clock, the service answering after its time and keeping its rate."""
    fake = sides.fake
    fake.limit(RATES[sides.kind], clock.now)
    fake.delay = ANSWER_SECONDS
    clock.sleep(60)  # what was asked before does not count any more
    with fake.state:
        fake.log.clear()
    began, skipped = clock.now(), clock.skipped
    report = run(sides, clock)
    took = clock.now() - began
    asked = fake.requests()
    own = took - (clock.skipped - skipped) - len(asked) * ANSWER_SECONDS
    return Measured(name, took, len(asked), sum(each.status == 429 for each in asked), own, report)


def run(sides: Sides, clock: Skipping) -> SyncReport:
    """A run of the engine through the real adapter."""
    ws = Workspace(Store.open(sides.database), system_clock(), "mara")
    kind: Any = adapter_kind(sides.kind)
    where = sync.connection(ws, sides.kind).remote()
    adapter = kind.open(sides.stage.token, where, waiting=Waiting(clock.now, clock.sleep))
    try:
        return sync.run(ws, sides.kind, adapter, wait=clock.sleep)
    finally:
        adapter.close()
        ws.store.close()


def first_push(kind: str, size: int, statuses: Sequence[str] = ("assigned",)) -> Measured:
    """A push of tasks that were never there."""
    with place(kind, size, statuses) as (sides, clock):
        found = measured(f"first push of {size:,}", sides, clock)
        if len(sides.there()) != size or found.report.counts != {"create": size}:
            raise AssertionError(found.report)
    return found


def allowed(kind: str, requests: int) -> float:
    """Seconds in which the rate lets so many requests through."""
    return requests / RATES[kind] * 60


def later_runs(kind: str, size: int, say: Callable[[str], None]) -> tuple[list[Measured], float]:
    """Runs on so many linked tasks, and the peak of memory in MiB of one with changes in a process of its own."""
    with place(kind, size) as (sides, clock):
        say(f"sync: {kind}, linking {size:,} tasks")
        _link_all(sides, clock)
        found = [measured(f"run right after linking {size:,}", sides, clock)]
        found.append(measured(f"nothing to do among {size:,}", sides, clock))
        _change(sides, 0)
        found.append(measured(f"{HERE + THERE} changes among {size:,}", sides, clock))
        sides.fake.limit(None)
        _change(sides, 1)
        peak = _peak(sides)
    return found, peak


def _link_all(sides: Sides, clock: Skipping) -> None:
    sides.fake.limit(None)
    sides.fake.delay = 0.0
    report = run(sides, clock)  # at the pace of the rate, so that the tasks are not all of one minute
    if report.outcome != "done":
        raise AssertionError(report)


def _change(sides: Sides, nth: int) -> None:
    """Changes of all kinds: owner, due day, status with the day it was begun; a title and a due day there."""
    owned, due, begun = (f"T-{number:03}" for number in range(20 * nth + 1, 20 * nth + 1 + 7 * HERE, 7))
    day = date.today() + timedelta(days=14)  # noqa: DTZ011  any day will do
    sides.doing(lambda ws: tasks.assign_tasks(ws, [owned], "lena"))
    sides.doing(lambda ws: tasks.set_due(ws, [due, begun], day))
    sides.doing(lambda ws: tasks.move_tasks(ws, [begun], "doing"))
    titled, moved = list(sides.fake.tasks)[50 + THERE * nth : 50 + THERE * (nth + 1)]
    sides.stage.they_change(titled, {"title": f"Change {nth} there"})
    sides.stage.they_change(moved, {"due_on": day.isoformat()})


def _peak(sides: Sides) -> float:
    shutil.rmtree(sides.home / "config", ignore_errors=True)
    return run_whole([sys.executable, "-c", QUICK, "sync", "run"], sides.environment,
                     output=sides.home / "said.txt").peak_mib  # fmt: skip
