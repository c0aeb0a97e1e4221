"""What stands in a terminal that is too small: how large it has to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.strip import Strip

from tracker.tui.cells import fit
from tracker.tui.widgets.painted import Painted


class TooSmall(Painted):
    """One sentence, cut to what there is."""

    DEFAULT_CSS = "TooSmall { width: 1fr; height: 1fr; }"

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._needed = f"tracker needs {width}x{height},"

    def render_line(self, y: int) -> Strip:
        """The sentence in the middle line."""
        width, height = self.size
        at, words = height // 2, (self._needed, f"this is {width}x{height}")
        lines = dict(zip(range(max(0, at - 1), max(0, at - 1) + 2), words, strict=True))
        return self.paint(((fit(lines.get(y, ""), width), "warn"),), width)


class SmallScreen(Screen[None]):
    """In front of everything until the terminal is large enough."""

    BINDINGS: ClassVar[list[BindingType]] = [("q", "app.quit", "Quit")]

    def __init__(self, needed: tuple[int, int], has_room: Callable[[], bool]) -> None:
        super().__init__()
        self._needed = needed
        self._has_room = has_room

    def compose(self) -> ComposeResult:
        """The sentence."""
        yield TooSmall(*self._needed)

    @on(events.Resize)
    @on(events.ScreenResume)
    def leave_when_large_enough(self) -> None:
        """Go back to where it was."""
        if self._has_room() and self.is_active:
            self.dismiss()
