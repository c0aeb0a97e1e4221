"""Lines that changed, written to the terminal at once.

Textual brings a change to the terminal by way of two message queues, a timer and a composition of the whole screen:
3 ms for thirty lines. What a key changes on a screen of canvases is known line by line, and where each line stands is
known from the last layout; so it is written right after the key. Whatever is not that simple is left to Textual: a
layout that is due, another screen in front, updates held back, widgets that draw themselves in another way.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

if TYPE_CHECKING:
    from tracker.tui.widgets.painted import Canvas


class Span(NamedTuple):
    """A piece of a widget's line that nothing covers, and its place on the screen."""

    y: int
    x: int
    first: int
    """The first of the widget's cells that is seen, and the one behind the last."""
    end: int
    move: str
    """What takes the terminal's cursor there."""


Spans = Mapping[Widget, Mapping[int, list[Span]]]
"""By widget and by its own line."""


def spans_of(visible: Mapping[Widget, tuple[Region, Region]]) -> Spans:
    """What is seen of each widget; `visible` are region and clip of each, those in front first."""
    taken: dict[int, list[tuple[int, int]]] = {}
    spans: dict[Widget, dict[int, list[Span]]] = {}
    for widget, (region, clip) in visible.items():
        seen = region.intersection(clip)
        lines = spans[widget] = {}
        for y in seen.line_range:
            covered = taken.setdefault(y, [])
            lines[y - region.y] = [
                Span(y, x, x - region.x, end - region.x, f"\x1b[{y + 1};{x + 1}H")
                for x, end in _uncovered(seen.x, seen.right, covered)
            ]
            covered.append((seen.x, seen.right))
    return spans


def _uncovered(first: int, end: int, covered: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """The parts of a line from `first` up to `end` that none of the others takes."""
    for start, stop in sorted(covered):
        if stop <= first or start >= end:
            continue
        if start > first:
            yield first, start
        first = max(first, stop)
    if first < end:
        yield first, end


class Lines(CompositorUpdate):
    """Text that goes to the terminal as it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render_segments(self, console: Console) -> str:
        """The text."""
        return self.text


class Painter:
    """Gathers the lines that a key changes on a screen and writes them before anything else is done."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._changed: dict[Canvas, set[int]] = {}
        self._is_due = False
        self._spans: Spans = {}
        self._spans_for: object = None
        """What the compositor says is visible; another object after each layout."""
        self._written: dict[tuple[int, int], str] = {}
        """What stands at a place of the screen, where it was written from here."""

    def take(self, canvas: Canvas, lines: Iterable[int]) -> None:
        """Write these lines as soon as whoever changes them has done so."""
        self._changed.setdefault(canvas, set()).update(lines)
        if not self._is_due:
            self._is_due = True
            get_running_loop().call_soon(self._paint)

    def forget(self) -> None:
        """Textual writes to the screen: what stands there is not known any more."""
        self._written.clear()

    def _paint(self) -> None:
        self._is_due = False
        changed, self._changed = self._changed, {}
        try:
            if self._is_simple():
                self._write(changed)
            else:
                for canvas, lines in changed.items():
                    canvas.leave_to_textual(lines)
        except Exception as error:  # as Textual does with what goes wrong in its own painting
            self._screen.app._handle_exception(error)

    def _is_simple(self) -> bool:
        screen = self._screen
        return (
            screen.is_current and screen.app.screen is screen and not screen.app._batch_count
            and not (screen._layout_required or screen._repaint_required)
        )

    def _write(self, changed: Mapping[Canvas, Iterable[int]]) -> None:
        visible = self._screen._compositor.visible_widgets
        if visible is not self._spans_for:
            self._spans_for, self._spans = visible, spans_of(visible)
            self._written.clear()
        app, pieces = self._screen.app, list[str]()
        for canvas, lines in changed.items():
            seen = self._spans.get(canvas)
            if seen is None:
                canvas.leave_to_textual(lines)
            else:
                pieces += self._pieces(canvas, seen, [y for y in lines if seen.get(y)], app.console)
        if pieces:
            update: Any = Lines("".join(pieces))  # Textual's own are no renderables for a type checker either
            app._display(self._screen, update)

    def _pieces(
        self, canvas: Canvas, seen: Mapping[int, list[Span]], lines: list[int], console: Console
    ) -> Iterable[str]:
        for y, strip in zip(lines, canvas.drawn(lines), strict=True):
            for span in seen[y]:
                is_whole = span.first == 0 and span.end == strip.cell_length
                text = (strip if is_whole else strip.crop(span.first, span.end)).render(console)
                place = (span.y, span.x)
                if self._written.get(place) != text:
                    self._written[place] = text
                    yield span.move
                    yield text
