"""`tracker channel`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli import fields as field_options
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json
from tracker.cli.parsing import example, taking_fields
from tracker.reports.records import table_record
from tracker.services import lookup
from tracker.services import strategy as services
from tracker.services.channels import add_channel


@example("tracker channel list")
def list_channels(ctx: typer.Context, json: Json = False) -> None:
    """List all channels."""
    invocation: Invocation = ctx.obj
    rows = services.records(invocation.workspace(), "channel")
    if json:
        answers.put_record(invocation, "channels", channels=[table_record("channel", row) for row in rows])
        return
    answers.put_rows(invocation, [[str(row[name]) for name in ("id", "kind", "name")] for row in rows],
                     ("id", "kind", "name"))


@example('tracker channel add "Trade press" --kind earned')
@taking_fields(field_options.with_id(field_options.without(field_options.CHANNEL, "name")))
def add(
    ctx: typer.Context,
    name: Annotated[list[str], typer.Argument(metavar="NAME...", help="What it is called.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Add a channel. A strategy uses it by tracker strategy edit ID --channels NAME."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = add_channel(ws, " ".join(name), field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker channel edit press --kind earned")
@taking_fields(field_options.CHANNEL)
def edit(
    ctx: typer.Context,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="Its id, or the beginning of its name.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Change a channel."""
    field_options.something(fields)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_channel(ws, channel)
    outcome = services.edit_record(ws, "channel", id_, field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


VERBS = {"list": list_channels, "add": add, "edit": edit}
ALONE = list_channels
