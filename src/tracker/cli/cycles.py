"""`tracker cycle`: from planned to closed, without a terminal too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli import fields as field_options
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example, taking_fields
from tracker.domain.errors import WrongUsage
from tracker.reports.records import table_record
from tracker.services import lookup
from tracker.services import strategy as services

if TYPE_CHECKING:
    from tracker.services.closing import Closing

COLUMNS = ("id", "strategy", "status", "starts_on", "ends_on", "score", "outcome", "output", "name")
Id = Annotated[str, typer.Argument(metavar="CYCLE", help="Its id, like 2026-10, or its name.")]
MaybeId = Annotated[str | None, typer.Argument(metavar="[CYCLE]", help="Id or name; the running one when left out.")]


@example("tracker cycle list")
def list_cycles(ctx: typer.Context, json: Json = False) -> None:
    """List all cycles, with the scores of those that began: of everything, of outcomes, of outputs."""
    from tracker.reports import cycle_text
    from tracker.services.closing import cycle_scores

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    rows, scores = services.records(ws, "cycle"), cycle_scores(ws)
    if json:
        answers.put_record(invocation, "cycles", cycles=[
            table_record("cycle", row) | cycle_text.scores_record(scores.get(str(row["id"]))) for row in rows])
        return
    plain = ("id", "strategy", "status", "starts_on", "ends_on")
    answers.put_rows(invocation, [
        [*(str(row[name]) for name in plain), *cycle_text.score_cells(scores.get(str(row["id"]))), str(row["name"])]
        for row in rows], COLUMNS)


@example("tracker cycle show", "tracker cycle show 2026-09 --json")
def show(ctx: typer.Context, cycle: MaybeId = None, json: Json = False) -> None:
    """Show a cycle: scores, grades, decisions, open tasks, retrospective, and what closing it still asks for."""
    from tracker.services.closing import closing

    invocation: Invocation = ctx.obj
    _put(invocation, closing(invocation.workspace(), cycle), as_json=json)


def _put(invocation: Invocation, found: Closing, *, as_json: bool) -> None:
    from tracker.reports import cycle_text

    if as_json:
        answers.put_record(invocation, "cycle", **cycle_text.cycle_record(found))
        return
    invocation.output.lines(cycle_text.cycle_lines(found, width=invocation.output.line_width))


@example("tracker cycle add quarter", "tracker cycle add 2026-11-01..2026-11-30 --name November")
def add(
    ctx: typer.Context,
    days: Annotated[str, typer.Argument(
        metavar="DAYS", help="month, quarter, next (after the last one), or two days with .. between.")],
    name: Annotated[str | None, option("--name", "TEXT", "What it is called.")] = None,
    json: Json = False,
) -> None:
    """Add a cycle; it is active when none is running, else planned."""
    from tracker.services import cycles

    invocation: Invocation = ctx.obj
    answers.records_changed(invocation, cycles.add_cycle(invocation.workspace(), days, name), as_json=json)


@example("tracker cycle edit 2026-10 --name October")
@taking_fields(field_options.CYCLE)
def edit(ctx: typer.Context, cycle: Id, fields: dict[str, Any], json: Json = False) -> None:
    """Change the name or the days of a cycle."""
    field_options.something(fields)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = services.edit_record(ws, "cycle", cycle, field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker cycle activate 2026-11")
def activate(ctx: typer.Context, cycle: Id, json: Json = False) -> None:
    """Make a planned cycle the running one."""
    from tracker.services import cycles

    invocation: Invocation = ctx.obj
    answers.records_changed(invocation, cycles.activate_cycle(invocation.workspace(), cycle), as_json=json)


@example("tracker cycle grade KR-05 0.5 one more signed on the last day", "tracker cycle grade 2 raw",
         "tracker cycle grade")
def grade(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(
        metavar="[KEY_RESULT GRADE [REASON...]]",
        help="0 to 1, or raw; a grade unlike the raw one needs a reason.")] = None,
    json: Json = False,
) -> None:
    """Grade a key result; without words, begin grading: check-ins are then taken for a week after the end."""
    from tracker.cli.close_words import grade_of
    from tracker.services import cycles

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    given = words or []
    if len(given) == 1:
        raise WrongUsage(f"Give a grade behind {given[0]}: a number from 0 to 1, or raw.")
    if not given:
        outcome = cycles.begin_grading(ws)
    else:
        key_result = lookup.resolve_key_result(ws, given[0], open_only=False)
        outcome = cycles.grade(ws, key_result, grade_of(given[1]), " ".join(given[2:]))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker cycle decide 1 continue", "tracker cycle decide KR-08 change --target 150 right people, too few",
         "tracker cycle decide KR-12 drop nobody looks at it")
@taking_fields(field_options.CARRIED)
def decide(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="KEY_RESULT DECISION [REASON...]",
        help="continue, change (with what changes) or drop (with a reason).")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Decide what becomes of a key result in the next cycle; the one that carries it on is made as a draft."""
    from tracker.services import cycles

    if len(words) < 2:
        raise WrongUsage("Name the key result, then continue, change or drop.")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    key_result = lookup.resolve_key_result(ws, words[0], open_only=False)
    outcome = cycles.decide(
        ws, key_result, words[1], reason=" ".join(words[2:]), fields=field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example('tracker cycle start O-03 "Reviews answered" --target 20 --unit reviews')
@taking_fields(field_options.without(field_options.KEY_RESULT, "title"))
def start(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="OBJECTIVE TITLE...", help="An objective of this cycle or the next, then what is counted.")],
    fields: dict[str, Any],
    json: Json = False,
) -> None:
    """Start a new key result in the next cycle, as a draft."""
    from tracker.services import cycles

    if len(words) < 2:
        raise WrongUsage("Name the objective, then what is counted.")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    outcome = cycles.start(ws, words[0].upper(), " ".join(words[1:]), field_options.read(ws, fields))
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker cycle tasks KR-12 --move-to KR-20", 'tracker cycle tasks KR-12 --cancel "the rating is dropped"',
         "tracker cycle tasks")
