"""The characters of bars and rules, with a set for terminals that draw ASCII only, and what is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from rich.cells import cell_len

from tracker.tui.cells import fit
from tracker.tui.widgets.painted import Line, Painted, Piece, width_of


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of bars and rules; `PLAIN` for terminals that cannot draw the others."""

    full: str = "━"
    empty: str = "╌"
    tick: str = "┃"
    rule: str = "─"
    wall: str = "│"
    cross: str = "┼"
    above: str = "┬"
    below: str = "┴"
    arrow: str = "→"
    most: str = "≤"
    least: str = "≥"
    ellipsis: str = "…"


FINE = Glyphs()
PLAIN = Glyphs("#", ".", "|", "-", "|", "+", "-", "-", " to ", "<=", ">=", "~")


def glyphs_of(widget: Painted) -> Glyphs:
    """The characters that the widget's terminal can draw."""
    return PLAIN if widget.plain_glyphs else FINE


def exactly(line: Line, width: int) -> Line:
    """The line cut off at `width` cells; nothing changes for one that fits."""
    if width_of(line) <= width:
        return line
    kept: list[Piece] = []
    for text, role in line:
        kept.append((fit(text, min(cell_len(text), width), ellipsis=""), role))
        width -= cell_len(kept[-1][0])
    return tuple(kept)


def bar(score: Decimal | None, expected: Decimal | None, width: int, role: str, glyphs: Glyphs = FINE) -> Line:
    """A progress bar of `width` cells with a tick where even pace would be."""
    share = Decimal(0) if score is None else max(Decimal(0), min(Decimal(1), score))
    full = int((share * width).quantize(Decimal(1), ROUND_HALF_UP))
    if expected is None:
        return ((glyphs.full * full, role), (glyphs.empty * (width - full), "faint"))
    tick = min(width - 1, max(0, int(expected * width)))
    before, after = min(full, tick), max(0, full - tick - 1)
    return (
        (glyphs.full * before, role),
        (glyphs.empty * (tick - before), "faint"),
        (glyphs.tick, "title"),
        (glyphs.full * after, role),
        (glyphs.empty * (width - tick - 1 - after), "faint"),
    )
