"""The way of a key result: check-ins against the even pace, where it ends at this pace, and changes of the target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from rich.cells import cell_len

from tracker.domain import metrics
from tracker.reports.check_in_text import estimated, pace_text
from tracker.services.check_in_pages import Page, Preview
from tracker.tui.glyphs import FINE, Glyphs
from tracker.tui.widgets.header.lines import number
from tracker.tui.widgets.painted import Line, Piece

WEEK = 7
LEAST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Marks:
    """One character for each kind of point; they differ without colour."""

    said: str = "●"
    drafted: str = "◆"
    even: str = "·"
    ahead: str = "o"
    changed: str = "▲"


FINE_MARKS, PLAIN_MARKS = Marks(), Marks("*", "@", ".", "o", "^")


def marks_of(glyphs: Glyphs) -> Marks:
    """The marks that go with the characters of rules."""
    return FINE_MARKS if glyphs is FINE else PLAIN_MARKS


@dataclass(frozen=True)
class _Field:
    """What is drawn: from which day to which, from which value to which, in how many cells."""

    first: date
    last: date
    low: Decimal
    high: Decimal
    columns: int
    rows: int

    def x(self, day: date) -> int:
        days = (self.last - self.first).days or 1
        place = (day - self.first).days * (self.columns - 1) * 2 + days
        return max(0, min(self.columns - 1, place // (2 * days)))

    def y(self, value: Decimal) -> int:
        share = (self.high - value) / (self.high - self.low)
        return max(0, min(self.rows - 1, int(metrics.round_half_up(share * (self.rows - 1), 0))))

    def value_at(self, y: int) -> Decimal:
        return self.high - (self.high - self.low) * y / (self.rows - 1)

    def days(self) -> Iterator[tuple[int, date]]:
        """A day for each column."""
        span = (self.last - self.first).days
        for column in range(self.columns):
            yield column, self.first + timedelta(days=round(column * span / max(1, self.columns - 1)))


def plot_lines(page: Page, seen: Preview, drafted: date | None, width: int, rows: int, glyphs: Glyphs) -> list[Line]:
    """At most `rows` lines of the field, and two below it: the axis and its days. `drafted` is a day not saved yet."""
    drawn = _field(page, seen, rows)
    labels = _labels(page, drawn)
    lead = max((cell_len(label) for label in labels.values()), default=1)
    columns = max(LEAST_COLUMNS, width - lead - 3)
    drawn = replace(drawn, columns=columns)
    cells: dict[tuple[int, int], Piece] = {}
    for layer in (_target, _even, _ahead, _said):
        cells.update(layer(page, seen, drafted, drawn, glyphs))
    _here(page, seen, drawn, cells)
    lines = [
        ((f" {labels.get(y, ''):>{lead}} ", "muted"), (glyphs.wall, "rule"), *_row(cells, y, columns))
        for y in range(drawn.rows)
    ]
    return [*lines, *_axis(page, drawn, lead, glyphs)]


def legend(page: Page, seen: Preview, is_drafted: bool, glyphs: Glyphs) -> Line:
    """What the marks are, with the figures that belong to them."""
    marks = marks_of(glyphs)
    said: list[Piece] = [(f" {marks.said}", "title"), (" check-in", "muted")]
    if is_drafted:
        said += [(f"  {marks.drafted}", "here"), (" not saved", "muted")]
    if metrics.is_maintain(page.row.direction):
        said += [(f"  {glyphs.empty}", "muted"), (" bound", "muted")]
    elif seen.aim is not None:
        share = " to 0.7" if page.objective.ambition == "aspirational" else ""
        said += [(f"  {marks.even}", "text"), (f" even pace{share} = {_amount(page, seen.aim)}", "muted")]
    if seen.projection is not None:
        said += [(f"  {marks.ahead}", "accent"), (f" at this pace {_amount(page, seen.projection)}", "muted")]
    for change in page.changes[-1:]:
        before = number(change.old, page.row.precision)
        said += [(f"  {marks.changed}", "warn"), (f" target was {before}", "muted")]
    return tuple(said)


def _amount(page: Page, value: Decimal) -> str:
    return estimated(page.row, value).split(" ")[0]


def _field(page: Page, seen: Preview, rows: int) -> _Field:
    row = page.row
    told = [each.value for each in seen.check_ins]
    further = (row.baseline, row.target_max, page.stretch, seen.projection)
    bounds = [row.target, *(each for each in further if each is not None)]
    bounds += [each for change in page.changes for each in (change.old, change.new)]
    low, high = min(*told, *bounds, row.target), max(*told, *bounds, row.target)
    if low == high or metrics.is_maintain(row.direction):
        room = max((high - low) / 4, Decimal(1).scaleb(-row.precision))
        low, high = low - room, high + room
    first = page.starts_on - timedelta(days=1)
    days = [first, row.due_on, *(each.on_date for each in seen.check_ins)]
    return _Field(min(days), max(days), low, high, LEAST_COLUMNS, _rows_for(high - low, rows))


def _rows_for(span: Decimal, rows: int) -> int:
    """As many lines that each whole step of a short way has one of its own."""
    steps = int(span)
    return steps * ((rows - 1) // steps) + 1 if 1 <= steps == span and steps < rows else rows


def _labels(page: Page, drawn: _Field) -> dict[int, str]:
    """Values beside the field: of the first and last line, the target's, and on a short way each whole step."""
    precision = page.row.precision
    are_steps = drawn.high - drawn.low < drawn.rows
    found = {}
    for y in range(drawn.rows):
        value = drawn.value_at(y)
        is_edge = y in (0, drawn.rows - 1)
        if is_edge or (are_steps and value == value.to_integral_value()):
            found[y] = _short(value, precision)
    found[drawn.y(page.row.target)] = _short(page.row.target, precision)
    return found


