"""Plots as lines of text with roles: the library draws, this says what; nothing it writes reaches a terminal as it is.

A role names the ink of a piece, as the screens' themes and `Ink` of the commands know it. Marks differ in their shape
too, so that a plot is read without colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    """points; line, from each point to the next; area, the same and filled down to 0; or bars."""


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
    with _one_at_a_time:
        _lay_out(plotext, axes, width, height)
        for each in drawn:
            _draw(plotext, each, _FIRST_CODE + roles.index(each.role))
        _label(plotext, axes)
        text: str = plotext.build()
        plotext.clear_figure()
    return [tuple(_pieces(line, roles, width)) for line in text.split("\n")[:height]]


def _lay_out(figure: Any, axes: Axes, width: int, height: int) -> None:
    figure.clear_figure()
    figure.limit_size(False, False)
    figure.plot_size(width, height)
    figure.theme("clear")
    figure.frame(False)
    figure.xlim(*axes.x)
    figure.ylim(*axes.y)


def _label(figure: Any, axes: Axes) -> None:
    """What is written on the axes; last, because bars bring labels of their own."""
    figure.xticks(list(axes.x_labels), list(axes.x_labels.values()))
    figure.yticks(list(axes.y_labels), list(axes.y_labels.values()))


def _draw(figure: Any, series: Series, colour: int) -> None:
    xs, ys = list(series.xs), list(series.ys)
    if series.kind == "bars":
        figure.bar(xs, ys, marker=series.mark, color=colour, width=0.3)
    elif series.kind == "points":
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
