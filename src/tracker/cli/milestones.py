"""`tracker milestone`: the steps that a milestone key result counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from tracker.cli import answers, completion
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json
from tracker.cli.parsing import example
from tracker.domain.errors import WrongUsage
from tracker.services import lookup
from tracker.services.check_ins import find_milestone
from tracker.services.milestones import milestones, set_milestones

COLUMNS = ("n", "done", "title")
KeyResult = Annotated[str, typer.Argument(
    metavar="KEY_RESULT", help="Its number, id or letters of its title.", autocompletion=completion.key_result_ids)]


@example("tracker milestone list 6")
def list_milestones(ctx: typer.Context, key_result: KeyResult, json: Json = False) -> None:
    """List the milestones of a key result; a check-in ticks them."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result, open_only=False)
    known = milestones(ws, id_)
    if json:
        answers.put_record(invocation, "milestones", key_result=id_, milestones=known)
        return
    answers.put_rows(
        invocation,
        [(str(place), row.done_on.isoformat() if row.done_on else "", row.title) for place, row in enumerate(known, 1)],
        COLUMNS,
    )


@example('tracker milestone add 6 "Bridge Street" "Millbrook"')
def add(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="KEY_RESULT TITLE...", help="The key result, then a title for each milestone.")],
    json: Json = False,
) -> None:
    """Add milestones to a key result."""
    if len(words) < 2:
        raise WrongUsage("Name the key result, then a title for each milestone.")
    _set(ctx.obj, words[0], lambda titles: [*titles, *words[1:]], as_json=json)


@example('tracker milestone rename 6 2 "Millbrook Animal Care"')
def rename(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="KEY_RESULT MILESTONE TITLE", help="The key result, the milestone's number or words, its new title.")],
    json: Json = False,
) -> None:
    """Give a milestone another title; it stays ticked."""
    if len(words) < 3:
        raise WrongUsage("Name the key result, the milestone and its new title.")
    id_, named = _named(ctx.obj, words[0], words[1])
    new = " ".join(words[2:])
    _set(ctx.obj, id_, lambda titles: [new if title == named else title for title in titles], as_json=json)


@example("tracker milestone remove 6 4")
def remove(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="KEY_RESULT MILESTONE", help="The key result, then the milestone's number or words.")],
    json: Json = False,
) -> None:
    """Take a milestone away."""
    if len(words) < 2:
        raise WrongUsage("Name the key result, then the milestone.")
    id_, named = _named(ctx.obj, words[0], " ".join(words[1:]))
    _set(ctx.obj, id_, lambda titles: [title for title in titles if title != named], as_json=json)


def _named(invocation: Invocation, key_result: str, words: str) -> tuple[str, str]:
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result, open_only=False)
    return id_, find_milestone(milestones(ws, id_), words).title


def _set(invocation: Invocation, key_result: str, change: Callable[[list[str]], list[str]], *, as_json: bool) -> None:
    ws = invocation.workspace()
    id_ = lookup.resolve_key_result(ws, key_result, open_only=False)
    titles = [row.title for row in milestones(ws, id_)]
    outcome = set_milestones(ws, id_, change(titles), seen=titles)
    answers.records_changed(invocation, outcome, as_json=as_json)


def list_all(ctx: typer.Context, json: bool = False) -> None:
    """List the milestones of every key result of the running cycle."""
    from tracker.services.check_in_pages import turns

    invocation: Invocation = ctx.obj
    found = turns(invocation.workspace())
    pages = sorted(found.pages if found else (), key=lambda page: page.row.position)
    if json:
        answers.put_record(invocation, "all_milestones", key_results=[
            {"id": page.row.id, "milestones": page.milestones} for page in pages if page.milestones])
        return
    answers.put_rows(invocation, [
        (str(page.row.position), str(place), row.done_on.isoformat() if row.done_on else "", row.title)
        for page in pages for place, row in enumerate(page.milestones, 1)
    ], ("kr:", *COLUMNS))


VERBS = {"list": list_milestones, "add": add, "rename": rename, "remove": remove}
ALONE = list_all
