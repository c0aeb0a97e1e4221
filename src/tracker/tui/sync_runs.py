"""Plans and runs of sync, on a thread of their own: neither the event loop nor the data thread waits for a network.

One at a time. The thread tells how far it is by messages; what it brought is kept here until the next one, so that a
screen can be left and come back to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Any

from textual.message import Message

from tracker.domain.errors import TrackerError
from tracker.services.sync import SyncPlan, SyncReport
from tracker.services.workspace import Workspace

PLAN, RUN = "plan", "run"
TELL_SECONDS = 0.1
"""No more often is said how far it is: the screen is painted for each of them."""
LEAVE_SECONDS = 2.0
"""How long leaving the program waits for a run to stop; one that is cut off goes on with the next, nothing is lost."""


@dataclass(frozen=True, slots=True)
class Job:
    """A plan or a run at work."""

    what: str
    connection: str
    done: int = 0
    total: int | None = None
    """None while nobody knows."""
    words: str = "connecting"
    stopping: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """How the last plan or run of a connection ended."""

    what: str
    words: str
    kind: str
    """done, notice or refused, as the footer calls it."""
    asks_for_deletions: int = 0


@dataclass
class SyncMoved(Message):
    """The thread came further, or to its end."""

    job: Job
    result: SyncPlan | SyncReport | None = None
    error: Exception | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it is over."""
        return self.result is not None or self.error is not None


class SyncRuns:
    """What is at work, and what the last ones brought; read and changed on the event loop only."""

    def __init__(self, ws: Workspace, post: Callable[[SyncMoved], object]) -> None:
        """`post` is called on the thread; it may only pass the message on."""
        self._ws = ws
        self._post = post
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._stop = Event()
        self.job: Job | None = None
        """What is at work."""
        self.plans: dict[str, SyncPlan] = {}
        """The newest plan of each connection; a run makes it old."""
        self.endings: dict[str, Ending] = {}

    def plan(self, connection: str) -> None:
        """Begin to find out what a run would do; nothing else may be at work."""
        self._begin(Job(PLAN, connection), lambda at_work: self._planned(connection, at_work))

    def run(self, connection: str, *, allow_deletions: int | None = None) -> None:
        """Begin a run; nothing else may be at work."""
        self._begin(Job(RUN, connection), lambda at_work: self._ran(connection, at_work, allow_deletions))

    def stop(self) -> None:
        """Ask what is at work to end after the task it has in hand."""
        self._stop.set()
        if self.job is not None:
            self.job = replace(self.job, stopping=True)

    def close(self) -> None:
        """Stop, and wait a little for it."""
        if self._thread is not None:
            self._stop.set()
            self._jobs.put(None)
            self._thread.join(LEAVE_SECONDS)

    def take(self, message: SyncMoved) -> Ending | None:
        """Keep what the thread said; how it ended when it did."""
        if not message.has_ended:
            self.job = replace(message.job, stopping=self._stop.is_set())
            return None
        self.job = None
        if isinstance(message.result, SyncPlan):
            self.plans[message.job.connection] = message.result
        elif message.job.what == RUN:
            self.plans.pop(message.job.connection, None)
        ending = _ending_of(message)
        self.endings[message.job.connection] = ending
        return ending

    # -- on the thread

    def _begin(self, job: Job, work: Callable[[_AtWork], Any]) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._work, name="tracker-sync", daemon=True)
            self._thread.start()
        self._stop.clear()
        self.job = job
        self.endings.pop(job.connection, None)
        at_work = _AtWork(job, self._post, self._stop)

        def do() -> None:
            try:
                result = work(at_work)
            except Exception as error:  # the edge of the thread: what went wrong is told on the screen
                self._post(SyncMoved(at_work.job, None, error))
            else:
                self._post(SyncMoved(at_work.job, result))

        self._jobs.put(do)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _planned(self, connection: str, at_work: _AtWork) -> SyncPlan:
        from tracker import bootstrap  # imported here, as below: on the thread, when it is needed
        from tracker.services import sync

        adapter = bootstrap.open_adapter(self._ws, connection)
        try:
            return sync.plan(self._ws, connection, adapter, progress=at_work.tell, stop=self._stop.is_set)
        finally:
            adapter.close()

    def _ran(self, connection: str, at_work: _AtWork, allow_deletions: int | None) -> SyncReport:
        from tracker import bootstrap
        from tracker.services import sync

        adapter = bootstrap.open_adapter(self._ws, connection)
        try:
            return sync.run(
                self._ws, connection, adapter, progress=at_work.tell, stop=self._stop.is_set,
                allow_deletions=allow_deletions, wait=self._wait,
            )  # fmt: skip
        finally:
            adapter.close()

    def _wait(self, seconds: float) -> None:
        """As long as a remote asks for, or until somebody says stop."""
        self._stop.wait(seconds)


class _AtWork:
    """Says how far it is, not too often."""

    def __init__(self, job: Job, post: Callable[[SyncMoved], object], stop: Event) -> None:
        self.job = job
        self._post = post
        self._stop = stop
        self._told = 0.0

    def tell(self, done: int, total: int | None, words: str) -> None:
        """How far it is."""
        self.job = replace(self.job, done=done, total=total, words=words, stopping=self._stop.is_set())
        now = monotonic()
        if now - self._told >= TELL_SECONDS:
            self._told = now
            self._post(SyncMoved(self.job))


def _ending_of(message: SyncMoved) -> Ending:
    what, result, error = message.job.what, message.result, message.error
    if isinstance(result, SyncPlan):
        count = len(result.tasks)
        many = f"{count:,} {'task' if count == 1 else 'tasks'} planned; r does it"
        return Ending(what, many if count else "a run has nothing to do", "done")
    if result is not None:
        kind = {"done": "done", "stopped": "notice"}.get(result.outcome, "refused")
        return Ending(what, _in_one_line(result.words) or result.outcome, kind, result.asks_for_deletions)
    if isinstance(error, TrackerError):
        return Ending(what, _in_one_line(str(error)), "refused")
    # whatever an adapter of somebody else fails with; its text may hold anything, so it is not shown
    words = f"the {what} ended with a fault of the program ({type(error).__name__}); it can be begun again"
    return Ending(what, words, "refused")


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
