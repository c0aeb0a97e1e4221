"""A day of the calendar in the cells it has: what stands in each of its lines. Pure functions to lines of pieces."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rich.cells import cell_len

from tracker.services.calendar import BOTH, Calendar, Coming, Day, Entry, week_of, weeks_of_month
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import FINE, Glyphs
from tracker.tui.widgets.painted import Line, Piece

MONTH, WEEK = "month", "week"
LETTERS = {"due": "d", "publish": "p"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WORDY = 14
"""Cells from which a day has room for words beside its number."""
TITLE_LINES = 3
"""Lines of a title in a week."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the grid shows."""

    calendar: Calendar
    today: date
    day: date
    """Where the cursor is."""
    mode: str = MONTH
    what: Sequence[str] = BOTH
    """Which days are shown: due, publish or both."""
    selected: tuple[str, str] | None = None
    """The entry of the day that keys act on."""
    marked: frozenset[tuple[str, str]] = frozenset()
    drop: date | None = None
    """The day that a dragged task would go to."""
    places: Mapping[str, str] = field(default_factory=dict)
    """The digit of each key result by id."""
    glyphs: Glyphs = FINE

    @property
    def first(self) -> date:
        """The Monday that the grid begins with."""
        return (weeks_of_month if self.mode == MONTH else week_of)(self.day)[0]

    @property
    def weeks(self) -> int:
        """How many weeks it shows."""
        first, last = (weeks_of_month if self.mode == MONTH else week_of)(self.day)
        return ((last - first).days + 1) // 7

    def is_gap(self, day: date) -> bool:
        """Whether it is a working day of the cycle on which nothing is published, while other days have something."""
        gaps = self.calendar.gaps
        return gaps is not None and gaps.published > 0 and day in gaps.days


def heads(widths: Sequence[int], shown: Shown) -> list[Line]:
    """The names of the weekdays."""
    lines: list[Line] = []
    for place, width in enumerate(widths):
        name = WEEKDAYS[place] if width >= WORDY else WEEKDAYS[place][:3]
        role = "accent" if shown.mode == MONTH and place == shown.day.weekday() else "muted"
        lines.append(((fit(f" {name}", width), role),))
    return lines


def number_line(day: Day, shown: Shown, width: int, hidden: int) -> Line:
    """The day's number, today in brackets, a gap and what does not fit; the rest of the line is a rule."""
    at = day.day
    here = at == shown.day
    number = f"[{at.day}]" if at == shown.today else f" {at.day} "
    outside = shown.mode == MONTH and at.month != shown.day.month
    if at.day == 1 or (shown.mode == WEEK and width >= WORDY):
        number = f"{number.rstrip()} {MONTHS[at.month - 1]} "
    left = f"{'>' if here else ' '}{number}"
    if at == shown.today and width >= WORDY:
        left = f"{left.rstrip()} today "
    left, right = _beside(left, shown.is_gap(at) and "publish" in shown.what, hidden, width)
    room = width - cell_len(left) - sum(len(text) for text, _ in right)
    role = "here" if here else "key" if at == shown.today else "faint" if outside else "title"
    if room < 0:
        return ((fit(left, width), role),)
    return ((left, role), (shown.glyphs.rule * room, "rule"), *right)


def _beside(left: str, is_gap: bool, hidden: int, width: int) -> tuple[str, Line]:
    """The number and what stands at the other end of its line: as much of it as there is room for."""
    gap: Line = ((" gap", "warn"),) if is_gap else ()
    more: Line = ((f" +{hidden}", "muted"),) if hidden else ()
    close: Line = ((f"+{hidden}", "muted"),) if hidden and gap else more
    for begin in (left, left.rstrip()):
        for right in ((*gap, *more), (*gap, *close)):
            if cell_len(begin) + sum(len(text) for text, _ in right) <= width:
                return begin, right
    return left, more if len(left) + sum(len(text) for text, _ in more) <= width else ()


