"""Everything that was changed, by whom and when, newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from tracker.services.undo import history
from tracker.storage.rows import Card, ChangeRow
from tracker.tui.commands import bindings, footer_words
from tracker.tui.screen_commands import HISTORY
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.history import batches_of, history_rows
from tracker.tui.widgets.text_view import TextView
from tracker.tui.widgets.title_line import TitleLine

SHOWN = 400
"""Changed fields that are read; older ones are told by `tracker log`."""


class HistoryScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """A list with a cursor; Enter opens the task that was changed."""

    commands = HISTORY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(HISTORY, at_once=True)]
    CSS_PATH = "history.tcss"

    def compose(self) -> ComposeResult:
        """Title, list, keys."""
        yield TitleLine(id="title")
        yield TextView(id="text")
        yield Footer(footer_words(self.app.remapped, HISTORY), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """The list is in front."""
        self.in_front = self.query_one("#text", TextView)

    def reader(self) -> Callable[[], tuple[ChangeRow, ...]]:
        """The newest changes."""
        ws = self.workspace
        return lambda: history(ws, limit=SHOWN)

    def show_picture(self, picture: tuple[ChangeRow, ...]) -> None:
        """Draw what was read."""
        self._batches = {batch.key: batch for batch in batches_of(picture)}
        batches = tuple(self._batches.values())
        self.in_front.show(lambda width: history_rows(batches, width))
        self.query_one("#title", TitleLine).show(
            ((" HISTORY", "head"), (f"  newest first, {len(batches)} shown", "muted")),
        )

    def targets(self) -> tuple[Card, ...]:
        """Nothing to change here."""
        return ()

    @on(TextView.Opened)
    def do_open(self) -> None:
        """The task that was changed."""
        batch = self._batches.get(self.in_front.current or "")
        task = batch.task if batch is not None else None
        if task is None:
            self.refuse("That changed no single task.")
        else:
            self.app.open_task(task)
