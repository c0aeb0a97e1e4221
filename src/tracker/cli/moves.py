"""Commands that change where tasks stand: start, review, done, move, cancel, block, wait."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli import answers
from tracker.cli import words as said
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, Tasks, complete_task_then_status, option, tasks_then
from tracker.cli.parsing import example
from tracker.domain.errors import WrongUsage
from tracker.domain.tasks import Status
from tracker.services import tasks as services


def _move(ctx: typer.Context, words: list[str], to: Status, *, json: bool) -> None:
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    answers.tasks_changed(invocation, services.move_tasks(ws, said.tasks(ws, words), to.value), as_json=json)


@example("tracker start T-043", "tracker start 43 44")
def start(ctx: typer.Context, tasks: Tasks, json: Json = False) -> None:
    """Start work on tasks. Who starts what nobody owns takes it."""
    _move(ctx, tasks, Status.DOING, json=json)


@example("tracker review T-043")
def review(ctx: typer.Context, tasks: Tasks, json: Json = False) -> None:
    """Hand tasks in for review."""
    _move(ctx, tasks, Status.REVIEW, json=json)


@example("tracker done T-043 T-044")
def done(ctx: typer.Context, tasks: Tasks, json: Json = False) -> None:
    """Finish tasks. What waited for them is told."""
    _move(ctx, tasks, Status.DONE, json=json)


@example("tracker move T-043 backlog", "tracker move 43 44 to review")
def move(
    ctx: typer.Context,
    words: Annotated[list[str], tasks_then(
        "backlog, assigned, doing, review, done or cancelled", "STATUS", complete_task_then_status)],
    reason: Annotated[str | None, option("--reason", "TEXT", "Why; needed to cancel.")] = None,
    json: Json = False,
) -> None:
    """Move tasks to any status: forward through all between, back one step at a time."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    ids, status = said.tasks_and_value(ws, words, "where to: backlog, assigned, doing, review, done or cancelled")
    to = status.removeprefix("to ").strip().lower()
    if to not in set(Status):
        raise WrongUsage(f"{status!r} is no status; there are {', '.join(Status)}.")
    answers.tasks_changed(invocation, services.move_tasks(ws, ids, to, reason=reason or ""), as_json=json)


@example('tracker cancel T-047 "TikTok is no channel of this strategy"')
def cancel(
    ctx: typer.Context,
    words: Annotated[list[str], tasks_then("why", "REASON")],
    json: Json = False,
) -> None:
    """Cancel tasks, saying why."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    ids, reason = said.tasks_and_value(ws, words, "why they are cancelled")
    answers.tasks_changed(invocation, services.cancel_tasks(ws, ids, reason), as_json=json)


@example('tracker block T-043 "ad account review"', "tracker block T-043 --clear")
def block(
    ctx: typer.Context,
    words: Annotated[list[str], tasks_then("what blocks them", "REASON")],
    clear: Annotated[bool, typer.Option("--clear", help="They are blocked no longer.")] = False,
    json: Json = False,
) -> None:
    """Mark tasks as blocked, saying by what."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    if clear:
        ids, reason = said.tasks(ws, words), ""
    else:
        ids, reason = said.tasks_and_value(ws, words, "what blocks them (or --clear)")
    answers.tasks_changed(invocation, services.block_tasks(ws, ids, reason), as_json=json)


@example("tracker wait T-059 T-058", "tracker wait T-059 --stop")
def wait(
    ctx: typer.Context,
    words: Annotated[list[str], tasks_then("the task they wait for", "OTHER")],
    stop: Annotated[bool, typer.Option("--stop", help="They wait for nothing any longer.")] = False,
    stop_for: Annotated[str | None, option("--stop-for", "OTHER", "They wait for this task no longer.")] = None,
    json: Json = False,
) -> None:
    """Make tasks wait for another one; no circles."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    if stop or stop_for is not None:
        other = said.tasks(ws, [stop_for])[0] if stop_for else None
        outcome = services.stop_waiting(ws, said.tasks(ws, words), other)
    else:
        ids, last = said.tasks_and_value(ws, words, "the task they wait for (or --stop)")
        outcome = services.wait_for(ws, ids, said.tasks(ws, [last])[0])
    answers.tasks_changed(invocation, outcome, as_json=json)


COMMANDS = {
    "start": start, "review": review, "done": done, "move": move, "cancel": cancel, "block": block, "wait": wait,
}
