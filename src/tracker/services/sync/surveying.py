"""What changed on both sides since the last run: read to its end before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection

from tracker.domain.merge import Step
from tracker.domain.remote import FIELDS, Adapter, CursorTooOld, RemoteTask
from tracker.domain.tasks import Status
from tracker.services.sync.connections import SyncConnection
from tracker.services.sync.mapping import UNSEEN, Translator
from tracker.services.sync.values import Progress, Stop
from tracker.services.workspace import Workspace
from tracker.storage import sync_journal, sync_rows
from tracker.storage.sync_rows import Link, LocalTask

READ_AT_ONCE = 100
"""How many tasks an adapter is asked for in one call."""


class Stopped(Exception):
    """The person said stop."""


@dataclass
class Survey:
    """What there is to do."""

    cursor: str | None
    """For the next run."""
    seen: int
    """The newest batch of changes here that is part of it."""
    linked: dict[str, RemoteTask] = field(default_factory=dict)
    """Task to its counterpart, where that changed or has to be looked at."""
    adoptable: dict[str, RemoteTask] = field(default_factory=dict)
    """Task without a link to what carries its reference there."""
    taken_up: dict[str, tuple[RemoteTask, str]] = field(default_factory=dict)
    """Task that was taken from its owner there to its counterpart and the person here who has it there again."""
    arrivals: dict[str, RemoteTask] = field(default_factory=dict)
    """Tasks of others by their id."""
    gone: dict[str, str] = field(default_factory=dict)
    """Task to its title, where the counterpart was deleted there."""
    local: list[str] = field(default_factory=list)
    """Tasks that changed here, or wait for something."""
    unlinked: list[str] = field(default_factory=list)
    """Tasks that went back to the backlog."""
    commented: Counter[str] = field(default_factory=Counter)
    """Tasks with messages there that are not here, and how many, as far as the remote lists them apart."""


def is_owed(task: LocalTask) -> bool:
    """Whether a task without a counterpart is to get one: somebody has it, and it is under way."""
    return task.owner is not None and task.status in (Status.ASSIGNED, Status.DOING, Status.REVIEW)


def known_there(link: Link) -> dict[str, object]:
    """What stands there as far as it was heard."""
    agreed = {name: pair[1] for name, pair in link.base.items() if pair[1] is not UNSEEN and name in FIELDS}
    return {**agreed, **link.theirs}


class Surveyor:
    """Reads both sides."""

    def __init__(
        self, ws: Workspace, kept: SyncConnection, adapter: Adapter, progress: Progress | None, stop: Stop | None
    ) -> None:
        self._ws = ws
        self._kept = kept
        self._adapter = adapter
        self._progress = progress or (lambda done, total, words: None)
        self._stop = stop or (lambda: False)
        self._translator = Translator(kept, adapter.capabilities)
        self._heard_of: set[str] = set()

    def survey(self) -> Survey:
        """What there is to do.

        Raises:
            Stopped: the person said so.
            RemoteError: as the adapter says.
        """
        with self._ws.store.snapshot() as connection:
            cursor, since = sync_journal.state(connection, self._kept.id)
            found = Survey(cursor, sync_rows.latest_batch(connection))
            found.local = sync_rows.changed_tasks(connection, self._kept.id, since)
            found.unlinked = sync_rows.unlinked_since(connection, self._kept.id, since)
            to_ask = set(sync_rows.doubtful_links(connection, self._kept.id, since))
            linked = sync_rows.linked_ids(connection, self._kept.id)
        try:
            maybe_gone, is_full = self._changes(found, cursor), cursor is None
        except CursorTooOld:
            maybe_gone, is_full = self._changes(found, None), True
        found.cursor = self._adapter.next_cursor()
        to_ask |= linked & set(maybe_gone)
        if is_full:
            to_ask |= linked  # a list that came back short says nothing of what is missing in it
        self._ask(found, sorted(to_ask - self._heard_of))
        return found

    def hear(self, cursor: str, seen: int) -> Survey:
        """Only what changed there since, of which this run's own work is the most; `seen` is kept as it is.

        Raises:
            Stopped: the person said so.
            CursorTooOld, RemoteError: as the adapter says.
        """
        self._heard_of.clear()
        found = Survey(cursor, seen)
        with self._ws.store.snapshot() as connection:
            linked = sync_rows.linked_ids(connection, self._kept.id)
        maybe_gone = self._changes(found, cursor)
        found.cursor = self._adapter.next_cursor()
        self._ask(found, sorted((linked & set(maybe_gone)) - self._heard_of))
        return found

    def _changes(self, found: Survey, cursor: str | None) -> Sequence[str]:
        changes = self._adapter.changes(cursor)
        self._take_in(found, changes.tasks)
        if self._translator.reads_comments:
            self._messages(found, changes.commented)
        return changes.maybe_gone

    def _messages(self, found: Survey, commented: Iterable[tuple[str, str]]) -> None:
        for id, message in commented:
            with self._ws.store.reading() as connection:
                task = sync_rows.task_linked_to(connection, self._kept.id, id)
                is_known = task is None or message in sync_journal.known_comments(connection, self._kept.id, task.id)
            if task is not None and not is_known:
                found.commented[task.id] += 1

    def _take_in(self, found: Survey, tasks: Iterable[RemoteTask]) -> None:
        for task in tasks:
            if self._stop():
                raise Stopped
            self._heard_of.add(task.id)
            self._progress(len(self._heard_of), None, "reading what changed there")
            with self._ws.store.reading() as connection:
                self._sort(found, connection, task)

    def _ask(self, found: Survey, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), READ_AT_ONCE):
            some = ids[start : start + READ_AT_ONCE]
            answers = self._adapter.read(some)
            self._take_in(found, (task for each in some if (task := answers.get(each)) is not None))
            with self._ws.store.reading() as connection:
                for each in some:
                    if each in answers and answers[each] is None:
                        self._lost(found, sync_rows.task_linked_to(connection, self._kept.id, each))

    def _sort(self, found: Survey, connection: Connection, there: RemoteTask) -> None:
        task = sync_rows.task_linked_to(connection, self._kept.id, there.id)
        if task is not None and there.is_deleted:
            self._lost(found, task)
        elif task is not None:
            if self._concerns(task, there):
                found.linked[task.id] = there
            else:
                found.linked.pop(task.id, None)  # a page that was read twice: the later one counts
        elif not there.is_deleted:
            self._sort_unlinked(found, connection, there)

    def _lost(self, found: Survey, task: LocalTask | None) -> None:
        if task is not None and task.link is not None and task.link.state != "gone":
            found.gone[task.id] = task.title
            found.linked.pop(task.id, None)

    def _concerns(self, task: LocalTask, there: RemoteTask) -> bool:
        assert task.link is not None
        if task.link.theirs or task.link.state != "synced":
            return True
        if self._translator.reads_comments and task.link.version != there.version:
            return True
        plan = self._translator.plan(task, task.link.base, there.fields())
        return any(each.step is not Step.NOTHING for each in plan)

    def _sort_unlinked(self, found: Survey, connection: Connection, there: RemoteTask) -> None:
        named = self._kept.task_of(there.reference)
        task = sync_rows.task_of(connection, self._kept.id, named) if named is not None else None
        if named is not None and task is not None and there.reference == self._kept.reference(named, task.made_at):
            if is_owed(task) and (task.link is None or task.link.external_id is None):
                found.adoptable[named] = there
            elif (person := self._taken_up_by(connection, task, there)) is not None:
                found.taken_up[named] = (there, person)
            return  # a copy somebody made of a task of ours, or one that went back to the backlog
        wanted = self._kept.settings.takes_arrivals and there.status not in self._closed()
        if wanted and sync_rows.arrival(connection, self._kept.source, there.id) is None:
            found.arrivals[there.id] = there

    def _taken_up_by(self, connection: Connection, task: LocalTask, there: RemoteTask) -> str | None:
        # what somebody here put back into the backlog stays there, whoever has it in the other system
        if not self._kept.takes or task.link is not None or task.status != Status.BACKLOG:
            return None
        is_theirs = sync_rows.who_changed(connection, task.id, "owner") == self._kept.actor
        return self._translator.person_here(there.owner) if is_theirs else None

    def _closed(self) -> Collection[str | None]:
        statuses = self._kept.settings.statuses
        return {statuses[each] for each in (Status.DONE, Status.CANCELLED) if each in statuses}
