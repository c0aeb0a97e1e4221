"""Arguments and options that several commands take, with one wording."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer


def complete_tasks(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Tasks, from the module that only the shell's questions need."""
    from tracker.cli.completion import task_ids

    return task_ids(ctx, incomplete)


def complete_task_then_person(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """People, or tasks."""
    from tracker.cli.completion import task_then_person

    return task_then_person(ctx, incomplete)


def complete_task_then_key_result(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Key results, or tasks."""
    from tracker.cli.completion import task_then_key_result

    return task_then_key_result(ctx, incomplete)


def complete_task_then_status(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Statuses, or tasks."""
    from tracker.cli.completion import task_then_status

    return task_then_status(ctx, incomplete)


def complete_filter(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Words of a filter."""
    from tracker.cli.completion import filter_words

    return filter_words(ctx, incomplete)


Json = Annotated[bool, typer.Option("--json", help="Write JSON (described in JSON.md).")]
Tasks = Annotated[list[str], typer.Argument(
    metavar="TASK...", help="Ids or numbers of tasks; several are one change.",
    autocompletion=complete_tasks, show_default=False)]
Limit = Annotated[str | None, typer.Option("--limit", "-n", metavar="N", help="At most so many.")]


def tasks_then(what: str, metavar: str, complete: object = complete_tasks) -> typer.models.ArgumentInfo:
    """Tasks, and behind them one thing that is said about all of them."""
    argument: typer.models.ArgumentInfo = typer.Argument(
        metavar=f"TASK... {metavar}", help=f"Ids or numbers of tasks, then {what}.",
        autocompletion=complete, show_default=False)  # type: ignore[arg-type]
    return argument


def option(
    name: str, metavar: str, what: str, complete: Callable[[typer.Context, str], Sequence[object]] | None = None
) -> typer.models.OptionInfo:
    """An option with a value."""
    info: typer.models.OptionInfo = typer.Option(
        name, metavar=metavar, help=what, autocompletion=complete)
    return info
