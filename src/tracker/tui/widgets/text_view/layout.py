"""Text laid out in lines of a width: paragraphs, labelled facts, headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from tracker.tui.cells import clean, fit
from tracker.tui.widgets.painted import Line

LONGEST = 20_000
"""Characters of one text that are laid out; the form and the export have all of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line; with a key the cursor can stand on it. Lines of one key belong together."""

    line: Line = ()
    key: str | None = None


def headed(title: str, more: str = "") -> list[Row]:
    """A blank line and a heading."""
    return [Row(), Row(((f" {title}", "head"), (f"  {clean(more)}" if more else "", "muted")))]


def wrapped(text: str, width: int, *, indent: int = 1, role: str = "text", key: str | None = None) -> list[Row]:
    """A text of any length in lines that end between words."""
    room = max(4, width - indent - 1)
    return [Row(((" " * indent, "text"), (line, role)), key) for line in _lines(text, room)]


def facts(
    pairs: Iterable[tuple[str, str]], width: int, *, label_width: int = 14, keys: Sequence[str] | None = None
) -> list[Row]:
    """Labels and values in two columns; long values go on in the lines below, empty ones are a dash."""
    rows: list[Row] = []
    for index, (label, value) in enumerate(pairs):
        key = keys[index] if keys is not None else None
        lines = list(_lines(value, max(4, width - label_width - 2))) or ["-"]
        role = "text" if value.strip() else "faint"
        for number, line in enumerate(lines):
            lead = fit(label if number == 0 else "", label_width)
            rows.append(Row(((f" {lead}", "muted"), (line, role)), key))
    return rows


def _lines(text: str, width: int) -> Iterator[str]:
    for paragraph in text[:LONGEST].strip().splitlines():
        yield from _wrap(clean(paragraph), width) if paragraph.strip() else ("",)
    if len(text) > LONGEST:
        yield f"(and {len(text) - LONGEST:,} characters more)"


def _wrap(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        *whole, line = chop_cells(word, width) or [""]
        yield from whole
    if line:
        yield line
