"""What people decide about findings: keep, recalibrate, kill. Decision and consequence are one change and one undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.audit import CAUSES, Choice, Finding
from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.plaintext import clean_line
from tracker.services.joining import JoinedWorkspace, joined
from tracker.services.outcome import Outcome
from tracker.services.strategy import edit_record
from tracker.services.tasks import Seen, cancel_tasks, cite
from tracker.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What is put right: a new target, or tasks that move another key result instead."""

    cause: str
    """One of `CAUSES`."""
    target: str | None = None
    """As a person types it."""
    tasks: tuple[str, ...] = ()
    to: str | None = None
    """The id of the key result that the tasks cite from now on."""
    reason: str = ""


def keep(ws: Workspace, finding: Finding, reason: str) -> Outcome:
    """Leave it as it is, and say why; it counts as decided until its figures change.

    Raises:
        Refused: there is no reason.
    """
    why = _reason(reason, finding, "Keeping")
    with joined(ws, f"keep {finding.id}"[:200]) as here:
        _decide(here, finding, Choice.KEEP, why)
    return Outcome(here.transaction.batch, f"kept {_named(finding)}", (finding.id,))


def kill(ws: Workspace, finding: Finding, tasks: Sequence[str], reason: str, *, seen: Seen | None = None) -> Outcome:
    """Cancel tasks of a finding, all for one reason.

    Raises:
        Refused: there is no reason, or a task cannot be cancelled.
        WrongUsage: no task was chosen.
        Conflict: somebody else moved a task since `seen`.
    """
    why = _reason(reason, finding, "Cancelling")
    if not tasks:
        raise WrongUsage(f"Choose the tasks to cancel; {_named(finding)} stays as it is until then.")
    with joined(ws, f"kill {finding.id}: cancel {_count(tasks)}"[:200]) as here:
        done = cancel_tasks(here, tasks, why, seen=seen)
        _decide(here, finding, Choice.KILL, why)
    return Outcome(here.transaction.batch, f"cancelled {_count(tasks)}: {why}", done.ids, done.notices)


def recalibrate(ws: Workspace, finding: Finding, new: Recalibration, *, seen: Seen | None = None) -> Outcome:
    """Put right what a finding shows: give its key result a new target, or let tasks move another key result.

    Raises:
        WrongUsage: the cause is none of `CAUSES`, or it is not said what is to change.
        Refused: the finding has no key result, or a rule forbids the change.
        NotFound, Conflict: as the change says.
    """
    if new.cause not in CAUSES:
        raise WrongUsage(f"{new.cause[:40]!r} is no cause; there are {', '.join(CAUSES)}.")
    if (new.target is None) == (new.to is None):
        raise WrongUsage("Say what changes: a new target, or tasks and the key result they move instead.")
    with joined(ws, f"recalibrate {finding.id}"[:200]) as here:
        done = _retarget(here, finding, str(new.target)) if new.to is None else _move(here, new, seen)
        why = clean_line(new.reason)
        _decide(here, finding, Choice.RECALIBRATE, f"{done.label}: {why}" if why else done.label, new.cause)
    return Outcome(here.transaction.batch, done.label, done.ids, done.notices)


def _retarget(ws: JoinedWorkspace, finding: Finding, target: str) -> Outcome:
    if finding.key_result is None or finding.is_of_task:
        raise Refused(f"{_named(finding)} is about no single key result; move its tasks, or keep it with a reason.")
    before = ws.transaction.require("key_result", finding.key_result)["target"]
    edit_record(ws, "key_result", finding.key_result, {"target": target})
    now = ws.transaction.require("key_result", finding.key_result)["target"]
    if now == before:
        raise Refused(f"The target of {finding.key_result} is {now} already; nothing would change.")
    return Outcome(None, f"target of {finding.key_result} is {now}, was {before}", (finding.key_result,))


def _move(ws: JoinedWorkspace, new: Recalibration, seen: Seen | None) -> Outcome:
    if not new.tasks:
        raise WrongUsage(f"Choose the tasks that shall move {new.to}.")
    moved = cite(ws, new.tasks, str(new.to), seen=seen)
    return Outcome(None, f"{_count(new.tasks)} moved to {new.to}", moved.ids, moved.notices)


def _decide(ws: JoinedWorkspace, finding: Finding, choice: Choice, reason: str, cause: str | None = None) -> None:
    ws.transaction.insert("decision", {
        "rule": finding.rule.value, "subject": finding.subject, "choice": choice.value, "cause": cause,
        "reason": reason, "by": ws.actor, "on": ws.clock.today, "figures": dict(finding.figures),
    })  # fmt: skip


def _reason(reason: str, finding: Finding, doing: str) -> str:
    why = clean_line(reason)
    if not why:
        raise Refused(f"{doing} {_named(finding)} needs a reason: say why in a few words.")
    return why


def _named(finding: Finding) -> str:
    return f"{finding.rule.replace('_', ' ')} of {finding.label}"


def _count(tasks: Sequence[str]) -> str:
    return tasks[0] if len(tasks) == 1 else f"{len(tasks)} tasks"
