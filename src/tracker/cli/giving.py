"""Commands that give tasks an owner, a date or another key result: assign, due, cite."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli import answers
from tracker.cli import words as said
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, complete_task_then_key_result, complete_task_then_person, tasks_then
from tracker.cli.parsing import example
from tracker.domain.dates import parse_day_or_none
from tracker.services import lookup
from tracker.services import tasks as services


@example("tracker assign T-033 T-034 lena", "tracker assign T-033 --nobody")
def assign(
    ctx: typer.Context,
    words: Annotated[list[str], tasks_then("the person", "PERSON", complete_task_then_person)],
    nobody: Annotated[bool, typer.Option("--nobody", help="Take them away from whoever has them.")] = False,
    json: Json = False,
) -> None:
    """Give tasks to a person: an id, or enough letters of an id or a name."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    if nobody:
        outcome = services.assign_tasks(ws, said.tasks(ws, words), None)
    else:
        ids, person = said.tasks_and_value(ws, words, "the person (or --nobody)")
        outcome = services.assign_tasks(ws, ids, lookup.resolve_person(ws, person))
    answers.tasks_changed(invocation, outcome, as_json=json)


@example("tracker due T-033 fri", "tracker due 33 34 +2w", "tracker due T-033 none")
def due(
    ctx: typer.Context,
    words: Annotated[list[str], tasks_then("the day", "DAY")],
    json: Json = False,
) -> None:
    """Set the due date of tasks: 2026-10-21, fri, tomorrow, +3d, +2w, eom, "21 oct", or none."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    ids, day = said.tasks_and_value(ws, words, "the day (or none)")
    answers.tasks_changed(invocation, services.set_due(ws, ids, parse_day_or_none(day, ws.clock.today)), as_json=json)


@example("tracker cite T-047 T-045 2", "tracker cite T-047 calls")
def cite(
    ctx: typer.Context,
    words: Annotated[list[str], tasks_then(
        "the key result: its number, id or letters of its title", "KEY_RESULT", complete_task_then_key_result)],
    json: Json = False,
) -> None:
    """Make tasks cite another key result."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    ids, key_result = said.tasks_and_value(ws, words, "the key result")
    outcome = services.cite(ws, ids, lookup.resolve_key_result(ws, key_result))
    answers.tasks_changed(invocation, outcome, as_json=json)


COMMANDS = {"assign": assign, "due": due, "cite": cite}
