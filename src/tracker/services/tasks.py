"""What a person can do with tasks. Several ids are one change: all of it or nothing, and one step of undo."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import date

from tracker.domain import tasks as domain
from tracker.domain.errors import NotFound, Refused, WrongUsage
from tracker.domain.plaintext import clean_line, clean_text
from tracker.domain.tasks import Status, Task
from tracker.services.notices import Standing, of_waiting, over_limits
from tracker.services.outcome import Outcome
from tracker.services.task_fields import checked_fields
from tracker.services.workspace import Workspace
from tracker.storage import queries, strategy_rows, task_rows
from tracker.storage.writes import Row, Transaction

Seen = Mapping[str, Mapping[str, object]]
"""By task id: the values the user started from, by field."""


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be made; None leaves a field at its default."""

    title: str
    key_result: str
    contribution: str | None = None
    notes: str | None = None
    stage: str | None = None
    kind: str | None = None
    medium: str | None = None
    channel: str | None = None
    journey_step: int | None = None
    owner: str | None = None
    priority: str | None = None
    due_on: date | None = None
    publish_on: date | None = None
    estimate_low_h: float | None = None
    estimate_high_h: float | None = None
    cost_minor: int | None = None


def add_task(ws: Workspace, new: NewTask) -> Outcome:
    """Make a task that cites a key result; with an owner it is assigned at once.

    Raises:
        Refused: there is no active strategy, or a rule is broken.
        NotFound: the key result, owner or channel is not known.
    """
    with ws.writing("add") as tx:
        row = insert_task(tx, new, ws.clock.today)
        notices = over_limits(tx, [row], None)
    return Outcome(tx.batch, f"added {row['id']}", (str(row["id"]),), notices)


def insert_task(tx: Transaction, new: NewTask, today: date, verb: str = "add") -> Row:
    """Make the task inside a transaction and return its row; `verb`, id and title name the change."""
    if not task_rows.has_active_strategy(tx.connection):
        raise Refused("There is no active strategy yet. Run `tracker init` (or `tracker`) first; keep it as an idea "
                      "meanwhile with: tracker idea add TITLE")
    given = {each.name: getattr(new, each.name) for each in fields_of(new)}
    values = checked_fields(tx, {name: value for name, value in given.items() if value is not None})
    _require_contribution(tx, str(values.get("contribution", "")), bool(values.get("owner")), "The task")
    number = strategy_rows.next_task_number(tx.connection)
    values.update(number=number, id=f"T-{number:03d}", created_on=today.isoformat(), status="backlog")
    if values.get("owner"):
        values.update(status="assigned", assigned_on=today.isoformat())
    values["added_mid_cycle"] = int(
        task_rows.cycle_began_before(tx.connection, str(values["key_result"]), today.isoformat())
    )
    tx.relabel(f"{verb} {values['id']} {values['title']}"[:200])
    tx.insert("task", values)
    return tx.require("task", values["id"])


def edit_tasks(ws: Workspace, ids: Sequence[str], fields: Mapping[str, object], *, seen: Seen | None = None) -> Outcome:
    """Change fields by their domain names; a new status, owner or cancel reason follows the rules of the states.

    `also_serves` holds the ids of the further key results that the tasks help, in order.

    Raises:
        Conflict: somebody else changed one of these fields since `seen`.
        Refused, NotFound, WrongUsage: as the field's rule says.
    """
    return change_tasks(ws, "edit", ids, lambda tx, row: edit_row(ws, tx, row, fields, _seen_of(seen, row)))


def edit_row(
    ws: Workspace, tx: Transaction, row: Row, fields: Mapping[str, object], started_from: Mapping[str, object] | None
) -> None:
    """Change fields of a task inside a transaction, by the same rules as `edit_tasks`."""
    plain = dict(fields)
    status = plain.pop("status", None)
    owner = plain.pop("owner", _UNSET)
    reason = str(plain.pop("cancel_reason", None) or "")
    blocked = plain.pop("blocked_reason", _UNSET)
    serves = plain.pop("also_serves", _UNSET)
    if plain:
        recurred = row["recurs"] is not None
        tx.update("task", row, checked_fields(tx, plain), seen=started_from)
        if row["recurs"] is not None and not recurred:
            tx.update("task", row, {"series": row["id"]})  # a series of its own begins
    if owner is not _UNSET and owner != row["owner"]:
        _assign(tx, row, ws.clock.today, owner, started_from)
    if blocked is not _UNSET and (blocked or None) != row["blocked_reason"]:
        _block(tx, row, ws.clock.today, str(blocked or ""), started_from)
    if status is not None and status != row["status"]:
        _move(ws, tx, row, _status(status), reason, started_from)
    elif reason and reason != row["cancel_reason"]:
        _set(tx, row, {"cancel_reason": reason}, started_from)
    if not isinstance(serves, _Unset):
        _serve(tx, row, _listed(serves))


