"""`tracker sync connect`, `token` and `set`: what a connection is. A token is never an argument, and never shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import answers
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example
from tracker.cli.sync_asking import Asking, fresh_token, token_of
from tracker.cli.sync_names import complete_kind, complete_name, complete_setting, connection_named, offering
from tracker.domain.errors import NotFound, Refused, WrongUsage
from tracker.domain.merge import Policy
from tracker.domain.remote import Connection
from tracker.domain.tasks import Status
from tracker.services import lookup
from tracker.services import sync as services
from tracker.services.sync import connecting
from tracker.services.sync.connections import DELETIONS, DIRECTIONS

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace
    from tracker.domain.remote import Adapter, AdapterKind, Named
    from tracker.storage.rows import PersonRow

NO_ARGUMENT = ("A token is never an argument: others could see it in the list of processes. Type it when asked, pipe "
               "it in with --token-stdin, or put it into the environment.")
TokenStdin = Annotated[bool, typer.Option("--token-stdin", help="Read the token from standard input.")]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What options say of a new connection."""

    kind: str
    id: str
    workspace: str | None
    project: str | None
    base_url: str | None
    direction: str
    policy: str
    people: Mapping[str, str]
    statuses: Mapping[str, str]
    adds_statuses: bool
    takes_arrivals: bool
    sends_goals: bool
    sends_comments: bool
    deletions: int


@example("tracker sync connect asana", "tracker sync connect wrike --name clients --direction push",
         "tracker sync connect asana --workspace Corp --project Launch --token-stdin < token.txt")
def connect(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="KIND", help="asana or wrike.", autocompletion=complete_kind)],
    name: Annotated[str | None, option("--name", "NAME", "What it is called here; the kind when left out.")] = None,
    workspace: Annotated[str | None, option("--workspace", "NAME", "Workspace, account or space, by name or id.")]
    = None,
    project: Annotated[str | None, option("--project", "NAME", "Project or folder, by name or id.")] = None,
    direction: Annotated[str, option(
        "--direction", "both|push", "push: what changes there is shown, never taken.", offering(*DIRECTIONS))] = "both",
    policy: Annotated[str, option(
        "--policy", "ask|ours|theirs", "Who wins where both sides changed the same field.", offering(*Policy))]
    = Policy.ASK.value,
    person: Annotated[list[str] | None, option(
        "--person", "OURS=THEIRS", "Who is who, where e-mail does not say it; again for each.")] = None,
    status: Annotated[list[str] | None, option(
        "--status", "OURS=THEIRS", "Which status is which, where names do not say it; again for each.")] = None,
    add_statuses: Annotated[bool, typer.Option("--add-statuses", help="Make statuses that are missing there.")]
    = False,
    arrivals: Annotated[bool, typer.Option(
        "--arrivals", help="Tasks that others make there arrive here, beside the ideas.")] = False,
    goals: Annotated[bool, typer.Option("--goals", help="Key results go there as goals.")] = False,
    no_comments: Annotated[bool, typer.Option("--no-comments", help="Messages stay where they are.")] = False,
    deletions: Annotated[str | None, option(
        "--deletions", "N", f"A run that finds more deleted there stops and asks; else {DELETIONS}.")] = None,
    base_url: Annotated[str | None, option("--base-url", "URL", "Another address of the service.")] = None,
    token_stdin: TokenStdin = False,
    json: Json = False,
) -> None:
    """Connect to a project of Asana or a folder of Wrike. At a terminal it asks, anywhere else options say it all.

    People are matched by e-mail, statuses by name. The token goes into the system's keyring or a private file, or
    stays in the environment (TRACKER_ASANA_TOKEN, TRACKER_TOKEN_NAME).
    """
    if len(words) != 1:
        raise WrongUsage(f"Name one kind, asana or wrike. {NO_ARGUMENT}")
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    wishes = Wishes(
        kind=words[0].casefold(), id=name or words[0].casefold(), workspace=workspace, project=project,
        base_url=base_url, direction=_one_of("direction", direction, DIRECTIONS),
        policy=_one_of("policy", policy, tuple(Policy)),
        people={lookup.resolve_person(ws, ours): theirs for ours, theirs in _pairs(person, "--person").items()},
        statuses={_status(ours): theirs for ours, theirs in _pairs(status, "--status").items()},
        adds_statuses=add_statuses, takes_arrivals=arrivals, sends_goals=goals, sends_comments=not no_comments,
        deletions=DELETIONS if deletions is None else _whole("--deletions", deletions),
    )
    kept, surveyed = _connected(ws, Asking(invocation.output), wishes, token_stdin=token_stdin)
    if json:
        from tracker.cli.sync import connection_record

        answers.put_record(invocation, "sync_connection", connection=connection_record(kept),
                           without=surveyed.people.without)
        return
    invocation.output.write(kept.id)
    invocation.output.say(f"See what would happen: tracker sync plan {kept.id}")


