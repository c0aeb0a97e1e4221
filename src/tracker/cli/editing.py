"""`tracker edit` and `tracker comment`."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli import words as said
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, Tasks, complete_tasks, option
from tracker.cli.parsing import example
from tracker.domain.dates import parse_day_or_none
from tracker.domain.errors import WrongUsage
from tracker.domain.words import choose_stage
from tracker.services import lookup
from tracker.services import tasks as services

_ESTIMATE = re.compile(r"~?([0-9]+(?:\.[0-9]+)?)(?:-([0-9]+(?:\.[0-9]+)?))?h?")


@example('tracker edit T-043 --title "White paper ad, second try" --estimate 3-5', "tracker edit 43 44 --priority high")
def edit(
    ctx: typer.Context,
    tasks: Tasks,
    title: Annotated[str | None, option("--title", "TEXT", "What is to be done.")] = None,
    why: Annotated[str | None, option("--why", "TEXT", "Contribution: how it moves the key result.")] = None,
    notes: Annotated[str | None, option("--notes", "TEXT", "Anything else.")] = None,
    kr: Annotated[str | None, option("--kr", "KEY_RESULT", "Key result: number, id or letters.")] = None,
    owner: Annotated[str | None, option("--owner", "PERSON", "Who does it.")] = None,
    due: Annotated[str | None, option("--due", "DAY", "Due date.")] = None,
    publish: Annotated[str | None, option("--publish", "DAY", "Publish date.")] = None,
    priority: Annotated[str | None, option("--priority", "WORD", "low, normal or high.")] = None,
    stage: Annotated[str | None, option("--stage", "STAGE", "Stage, or its letter.")] = None,
    medium: Annotated[str | None, option("--medium", "MEDIUM", "Medium.")] = None,
    channel: Annotated[str | None, option("--channel", "CHANNEL", "Channel.")] = None,
    estimate: Annotated[str | None, option("--estimate", "LOW-HIGH", "Hours: 2-4, or 3.")] = None,
    kind: Annotated[str | None, option("--kind", "WORD", "ongoing or foundational.")] = None,
    recurs: Annotated[str | None, option(
        "--recurs", "RULE", "How foundational work comes round: every Monday, monthly on the last day.")] = None,
    shows: Annotated[str | None, option("--shows", "WORD", "us, knowledge, proof or offer.")] = None,
    journey_step: Annotated[str | None, option("--journey-step", "N", "Step of the journey.")] = None,
    cost: Annotated[str | None, option("--cost", "MINOR", "Cost in minor units (cents).")] = None,
    learned: Annotated[str | None, option("--learned", "TEXT", "What it taught.")] = None,
    json: Json = False,
) -> None:
    """Change fields of tasks. An empty value ("") clears a field that may be empty."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    fields: dict[str, Any] = {
        "title": title, "contribution": why, "notes": notes, "priority": priority, "medium": medium, "kind": kind,
        "recurs": recurs, "shows": shows, "journey_step": journey_step, "cost_minor": cost, "learned": learned,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    if stage is not None:
        from tracker.services.quick import words_of_strategy

        fields["stage"] = choose_stage(stage, words_of_strategy(ws)[0])
    if kr is not None:
        fields["key_result"] = lookup.resolve_key_result(ws, kr)
    if owner is not None:
        fields["owner"] = lookup.resolve_person(ws, owner) if owner else None
    if channel is not None:
        fields["channel"] = lookup.resolve_channel(ws, channel) if channel else None
    for name, day in (("due_on", due), ("publish_on", publish)):
        if day is not None:
            fields[name] = parse_day_or_none(day or "none", ws.clock.today)
    if estimate is not None:
        fields["estimate_low_h"], fields["estimate_high_h"] = _hours(estimate)
    if not fields:
        raise WrongUsage("Say what to change, for example --title; see tracker edit --help.")
    answers.tasks_changed(invocation, services.edit_tasks(ws, said.tasks(ws, tasks), fields), as_json=json)


def _hours(text: str) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    found = _ESTIMATE.fullmatch(text)
    if found is None:
        raise WrongUsage(f"--estimate wants hours, as 3 or 2-4, and {text[:40]!r} is neither.")
    return float(found[1]), float(found[2] or found[1])


@example('tracker comment T-026 "please read, due tomorrow @jonas"')
def comment(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="TASK WORDS...", help="A task, then the message; @id mentions a person.",
        autocompletion=complete_tasks)],
    json: Json = False,
) -> None:
    """Write a message on a task."""
    if len(words) < 2:
        raise WrongUsage("Name the task, then the message.")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = services.comment(ws, said.tasks(ws, words[:1])[0], " ".join(words[1:]))
    answers.tasks_changed(invocation, outcome, as_json=json)


COMMANDS = {"edit": edit, "comment": comment}
