"""A panel of the flow screen: a heading with the key that chooses it, and what is drawn to its size below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from tracker.tui.glyphs import exactly, glyphs_of
from tracker.tui.widgets.painted import Canvas, Line, width_of

Build = Callable[[int, int, bool], Sequence[Line]]
"""From a width and a height in cells, and whether only ASCII can be drawn, to the lines."""


def heading(number: str, title: str, words: str, width: int, rule: str) -> Line:
    """`1 CUMULATIVE FLOW ------- October`: the words go first when room is short."""
    lead: Line = ((f" {number} ", "key"), (f"{title} ", "head"))
    end: Line = ((f" {words} ", "muted"),) if words else ()
    if width_of(lead) + width_of(end) + 2 > width:
        end = ()
    room = max(0, width - width_of(lead) - width_of(end) - 1)
    return exactly((*lead, (rule * room, "rule"), *end), width)


class Panel(Canvas):
    """Draws what `build` makes of its size; builds again only when size or content change."""

    DEFAULT_CSS = """
    Panel {
        width: 1fr;
        height: 1fr;
    }
    """

    class Chosen(Message):
        """Its heading was clicked."""

        def __init__(self, number: str) -> None:
            super().__init__()
            self.number = number

    def __init__(self, number: str, title: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.number, self.heading_title = number, title
        self._words = ""
        self._build: Build = lambda width, height, plain: ()
        self._lines: Sequence[Line] = ()
        self._built_for: tuple[int, int] | None = None

    def show(self, words: str, build: Build) -> None:
        """Draw something else; `words` stand at the end of the heading."""
        self._words, self._build, self._built_for = words, build, None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The heading, or a line below it."""
        width, height = self.size.width, self.size.height
        if y == 0:
            line = heading(self.number, self.heading_title, self._words, width, glyphs_of(self).rule)
            return self.paint(line, width)
        if self._built_for != (width, height):
            self._built_for = (width, height)
            self._lines = self._build(width - 1, height - 1, self.plain_glyphs)
        line = self._lines[y - 1] if y <= len(self._lines) else ()
        return self.paint(exactly(line, width - 1), width)

    def on_click(self, event: Click) -> None:
        """A click on the heading chooses the panel."""
        if event.y == 0:
            self.post_message(self.Chosen(self.number))
