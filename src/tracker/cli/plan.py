"""`tracker plan`: from a goal back to the first contact."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tracker.cli import answers, completion
from tracker.cli import fields as field_options
from tracker.cli import words as said
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import FieldOption, Verbs, example, taking_fields
from tracker.domain.errors import NotFound, WrongUsage
from tracker.services import lookup

KeyResult = Annotated[str, typer.Argument(
    metavar="KEY_RESULT", help="Number, id or letters of the title of the goal.",
    autocompletion=completion.key_result_ids)]
Position = Annotated[str, typer.Argument(metavar="STEP", help="Number of the step; 0 is the goal.")]
STEP = {
    "stage": FieldOption("WORD", "awareness, consideration, decision, conversion, or the strategy's own."),
    "rate": FieldOption("SHARE", "How many go up to the step above: 25% or 0.25."),
    "actual_rate": FieldOption("SHARE", "How many really do."),
    "counted_by": FieldOption("KEY_RESULT", "The key result that counts it."),
    "min_pieces": FieldOption("N", "How many tasks are wanted."),
}


@example("tracker plan back KR-05", "tracker plan back 1 --what-if 2=67%")
def back(
    ctx: typer.Context,
    key_result: KeyResult,
    what_if: Annotated[list[str] | None, typer.Option(
        "--what-if", metavar="STEP=RATE", help="Another rate of a step, only to look; again for more.")] = None,
    json: Json = False,
) -> None:
    """Show what each step needs, from the goal to the first contact, and what is missing."""
    from tracker.services.plan_back import plan_back

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result, open_only=False)
    _show(invocation, plan_back(ws, id_, _rates(what_if or ())), json=json)


def _show(invocation: Invocation, plan: Any, *, json: bool) -> None:
    from tracker.reports import plan_back_text
    from tracker.reports.ink import Ink

    if json:
        answers.put_record(invocation, "plan_back", **plan_back_text.record(plan))
        return
    output = invocation.output
    output.lines(plan_back_text.plan_lines(plan, width=output.line_width, ink=Ink(output.colour)))


def _rates(words: Any) -> dict[int, Any]:
    from tracker.domain.rates import read_rate

    rates = {}
    for each in words:
        step, is_given, rate = each.partition("=")
        if not is_given:
            raise WrongUsage(f"{each[:40]!r} is no step with a rate; write --what-if 2=67%.")
        rates[_position(step)] = read_rate(rate)
    return rates


def _position(words: str) -> int:
    text = words.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise WrongUsage(f"{words[:40]!r} is no number of a step; `tracker plan back` shows them, 0 is the goal.")
    return int(text)


@example("tracker plan dates KR-05 3 7 14 14 21 30", "tracker plan dates KR-05 3 7 14 --set")
def dates(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="KEY_RESULT DAYS...", help="The goal, then the days from step to step, from the goal down.",
        autocompletion=completion.key_result_ids)],
    set: Annotated[bool, typer.Option("--set", help="Give these dates to the open tasks that have none.")] = False,
    json: Json = False,
) -> None:
    """Reckon the latest day of each step back from the day the goal is due; --set dates the tasks."""
    from tracker.reports.plan_back_text import date_lines
    from tracker.services import journey

    if len(words) < 2:
        raise WrongUsage("Name the goal, then the days from step to step, from the goal down: KR-05 3 7 14.")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, words[0], open_only=False)
    lead_times = journey.read_lead_times(" ".join(words[1:]))
    if set:
        answers.tasks_changed(invocation, journey.set_dates_back(ws, id_, lead_times), as_json=json)
        return
    days = journey.dates_back(ws, id_, lead_times)
    if json:
        answers.put_record(invocation, "plan_dates", key_result=id_, steps=days)
        return
    invocation.output.lines(date_lines(days))


@example('tracker plan step add KR-05 "Attends the discovery call" --rate 25%',
         'tracker plan step add KR-05 "Opens the mail" --below 3 --rate 40%')
@taking_fields(STEP)
def add(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="KEY_RESULT WORDS...", help="The goal, then what somebody does on the step.")],
    fields: dict[str, Any],
    below: Annotated[str | None, option("--below", "STEP", "Under this step; else at the bottom.")] = None,
    above: Annotated[str | None, option("--above", "STEP", "Over this step.")] = None,
    json: Json = False,
) -> None:
    """Add a step; the first one is the goal. Steps below move on, with their tasks."""
    from tracker.services import journey

    if below is not None and above is not None:
        raise WrongUsage("Give --below or --above, not both.")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, words[0])
    outcome = journey.add_step(
        ws, id_, " ".join(words[1:]), _read(invocation, fields),
        below=None if below is None else _position(below), above=None if above is None else _position(above))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker plan step edit KR-05 2 --rate 67%", "tracker plan step edit KR-05 1 --counted-by KR-06")
@taking_fields({"title": FieldOption("TEXT", "What somebody does there."), **STEP})
def edit(ctx: typer.Context, key_result: KeyResult, step: Position, fields: dict[str, Any], json: Json = False) -> None:
    """Change a step; an empty value takes it away."""
    from tracker.services import journey

    field_options.something(fields)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result)
    outcome = journey.edit_step(ws, id_, _position(step), _read(invocation, fields))
    answers.records_changed(invocation, outcome, as_json=json)


def _read(invocation: Invocation, fields: dict[str, Any]) -> dict[str, object]:
    read = dict(fields)
    if "counted_by" in read:
        words = str(read.pop("counted_by"))
        read["linked_key_result"] = (
            lookup.resolve_key_result(invocation.workspace(), words, open_only=False) if words.strip() else None)
    return read


@example("tracker plan step remove KR-05 3")
def remove(ctx: typer.Context, key_result: KeyResult, step: Position, json: Json = False) -> None:
    """Take a step out; its tasks stay, on no step."""
    from tracker.services import journey

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result)
    answers.records_changed(invocation, journey.remove_step(ws, id_, _position(step)), as_json=json)


@example("tracker plan target KR-05 2")
def target(ctx: typer.Context, key_result: KeyResult, step: Position, json: Json = False) -> None:
    """Set the target of the key result that counts a step to what the plan needs."""
    from tracker.services import journey

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result)
    answers.records_changed(invocation, journey.set_target(ws, id_, _position(step)), as_json=json)


@example('tracker plan task KR-05 1 "Ring those who booked @jonas due:fri"')
def task(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="KEY_RESULT STEP WORDS...", help="The goal, the step, then the task as quick-add words.")],
    json: Json = False,
) -> None:
    """Add a task on a step; key result, stage and step are filled in."""
    from tracker.services import journey

    if len(words) < 3:
        raise WrongUsage("Name the goal, the step, then what is to be done.")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, words[0])
    line = said.quick_add_line(words[2:])
    answers.tasks_changed(invocation, journey.task_on_step(ws, id_, _position(words[1]), line), as_json=json)


@example("tracker plan take KR-05 1 I-05", 'tracker plan take KR-05 1 I-05 "who is reminded comes"')
def take(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="KEY_RESULT STEP IDEA WORDS...", help="The goal, the step, the idea or arrival, then how it helps.")],
    who: Annotated[str | None, option("--who", "yes|no", "Whether those whom the strategy is for would be there.")]
    = None,
    json: Json = False,
) -> None:
    """Make an idea a task on a step; key result, stage and step are filled in."""
    from tracker.cli.ideas import ask_who, reaches_who, with_open_question
    from tracker.services import journey
    from tracker.services.ideas import ideas

    if len(words) < 3:
        raise WrongUsage("Name the goal, the step, then the idea.")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, words[0])
    position, idea = _position(words[1]), words[2]
    waits = any(row.id == idea.strip().upper() for row in ideas(ws))
    reached = reaches_who(who) if who is not None or not waits else ask_who(invocation)
    outcome = journey.idea_on_step(ws, id_, position, idea, " ".join(words[3:]), reaches_who=reached)
    answers.tasks_changed(invocation, with_open_question(outcome, reached), as_json=json)


@example("tracker plan")
def alone(ctx: typer.Context, json: Json = False) -> None:
    """Show the plan of the running cycle."""
    from tracker.services.plan_back import plan_back, planned_key_result

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    found = planned_key_result(ws)
    if found is None:
        raise NotFound("No key result of the running cycle has a plan yet; begin one with the goal: "
                       'tracker plan step add KR-05 "Signs as a client"')
    _show(invocation, plan_back(ws, found), json=json)


VERBS = {
    "back": back, "dates": dates, "target": target, "task": task, "take": take,
    "step": Verbs("Steps of a plan: add, change, remove.", {"add": add, "edit": edit, "remove": remove}),
}
ALONE = alone
