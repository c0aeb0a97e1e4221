"""Tasks there as they stand just before they are changed, many in one request where the remote can do that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.domain.remote import RemoteTask, RequestRefused
from tracker.services.sync.surveying import READ_AT_ONCE
from tracker.services.sync.work import Work
from tracker.storage import sync_rows


class ReadAhead:
    """Reads the next hundred of the linked tasks that a run will change, when the first of them comes up."""

    def __init__(self, work: Work, tasks: Sequence[str]) -> None:
        self._work = work
        self._left = list(reversed(tasks)) if work.adapter.capabilities.reads_together else []
        self._read: Mapping[str, RemoteTask | None] = {}

    def get(self, task: str) -> RemoteTask | None:
        """The counterpart as it stands; None where nothing was read of it.

        Raises:
            RemoteError: the remote does not answer, or does not allow it.
        """
        if task not in self._read and self._left:
            self._read = self._next()
        return self._read.get(task)

    def _next(self) -> Mapping[str, RemoteTask | None]:
        some = [self._left.pop() for _ in range(min(READ_AT_ONCE, len(self._left)))]
        found: dict[str, RemoteTask | None] = dict.fromkeys(some)
        with self._work.ws.store.snapshot() as connection:
            rows = [sync_rows.task_of(connection, self._work.kept.id, task) for task in some]
        ids = {
            row.id: row.link.external_id for row in rows
            if row and row.link and row.link.external_id is not None and row.link.state != "gone"
        }  # fmt: skip
        if ids:
            try:
                there = self._work.ask(lambda: self._work.adapter.read(list(ids.values())))
            except RequestRefused:  # each is changed unseen then, as where nothing is read together
                return found
            found.update({task: there.get(id) for task, id in ids.items()})
        return found
