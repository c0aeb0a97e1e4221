"""`tracker checkin`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import answers, completion
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example
from tracker.domain.errors import NotFound, WrongUsage
from tracker.reports.ink import Ink, shown
from tracker.services import lookup

if TYPE_CHECKING:
    from tracker.services.check_in_pages import Page, Turns

KeyResult = Annotated[str | None, typer.Argument(
    metavar="[KEY_RESULT]", help="Its number, id or letters of its title; without one, whose turn it is.",
    autocompletion=completion.key_result_ids)]


@example(
    'tracker checkin 2 --value 27 --confidence 8 --note "Ahead; webinar still to come"',
    'tracker checkin 6 --tick "Bridge Street" --confidence 6 --note "Published"',
    "tracker checkin 6",
    "tracker checkin",
)
def checkin(
    ctx: typer.Context,
    key_result: KeyResult = None,
    value: Annotated[str | None, option("--value", "N", "Where it stands, in its unit.")] = None,
    confidence: Annotated[
        str | None, option("--confidence", "0-10", "How sure you are: 8-10 on track, 4-7 at risk, 0-3 off track.")
    ] = None,
    note: Annotated[str | None, option("--note", "TEXT", "What happened, in a few words.")] = None,
    blocks: Annotated[str | None, option("--blocks", "TEXT", "What is in the way.")] = None,
    on: Annotated[str | None, option("--on", "DAY", "A past day of the cycle: 2026-10-12, 12, mon.")] = None,
    health: Annotated[
        str | None, option("--health", "WORD", "on track, at risk or off track, whatever the figures say.")] = None,
    reason: Annotated[str | None, option("--reason", "TEXT", "Why that is its health.")] = None,
    tick: Annotated[
        list[str] | None, typer.Option("--tick", metavar="MILESTONE", help="Reached; its number or words.")] = None,
    untick: Annotated[
        list[str] | None, typer.Option("--untick", metavar="MILESTONE", help="Not reached after all.")] = None,
    json: Json = False,
) -> None:
    """Check a key result in, or show its check-ins; alone, list whose turn it is.

    On a day that has a check-in it is corrected: what is not given stays, and the old one is kept.
    """
    invocation: Invocation = ctx.obj
    said = (value, confidence, note, blocks, health, reason, tick or None, untick or None)
    is_check_in = any(each is not None for each in said)
    if key_result is None:
        if is_check_in or on is not None:
            raise WrongUsage("Name the key result first: tracker checkin 2 --value 27 ...")
        _list(invocation, as_json=json)
    elif not is_check_in:
        if on is not None:
            raise WrongUsage("Say what to check in on that day: --value, --confidence and --note.")
        _show(invocation, key_result, as_json=json)
    else:
        from tracker.services.check_ins import NewCheckIn

        new = NewCheckIn("", value, confidence, note, blocks, None, health, reason, tick or (), untick or ())
        _write(invocation, key_result, on, new, as_json=json)


def _turns(invocation: Invocation) -> Turns:
    from tracker.services.check_in_pages import turns

    found = turns(invocation.workspace())
    if found is None:
        raise NotFound("There is no active strategy yet. Run `tracker init` (or `tracker`) first.")
    return found


def _list(invocation: Invocation, *, as_json: bool) -> None:
    from tracker.reports import check_in_text as text

    found = _turns(invocation)
    if as_json:
        answers.put_record(invocation, "check_in_turns", today=found.today, key_results=text.turn_records(found))
        return
    answers.put_rows(invocation, text.turn_rows(found), text.TURN_COLUMNS)
    saved = sum(found.state(page) == "saved" for page in found.mine)
    plural = "key result is" if len(found.mine) == 1 else "key results are"
    invocation.output.say(f"{len(found.mine)} {plural} yours, {saved} saved.")


def _page(invocation: Invocation, key_result: str) -> Page:
    page = next((page for page in _turns(invocation).pages if page.row.id == key_result), None)
    if page is None:
        raise NotFound(f"{key_result} is not a key result of the running cycle; `tracker log {key_result}` tells "
                       "its history.")
    return page


def _show(invocation: Invocation, words: str, *, as_json: bool) -> None:
    from tracker.reports import check_in_text as text

    ws, output = invocation.workspace(), invocation.output
    page = _page(invocation, lookup.resolve_key_result(ws, words))
    if as_json:
        record = text.page_record(page, ws.clock.today)
        answers.put_record(invocation, "check_ins", today=ws.clock.today, key_result=record)
        return
    output.lines(text.page_lines(page, ws.clock.today, width=output.line_width, ink=Ink(output.colour)))


def _write(invocation: Invocation, words: str, on: str | None, new: object, *, as_json: bool) -> None:
    from dataclasses import replace

    from tracker.domain.check_ins import read_past_day
    from tracker.reports import check_in_text as text
    from tracker.services.check_ins import NewCheckIn, check_in, first_day

    assert isinstance(new, NewCheckIn)
    ws, output = invocation.workspace(), invocation.output
    id_ = lookup.resolve_key_result(ws, words, open_only=False)
    today = ws.clock.today
    day = read_past_day(on, today, first_day(ws, id_)) if on is not None else None
    outcome = check_in(ws, replace(new, key_result=id_, on=day))
    page = _page(invocation, id_)
    if as_json:
        answers.put_change(invocation, outcome, key_result=text.page_record(page, today))
        return
    output.lines(text.page_lines(page, today, width=output.line_width, ink=Ink(output.colour)))
    output.say(shown(outcome.label))
    answers.tell(invocation, outcome)


COMMANDS = {"checkin": checkin}
