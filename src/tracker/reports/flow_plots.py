"""The plots of flow: cumulative flow, cycle times, throughput; and what their marks mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.reports.plots import Axes, Line, Series, bars, plot, ticks, whole_ticks
from tracker.services.flow import BANDS, Day, Flow

BAND_ROLES = {"done": "good", "review": "stale", "doing": "accent", "assigned": "muted", "backlog": "faint"}
MOST_BARS = 45
"""Days up to which each has a bar of its own; beyond, each week has one."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The characters that plots are drawn with."""

    bands: tuple[str, ...] = ("░", "█", "▓", "▒", "·")
    """From the bottom band up; work in progress is the densest."""
    one: str = "•"
    line: str = "─"
    promise: str = "━"
    """The line of the service level expectation."""
    bar: str = "█"


FINE = Marks()
PLAIN = Marks((":", "#", "%", "=", "."), "o", "-", "=", "#")


def band_legend(flow: Flow, marks: Marks = FINE) -> Line:
    """Mark, name and number of each band, the lowest first."""
    line: Line = ()
    for band, mark in zip(BANDS, marks.bands, strict=True):
        line = (*line, (f" {mark}", BAND_ROLES[band]), (f" {band} {getattr(flow.days[-1], band):,}", "muted"))
    return line


def legend_lines(flow: Flow, width: int, marks: Marks = FINE) -> list[Line]:
    """The same in as many lines as the width needs."""
    legend = band_legend(flow, marks)
    lines: list[Line] = [()]
    for place in range(0, len(legend), 2):
        entry = legend[place : place + 2]
        used = sum(len(text) for text, _ in (*lines[-1], *entry))
        if lines[-1] and used > width:
            lines.append(entry)
        else:
            lines[-1] = (*lines[-1], *entry)
    return lines


def flow_plot(flow: Flow, width: int, height: int, marks: Marks = FINE) -> list[Line]:
    """How many tasks each band held on each day, one band on the other."""
    days = flow.days
    bands: list[Series] = []
    for index, band in enumerate(BANDS):
        heights = [_up_to(day, index) for day in days]
        began = next((at for at, tasks in enumerate(heights) if tasks), len(days))  # before that nothing is drawn
        xs = list(range(began, len(days)))
        bands.append(Series(xs, heights[began:], marks.bands[index], BAND_ROLES[band], "area"))
    top = max(_up_to(day, len(BANDS) - 1) for day in days)
    if not top:
        return []
    return plot(reversed(bands), _by_day([day.on for day in days], top, width, height), width, height)


def _up_to(day: Day, index: int) -> int:
    return sum(getattr(day, band) for band in BANDS[: index + 1])


def _by_day(days: Sequence[date], top: int, width: int, height: int) -> Axes:
    last = len(days) - 1
    labels = [f"{day.day} {day:%b}" for day in days]
    return Axes(
        (0, last), (0, top), ticks(0, last, labels, width - 6), whole_ticks(top, height)
    )


def times_plot(flow: Flow, width: int, height: int, marks: Marks = FINE) -> list[Line]:
    """Every finished task by its day and how long it took; a digit where several fall together, lines for percentiles.
    """
    percentiles = flow.cycle_times.percentiles
    if not percentiles:
        return []
    first, last = flow.days[0].on, len(flow.days) - 1
    together: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for each in flow.finished:
        mark = marks.one if each.tasks == 1 else str(each.tasks) if each.tasks < 10 else "+"
        together[mark].append(((each.on - first).days, each.days))
    points = [
        Series([x for x, _ in at], [y for _, y in at], mark, "title") for mark, at in sorted(together.items())
    ]
    promise = flow.cycle_times.sle_days
    lines = [
        Series([0, last], [days, days], marks.promise if days == promise else marks.line,
               "warn" if days == promise else "rule", "line")
        for days in sorted(set(percentiles.values()), key=lambda days: days == promise)
    ]
    # what lies far above would press all others together: it stays on the upper edge
    slowest, longest = max(percentiles.values()), max((each.days for each in flow.finished), default=0)
    top = max(3, slowest + 1, min(longest, slowest * 3 // 2))
    points = [Series(each.xs, [min(y, top) for y in each.ys], each.mark, each.role) for each in points]
    by_day = _by_day([day.on for day in flow.days], top, width, height)
    axes = Axes(by_day.x, by_day.y, by_day.x_labels, percentile_labels(percentiles, promise, top, height))
    return plot([*lines, *points], axes, width, height)


def percentile_labels(
    percentiles: Mapping[int, int], promise: int | None, top: int, height: int
) -> dict[float, str]:
    """`85% 7` at each percentile that has a line of its own; the promised one first, then the middle."""
    rows: dict[int, str] = {}
    labels: dict[float, str] = {}
    for percentage in sorted(percentiles, key=lambda each: (percentiles[each] != promise, each != 50, each)):
        days = percentiles[percentage]
        row = round(days * (height - 2) / top)
        if row not in rows:
            rows[row] = labels[days] = f"{percentage}% {days}d"
    return labels


def throughput_plot(flow: Flow, width: int, height: int, marks: Marks = FINE) -> list[Line]:
    """What each day finished, or each week where the days are many."""
    if len(flow.days) <= MOST_BARS:
        starts, done = [day.on for day in flow.days], [day.finished for day in flow.days]
    else:
        starts, done = [week.monday for week in flow.weeks], [week.tasks for week in flow.weeks]
    labels = [f"{day.day} {day:%b}" for day in starts]
    return bars(done, labels, marks.bar, "good", width, height)
