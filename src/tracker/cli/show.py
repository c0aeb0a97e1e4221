"""`tracker show` and `tracker why`."""

from __future__ import annotations

import typer

from tracker.cli import answers
from tracker.cli import words as said
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, Tasks
from tracker.cli.parsing import example
from tracker.reports.ink import Ink
from tracker.services import board


@example("tracker show T-043", "tracker show 43 44 --json")
def show(ctx: typer.Context, tasks: Tasks, json: Json = False) -> None:
    """Show every field of tasks, what they wait for, and their comments."""
    from tracker.reports.task_text import detail_lines

    invocation: Invocation = ctx.obj
    ws, output = invocation.workspace(), invocation.output
    details = [board.task_detail(ws, id_) for id_ in said.tasks(ws, tasks)]
    if json:
        from tracker.reports.records import detail_record

        answers.put_record(invocation, "task_details", tasks=[detail_record(detail) for detail in details])
        return
    for place, detail in enumerate(details):
        if place:
            output.write("")
        output.lines(detail_lines(detail, ws.clock.today, width=output.line_width, ink=Ink(output.colour)))


@example("tracker why T-043")
def why(ctx: typer.Context, tasks: Tasks, json: Json = False) -> None:
    """Show what tasks are for: the key result, the objective and the strategy, with their figures."""
    from tracker.reports.why_text import path_record, why_lines
    from tracker.services.ideas import origins
    from tracker.services.purpose import purposes

    invocation: Invocation = ctx.obj
    ws, output = invocation.workspace(), invocation.output
    cards = board.cards(ws, said.tasks(ws, tasks))
    above = purposes(ws, {card.key_result for card in cards})
    came_of = origins(ws, [card.id for card in cards])
    if json:
        paths = [path_record(card, above[card.key_result], came_of.get(card.id)) for card in cards]
        answers.put_record(invocation, "why", today=ws.clock.today, paths=paths)
        return
    for place, card in enumerate(cards):
        if place:
            output.write("")
        output.lines(why_lines(card, above[card.key_result], came_of.get(card.id), ws.clock.today,
                               width=output.line_width, ink=Ink(output.colour)))


COMMANDS = {"show": show, "why": why}
