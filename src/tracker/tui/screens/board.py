"""The board: strategy header, filter, columns, detail, and the keys that move through them."""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from tracker.domain.filters import TaskFilter
from tracker.services import board as reads
from tracker.services.header import header as read_header
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage.rows import Board, Card, Header, Page
from tracker.tui.commands import bindings, footer_words
from tracker.tui.lazy import Lazy
from tracker.tui.messages import Failed, HeaderRead, Written
from tracker.tui.screens.filtering import FilteringScreen
from tracker.tui.widgets.columns import Column, Columns
from tracker.tui.widgets.columns.columns import STATUSES, Standing
from tracker.tui.widgets.command_line import CommandLine
from tracker.tui.widgets.detail import Detail
from tracker.tui.widgets.filter_bar import FilterBar, Shown
from tracker.tui.widgets.footer import Footer
from tracker.tui.widgets.header import StrategyHeader

if TYPE_CHECKING:
    from tracker.services import flow, foresight
    from tracker.services.flow import CutLine
    from tracker.tui import edits
    from tracker.tui.edits import Change
else:  # the first frame changes nothing
    edits, foresight = Lazy("tracker.tui.edits"), Lazy("tracker.services.foresight")
    flow = Lazy("tracker.services.flow")

FIRST_CARDS = 40
"""Cards of each column that are read before the size of the columns is known."""
SHORT = 20
"""Terminals with fewer lines get a folded header and single lines below the columns."""
OPENING = ("doing", "assigned", "backlog", "review", "done")
"""The cursor begins in the first of these columns that has a card."""
SLOW_SECONDS = 0.1
"""A move that is shown and takes longer than this to be written says so."""
HEADER_DELAY = 0.25
"""Seconds without a change after which the figures of the header are reckoned again."""


@dataclass(frozen=True)
class BoardPicture:
    """What the board shows: counts and the runs of cards in and around the view."""

    wanted: TaskFilter
    board: Board
    pages: Mapping[str, Page]
    cut: CutLine | None = None
    """None where the cut line is unknown or not asked for."""


def read_board(
    ws: Workspace, wanted: TaskFilter, runs: Mapping[str, tuple[int, int]] | None = None, *, with_cut: bool = False
) -> BoardPicture:
    """Counts and cards for a filter; `runs` are start and length by status, else the first cards of each column."""
    view = reads.view(ws, wanted, runs or FIRST_CARDS)
    return BoardPicture(wanted, view.board, view.pages, flow.cut_line(ws) if with_cut else None)


