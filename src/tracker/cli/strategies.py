"""`tracker strategy`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli import fields as field_options
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json
from tracker.cli.parsing import example, taking_fields
from tracker.domain.errors import NotFound
from tracker.reports.ink import Ink
from tracker.reports.records import plain, table_record
from tracker.services import strategy as services

Id = Annotated[str, typer.Argument(metavar="STRATEGY", help="Its id, like S-01.")]


@example("tracker strategy", "tracker strategy show --json")
def show(ctx: typer.Context, json: Json = False) -> None:
    """Show the active strategy with its objectives and key results, and their figures."""
    from tracker.reports.strategy_text import strategy_lines
    from tracker.services.header import header

    invocation: Invocation = ctx.obj
    ws, output = invocation.workspace(), invocation.output
    found = header(ws)
    if found is None:
        raise NotFound("There is no active strategy yet. Run tracker init (or tracker, for the wizard) first.")
    row = services.records(ws, "strategy", {"id": found.strategy.id})[0]
    if json:
        whole = plain(found)
        whole["strategy"] = {**table_record("strategy", row), "channels": list(found.strategy.channels)}
        answers.put_record(invocation, "strategy", **whole)
        return
    output.lines(strategy_lines(found, row, width=output.line_width, ink=Ink(output.colour)))


@example("tracker strategy list")
def list_strategies(ctx: typer.Context, json: Json = False) -> None:
    """List all strategies."""
    invocation: Invocation = ctx.obj
    rows = services.records(invocation.workspace(), "strategy")
    if json:
        answers.put_record(invocation, "strategies", strategies=[table_record("strategy", row) for row in rows])
        return
    answers.put_rows(invocation, [[str(row[name]) for name in ("id", "status", "owner", "title")] for row in rows],
                     ("id", "status", "owner", "title"))


@example('tracker strategy add "Referrals" --who "Clients of a year" --why "They get a month free" --channels email')
@taking_fields(field_options.without(field_options.STRATEGY, "title"))
def add(
    ctx: typer.Context,
    title: Annotated[list[str], typer.Argument(metavar="TITLE...", help="The goal in a few words.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Add a strategy as a draft."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = services.add_strategy(ws, {**field_options.read(ws, fields), "title": " ".join(title)})
    answers.records_changed(invocation, outcome, as_json=json)


@example('tracker strategy edit S-01 --who "Owners of vet clinics with 2 to 10 staff"')
@taking_fields(field_options.STRATEGY)
def edit(ctx: typer.Context, strategy: Id, fields: dict[str, Any], json: Json = False) -> None:
    """Change a strategy. An empty value ("") clears a field that may be empty."""
    field_options.something(fields)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = services.edit_record(ws, "strategy", strategy.upper(), field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker strategy activate S-02")
def activate(ctx: typer.Context, strategy: Id, json: Json = False) -> None:
    """Make a draft the active strategy; the one before it is retired."""
    invocation: Invocation = ctx.obj
    outcome = services.activate_strategy(invocation.workspace(), strategy.upper())
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker strategy retire S-01")
def retire(ctx: typer.Context, strategy: Id, json: Json = False) -> None:
    """Retire the active strategy."""
    invocation: Invocation = ctx.obj
    outcome = services.retire_strategy(invocation.workspace(), strategy.upper())
    answers.records_changed(invocation, outcome, as_json=json)


VERBS = {"show": show, "list": list_strategies, "add": add, "edit": edit, "activate": activate, "retire": retire}
ALONE = show
