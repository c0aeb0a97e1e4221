"""`tracker sync`: assigned tasks in another system, once each, and back again."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli import words as said
from tracker.cli.failures import INTERRUPTED
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, Limit, option
from tracker.cli.parsing import example
from tracker.cli.progress import ProgressBar
from tracker.cli.sync_connect import connect, set_, token
from tracker.cli.sync_names import Name, complete_decision, complete_name, connection_named
from tracker.domain.errors import NotFound, OutOfReach, WrongUsage
from tracker.domain.remote import NotAllowed
from tracker.reports import sync_text
from tracker.reports.ink import Ink, cut, shown
from tracker.services import sync as services

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace
    from tracker.domain.remote import Adapter

TITLE_ROOM = 40
"""Cells of the words beside a progress bar, which has to stay on one line."""
SLICE = 0.1
"""Seconds of waiting between two looks whether Ctrl-C was pressed."""
FIELDS = ("title", "description", "status", "owner", "start_on", "due_on", "priority")
_SHORT = {name: field for field, name in sync_text.FIELDS.items()}


@example("tracker sync list")
def list_connections(ctx: typer.Context, json: Json = False) -> None:
    """List connections: where, which way, who wins a conflict, how many people are matched, what else is sent."""
    invocation: Invocation = ctx.obj
    found = services.connections(invocation.workspace())
    if json:
        answers.put_record(invocation, "sync_connections", connections=[connection_record(each) for each in found])
        return
    answers.put_rows(invocation, [sync_text.connection_row(each) for each in found], sync_text.CONNECTION_TABLE)


def connection_record(kept: services.SyncConnection) -> dict[str, Any]:
    """A connection as JSON has it; there is no token in it."""
    chosen = kept.settings
    return {
        "id": kept.id, "kind": chosen.kind, "place": chosen.place, "place_name": chosen.place_name,
        "workspace": chosen.workspace, "base_url": chosen.base_url, "direction": chosen.direction,
        "policy": chosen.policy, "people": chosen.people, "statuses": chosen.statuses, "names": chosen.names,
        "takes_arrivals": chosen.takes_arrivals, "sends_goals": chosen.sends_goals,
        "sends_comments": chosen.sends_comments, "deletions": chosen.deletions,
    }  # fmt: skip


@example("tracker sync plan", "tracker sync plan asana --json")
def plan(
    ctx: typer.Context,
    name: Name = None,
    whole: Annotated[bool, typer.Option("--all", help="On a terminal too, show every task.")] = False,
    json: Json = False,
) -> None:
    """Show what a run would do now, field by field, before > after. Neither side is touched."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    kept = connection_named(ws, name)
    with _adapter(ws, kept.id) as adapter, _interruptible() as interrupt, _bar(invocation, interrupt) as progress:
        found = services.plan(ws, kept.id, adapter, progress=progress, stop=interrupt.is_asked)
    output = invocation.output
    if json:
        answers.put_record(invocation, "sync_plan", connection=found.connection, tasks=found.tasks,
                           notices=found.notices)
        return
    output.lines(sync_text.plan_lines(found, kept, width=output.line_width, ink=Ink(output.colour), whole=whole))
    for notice in found.notices:
        output.say(shown(notice))
    if found.tasks:
        output.say(f"Nothing was changed; do it with: tracker sync run {kept.id}")


@example("tracker sync run", "tracker sync run asana --allow-deletions 12")
def run(
    ctx: typer.Context,
    name: Name = None,
    allow_deletions: Annotated[str | None, option(
        "--allow-deletions", "N", "So many tasks may be gone there in this run.")] = None,
    json: Json = False,
) -> None:
    """Bring both sides together. Ctrl-C stops after the task at hand; the next run goes on from there.

    The exit code is 1 when it stopped to ask for leave, or something could not be done with a task; 5 when the other
    system is out of reach; 130 when it was interrupted.
    """
    allowed = said.whole_number(allow_deletions, "--allow-deletions", least=0)
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    kept = connection_named(ws, name)
    with _interruptible() as interrupt:
        try:
            with _adapter(ws, kept.id) as adapter, _bar(invocation, interrupt) as progress:
                report = services.run(ws, kept.id, adapter, progress=progress, stop=interrupt.is_asked,
                                      allow_deletions=allowed, wait=interrupt.wait)
        except KeyboardInterrupt:
            invocation.output.say("Interrupted at once. What was done is kept; the next run finds out the rest: "
                                  f"tracker sync run {kept.id}")
            raise typer.Exit(INTERRUPTED) from None
    _put_report(invocation, report, as_json=json, is_interrupted=interrupt.asked)


