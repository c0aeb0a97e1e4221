"""The strategy: statement, cycles, objectives, key results, people; every line of it can be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from tracker.services.acceptance import accept
from tracker.services.header import header as read_header
from tracker.services.strategy import edit_record, records
from tracker.services.strategy_questions import open_questions
from tracker.services.strategy_versions import versions
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card
from tracker.tui import edits, questions
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.glyphs import glyphs_of
from tracker.tui.screen_commands import STRATEGY
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.screens.record_form import RecordFormScreen
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.strategy import Records, strategy_rows
from tracker.tui.widgets.text_view import TextView
from tracker.tui.widgets.title_line import TitleLine

RUNNING = ("active", "grading")


def read_strategy(ws: Workspace) -> Records | None:
    """The active strategy with all around it; None while there is none."""
    found = records(ws, "strategy", {"status": "active"})
    if not found:
        return None
    strategy = found[0]
    cycles = records(ws, "cycle", {"strategy": strategy["id"]})
    running = next((cycle["id"] for cycle in cycles if cycle["status"] in RUNNING), None)
    objectives = records(ws, "objective", {"cycle": running}) if running is not None else []
    key_results = [row for objective in objectives for row in records(ws, "key_result", {"objective": objective["id"]})]
    return Records(
        header=read_header(ws),
        strategy=strategy,
        cycles=tuple(cycles),
        objectives=tuple(objectives),
        key_results=tuple(key_results),
        people=tuple(records(ws, "person")),
        channels=tuple(records(ws, "channel")),
        questions=tuple(records(ws, "micro_question", {"strategy": strategy["id"]})),
        today=ws.clock.today,
        left_open=open_questions(ws),
        versions=versions(ws),
    )


class StrategyScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """A text with a cursor; Enter opens the form of what it stands on."""

    commands = STRATEGY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(STRATEGY, at_once=True)]
    CSS_PATH = "strategy.tcss"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._records: Records | None = None

    def compose(self) -> ComposeResult:
        """Header, title, text, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        yield TextView(id="text")
        yield Footer(footer_words(self.app.remapped, STRATEGY), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """The text says it all, so the header is one line."""
        self.query_one(StrategyHeader).folded = True
        self.in_front = self.query_one("#text", TextView)

    def reader(self) -> Callable[[], Records | None]:
        """Everything as it is now."""
        ws = self.workspace
        return lambda: read_strategy(ws)

    def show_picture(self, picture: Records | None) -> None:
        """Draw what was read; the cursor stays on its entry."""
        self._records = picture
        if picture is None:
            self.refuse("There is no active strategy.")
            return
        self.figures = picture.header
        if picture.header is not None:
            self.query_one(StrategyHeader).show(picture.header)
        glyphs = glyphs_of(self.in_front)
        self.in_front.show(lambda width: strategy_rows(picture, width, glyphs))
        missing = "" if picture.objectives else "  no objective yet: o adds one"
        self.query_one("#title", TitleLine).show(
            ((" STRATEGY", "head"), (missing, "warn")), (("Enter changes the line under the cursor ", "faint"),)
        )

    def targets(self) -> tuple[Card, ...]:
        """No tasks here."""
        return ()

    def _at(self) -> tuple[str, str]:
        table, _, identity = (self.in_front.current or "").partition("/")
        return table, identity

    def do_edit(self) -> None:
        """The form of what the cursor stands on."""
        table, identity = self._at()
        if identity:
            self.app.push_screen(RecordFormScreen(self.workspace, table, identity))

    @on(TextView.Opened)
    def pressed_again(self) -> None:
        """A second click opens the form."""
        self.do_edit()

    def do_objective(self) -> None:
        """A new objective of the running cycle."""
        self._add("objective", {"owner": self._owner()})

    def do_add_key_result(self) -> None:
        """A new key result of the objective that the cursor is in."""
        objective = self._objective_here()
        if objective is None:
            self.refuse("There is no objective yet that it could belong to: o adds one.")
        else:
            self._add("key_result", {"objective": objective, "owner": self._owner(), **self._days()})

    def _owner(self) -> str:
        """Whoever acts, if they are known, else the owner of the strategy."""
        found = self._records
        people = [str(person["id"]) for person in found.people] if found is not None else []
        actor = self.workspace.actor
        return actor if actor in people or found is None else str(found.strategy["owner"])

    def _days(self) -> dict[str, object]:
        """From today to the end of the running cycle."""
        cycles = self._records.cycles if self._records is not None else ()
        running = next((cycle for cycle in cycles if cycle["status"] in RUNNING), None)
        if running is None:
            return {}
        today = self.workspace.clock.today.isoformat()
        starts = min(max(str(running["starts_on"]), today), str(running["ends_on"]))
        return {"starts_on": starts, "due_on": running["ends_on"]}

    def _objective_here(self) -> str | None:
        found = self._records
        if found is None or not found.objectives:
            return None
        table, identity = self._at()
        if table == "objective":
            return identity
        if table == "key_result":
            return next((str(row["objective"]) for row in found.key_results if row["id"] == identity), None)
        return str(found.objectives[0]["id"])

    def do_accept(self) -> None:
        """The draft under the cursor becomes active: its owner, or a manager, agrees to it."""
        table, identity = self._at()
        if table not in ("objective", "key_result"):
            self.refuse("Put the cursor on an objective or a key result first.")
            return
        ws = self.workspace
        self.write(Change(edits.nothing, repeatable=False), lambda: accept(ws, table, identity))

    def do_drop(self) -> None:
        """Ask why, and drop the objective or key result under the cursor."""
        table, identity = self._at()
        if table not in ("objective", "key_result"):
            self.refuse("Put the cursor on an objective or a key result first.")
            return
        ws = self.workspace
        if table == "objective":
            answer = questions.choice(
                f"drop {identity}?", [("y", "drop it")],
                lambda _: self.write(Change(edits.nothing, repeatable=False),
                                     lambda: edit_record(ws, table, identity, {"status": "dropped"})))
        else:
            answer = questions.reason(
                f"drop {identity}, because",
                lambda why: self.write(
                    Change(edits.nothing, repeatable=False),
                    lambda: edit_record(ws, table, identity, {"status": "dropped", "drop_reason": why})),
                hint="the reason is kept; refused while open tasks cite it")
        self.ask(answer)

    def do_ask(self) -> None:
        """A new question that an objective can answer."""
        self._add("micro_question", {})

    def do_person(self) -> None:
        """Somebody new."""
        self._add("person", {})

    def _add(self, table: str, fields: Mapping[str, object]) -> None:
        self.app.push_screen(RecordFormScreen(self.workspace, table, None, fields))
