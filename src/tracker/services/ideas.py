"""Ideas and arrivals: they wait outside the board until somebody cites a key result for them or drops them."""

from __future__ import annotations

from tracker.domain.errors import NotFound, Refused
from tracker.domain.plaintext import clean_line
from tracker.services.board import ideas
from tracker.services.notices import over_limits
from tracker.services.outcome import Outcome
from tracker.services.tasks import NewTask, insert_task
from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows
from tracker.storage.writes import Row, Transaction

__all__ = ["capture_idea", "drop", "ideas", "promote"]


def capture_idea(ws: Workspace, title: str, source: str | None = None) -> Outcome:
    """Keep a thought; it needs no strategy and no key result.

    Raises:
        Refused: it is empty.
    """
    line = clean_line(title)
    if not line:
        raise Refused("The idea is empty; say it in a few words.")
    with ws.writing(f"idea {line}"[:200]) as tx:
        identity = strategy_rows.next_id(tx.connection, "idea", "I-", 2)
        tx.insert(
            "idea",
            {"id": identity, "title": line, "source": clean_line(source or "") or None, "by": ws.actor,
             "on": ws.clock.today},
        )
    return Outcome(tx.batch, f"kept {identity}", (identity,))


def promote(ws: Workspace, waiting: str, new: NewTask) -> Outcome:
    """Make a task of an idea or arrival by citing a key result for it.

    Raises:
        NotFound: there is no such idea or arrival.
        Refused: it was promoted or dropped before, or a hard limit is passed.
    """
    with ws.writing(f"promote {waiting}") as tx:
        table, row = _waiting(tx, waiting)
        task = insert_task(tx, new, ws.clock.today, verb=f"promote {waiting} to")
        tx.update(table, row, {"outcome": "promoted", "task": task["id"]})
        notices = over_limits(tx, [task], None)
    return Outcome(tx.batch, f"{waiting} is now {task['id']}", (str(task["id"]),), notices)


def drop(ws: Workspace, waiting: str, reason: str) -> Outcome:
    """Drop an idea or arrival; the reason is kept.

    Raises:
        Refused: there is no reason, or it was promoted or dropped before.
        NotFound: there is no such idea or arrival.
    """
    why = clean_line(reason)
    if not why:
        raise Refused(f"Dropping {waiting} needs a reason: say why in a few words.")
    with ws.writing(f"drop {waiting}") as tx:
        table, row = _waiting(tx, waiting)
        tx.update(table, row, {"outcome": f"dropped: {why}"})
    return Outcome(tx.batch, f"dropped {waiting}", (waiting,))


def _waiting(tx: Transaction, identity: str) -> tuple[str, Row]:
    for table in ("idea", "import_item"):
        row = tx.get(table, identity)
        if row is not None:
            if row["outcome"] is not None:
                raise Refused(f"{identity} does not wait any more: {row['outcome']}.")
            return table, row
    raise NotFound(f"There is no idea or arrival {identity}. `tracker idea list` shows what waits.")
