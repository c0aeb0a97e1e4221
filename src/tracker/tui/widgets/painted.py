"""What regions that draw whole lines share: pieces of text with a role become strips in the inks of the theme."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tracker.tui.themes import ink

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
        segments = [Segment(text, ink(role, on, theme)) for text, role in merged(line)]
        return Strip(segments).adjust_cell_length(width, ink("text", on, theme))

    @property
    def plain_glyphs(self) -> bool:
        """Whether the terminal can draw ASCII only."""
        return self.app.console.options.ascii_only
