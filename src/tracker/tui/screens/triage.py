"""Triage: one line a task, what needs something first; each key acts on the row and goes to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tracker.domain.filters import TaskFilter
from tracker.domain.tasks import OPEN
from tracker.services import board as reads
from tracker.services.header import header as read_header
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage.rows import Board, Card, Count, Header, LoadRow, Page
from tracker.tui import edits, estimates, questions
from tracker.tui.commands import bindings, footer_words
from tracker.tui.edits import Change
from tracker.tui.questions import NOBODY
from tracker.tui.screen_commands import TRIAGE
from tracker.tui.screens.editing import EditingScreen
from tracker.tui.screens.filtering import FilteringScreen
from tracker.tui.widgets.command_line import CommandLine, Question
from tracker.tui.widgets.detail import Detail
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader
from tracker.tui.widgets.load import Choosing, Figures, LoadColumn
from tracker.tui.widgets.title_line import TitleLine
from tracker.tui.widgets.triage import Setting, TriageRows

NARROW = 100
"""Terminals with fewer columns get the load in one line above the rows."""
TALL = 44
"""Terminals with fewer lines begin with the header on one line."""
AROUND_DELAY = 0.25
"""Seconds after a change until load and figures are reckoned again."""
FIRST_ROWS = 120
"""Rows that are read before the height of the list is known."""


@dataclass(frozen=True)
class Run:
    """Rows to read afresh, in the order of now."""

    start: int
    limit: int
    keep: bool
    """Whether the row under the cursor stays under it."""


@dataclass(frozen=True)
class Surroundings:
    """What stands around the rows."""

    header: Header | None
    board: Board
    loads: tuple[LoadRow, ...]
    unowned: tuple[float, int]


@dataclass(frozen=True)
class TriagePicture:
    """What triage shows; `page` is None when only the rows at hand were read again, as `cards`."""

    wanted: TaskFilter
    counts: tuple[Count, Count]
    run: Run | None
    page: Page | None
    cards: tuple[Card, ...]
    around: Surroundings | None
    """None right after a change: the row comes first, load and figures a moment later."""


def read_triage(
    ws: Workspace, wanted: TaskFilter, run: Run | None, ids: Sequence[str], *, around: bool = True
) -> TriagePicture:
    """Rows and counts; with a `run` the rows in their order of now, else the tasks `ids` where they stand."""
    return TriagePicture(
        wanted=wanted,
        counts=reads.triage_counts(ws, wanted),
        run=run,
        page=reads.triage_page(ws, wanted, run.start, run.limit) if run is not None else None,
        cards=() if run is not None else reads.cards(ws, ids),
        around=Surroundings(read_header(ws), reads.board(ws, TaskFilter()), reads.load(ws), reads.unowned(ws))
        if around
        else None,
    )


class TriageScreen(FilteringScreen, inherit_bindings=False):
    """Composes rows and load, and lets each change go on to the next row."""

    commands = TRIAGE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TRIAGE, at_once=True)]
    CSS_PATH = "triage.tcss"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._run: Run | None = Run(0, FIRST_ROWS, keep=False)
        self._counts = (Count(0), Count(0))
        self._cut_shown = False
        self.is_behind = False
        """Whether load and figures will be read again in a moment."""
        self._repeat: Change | None = None
        """What `.` does instead of the last change alone: owner and date that were given together."""

    def compose(self) -> ComposeResult:
        """Header, title, rows beside load, detail, keys."""
        yield StrategyHeader(id="header")
        with Container(id="top"):
            yield TitleLine(id="title")
            yield TitleLine(id="place")  # apart, because a region that changes is painted in its whole width
        with Container(id="body"):
            yield TriageRows(Setting(self.workspace.clock.today), self._needs, id="rows")
            yield LoadColumn(id="load")
        yield Detail(id="detail")
        yield Footer(footer_words(self.app.remapped, TRIAGE), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """Fold the header where rows need the room."""
        self.rows = self.query_one(TriageRows)
        self._load = self.query_one(LoadColumn)
        self._header_widget = self.query_one(StrategyHeader)
        self._detail = self.query_one(Detail)
        self._title = self.query_one("#title", TitleLine)
        self._place = self.query_one("#place", TitleLine)
        self._header_widget.folded = self.app.size.height < TALL
        self._show_title()

    def on_resize(self, event: events.Resize) -> None:
        """The load goes above the rows where they need the width."""
        self.set_class(event.size.width < NARROW, "narrow")
        self.set_class(event.size.width >= 160, "wide")

    # -- reading and showing

    def reader(self) -> Callable[[], TriagePicture]:
        """Figures, and the rows that are at hand; a new run of rows when one is asked for."""
        ws, wanted, run = self.workspace, self.wanted, self._run
        self._run = None
        ids = self.rows.ids_near() if run is None else ()
        around = not self._writing
        return lambda: read_triage(ws, wanted, run, ids, around=around)

    def show_picture(self, picture: TriagePicture) -> None:
        """Rows keep their places unless they were read afresh."""
        self._counts = picture.counts
        if picture.around is not None:
            self._show_around(picture.around)
        if picture.page is not None and picture.run is not None:
            self.rows.take(picture.page, picture.counts[0], keep=picture.run.keep)
        else:
            self.rows.replace_cards(picture.cards)
        self._show_title()
        self._show_detail()
        if picture.around is None and not self.is_behind:
            self.is_behind = True
            self.set_timer(AROUND_DELAY, self._read_around)

    def _read_around(self) -> None:
        self.is_behind = False
        self.request_reload()

    def _show_around(self, around: Surroundings) -> None:
        self._loads = around.loads
        if around.header is not None:
            self.figures = around.header
            self._header_widget.show(around.header)
        self.rows.set_figures(self._setting(), self._needs)
        self._load.show(self._load_figures(around))
        self._show_cut()
        self.command_line.renew_hint()

    def _setting(self) -> Setting:
        rows = self.figures.key_results if self.figures is not None else ()
        return Setting(
            self.workspace.clock.today,
            {row.id: str(row.position) for row in rows},
            {row.id: row.title for row in rows},
        )

    def _load_figures(self, around: Surroundings) -> Figures:
        hours, tasks = around.unowned
        counts = {status: count.n for status, count in around.board.counts.items()}
        forecast = around.header.forecast if around.header is not None else None
        return Figures(around.loads, hours, tasks, forecast, around.board.limits, counts)

    def _needs(self, card: Card) -> tuple[str, ...]:
        channels = self.figures.strategy.channels if self.figures is not None else ()
        return reads.needs(card, self.workspace.clock.today, channels)

    def _show_title(self) -> None:
        total, needing = self._counts
        task = "task" if total.n == 1 else "tasks"
        pieces = [
            (" TRIAGE", "head"), (f"  {total} open {task}", "text"),
            (f"   {needing} need something", "warn" if needing.n else "muted"),
        ]  # fmt: skip
        if self.rows.marked:
            pieces.append((f"   {len(self.rows.marked)} marked", "mark"))
        words = self._filter_words()
        if words != "all":
            pieces.append((f"   only {words}", "accent"))
        self._title.show(tuple(pieces), (("sorted: needs something, then due ", "faint"),))
        self._show_place()

    def _show_place(self) -> None:
        total = self._counts[0]
        place = f"{min(self.rows.window.cursor + 1, total.n)} of {total} " if total.n else ""
        self._place.show((), ((place, "muted"),))

    def _filter_words(self) -> str:
        places = {row.id: f"{row.position} {row.title}" for row in self.figures.key_results} if self.figures else {}
        return self.wanted.describe(key_result=places.get(self.wanted.key_result or ""))

    def _show_detail(self) -> None:
        self._detail.show(self.rows.current, self.figures, self.workspace.clock.today)

    # -- changes

    def targets(self) -> tuple[Card, ...]:
        """The marked rows, else the one under the cursor."""
        return self.rows.chosen_cards()

    def cited(self) -> str | None:
        """The key result that the rows are filtered by."""
        return self.wanted.key_result

    def change(self, change: Change, cards: Sequence[Card] | None = None) -> None:
        """Make a change, then go on to the next row."""
        wanted = self.targets() if cards is None else tuple(cards)
        self._repeat = None
        super().change(change, wanted)
        self._go_on(wanted)

    def _go_on(self, acted: Sequence[Card]) -> None:
        if self.rows.marked:
            self.rows.mark(())
            self._show_title()
        elif acted and self.rows.current is not None and self.rows.current.id == acted[0].id:
            self.rows.move(1)

    def _assign_question(self, cards: tuple[Card, ...]) -> Question:
        def answer(owner: str) -> None:
            self._load.choose(None)
            change = edits.assign(None if owner == NOBODY else owner)
            undated = tuple(card for card in cards if card.due_on is None and card.status in OPEN)
            if owner == NOBODY or not undated:
                self.change(change, cards)
            else:
                EditingScreen.change(self, change, cards)  # and stay: the date is asked for in the same row
                self.ask(self._date_question(owner, cards, undated))

        self._choose("", cards)
        return replace(
            questions.person(f"{self._named(cards)} to", lambda: self._loads, answer, nobody=True),
            changed=lambda text: self._choose(text, cards), left=lambda: self._load.choose(None),
        )  # fmt: skip

    def _date_question(self, owner: str, cards: Sequence[Card], undated: Sequence[Card]) -> Question:
        def answer(day: date | None, _: str) -> None:
            EditingScreen.change(self, edits.set_due(day), undated)
            self._repeat = estimates.give(owner, day)
            self._go_on(cards)

        label = f"{self._named(undated)} to {owner}, due"
        asked = questions.due(label, self.workspace.clock.today, answer)
        return replace(asked, left=lambda: self._go_on(cards))

    def _choose(self, text: str, cards: Sequence[Card]) -> None:
        """Show in the load column who may be meant, and what they would have to do then."""
        found = questions.people_matching(self._loads, text) if text.strip() else self._loads
        hours = sum(_hours(card) for card in cards) if text.strip() else 0.0
        self._load.choose(Choosing(frozenset(row.person.id for row in found), hours))

    def do_estimate(self) -> None:
        """Ask for hours."""
        self._asking(
            lambda cards: estimates.question(
                f"{self._named(cards)} takes", lambda hours: self.change(estimates.set_estimate(*hours), cards)
            )
        )

    def do_repeat(self) -> None:
        """The last change once more, here; owner and date that were given together go together."""
        if self._repeat is None:
            super().do_repeat()
        else:
            repeated = self._repeat
            self.change(repeated)
            self._repeat = repeated

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """Undo and redo bring the cursor to what they changed."""
        if change.follows:
            self.rows.go_to(outcome.ids)
        self._show_detail()

    def refuse(self, words: str) -> None:
        """Say why something is not done, and take the load column out of the question."""
        self._load.choose(None)
        super().refuse(words)

    # -- the cursor

    def do_down(self) -> None:
        """The next row."""
        self.rows.move(1)

    def do_up(self) -> None:
        """The row above."""
        self.rows.move(-1)

    def do_page_down(self) -> None:
        """A screenful down."""
        self.rows.move(self.rows.window.capacity)

    def do_page_up(self) -> None:
        """A screenful up."""
        self.rows.move(-self.rows.window.capacity)

    def do_first(self) -> None:
        """The first row."""
        self.rows.go(0)

    def do_last(self) -> None:
        """The last row."""
        self.rows.go(self.rows.window.total - 1)

    def do_skip(self) -> None:
        """Leave the row as it is."""
        self.rows.move(1)

    def do_select(self) -> None:
        """Mark the row, or no longer, and go on."""
        self.rows.mark_current()
        self._show_title()

    @on(TriageRows.Moved)
    def cursor_moved(self) -> None:
        """Tell about the row the cursor is on now."""
        self._show_detail()
        self._show_place()

    @on(TriageRows.Wanted)
    def rows_wanted(self, message: TriageRows.Wanted) -> None:
        """Read the rows around the view."""
        self._run = Run(message.start, message.limit, keep=True)
        self.request_reload()

    # -- what is shown

    def do_sort(self) -> None:
        """Read the rows in their order of now."""
        self._read_afresh()

    def do_cut(self) -> None:
        """Draw the line below which work will not finish, or no longer."""
        forecast = self.figures.forecast if self.figures is not None else None
        if forecast is None or forecast.at_85 is None:
            self.refuse("There is not enough history for a forecast: 5 finished tasks within 10 working days or more.")
            return
        self._cut_shown = not self._cut_shown
        self._show_cut()

    def _show_cut(self) -> None:
        forecast = self.figures.forecast if self.figures is not None and self._cut_shown else None
        self.rows.show_cut(forecast)
        self._load.show_cut(self._cut_shown)

    def _read_afresh(self) -> None:
        self.rows.mark(())
        self._run = Run(0, max(FIRST_ROWS, 3 * self.rows.window.capacity), keep=False)
        self.request_reload()

    def filter_by(self, wanted: TaskFilter) -> None:
        """Show what matches, from the first row."""
        if wanted != self.wanted:
            self.wanted = wanted
            self._read_afresh()

    def do_open(self) -> None:
        """The task with all its fields."""
        if self.rows.current is not None:
            self.app.open_task(self.rows.current.id)

    @on(TriageRows.Opened)
    def row_opened(self) -> None:
        """A double click opens the task."""
        self.do_open()

    def do_edit(self) -> None:
        """The form of the task."""
        if self.rows.current is not None:
            self.app.open_task(self.rows.current.id, edit=True)

    def do_leave(self) -> None:
        """First the marks, then the filter, then triage itself."""
        self.footer.hush()
        if self.rows.marked:
            self.rows.mark(())
            self._show_title()
        elif self.wanted != TaskFilter():
            self.filter_by(TaskFilter())
        else:
            self.dismiss()


def _hours(card: Card) -> float:
    bounds = [hours for hours in (card.estimate_low_h, card.estimate_high_h) if hours is not None]
    return sum(bounds) / len(bounds) if bounds else 0.0