def _put_report(
    invocation: Invocation, report: services.SyncReport, *, as_json: bool, is_interrupted: bool
) -> None:
    if as_json:
        answers.put_record(
            invocation, "sync_run", run=report.run, connection=report.connection, outcome=report.outcome,
            words=report.words, counts=report.counts, notes=report.notes, asks_for_deletions=report.asks_for_deletions)
    else:
        invocation.output.lines(sync_text.report_lines(report, width=invocation.output.line_width))
    if report.outcome == "failed":
        raise OutOfReach(_with_hint(report.words, report.connection) if report.is_forbidden else report.words)
    _tell_end(invocation, report, is_interrupted=is_interrupted)


def _with_hint(words: str, name: str) -> str:
    is_refused = "token" in words.casefold().replace("token's owner", "")
    return f"{words} Set it with: tracker sync token {name}" if is_refused else words


def _tell_end(invocation: Invocation, report: services.SyncReport, *, is_interrupted: bool) -> None:
    say, name = invocation.output.say, report.connection
    if report.outcome == "stopped" and report.asks_for_deletions:
        say(shown(report.words))
        say(f"When that is right: tracker sync run {name} --allow-deletions {report.asks_for_deletions}")
        raise typer.Exit(1)
    if report.outcome == "stopped" and is_interrupted:
        say(f"Stopped. What was done is kept; the next run goes on: tracker sync run {name}")
        raise typer.Exit(INTERRUPTED)
    if report.outcome != "done":
        say(shown(report.words))
        raise typer.Exit(1)
    if report.counts.get("conflict") or report.counts.get("gone"):
        say("Decide with: tracker sync conflicts")
    if report.counts.get("unmapped_owner"):
        say(f"Say who they are there: tracker sync set {name} person.OURS=THEIRS; or, once people here have their "
            f"e-mail addresses: tracker sync set {name} people=match")
    if report.counts.get("fail"):
        say(f"Not everything could be done: tracker sync log {name}")
        raise typer.Exit(1)


@example("tracker sync status", "tracker sync status --json")
def status(ctx: typer.Context, json: Json = False) -> None:
    """Show how every connection stands, from this database alone: nothing is asked of the other systems."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    rows = services.status(ws)
    if json:
        answers.put_record(invocation, "sync_status", connections=rows)
        return
    kept = {each.id: each for each in services.connections(ws)}
    invocation.output.lines(sync_text.status_lines(rows, kept, width=invocation.output.line_width))
    if not rows:
        invocation.output.say("There is no connection yet. Make one with: tracker sync connect asana")
    if any(row.links.get("conflict") or row.links.get("gone") for row in rows) and services.conflicts(ws):
        invocation.output.say("Decide with: tracker sync conflicts")


@example("tracker sync log", "tracker sync log asana --limit 3")
def log(ctx: typer.Context, name: Name = None, limit: Limit = None, json: Json = False) -> None:
    """Tell what the newest runs did, and what they could not do; of every connection, or of one."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    wanted = None if name is None else connection_named(ws, name).id
    runs = services.log(ws, wanted, said.whole_number(limit, "--limit") or 10)
    if json:
        answers.put_record(invocation, "sync_log", runs=runs)
        return
    invocation.output.lines(sync_text.log_lines(runs, width=invocation.output.line_width))
    if not runs:
        invocation.output.say("Nothing was run yet.")


@example("tracker sync conflicts", "tracker sync conflicts asana --json")
def conflicts(ctx: typer.Context, name: Name = None, json: Json = False) -> None:
    """Show what a person must decide: each field as it was before, here (ours) and there (theirs)."""
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    found = services.conflicts(ws, None if name is None else connection_named(ws, name).id)
    if json:
        answers.put_record(invocation, "sync_conflicts", conflicts=found)
        return
    invocation.output.lines(sync_text.conflict_lines(found, width=invocation.output.line_width))
    invocation.output.say("Decide with: tracker sync resolve TASK [FIELD] --ours or --theirs" if found
                          else "There is nothing to decide.")


