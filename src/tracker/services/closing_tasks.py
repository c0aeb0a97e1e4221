"""Open tasks at the end of a cycle: moved to a key result of the next or cancelled, in pieces of constant memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.domain import tasks as domain
from tracker.domain.errors import NotFound, Refused
from tracker.domain.tasks import Status
from tracker.services.tasks import task_of
from tracker.storage import bulk, cycle_rows
from tracker.storage.writes import Row, Transaction


@dataclass(slots=True)
class Settled:
    """What was done with open tasks."""

    moved: int = 0
    cancelled: int = 0
    key_results: list[str] = field(default_factory=list)
    """Whose tasks they were."""

    @property
    def count(self) -> int:
        """How many there were."""
        return self.moved + self.cancelled


def require_destination(tx: Transaction, key_result: str, ending: str) -> Row:
    """The key result that tasks can move to when the cycle `ending` is closed.

    Raises:
        NotFound: it is not known.
        Refused: it is graded or dropped, or ends with the cycle itself.
    """
    row = tx.get("key_result", key_result)
    if row is None:
        raise NotFound(f"There is no key result {key_result[:40]!r}; `tracker kr list --all` shows them.")
    if row["status"] not in ("draft", "active"):
        raise Refused(f"{key_result} {row['title']} is {row['status']}; open tasks move to a draft or active one.")
    if tx.require("objective", row["objective"])["cycle"] == ending:
        raise Refused(f"{key_result} {row['title']} ends with the same cycle; name a key result of the next one.")
    return row


def settle_tasks(
    tx: Transaction, today: date, plans: Sequence[tuple[str, str | None, str]]
) -> Settled:
    """Carry out the plans (key result, where its open tasks go, else why they are cancelled).

    Each task is changed as by hand, so its history tells where it came from.
    """
    done = Settled()
    counts = cycle_rows.open_counts(tx.connection, [key_result for key_result, _, _ in plans])
    with bulk.much_room(tx.connection, sum(sum(states.values()) for states in counts.values())):
        for key_result, to, reason in plans:
            _settle_one(tx, today, done, key_result, to, reason)
    return done


def _settle_one(tx: Transaction, today: date, done: Settled, key_result: str, to: str | None, reason: str) -> None:
    steps = {int(str(step["position"])) for step in cycle_rows.steps_of(tx.connection, to)} if to else set()
    for rows in cycle_rows.open_tasks_of(tx.connection, key_result):
        if to:
            done.moved += _move(tx, rows, to, steps)
        else:
            done.cancelled += _cancel(tx, rows, today, reason)
    done.key_results.append(key_result)


def _move(tx: Transaction, rows: Sequence[Row], to: str, steps: set[int]) -> int:
    """Let the tasks cite another key result; a step of the journey that it does not have is no longer theirs."""
    lost = [row for row in rows if row["journey_step"] is not None and row["journey_step"] not in steps]
    tx.update_many("task", lost, {"journey_step": None})
    return tx.update_many("task", rows, {"key_result": to})


def _cancel(tx: Transaction, rows: Sequence[Row], today: date, reason: str) -> int:
    fields: dict[str, object] = {}
    for row in rows:
        for step in domain.move(task_of(row), Status.CANCELLED, today=today, actor=None, reason=reason):
            fields = dict(step.fields)  # the same for each: cancelled today, for this reason
    return tx.update_many("task", rows, fields)
