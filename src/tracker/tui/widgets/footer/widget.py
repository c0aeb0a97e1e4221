"""The keys that fit into the bottom lines; a notice stands in the first of them until the next key."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip

from tracker.tui.cells import fit
from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.painted import Canvas, Line, width_of

SIGNS = {"done": ("✓", "good"), "notice": ("!", "warn"), "refused": ("x", "bad")}
PLAIN_SIGNS = {"done": "+"}
GAP = "  "


def key_lines(words: Sequence[tuple[str, str]], width: int, count: int) -> list[Line]:
    """Keys and their words over `count` lines, as many as fit; the last two always do."""
    lines: list[list[tuple[str, str]]] = [[] for _ in range(count)]
    kept = [_entry(entry) for entry in words[-2:]] if count else []
    index = 0
    for entry in [_entry(word) for word in words[:-2]]:
        while index < count:
            reserve = sum(width_of(each) for each in kept) if index == count - 1 else 0
            if width_of(lines[index]) + width_of(entry) + reserve <= width:
                lines[index].extend(entry)
                break
            index += 1
    if count:
        for each in kept:
            lines[-1].extend(each)
    return [tuple(line) for line in lines]


def _entry(word: tuple[str, str]) -> Line:
    return ((" " + word[0], "key"), (f" {word[1]} ", "muted"))


class Footer(Canvas):
    """Keys from the declared commands, and what the last change did."""

    def __init__(self, words: Sequence[tuple[str, str]] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = tuple(words)
        self._notice: Line | None = None
        self.said = 0
        """How many notices there have been."""

    def show_keys(self, words: Sequence[tuple[str, str]]) -> None:
        """Show other keys."""
        self._words = tuple(words)
        self.refresh()

    def say(self, text: str, kind: str = "done") -> None:
        """Put a notice in the first line: "done", "notice" or "refused"."""
        self.said += 1
        sign, role = SIGNS[kind]
        if self.plain_glyphs:
            sign = PLAIN_SIGNS.get(kind, sign)
        self._set(((f" {sign} ", role), (text, "text" if kind == "done" else role)))

    def hush(self) -> None:
        """Take the notice away."""
        self._set(None)

    @property
    def notice(self) -> str:
        """What it says at the moment."""
        return "".join(text for text, _ in self._notice or ()).strip()

    def _set(self, notice: Line | None) -> None:
        if notice != self._notice:
            self._notice = notice
            self.refresh(Region(0, 0, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """A line of keys, or the notice."""
        width = self.size.width
        if y == 0 and self._notice is not None:
            (sign, role), (text, text_role) = self._notice
            shown = fit(text, width - len(sign), ellipsis=glyphs_of(self).ellipsis)
            return self.paint(((sign, role), (shown, text_role)), width)
        lines = key_lines(self._words, width, self.size.height)
        return self.paint(lines[y] if y < len(lines) else (), width)
