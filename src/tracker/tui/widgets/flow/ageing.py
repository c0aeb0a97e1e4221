"""The tasks in work, the oldest first: a window on a list of any length."""

from __future__ import annotations

from collections.abc import Mapping

from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.message import Message
from textual.strip import Strip

from tracker.services.flow import Ageing
from tracker.storage.rows import Card, Count, Page
from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.columns.window import Window
from tracker.tui.widgets.flow.lines import ageing_legend, ageing_line
from tracker.tui.widgets.flow.panel import Panel, heading
from tracker.tui.widgets.painted import Canvas

WHEEL_ROWS = 3
AROUND = 2
"""Lines that are no rows: heading and legend."""


class AgeingRows(Canvas):
    """One line a task under a heading, a legend below."""

    DEFAULT_CSS = """
    AgeingRows {
        width: 1fr;
        height: 1fr;
    }
    """

    class Wanted(Message):
        """Rows that are in view, or near, have to be read."""

    class Opened(Message):
        """The row under the cursor was clicked once more."""

    def __init__(self, number: str, title: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.number, self.heading_title = number, title
        self.window = Window()
        self._words = ""
        self._sle: int | None = None
        self._aged: Mapping[str, Ageing] = {}

    @property
    def current(self) -> Card | None:
        """The task under the cursor."""
        return self.window.current

    def show(self, words: str, start: int, rows: tuple[Ageing, ...], total: int, sle: int | None) -> None:
        """Rows that were read; the cursor stays on its task while that is in work."""
        before = self.current
        self._words, self._sle = words, sle
        self._aged = {each.card.id: each for each in rows}
        self.window.take(Page(start, tuple(each.card for each in rows)), Count(total))
        position = self.window.find(before.id) if before is not None else None
        if position is not None:
            self.window.move(position)
        self.refresh()
        self._ask()

    def move(self, by: int) -> None:
        """The cursor, so many rows down or up."""
        self.go(self.window.cursor + by)

    def go(self, position: int) -> None:
        """The cursor to a position."""
        self.window.move(position)
        self.refresh()
        self._ask()

    def render_line(self, y: int) -> Strip:
        """The heading, a row, or the legend."""
        width, glyphs = self.size.width, glyphs_of(self)
        if y == 0:
            return self.paint(heading(self.number, self.heading_title, self._words, width, glyphs.rule), width)
        shown = [self._at(position) for position in self.window.in_view()]
        if y == (self.size.height - 1 if shown else 1):
            return self.paint(ageing_legend(shown, self._sle, glyphs), width)
        if y > len(shown):
            return self.paint((), width)
        here = self.window.top + y - 1 == self.window.cursor
        line = ageing_line(shown[y - 1], width, self._sle, here=here, glyphs=glyphs)
        return self.paint(line, width, "cursor" if here else "")

    def _at(self, position: int) -> Ageing | None:
        card = self.window.card_at(position)
        return self._aged.get(card.id) if card is not None else None

    def on_resize(self, _: Resize) -> None:
        """Another height shows other rows."""
        self.window.resize(self.size.height - AROUND)
        self._ask()

    def on_click(self, event: Click) -> None:
        """A click puts the cursor there, on the cursor it opens; on the heading it chooses the panel."""
        position = self.window.top + event.y - 1
        if event.y == 0:
            self.post_message(Panel.Chosen(self.number))
        elif position in self.window.in_view():
            if position == self.window.cursor and event.chain > 1:
                self.post_message(self.Opened())
            self.go(position)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The view down."""
        self._wheel(event, WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The view up."""
        self._wheel(event, -WHEEL_ROWS)

    def _wheel(self, event: MouseScrollDown | MouseScrollUp, rows: int) -> None:
        event.stop()
        if self.window.scroll(rows):
            self.refresh()
            self._ask()

    def _ask(self) -> None:
        if self.window.needs_cards():
            self.window.wanted()
            self.post_message(self.Wanted())
