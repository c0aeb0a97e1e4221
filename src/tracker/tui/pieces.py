"""Lines as pieces of text with a role: what Line-API widgets draw, and the one place that turns roles into colours.

Text in a piece is never read as markup. What a line means never rests on its roles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tracker.tui.cells import fit

Piece = tuple[str, str]
"""Text and role; an empty role is the widget's own style."""
Line = tuple[Piece, ...]

ROLES = frozenset({
    "text", "strong", "id", "label", "value", "rule", "good", "warn", "bad", "stale", "empty", "tick", "accent",
    "faint",
})  # fmt: skip
COMPONENTS = {f"line--{role}" for role in ROLES}
"""For COMPONENT_CLASSES of a widget that draws lines."""
ROLE_RULES = """
    & > .line--text { color: $text; }
    & > .line--strong { color: $text; text-style: bold; }
    & > .line--id { color: $accent; text-style: bold; }
    & > .line--label { color: $text-muted; }
    & > .line--value { color: $text; }
    & > .line--rule { color: $foreground 30%; }
    & > .line--good { color: $success; }
    & > .line--warn { color: $warning; text-style: bold; }
    & > .line--bad { color: $error; text-style: bold; }
    & > .line--stale { color: $text-muted; text-style: bold; }
    & > .line--empty { color: $foreground 35%; }
    & > .line--tick { color: $text; text-style: bold; }
    & > .line--accent { color: $accent; }
    & > .line--faint { color: $foreground 50%; }
"""
"""For DEFAULT_CSS of the same widget, inside its braces."""


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


def glyphs_of(widget: Widget) -> Glyphs:
    """The characters that the widget's terminal can draw."""
    return PLAIN if widget.app.console.options.ascii_only else FINE


def width_of(line: Iterable[Piece]) -> int:
    """How many cells a line takes."""
    return sum(cell_len(text) for text, _ in line)


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
        return ((glyphs.full * full, role), (glyphs.empty * (width - full), "empty"))
    tick = min(width - 1, max(0, int(expected * width)))
    before, after = min(full, tick), max(0, full - tick - 1)
    return (
        (glyphs.full * before, role),
        (glyphs.empty * (tick - before), "empty"),
        (glyphs.tick, "tick"),
        (glyphs.full * after, role),
        (glyphs.empty * (width - tick - 1 - after), "empty"),
    )


def strip_of(widget: Widget, line: Line, width: int, over: Style | None = None) -> Strip:
    """The line in the widget's colours, exactly `width` cells; `over` is laid over all of it (cursor, mark)."""
    own = widget.rich_style
    segments = []
    for text, role in line:
        if text:
            style = widget.get_component_rich_style(f"line--{role}") if role else own
            segments.append(Segment(text, style + over if over else style))
    return Strip(segments).adjust_cell_length(width, own + over if over else own)
