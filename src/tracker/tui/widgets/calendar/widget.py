"""The grid of the calendar: a month of weeks, or one week with a column a day; only what is seen is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from textual.events import Click, MouseDown, MouseMove, MouseScrollDown, MouseScrollUp, MouseUp, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tracker.services.calendar import Coming, Entry
from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.calendar.lines import (
    MONTH,
    Shown,
    heads,
    hidden_count,
    item_line,
    item_lines,
    items_of,
    number_line,
)
from tracker.tui.widgets.painted import Canvas, Line

DAYS = 7
Item = Entry | Coming | None


@dataclass(frozen=True, slots=True)
class _Cell:
    """A drawn day: its lines, and which entry each belongs to."""

    lines: tuple[Line, ...]
    items: tuple[Item, ...]


class CalendarGrid(Canvas):
    """Days in weeks, weekday names above. It knows no rule: it says what was pressed, dragged and dropped."""

    DEFAULT_CSS = """
    CalendarGrid {
        width: 1fr;
        height: 1fr;
    }
    """

    @dataclass
    class Pressed(Message):
        """A day was pressed, and perhaps an entry of it."""

        day: date
        entry: Entry | None

    class Opened(Message):
        """An entry was clicked twice."""

    @dataclass
    class Dropped(Message):
        """An entry was dragged to another day."""

        entry: Entry
        day: date

    @dataclass
    class Wheeled(Message):
        """The wheel was turned; 1 is down."""

        by: int

    class Resized(Message):
        """There is room for more or fewer entries a day."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: Shown | None = None
        self._cells: dict[date, _Cell] = {}
        self._grabbed: tuple[date, Entry | None] | None = None

    @property
    def shown(self) -> Shown | None:
        """What is shown, None before the first time."""
        return self._shown

    @property
    def capacity(self) -> int:
        """Entries that the largest day can show."""
        return max(1, self.size.height - 2 if self._shown is None or self._shown.mode != MONTH else
                   max(self._heights()) - 1)

    def show(self, shown: Shown) -> None:
        """Draw this; when only the cursor moved, the weeks it left and came to are drawn."""
        shown = replace(shown, glyphs=glyphs_of(self))
        before, self._shown = self._shown, shown
        if before == shown:
            return
        same = before is not None and shown == replace(
            before, day=shown.day, selected=shown.selected, drop=shown.drop, marked=shown.marked)
        if before is None or not same or before.first != shown.first or before.weeks != shown.weeks \
                or before.marked != shown.marked or shown.mode != MONTH or before.day.month != shown.day.month:
            self._cells.clear()
            self.refresh()
            return
        changed = {before.day, shown.day, *(day for day in (before.drop, shown.drop) if day is not None)}
        for day in changed:
            self._cells.pop(day, None)
        rows = {(day - shown.first).days // DAYS for day in changed}
        regions = [Region(0, top, self.size.width, height) for week, (top, height) in enumerate(self._weeks())
                   if week in rows]
        self.refresh(Region(0, 0, self.size.width, 1), *regions)

    # -- geometry

    def _widths(self) -> list[int]:
        room = self.size.width - (DAYS - 1)
        return [room // DAYS + (1 if place < room % DAYS else 0) for place in range(DAYS)]

    def _heights(self) -> list[int]:
        weeks = self._shown.weeks if self._shown is not None else 5
        room = max(weeks, self.size.height - 1)
        return [room // weeks + (1 if place < room % weeks else 0) for place in range(weeks)]

    def _weeks(self) -> list[tuple[int, int]]:
        """First line and height of each week."""
        found, top = [], 1
        for height in self._heights():
            found.append((top, height))
            top += height
        return found

    def place_at(self, x: int, y: int) -> tuple[date, Entry | None] | None:
        """The day at a place, and the entry on that line of it."""
        if self._shown is None:
            return None
        week = next((at for at, (top, height) in enumerate(self._weeks()) if top <= y < top + height), None)
        left = 0
        for column, width in enumerate(self._widths()):
            if week is not None and left <= x <= left + width:
                day = self._shown.first + timedelta(days=week * DAYS + column)
                items = self._cell(day).items
                line = y - self._weeks()[week][0]
                item = items[line] if 0 <= line < len(items) else None
                return day, item if isinstance(item, Entry) else None
            left += width + 1
        return None

    # -- drawing

    def _cell(self, day: date) -> _Cell:
        cell = self._cells.get(day)
        if cell is None:
            assert self._shown is not None
            at = (day - self._shown.first).days
            cell = self._cells[day] = self._draw_cell(day, self._widths()[at % DAYS], self._heights()[at // DAYS])
        return cell

    def _draw_cell(self, day: date, width: int, height: int) -> _Cell:
        assert self._shown is not None
        shown = self._shown
        found = shown.calendar.on(day)
        items = items_of(found, shown, max(0, height - 1))
        lines: list[Line] = []
        owners: list[Item] = []
        if shown.mode == MONTH:
            lines = [item_line(item, shown, width) for item in items]
            owners = list(items)
        else:
            items, lines, owners = _as_fits(items, shown, width, height - 1)
        top = number_line(found, shown, width, hidden_count(found, shown, items))
        return _Cell((top, *lines), (None, *owners))

    def render_line(self, y: int) -> Strip:
        """The names of the weekdays, or one line of a week."""
        width = self.size.width
        if self._shown is None:
            return self.paint((), width)
        wall = self.paint(((self._shown.glyphs.wall, "rule"),), 1)
        widths = self._widths()
        if y == 0:
            gap = self.paint(((" ", "rule"),), 1, "panel")
            named = zip(heads(widths, self._shown), widths, strict=True)
            return self._joined([self.paint(line, room, "panel") for line, room in named], gap, width)
        week = next((at for at, (top, height) in enumerate(self._weeks()) if top <= y < top + height), None)
        if week is None:
            return self.paint((), width)
        line = y - self._weeks()[week][0]
        strips = []
        for column, room in enumerate(widths):
            day = self._shown.first + timedelta(days=week * DAYS + column)
            cell = self._cell(day)
            pieces = cell.lines[line] if line < len(cell.lines) else ()
            item = cell.items[line] if line < len(cell.items) else None
            strips.append(self.paint(pieces, room, self._ground(day, line, item)))
        return self._joined(strips, wall, width)

    def _ground(self, day: date, line: int, item: Item) -> str:
        assert self._shown is not None
        shown = self._shown
        if day == shown.drop:
            return "drop" if line == 0 else "chosen"
        if isinstance(item, Entry) and (item.key in shown.marked or (day == shown.day and item.key == shown.selected)):
            return "cursor" if day == shown.day and item.key == shown.selected else "chosen"
        return "chosen" if day == shown.day else ""

    def _joined(self, strips: list[Strip], wall: Strip, width: int) -> Strip:
        pieces = [strips[0]]
        for strip in strips[1:]:
            pieces += [wall, strip]
        return Strip.join(pieces).adjust_cell_length(width)

    def notify_style_update(self) -> None:
        """Other colours: draw again."""
        super().notify_style_update()
        self.refresh()

    def on_resize(self, _: Resize) -> None:
        """Another size shows other entries."""
        self._cells.clear()
        self.refresh()
        self.post_message(self.Resized())

    # -- mouse

    def on_mouse_down(self, event: MouseDown) -> None:
        """Remember what a drag would carry, and say what was pressed."""
        found = self.place_at(event.x, event.y) if event.button == 1 else None
        if found is None:
            return
        self._grabbed = found
        self.post_message(self.Pressed(*found))
        self.capture_mouse()

    def on_click(self, event: Click) -> None:
        """A double click opens the entry."""
        found = self.place_at(event.x, event.y)
        if event.chain > 1 and found is not None and found[1] is not None:
            self.post_message(self.Opened())

    def on_mouse_move(self, event: MouseMove) -> None:
        """Show where a dragged task would go."""
        if self._grabbed is None or self._grabbed[1] is None or not event.button or self._shown is None:
            return
        over = self.place_at(event.x, event.y)
        drop = over[0] if over is not None and over[0] != self._grabbed[0] else None
        if drop != self._shown.drop:
            self.show(replace(self._shown, drop=drop))

    def on_mouse_up(self, event: MouseUp) -> None:
        """Say where a dragged task was let go."""
        self.release_mouse()
        grabbed, self._grabbed = self._grabbed, None
        if self._shown is not None and self._shown.drop is not None:
            self.show(replace(self._shown, drop=None))
        over = self.place_at(event.x, event.y)
        if grabbed is not None and grabbed[1] is not None and over is not None and over[0] != grabbed[0]:
            self.post_message(self.Dropped(grabbed[1], over[0]))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """To the next week."""
        event.stop()
        self.post_message(self.Wheeled(1))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """To the one before."""
        event.stop()
        self.post_message(self.Wheeled(-1))


def _as_fits(
    items: list[Entry | Coming], shown: Shown, width: int, room: int
) -> tuple[list[Entry | Coming], list[Line], list[Item]]:
    """The items of a week's day that its lines have room for, from one that lets the selected be seen."""
    drawn = [(item, item_lines(item, shown, width)) for item in items]
    at = next((place for place, (item, _) in enumerate(drawn)
               if isinstance(item, Entry) and item.key == shown.selected and item.day == shown.day), 0)
    start = 0
    while start < at and sum(len(lines) for _, lines in drawn[start : at + 1]) > room:
        start += 1
    kept: list[Entry | Coming] = []
    lines: list[Line] = []
    owners: list[Item] = []
    for item, own in drawn[start:]:
        if len(lines) + len(own) - 1 > room:
            break
        kept.append(item)
        lines += own
        owners += [item] * (len(own) - 1) + [None]
    return kept, lines[:room], owners[:room]
