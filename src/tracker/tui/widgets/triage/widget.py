"""The rows of triage: a window on a list of any length, of which only what is visible is drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tracker.domain.forecast import cut_after
from tracker.storage.rows import Card, Count, Forecast, Page
from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.columns.window import Window
from tracker.tui.widgets.painted import Canvas
from tracker.tui.widgets.triage.lines import Setting, columns, cut_words, heading_line, row_line

WHEEL_ROWS = 3


class TriageRows(Canvas):
    """One line a task, headings above. The order is the one that was read: acting on a row never moves it."""

    DEFAULT_CSS = """
    TriageRows {
        width: 1fr;
        height: 1fr;
    }
    """

    @dataclass
    class Wanted(Message):
        """Rows that are in view, or near, have to be read."""

        start: int
        limit: int

    class Moved(Message):
        """The cursor stands on another row."""

    class Opened(Message):
        """The row under the cursor was clicked once more."""

    def __init__(self, setting: Setting, needs: Callable[[Card], tuple[str, ...]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.window = Window()
        self.marked: dict[str, Card] = {}
        """Marked rows by id, in the order they were marked."""
        self.setting = setting
        self._needs = needs
        self._cut: Forecast | None = None
        self._cut_after: int | None = None

    @property
    def current(self) -> Card | None:
        """The card under the cursor."""
        return self.window.current

    def chosen_cards(self) -> tuple[Card, ...]:
        """What a key acts on: the marked rows, else the one under the cursor."""
        if self.marked:
            return tuple(self.marked.values())
        return (self.current,) if self.current else ()

    def ids_near(self) -> tuple[str, ...]:
        """Ids of the rows in and around the view, and of the marked ones."""
        first, last = self.window.top - self.window.capacity, self.window.top + 2 * self.window.capacity
        cards = (self.window.card_at(position) for position in range(max(0, first), last))
        return tuple(dict.fromkeys([card.id for card in cards if card is not None] + list(self.marked)))

    def set_figures(self, setting: Setting, needs: Callable[[Card], tuple[str, ...]]) -> None:
        """Draw against these from now on."""
        setting = replace(setting, glyphs=glyphs_of(self))
        if (setting, needs) != (self.setting, self._needs):
            self.setting, self._needs = setting, needs
            self.refresh()

    def take(self, page: Page, count: Count, *, keep: bool) -> None:
        """Rows that were read; with `keep` the cursor stays on its card, else it goes to the first row."""
        before = self.current
        height_above = self.window.cursor - self.window.top
        if not keep:
            self.window.cursor = self.window.top = 0
        self.window.take(page, count)
        if keep and before is not None:
            position = self.window.find(before.id)
            if position is not None:
                self.window.cursor = position
                self.window.top = max(0, position - height_above)
                self.window.reveal()
        self._place_cut()
        self.refresh()
        self.post_message(self.Moved())
        self._ask()

    def replace_cards(self, cards: Iterable[Card]) -> None:
        """Put newer versions of cards in the places where they stand."""
        newer = {card.id: card for card in cards}
        window = self.window
        changed = [
            window.start + index
            for index, card in enumerate(window.cards)
            if card.id in newer and newer[card.id] != card
        ]
        window.cards = tuple(newer.get(card.id, card) for card in window.cards)
        self.marked = {id: newer.get(id, card) for id, card in self.marked.items()}
        for position in changed:
            self._repaint(position)

    def move(self, by: int) -> None:
        """The cursor, so many rows down or up."""
        self.go(self.window.cursor + by)

    def go(self, position: int) -> None:
        """The cursor to a position; repaints the two rows, or all when the view moves."""
        before = self.window.cursor
        if self.window.move(position):
            self.refresh()
        else:
            self._repaint(before)
            self._repaint(self.window.cursor)
        if before != self.window.cursor:
            self.post_message(self.Moved())
        self._ask()

    def go_to(self, ids: Collection[str]) -> None:
        """The cursor to the first of these tasks that is at hand."""
        position = next((found for found in map(self.window.find, ids) if found is not None), None)
        if position is not None:
            self.go(position)

    def mark_current(self) -> None:
        """Mark the row under the cursor, or no longer, and go on."""
        card = self.current
        if card is not None:
            if self.marked.pop(card.id, None) is None:
                self.marked[card.id] = card
            self._repaint(self.window.cursor)
            self.move(1)

    def mark(self, cards: Iterable[Card]) -> None:
        """Mark these rows and no others."""
        before, self.marked = self.marked, {card.id: card for card in cards}
        for task in before.keys() ^ self.marked.keys():
            position = self.window.find(task)
            if position is not None:
                self._repaint(position)

    def show_cut(self, forecast: Forecast | None) -> None:
        """Draw the line below which work will not finish; None takes it away."""
        cut = forecast if forecast is not None and forecast.at_85 is not None else None
        before = self._cut, self._cut_after
        self._cut = cut
        self._place_cut()
        if before != (self._cut, self._cut_after):
            self._fit_view()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Headings, rows, or the cut line."""
        width = self.size.width
        shown = columns(width, self._id_width())
        if y == 0:
            return self.paint(heading_line(shown), width)
        position = self._position_at(y)
        if position is None and self._cut is not None and self._cut_row() == y:
            return self.paint(cut_words(self._cut, width, self.setting.glyphs), width)
        if position is None or position >= self.window.total:
            return self.paint((), width)
        card = self.window.card_at(position)
        here = position == self.window.cursor
        marked = card is not None and card.id in self.marked
        needs = self._needs(card) if card is not None else ()
        line = row_line(card, shown, self.setting, needs, here=here, marked=marked)
        return self.paint(line, width, "cursor" if here else "chosen" if marked else "")

    def on_resize(self, _: Resize) -> None:
        """Another height shows other rows."""
        self._fit_view()
        self._ask()

    def on_click(self, event: Click) -> None:
        """A click puts the cursor there; a click on the cursor opens."""
        position = self._position_at(event.y)
        if position is None or position >= self.window.total:
            return
        if position == self.window.cursor and event.chain > 1:
            self.post_message(self.Opened())
        else:
            self.go(position)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The view down, the cursor stays where it is."""
        self._wheel(event, WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The view up."""
        self._wheel(event, -WHEEL_ROWS)

    def _wheel(self, event: MouseScrollDown | MouseScrollUp, rows: int) -> None:
        event.stop()
        if self.window.scroll(rows):
            self.refresh()
            self._ask()

    def _ask(self) -> None:
        if self.window.missing():
            self.post_message(self.Wanted(*self.window.wanted()))

    def _fit_view(self) -> None:
        self.window.resize(self.size.height - 1 - (1 if self._cut_after is not None else 0))

    def _id_width(self) -> int:
        return max((len(card.id) for card in self.window.cards[:1] + self.window.cards[-1:]), default=5)

    def _place_cut(self) -> None:
        """Position after which the line goes: as many tasks that do not recur as finish at 85 %."""
        self._cut_after = None
        window = self.window
        if self._cut is None or self._cut.at_85 is None or window.start:
            return
        self._cut_after = cut_after((card.recurs is not None for card in window.cards), self._cut.at_85)

    def _cut_row(self) -> int | None:
        """The line of the widget that the cut takes, when it is in view."""
        if self._cut_after is None or not self.window.top <= self._cut_after <= self.window.top + self.window.capacity:
            return None
        return 1 + self._cut_after - self.window.top

    def _position_at(self, y: int) -> int | None:
        cut = self._cut_row()
        if y < 1 or y == cut:
            return None
        return self.window.top + y - 1 - (1 if cut is not None and y > cut else 0)

    def _repaint(self, position: int) -> None:
        row = 1 + position - self.window.top
        cut = self._cut_row()
        if cut is not None and row >= cut:
            row += 1
        if 1 <= row < self.size.height:
            self.refresh(Region(0, row, self.size.width, 1))
