"""A run: what both sides changed is brought to the other one, task by task, each in a small transaction of its own."""

from __future__ import annotations

import time

from tracker.domain.remote import Adapter
from tracker.services.sync.values import Progress, Stop, SyncReport, Wait
from tracker.services.workspace import Workspace


def run(
    ws: Workspace,
    id: str,
    adapter: Adapter,
    *,
    progress: Progress | None = None,
    stop: Stop | None = None,
    allow_deletions: int | None = None,
    wait: Wait = time.sleep,
) -> SyncReport:
    """Bring both sides together. May be cut off anywhere and run again: nothing is made twice, nothing is lost.

    What cannot be done with one task is a note, and the others go on. A remote that refuses the token, or does not
    answer at all, ends the run with outcome `failed` and one line; `stop` and too many deletions end it as `stopped`.

    Raises:
        NotFound: there is no such connection.
        Refused: another run of this connection is at work.
        OutOfReach: this database cannot be written to.
    """
    raise NotImplementedError
