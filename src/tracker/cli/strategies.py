"""`tracker strategy`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli import fields as field_options
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import FieldOption, example, taking_fields
from tracker.domain.errors import NotFound
from tracker.reports.ink import Ink
from tracker.reports.records import plain, table_record
from tracker.services import strategy as services

Id = Annotated[str, typer.Argument(metavar="STRATEGY", help="Its id, like S-01.")]
MaybeId = Annotated[str | None, typer.Argument(metavar="[STRATEGY]", help="Its id; the active one when left out.")]


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


@example("tracker strategy versions", "tracker strategy versions S-01 --json")
def versions(ctx: typer.Context, strategy: MaybeId = None, json: Json = False) -> None:
    """List the versions of a strategy: when each was made, by whom, and which fields changed."""
    from tracker.services import strategy_versions

    invocation: Invocation = ctx.obj
    found = strategy_versions.versions(invocation.workspace(), strategy.upper() if strategy else None)
    if json:
        answers.put_record(invocation, "strategy_versions", versions=plain(found))
        return
    rows = [[str(each.number), each.at[:10], each.by, ", ".join(each.changed)] for each in found]
    answers.put_rows(invocation, rows, ("version", "on", "by", "changed"))


@example("tracker strategy diff", "tracker strategy diff 1", "tracker strategy diff 1 3")
def diff(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="[VERSION", help="The older one; the last but one if left out.")] = "",
    new: Annotated[str, typer.Argument(metavar="[VERSION]]", help="The newer one; the newest if left out.")] = "",
    strategy: Annotated[str | None, option("--strategy", "ID", "Of another one than the active strategy.")] = None,
    json: Json = False,
) -> None:
    """Show what two versions of a strategy say differently, field by field."""
    from tracker.reports.ink import shown
    from tracker.services import strategy_versions

    invocation: Invocation = ctx.obj
    found = strategy_versions.diff(invocation.workspace(), old, new, strategy.upper() if strategy else None)
    if json:
        answers.put_record(invocation, "strategy_diff", differences=plain(found))
        return
    for each in found:
        invocation.output.write(each.field.replace("_", " "))
        for sign, value in (("-", each.old), ("+", each.new)):
            if value not in (None, "", []):
                said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
                invocation.output.write(f"  {sign} {shown(said)}")
    if not found:
        invocation.output.say("They say the same.")


@example("tracker strategy questions")
def questions(ctx: typer.Context, json: Json = False) -> None:
    """List what is left open: questions without an objective, empty fields, fields that read like tactics."""
    from tracker.services.strategy_questions import open_questions

    invocation: Invocation = ctx.obj
    found = open_questions(invocation.workspace())
    if json:
        answers.put_record(invocation, "strategy_questions", questions=plain(found))
        return
    answers.put_rows(invocation, [[each.kind, each.subject, each.words] for each in found], ("kind", "what", "asks"))


@example('tracker strategy ask "Which content builds trust?" --stage consideration')
@taking_fields({"stage": FieldOption("STAGE", "The stage it is about.")})
def ask(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="QUESTION...", help="A narrower question.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Add a micro question, which an objective then answers (`tracker objective edit O-01 --micro-question MQ-1`)."""
    from tracker.services.strategy_questions import ask as ask_it

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = ask_it(ws, " ".join(words), field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example('tracker strategy reask MQ-1 --question "Which content builds trust?"')
@taking_fields({
    "question": FieldOption("TEXT", "What it asks."),
    "stage": FieldOption("STAGE", "The stage it is about."),
    "position": FieldOption("N", "Its place among the others."),
})
def reask(
    ctx: typer.Context,
    asked: Annotated[str, typer.Argument(metavar="ID", help="Its id, like MQ-1.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Change a micro question."""
    field_options.something(fields)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = services.edit_record(ws, "micro_question", asked.upper(), field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


VERBS = {
    "show": show, "list": list_strategies, "add": add, "edit": edit, "activate": activate, "retire": retire,
    "versions": versions, "diff": diff, "questions": questions, "ask": ask, "reask": reask,
}
ALONE = show
