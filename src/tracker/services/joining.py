"""Several services as one change: each writes into a transaction that is open already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from tracker.services.workspace import Workspace
from tracker.storage.writes import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedWorkspace(Workspace):
    """A workspace whose changes become part of one transaction; what names and ends that is whoever opened it."""

    transaction: Transaction

    def writing(self, label: str, *, kind: str = "do") -> AbstractContextManager[Transaction]:
        """The transaction that is open already."""
        return _same(self.transaction)


@contextmanager
def _same(transaction: Transaction) -> Iterator[Transaction]:
    yield transaction


@contextmanager
def joined(ws: Workspace, label: str) -> Iterator[JoinedWorkspace]:
    """A transaction under `label`, and the workspace through which services take part in it: all of it or nothing."""
    with ws.writing(label) as tx:
        yield JoinedWorkspace(ws.store, ws.clock, ws.actor, ws.settings, transaction=tx)