def tasks(
    ctx: typer.Context,
    key_result: Annotated[str | None, typer.Argument(metavar="[KEY_RESULT]", help="Whose open tasks.")] = None,
    move_to: Annotated[str | None, option("--move-to", "KEY_RESULT", "Plan to move them there.")] = None,
    cancel: Annotated[str | None, option("--cancel", "REASON", "Plan to cancel them.")] = None,
    json: Json = False,
) -> None:
    """Plan what becomes of the open tasks of a key result; without words, do what is planned for all of them."""
    from tracker.services import cycles

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    if key_result is None:
        if move_to or cancel:
            raise WrongUsage("Name the key result whose open tasks are moved or cancelled.")
        outcome = cycles.settle(ws)
    else:
        if (move_to is None) == (cancel is None):
            raise WrongUsage("Say --move-to KEY_RESULT or --cancel REASON, one of them.")
        to = lookup.resolve_key_result(ws, move_to, open_only=False) if move_to is not None else None
        plan = cycles.TaskPlan(to=to, cancel_reason=cancel or "")
        outcome = cycles.plan_tasks(ws, lookup.resolve_key_result(ws, key_result, open_only=False), plan)
    answers.records_changed(invocation, outcome, as_json=json)


Said = Annotated[list[str] | None, option("--worked", "TEXT", "What worked; again for each.")]
DidNot = Annotated[list[str] | None, option("--did-not", "TEXT", "What did not; again for each.")]
Learned = Annotated[list[str] | None, option("--learned", "TEXT", "What was learned; again for each.")]


@example('tracker cycle retro --worked "The list answers" --did-not "The ad" --learned "Ask for the call"')
def retro(
    ctx: typer.Context, cycle: MaybeId = None, worked: Said = None, did_not: DidNot = None, learned: Learned = None,
    json: Json = False,
) -> None:
    """Write the retrospective of a cycle; a list that is given takes the place of the one before."""
    from tracker.services import cycles

    if not (worked or did_not or learned):
        raise WrongUsage("Say what worked, what did not or what was learned; --help shows how.")
    invocation: Invocation = ctx.obj
    outcome = cycles.write_retrospective(
        invocation.workspace(), cycle, worked=worked or None, did_not=did_not or None, learned=learned or None)
    answers.records_changed(invocation, outcome, as_json=json)


@example("tracker cycle close --plan", 'tracker cycle close --grade rest=raw --grade "KR-08=0.5:right people, too few"',
         'tracker cycle close --decide rest=continue --decide "KR-12=drop:nobody looks" --cancel "KR-12=dropped too"')
def close(
    ctx: typer.Context,
    cycle: MaybeId = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would happen; change nothing.")] = False,
    grade: Annotated[list[str] | None, option(
        "--grade", "KR=0.7:REASON", "A final grade, or KR=raw; rest=raw grades all others; again for each.")] = None,
    grades: Annotated[str | None, option(
        "--grades", "FILE", "The same from a file, one a line; - reads standard input.")] = None,
    decide: Annotated[list[str] | None, option(
        "--decide", "KR=DECISION:REASON", "continue, drop, or change with a target: KR=change target=150:REASON; "
        "rest=continue decides all others; again for each.")] = None,
    move_to: Annotated[list[str] | None, option(
        "--move-to", "[KR=]KR", "Where open tasks go that no carried key result takes; again for each.")] = None,
    cancel: Annotated[list[str] | None, option(
        "--cancel", "[KR=]REASON", "Cancel those open tasks instead; again for each.")] = None,
    worked: Said = None,
    did_not: DidNot = None,
    learned: Learned = None,
    json: Json = False,
) -> None:
    """Close a cycle and begin the next: all that is given and was saved before, as one change, or nothing.

    Open tasks move with the key result that is carried on. A key result is graded raw or with a reason; each one is
    continued, changed or dropped; the retrospective says what worked, what did not and what was learned.
    """
    from dataclasses import replace

    from tracker.cli.close_words import file_lines, orders_of
    from tracker.services import cycles

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    lines = [*(grade or []), *(file_lines(grades) if grades else [])]
    orders = replace(orders_of(ws, lines, decide or [], move_to or [], cancel or []),
                     worked=worked or (), did_not=did_not or (), learned=learned or ())
    if plan:
        _put(invocation, cycles.plan_close(ws, cycle, orders), as_json=json)
        return
    answers.records_changed(invocation, cycles.close_cycle(ws, cycle, orders), as_json=json)


VERBS = {
    "list": list_cycles, "show": show, "add": add, "edit": edit, "activate": activate, "grade": grade,
    "decide": decide, "start": start, "tasks": tasks, "retro": retro, "close": close,
}
ALONE = list_cycles
