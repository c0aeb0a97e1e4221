"""`tracker cycle`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli import fields as field_options
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example, taking_fields
from tracker.reports.records import table_record
from tracker.services import strategy as services

COLUMNS = ("id", "strategy", "status", "starts_on", "ends_on", "name")
Id = Annotated[str, typer.Argument(metavar="CYCLE", help="Its id, like 2026-10.")]


@example("tracker cycle list")
def list_cycles(ctx: typer.Context, json: Json = False) -> None:
    """List all cycles."""
    invocation: Invocation = ctx.obj
    rows = services.records(invocation.workspace(), "cycle")
    if json:
        answers.put_record(invocation, "cycles", cycles=[table_record("cycle", row) for row in rows])
        return
    answers.put_rows(invocation, [[str(row[name]) for name in COLUMNS] for row in rows], COLUMNS)


@example("tracker cycle add quarter", "tracker cycle add 2026-11-01..2026-11-30 --name November")
def add(
    ctx: typer.Context,
    days: Annotated[str, typer.Argument(metavar="DAYS", help="month, quarter, or two days with .. between.")],
    name: Annotated[str | None, option("--name", "TEXT", "What it is called.")] = None,
    json: Json = False,
) -> None:
    """Add a cycle; it is active when none is running, else planned."""
    invocation: Invocation = ctx.obj
    outcome = services.add_cycle(invocation.workspace(), days, name)
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker cycle edit 2026-10 --name October")
@taking_fields(field_options.CYCLE)
def edit(ctx: typer.Context, cycle: Id, fields: dict[str, Any], json: Json = False) -> None:
    """Change a cycle."""
    field_options.something(fields)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = services.edit_record(ws, "cycle", cycle, field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker cycle activate 2026-11")
def activate(ctx: typer.Context, cycle: Id, json: Json = False) -> None:
    """Make a planned cycle the running one."""
    invocation: Invocation = ctx.obj
    outcome = services.edit_record(invocation.workspace(), "cycle", cycle, {"status": "active"})
    answers.records_changed(invocation, outcome, as_json=json)


VERBS = {"list": list_cycles, "add": add, "edit": edit, "activate": activate}
ALONE = list_cycles