def _connected(
    ws: Workspace, asking: Asking, wishes: Wishes, *, token_stdin: bool
) -> tuple[services.SyncConnection, connecting.Surveyed]:
    # imported here: `tracker sync status` asks for none of it
    from tracker.plugins import adapter_kind
    from tracker.tokens import keep_token, variables_of

    kind = adapter_kind(wishes.kind)
    connecting.check_free(ws, wishes.id, wishes.kind)
    token, variable = token_of(
        asking, variables_of(wishes.id, wishes.kind), kind.token_help, from_stdin=token_stdin)
    workspace, place = _where(kind, token, asking, wishes)
    connecting.check_free(ws, wishes.id, wishes.kind, place.id)
    with _opened(kind, token, Connection(place.id, workspace.id, wishes.base_url)) as adapter:
        _check_goals(kind, adapter, wishes.sends_goals)
        surveyed, options = _matched(ws, asking, adapter, wishes, kind.title)
    kept = services.connect(ws, services.NewConnection(
        kind=wishes.kind, place=place.id, id=wishes.id, place_name=place.name, workspace=workspace.id,
        base_url=wishes.base_url, direction=wishes.direction, policy=wishes.policy, options=options,
        people=connecting.with_people(surveyed.people.people, surveyed.everybody, wishes.people),
        statuses=connecting.with_statuses(surveyed.mapped, surveyed.statuses, wishes.statuses), names=surveyed.names,
        takes_arrivals=wishes.takes_arrivals, sends_goals=wishes.sends_goals, sends_comments=wishes.sends_comments,
        deletions=wishes.deletions,
    ))
    if variable is None:
        asking.say(f"The token is in {keep_token(token, kept.id, ws.store.path)}.")
    else:
        asking.say(f"The token stays in {variable}.")
    return kept, surveyed


def _where(kind: AdapterKind, token: str, asking: Asking, wishes: Wishes) -> tuple[Named, Named]:
    with _opened(kind, token, Connection("", None, wishes.base_url)) as adapter:
        me = adapter.whoami()
        asking.say(f"Token of {me.name}" + (f" ({me.email})" if me.email else ""))
        workspace = asking.choice(adapter.workspaces(), wishes.workspace, "workspace")
        asking.say(f"Workspace: {workspace.name}")
        place = asking.choice(connecting.places(adapter, workspace.id), wishes.project, "project")
        asking.say(f"Project: {place.name}")
    return workspace, place


def _matched(
    ws: Workspace, asking: Asking, adapter: Adapter, wishes: Wishes, system: str
) -> tuple[connecting.Surveyed, Mapping[str, str]]:
    surveyed = connecting.survey(ws, adapter)
    lacking = surveyed.lacking(wishes.statuses)
    wanted = lacking if wishes.adds_statuses else {}
    _show_people(asking, surveyed, wishes)
    _show_statuses(asking, surveyed, wishes, wanted)
    if lacking and not wanted and asking.agrees(f"Make {', '.join(lacking.values())} there?", otherwise=False):
        wanted = lacking
    if not asking.agrees("Connect?", otherwise=True):
        raise typer.Abort
    options = adapter.prepare(tuple(wanted.values()))
    if wanted:
        surveyed = connecting.survey(ws, adapter)
        _tell_made(asking, surveyed, wishes, wanted, system)
    return surveyed, options


def _tell_made(
    asking: Asking, surveyed: connecting.Surveyed, wishes: Wishes, wanted: Mapping[str, str], system: str
) -> None:
    missing = surveyed.lacking(wishes.statuses)
    if made := [label for status, label in wanted.items() if status not in missing]:
        asking.say(f"Made there: {', '.join(made)}.")
    for status, label in missing.items():
        shares = surveyed.mapped.get(status)
        stands = f"; its tasks share the status {surveyed.names[shares]} there" if shares else ""
        asking.say(f"Not made there: {label}, for {system} lets nobody make it from here{stands}. Add it to the "
                   f"workflow there, then: tracker sync set {wishes.id} status.{status}={label}")


