"""What a run carries along: both sides, what was counted and noted, and how it asks a remote that is busy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tracker.domain.remote import Adapter, RemoteTask, TryLater
from tracker.services.sync.connections import SyncConnection
from tracker.services.sync.mapping import Translator
from tracker.services.sync.surveying import Stopped
from tracker.services.sync.values import Action, Progress, Stop, SyncNote, Wait
from tracker.services.workspace import Workspace
from tracker.storage import sync_journal, sync_rows
from tracker.storage.sync_rows import Link, LocalTask

NOTES_SHOWN = 100
"""How many notes a report carries; the log has all."""
LOOKS_AFTER = (0.0, 1.0, 2.0, 4.0)
"""Seconds before each look for something whose making is in doubt: a remote may show it a little late."""
PATIENCE = (2.0, 5.0, 15.0)
"""Seconds before a busy remote is asked again, when it does not say itself."""
LONGEST_WAIT = 120.0
"""Seconds; a remote that wants more is left for another run."""
CLOCKS_APART = timedelta(minutes=10)
"""How far the clocks of both sides may be apart."""

Answer = TypeVar("Answer")


@dataclass
class Work:
    """One run at work."""

    ws: Workspace
    kept: SyncConnection
    adapter: Adapter
    run: int
    wait: Wait
    stop: Stop
    progress: Progress
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[SyncNote] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.translator = Translator(self.kept, self.adapter.capabilities)
        self.as_sync = self.ws.acting_as(self.kept.actor)

    def check_stop(self) -> None:
        """Raises Stopped when the person said so."""
        if self.stop():
            raise Stopped

    def now(self) -> str:
        """The instant, UTC."""
        return self.ws.clock.now().isoformat(timespec="microseconds")

    def reference(self, task: LocalTask) -> str:
        """Our name for a task there."""
        return self.kept.reference(task.id, task.made_at)

    def task(self, task: str) -> LocalTask | None:
        """A task as it stands now."""
        with self.ws.store.snapshot() as connection:
            return sync_rows.task_of(connection, self.kept.id, task)

    def keep(
        self, link: Link | None, action: Action | None = None, words: str = "", *, task: str | None = None,
        ended: str | None = None, seen: Link | None = None,
    ) -> bool:
        """Keep a link, what is to be said of it and the end of an intent, in one transaction.

        `seen` is the link that it was made of: where somebody settled something in it since, that stays, and the next
        run looks at the task anew. False when the task went back to the backlog meanwhile.
        """  # fmt: skip
        kept = True
        with self.as_sync.writing("sync") as tx:
            if link is not None and seen is not None and sync_rows.link_of(tx.connection, link) != seen:
                sync_rows.doubt(tx.connection, link.connector, link.task)
            elif link is not None:
                kept = sync_rows.put_link(
                    tx.connection, link, self.ws.clock.today.isoformat() if link.state == "synced" else None
                )
            if ended is not None:
                sync_journal.end(tx.connection, ended)
            if action is not None:
                sync_journal.note(tx.connection, self.run, link.task if link else task, action.value, words)
        if action is not None:
            self._count(link.task if link else task, action, words)
        return kept

    def keep_end(self, key: str) -> None:
        """Note that it is known how something ended."""
        self.keep(None, ended=key)

    def note(self, task: str | None, action: Action, words: str) -> None:
        """Say what was, or could not be, done with a task."""
        self.keep(None, action, words, task=task)

    def _count(self, task: str | None, action: Action, words: str) -> None:
        self.counts[action.value] += 1
        if len(self.notes) < NOTES_SHOWN:
            self.notes.append(SyncNote(task, action.value, words))

    def ask(self, request: Callable[[], Answer]) -> Answer:
        """The answer of a remote that may be busy for a while; only for what may be asked twice.

        Raises:
            TryLater: it stays busy.
        """
        for pause in PATIENCE:
            try:
                return request()
            except TryLater as error:
                self.pause(error, pause)
        return request()

    def pause(self, error: TryLater, otherwise: float) -> None:
        """Wait as long as the remote asks for.

        Raises:
            TryLater: that is too long.
        """
        seconds = otherwise if error.wait_seconds is None else error.wait_seconds
        if seconds > LONGEST_WAIT:
            raise error
        self.check_stop()
        self.wait(max(0.0, seconds))
        self.check_stop()

    def look(self, reference: str, since: str | None) -> RemoteTask | None:
        """What carries the reference there: looked for more than once, as it may have been made a moment ago."""
        for seconds in LOOKS_AFTER:
            if seconds:
                self.wait(seconds)
            found = self.ask(lambda: self.adapter.find(reference, since=earlier(since)))
            if found is not None and not found.is_deleted:
                return found
        return None


def earlier(moment: str | None) -> str | None:
    """A moment that is before it by the remote's clock as well."""
    if not moment:
        return None
    return (datetime.fromisoformat(moment) - CLOCKS_APART).isoformat(timespec="seconds")
