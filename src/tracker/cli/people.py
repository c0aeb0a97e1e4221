"""`tracker person`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tracker.cli import answers, completion
from tracker.cli import fields as field_options
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json
from tracker.cli.parsing import example, taking_fields
from tracker.reports.records import table_record
from tracker.services import lookup
from tracker.services import strategy as services

COLUMNS = ("id", "role", "kind", "h/week", "active", "name")


@example("tracker person list")
def list_people(ctx: typer.Context, json: Json = False) -> None:
    """List the people work can be given to, and those it could."""
    invocation: Invocation = ctx.obj
    rows: list[dict[str, Any]] = list(services.records(invocation.workspace(), "person"))
    if json:
        answers.put_record(invocation, "people", people=[table_record("person", row) for row in rows])
        return
    answers.put_rows(invocation, [
        [row["id"], row["role"], row["kind"], str(row["capacity_h_week"] or ""), "yes" if row["active"] else "no",
         row["name"]] for row in rows
    ], COLUMNS)


@example('tracker person add "Lena Fischer" --capacity-h-week 32', 'tracker person add "Lena Ferro" --id ferro')
@taking_fields(field_options.with_id(field_options.without(field_options.PERSON, "name")))
def add(
    ctx: typer.Context,
    name: Annotated[list[str], typer.Argument(metavar="NAME...", help="Full name.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Add somebody; the id is made of the first name unless given."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = services.add_person(ws, " ".join(name), field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker person edit oskar --active no")
@taking_fields(field_options.PERSON)
def edit(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="The id.", autocompletion=completion.person_ids)],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Change somebody."""
    field_options.something(fields)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    known = {str(row["id"]) for row in services.records(ws, "person")}
    id_ = person if person in known else lookup.resolve_person(ws, person)
    outcome = services.edit_record(ws, "person", id_, field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


VERBS = {"list": list_people, "add": add, "edit": edit}
ALONE = list_people