def _show_people(asking: Asking, surveyed: connecting.Surveyed, wishes: Wishes) -> None:
    names = surveyed.names
    people = connecting.with_people(surveyed.people.people, surveyed.everybody, wishes.people)
    asking.say("People")
    for person, there in sorted(people.items()):
        asking.say(f"  {person:12} {names.get(there, there)}")
    without = [each for each in surveyed.people.without if each not in people]
    for person in without:
        asking.say(f"  {person:12} nobody there has this e-mail address")
    if without:
        asking.say(
            f"  Their tasks go there without an owner, until: tracker person edit {without[0]} --email ADDRESS; "
            f"tracker sync set {wishes.id} people=match; or: tracker sync set {wishes.id} person.{without[0]}=NAME")


def _show_statuses(
    asking: Asking, surveyed: connecting.Surveyed, wishes: Wishes, wanted: Mapping[str, str]
) -> None:
    names = surveyed.names
    statuses = connecting.with_statuses(surveyed.mapped, surveyed.statuses, wishes.statuses)
    asking.say("Statuses")
    for status in (each.value for each in Status if each is not Status.BACKLOG):
        id_there = statuses.get(status)
        there = names.get(id_there, id_there) if id_there else _without(status)
        asking.say(f"  {status:12} {f'is made there: {wanted[status]}' if status in wanted else there}")


def _without(status: str) -> str:
    if status == Status.CANCELLED:
        return "nothing like it there: completed, with a line that says it"
    return "none; map it with --status or tracker sync set"


@example("tracker sync token asana", "tracker sync token asana --token-stdin < token.txt")
def token(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(
        metavar="[NAME]", help="The connection; may be left out when there is one.",
        autocompletion=complete_name)] = None,
    token_stdin: TokenStdin = False,
) -> None:
    """Set the token of a connection anew, after asking the other system whose it is."""
    from tracker.plugins import adapter_kind
    from tracker.tokens import keep_token, variables_of

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    known = {each.id for each in services.connections(ws)}
    if words and (len(words) > 1 or words[0] not in known):
        # what was typed may be the token itself, and is not repeated
        raise WrongUsage(f"Name a connection ({', '.join(sorted(known)) or 'there is none yet'}). {NO_ARGUMENT}")
    kept = connection_named(ws, words[0] if words else None)
    asking, kind = Asking(invocation.output), adapter_kind(kept.settings.kind)
    variables = variables_of(kept.id, kept.settings.kind)
    typed = fresh_token(asking, variables[0], kind.token_help, from_stdin=token_stdin)
    with _opened(kind, typed, kept.remote()) as adapter:
        me = adapter.whoami()
    asking.say(f"Token of {me.name}" + (f" ({me.email})" if me.email else ""))
    asking.say(f"It is kept in {keep_token(typed, kept.id, ws.store.path)}.")
    for variable in _set_in_environment(variables):
        asking.say(f"{variable} is set in the environment and goes before it.")
    invocation.output.write(kept.id)


def _set_in_environment(variables: Sequence[str]) -> list[str]:
    import os

    return [each for each in variables if os.environ.get(each)]


@example("tracker sync set asana direction=push policy=ours", "tracker sync set people=match",
         'tracker sync set asana person.tomas="Tomas Berg" status.review=Doing')
