"""How connections stand, what runs did, and conflicts with their settlement: all of it from this database alone."""

from __future__ import annotations

from tracker.services.outcome import Outcome
from tracker.services.sync.values import ConnectionStatus, RunRow, TaskConflict
from tracker.services.workspace import Workspace


def status(ws: Workspace) -> tuple[ConnectionStatus, ...]:
    """How every connection stands."""
    raise NotImplementedError


def log(ws: Workspace, id: str | None = None, limit: int = 10) -> tuple[RunRow, ...]:
    """The newest runs, newest first, each with its notes; of one connection or of all."""
    raise NotImplementedError


def conflicts(ws: Workspace, id: str | None = None) -> tuple[TaskConflict, ...]:
    """Tasks that a person must settle; of one connection or of all."""
    raise NotImplementedError


def resolve(ws: Workspace, task: str, id: str, field: str | None = None, *, mine: bool) -> Outcome:
    """Settle one field of a task, or all of them (None), with our value or with theirs.

    Theirs is written here at once, by the person who acts and under every rule; ours goes there with the next run.
    Of a task that is gone there: mine makes it anew with the next run, theirs cancels it here.

    Raises:
        NotFound: the task has no such link, or there is nothing to settle.
        Refused: a rule here forbids their value; the conflict stays.
    """
    raise NotImplementedError
