"""The load column of triage: who has how much to do, seen while choosing an owner."""

from __future__ import annotations

from textual.strip import Strip

from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.load.lines import Choosing, Figures, column_lines, folded_line
from tracker.tui.widgets.painted import Canvas, Line


class LoadColumn(Canvas):
    """Load, work in progress and cut line, drawn line by line; a single line where the terminal is narrow."""

    GROUND = "panel"
    DEFAULT_CSS = """
    LoadColumn {
        width: 30;
        height: 1fr;
        background: $surface;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._figures = Figures()
        self._choosing: Choosing | None = None
        self._cut_shown = False

    @property
    def text(self) -> str:
        """What stands there, for tests and the clipboard."""
        return "\n".join("".join(piece for piece, _ in line) for line in self._lines())

    def show(self, figures: Figures) -> None:
        """Draw these figures."""
        if figures != self._figures:
            self._figures = figures
            self.refresh()

    def choose(self, choosing: Choosing | None) -> None:
        """Set off who may be meant, with the load they would have; None when nobody is being chosen."""
        if choosing != self._choosing:
            self._choosing = choosing
            self.refresh()

    def show_cut(self, shown: bool) -> None:
        """Say whether the cut line is drawn among the rows."""
        if shown != self._cut_shown:
            self._cut_shown = shown
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the column."""
        lines = self._lines()
        return self.paint(lines[y] if y < len(lines) else (), self.size.width)

    def _lines(self) -> list[Line]:
        width, glyphs = self.size.width, glyphs_of(self)
        if self.size.height == 1:
            return [folded_line(self._figures, width, choosing=self._choosing)]
        return column_lines(self._figures, width, choosing=self._choosing, cut_shown=self._cut_shown, glyphs=glyphs)