def set_(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(
        metavar="[NAME] KEY=VALUE...",
        help="direction, policy, arrivals, goals, comments (yes, no), deletions, pace (requests a minute), "
             "base_url (address of the service; none: its own), people=match, person.OURS=THEIRS, "
             "status.OURS=THEIRS (none: nobody).",
        autocompletion=complete_setting)],
    json: Json = False,
) -> None:
    """Change a connection; the next run looks at every task anew."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    named = words[:1] if "=" not in words[0] else []
    kept = connection_named(ws, named[0] if named else None)
    given = _pairs(words[len(named):], "set")
    if not given:
        raise WrongUsage(f"Say what changes, like policy=ours. There are {', '.join(KEYS)}.")
    changed = services.change_connection(ws, kept.id, _changes(ws, kept, given))
    if json:
        from tracker.cli.sync import connection_record

        answers.put_record(invocation, "sync_connection", connection=connection_record(changed), without=[
            each.id for each in _active_people(ws) if each.id not in changed.settings.people])
        return
    invocation.output.write(changed.id)
    invocation.output.say("The next run looks at every task anew.")


KEYS = ("direction", "policy", "arrivals", "goals", "comments", "deletions", "pace", "base_url", "people",
        "person.OURS", "status.OURS")
_FLAGS = {"arrivals": "takes_arrivals", "goals": "sends_goals", "comments": "sends_comments"}


def _changes(ws: Workspace, kept: services.SyncConnection, given: Mapping[str, str]) -> dict[str, object]:
    changes: dict[str, object] = {}
    people: dict[str, str] = {}
    statuses: dict[str, str] = {}
    for key, value in given.items():
        start, dot, ours = key.partition(".")
        if dot and start == "person":
            people[lookup.resolve_person(ws, ours)] = value
        elif dot and start == "status":
            statuses[_status(ours)] = value
        elif key != "people":
            changes |= _plain_change(kept, key, value)
        elif value != "match":
            raise WrongUsage(f"people=match matches by e-mail anew; {value[:40]!r} is nothing else it can be.")
    if "base_url" in changes:
        _try_address(ws, kept, changes["base_url"])
    if people or statuses or "people" in given or changes.get("sends_goals"):
        changes |= _asked_there(ws, kept, people, statuses, anew="people" in given,
                                goals=bool(changes.get("sends_goals")))
    return changes


def _plain_change(kept: services.SyncConnection, key: str, value: str) -> dict[str, object]:
    if key in _FLAGS:
        return {_FLAGS[key]: _one_of(key, value.casefold(), ("yes", "no")) == "yes"}
    if key == "direction":
        return {key: _one_of(key, value, DIRECTIONS)}
    if key == "policy":
        return {key: _one_of(key, value, tuple(Policy))}
    if key == "deletions":
        return {key: _whole(key, value)}
    if key == "pace":
        return {"options": {**kept.settings.options, "requests_per_minute": str(_whole(key, value))}}
    if key == "base_url":
        return {key: None if value.casefold() in ("", "none") else value}
    raise WrongUsage(f"A connection has no {key[:40]!r}; there are {', '.join(KEYS)}.")


def _try_address(ws: Workspace, kept: services.SyncConnection, address: object) -> None:
    """Ask whose token it is at another address, before the connection goes there."""
    from tracker.plugins import adapter_kind
    from tracker.tokens import find_token

    kind = adapter_kind(kept.settings.kind)
    token = find_token(kept.id, kept.settings.kind, ws.store.path)
    there = replace(kept.remote(), base_url=None if address is None else str(address))
    with _opened(kind, token, there) as adapter:
        adapter.whoami()


def _asked_there(
    ws: Workspace, kept: services.SyncConnection, people: Mapping[str, str], statuses: Mapping[str, str], *,
    anew: bool, goals: bool,
) -> dict[str, object]:  # fmt: skip
    """Changes that need to know who and what is there."""
    from tracker import bootstrap
    from tracker.plugins import adapter_kind

    adapter = bootstrap.open_adapter(ws, kept.id)
    try:
        _check_goals(adapter_kind(kept.settings.kind), adapter, goals)
        surveyed = connecting.survey(ws, adapter)
    finally:
        adapter.close()
    known = {**kept.settings.people, **surveyed.people.people} if anew else dict(kept.settings.people)
    return {
        "people": connecting.with_people(known, surveyed.everybody, people),
        "statuses": connecting.with_statuses(kept.settings.statuses, surveyed.statuses, statuses),
        "names": {**kept.settings.names, **surveyed.names},
    }


def _active_people(ws: Workspace) -> list[PersonRow]:
    from tracker.services import board

    return [each for each in board.people(ws) if each.active]


@contextmanager
def _opened(kind: AdapterKind, token: str, where: Connection) -> Iterator[Adapter]:
    adapter = kind.open(token, where)
    try:
        yield adapter
    finally:
        adapter.close()


def _check_goals(kind: AdapterKind, adapter: Adapter, wanted: bool) -> None:
    if wanted and not adapter.capabilities.has_goals:
        raise Refused(f"{kind.title} has no goals that key results could be.")


def _pairs(words: Sequence[str] | None, what: str) -> dict[str, str]:
    pairs = {}
    for word in words or ():
        ours, equals, theirs = word.partition("=")
        if not equals or not ours:
            raise WrongUsage(f"{what} wants NAME=VALUE, and {word[:40]!r} is none.")
        pairs[ours.strip()] = theirs.strip()
    return pairs


def _status(word: str) -> str:
    found = [each.value for each in Status if each is not Status.BACKLOG]
    if word not in found:
        raise NotFound(f"There is no status {word[:40]!r} that is synced; there are {', '.join(found)}.")
    return word


def _one_of(what: str, word: str, allowed: Sequence[str]) -> str:
    if word not in allowed:
        raise WrongUsage(f"{what} is one of {', '.join(allowed)}, not {word[:40]!r}.")
    return word


def _whole(what: str, word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 7):
        raise WrongUsage(f"{what} is a whole number, not {word[:40]!r}.")
    return int(word)
