"""One task in full: what it moves, its facts, what was said and what was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tracker.services import board as reads
from tracker.services.header import header as read_header
from tracker.services.moves import moves
from tracker.services.undo import history
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card
from tracker.tui.commands import bindings, footer_words
from tracker.tui.glyphs import glyphs_of
from tracker.tui.screen_commands import TASK
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.task import TaskPicture, fact_rows, story_rows, title_pieces
from tracker.tui.widgets.text_view import Row, TextView
from tracker.tui.widgets.title_line import TitleLine

TWO_SIDES = 104
"""Terminals with fewer columns show facts, messages and history below each other."""


def read_task(ws: Workspace, task: str) -> TaskPicture:
    """Everything the screen shows about a task.

    Raises:
        NotFound: there is no such task.
    """
    return TaskPicture(reads.task_detail(ws, task), read_header(ws), moves(ws, task), history(ws, task), ws.clock.today)


class TaskScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """The task and the keys that change it; `e` opens the form with every field."""

    commands = TASK
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TASK, at_once=True)]
    CSS_PATH = "task.tcss"

    def __init__(self, workspace: Workspace, task: str, *, edit: bool = False) -> None:
        super().__init__(workspace)
        self.task_id = task
        self._picture: TaskPicture | None = None
        self._edit_at_once = edit

    def compose(self) -> ComposeResult:
        """Header, title, two sides, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        with Container(id="body"):
            yield TextView(id="facts")
            yield TextView(id="story", ground="panel")
        yield Footer(footer_words(self.app.remapped, TASK), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """Fold the header; the task needs the room."""
        self.query_one(StrategyHeader).folded = True
        self._facts, self._story = self.query_one("#facts", TextView), self.query_one("#story", TextView)
        self.in_front = self._facts

    def on_resize(self, event: events.Resize) -> None:
        """One side or two."""
        self.set_class(event.size.width < TWO_SIDES, "narrow")

    def reader(self) -> Callable[[], TaskPicture]:
        """The task as it is now."""
        ws, task = self.workspace, self.task_id
        return lambda: read_task(ws, task)

    def show_picture(self, picture: TaskPicture) -> None:
        """Draw what was read; places in the text are kept."""
        self._picture, self.figures = picture, picture.header
        if picture.header is not None:
            self.query_one(StrategyHeader).show(picture.header)
        self.query_one(TitleLine).show(title_pieces(picture))
        glyphs = glyphs_of(self._facts)

        def facts(width: int) -> list[Row]:
            rows = fact_rows(picture, width, glyphs)
            return [*rows, *story_rows(picture, width)] if self.has_class("narrow") else rows

        self._facts.show(facts)
        self._story.show(lambda width: story_rows(picture, width))
        if self._edit_at_once:
            self._edit_at_once = False
            self.do_edit()

    def targets(self) -> tuple[Card, ...]:
        """The task itself."""
        return (self._picture.detail.card,) if self._picture is not None else ()

    def cited(self) -> str | None:
        """Its key result, for further tasks."""
        return self._picture.detail.card.key_result if self._picture is not None else None

    def do_edit(self) -> None:
        """The form with every field."""
        from tracker.tui.screens.task_form import TaskFormScreen  # imported here: many a task is only read

        self.app.push_screen(TaskFormScreen(self.workspace, self.task_id))

    def do_side(self) -> None:
        """Scroll the other side."""
        if not self.has_class("narrow"):
            self.in_front = self._story if self.in_front is self._facts else self._facts