def _listed(ids: object) -> list[str]:
    if ids is None or (isinstance(ids, list | tuple) and all(isinstance(each, str) for each in ids)):
        return list(ids or ())
    raise WrongUsage(f"also_serves: {str(ids)[:60]!r} is no list of key results.")


class _Unset:
    """No value was given."""


_UNSET = _Unset()


def move_tasks(
    ws: Workspace, ids: Sequence[str], to: str, *, reason: str = "", seen: Seen | None = None
) -> Outcome:
    """Move tasks to a status, through the states between; whoever starts work that nobody owns takes it.

    Raises:
        Refused: the states or a hard limit do not allow it.
        Conflict: somebody else moved a task since `seen`.
    """
    target = _status(to)
    return change_tasks(
        ws, move_label(target), ids, lambda tx, row: _move(ws, tx, row, target, reason, _seen_of(seen, row))
    )


def step_tasks(ws: Workspace, ids: Sequence[str], by: int, *, seen: Seen | None = None) -> Outcome:
    """Move tasks one column forward (+1) or back (-1).

    Raises:
        Refused: there is no column there, or the states do not allow it.
        Conflict: somebody else moved a task since `seen`.
    """

    def change(tx: Transaction, row: Row) -> None:
        started_from = _seen_of(seen, row)
        # counted from the column the user saw: two people who push one card move it once
        at = _status((started_from or {}).get("status", row["status"]))
        _move(ws, tx, row, neighbour(str(row["id"]), at, by), "", started_from)

    return change_tasks(ws, step_label(by), ids, change)


def step_label(by: int) -> str:
    """What a step is called."""
    return "next status" if by > 0 else "previous status"


def move_label(to: Status) -> str:
    """What a move is called."""
    return f"move to {to}"


def neighbour(task: str, status: Status, by: int) -> Status:
    """The column after (+1) or before (-1).

    Raises:
        Refused: there is none.
    """
    if status is Status.CANCELLED:
        if by < 0:
            return Status.BACKLOG
        raise Refused(f"{task} is cancelled; move it back to the backlog first.")
    place = domain.COLUMNS.index(status) + by
    if not 0 <= place < len(domain.COLUMNS):
        raise Refused(f"{task} is in {status}; there is no column {'after' if by > 0 else 'before'} it.")
    return domain.COLUMNS[place]


def assign_tasks(ws: Workspace, ids: Sequence[str], owner: str | None, *, seen: Seen | None = None) -> Outcome:
    """Give tasks to a person (backlog becomes assigned), or take them away from whoever has them (None).

    Raises:
        NotFound: the person is not known.
        Refused: started work would be left without an owner.
        Conflict: somebody else gave a task away since `seen`.
    """
    label = f"assign to {owner}" if owner else "take the owner away"
    return change_tasks(
        ws, label, ids, lambda tx, row: _assign(tx, row, ws.clock.today, owner, _seen_of(seen, row))
    )


def set_due(ws: Workspace, ids: Sequence[str], due: date | None, *, seen: Seen | None = None) -> Outcome:
    """Set or clear the due day."""
    label = f"due {due}" if due else "no due day"
    return change_tasks(
        ws, label, ids, lambda tx, row: _set(tx, row, {"due_on": due}, _seen_of(seen, row))
    )


def cite(ws: Workspace, ids: Sequence[str], key_result: str, *, seen: Seen | None = None) -> Outcome:
    """Let tasks cite another key result.

    Raises:
        NotFound: it is not known.
        Refused: it is graded or dropped.
    """
    return change_tasks(
        ws, f"cite {key_result}", ids,
        lambda tx, row: _set(tx, row, {"key_result": key_result}, _seen_of(seen, row)),
    )


def block_tasks(ws: Workspace, ids: Sequence[str], reason: str, *, seen: Seen | None = None) -> Outcome:
    """Mark tasks as blocked, with what they wait for in words; an empty reason takes the mark away."""
    label = "block" if reason.strip() else "unblock"
    return change_tasks(
        ws, label, ids, lambda tx, row: _block(tx, row, ws.clock.today, reason, _seen_of(seen, row))
    )


def cancel_tasks(ws: Workspace, ids: Sequence[str], reason: str, *, seen: Seen | None = None) -> Outcome:
    """Cancel open tasks; the reason is kept."""
    return move_tasks(ws, ids, Status.CANCELLED, reason=reason, seen=seen)


