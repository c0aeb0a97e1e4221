"""Ideas and arrivals: they wait outside the board until somebody cites a key result for them or drops them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from tracker.services.board import arrival_fields
from tracker.services.header import header as read_header
from tracker.services.ideas import drop, ideas, promote
from tracker.services.outcome import Outcome
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card, Header, IdeaRow
from tracker.tui import edits, questions
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.screen_commands import IDEAS
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.ideas import idea_rows, of_idea
from tracker.tui.widgets.text_view import TextView
from tracker.tui.widgets.title_line import TitleLine


@dataclass(frozen=True)
class IdeasPicture:
    """What waits, and the key results it may cite."""

    header: Header | None
    waiting: tuple[IdeaRow, ...]


class IdeasScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """A list with a cursor; cite and it becomes a task, drop it and the reason is kept."""

    commands = IDEAS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(IDEAS, at_once=True)]
    CSS_PATH = "ideas.tcss"

    def __init__(self, workspace: Workspace, *, missing: Sequence[str] = ()) -> None:
        """`missing`: answers that the first strategy still needs; ideas are all that can be captured before it."""
        super().__init__(workspace)
        self._missing = tuple(missing)
        self._ideas: dict[str, IdeaRow] = {}
        self._brought: Mapping[str, object] = {}

    def compose(self) -> ComposeResult:
        """Header, title, list, what is known of one, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        yield TextView(id="list")
        yield TitleLine(id="known")
        yield Footer(footer_words(self.app.remapped, IDEAS), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """The list is in front."""
        header = self.query_one(StrategyHeader)
        header.folded = True
        header.display = not self._missing
        self.in_front = self.query_one("#list", TextView)

    def reader(self) -> Callable[[], IdeasPicture]:
        """What waits now."""
        ws = self.workspace
        return lambda: IdeasPicture(read_header(ws), ideas(ws))

    def show_picture(self, picture: IdeasPicture) -> None:
        """Draw what was read; the cursor stays on its idea."""
        self.figures = picture.header
        if picture.header is not None:
            self.query_one(StrategyHeader).show(picture.header)
        self._ideas = {row.id: row for row in picture.waiting}
        today = self.workspace.clock.today
        self.in_front.show(lambda width: idea_rows(picture.waiting, today, width, self._missing))
        count = len(picture.waiting)
        words = f"  {count} {'waits' if count == 1 else 'wait'} for a key result, outside the board"
        self.query_one("#title", TitleLine).show(((" IDEAS AND ARRIVALS", "head"), (words, "text")))
        self._show_known()

    def _current(self) -> IdeaRow | None:
        return self._ideas.get(self.in_front.current or "")

    @on(TextView.Moved)
    def cursor_moved(self) -> None:
        """Show what is known of the one under the cursor."""
        self._brought = {}
        self._show_known()
        row = self._current()
        if row is not None and row.kind == "arrival":
            ws, arrival = self.workspace, row.id
            self.read("brought", lambda: arrival_fields(ws, arrival), self._brought_came)

    def _brought_came(self, brought: Mapping[str, object]) -> None:
        self._brought = brought
        self._show_known()

    def _show_known(self) -> None:
        self.query_one("#known", TitleLine).show(of_idea(self._current(), self._brought))

    def targets(self) -> tuple[Card, ...]:
        """No tasks here."""
        return ()

    # -- changes

    def do_promote(self) -> None:
        """Ask which key result it moves, whether our who would be there, and how; it becomes a task."""
        row, figures = self._current(), self.figures
        if row is None:
            self.refuse("There is no idea under the cursor.")
        elif figures is None:
            self.refuse("There is no active strategy yet, so there is no key result to cite. Esc goes on with it.")
        else:
            label = f"{row.id} moves"
            self.ask(questions.key_result(label, figures, lambda key_result: self._ask_who(row, key_result)))

    def _ask_who(self, row: IdeaRow, key_result: str) -> None:
        who = self.figures.strategy.who if self.figures else ""
        self.ask(questions.reaches_who(who, lambda reached: self._ask_how(row, key_result, reached)))

    def _ask_how(self, row: IdeaRow, key_result: str, reaches_who: bool | None) -> None:
        figures = self.figures
        name = (
            next((each.title for each in figures.key_results if each.id == key_result), key_result) if figures else ""
        )
        asked = questions.reason(
            f"How does it move {name}?",
            lambda how: self._promote(row, key_result, reaches_who, how),
            hint="the contribution; Enter alone leaves it open, Esc keeps the idea",
        )
        self.ask(replace(asked, empty_leaves=False))

    def _promote(self, row: IdeaRow, key_result: str, reaches_who: bool | None, how: str) -> None:
        ws, new = self.workspace, NewTask(row.title, key_result, contribution=how.strip() or None)
        self.write(Change(edits.nothing, repeatable=False), lambda: promote(ws, row.id, new, reaches_who=reaches_who))

    def do_drop(self) -> None:
        """Ask why, and drop it."""
        row, ws = self._current(), self.workspace
        if row is None:
            self.refuse("There is no idea under the cursor.")
            return

        def answer(why: str) -> None:
            self.write(Change(edits.nothing, repeatable=False), lambda: drop(ws, row.id, why))

        self.ask(questions.reason(f"drop {row.id}, because", answer, hint="the reason is kept; Esc keeps the idea"))

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """The cursor goes to an idea that was just kept."""
        for identity in outcome.ids:
            if identity in self._ideas:
                self.in_front.go(identity)
                return

    @on(TextView.Opened)
    def pressed_again(self) -> None:
        """A second click asks for the key result."""
        self.do_promote()
