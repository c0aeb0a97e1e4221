"""What regions that draw whole lines share: pieces of text with a role become strips in the inks of the theme."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Self

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from tracker.tui.terminal import SIGNS, is_plain
from tracker.tui.themes import ink

if TYPE_CHECKING:
    from tracker.tui.painting import Painter

Piece = tuple[str, str]
"""Text and the role that gives it its ink."""
Line = tuple[Piece, ...]


def width_of(line: Iterable[Piece]) -> int:
    """How many cells a line takes."""
    return sum(cell_len(text) for text, _ in line)


def merged(line: Iterable[Piece]) -> list[Piece]:
    """`line` with neighbours of one role joined: fewer bytes to the terminal."""
    pieces: list[Piece] = []
    for text, role in line:
        if pieces and pieces[-1][1] == role:
            pieces[-1] = (pieces[-1][0] + text, role)
        elif text:
            pieces.append((text, role))
    return pieces


class Painted(Widget):
    """A region that draws itself line by line, without markup, layout or child widgets."""

    GROUND = ""
    """What its lines stand on where nothing else is said."""

    def paint(self, line: Iterable[Piece], width: int, ground: str | None = None) -> Strip:
        """A strip of exactly `width` cells."""
        theme = self.app.current_theme
        on = self.GROUND if ground is None else ground
        pieces = merged(line)
        if is_plain():
            pieces = [(text.translate(SIGNS), role) for text, role in pieces]
        segments = [Segment(text, ink(role, on, theme)) for text, role in pieces]
        return Strip(segments).adjust_cell_length(width, ink("text", on, theme))

    @property
    def plain_glyphs(self) -> bool:
        """Whether the terminal can draw ASCII only."""
        return self.app.console.options.ascii_only or is_plain()


class Canvas(Painted):
    """A painted region without padding and border that remembers its lines.

    Textual asks a region for all of its lines whenever one of a neighbour's has changed; that they are at hand is what
    lets a key be answered within milliseconds.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn: dict[int, Strip] = {}
        self._drawn_size = Size(0, 0)
        self._stands_on: Color | None = None
        """The background that styles give, for filters; asked for again after every whole refresh."""

    @property
    def drawn_size(self) -> Size:
        """The size that lines are drawn for at the moment; `size` asks the whole layout each time."""
        return self._drawn_size if self._drawn_size.width else self.size

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Draw the lines of these regions again, or all.

        Given regions are painted at once where the screen can do that.
        """
        if not regions or layout or recompose:
            self._drawn.clear()
            self._stands_on = None
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        lines = {y for region in regions for y in region.line_range}
        for y in lines:
            self._drawn.pop(y, None)
        painter = self._painter
        if painter is None or not repaint:
            return super().refresh(*regions, repaint=repaint)
        painter.take(self, lines)
        return self

    @property
    def _painter(self) -> Painter | None:
        """Who writes single lines, None where nobody does."""
        if not self.is_attached:
            return None
        painter: Painter | None = getattr(self.screen, "painter", None)
        return painter

    def leave_to_textual(self, lines: Iterable[int]) -> None:
        """Let these lines be painted with whatever else is to be painted."""
        super().refresh(*(Region(0, y, self.size.width, 1) for y in lines))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in `crop`, from memory where nothing changed."""
        strips = self.drawn(crop.line_range)
        if crop.column_span != (0, self._drawn_size.width):
            return [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def drawn(self, lines: Collection[int]) -> list[Strip]:
        """Whole lines, from memory where nothing changed."""
        size = self.size
        if size != self._drawn_size:
            self._drawn.clear()
            self._drawn_size = size
        drawn = self._drawn
        missing = [y for y in lines if y not in drawn]
        if missing:
            self._draw(missing)
        return [drawn[y] for y in lines]

    def _draw(self, lines: Collection[int]) -> None:
        if not lines:
            return
        if self._stands_on is None:
            self._stands_on = self.background_colors[1]
        filters, background = self.get_line_filters(), self._stands_on
        for y in lines:
            strip = self.render_line(y)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            self._drawn[y] = strip
