"""Sync: assigned tasks in a remote system, once each, and back again.

`plan` and `run` take an adapter that the caller opened; everything else works on this database alone. The modules:
`connections` (what is kept of a connection), `matching` (who is who there), `planning` and `running`, `status`
(how it stands, log, conflicts), `values` (what all of them answer with).
"""

from tracker.services.sync.connections import (
    NewConnection,
    SyncConnection,
    change_connection,
    connect,
    connection,
    connections,
    disconnect,
)
from tracker.services.sync.matching import MatchedPeople, match_people, match_statuses
from tracker.services.sync.planning import plan
from tracker.services.sync.running import run
from tracker.services.sync.status import conflicts, log, resolve, status
from tracker.services.sync.values import (
    Action,
    ConnectionStatus,
    FieldChange,
    FieldConflict,
    PlannedTask,
    RunRow,
    SyncNote,
    SyncPlan,
    SyncReport,
    TaskConflict,
)

__all__ = [
    "Action", "ConnectionStatus", "FieldChange", "FieldConflict", "MatchedPeople", "NewConnection", "PlannedTask",
    "RunRow", "SyncConnection", "SyncNote", "SyncPlan", "SyncReport", "TaskConflict", "change_connection",
    "conflicts", "connect", "connection", "connections", "disconnect", "log", "match_people", "match_statuses",
    "plan", "resolve", "run", "status",
]  # fmt: skip
