"""`tracker idea`: thoughts and arrivals that cite no key result yet."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from tracker.cli import answers
from tracker.cli import words as said
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example
from tracker.domain.errors import WrongUsage
from tracker.reports.ink import shown
from tracker.services import board
from tracker.services import ideas as services
from tracker.services.outcome import Outcome
from tracker.services.quick import task_of_line


@example('tracker idea add "Reminder message the day before the call" --source "sales call"',
         'tracker idea add "A podcast for practice managers from:hallway"')
def add(
    ctx: typer.Context,
    title: Annotated[list[str], typer.Argument(metavar="WORDS...", help="The idea.")],
    source: Annotated[str | None, option("--source", "TEXT", "Where it came from.")] = None,
    json: Json = False,
) -> None:
    """Capture an idea; it needs no key result and is not on the board."""
    invocation: Invocation = ctx.obj
    line = " ".join(title)
    words, where = (line, source) if source is not None else services.idea_of_line(line)
    outcome = services.capture_idea(invocation.workspace(), words, where)
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker idea list")
def list_ideas(ctx: typer.Context, json: Json = False) -> None:
    """List ideas and arrivals that wait."""
    invocation: Invocation = ctx.obj
    rows = board.ideas(invocation.workspace())
    if json:
        answers.put_record(invocation, "ideas", ideas=rows)
        return
    answers.put_rows(
        invocation,
        [(row.id, row.on.isoformat(), row.kind, row.by or "", row.source or "", row.title) for row in rows],
        ("id", "on", "kind", "by", "source", "title"),
    )


@example("tracker idea promote I-05 kr:2 stage:decision @priya --who yes",
         'tracker idea promote I-05 "A better title kr:2"')
def promote(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="IDEA WORDS...", help="The idea or arrival, then quick-add words; kr: is needed.")],
    who: Annotated[str | None, option("--who", "yes|no", "Whether those whom the strategy is for would be there.")]
    = None,
    json: Json = False,
) -> None:
    """Make an idea a task by citing a key result for it. It keeps its title unless another is given.

    Whether your who would be there is asked in a terminal; the answer is kept, and no is an answer.
    """
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = words[0].upper()
    waiting = {row.id: row.title for row in board.ideas(ws)}
    new = task_of_line(ws, said.quick_add_line(words[1:]), title=waiting.get(id_, id_))
    reached = reaches_who(who) if who is not None or id_ not in waiting else ask_who(invocation)
    outcome = services.promote(ws, id_, new, reaches_who=reached)
    answers.tasks_changed(invocation, with_open_question(outcome, reached), as_json=json)


def with_open_question(outcome: Outcome, reached: bool | None) -> Outcome:
    """The outcome of a promotion, with a notice where the question about our who was left open."""
    return outcome if reached is not None else replace(outcome, notices=(*outcome.notices, NOT_ANSWERED))


NOT_ANSWERED = "whether our who would be there was not said (--who yes or no)"


def reaches_who(answer: str | None) -> bool | None:
    """An answer as people type it; nothing leaves it open.

    Raises:
        WrongUsage: it is neither.
    """
    said_so = (answer or "").strip().casefold()
    if not said_so:
        return None
    if said_so in ("yes", "y", "no", "n"):
        return said_so.startswith("y")
    raise WrongUsage(f"{(answer or '')[:20]!r} is neither yes nor no: would our who be there?")


def ask_who(invocation: Invocation) -> bool | None:
    """Asked where somebody can answer; None anywhere else."""
    if not (invocation.output.is_terminal and sys.stdin.isatty()):
        return None
    invocation.output.say(f"WHO {shown(services.who_is_reached(invocation.workspace()))}")
    invocation.output.say("Would they be there? yes or no; Enter leaves it open.")
    return reaches_who(sys.stdin.readline())


@example('tracker idea drop I-03 "no room this cycle"')
def drop(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="IDEA REASON...", help="The idea or arrival, then why.")],
    json: Json = False,
) -> None:
    """Drop an idea or arrival, saying why."""
    if len(words) < 2:
        raise WrongUsage("Name the idea, then why it is dropped.")
    invocation: Invocation = ctx.obj
    outcome = services.drop(invocation.workspace(), words[0].upper(), " ".join(words[1:]))
    answers.records_changed(invocation, outcome, as_json=json)


VERBS = {"add": add, "list": list_ideas, "promote": promote, "drop": drop}
ALONE = list_ideas
