"""Sync: connections and how they stand, what a run would do, runs in the background, conflicts and the log."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Thread
from typing import ClassVar
from urllib.parse import urlsplit

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tracker.services import board as reads
from tracker.services import sync
from tracker.services.header import header as read_header
from tracker.services.outcome import Outcome
from tracker.services.sync import ConnectionStatus, RunRow, SyncConnection, TaskConflict
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card, Header, PersonRow
from tracker.tui import edits, questions
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.glyphs import glyphs_of
from tracker.tui.screen_commands import SYNC
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.sync_runs import PLAN, RUN, Ending, SyncRuns
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.sync import (
    activity_rows,
    connection_rows,
    log_rows,
    no_connection_rows,
    plan_rows,
    settle_rows,
    title_of,
)
from tracker.tui.widgets.text_view import Row, TextView
from tracker.tui.widgets.title_line import TitleLine

WIDE = 110
"""From this width connections stand beside what is to settle."""
TALL = 44
"""Terminals with fewer lines begin with the header on one line."""
RUNS_SHOWN = 10
SLOW_SECONDS = 0.05
"""Reads that take longer are not repeated while a run changes one task after the other."""
MOST_SAID = 3
"""Lines of what is at work or how it ended."""
_SETTLING: Line = ((" o ", "key"), ("ours counts   ", "muted"), ("t ", "key"),
                   ("theirs counts   on a task for all of it, on a field for it", "muted"))  # fmt: skip
_BEGINNING: Line = ((" p ", "key"), ("shows what a run would do   ", "muted"), ("r ", "key"), ("runs", "muted"))
SETTLE, LOG = "settle", "log"
"""What the middle shows, beside PLAN."""


@dataclass(frozen=True)
class SyncPicture:
    """How the connections stand."""

    header: Header | None
    connections: tuple[SyncConnection, ...]
    stands: Mapping[str, ConnectionStatus]
    conflicts: tuple[TaskConflict, ...]
    """Of all of them."""
    runs: tuple[RunRow, ...]
    """The newest of the chosen one."""
    people: tuple[PersonRow, ...]
    chosen: str
    """Empty without a connection."""


def read_sync(ws: Workspace, chosen: str) -> SyncPicture:
    """How it stands, with the log of the chosen connection, or of the first when that is gone."""
    kept = sync.connections(ws)
    names = [each.id for each in kept]
    chosen = chosen if chosen in names else next(iter(names), "")
    return SyncPicture(
        read_header(ws), kept, {each.connection: each for each in sync.status(ws)} if kept else {},
        sync.conflicts(ws) if kept else (), sync.log(ws, chosen, RUNS_SHOWN) if chosen else (),
        reads.people(ws), chosen,
    )  # fmt: skip


def link_of(ws: Workspace, task: str, connection: str) -> str | None:
    """The address of a task in the system of that connection."""
    links = reads.task_detail(ws, task).links
    return next((each.url for each in links if each.connection == connection), None)


class SyncScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """Connections, and one at a time: what is to settle, the plan, the log. Runs go on behind it."""

    commands = SYNC
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SYNC, at_once=True)]
    CSS_PATH = "sync.tcss"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._picture: SyncPicture | None = None
        self._chosen = ""
        self._shows = SETTLE
        self._ahead: list[tuple[str, str]] = []
        """Commands whose keys came before anything was read; they need to know the connection."""

    def compose(self) -> ComposeResult:
        """Header, title, connections, what is to settle, what is at work, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        with Container(id="body"):
            yield TextView(id="connections", ground="panel")
            yield TextView(id="main")
        yield TextView(id="activity", ground="panel")
        yield Footer(footer_words(self.app.remapped, SYNC), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """What is to settle is in front."""
        self.query_one(StrategyHeader).folded = self.app.size.height < TALL
        self.in_front = self.query_one("#main", TextView)

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or one below the other."""
        self.set_class(event.size.width >= WIDE, "wide")
        if self._picture is not None:
            self._show_connections()
            self._show_activity()

    @property
    def _runs(self) -> SyncRuns:
        return self.app.syncing

    # -- reading and showing

    def reader(self) -> Callable[[], SyncPicture]:
        """How it stands now."""
        ws, chosen = self.workspace, self._chosen
        return lambda: read_sync(ws, chosen)

    def store_changed(self) -> None:
        """Read again; not after each task of a run where that is slow, for the end of the run brings it all."""
        if self._runs.job is None or self._picture is None or self._read_took < SLOW_SECONDS:
            super().store_changed()

    def show_picture(self, picture: SyncPicture) -> None:
        """Draw what was read; the cursor stays on its task."""
        self._picture = picture
        self._chosen = picture.chosen
        self.figures = picture.header
        if picture.header is not None:
            self.query_one(StrategyHeader).show(picture.header)
        self.set_class(not picture.connections, "unconnected")
        names = [each.id for each in picture.connections]
        self.query_one("#title", TitleLine).show(title_of(names, len(picture.conflicts)))
        self._show_connections()
        self._show_main()
        self._show_activity()
        ahead, self._ahead = self._ahead, []
        for command, argument in ahead:
            self.action_do(command, argument)

    def _do(self, command: str, argument: str) -> None:
        if self._picture is None and command != "leave":
            self._ahead.append((command, argument))
        else:
            super()._do(command, argument)

    def _show_connections(self) -> None:
        picture, view = self._picture, self.query_one("#connections", TextView)
        if picture is None:
            return
        tall, plain = self.app.size.width >= WIDE, view.plain_glyphs

        def build(width: int) -> list[Row]:
            return connection_rows(
                picture.connections, picture.stands, picture.chosen, width, tall=tall, plain=plain
            )

        view.show(build)
        view.styles.height = "100%" if tall else min(8, max(1, len(build(self.app.size.width))))

    def _kept(self) -> SyncConnection | None:
        picture = self._picture
        return next((each for each in picture.connections if each.id == picture.chosen), None) if picture else None

    def _show_main(self) -> None:
        picture, kept, view = self._picture, self._kept(), self.in_front
        if picture is None:
            return
        mine = [each for each in picture.conflicts if each.connection == picture.chosen]
        if kept is None:
            view.show(no_connection_rows)
        elif self._shows == LOG:
            view.show(lambda width: log_rows(picture.runs, width))
        elif self._shows == PLAN:
            plan, glyphs, waiting = self._runs.plans.get(kept.id), glyphs_of(view), len(mine)
            view.show(lambda width: plan_rows(plan, waiting, width, glyphs))
        else:
            view.show(lambda width: settle_rows(
                kept, mine, picture.people, width, has_run=bool(picture.runs), plain=view.plain_glyphs))

    def _show_activity(self) -> None:
        runs, view, chosen = self._runs, self.query_one("#activity", TextView), self._chosen
        job, ending, hint, glyphs = runs.job, runs.endings.get(chosen), self._hint(), glyphs_of(view)

        def build(width: int) -> list[Row]:
            return activity_rows(job, ending, chosen, hint, width, glyphs, plain=view.plain_glyphs)

        view.styles.height = min(MOST_SAID, len(build(self.app.size.width)))
        view.show(build)

    def _hint(self) -> Line:
        picture = self._picture
        if not self._chosen or picture is None:
            return ()
        if self._shows == SETTLE and any(each.connection == self._chosen for each in picture.conflicts):
            return _SETTLING
        return _BEGINNING

    def _bring(self, what: str) -> None:
        self._shows = what
        self._show_main()
        self._show_activity()
        self.in_front.edge(last=False)

    def sync_moved(self, ending: Ending | None) -> None:
        """A plan or run came further, or to its end; called by the application."""
        if self._picture is None or not self.query("#activity"):
            return  # not there yet, or already on its way out
        if ending is not None:
            if ending.what == PLAN and ending.kind == "done":
                self._bring(PLAN)
            elif ending.what == RUN and self._shows == PLAN:
                self._bring(LOG)  # the plan is carried out
            self.request_reload()
        self._show_activity()
        if ending is not None and ending.asks_for_deletions and self.app.screen is self:
            self._ask_for_deletions()

    # -- connections

    def do_next_connection(self) -> None:
        """Show the next connection."""
        self._step(1)

    def do_previous_connection(self) -> None:
        """Show the connection before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        names = [each.id for each in self._picture.connections] if self._picture is not None else []
        if len(names) < 2:
            self.refuse("There is no other connection." if names else "There is no connection yet.")
            return
        self._chosen = names[(names.index(self._chosen) + by) % len(names)]
        self.request_reload()

    # -- plan and run

    def _is_free(self) -> bool:
        """Whether something can be begun; says why not."""
        job = self._runs.job
        if not self._chosen:
            self.refuse("There is no connection yet; make one in a terminal: tracker sync connect asana")
        elif job is not None:
            what = "A plan is being made" if job.what == PLAN else "A run is at work"
            self.refuse(f"{what} ({job.connection}); s stops it.")
        return bool(self._chosen) and job is None

    def do_sync_plan(self) -> None:
        """Find out what a run would do; a plan that is there is shown while a new one is made."""
        if self._is_free():
            self._runs.plan(self._chosen)
            self._bring(PLAN)

    def do_sync_run(self) -> None:
        """Run; after one that stopped because too much was deleted there, ask for leave first."""
        if not self._is_free():
            return
        ending = self._runs.endings.get(self._chosen)
        if ending is not None and ending.asks_for_deletions:
            self._ask_for_deletions()
        else:
            self._begin_run(None)

    def _begin_run(self, allow_deletions: int | None) -> None:
        if self._is_free():
            self._runs.run(self._chosen, allow_deletions=allow_deletions)
            self._show_activity()

    def _ask_for_deletions(self) -> None:
        ending = self._runs.endings.get(self._chosen)
        if ending is None or self.command_line.question is not None:
            return
        count = ending.asks_for_deletions

        def answer(key: str) -> None:
            if key == "y":
                self._begin_run(count)

        self.ask(questions.choice(
            f"{count:,} tasks were deleted there", [("y", "right: mark them gone, they stay here"), ("n", "leave it")],
            answer,
        ))  # fmt: skip

    def do_sync_stop(self) -> None:
        """Stop what is at work, safely."""
        if self._runs.job is None:
            self.refuse("Nothing is at work.")
        else:
            self._runs.stop()
            self._show_activity()

    def do_sync_settle(self) -> None:
        """What needs a person."""
        self._bring(SETTLE)

    def do_sync_log(self) -> None:
        """What runs did."""
        self._bring(LOG)

    # -- settling

    def do_sync_ours(self) -> None:
        """What stands here counts."""
        self._settle_with(mine=True)

    def do_sync_theirs(self) -> None:
        """What stands there counts."""
        self._settle_with(mine=False)

    def _settle_with(self, *, mine: bool) -> None:
        found = self._conflict()
        if found is None or self._shows != SETTLE:
            if self._shows != SETTLE:
                self._bring(SETTLE)
            self.refuse("There is nothing to settle under the cursor.")
            return
        ws, (task, _, field) = self.workspace, (self.in_front.current or "").partition("/")
        self.write(
            Change(edits.nothing, repeatable=False),
            lambda: sync.resolve(ws, task, found.connection, field or None, mine=mine),
        )

    def tell(self, outcome: Outcome) -> None:
        """What was done; that ours counts is kept without being a change of the task."""
        self.footer.say("; ".join((outcome.label, *outcome.notices)), "notice" if outcome.notices else "done")

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """What the last run said of it is over."""
        self._runs.endings.pop(self._chosen, None)
        self._show_activity()

    # -- the task under the cursor

    def _task_here(self) -> str:
        """Its id; empty where the line is about none."""
        return (self.in_front.current or "").partition("#")[0].partition("/")[0]

    def _conflict(self) -> TaskConflict | None:
        picture, task = self._picture, self._task_here()
        found = picture.conflicts if picture is not None else ()
        return next((each for each in found if each.task == task and each.connection == self._chosen), None)

    def targets(self) -> tuple[Card, ...]:
        """No card stands here; tasks are changed on their own screen."""
        return ()

    def do_open(self) -> None:
        """The task."""
        if task := self._task_here():
            self.app.open_task(task)
        else:
            self.refuse("There is no task under the cursor.")

    @on(TextView.Opened)
    def pressed_again(self) -> None:
        """A second click opens it."""
        self.do_open()

    def _with_link(self, answer: Callable[[str], None]) -> None:
        """The address of the task there: as the line knows it, else as the task does."""
        ws, task, connection = self.workspace, self._task_here(), self._chosen
        plan = self._runs.plans.get(connection)
        conflict, at = self._conflict(), (self.in_front.current or "").partition("#")[2]
        known = conflict.url if conflict is not None else None
        if self._shows == PLAN and plan is not None and at.isdigit() and int(at) < len(plan.tasks):
            known = known or plan.tasks[int(at)].url

        def came(link: str | None) -> None:
            if link is None:
                self.refuse("No address is known of it; a run brings it.")
            else:
                answer(link)

        if known is not None or not task:
            came(known)
        else:
            self.read("link", lambda: link_of(ws, task, connection), came)

    def do_copy(self) -> None:
        """The address of the task there."""
        self._with_link(lambda link: self.copy(link, "link"))

    def do_browse(self) -> None:
        """The task in the browser; where there is none of its own window, its address is copied."""
        self._with_link(self._browse)

    def _browse(self, link: str) -> None:
        if urlsplit(link).scheme not in ("https", "http"):
            self.refuse("That is no address of a web page; y copies it.")
        elif not has_window():
            self.copy(link, "link (there is no browser with a window here)")
        else:
            # on a thread of its own: a browser may take seconds to say that it took it
            Thread(target=webbrowser.open, args=(link,), name="tracker-browser", daemon=True).start()
            self.footer.say(f"opened {link}")


def has_window() -> bool:
    """Whether a browser can be opened that does not take this terminal."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    return type(browser) is not webbrowser.GenericBrowser
