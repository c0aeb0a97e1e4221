"""The strategy header: it stands above board and triage, folds to one line and never goes away."""

from __future__ import annotations

from dataclasses import dataclass

from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracker.storage.rows import Header
from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.header.lines import (
    block_lines,
    chip_lines,
    columns,
    field_lines,
    fold_line,
    rule,
    top_line,
)
from tracker.tui.widgets.painted import Canvas, Line

ROOMY_HEIGHT = 30
"""Terminals with fewer lines get the header in four lines instead of three and the blocks."""
ROOMY_WIDTH = 72
"""Under this width a block has no room for a title beside its figures."""
LINES_BEFORE_FIGURES = {"full": 9, "small": 4, "folded": 1}
"""Heights to hold until the first figures come, so that nothing jumps in the usual case."""


class StrategyHeader(Canvas):
    """Strategy, objectives and key results as of today, drawn line by line; figures come through `show`."""

    GROUND = "panel"
    DEFAULT_CSS = """
    StrategyHeader {
        height: auto;
        width: 1fr;
        background: $surface;
    }
    """

    folded: reactive[bool] = reactive(False, layout=True)
    """Whether the header is one line."""

    @dataclass
    class KeyResultPressed(Message):
        """A key result was clicked."""

        key_result: str
        """Its id."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._header: Header | None = None
        self._small = False
        self._strips: dict[tuple[int, bool, bool], list[Line]] = {}

    @property
    def figures(self) -> Header | None:
        """What is shown, None before the first `show`."""
        return self._header

    def show(self, header: Header) -> None:
        """Draw these figures; the layout changes only when they need another number of lines."""
        if header == self._header:
            return
        lines_before = len(self._lines(self.size.width)) if self.size.width else 0
        self._header = header
        self._strips.clear()
        was_laid_out = self.size.width > 0
        self.refresh(layout=was_laid_out and lines_before != len(self._lines(self.size.width)))

    def toggle_fold(self) -> None:
        """One line, or all of them again."""
        self.folded = not self.folded

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the figures take at this width in a terminal of this height."""
        self._small = viewport.height < ROOMY_HEIGHT or viewport.width < ROOMY_WIDTH
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """One line of the header."""
        width = self.size.width
        lines = self._lines(width)
        return self.paint(lines[y] if y < len(lines) else (), width)

    def notify_style_update(self) -> None:
        """Forget nothing but colours: pieces keep their roles, so a theme change only repaints."""
        super().notify_style_update()
        self.refresh()

    def _lines(self, width: int) -> list[Line]:
        key = (width, self.folded, self._small)
        if key not in self._strips:
            if len(self._strips) > 8:
                self._strips.clear()
            self._strips[key] = self._compose_lines(width)
        return self._strips[key]

    def _compose_lines(self, width: int) -> list[Line]:
        header, glyphs = self._header, glyphs_of(self)
        if header is None:
            shape = "folded" if self.folded else "small" if self._small else "full"
            return [(("", "text"),)] * LINES_BEFORE_FIGURES[shape]
        if self.folded:
            return [fold_line(header, width, glyphs)]
        closing = rule(header, width, glyphs, joint=glyphs.below)
        if self._small:
            return [top_line(header, width, glyphs), *chip_lines(header, width, glyphs), closing]
        blocks = block_lines(header, width, glyphs)
        opening = rule(header, width, glyphs, joint=glyphs.above)
        return [top_line(header, width, glyphs), *field_lines(header, width, glyphs), opening, *blocks, closing]

    def on_click(self, event: Click) -> None:
        """A click on a key result says which one."""
        pressed = self._key_result_at(event.x, event.y)
        if pressed:
            self.post_message(self.KeyResultPressed(pressed))

    def _key_result_at(self, x: int, y: int) -> str | None:
        header = self._header
        if header is None or self.folded or self._small or len(header.objectives) > 3:
            return None
        row, start = y - 5, 0
        for objective, width in zip(header.objectives, columns(self.size.width, len(header.objectives)), strict=True):
            if start <= x < start + width:
                return objective.key_results[row].id if 0 <= row < len(objective.key_results) else None
            start += width + 1
        return None
