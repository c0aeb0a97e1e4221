"""`tracker kr`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tracker.cli import answers, completion
from tracker.cli import fields as field_options
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json
from tracker.cli.parsing import example, taking_fields
from tracker.domain.errors import WrongUsage
from tracker.reports.figures import amount, rounded, target_text
from tracker.reports.records import plain, table_record
from tracker.services import lookup
from tracker.services import strategy as services
from tracker.storage.rows import KeyResultRow

COLUMNS = ("kr:", "id", "value", "target", "score", "health", "conf", "owner", "title")
FIGURES = ("position", "value", "confidence", "progress", "score", "expected", "health")
Id = Annotated[str, typer.Argument(
    metavar="KEY_RESULT", help="Its number, id or letters of its title.", autocompletion=completion.key_result_ids)]


@example("tracker kr list", "tracker kr list --all --json")
def list_key_results(
    ctx: typer.Context,
    all: Annotated[bool, typer.Option("--all", "-a", help="Of every cycle; without figures where it is over.")] = False,
    json: Json = False,
) -> None:
    """List the key results of the running cycle, with their figures."""
    from tracker.services.header import header

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    above = header(ws)
    standing = {row.id: row for row in above.key_results} if above else {}
    rows = [row for row in services.records(ws, "key_result") if all or str(row["id"]) in standing]
    if json:
        answers.put_record(invocation, "key_results", key_results=[_record(row, standing) for row in rows])
        return
    answers.put_rows(invocation, [_line(row, standing.get(str(row["id"]))) for row in rows], COLUMNS)


def _record(row: dict[str, Any], standing: dict[str, KeyResultRow]) -> dict[str, Any]:
    figures = standing.get(row["id"])
    return {**table_record("key_result", row),
            **({name: plain(getattr(figures, name)) for name in FIGURES} if figures else {})}


def _line(row: dict[str, Any], figures: KeyResultRow | None) -> list[str]:
    if figures is None:
        return ["", row["id"], "", row["target"], "", row["status"], "", row["owner"], row["title"]]
    return [
        str(figures.position), figures.id, amount(figures, figures.value).replace(" ", ""),
        target_text(figures).replace(" ", "-"), "" if figures.score is None else rounded(figures.score, 2),
        figures.health.replace(" ", "-"), "" if figures.confidence is None else str(figures.confidence),
        figures.owner, figures.title,
    ]


@example('tracker kr add O-01 "Discovery calls booked" --unit calls --target 40 --owner jonas')
@taking_fields(field_options.without(field_options.KEY_RESULT, "title"))
def add(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="OBJECTIVE TITLE...", help="The objective, then what is counted.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Add a key result to an objective."""
    if len(words) < 2:
        raise WrongUsage("Name the objective, then what is counted.")
    if "target" not in fields:
        raise WrongUsage("A key result has a target: give --target N.")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    read = field_options.read(ws, fields)
    read.setdefault("direction", _direction(read))
    outcome = services.add_key_result(ws, words[0].upper(), " ".join(words[1:]), read)
    answers.records_changed(invocation, outcome, as_json=json)


def _direction(fields: dict[str, Any]) -> str:
    """Down when the target lies below the baseline, else up; what is no number is refused where it is stored."""
    try:
        return "decrease" if float(fields["target"]) < float(fields.get("baseline") or 0) else "increase"
    except ValueError:
        return "increase"


@example("tracker kr edit KR-05 --target 12", "tracker kr edit 4 --owner lena")
@taking_fields(field_options.KEY_RESULT)
def edit(ctx: typer.Context, key_result: Id, fields: dict[str, Any], json: Json = False) -> None:
    """Change a key result."""
    field_options.something(fields)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result, open_only=False)
    outcome = services.edit_record(ws, "key_result", id_, field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example('tracker kr drop KR-09 "measures our own activity"')
def drop(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="KEY_RESULT REASON...", help="The key result, then why.", autocompletion=completion.key_result_ids)],
    json: Json = False,
) -> None:
    """Drop a key result, saying why; it must have no open tasks."""
    if len(words) < 2:
        raise WrongUsage("Name the key result, then why it is dropped.")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, words[0], open_only=False)
    changed = {"status": "dropped", "drop_reason": " ".join(words[1:])}
    answers.records_changed(invocation, services.edit_record(ws, "key_result", id_, changed), as_json=json)


@example("tracker kr accept KR-13")
def accept(ctx: typer.Context, key_result: Id, json: Json = False) -> None:
    """Accept a draft, as its owner or a manager: it is active from then on."""
    from tracker.services.acceptance import accept as accept_it

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result, open_only=False)
    answers.records_changed(invocation, accept_it(ws, "key_result", id_), as_json=json)


@example("tracker kr check KR-08", "tracker kr check 4 --json")
def check(ctx: typer.Context, key_result: Id, json: Json = False) -> None:
    """Hold a key result against S M A R T: specific, measurable, achievable, relevant, time-bound."""
    from tracker.services.smart import smart_of

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result, open_only=False)
    verdicts = smart_of(ws, id_)
    if json:
        answers.put_record(invocation, "smart", key_result=id_, verdicts=plain(verdicts))
        return
    answers.put_rows(invocation, [[each.letter, each.mark, each.word] for each in verdicts], ("", "", "says"))


VERBS = {"list": list_key_results, "add": add, "edit": edit, "accept": accept, "check": check, "drop": drop}
ALONE = list_key_results
