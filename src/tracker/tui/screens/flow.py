"""Flow: how work goes through the columns, how old it gets, and what the pace says about the days to come."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tracker.domain.dates import parse_day
from tracker.domain.errors import TrackerError
from tracker.reports import flow_text, plots
from tracker.services import flow as reads
from tracker.services.header import header as read_header
from tracker.services.workspace import Workspace
from tracker.storage.rows import Header
from tracker.tui.commands import bindings, footer_words
from tracker.tui.screen_commands import FLOW
from tracker.tui.screens.reading import ReadingScreen
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.command_line.question import Question
from tracker.tui.widgets.flow import AgeingRows, Panel
from tracker.tui.widgets.flow.lines import (
    AGEING,
    FORECAST,
    figure_lines,
    flow_lines,
    forecast_lines,
    times_lines,
)
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.painted import Line, Piece
from tracker.tui.widgets.text_view import Row, TextView
from tracker.tui.widgets.title_line import TitleLine

GRID_WIDTH, GRID_HEIGHT = 108, 30
"""Terminals from this size on show all panels at once."""
TALL = 44
"""Terminals with fewer lines begin with the header on one line."""
SPANS = (7, 14, 30, 60, 90, 180, 365)
"""Days that [ and ] go through."""
NUMBERS = ("1", "2", "3", "4")


@dataclass(frozen=True)
class WhatIf:
    """So many tasks (None: all open ones) by a day (None: the end of the cycle)."""

    tasks: int | None
    by: date | None


@dataclass(frozen=True)
class FlowPicture:
    """What the screen shows."""

    header: Header | None
    flow: reads.Flow
    start: int
    ageing: tuple[reads.Ageing, ...]
    what_if: str


def read_what_if(text: str, today: date) -> WhatIf:
    """`20`, `15 nov` or `20 by 15 nov`.

    Raises:
        WrongUsage: it is neither a number nor a day.
    """
    words = text.strip()
    both = re.fullmatch(r"(?:([0-9]{1,7})\s+)?by\s+(.+)", words, re.IGNORECASE)
    if both is not None:
        return WhatIf(int(both[1]) if both[1] else None, parse_day(both[2], today))
    if re.fullmatch("[0-9]{1,7}", words):
        return WhatIf(int(words), None)
    return WhatIf(None, parse_day(words, today))


def said_of(flow: reads.Flow, what_if: WhatIf) -> str:
    """What the pace says to it; in words when it is refused."""
    try:
        chance = reads.chance_of(flow.outlook, what_if.tasks, what_if.by)
    except TrackerError as error:
        return str(error)
    return flow_text.what_if_words(flow.outlook, what_if.tasks, what_if.by, chance)


def read_flow(
    ws: Workspace, days: int | None, run: tuple[int, int], what_if: WhatIf | None
) -> FlowPicture:
    """Figures, and the rows of ageing work in view."""
    plots.prepare()  # here, on the data thread, it delays nothing
    found = reads.flow(ws, days)
    start, limit = run
    start = min(start, max(0, found.in_work - limit))
    return FlowPicture(
        read_header(ws), found, start, reads.ageing(ws, start, limit), said_of(found, what_if) if what_if else ""
    )


class FlowScreen(ReadingScreen, inherit_bindings=False):
    """Four panels side by side, or one of them where the terminal is small or a key chose it."""

    commands = FLOW
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FLOW, at_once=True)]
    CSS_PATH = "flow.tcss"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._days: int | None = None
        self._chosen: str | None = None
        """The number of the panel that was chosen; None: all that fit."""
        self._what_if: WhatIf | None = None
        self._flow: reads.Flow | None = None
        self._imagined: tuple[str, Line] = ("", ())
        """What was last typed as a what-if, and what the pace says to it."""

    def compose(self) -> ComposeResult:
        """Header, title, figures, panels, keys."""
        yield StrategyHeader(id="header")
        yield TitleLine(id="title")
        yield TextView(id="figures")
        with Container(id="panels"):
            yield Panel("1", "CUMULATIVE FLOW", id="panel1")
            yield Panel("2", "CYCLE TIME", id="panel2")
            yield AgeingRows("3", "AGEING WORK", id="panel3")
            yield Panel("4", "FORECAST", id="panel4")
        yield Footer(footer_words(self.app.remapped, FLOW), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """Fold the header where plots need the room."""
        self.query_one(StrategyHeader).folded = self.app.size.height < TALL
        self.in_front = self.query_one("#figures", TextView)
        self._rows = self.query_one(AgeingRows)
        self._arrange(self.app.size.width, self.app.size.height)

    def on_resize(self, event: events.Resize) -> None:
        """As many panels as fit."""
        self._arrange(event.size.width, event.size.height)

    # -- which panels

    @property
    def shown(self) -> str | None:
        """The only panel that is shown, None when all are."""
        return self._chosen or ("1" if self._is_small else None)

    def _arrange(self, width: int, height: int) -> None:
        self._is_small = width < GRID_WIDTH or height < GRID_HEIGHT
        self.set_class(self.shown is not None, "single")
        for number in NUMBERS:
            self.query_one(f"#panel{number}").display = self.shown in (None, number)
        self._show_title()

    def _choose(self, number: str | None) -> None:
        self._chosen = number
        self._arrange(self.app.size.width, self.app.size.height)

    def do_panel(self, number: str) -> None:
        """One panel alone; its key once more shows all that fit."""
        self._choose(None if self._chosen == number and not self._is_small else number)

    def do_next_panel(self) -> None:
        """The next panel alone, after the last one all that fit."""
        self._step_panel(1)

    def do_previous_panel(self) -> None:
        """The panel before."""
        self._step_panel(-1)

    def _step_panel(self, by: int) -> None:
        places: list[str | None] = [*NUMBERS] if self._is_small else [None, *NUMBERS]
        self._choose(places[(places.index(self.shown) + by) % len(places)])

    @on(Panel.Chosen)
    def heading_pressed(self, message: Panel.Chosen) -> None:
        """A click on a heading is the panel's key."""
        self.do_panel(message.number)

    # -- reading and showing

    def reader(self) -> Callable[[], FlowPicture]:
        """Flow over the span, the rows in view."""
        ws, days, run, what_if = self.workspace, self._days, self._rows.window.wanted(), self._what_if
        return lambda: read_flow(ws, days, run, what_if)

    def show_picture(self, picture: FlowPicture) -> None:
        """Draw what was read."""
        flow = self._flow = picture.flow
        header = self.query_one(StrategyHeader)
        header.display = picture.header is not None
        if picture.header is not None:
            header.show(picture.header)
        self.query_one("#panel1", Panel).show(flow_text.totals_words(flow), lambda *room: flow_lines(flow, *room))
        self.query_one("#panel2", Panel).show(
            flow_text.promise_words(flow) if flow.cycle_times.percentiles else "",
            lambda *room: times_lines(flow, *room),
        )
        self.query_one("#panel4", Panel).show(
            flow_text.left_words(flow.outlook), lambda *room: forecast_lines(flow, picture.what_if, *room)
        )
        self._rows.show(
            flow_text.ageing_words(flow) if flow.in_work else "", picture.start, picture.ageing, flow.in_work,
            flow.cycle_times.sle_days,
        )
        self._show_title()

    def _show_title(self) -> None:
        flow, shown = self._flow, self.shown
        if flow is None:
            return
        self.in_front.show(lambda _: [Row(line) for line in figure_lines(flow, shown)])
        reason = flow_text.cycle_words(flow) if self._days is None else ""
        left: list[Piece] = [(" FLOW", "head"), (f"  {flow_text.span_words(flow)}", "text")]
        if reason:
            left.append((f"  ({reason})", "muted"))
        right: list[Piece] = []
        if shown is not None:
            for number, name in zip(NUMBERS, ("flow", "times", "ageing", "forecast"), strict=True):
                right.append((f" {number} {name} ", "here" if number == shown else "muted"))
        else:
            right.append((f"{flow.outlook.open_tasks:,} open ", "muted"))
        self.query_one("#title", TitleLine).show(tuple(left), tuple(right))

    # -- the span

    def do_longer(self) -> None:
        """More days."""
        now = len(self._flow.days) if self._flow is not None else 0
        self._show_days(next((days for days in SPANS if days > now), SPANS[-1]))

    def do_shorter(self) -> None:
        """Fewer days."""
        now = len(self._flow.days) if self._flow is not None else 0
        self._show_days(next((days for days in reversed(SPANS) if days < now), SPANS[0]))

    def do_cycle_span(self) -> None:
        """The days of the running cycle."""
        self._show_days(None)

    def _show_days(self, days: int | None) -> None:
        if days != self._days:
            self._days = days
            self.request_reload()

    # -- ageing work

    def do_down(self) -> None:
        """The next task in work."""
        self._go(self._rows.window.cursor + 1)

    def do_up(self) -> None:
        """The task above."""
        self._go(self._rows.window.cursor - 1)

    def do_page_down(self) -> None:
        """A screenful down."""
        self._go(self._rows.window.cursor + self._rows.window.capacity)

    def do_page_up(self) -> None:
        """A screenful up."""
        self._go(self._rows.window.cursor - self._rows.window.capacity)

    def do_first(self) -> None:
        """The oldest task."""
        self._go(0)

    def do_last(self) -> None:
        """The youngest task."""
        self._go(self._rows.window.total - 1)

    def _go(self, position: int) -> None:
        """The cursor to a position; where the list is out of sight, it is brought in front first."""
        if self.shown not in (None, AGEING):
            self._choose(AGEING)
        else:
            self._rows.go(position)

    @on(AgeingRows.Wanted)
    def rows_wanted(self) -> None:
        """Read the rows around the view."""
        self.request_reload()

    @on(AgeingRows.Opened)
    def row_opened(self) -> None:
        """A double click opens the task."""
        self.do_open()

    def do_open(self) -> None:
        """The task under the cursor with all its fields."""
        if self.shown not in (None, AGEING):
            self._choose(AGEING)
        elif self._rows.current is None:
            self.refuse("Nothing is in work, so there is no task to open.")
        else:
            self.app.open_task(self._rows.current.id)

    # -- what if

    def do_what_if(self) -> None:
        """Ask how likely it is that fewer tasks, or by a later day, are done."""
        if self._flow is None or not self._flow.outlook.is_known:
            self.refuse("There is not enough history for a forecast: 5 finished tasks within 10 working days or more.")
            return
        self.ask(Question("what if", self._answered, self._hint, changed=self._imagine))

    def _answered(self, text: str) -> None:
        self._what_if = read_what_if(text, self.workspace.clock.today)
        if self.shown not in (None, FORECAST):
            self._choose(FORECAST)
        self.request_reload()

    def _hint(self, text: str) -> Line:
        if not text.strip():
            return (("20 tasks instead of all   15 nov   20 by 15 nov", "faint"),)
        try:
            read_what_if(text, self.workspace.clock.today)
        except TrackerError as error:
            return ((str(error), "warn"),)
        asked, line = self._imagined
        return line if asked == text else (("...", "faint"),)

    def _imagine(self, text: str) -> None:
        """Reckon on the data thread what is being typed."""
        flow, today = self._flow, self.workspace.clock.today
        try:
            what_if = read_what_if(text, today)
        except TrackerError:
            return
        if flow is not None:
            self.read("what if", lambda: (text, said_of(flow, what_if)), self._imagined_came)

    def _imagined_came(self, answer: tuple[str, str]) -> None:
        self._imagined = (answer[0], ((answer[1], "key"),))
        self.command_line.renew_hint()

    def do_leave(self) -> None:
        """First the what-if goes, then a panel that was chosen, then the screen."""
        self.footer.hush()
        if self._what_if is not None:
            self._what_if = None
            self.request_reload()
        elif self._chosen is not None and not self._is_small:
            self._choose(None)
        else:
            self.dismiss()
