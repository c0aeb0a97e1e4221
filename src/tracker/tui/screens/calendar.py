"""The calendar: what is due and published by month or week, gaps in it, and days that tasks are moved to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from tracker.domain.dates import EARLIEST, LATEST, plus_months, show_day
from tracker.reports.calendar_text import gap_words, gaps_within
from tracker.services import calendar as services
from tracker.services.calendar import BOTH, Calendar, Entry, Moved, week_of, weeks_of_month
from tracker.services.header import header as read_header
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage.calendar_rows import DUE, PUBLISH
from tracker.storage.rows import Card, Header
from tracker.tui import edits, questions
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.screen_commands import CALENDAR
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.widgets.calendar import CalendarGrid, Shown
from tracker.tui.widgets.calendar.lines import MONTH, MONTHS, WEEK, legend
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.detail import Detail
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.title_line import TitleLine

TALL = 44
"""Terminals with fewer lines begin with the header on one line."""
SHORT = 30
"""Terminals with fewer lines have two lines about a task."""
A_DAY = 12
"""Entries a day that are read before the room is known."""
WHATS = (BOTH, (PUBLISH,), (DUE,))
"""What is shown, in the order that the key goes through."""
MARGIN = timedelta(days=45)
"""The calendar stops so far from the ends of what a date can hold, so that a month and its weeks are always whole."""


@dataclass(frozen=True)
class CalendarPicture:
    """What the calendar shows."""

    header: Header | None
    calendar: Calendar


class CalendarScreen(ReadingScreen, EditingScreen, inherit_bindings=False):
    """Composes grid and detail; keys move the day or the tasks on it."""

    commands = CALENDAR
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CALENDAR, at_once=True)]
    CSS_PATH = "calendar.tcss"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        today = workspace.clock.today
        self._calendar = Calendar((), None)
        self._day = today
        self._mode = MONTH
        self._what: Sequence[str] = BOTH
        self._selected: tuple[str, str] | None = None
        self._marked: dict[tuple[str, str], Entry] = {}
        self._follow: tuple[tuple[str, str], date] | None = None
        """The entry, and the day, that the cursor goes to when the write on its way is done."""
        self._read_for: tuple[date, date, int] | None = None
        """First and last day and entries a day of the last read."""

    def compose(self) -> ComposeResult:
        """Header, title, grid, what is known of the task, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        yield CalendarGrid(id="grid")
        yield Detail(id="detail")
        yield Footer(footer_words(self.app.remapped, CALENDAR), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """Fold the header where days need the room."""
        self.grid = self.query_one(CalendarGrid)
        self._header_widget = self.query_one(StrategyHeader)
        self._detail = self.query_one(Detail)
        self._title = self.query_one("#title", TitleLine)
        self._header_widget.folded = self.app.size.height < TALL
        self.set_class(self.app.size.height < SHORT, "short")

    def on_resize(self, event: events.Resize) -> None:
        """A short terminal has two lines about a task."""
        self.set_class(event.size.height < SHORT, "short")

    # -- reading and showing

    def _range(self) -> tuple[date, date]:
        return weeks_of_month(self._day) if self._mode == MONTH else week_of(self._day)

    def _room(self) -> int:
        return self.grid.capacity if self.grid.size.height > 1 else A_DAY

    def reader(self) -> Callable[[], CalendarPicture]:
        """The days in view, and all of the day under the cursor."""
        ws, (first, last), room, day, what = self.workspace, self._range(), self._room(), self._day, self._what
        self._read_for = (first, last, room)
        return lambda: CalendarPicture(
            read_header(ws), services.calendar(ws, first, last, a_day=room, whole=day, shown=what)
        )

    def show_picture(self, picture: CalendarPicture) -> None:
        """Draw what was read; the cursor stays on its day and task."""
        self._calendar = picture.calendar
        if picture.header is not None:
            self.figures = picture.header
            self._header_widget.show(picture.header)
        here = {entry.key: entry for day in picture.calendar.days for entry in day.entries}
        self._marked = {key: here.get(key, entry) for key, entry in self._marked.items()}
        self._show()

    def _entries(self) -> tuple[Entry, ...]:
        """What stands on the day under the cursor, of the kinds that are shown."""
        return tuple(entry for entry in self._calendar.on(self._day).entries if entry.what in self._what)

    def _current(self) -> Entry | None:
        entries = self._entries()
        return next((entry for entry in entries if entry.key == self._selected), entries[0] if entries else None)

    def _show(self) -> None:
        current = self._current()
        self._selected = current.key if current is not None else None
        places = {row.id: str(row.position) for row in self.figures.key_results} if self.figures is not None else {}
        self.grid.show(Shown(
            self._calendar, self.workspace.clock.today, self._day, self._mode, tuple(self._what), self._selected,
            frozenset(self._marked), None, places,
        ))  # fmt: skip
        self._detail.show(current.card if current is not None else None, self.figures, self.workspace.clock.today)
        self._show_title()

    def _show_title(self) -> None:
        today, gaps = self.workspace.clock.today, self._calendar.gaps
        first, last = week_of(self._day)
        when = (f"{MONTHS[self._day.month - 1]} {self._day.year}" if self._mode == MONTH
                else f"{show_day(first, today)} to {show_day(last, today)}")
        what = "" if len(self._what) > 1 else f"   only {self._what[0]} days"
        pieces = [(" CALENDAR", "head"), (f"  {when}", "title"), (what, "accent")]
        if self._calendar.days:
            is_inside = gaps is not None and gaps.first <= self._day <= gaps.last
            words = gaps_within(gaps, today) if gaps is not None and is_inside else gap_words(gaps, today)
            pieces.append((f"   {words}", "warn" if gaps is not None and gaps.days else "muted"))
        if self._marked:
            pieces.append((f"   {len(self._marked)} selected", "mark"))
        self._title.show(tuple(pieces), legend(self.grid.shown.glyphs) if self.grid.shown is not None else ())

    @on(CalendarGrid.Resized)
    def room_changed(self) -> None:
        """Read as many entries a day as there is room for."""
        if self._read_for is not None and self._room() > self._read_for[2]:
            self.request_reload()

    # -- the day

    def _go(self, day: date, selected: tuple[str, str] | None = None) -> None:
        """The cursor to a day; what is not at hand is read."""
        before = self._range()
        self._day = max(EARLIEST + MARGIN, min(LATEST - MARGIN, day))
        self._selected = selected
        self._show()
        found = self._calendar.on(self._day)
        if self._range() != before or len(self._entries()) < min(found.total(self._what), services.MOST_OF_A_DAY):
            self.request_reload()

    def do_left(self) -> None:
        """The day before."""
        self._go(self._day - timedelta(days=1))

    def do_right(self) -> None:
        """The day after."""
        self._go(self._day + timedelta(days=1))

    def do_up(self) -> None:
        """The week before; in a week the task above."""
        if self._mode == MONTH:
            self._go(self._day - timedelta(days=7))
        else:
            self._choose(-1)

    def do_down(self) -> None:
        """The week after; in a week the next task."""
        if self._mode == MONTH:
            self._go(self._day + timedelta(days=7))
        else:
            self._choose(1)

    def do_page_up(self) -> None:
        """The month or week before."""
        self._turn_page(-1)

    def do_page_down(self) -> None:
        """The next month or week."""
        self._turn_page(1)

    def _turn_page(self, by: int) -> None:
        self._go(plus_months(self._day, by) if self._mode == MONTH else self._day + timedelta(days=7 * by))

    def do_first(self) -> None:
        """The first day of the month or week."""
        self._go(self._day.replace(day=1) if self._mode == MONTH else week_of(self._day)[0])

    def do_last(self) -> None:
        """The last day of the month or week."""
        self._go(plus_months(self._day.replace(day=1), 1) - timedelta(days=1) if self._mode == MONTH
                 else week_of(self._day)[1])

    def do_today(self) -> None:
        """Today."""
        self._go(self.workspace.clock.today)

    def do_view(self) -> None:
        """A month or a week."""
        self._mode = WEEK if self._mode == MONTH else MONTH
        self._show()
        self.request_reload()

    def do_which(self) -> None:
        """Publish and due days, or only one of them."""
        self._what = WHATS[(WHATS.index(tuple(self._what)) + 1) % len(WHATS)]
        self._marked = {key: entry for key, entry in self._marked.items() if entry.what in self._what}
        self._show()
        self.request_reload()

    def do_next_task(self) -> None:
        """The next task of the day."""
        self._choose(1)

    def do_previous_task(self) -> None:
        """The task of the day before it."""
        self._choose(-1)

    def _choose(self, by: int) -> None:
        entries = self._entries()
        if entries:
            current = self._current()
            at = entries.index(current) if current is not None else 0
            self._selected = entries[(at + by) % len(entries)].key
            self._show()

    @on(CalendarGrid.Pressed)
    def pressed(self, message: CalendarGrid.Pressed) -> None:
        """The cursor goes where the mouse was pressed."""
        if self.command_line.question is None:
            self._go(message.day, message.entry.key if message.entry is not None else None)

    @on(CalendarGrid.Opened)
    def opened(self) -> None:
        """A double click opens the task."""
        if self.command_line.question is None:
            self.do_open()

    @on(CalendarGrid.Wheeled)
    def wheeled(self, message: CalendarGrid.Wheeled) -> None:
        """The wheel goes from week to week."""
        self._go(self._day + timedelta(days=7 * message.by))

    # -- the tasks of the day

    def targets(self) -> tuple[Card, ...]:
        """The selected tasks, else the one under the cursor."""
        return tuple({entry.card.id: entry.card for entry in self._targeted()}.values())

    def _targeted(self) -> tuple[Entry, ...]:
        if self._marked:
            return tuple(self._marked.values())
        current = self._current()
        return (current,) if current is not None else ()

    def do_select(self) -> None:
        """Select the task, or no longer, and go on to the next of the day."""
        current = self._current()
        if current is None:
            self._refuse_nothing()
            return
        if self._marked.pop(current.key, None) is None:
            self._marked[current.key] = current
        self._choose(1)

    def _refuse_nothing(self) -> None:
        self.refuse("There is no task on this day; n makes one.")

    def do_day_later(self) -> None:
        """A day later."""
        self._move(1)

    def do_day_earlier(self) -> None:
        """A day earlier."""
        self._move(-1)

    def do_week_later(self) -> None:
        """A week later."""
        self._move(7)

    def do_week_earlier(self) -> None:
        """A week earlier."""
        self._move(-7)

    def _move(self, days: int) -> None:
        entries = self._targeted()
        if not entries:
            self._refuse_nothing()
            return
        by = timedelta(days=days)
        if not all(EARLIEST <= entry.day + by <= LATEST for entry in entries):
            self.refuse(f"Days lie between {EARLIEST} and {LATEST}.")
            return
        self._reschedule({entry: entry.day + by for entry in entries})

    @on(CalendarGrid.Dropped)
    def dropped(self, message: CalendarGrid.Dropped) -> None:
        """The dragged task goes to the day; selected ones go along when it is one of them."""
        if self._writing or self.command_line.question is not None:
            return
        by = message.day - message.entry.day
        dragged = self._targeted() if message.entry.key in self._marked else (message.entry,)
        self._reschedule({entry: entry.day + by for entry in dragged}, message.entry)

    def do_due(self) -> None:
        """Ask for a day; due or publish, as the task under the cursor is shown."""
        entries = self._targeted()
        if not entries:
            self._refuse_nothing()
            return
        named = entries[0].card.id if len(entries) == 1 else f"{len(entries)} tasks"
        whats = " and ".join(sorted({entry.what for entry in entries}))

        def answer(day: date | None, _: str) -> None:
            self._reschedule(dict.fromkeys(entries, day))

        self.ask(questions.due(f"{named} {whats}", self.workspace.clock.today, answer))

    def _reschedule(self, days: dict[Entry, date | None], leading: Entry | None = None) -> None:
        """Give entries other days; the cursor goes along with the leading one."""
        ws = self.workspace
        moves = [Moved(entry.card.id, entry.what, to, entry.day) for entry, to in days.items()]
        current = self._current()
        lead = leading or (current if current in days else next(iter(days)))
        to = days[lead]
        self._follow = (lead.key, to) if to is not None else None

        def again() -> None:
            self.write(change, lambda: services.reschedule(ws, moves, anyway=True))

        change = Change(edits.nothing, repeatable=False, again=again)
        self.write(change, lambda: services.reschedule(ws, moves))

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """The cursor goes with what was moved, made or brought back."""
        follow, self._follow = self._follow, None
        if follow is not None:
            self._go(follow[1], follow[0])
        elif change.follows:
            found = next((entry for day in self._calendar.days for entry in day.entries
                          if entry.card.id in outcome.ids and entry.what in self._what), None)
            if found is not None:
                self._go(found.day, found.key)
        self._forget_gone()

    def _forget_gone(self) -> None:
        """Selected tasks that lost their day are selected no more."""
        first, last = self._range()
        here = {entry.key for day in self._calendar.days for entry in day.entries}
        gone = [key for key, entry in self._marked.items() if first <= entry.day <= last and key not in here]
        for key in gone:
            del self._marked[key]
        if gone:
            self._show()

    # -- other commands

    def do_new(self, text: str = "") -> None:
        """Ask for a task in one line; it is due on the day under the cursor."""
        super().do_new(text or f"due:{self._day.isoformat()} ")

    def do_open(self) -> None:
        """The task with all its fields."""
        current = self._current()
        if current is not None:
            self.app.open_task(current.card.id)

    def do_edit(self) -> None:
        """The form of the task."""
        current = self._current()
        if current is not None:
            self.app.open_task(current.card.id, edit=True)

    def do_leave(self) -> None:
        """First the selection, then the calendar itself."""
        self.footer.hush()
        if self._marked:
            self._marked = {}
            self._show()
        else:
            self.dismiss()
