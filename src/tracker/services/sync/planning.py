"""What a run would do, without touching anything on either side."""

from __future__ import annotations

from tracker.domain.remote import Adapter
from tracker.services.sync.values import Progress, Stop, SyncPlan
from tracker.services.workspace import Workspace


def plan(
    ws: Workspace, id: str, adapter: Adapter, *, progress: Progress | None = None, stop: Stop | None = None
) -> SyncPlan:
    """What `run` would do now: reads both sides, writes neither.

    Raises:
        NotFound: there is no such connection.
        RemoteError: the remote does not answer, or does not allow it.
        Refused: `stop` said so.
    """
    raise NotImplementedError
