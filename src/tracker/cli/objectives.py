"""`tracker objective`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli import fields as field_options
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json
from tracker.cli.parsing import example, taking_fields
from tracker.reports.figures import rounded
from tracker.reports.records import plain, table_record
from tracker.services import strategy as services
from tracker.storage.rows import ObjectiveRow

COLUMNS = ("id", "cycle", "status", "score", "health", "owner", "title")


@example("tracker objective list", "tracker objective list --all --json")
def list_objectives(
    ctx: typer.Context,
    all: Annotated[bool, typer.Option("--all", "-a", help="Of every cycle.")] = False,
    json: Json = False,
) -> None:
    """List the objectives of the running cycle, with their score and health."""
    from tracker.services.header import header

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    above = header(ws)
    standing = {row.id: row for row in above.objectives} if above else {}
    rows = [row for row in services.records(ws, "objective") if all or str(row["id"]) in standing]
    if json:
        answers.put_record(invocation, "objectives", objectives=[_record(row, standing) for row in rows])
        return
    answers.put_rows(invocation, [_line(row, standing.get(str(row["id"]))) for row in rows], COLUMNS)


def _record(row: dict[str, Any], standing: dict[str, ObjectiveRow]) -> dict[str, Any]:
    figures = standing.get(row["id"])
    return {**table_record("objective", row),
            **({"score": plain(figures.score), "health": figures.health} if figures else {})}


def _line(row: dict[str, Any], figures: ObjectiveRow | None) -> list[str]:
    score = "" if figures is None or figures.score is None else rounded(figures.score, 2)
    health = figures.health.replace(" ", "-") if figures else ""
    return [row["id"], row["cycle"], row["status"], score, health, row["owner"], row["title"]]


@example('tracker objective add "Acquire new clients" --owner mara --weight 2')
@taking_fields(field_options.without(field_options.NEW_OBJECTIVE, "title"))
def add(
    ctx: typer.Context,
    title: Annotated[list[str], typer.Argument(metavar="TITLE...", help="The direction, in words, without a number.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Add an objective to the running cycle, or to the planned one that --cycle names."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = services.add_objective(ws, " ".join(title), field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker objective edit O-02 --ambition aspirational")
@taking_fields(field_options.OBJECTIVE)
def edit(
    ctx: typer.Context,
    objective: Annotated[str, typer.Argument(metavar="OBJECTIVE", help="Its id, like O-01.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Change an objective."""
    field_options.something(fields)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = services.edit_record(ws, "objective", objective.upper(), field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker objective accept O-04")
def accept(
    ctx: typer.Context,
    objective: Annotated[str, typer.Argument(metavar="OBJECTIVE", help="Its id, like O-01.")],
    json: Json = False,
) -> None:
    """Accept a draft, as its owner or a manager: it is active from then on."""
    from tracker.services.acceptance import accept as accept_it

    invocation: Invocation = ctx.obj
    outcome = accept_it(invocation.workspace(), "objective", objective.upper())
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker objective drop O-02")
def drop(
    ctx: typer.Context,
    objective: Annotated[str, typer.Argument(metavar="OBJECTIVE", help="Its id, like O-01.")],
    json: Json = False,
) -> None:
    """Drop an objective, once its key results are dropped or graded."""
    invocation: Invocation = ctx.obj
    outcome = services.edit_record(invocation.workspace(), "objective", objective.upper(), {"status": "dropped"})
    answers.records_changed(invocation, outcome, as_json=json)


VERBS = {"list": list_objectives, "add": add, "edit": edit, "accept": accept, "drop": drop}
ALONE = list_objectives