def wait_for(ws: Workspace, ids: Sequence[str], other: str) -> Outcome:
    """Let tasks wait for another one.

    Raises:
        Refused: they would wait for each other in a circle.
        NotFound: the other task is not known.
    """

    def change(tx: Transaction, row: Row) -> None:
        tx.require("task", other)
        if row["id"] == other:
            raise Refused(f"{other} cannot wait for itself.")
        if tx.get("task_dependency", row["id"], other) is None:
            tx.insert("task_dependency", {"task": row["id"], "waits_for": other})

    outcome = change_tasks(ws, f"wait for {other}", ids, change)
    with ws.store.reading() as connection:
        closed = queries.cards_by_id(connection, [other])[0].status in ("done", "cancelled")
    notices = (*outcome.notices, f"{other} is closed already, so nothing waits") if closed else outcome.notices
    return Outcome(outcome.batch, outcome.label, outcome.ids, notices)


def stop_waiting(ws: Workspace, ids: Sequence[str], other: str | None = None) -> Outcome:
    """Let tasks no longer wait for another one, or for any."""

    def change(tx: Transaction, row: Row) -> None:
        for waits_for in task_rows.awaited_by(tx.connection, str(row["id"]), other):
            tx.delete("task_dependency", tx.require("task_dependency", row["id"], waits_for))

    return change_tasks(ws, f"stop waiting for {other or 'anything'}", ids, change)


def rank_task(ws: Workspace, task: str, by: int) -> Outcome:
    """Put a card before all others of its column (-1) or behind them (+1); tasks that wait stay behind the others.

    Raises:
        Refused: the column is in order of the days.
    """

    def change(tx: Transaction, row: Row) -> None:
        if row["status"] not in domain.OPEN:
            raise Refused(f"{task} is {row['status']}; that column is in order of time, newest first.")
        outermost = queries.outermost(tx.connection, task, first=by < 0)
        if outermost is not None:
            tx.update("task", row, {"rank": outermost + (1 if by > 0 else -1)})

    return change_tasks(ws, "to the top" if by < 0 else "to the bottom", [task], change)


def comment(ws: Workspace, task: str, body: str) -> Outcome:
    """Add a message to a task; `@id` in it mentions a person.

    Raises:
        Refused: it is empty.
        NotFound: the task is not known.
    """
    words = clean_text(body).strip()
    if not words:
        raise Refused("The message is empty; say something.")
    at = ws.clock.now().astimezone().time().isoformat(timespec="minutes")
    with ws.writing(f"comment on {task}") as tx:
        tx.require("task", task)
        mentions = [
            person for person in dict.fromkeys(re.findall(r"@([\w-]+)", words)) if tx.get("person", person) is not None
        ]
        tx.insert(
            "comment",
            {"task": task, "on": f"{ws.clock.today.isoformat()}T{at}", "by": ws.actor, "body": words,
             "mentions": mentions},
        )
    return Outcome(tx.batch, f"commented on {task}", (task,))


def serve_also(ws: Workspace, task: str, key_results: Sequence[str]) -> Outcome:
    """Set the further key results that a task helps, in order.

    Raises:
        NotFound: one is not known.
        Refused: one is the key result that the task cites.
    """

    return change_tasks(ws, "also serves", [task], lambda tx, row: _serve(tx, row, key_results))


def _serve(tx: Transaction, row: Row, key_results: Sequence[str]) -> None:
    task, wanted = row["id"], list(dict.fromkeys(key_results))
    if row["key_result"] in wanted:
        raise Refused(f"{task} cites {row['key_result']} already; name others that it helps as well.")
    for gone in sorted(task_rows.also_served(tx.connection, str(task)) - set(wanted)):
        tx.delete("task_also_serves", tx.require("task_also_serves", task, gone))
    for place, key_result in enumerate(wanted):
        served = tx.get("task_also_serves", task, key_result)
        if served is not None:
            tx.update("task_also_serves", served, {"position": place})
        else:
            tx.require("key_result", key_result)
            tx.insert("task_also_serves", {"task": task, "key_result": key_result, "position": place})


# how a change is made

Change = Callable[[Transaction, Row], None]


def in_words(label: str, ids: Sequence[str]) -> str:
    """What was done, and to what."""
    return f"{label}: {ids[0] if len(ids) == 1 else f'{len(ids)} tasks'}"


