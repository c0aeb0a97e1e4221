"""Text as terminal cells: cleaned of what could steer the terminal, cut and padded by width, never by characters."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category

from rich.cells import cell_len, set_cell_size

_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that are no text: controls, formats, halves of pairs, separators of lines."""
_UNSETTLED: dict[int, str | None] = {
    0xFE0F: None,  # asks for an emoji twice as wide
    **dict.fromkeys(range(0x1F3FB, 0x1F400)),  # skin tones: two cells or none
    **{0x1F1E6 + at: chr(ord("A") + at) for at in range(26)},  # halves of a flag, one or two cells each: DE, FR
}
"""Characters whose width terminals disagree about, and what is drawn instead; one of them would push a wall aside."""


def clean(text: str) -> str:
    """`text` in one line without control, zero-width and direction characters; tabs and line ends become spaces."""
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_UNSETTLED)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else "" for char in text)


def harmless(text: str, *, lines: bool = False) -> str:
    """`text` without what steers a terminal or turns a line round, to be edited.

    Joiners stay and, with `lines`, the ends of lines (as `\\n`); other white space becomes a space.
    """
    if text.isprintable():
        return text
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "\u200c\u200d\n" if lines else "\u200c\u200d"
    return "".join(
        char if char in kept or category(char) not in _STEERING else " " if char.isspace() else "" for char in text
    )


def fit(text: str, width: int, *, right: bool = False, ellipsis: str = "…") -> str:
    """`text` cleaned and made exactly `width` cells wide, cut with an ellipsis or padded (on the left if `right`)."""
    if width <= 0:
        return ""
    text = clean(text[: width * 8 + 64])  # a title of a megabyte costs no more than one that fits
    room = width - cell_len(text)
    if room >= 0:
        return " " * room + text if right else text + " " * room
    cut = set_cell_size(text, width - len(ellipsis)).rstrip() + ellipsis
    return cut + " " * (width - cell_len(cut))


def share(widths: Sequence[int], room: int) -> list[int]:
    """What each text gets of `room` cells: short ones all they want, long ones an equal part of the rest."""
    got = [0] * len(widths)
    waiting = sorted(range(len(widths)), key=lambda index: widths[index])
    while waiting:
        part = max(room, 0) // len(waiting)
        index = waiting.pop(0)
        got[index] = min(widths[index], part)
        room -= got[index]
    return got