def hidden_count(day: Day, shown: Shown, lines: Sequence[object]) -> int:
    """How many entries and coming days of a cell are not among those that it has room for."""
    return max(0, day.total(shown.what) + len(day.coming) - len(lines))


def items_of(day: Day, shown: Shown, capacity: int) -> list[Entry | Coming]:
    """What a cell of a month shows: as many as it has lines, the selected one always among them."""
    entries: list[Entry | Coming] = [entry for entry in day.entries if entry.what in shown.what]
    items = entries + [each for each in day.coming if each.what in shown.what]
    at = 0
    if day.day == shown.day and shown.selected is not None:
        at = next((place for place, each in enumerate(items) if _is_selected(each, shown)), 0)
    start = max(0, min(at - capacity + 1, len(items) - capacity)) if at >= capacity else 0
    return items[start : start + capacity]


def _is_selected(item: Entry | Coming, shown: Shown) -> bool:
    return isinstance(item, Entry) and item.key == shown.selected and item.day == shown.day


def item_line(item: Entry | Coming, shown: Shown, width: int) -> Line:
    """One line: mark, due or publish, state, number and title."""
    lead, role = _lead(item, shown)
    text = f"{lead}{_number(item)} {clean(_title(item)[:500])}"
    return ((fit(text, width, ellipsis=shown.glyphs.ellipsis), role),)


def item_lines(item: Entry | Coming, shown: Shown, width: int) -> list[Line]:
    """The same with more room: the whole title, then key result, owner and status."""
    lead, role = _lead(item, shown)
    title, indent = clean(_title(item)[:500]), " " * (3 if width >= WORDY else 1)
    words = textwrap.wrap(
        f"{_number(item)} {title}", width, initial_indent="   ", subsequent_indent=indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    if len(words) > TITLE_LINES:
        words = [*words[: TITLE_LINES - 1], f"{words[TITLE_LINES - 1]} {shown.glyphs.ellipsis}"]
    words[0] = lead + words[0][3:]
    lines: list[Line] = [((fit(each, width, ellipsis=shown.glyphs.ellipsis), role),) for each in words]
    if isinstance(item, Entry):
        card = item.card
        facts = f"{indent}{shown.places.get(card.key_result, '·')} {clean(card.owner or 'no owner')}"
        facts += f" {card.status}" if width >= WORDY else ""
        lines.append(((fit(facts, width, ellipsis=shown.glyphs.ellipsis), "warn" if not card.owner else "muted"),))
    lines.append((("", "text"),))
    return lines


def _number(item: Entry | Coming) -> str:
    return str(item.card.number) if isinstance(item, Entry) else item.task.removeprefix("T-").lstrip("0")


def _title(item: Entry | Coming) -> str:
    return item.card.title if isinstance(item, Entry) else item.title


def _lead(item: Entry | Coming, shown: Shown) -> Piece:
    letter = LETTERS[item.what]
    if isinstance(item, Coming):
        return f" {letter}~", "faint"
    selected = _is_selected(item, shown)
    mark = ">" if selected else "*" if item.key in shown.marked else " "
    late, done = item.is_late(shown.today), item.card.status == "done"
    state = "!" if late else done_sign(shown.glyphs) if done else " "
    role = "late" if late else "faint" if done else "accent" if item.what == "publish" else "text"
    return f"{mark}{letter}{state}", role


def done_sign(glyphs: Glyphs) -> str:
    """What marks finished work."""
    return "✓" if glyphs is FINE or glyphs == FINE else "v"


def legend(glyphs: Glyphs) -> Line:
    """What the letters and signs in front of a title say."""
    # the first go first where room is short
    return (
        ("~ comes round  ", "faint"), (f"{done_sign(glyphs)} done  ", "faint"), ("! late  ", "late"),
        ("d due  ", "text"), ("p publish ", "accent"),
    )  # fmt: skip
