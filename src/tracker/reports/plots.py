"""Plots as lines of text with roles: the library draws, this says what; nothing it writes reaches a terminal as it is.

A role names the ink of a piece, as the screens' themes and `Ink` of the commands know it. Marks differ in their shape
too, so that a plot is read without colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from threading import Lock
from typing import Any

Piece = tuple[str, str]
"""Text and role."""
Line = tuple[Piece, ...]

LEAST_WIDTH, LEAST_HEIGHT = 16, 4
"""Below that nothing is drawn."""
AXIS = "faint"
"""The role of the labels on the axes."""

_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_FIRST_CODE = 16
"""Colours of the palette that stand for roles on the way through the library; which ones they are is never seen."""
_one_at_a_time = Lock()
"""The library keeps one figure for the whole program."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points that are drawn with one mark in one ink."""

    xs: Sequence[float]
    ys: Sequence[float]
    mark: str
    role: str
    kind: str = "points"
    """points; line, from each point to the next; or area, the same and filled down to 0."""


@dataclass(frozen=True, slots=True)
class Axes:
    """The ranges shown, and what is written on them."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_labels: Mapping[float, str] = field(default_factory=dict)
    y_labels: Mapping[float, str] = field(default_factory=dict)


def prepare() -> None:
    """Load the library ahead of the first plot."""
    import plotext  # noqa: F401 - imported here: only who draws needs it


def plot(series: Iterable[Series], axes: Axes, width: int, height: int) -> list[Line]:
    """`height` lines of `width` cells, later series over earlier ones; no line when there is too little room."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return []
    import plotext  # imported here: only who draws needs it

    drawn = [each for each in series if each.xs]
    roles = list(dict.fromkeys(each.role for each in drawn))
    margin = _margin(axes.y_labels)
    columns, rows = width - margin, height - 1
    with _one_at_a_time:
        _lay_out(plotext, axes, columns, rows)
        for each in drawn:
            _draw(plotext, each, _FIRST_CODE + roles.index(each.role))
        # the library draws its labels in the order of a set, which differs from run to run: they are written here
        plotext.xticks([])
        plotext.yticks([])
        text: str = plotext.build()
        plotext.clear_figure()
    beside = {_place(value, axes.y, rows): label for value, label in axes.y_labels.items()}
    lines = [
        ((beside.get(rows - 1 - y, "").rjust(margin - 1) + " ", AXIS), *_pieces(line, roles, columns))
        for y, line in enumerate(text.split("\n")[:rows])
    ]
    return [*lines, ((_below(axes, margin, columns), AXIS),)]


def _margin(labels: Mapping[float, str]) -> int:
    """Cells for the labels beside a plot and the space behind them."""
    return 1 + max((len(label) for label in labels.values()), default=0)


def bars(
    values: Sequence[int], labels: Sequence[str], mark: str, role: str, width: int, height: int
) -> list[Line]:
    """A bar for each value, all of one width and equally far apart; no line when there is too little room."""
    top = max(values, default=0)
    heights = whole_ticks(top, height) if top else {}
    columns = width - _margin(heights)
    step = columns // len(values) if values else 0
    if not step or not top:
        return []
    thick = max(1, step * 2 // 3)
    rows = height - 2
    filled = [
        (place * step + cell, row * top / rows)
        for place, value in enumerate(values) if value
        for cell in range(thick)
        for row in range(_place(value, (0, top), rows + 1) + 1)
    ]
    middles = ticks(0, len(values) - 1, labels, len(values) * step)
    axes = Axes(
        (0, columns - 1), (0, top), {place * step + (thick - 1) / 2: label for place, label in middles.items()}, heights
    )
    return plot([Series([x for x, _ in filled], [y for _, y in filled], mark, role)], axes, width, height)


def _place(value: float, limits: tuple[float, float], cells: int) -> int:
    """The cell of a value, as the library reckons it."""
    first, last = limits
    return floor(round(0.5 + (cells - 1) * (value - first) / ((last - first) or 1), 8))


def _below(axes: Axes, margin: int, columns: int) -> str:
    """The labels of the x axis, each in the middle under its place, those at the ends first; none over another."""
    line = [" "] * (margin + columns)
    ordered = sorted(axes.x_labels.items())
    for value, label in [*ordered[:1], *ordered[:0:-1]]:
        middle = margin + _place(value, axes.x, columns)
        start = max(0, min(middle - len(label) // 2, len(line) - len(label)))
        around = line[max(0, start - 1) : start + len(label) + 1]
        if not "".join(around).strip():
            line[start : start + len(label)] = label
    return "".join(line)


def _lay_out(figure: Any, axes: Axes, width: int, height: int) -> None:
    figure.clear_figure()
    figure.limit_size(False, False)
    figure.plot_size(width, height)
    figure.theme("clear")
    figure.frame(False)
    first, last = axes.x
    figure.xlim(first, last if last > first else first + 1)
    figure.ylim(*axes.y)


def _draw(figure: Any, series: Series, colour: int) -> None:
    xs, ys = list(series.xs), list(series.ys)
    if series.kind == "points":
        figure.scatter(xs, ys, marker=series.mark, color=colour)
    else:
        figure.plot(xs, ys, marker=series.mark, color=colour, fillx=series.kind == "area")


def _pieces(line: str, roles: Sequence[str], width: int) -> Iterator[Piece]:
    """A line of the library's with its escapes read: what is no colour of a series is an axis."""
    role, at, room = AXIS, 0, width
    for escape in [*_SGR.finditer(line), None]:
        text = line[at : escape.start() if escape else len(line)][:room]
        if text:
            yield text, role
            room -= len(text)
        if escape:
            at, role = escape.end(), _role(escape[1], roles)
    if room:
        yield " " * room, AXIS


def _role(codes: str, roles: Sequence[str]) -> str:
    *before, last = codes.split(";")
    return roles[int(last) - _FIRST_CODE] if before == ["38", "5"] else AXIS


def ticks(first: float, last: float, labels: Sequence[str], width: int) -> dict[float, str]:
    """As many of the labels of the whole numbers from `first` to `last` as have room side by side, both ends among
    them."""
    longest = max((len(label) for label in labels), default=1)
    most = max(2, width // (longest + 4))
    steps = min(most - 1, len(labels) - 1)
    if steps < 1:
        return {first: labels[0]} if labels else {}
    places = sorted({round(step * (len(labels) - 1) / steps) for step in range(steps + 1)})
    return {first + place * (last - first) / (len(labels) - 1): labels[place] for place in places}


def whole_ticks(top: int, height: int) -> dict[float, str]:
    """Round numbers from 0 to `top`, no closer than two lines."""
    step = next(
        size for size in _round_numbers() if top // size <= max(1, (height - 2) // 2)
    )
    return {float(value): f"{value:,}" for value in range(0, top + 1, step)}


def _round_numbers() -> Iterator[int]:
    ten = 1
    while True:
        yield from (ten, 2 * ten, 5 * ten)
        ten *= 10