def _short(value: Decimal, precision: int) -> str:
    text = number(value, precision)
    return text.rstrip("0").rstrip(".") if "." in text else text


Cells = dict[tuple[int, int], Piece]


def _target(page: Page, seen: Preview, drafted: date | None, drawn: _Field, glyphs: Glyphs) -> Cells:
    """The target on each day, and the upper bound or the stretch value."""
    found: Cells = {}
    for x, day in drawn.days():
        further = [each for each in (page.row.target_max, page.stretch) if each is not None]
        found.update({(drawn.y(each), x): (glyphs.empty, "faint") for each in (_target_on(page, day), *further)})
    return found


def _target_on(page: Page, day: date) -> Decimal:
    later = [change for change in page.changes if change.day > day]
    return later[0].old if later else page.row.target


def _even(page: Page, seen: Preview, drafted: date | None, drawn: _Field, glyphs: Glyphs) -> Cells:
    """Even progress, bent by planned points; drawn on every second column, so that it is a line of dots."""
    row, baseline = page.row, page.row.baseline
    if baseline is None or metrics.is_maintain(row.direction):
        return {}
    found: Cells = {}
    for x, day in drawn.days():
        if x % 2 or day > row.due_on:
            continue
        even = metrics.expected(day, page.starts_on, row.due_on, page.points)
        value = baseline + (row.target - baseline) * metrics.pace(even, page.objective.ambition)
        found[drawn.y(value), x] = (marks_of(glyphs).even, "text")
    return found


def _ahead(page: Page, seen: Preview, drafted: date | None, drawn: _Field, glyphs: Glyphs) -> Cells:
    """From the last check-in on at the pace held so far, one mark in four columns and one at the end."""
    if seen.projection is None or not seen.check_ins or seen.check_ins[-1].on_date >= page.row.due_on:
        return {}
    last, ends = seen.check_ins[-1], page.row.due_on
    days, found, mark = (ends - last.on_date).days, {}, (marks_of(glyphs).ahead, "accent")
    begins, until = drawn.x(last.on_date), drawn.x(ends)
    for x, day in drawn.days():
        if begins < x < until and (until - x) % 4 == 0:
            value = last.value + (seen.projection - last.value) * max(0, (day - last.on_date).days) / days
            found[drawn.y(value), x] = mark
    found[drawn.y(seen.projection), until] = mark
    return found


