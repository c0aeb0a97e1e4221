"""One line at the top of a screen: its name and figures on the left, the place on the right."""

from __future__ import annotations

from textual.strip import Strip

from tracker.tui.glyphs import exactly
from tracker.tui.widgets.painted import Canvas, Line, width_of


class TitleLine(Canvas):
    """Left and right part of a line."""

    DEFAULT_CSS = """
    TitleLine {
        height: 1;
        width: 1fr;
    }
    """

    def __init__(self, *, id: str | None = None, ground: str = "panel") -> None:
        super().__init__(id=id)
        self.GROUND = ground
        self._left: Line = ()
        self._right: Line = ()

    @property
    def text(self) -> str:
        """What stands there."""
        return "".join(text for text, _ in (*self._left, *self._right))

    def show(self, left: Line, right: Line = ()) -> None:
        """Say something else; the right part goes first when room is short."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        right = self._right
        while right and width_of(self._left) + width_of(right) + 2 > width:
            right = right[1:]
        left = exactly(self._left, width - width_of(right))
        gap = " " * (width - width_of(left) - width_of(right))
        return self.paint((*left, (gap, "text"), *right), width)
