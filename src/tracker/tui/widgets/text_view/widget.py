"""A region of lines of text: it scrolls, and where lines have keys a cursor goes from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tracker.tui.glyphs import exactly, glyphs_of
from tracker.tui.widgets.painted import Canvas, width_of
from tracker.tui.widgets.text_view.layout import Row

Build = Callable[[int], Sequence[Row]]
"""From a width in cells to the lines."""
WHEEL_LINES = 3


class TextView(Canvas):
    """Draws what `build` makes of its width; builds again only when the width or the content changes."""

    DEFAULT_CSS = """
    TextView {
        width: 1fr;
        height: 1fr;
    }
    """

    class Moved(Message):
        """The cursor stands on another key."""

    class Opened(Message):
        """The line under the cursor was clicked once more."""

    @dataclass
    class Pressed(Message):
        """Another line was clicked."""

        key: str

    def __init__(self, *, id: str | None = None, ground: str = "") -> None:
        super().__init__(id=id)
        self.GROUND = ground
        self._build: Build = lambda _: ()
        self._rows: Sequence[Row] = ()
        self._keys: list[str] = []
        self._top = 0
        self._key: str | None = None
        self._built_for = -1

    @property
    def current(self) -> str | None:
        """The key under the cursor."""
        return self._key

    @property
    def text(self) -> str:
        """All lines as plain text, for tests and the clipboard."""
        return "\n".join("".join(piece for piece, _ in row.line).rstrip() for row in self._rows)

    def show(self, build: Build) -> None:
        """Draw other lines; the cursor stays on its key, or near where that was."""
        self._build = build
        self._rebuild()
        self.refresh()

    def go(self, key: str) -> None:
        """Put the cursor on a key."""
        if key in self._keys and key != self._key:
            before, self._key = self._key, key
            if self._reveal():
                self.refresh()
            else:
                self._repaint(before)
                self._repaint(key)
            self.post_message(self.Moved())

    def move(self, by: int) -> None:
        """The cursor so many keys on; without keys, the view so many lines."""
        if not self._keys:
            self.scroll_lines(by)
            return
        place = self._keys.index(self._key) if self._key in self._keys else 0
        wanted = max(0, min(len(self._keys) - 1, place + by))
        if wanted == place:
            self.scroll_lines(by)  # what stands above the first and below the last line with a key
        self.go(self._keys[wanted])

    def page(self, by: int) -> None:
        """A screenful down (1) or up (-1)."""
        lines = by * max(1, self.size.height - 2)
        if self._keys:
            self.move(lines)
        else:
            self.scroll_lines(lines)

    def edge(self, last: bool) -> None:
        """To the end or the beginning."""
        if self._keys:
            self.go(self._keys[-1 if last else 0])
        self.scroll_lines(len(self._rows) if last else -len(self._rows))

    def scroll_lines(self, by: int) -> None:
        """The view so many lines down or up."""
        before = self._top
        self._top = max(0, min(self._top + by, len(self._rows) - self.size.height))
        if before != self._top:
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.size.width
        self._ensure(width)
        index = self._top + y
        if index >= len(self._rows):
            return self.paint((), width)
        row = self._rows[index]
        ground = "cursor" if row.key is not None and row.key == self._key else self.GROUND
        line = row.line
        if width_of(line) > width:
            line = (*exactly(line, width - 1), (glyphs_of(self).ellipsis, "faint"))
        return self.paint(line, width, ground)

    def on_resize(self, _: Resize) -> None:
        """Another width breaks lines elsewhere."""
        self._ensure(self.size.width)
        self._reveal()
        self.scroll_lines(0)

    def on_click(self, event: Click) -> None:
        """A click puts the cursor there; on the cursor it opens."""
        index = self._top + event.y
        key = self._rows[index].key if index < len(self._rows) else None
        if key is None:
            return
        if key == self._key:
            self.post_message(self.Opened())
        else:
            self.go(key)
            self.post_message(self.Pressed(key))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The view down."""
        event.stop()
        self.scroll_lines(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The view up."""
        event.stop()
        self.scroll_lines(-WHEEL_LINES)

    def _ensure(self, width: int) -> None:
        if width != self._built_for:
            self._rebuild()

    def _rebuild(self) -> None:
        self._built_for = self.size.width
        if not self._built_for:
            return
        place = self._keys.index(self._key) if self._key in self._keys else 0
        self._rows = list(self._build(self._built_for))
        self._keys = list(dict.fromkeys(row.key for row in self._rows if row.key is not None))
        if self._key not in self._keys:
            self._key = self._keys[min(place, len(self._keys) - 1)] if self._keys else None
            self.post_message(self.Moved())
        self._reveal()
        self._top = max(0, min(self._top, len(self._rows) - self.size.height))

    def _lines_of(self, key: str | None) -> tuple[int, int]:
        found = [index for index, row in enumerate(self._rows) if key is not None and row.key == key]
        return (found[0], found[-1]) if found else (-1, -1)

    def _reveal(self) -> bool:
        first, last = self._lines_of(self._key)
        before, height = self._top, self.size.height
        if first < 0 or not height:
            return False
        if first < self._top:
            self._top = max(0, first - height // 3)
        elif last >= self._top + height:
            self._top = min(first, max(0, last - height * 2 // 3))
        self._top = max(0, min(self._top, len(self._rows) - height))
        return before != self._top

    def _repaint(self, key: str | None) -> None:
        first, last = self._lines_of(key)
        if first >= 0:
            self.refresh(Region(0, first - self._top, self.size.width, last - first + 1))
