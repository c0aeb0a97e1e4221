"""Who may make an objective or a key result active, and which of their states are not edited but come of something."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.domain.errors import Refused
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage.writes import Row, Transaction

FIGURES = frozenset({
    "metric_kind", "direction", "baseline", "target", "target_max", "weight", "starts_on", "due_on", "objective",
})
"""What a grade was given on: it stays as it is once a key result is graded."""
_EDITED = frozenset({"draft", "active", "dropped"})


def accept(ws: Workspace, table: str, key: str) -> Outcome:
    """Make a draft objective or key result active: its owner, or a manager, agrees to it.

    Raises:
        NotFound: there is none of that id.
        Refused: whoever acts is neither, or it is no draft any more.
    """
    with ws.writing(f"accept {key}") as tx:
        row = tx.require(table, key)
        if row["status"] not in ("draft", "active"):
            raise Refused(f"{key} {row['title']} is {row['status']}; only a draft is accepted.")
        require_may_accept(tx, row)
        tx.update(table, row, {"status": "active"})
    return Outcome(tx.batch, f"{key} {row['title']} is active", (key,))


def may_accept(tx: Transaction, owner: object) -> bool:
    """Whether who acts owns it or is a manager."""
    person = tx.get("person", tx.by)
    return person is not None and (tx.by == owner or person["role"] == "manager")


def require_may_accept(tx: Transaction, row: Mapping[str, object]) -> None:
    """Hold who acts against the owner of a record.

    Raises:
        Refused: they are neither its owner nor a manager.
    """
    if not may_accept(tx, row["owner"]):
        raise Refused(f"{row['id']} {row['title']} is accepted by its owner, {row['owner']}, or by a manager; "
                      f"{tx.by} is neither (--as says who acts).")


def first_status(tx: Transaction, wanted: object, owner: object) -> tuple[str, tuple[str, ...]]:
    """The status a new objective or key result begins with, and what to know about it."""
    if wanted == "draft" or may_accept(tx, owner):
        return str(wanted or "active"), ()
    return "draft", (f"a draft until {owner} or a manager accepts it",)


def require_state(tx: Transaction, table: str, row: Row, fields: Mapping[str, object]) -> None:
    """Hold an edit of an objective or key result against the state it is in.

    Raises:
        Refused: it was graded, the state comes of closing a cycle, or who acts may not accept it.
    """
    wanted = fields.get("status", row["status"])
    if table == "key_result" and row["status"] == "graded" and (
        wanted != "graded" or any(name in FIGURES and fields[name] != row[name] for name in fields)
    ):
        raise Refused(f"{row['id']} {row['title']} is graded: its figures stay as they were graded.")
    if wanted == row["status"]:
        return
    if wanted not in _EDITED:
        raise Refused(f"{row['id']} becomes {wanted} when its cycle is closed (`tracker cycle close`), not by an edit.")
    if row["status"] not in _EDITED:
        raise Refused(f"{row['id']} {row['title']} ended as {row['status']}; that stays.")
    if wanted == "active":
        require_may_accept(tx, row)


def require_open_cycle(cycle: Mapping[str, object]) -> None:
    """Refuse anything new in a cycle that is over.

    Raises:
        Refused: it is closed.
    """
    if cycle["status"] == "closed":
        raise Refused(f"{cycle['name']} ({cycle['id']}) is closed; nothing new is planned in it.")
