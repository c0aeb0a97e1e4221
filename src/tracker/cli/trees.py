"""`tracker tree`."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli import answers
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example
from tracker.domain.errors import WrongUsage
from tracker.reports.ink import Ink


@example("tracker tree", "tracker tree --tasks 0", "tracker tree --json")
def tree(
    ctx: typer.Context,
    tasks: Annotated[str, option("--tasks", "N", "So many open tasks under each key result.")] = "3",
    json: Json = False,
) -> None:
    """Show the strategy from the top down: objectives, key results, and the first tasks on each."""
    from tracker.reports.tree_text import tree_lines, tree_record
    from tracker.services.outline import outline

    invocation: Invocation = ctx.obj
    found = outline(invocation.workspace(), first_tasks=_number(tasks))
    if json:
        answers.put_record(invocation, "tree", **tree_record(found))
        return
    output = invocation.output
    output.lines(tree_lines(found, width=output.line_width, ink=Ink(output.colour)))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise WrongUsage(f"--tasks {text[:20]!r} is no number of tasks; write 0 or more.")
    return int(text)


COMMANDS = {"tree": tree}
