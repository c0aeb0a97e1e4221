"""What a person should know after a change: limits passed, tasks set free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from tracker.domain.errors import Refused
from tracker.storage import queries, task_rows
from tracker.storage.writes import Row, Transaction


class Standing(NamedTuple):
    """Where a task stood before a change."""

    status: str
    owner: object


def over_limits(tx: Transaction, rows: Sequence[Row], before: Mapping[str, Standing] | None) -> tuple[str, ...]:
    """The limits that a change passed, by what it moved or gave away; `before` is None for new tasks.

    Raises:
        Refused: a hard limit is passed.
    """
    was = before or {}
    nowhere = Standing("", None)
    moved = [row for row in rows if was.get(str(row["id"]), nowhere).status != row["status"]]
    doing = [
        row for row in rows
        if row["status"] == "doing" and was.get(str(row["id"]), nowhere) != (row["status"], row["owner"])
    ]
    if tx.batch is None or not (moved or doing):
        return ()
    return of_limits(
        task_rows.limits(tx.connection), {str(row["status"]) for row in moved}, {str(row["owner"]) for row in doing},
        lambda status, owner: queries.started_count(tx.connection, status, owner),
    )


Limits = Sequence[tuple[str, str, int, str]]
Tasks = Callable[[str, str | None], int]
"""How many tasks a status holds, or a person has in it."""


def of_limits(limits: Limits, statuses: Collection[str], owners: Collection[str], tasks: Tasks) -> tuple[str, ...]:
    """The limits that are passed, of statuses that got tasks and of people who are doing more; `tasks` counts.

    Raises:
        Refused: a hard limit is passed.
    """
    return (*_of_statuses(limits, statuses, tasks), *_of_people(limits, owners, tasks))


def _of_statuses(limits: Limits, statuses: Collection[str], tasks: Tasks) -> Iterator[str]:
    for scope, status, most, mode in limits:
        if scope == "status" and status in statuses:
            yield from _over(f"{status} holds", tasks(status, None), most, mode)


def _of_people(limits: Limits, owners: Collection[str], tasks: Tasks) -> Iterator[str]:
    personal = {subject: (most, mode) for scope, subject, most, mode in limits if scope == "person_doing"}
    for owner in sorted(owners):
        if limit := personal.get(owner, personal.get("*")):
            yield from _over(f"{owner} is doing", tasks("doing", owner), *limit)


def _over(what: str, count: int, most: int, mode: str) -> Iterator[str]:
    if count > most:
        if mode == "hard":
            raise Refused(f"{what} {count} of {most}, and the limit is a hard one. Finish something first.")
        yield f"{what} {count} of {most}"


def of_waiting(tx: Transaction, rows: Sequence[Row], before: Mapping[str, Standing]) -> tuple[str, ...]:
    """Tasks that wait no longer, and tasks that were started although they wait."""
    return tuple(dict.fromkeys(_of_waiting(tx, rows, before)))


def _of_waiting(tx: Transaction, rows: Sequence[Row], before: Mapping[str, Standing]) -> Iterator[str]:
    for row in rows:
        task, was, now = str(row["id"]), before[str(row["id"])].status, row["status"]
        if now in ("done", "cancelled") and was not in ("done", "cancelled"):
            yield from (f"{freed} waits no longer" for freed in task_rows.freed_by(tx.connection, task))
        elif is_begun(was, str(now)):
            yield from still_waiting(task, task_rows.waits(tx.connection, task))


def is_begun(was: str, now: str) -> bool:
    """Whether a change of status begins the work."""
    return now == "doing" and was in ("backlog", "assigned")


def still_waiting(task: str, others: int) -> Iterator[str]:
    """That a task was begun although it waits for so many others, if it does."""
    if others:
        yield f"{task} still waits for {others} open task{'s' if others > 1 else ''}"
