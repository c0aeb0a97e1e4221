"""Text for a terminal line: how wide it is, how it is cut, how it is coloured. Plain where there is no terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.domain.plaintext import clean_line, clean_text

NO_LIMIT = 1 << 40
"""Stored text is shown whole, however it got there."""


def shown(text: str) -> str:
    """`text` as one line that cannot play tricks on a terminal, whoever stored it."""
    return text if text.isprintable() else clean_line(text, limit=NO_LIMIT)


def shown_lines(text: str) -> list[str]:
    """The same with its lines kept."""
    return [text] if text.isprintable() else clean_text(text, limit=NO_LIMIT).split("\n")


def cells(text: str) -> int:
    """How many cells of a terminal `text` fills."""
    if text.isascii():
        return len(text)
    return _cell_len()(text)


def cut(text: str, room: int) -> str:
    """`text` in at most `room` cells; an ellipsis says that there was more."""
    if room <= 0:
        return ""
    if cells(text) <= room:
        return text
    if text.isascii():
        return f"{text[: room - 1]}…"
    measure = _cell_len()
    kept = text[:room]
    while kept and measure(kept) > room - 1:
        kept = kept[:-1]
    return f"{kept}…"


def padded(text: str, room: int) -> str:
    """`text`, and spaces up to `room` cells."""
    return text + " " * (room - cells(text))


def _cell_len() -> Callable[[str], int]:
    # Imported here: only text that is not ASCII needs Rich's tables.
    from rich.cells import cell_len

    return cell_len


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours of the terminal's own palette; without colour every text stays as it is."""

    colour: bool

    def bold(self, text: str) -> str:
        """For headings."""
        return self._in("1", text)

    def dim(self, text: str) -> str:
        """For what is there but not looked for."""
        return self._in("2", text)

    def bad(self, text: str) -> str:
        """For what is late, blocked or off track; the words say so too."""
        return self._in("31", text)

    def warn(self, text: str) -> str:
        """For what is due soon or at risk; the words say so too."""
        return self._in("33", text)

    def good(self, text: str) -> str:
        """For what is on track."""
        return self._in("32", text)

    def health(self, health: str) -> str:
        """The name of a health in its colour."""
        paint = {"on track": self.good, "at risk": self.warn, "off track": self.bad}.get(health, self.dim)
        return paint(health)

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text
