"""The page of one check-in: draws its lines, and says which field was clicked."""

from __future__ import annotations

from dataclasses import dataclass

from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.strip import Strip

from tracker.services.check_in_pages import Turns
from tracker.tui.glyphs import exactly, glyphs_of
from tracker.tui.widgets.check_in.entry import Entry
from tracker.tui.widgets.check_in.lines import field_at, page_lines
from tracker.tui.widgets.painted import Canvas, Line, width_of


class CheckInPage(Canvas):
    """Draws what is typed about a key result and what it comes to."""

    DEFAULT_CSS = """
    CheckInPage {
        width: 1fr;
        height: 1fr;
    }
    """

    @dataclass
    class Clicked(Message):
        """A field was clicked."""

        field: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: Turns | None = None
        self._entry: Entry | None = None
        self._lines: list[Line] = []
        self._made_for = (-1, -1)

    @property
    def text(self) -> str:
        """All lines as plain text."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self._lines)

    def show(self, found: Turns | None, entry: Entry | None) -> None:
        """Draw this entry."""
        self._found, self._entry = found, entry
        self._made_for = (-1, -1)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        size = self.drawn_size
        if self._made_for != size:
            self._made_for = (size.width, size.height)
            self._lines = self._make(size.width, size.height)
        line = self._lines[y] if y < len(self._lines) else ()
        if width_of(line) > size.width:
            line = (*exactly(line, size.width - 1), (glyphs_of(self).ellipsis, "faint"))
        return self.paint(line, size.width)

    def _make(self, width: int, height: int) -> list[Line]:
        if self._found is None:
            return []
        if self._entry is None:
            words = " There is no key result to check in yet. S opens the strategy, where one is made."
            return [(), ((words, "muted"),)]
        return page_lines(self._found, self._entry, width, height, glyphs_of(self))

    def on_click(self, event: Click) -> None:
        """A click puts the caret into a field."""
        if self._entry is not None:
            found = field_at(self._entry, self.size.width, self.size.height, event.y)
            if found is not None:
                self.post_message(self.Clicked(found))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Older check-ins."""
        self._scroll(event, 1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Newer check-ins."""
        self._scroll(event, -1)

    def _scroll(self, event: MouseScrollDown | MouseScrollUp, by: int) -> None:
        event.stop()
        if self._entry is not None:
            self._entry.scroll(by)
            self.show(self._found, self._entry)
