"""Moving through text with keys, and the commands every screen beside the board has."""

from __future__ import annotations

from tracker.tui.screens.working import WorkingScreen
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.text_view import TextView


class ReadingScreen(WorkingScreen):
    """A screen with a text in front that scrolls, or that a cursor goes through."""

    in_front: TextView
    """What the keys move."""

    def do_down(self) -> None:
        """The next entry or line."""
        self.in_front.move(1)

    def do_up(self) -> None:
        """The entry or line above."""
        self.in_front.move(-1)

    def do_page_down(self) -> None:
        """A screenful down."""
        self.in_front.page(1)

    def do_page_up(self) -> None:
        """A screenful up."""
        self.in_front.page(-1)

    def do_first(self) -> None:
        """The beginning."""
        self.in_front.edge(last=False)

    def do_last(self) -> None:
        """The end."""
        self.in_front.edge(last=True)

    def do_fold(self) -> None:
        """The header on one line, or back."""
        self.query_one(StrategyHeader).toggle_fold()

    def do_help(self) -> None:
        """Every key."""
        self.app.open_help()

    def do_palette(self) -> None:
        """Every command, by its letters."""
        self.app.action_command_palette()

    def do_theme(self) -> None:
        """The next theme."""
        self.app.next_theme()

    def do_leave(self) -> None:
        """Back to where it was opened."""
        self.dismiss()