class BoardScreen(FilteringScreen):
    """Composes the regions and passes messages between them."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(at_once=True)]
    READS_AT_ONCE = True

    def __init__(self, workspace: Workspace, header: Header | None, picture: BoardPicture) -> None:
        super().__init__(workspace)
        self.figures = header
        self.wanted = picture.wanted
        self._first: BoardPicture | None = picture
        self._others_wrote = False
        self._before: Standing | None = None
        """What was shown before a move that is not written yet."""
        self._say_slow: TimerHandle | None = None
        self._say_done: Timer | None = None
        """Tells of a foreseen move that is written by now."""
        self._was_foreseen = False
        self._header_timer_runs = False
        self._is_short = False
        self._cut_shown = False

    def compose(self) -> ComposeResult:
        """Header, filter, columns, detail, keys."""
        yield StrategyHeader(id="header")
        yield FilterBar(id="filter")
        yield Columns(id="columns")
        yield Detail(id="detail")
        yield Footer(footer_words(self.app.remapped), id="footer")
        yield CommandLine(id="command")

    def on_mount(self) -> None:
        """Show what was read before the start, so that the first frame has it."""
        self.columns = self.query_one(Columns)
        self._header_widget = self.query_one(StrategyHeader)
        self._detail = self.query_one(Detail)
        self._filter_bar = self.query_one(FilterBar)
        if self.workspace.settings.fold_header:
            self._header_widget.toggle_fold()
        if self.figures is not None:
            self._header_widget.show(self.figures)
        self.columns.set_context(self.workspace.clock.today, self.figures)
        if self._first is not None:
            self.show_picture(self._first)
        self.columns.go(next((status for status in OPENING if self.columns.windows[status].total), STATUSES[0]))
        self._show_detail()

    def on_resize(self, event: events.Resize) -> None:
        """Fold the header where it would leave no room for cards."""
        is_short = event.size.height < SHORT
        if is_short != self._is_short:
            self._is_short = is_short
            self.set_class(is_short, "-short")
            self._header_widget.folded = is_short or self.workspace.settings.fold_header

    # -- reading and showing

    def reader(self) -> Callable[[], BoardPicture]:
        """Counts and the runs in view, for the filter of this moment."""
        ws, wanted, runs, with_cut = self.workspace, self.wanted, self.columns.wanted(), self._cut_shown
        return lambda: read_board(ws, wanted, runs, with_cut=with_cut)

    def show_picture(self, picture: BoardPicture) -> None:
        """Cards and counts; the cursor keeps its place, or its task when it was somebody else who moved the cards."""
        here = self.columns.current if self._others_wrote else None
        self._others_wrote = False
        self.columns.show_cut(picture.cut)
        self.columns.show(picture.board, picture.pages)
        position = self.columns.window.find(here.id) if here is not None else None
        if position is not None:
            self.columns.go(self.columns.at, position)
        self._show_filter()
        self._show_detail()

    def _show_detail(self) -> None:
        self._detail.show(self.columns.current, self.figures, self.workspace.clock.today)

    def _show_filter(self) -> None:
        places = {row.id: f"{row.position} {row.title}" for row in self.figures.key_results} if self.figures else {}
        wanted = self.wanted
        owner = f"mine ({wanted.owner})" if wanted.owner == self.workspace.actor else wanted.owner
        words = wanted.describe(key_result=places.get(wanted.key_result or ""), owner=owner)
        hint = f"(1-{min(9, len(places)) or 9} key result, m mine, / text)" if words == "all" else "(0 all)"
        chosen, stages = len(self.columns.chosen), self.columns.board.stages
        self._filter_bar.show(Shown(words.removeprefix("key result "), hint, chosen, stages))

    def store_changed(self) -> None:
        """Read board and header again; what was read for the first frame is new enough."""
        if self._first is not None:
            self._first = None
            return
        self._others_wrote = True
        super().store_changed()
        self._read_header()

    def foresee(self, change: Change, cards: Sequence[Card]) -> bool:
        """Show a move at once: the write waits for the disk, which nobody has to."""
        me = self.workspace.actor
        actor = me if any(load.person.id == me for load in self._loads) else None
        if change.target is None or self._writing:
            return False
        foreseen = foresight.after_move(
            self.columns.view(), self.wanted, cards, change.target, today=self.workspace.clock.today, actor=actor
        )
        if foreseen is None:
            return False
        self._before = self.columns.standing()
        self.columns.show(foreseen.view.board, foreseen.view.pages)
        self._hush()  # what is not written yet is not said to be done
        ids = tuple(card.id for card in cards)
        self._go_after(change, Outcome(0, change.said_of(ids), ids, foreseen.notices))
        self._show_filter()
        self._say_slow = get_running_loop().call_later(SLOW_SECONDS, self._tell_slow)
        return True

    def _tell_slow(self) -> None:
        self.footer.say("not written yet: the database is busy", "notice")

    def take_back(self) -> None:
        """Put back what a move that came to nothing had changed on the screen."""
        before = self._end_of_foreseen()
        if before is not None:
            self.columns.put_back(before)
            self._show_filter()
            self._show_detail()

    def _end_of_foreseen(self) -> Standing | None:
        before, self._before = self._before, None
        if self._say_slow is not None:
            self._say_slow.cancel()
            self._say_slow = None
        return before

    def change_came(self, message: Written) -> None:
        """Show what was really written; where it is what was foreseen, nothing is drawn."""
        self._was_foreseen = self._end_of_foreseen() is not None
        super().change_came(message)

    def tell(self, outcome: Outcome) -> None:
        """What was done; of a move that is on the screen already a moment later, with the figures of the header."""
        self._hush()
        tell = super().tell
        if self._was_foreseen:
            self._was_foreseen = False
            self._say_done = self.set_timer(HEADER_DELAY, lambda: self._tell_of(tell, outcome))
        else:
            tell(outcome)

    def _tell_of(self, tell: Callable[[Outcome], None], outcome: Outcome) -> None:
        self._say_done = None
        tell(outcome)

    def _hush(self) -> None:
        """No word of an earlier change any more."""
        if self._say_done is not None:
            self._say_done.stop()
            self._say_done = None
        self.footer.hush()

    def refuse(self, words: str) -> None:
        """Say why something is not done."""
        self._hush()
        super().refuse(words)

    def after_change(self, change: Change, outcome: Outcome) -> None:
        """Stay for the next card, or follow the one that was changed."""
        self._go_after(change, outcome)
        self._read_header_soon()

    def _go_after(self, change: Change, outcome: Outcome) -> None:
        if change.moves_on and self.columns.chosen:
            self.columns.choose_none()
            self._show_filter()
        if change.follows:
            self._follow(outcome, (self.columns.at, *STATUSES))
        elif not change.moves_on:
            self._follow(outcome, (self.columns.at,))
        self._show_detail()

    def _follow(self, outcome: Outcome, statuses: Sequence[str]) -> None:
        """Put the cursor on what was changed, if that is at hand in one of the columns."""
        for task in outcome.ids[:1]:
            for status in statuses:
                position = self.columns.windows[status].find(task)
                if position is not None:
                    self.columns.go(status, position)
                    return

    def _read_header_soon(self) -> None:
        if not self._header_timer_runs:
            self._header_timer_runs = True
            self.set_timer(HEADER_DELAY, self._read_header)

    def _read_header(self) -> None:
        self._header_timer_runs = False
        ws = self.workspace
        self.app.data.submit(
            lambda: read_header(ws),
            lambda figures: self.post_message(HeaderRead(figures)),
            lambda error: self.post_message(Failed(error)),
        )

    @on(HeaderRead)
    def header_came(self, message: HeaderRead) -> None:
        """New figures of strategy and key results."""
        if message.header is not None and message.header != self.figures:
            self.figures = message.header
            self._header_widget.show(message.header)
            self.columns.set_context(self.workspace.clock.today, message.header)
            self._show_filter()
            self._show_detail()

    # -- the cursor

    def _at(self, position: int) -> None:
        self.columns.go(self.columns.at, position)
        self._show_detail()

    def do_down(self) -> None:
        """The next card."""
        self._at(self.columns.window.cursor + 1)

    def do_up(self) -> None:
        """The card above."""
        self._at(self.columns.window.cursor - 1)

    def do_page_down(self) -> None:
        """A screenful down."""
        self._at(self.columns.window.cursor + self.columns.window.capacity)

    def do_page_up(self) -> None:
        """A screenful up."""
        self._at(self.columns.window.cursor - self.columns.window.capacity)

    def do_first(self) -> None:
        """The top of the column."""
        self._at(0)

    def do_last(self) -> None:
        """The end of the column."""
        self._at(self.columns.window.total - 1)

    def do_left(self) -> None:
        """The column to the left."""
        self.columns.step(-1)
        self._show_detail()

    def do_right(self) -> None:
        """The column to the right."""
        self.columns.step(1)
        self._show_detail()

    # -- selection and filter

    def targets(self) -> tuple[Card, ...]:
        """The selected cards at hand, else the one under the cursor."""
        if self.columns.chosen:
            return self.columns.chosen_cards()
        current = self.columns.current
        return (current,) if current is not None else ()

    def cited(self) -> str | None:
        """The key result the board is filtered by."""
        return self.wanted.key_result

    def do_select(self) -> None:
        """Select the card, or no longer, and go on to the next."""
        card = self.columns.current
        if card is not None:
            self.columns.choose(card)
            self._show_filter()
            self.do_down()

    def do_clear(self) -> None:
        """First the selection, then the filter."""
        self.footer.hush()
        if self.columns.chosen:
            self.columns.choose_none()
            self._show_filter()
        else:
            self.filter_by(TaskFilter())

    def filter_by(self, wanted: TaskFilter) -> None:
        """Show what matches."""
        if wanted != self.wanted:
            self.wanted = wanted
            self._others_wrote = False
            self.columns.to_top()
            self.request_reload()

    def do_cut(self) -> None:
        """Draw the line below which work will not finish, or no longer."""
        forecast = self.figures.forecast if self.figures is not None else None
        if forecast is None or forecast.at_85 is None:
            self.refuse("There is not enough history for a forecast: 5 finished tasks within 10 working days or more.")
            return
        self._cut_shown = not self._cut_shown
        self.request_reload()
        if self._cut_shown:
            by = f"{forecast.by.day} {forecast.by:%b}"
            rest = "the others are marked along their left" if forecast.at_85 < forecast.open_tasks else "that is all"
            self.footer.say(f"{forecast.at_85:,} of {forecast.open_tasks:,} finish by {by} (85%); {rest}")

    # -- mouse

    @on(Column.Pressed)
    def card_pressed(self, message: Column.Pressed) -> None:
        """A click puts the cursor there, a double click opens the task."""
        self.columns.go(message.column.status, message.position)
        self._show_detail()
        if message.times == 2:
            self.do_open()

    @on(Column.Dragged)
    def card_dragged(self, message: Column.Dragged) -> None:
        """Show where the card would land; let go, it moves there."""
        target = self.columns.column_at(message.x, message.y)
        self.columns.mark_drop(None if message.dropped else target)
        if message.dropped and target is not None and target is not message.column:
            self.change(edits.move(target.status))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A card that was let go before its column had hold of the mouse is let go all the same."""
        for column in self.columns.shown:
            column.let_go(event.screen_x, event.screen_y)

    @on(Column.NeedsCards)
    def cards_needed(self) -> None:
        """The view came near the end of the cards at hand."""
        self.request_reload()

    @on(StrategyHeader.KeyResultPressed)
    def key_result_pressed(self, message: StrategyHeader.KeyResultPressed) -> None:
        """A click on a key result filters by it."""
        same = self.wanted.key_result == message.key_result
        self.filter_by(replace(self.wanted, key_result=None if same else message.key_result))

    # -- other places

    def do_open(self) -> None:
        """The task with all its fields."""
        card = self.columns.current
        if card is not None:
            self.app.open_task(card.id)

    def do_edit(self) -> None:
        """The form of the task."""
        card = self.columns.current
        if card is not None:
            self.app.open_task(card.id, edit=True)

    def do_triage(self) -> None:
        """Go to triage."""
        self.app.open_place("triage")

    def do_strategy(self) -> None:
        """Go to the strategy."""
        self.app.open_place("strategy")

    def do_check_in(self) -> None:
        """Go to the check-ins."""
        self.app.open_place("check_in")

    def do_calendar(self) -> None:
        """Go to the calendar."""
        self.app.open_place("calendar")

    def do_sync(self) -> None:
        """Go to sync."""
        self.app.open_place("sync")

    def do_alignment(self) -> None:
        """Go to the audit."""
        self.app.open_place("alignment")

    def do_plan_back(self) -> None:
        """Go to the plan back that the task under the cursor has a part in."""
        from tracker.tui.screens.plan_back import PlanBackScreen  # imported here: the first frame does not need it

        card = self.columns.current
        self.app.push_screen(PlanBackScreen(self.workspace, near=card.key_result if card is not None else None))

    def do_cycle(self) -> None:
        """Go to the cycle."""
        self.app.open_place("cycle")

    def do_ideas(self) -> None:
        """Go to the ideas."""
        self.app.open_place("ideas")

    def do_quit(self) -> None:
        """Leave; everything is saved."""
        self.app.exit()
