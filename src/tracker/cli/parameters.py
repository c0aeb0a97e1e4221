"""Arguments and options that several commands take, with one wording."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli import completion

Json = Annotated[bool, typer.Option("--json", help="Write JSON (described in JSON.md).")]
Tasks = Annotated[list[str], typer.Argument(
    metavar="TASK...", help="Ids or numbers of tasks; several are one change.",
    autocompletion=completion.task_ids, show_default=False)]
Limit = Annotated[str | None, typer.Option("--limit", "-n", metavar="N", help="At most so many.")]


def tasks_then(what: str, metavar: str, complete: object = completion.task_ids) -> typer.models.ArgumentInfo:
    """Tasks, and behind them one thing that is said about all of them."""
    argument: typer.models.ArgumentInfo = typer.Argument(
        metavar=f"TASK... {metavar}", help=f"Ids or numbers of tasks, then {what}.",
        autocompletion=complete, show_default=False)  # type: ignore[arg-type]
    return argument


def option(name: str, metavar: str, what: str) -> typer.models.OptionInfo:
    """An option with a value."""
    info: typer.models.OptionInfo = typer.Option(name, metavar=metavar, help=what)
    return info
