"""Two lines, three in a tall terminal, about the task under the cursor."""

from __future__ import annotations

from datetime import date

from textual.geometry import Region
from textual.strip import Strip

from tracker.storage.rows import Card, Header
from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.detail.lines import purpose_line, state_line
from tracker.tui.widgets.painted import Canvas, Line


class Detail(Canvas):
    """A rule, what the task is for, and how it stands."""

    GROUND = "panel"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Line, Line] = ((), ())
        self._card: Card | None = None
        self._header: Header | None = None
        self._today = date.min
        self._drawn_for = 0

    def show(self, card: Card | None, header: Header | None, today: date) -> None:
        """Tell about another task, or of the same one after a change."""
        if (card, header) != (self._card, self._header) or today != self._today:
            self._card, self._header, self._today = card, header, today
            before = self._lines
            self._compose_lines()
            top = self._first_line
            changed = [Region(0, top + at, self.size.width, 1) for at in (0, 1) if before[at] != self._lines[at]]
            if changed:
                self.refresh(*changed)

    def _compose_lines(self) -> None:
        width, glyphs = self.size.width, glyphs_of(self)
        self._drawn_for = width
        if self._card is None:
            self._lines = ((), ())
        else:
            self._lines = (
                purpose_line(self._card, self._header, width, glyphs),
                state_line(self._card, self._header, self._today, width, glyphs),
            )

    @property
    def _first_line(self) -> int:
        """Where the facts begin: below the rule, for which a short terminal has no room."""
        return 0 if self.size.height < 3 else 1

    def render_line(self, y: int) -> Strip:
        """The rule or a line of facts."""
        width = self.size.width
        if self._drawn_for != width:
            self._compose_lines()
        at = y - self._first_line
        if at < 0:
            return self.paint(((glyphs_of(self).rule * width, "rule"),), width)
        return self.paint(self._lines[at] if at < len(self._lines) else (), width)
