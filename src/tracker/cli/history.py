"""`tracker log`, `tracker undo` and `tracker redo`."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli import answers
from tracker.cli import words as said
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, Limit, complete_tasks
from tracker.cli.parsing import example
from tracker.reports.ink import shown
from tracker.services import undo as services
from tracker.services.outcome import Outcome


@example("tracker undo")
def undo(ctx: typer.Context, json: Json = False) -> None:
    """Take back your last change; what was changed at once is taken back at once."""
    invocation: Invocation = ctx.obj
    _answer(invocation, services.undo(invocation.workspace()), json=json)


@example("tracker redo")
def redo(ctx: typer.Context, json: Json = False) -> None:
    """Bring back what was last undone."""
    invocation: Invocation = ctx.obj
    _answer(invocation, services.redo(invocation.workspace()), json=json)


def _answer(invocation: Invocation, outcome: Outcome, *, json: bool) -> None:
    if not json:
        invocation.output.say(shown(outcome.label))
    answers.tasks_changed(invocation, outcome, as_json=json)


@example("tracker log T-043", "tracker log --limit 20")
def log(
    ctx: typer.Context,
    what: Annotated[str | None, typer.Argument(
        metavar="[TASK|ID]", help="A task, or the id of anything else; without it, everything.",
        autocompletion=complete_tasks, show_default=False)] = None,
    limit: Limit = None,
    json: Json = False,
) -> None:
    """Tell what was changed, when and by whom; the newest last."""
    from tracker.reports.records import plain
    from tracker.reports.story import story_lines

    invocation: Invocation = ctx.obj
    ws, output = invocation.workspace(), invocation.output
    entity = said.task_or_id(ws, what) if what else None
    most = said.whole_number(limit, "--limit") or 200
    changes = services.history(ws, entity, limit=most)
    if json:
        answers.put_record(invocation, "history", changes=[plain(change) for change in changes])
        return
    output.lines(story_lines(changes, of_one=entity is not None, width=output.line_width))
    if not changes:
        output.say(f"Nothing is recorded of {entity}." if entity else "Nothing is recorded yet.")


COMMANDS = {"log": log, "undo": undo, "redo": redo}