@example("tracker sync resolve T-043 due --theirs", "tracker sync resolve 43 --ours")
def resolve(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="TASK [FIELD]", help="The task; one field, or all of them.",
                                             autocompletion=complete_decision)],
    ours: Annotated[bool, typer.Option("--ours", help="What stands here goes there with the next run.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="What stands there is taken at once.")] = False,
    connection: Annotated[str | None, option(
        "--connection", "NAME", "Which connection, when the task waits in several.", complete_name)] = None,
    json: Json = False,
) -> None:
    """Decide a conflict. Of a task that is gone there, --ours makes it anew there, --theirs cancels it here."""
    from tracker.reports.records import card_record
    from tracker.services import board

    if ours == theirs:
        raise WrongUsage("Say --ours or --theirs, one of them.")
    if len(words) > 2:
        raise WrongUsage("Name one task and at most one field.")
    field = _field(words[1]) if len(words) == 2 else None
    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    task = said.tasks(ws, words[:1])[0]
    outcome = services.resolve(ws, task, _connection_of(ws, task, connection), field, mine=ours)
    cards = board.cards(ws, outcome.ids)
    if json:
        answers.put_change(invocation, outcome, tasks=[card_record(card) for card in cards])
        return
    answers.put_cards(invocation, cards)
    for words_of_it in (outcome.label, *outcome.notices):
        invocation.output.say(shown(words_of_it))


def _field(word: str) -> str:
    name = _SHORT.get(word.casefold(), word.casefold())
    if name not in FIELDS:
        raise WrongUsage(f"{word[:40]!r} is no field that is synced; there are "
                         f"{', '.join(sync_text.field_name(each) for each in FIELDS)}.")
    return name


def _connection_of(ws: Workspace, task: str, name: str | None) -> str:
    """The connection in which a task waits for a decision."""
    if name is not None:
        return connection_named(ws, name).id
    waiting = sorted({each.connection for each in services.conflicts(ws) if each.task == task})
    if not waiting:
        raise NotFound(f"There is nothing to decide about {task}; see tracker sync conflicts.")
    if len(waiting) > 1:
        raise WrongUsage(f"{task} waits in {' and '.join(waiting)}; say which with --connection NAME.")
    return waiting[0]


@example("tracker sync disconnect asana")
def disconnect(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The connection.", autocompletion=complete_name)],
    json: Json = False,
) -> None:
    """Forget a connection, its links and its token. Nothing is changed there, and every task here stays."""
    from tracker.tokens import forget_token

    invocation: Invocation = ctx.obj
    ws = invocation.workspace()
    kept = connection_named(ws, name)
    links = services.disconnect(ws, kept.id)
    forget_token(kept.id, ws.store.path)
    if json:
        answers.put_record(invocation, "sync_disconnected", connection=kept.id, links=links)
        return
    invocation.output.write(kept.id)
    tasks = "1 task stays as it is" if links == 1 else f"{links:,} tasks stay as they are"
    invocation.output.say(f"Disconnected; {tasks}, there and here. The token is forgotten.")


@contextmanager
def _adapter(ws: Workspace, name: str) -> Iterator[Adapter]:
    from tracker import bootstrap

    adapter = bootstrap.open_adapter(ws, name)
    try:
        yield adapter
    except NotAllowed as error:
        raise NotAllowed(_with_hint(str(error), name)) from error
    finally:
        adapter.close()


@dataclass(slots=True)
class Interrupt:
    """Whether Ctrl-C was pressed: once asks to stop where it is safe, twice stops at once."""

    asked: bool = False

    def is_asked(self) -> bool:
        """Whether somebody wants it to stop."""
        return self.asked

    def wait(self, seconds: float) -> None:
        """Wait so long, or until it is asked."""
        ends = time.monotonic() + seconds
        while not self.asked and (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, SLICE))

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """The signal."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextmanager
def _interruptible() -> Iterator[Interrupt]:
    interrupt = Interrupt()
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _bar(invocation: Invocation, interrupt: Interrupt) -> Iterator[Callable[[int, int | None, str], None]]:
    with ProgressBar(invocation.output, "syncing") as bar:

        def progress(done: int, total: int | None, words: str) -> None:
            bar.what = "stopping" if interrupt.asked else cut(shown(words), TITLE_ROOM)
            bar(done, total)

        yield progress


VERBS = {
    "connect": connect, "token": token, "list": list_connections, "plan": plan, "run": run, "status": status,
    "log": log, "conflicts": conflicts, "resolve": resolve, "set": set_, "disconnect": disconnect,
}  # fmt: skip
ALONE = status
