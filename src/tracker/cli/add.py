"""`tracker add`: a task in one line."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli import answers, words
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json
from tracker.cli.parsing import example
from tracker.services.quick import task_of_line
from tracker.services.tasks import add_task


@example('tracker add "Write the teaser @lena kr:2 due:fri !high why:the list needs a reason to open"')
def add(
    ctx: typer.Context,
    line: Annotated[list[str], typer.Argument(metavar="WORDS...", help="The title and the quick-add words.")],
    json: Json = False,
) -> None:
    """Add a task. It cites a key result: kr: takes its number in the header, its id or letters of its title.

    \b
    @lena          owner                    kr:2 kr:KR-05 kr:calls   key result
    due:fri        or 2026-10-21, +3d, eom  !low !high               priority
    stage:A        stage                    medium:email             medium
    #linkedin      channel                  ~2-4h                    estimate
    why:...        how it moves the key result; takes the rest of the line
    """
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = add_task(ws, task_of_line(ws, words.quick_add_line(line)))
    answers.tasks_changed(invocation, outcome, as_json=json)


COMMANDS = {"add": add}