def change_tasks(ws: Workspace, label: str, ids: Sequence[str], change: Change) -> Outcome:
    """Change tasks in one transaction, with all that follows from it: limits, those set free, what comes round."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise WrongUsage("No task was named.")
    words = in_words(label, wanted)
    with ws.writing(words) as tx:
        before: dict[str, Standing] = {}
        after: list[Row] = []
        for task in wanted:
            row = tx.get("task", task)
            if row is None:
                raise NotFound(f"There is no task {task}. `tracker list` shows what there is.")
            before[task] = Standing(str(row["status"]), row["owner"])
            change(tx, row)
            after.append(row)
        notices = (*over_limits(tx, after, before), *of_waiting(tx, after, before))
        made, told = _come_round(tx, after, before, ws.clock.today)
    return Outcome(tx.batch, words, (*wanted, *made), (*notices, *told))


def _come_round(
    tx: Transaction, rows: Sequence[Row], before: Mapping[str, Standing], today: date
) -> tuple[list[str], list[str]]:
    """The next tasks of series whose open task was done, and what to know about it."""
    made, told = [], []
    for row in rows:
        was = before[str(row["id"])].status
        if row["status"] != was and (row["recurs"] is not None or row["series"] is not None):
            from tracker.services import recurrence  # imported here: hardly a task recurs

            followed = recurrence.follow(tx, row, was, today)
            if followed.made is not None:
                made.append(str(followed.made["id"]))
            if followed.notice:
                told.append(followed.notice)
    return made, told


def _set(tx: Transaction, row: Row, fields: Mapping[str, object], seen: Mapping[str, object] | None) -> None:
    tx.update("task", row, checked_fields(tx, fields), seen=seen)


def _assign(
    tx: Transaction, row: Row, today: date, owner: object, seen: Mapping[str, object] | None
) -> None:
    wanted = checked_fields(tx, {"owner": owner})["owner"]
    fields = domain.assign(task_of(row), None if wanted is None else str(wanted), today=today)
    if "status" in fields:
        _require_contribution(tx, str(row["contribution"]), wanted is not None, str(row["id"]))
        unlink(tx, row, fields)
    tx.update("task", row, fields, seen=_only(seen, "owner"))


def _block(tx: Transaction, row: Row, today: date, reason: str, seen: Mapping[str, object] | None) -> None:
    tx.update("task", row, domain.block(task_of(row), clean_line(reason), today=today),
              seen=_only(seen, "blocked_reason"))


def _move(
    ws: Workspace, tx: Transaction, row: Row, to: Status, reason: str, seen: Mapping[str, object] | None
) -> None:
    if row["status"] == to:
        return
    tx.check_seen("task", row, {"status": to.value}, seen)
    actor = ws.actor if tx.get("person", ws.actor) is not None else None
    for step in domain.move(task_of(row), to, today=ws.clock.today, actor=actor, reason=clean_line(reason)):
        if step.to_status is Status.ASSIGNED:
            _require_contribution(tx, str(row["contribution"]), True, str(row["id"]))
        unlink(tx, row, step.fields)
        tx.update("task", row, step.fields)


def unlink(tx: Transaction, row: Row, fields: Mapping[str, object]) -> None:
    """Work that goes back to the backlog has no external link (rule 11); undo brings it back."""
    if fields.get("status") == Status.BACKLOG:
        for connector in task_rows.linked_connectors(tx.connection, str(row["id"])):
            tx.delete("external_link", tx.require("external_link", row["id"], connector))


def _require_contribution(tx: Transaction, contribution: str, is_assigned: bool, what: str) -> None:
    if is_assigned and not contribution and task_rows.contribution_required(tx.connection):
        raise Refused(
            f"{what} needs its contribution before it is assigned: say how it moves the key result (why:…)."
        )


def task_of(row: Row) -> Task:
    """The stored row as the rules see it."""
    return Task(
        id=str(row["id"]), title=str(row["title"]), status=Status(str(row["status"])),
        owner=None if row["owner"] is None else str(row["owner"]),
        created_on=_day(row["created_on"]), assigned_on=_day(row["assigned_on"]), started_on=_day(row["started_on"]),
        review_on=_day(row["review_on"]), done_on=_day(row["done_on"]),
        blocked_reason=None if row["blocked_reason"] is None else str(row["blocked_reason"]),
        contribution=str(row["contribution"]),
    )


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None


def _status(to: object) -> Status:
    try:
        return Status(str(to))
    except ValueError:
        raise WrongUsage(f"{str(to)[:40]!r} is no status; there are {', '.join(Status)}.") from None


def _seen_of(seen: Seen | None, row: Row) -> Mapping[str, object] | None:
    return None if seen is None else seen.get(str(row["id"]))


def _only(seen: Mapping[str, object] | None, field: str) -> Mapping[str, object] | None:
    return {field: seen[field]} if seen is not None and field in seen else None