def _said(page: Page, seen: Preview, drafted: date | None, drawn: _Field, glyphs: Glyphs) -> Cells:
    marks = marks_of(glyphs)
    found: Cells = {}
    for before, after in pairwise(seen.check_ins):
        if before.value == after.value:  # it stood still, and one sees for how long
            between = range(drawn.x(before.on_date) + 1, drawn.x(after.on_date))
            found.update({(drawn.y(after.value), x): (glyphs.rule, "muted") for x in between})
    for each in seen.check_ins:
        mark = (marks.drafted, "here") if each.on_date == drafted else (marks.said, "title")
        found[drawn.y(each.value), drawn.x(each.on_date)] = mark
    return found


def _here(page: Page, seen: Preview, drawn: _Field, cells: Cells) -> None:
    """Say beside the last check-in how far from the pace it is, where nothing else is drawn."""
    words = pace_text(seen.standing.gap)
    if not words or not seen.check_ins:
        return
    words = f" you are here, {words} "
    y, x = drawn.y(seen.check_ins[-1].value), drawn.x(seen.check_ins[-1].on_date)
    for line in (y, y + 1, y - 1):
        for begins in (x + 2, x - 1 - len(words)):
            span = range(begins, begins + len(words))
            is_free = all((line, place) not in cells or cells[line, place][1] == "faint" for place in span)
            if 0 <= line < drawn.rows and begins >= 0 and span.stop <= drawn.columns and is_free:
                cells.update({(line, place): (char, "warn" if (seen.standing.gap or 0) > 0 else "good")
                              for place, char in zip(span, words, strict=True)})
                return


def _row(cells: Cells, y: int, columns: int) -> Line:
    return tuple(cells.get((y, x), (" ", "text")) for x in range(columns))


def _axis(page: Page, drawn: _Field, lead: int, glyphs: Glyphs) -> list[Line]:
    """The axis with a tick for each labelled day and for changes of the target, and the days below it."""
    line = [glyphs.rule] * drawn.columns
    days = [" "] * drawn.columns
    for day, words in _ticks(page, drawn):
        x = drawn.x(day)
        begins = min(x, drawn.columns - len(words))
        if all(char == " " for char in days[max(0, begins - 1) : begins + len(words) + 1]):
            line[x] = glyphs.above
            days[begins : begins + len(words)] = list(words)
    pieces: list[Piece] = [(char, "rule") for char in line]
    for change in page.changes:
        if drawn.first <= change.day <= drawn.last:
            pieces[drawn.x(change.day)] = (marks_of(glyphs).changed, "warn")
    corner = glyphs.cross if glyphs is FINE else "+"
    return [
        ((" " * (lead + 2), "text"), (corner, "rule"), *pieces),
        ((" " * (lead + 3), "text"), ("".join(days), "faint")),
    ]


def _ticks(page: Page, drawn: _Field) -> Sequence[tuple[date, str]]:
    """Days with their words: the due day first, so that it is never left out, then a day a week, or wider apart.

    The month stands where it begins.
    """
    begins = page.check_ins[0].on_date if page.check_ins else page.starts_on
    while begins - timedelta(days=WEEK) > drawn.first:
        begins -= timedelta(days=WEEK)
    step = WEEK * max(1, (drawn.last - drawn.first).days // (8 * WEEK))
    weekly = [begins + timedelta(days=step * place) for place in range((drawn.last - begins).days // step + 1)]
    months = [0, *(day.month for day in weekly)]
    named = [_tick(day, before) for day, before in zip(weekly, months, strict=False)]
    return [_tick(page.row.due_on, months[-1]), *named]


def _tick(day: date, month_before: int) -> tuple[date, str]:
    return day, f"{day.day}" if day.month == month_before else f"{day.day} {day:%b}"
