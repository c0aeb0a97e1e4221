"""Load against capacity, work in progress against limits, and the cut line: pure functions to lines of pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tracker.storage.rows import Forecast, LoadRow, WipLimitRow
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import FINE, Glyphs, bar, exactly
from tracker.tui.widgets.painted import Line, Piece, width_of


@dataclass(frozen=True, slots=True)
class Choosing:
    """Whose name may be meant by what is typed, and the hours that person would get."""

    candidates: frozenset[str]
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the column shows."""

    rows: tuple[LoadRow, ...] = ()
    unowned_h: float = 0.0
    unowned_tasks: int = 0
    forecast: Forecast | None = None
    limits: Mapping[str, WipLimitRow] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    """Tasks by status, for those with a limit."""


def hours_words(hours: float) -> str:
    """Whole hours; a half goes to the even side, so that sums of halves do not creep upward."""
    return str(round(hours))


def column_lines(
    figures: Figures, width: int, *, choosing: Choosing | None = None, cut_shown: bool = False, glyphs: Glyphs = FINE
) -> list[Line]:
    """The column from top to bottom, as many lines as there is to say."""
    lines: list[Line] = [((" LOAD next 2 weeks", "head"),)]
    if not figures.rows:
        lines.append(((" nobody to give work to", "muted"),))
    lines += [_person(row, figures, width, choosing, glyphs) for row in figures.rows]
    if figures.unowned_tasks:
        tasks = "task" if figures.unowned_tasks == 1 else "tasks"
        words = f" {hours_words(figures.unowned_h)} h in {figures.unowned_tasks} {tasks}"
        lines += [(), ((" unowned", "warn"), (words, "text"))]
    lines += _in_progress(figures)
    lines += _cut_line(figures.forecast, cut_shown)
    return [exactly(line, width) for line in lines]


def _person(row: LoadRow, figures: Figures, width: int, choosing: Choosing | None, glyphs: Glyphs) -> Line:
    chosen = choosing is not None and row.person.id in choosing.candidates
    added = choosing.hours if choosing is not None and chosen else 0.0
    hours = row.hours + added
    over = row.capacity_h is not None and hours > row.capacity_h
    capacity = "?" if row.capacity_h is None else hours_words(row.capacity_h)
    figure = f"{hours_words(hours):>4} of {capacity:>3} h"
    mark = "!" if over else " "
    name_width = max(4, min(12, width - len(figure) - 9))
    bar_width = max(0, width - 1 - name_width - len(figure) - 3)
    share = Decimal(str(hours)) / Decimal(str(row.capacity_h)) if row.capacity_h else None
    role = "bad" if over else "warn" if share is not None and share > Decimal("0.8") else "accent"
    name = fit(row.person.id, name_width, ellipsis=glyphs.ellipsis)
    tone = "text" if choosing is None or chosen else "faint"
    return (
        ("›" if chosen else " ", "key"),
        *_named(name, tone if not chosen else "title", asked=choosing is not None),
        (figure, "warn" if added else tone), (mark + " ", "bad"), *bar(share, None, bar_width, role, glyphs),
    )  # fmt: skip


def _named(name: str, role: str, *, asked: bool) -> Line:
    """The name, the letters that choose it set off while an owner is asked for."""
    return ((name[:2], "key"), (name[2:], role)) if asked and role != "faint" else ((name, role),)


def _in_progress(figures: Figures) -> list[Line]:
    lines: list[Line] = []
    for status, limit in figures.limits.items():
        lines.append(_against(status, figures.counts.get(status, 0), limit.max))
    people = [row for row in figures.rows if row.limit is not None and row.doing]
    for row in sorted(people, key=lambda row: row.doing / (row.limit or 1), reverse=True):
        lines.append(_against(row.person.id, row.doing, row.limit or 0))
    return [(), ((" IN PROGRESS", "head"),), *lines] if lines else []


def _against(name: str, n: int, limit: int) -> Line:
    over = n > limit
    return (
        (f" {fit(name, 8)}", "text"), (f"{n:>3} of {limit:<2} ", "bad" if over else "text"),
        ("OVER" if over else "", "bad"),
    )  # fmt: skip


def _cut_line(forecast: Forecast | None, shown: bool) -> list[Line]:
    head: list[Line] = [(), ((" CUT LINE", "head"),)]
    if forecast is None or forecast.at_85 is None:
        return [*head, ((" not enough history", "muted"),)]
    by = f"{forecast.by.day} {forecast.by:%b}"
    at_50 = forecast.at_50 if forecast.at_50 is not None else 0
    return [
        *head,
        ((" at our pace the top", "muted"),),
        ((f" {forecast.at_85:>2} finish by {by} (85%)", "text"),),
        ((f" {at_50:>2} finish (50%)", "text"),),
        ((f" {forecast.history_done} done in {forecast.history_days} days", "muted"),),
        ((" g", "key"), (" hides the line" if shown else " shows the line here", "muted")),
    ]


def folded_line(figures: Figures, width: int, *, choosing: Choosing | None = None) -> Line:
    """Everybody's load in one line, for narrow terminals; while somebody is chosen, only who may be meant."""
    shown: Sequence[LoadRow] = figures.rows
    if choosing is not None and choosing.candidates:
        shown = [row for row in figures.rows if row.person.id in choosing.candidates]
    line: list[Piece] = [(" LOAD", "head")]
    rest = f"  unowned {hours_words(figures.unowned_h)} h" if figures.unowned_tasks else ""
    for index, row in enumerate(shown):
        piece = _short(row, figures, choosing)
        more = f" +{len(shown) - index}"
        if width_of([*line, *piece]) + len(rest) + len(more) > width:
            line.append((more, "muted"))
            break
        line += piece
    return exactly((*line, (rest, "warn")), width)


def _short(row: LoadRow, figures: Figures, choosing: Choosing | None) -> Line:
    hours = row.hours + (choosing.hours if choosing is not None else 0.0)
    over = row.capacity_h is not None and hours > row.capacity_h
    capacity = "?" if row.capacity_h is None else hours_words(row.capacity_h)
    name = clean(row.person.id)
    named = _named(name, "text", asked=choosing is not None)
    return (
        (" ", "text"),
        *named,
        (f" {hours_words(hours)}/{capacity}", "bad" if over else "muted"),
        ("!" * over, "bad"),
    )
