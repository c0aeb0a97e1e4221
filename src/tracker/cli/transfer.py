"""`tracker import` and `tracker export`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import typer

from tracker.cli import answers
from tracker.cli.invocation import Invocation
from tracker.cli.output import Output, OutputClosedError
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example
from tracker.cli.progress import ProgressBar
from tracker.domain.errors import WrongUsage

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace
    from tracker.domain.filters import TaskFilter
    from tracker.services.transfer.plan import ImportPlan

FORMATS = ("json", "csv", "markdown", "ics")


def formats(incomplete: str) -> list[str]:
    """The formats that begin as typed."""
    return [name for name in FORMATS if name.startswith(incomplete)]


@example("tracker import tasks.csv --dry-run", "tracker import workspace.json")
def import_file(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON as tracker export writes it, or CSV of tasks.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen; change nothing.")] = False,
    replace: Annotated[bool, typer.Option(
        "--replace", help="Where the file and the database differ, the file is right.")] = False,
    json: Json = False,
) -> None:
    """Read a whole workspace from JSON, or tasks from CSV.

    JSON is taken whole or not at all. Of a CSV, columns are matched by their headers, rows without a key result
    become arrivals (tracker idea list), and every row that is not taken is named with its reason. Ctrl-C leaves the
    database as it was; tracker undo takes an import back.
    """
    from tracker.services.transfer.importing import plan_import, run_import

    invocation: Invocation = ctx.obj
    ws, batch = invocation.workspace(), None
    with ProgressBar(invocation.output, f"{'looking at' if dry_run else 'importing'} {Path(file).name}") as progress:
        if dry_run:
            plan = plan_import(ws, Path(file), replace=replace, progress=progress)
        else:
            imported = run_import(ws, Path(file), replace=replace, progress=progress)
            plan, batch = imported.plan, imported.batch
    if json:
        _put_plan(invocation, plan, batch=batch, dry_run=dry_run)
    else:
        invocation.output.lines(plan.lines())
        if dry_run:
            invocation.output.say("Nothing was changed; without --dry-run it is done.")
    if dry_run and plan.is_refused:
        raise typer.Exit(1)


def _put_plan(invocation: Invocation, plan: ImportPlan, *, batch: int | None, dry_run: bool) -> None:
    answers.put_record(
        invocation, "import", source=plan.source, dry_run=dry_run, batch=batch, is_refused=plan.is_refused,
        counts=dict(plan.counts), arrivals=plan.arrivals, problem_count=plan.problem_count, problems=plan.problems,
        conflict_count=plan.conflict_count, conflicts=plan.conflicts, notices=plan.notices,
    )


@example("tracker export json > workspace.json", "tracker export csv @lena late",
         "tracker export markdown --output plan.md", "tracker export --ics @lena > days.ics")
def export(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(
        metavar="[json|csv|markdown|ics] [FILTER...]",
        help="Everything, the tasks that a filter wants, or a one-page plan. JSON, or what the file's name says.",
        autocompletion=formats)] = None,
    ics: Annotated[bool, typer.Option("--ics", help="Due and publish days for a calendar program.")] = False,
    to: Annotated[str | None, option("--output", "FILE", "Where to; standard output when not given.")] = None,
) -> None:
    """Write the workspace as JSON, its tasks as CSV, its days for a calendar program, or a plan on one page."""
    invocation: Invocation = ctx.obj
    said = list(words or [])
    if ics and said[:1] != ["ics"]:
        said.insert(0, "ics")
    chosen = _format(said[0] if said else None, to)
    ws = invocation.workspace()
    wanted = _filter(ws, chosen, said[1:])
    with _destination(to, invocation.output) as out, ProgressBar(invocation.output, "exporting") as progress:
        if chosen == "json":
            from tracker.services.transfer.exporting import export_json

            export_json(ws, out, progress)
        elif chosen == "csv":
            from tracker.services.transfer.csv_out import export_csv

            export_csv(ws, out, progress, wanted=wanted)
        elif chosen == "ics":
            from tracker.services.transfer.ics_out import export_ics

            export_ics(ws, out, progress, wanted=wanted)
        else:
            from tracker.reports.plan_page import plan_page

            out.write(plan_page(ws).encode())


def _filter(ws: Workspace, chosen: str, words: list[str]) -> TaskFilter | None:
    """The tasks that are wanted, None for all."""
    if not words:
        return None
    if chosen not in ("csv", "ics"):
        raise WrongUsage(f"Only csv and ics take filter words; {chosen} is always whole.")
    from tracker.domain.filters import parse_filter
    from tracker.services.board import resolve_filter

    return resolve_filter(ws, parse_filter(words, ws.clock.today))


def _format(kind: str | None, to: str | None) -> str:
    named = kind or (Path(to).suffix.removeprefix(".").lower() if to else "") or "json"
    named = {"md": "markdown"}.get(named, named)
    if named not in FORMATS:
        raise WrongUsage(f"{named!r} is no format to export to; choose {', '.join(FORMATS)}.")
    return named


@contextmanager
def _destination(to: str | None, output: Output) -> Iterator[BinaryIO]:
    """Where the bytes go; a file appears under its name only when it is whole."""
    if to is None:
        output.flush()
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError as gone:
            raise OutputClosedError from gone
        return
    path = Path(to)
    if path.is_dir():
        raise WrongUsage(f"{path} is a folder; name a file.")
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as unfinished:
        try:
            yield cast("BinaryIO", unfinished.file)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        except BaseException:
            Path(unfinished.name).unlink(missing_ok=True)
            raise
    Path(unfinished.name).replace(path)


COMMANDS = {"import": import_file, "export": export}
