"""`tracker list` and `tracker search`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import answers
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, Limit, complete_filter
from tracker.cli.parsing import example
from tracker.cli.words import whole_number
from tracker.domain.errors import WrongUsage
from tracker.domain.filters import TaskFilter, parse_filter
from tracker.domain.tasks import OPEN, Status
from tracker.reports import task_lines
from tracker.reports.ink import Ink
from tracker.services import board

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace
    from tracker.storage.rows import Board, Card

PAGE = 100
"""Tasks listed where there is no screen to fill."""
AROUND_A_PAGE = 4
"""Lines of a screen that are left to headings, the prompt and the note that there is more."""
LEAST = 5


@example("tracker list @lena late", "tracker list kr:2 status:doing,review --json", "tracker list --all > tasks.txt")
def list_tasks(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(
        metavar="[FILTER...]", help="The board's filter words; others are searched for.",
        autocompletion=complete_filter, show_default=False)] = None,
    all: Annotated[bool, typer.Option("--all", "-a", help="Every match, done and cancelled too.")] = False,
    limit: Limit = None,
    json: Json = False,
) -> None:
    """List tasks: the open ones, one screenful, in the order of the board.

    \b
    kr:2  @lena  mine  unowned  late  blocked  due:fri  stage:A  medium:email
    #linkedin  open  doing  status:doing,review  "any other words"

    Columns where the output is no terminal: id, status, key result, stage, owner, due date, marks, title; `-` stands
    for nothing.
    """
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    chosen = board.resolve_filter(ws, parse_filter(words or [], ws.clock.today))
    most = whole_number(limit, "--limit")
    if all and most is not None:
        raise WrongUsage("Choose --all or --limit; one contradicts the other.")
    if not chosen.status:
        chosen = replace(chosen, status=frozenset(status.value for status in (Status if all else OPEN)))
    if all:
        _write(invocation, board.iterate(ws, chosen), json=json)
    else:
        _write_page(invocation, ws, chosen, most, json=json)


def _write_page(invocation: Invocation, ws: Workspace, chosen: TaskFilter, most: int | None, *, json: bool) -> None:
    output = invocation.output
    if most is None:
        most = max(output.height - AROUND_A_PAGE, LEAST) if output.is_terminal and not json else PAGE
    found = board.list_page(ws, chosen, 0, most + 1).cards
    counts = board.board(ws, chosen) if output.is_terminal and not json else None
    _write(invocation, found[:most], json=json, counts=counts, more=len(found) > most)
    if not found and not json:
        output.say(f"No task matches: {chosen.describe()}.")
    elif len(found) > most and not json:
        output.say(f"The first {most}; there are more: --all, or --limit N.")


def _write(
    invocation: Invocation, cards: Iterable[Card], *, json: bool, counts: Board | None = None, more: bool = False
) -> None:
    output, today = invocation.output, invocation.workspace().clock.today
    lines: Iterator[str]
    if json:
        from tracker.reports import records

        lines = records.streamed("tasks", "tasks", map(records.card_record, cards),
                                 ascii_only=not output.is_unicode, today=today, more=more)
    elif output.is_terminal:
        lines = task_lines.terminal_lines(
            cards, today, width=output.width, ink=Ink(output.colour), counts=counts)
    else:
        lines = task_lines.plain_lines(cards, today)
    output.lines(lines)


@example("tracker search white paper")
def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="WORDS...", help="The beginnings of words; accents do not matter.")],
    limit: Limit = None,
    json: Json = False,
) -> None:
    """Find tasks by title, contribution, notes and comments, the best match first."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    found = board.search(ws, " ".join(words), limit=whole_number(limit, "--limit") or 50)
    if json:
        _write(invocation, found, json=True)
        return
    answers.put_cards(invocation, found)
    if not found:
        invocation.output.say(f"Nothing says {' '.join(words)!r}.")


COMMANDS = {"list": list_tasks, "search": search}
