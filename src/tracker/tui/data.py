"""The one thread that reads and writes for the screens, so that the event loop never waits for a disk.

Jobs run in the order they were handed in. Between jobs the thread asks, twice a second, whether another process has
committed, and says so: nothing else in the program polls, and the event loop sleeps.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
Job = Callable[[], None]
POLL_SECONDS = 0.5


class DataThread:
    """A queue of jobs and the thread that does them, started with the first."""

    def __init__(self, version: Callable[[], int], changed: Callable[[], object]) -> None:
        """Ask `version` while idle, on the thread of the jobs; call `changed` (there too) when it is another one."""
        self._version = version
        self._changed = changed
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="tracker-data", daemon=True)
        self._started = False
        self._submitted = self._finished = 0
        """Jobs; the first is counted by whoever hands them in, the second by the thread."""

    def start(self) -> None:
        """Begin; what was submitted before is done first."""
        if not self._started:
            self._started = True
            self._thread.start()

    def stop(self) -> None:
        """Do what was submitted, then end; waits for it, so that no acknowledged write is lost."""
        if self._started:
            self._jobs.put(None)
            self._thread.join()
            self._started = False

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work or waits: what it writes is not there yet."""
        return self._submitted != self._finished

    def submit(self, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[Exception], object]) -> None:
        """Run `work` on the thread, then one of the others, there too; they may only post messages."""

        def job() -> None:
            try:
                answer = work()
            except Exception as error:  # the edge of the thread: what went wrong is told on the screen
                failed(error)
            else:
                done(answer)

        self._submitted += 1
        self._jobs.put(job)

    def _run(self) -> None:
        seen = self._look(None)
        while True:
            try:
                job = self._jobs.get(timeout=POLL_SECONDS)
            except Empty:
                now = self._look(seen)
                if now != seen:
                    seen = now
                    self._changed()
                continue
            if job is None:
                return
            job()
            self._finished += 1

    def _look(self, seen: Any) -> Any:
        try:
            return self._version()
        except Exception:  # a database out of reach is told by the next job, in words
            return seen
