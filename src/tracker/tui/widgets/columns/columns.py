"""The columns side by side: as many as fit, those around the cursor when not all do."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.strip import Strip

from tracker.domain.tasks import COLUMNS
from tracker.services.board import View
from tracker.storage.rows import Board, Card, Count, Header, Page
from tracker.tui.widgets.columns.card import Setting
from tracker.tui.widgets.columns.column import Column
from tracker.tui.widgets.columns.window import Window
from tracker.tui.widgets.painted import Canvas, Line

if TYPE_CHECKING:
    from tracker.services.flow import CutLine

STATUSES = tuple(status.value for status in COLUMNS)
NARROWEST = 25
"""Cells that a column of cards needs."""
DONE_NARROW, DONE_WIDEST = 12, 32
FACTS = 19
"""Cells of a card's facts without its number and its owner."""
USUAL_OWNER, WIDEST_OWNER = 5, 10
"""Cells for the id of an owner: what is kept free before a longer one is seen, and the most."""


def widths_for(width: int) -> list[int]:
    """The widths of the columns that fit into `width`, a wall between neighbours; all five, or fewer alike."""
    cards = len(STATUSES) - 1
    if width >= cards * NARROWEST + DONE_NARROW + cards:
        done = max(DONE_NARROW, min(DONE_WIDEST, (width - cards * (NARROWEST + 2) - cards) // 2))
        room, rest = divmod(width - done - cards, cards)
        return [*(room + (1 if index < rest else 0) for index in range(cards)), done]
    fitting = max(1, min(cards, (width + 1) // (NARROWEST + 1)))
    room, rest = divmod(width - (fitting - 1), fitting)
    return [room + (1 if index < rest else 0) for index in range(fitting)]


class Standing(NamedTuple):
    """A board as it stood: counts, lists with their cursors, the column with the cursor, the selected cards."""

    board: Board
    windows: Mapping[str, Window]
    at: str
    chosen: Mapping[str, Card]


class Columns(Canvas):
    """Holds a window into each column's list and as many columns as fit; draws the walls between them."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.windows = {status: Window() for status in STATUSES}
        self.board = Board({}, {}, {})
        self.at = STATUSES[0]
        """The status of the column with the cursor."""
        self.first = 0
        """Which status the leftmost column shows."""
        self.chosen: dict[str, Card] = {}
        """The selected cards by task, in the order they were selected."""
        self._slots = [Column(self, is_first=index == 0) for index in range(len(STATUSES))]
        self._widths: list[int] = []
        self._longest_owner = USUAL_OWNER
        self._setting = Setting(date.min, {})

    def compose(self) -> ComposeResult:
        """One column for each that could fit; those that do not stand beyond the edge."""
        for column in self._slots:
            column.chosen = self.chosen
        yield from self._slots

    # -- what is where

    @property
    def shown(self) -> list[Column]:
        """The columns in view, from left to right."""
        return self._slots[: len(self._widths)]

    @property
    def column(self) -> Column:
        """The column with the cursor."""
        return self.slot_of(self.at) or self._slots[0]

    @property
    def window(self) -> Window:
        """The list with the cursor."""
        return self.windows[self.at]

    @property
    def current(self) -> Card | None:
        """The card under the cursor."""
        return self.window.current

    def slot_of(self, status: str) -> Column | None:
        """The column in view that shows `status`."""
        return next((column for column in self.shown if column.status == status), None)

    def card(self, task: str) -> Card | None:
        """A card at hand by its task."""
        for window in self.windows.values():
            position = window.find(task)
            if position is not None:
                return window.card_at(position)
        return None

    def view(self) -> View:
        """Counts and the cards at hand."""
        return View(self.board, {status: Page(each.start, each.cards) for status, each in self.windows.items()})

    def wanted(self) -> dict[str, tuple[int, int]]:
        """The run of each list to read, by status."""
        return {status: window.wanted() for status, window in self.windows.items()}

    # -- data in

    def show(self, board: Board, pages: Mapping[str, Page]) -> None:
        """Counts and cards that were read."""
        limits_changed = board.limits != self.board.limits
        self.board = board
        self._learn_widths(pages)
        if self.chosen:
            at_hand = (card for page in pages.values() for card in page.cards)
            self.chosen.update((card.id, card) for card in at_hand if card.id in self.chosen)
        for status, page in pages.items():
            count = board.counts.get(status, Count(len(page.cards)))
            column = self.slot_of(status)
            if column is None:
                self.windows[status].take(page, count)
            else:
                column.limit = board.limits.get(status)
                column.take(page, count)
                if limits_changed:
                    column.refresh()
        self._tell_hidden()

    def standing(self) -> Standing:
        """What is shown, to be put back should it come to nothing."""
        windows = {status: copy(window) for status, window in self.windows.items()}
        return Standing(self.board, windows, self.at, dict(self.chosen))

    def put_back(self, before: Standing) -> None:
        """Show what was there before."""
        self.board = before.board
        self.go(before.at)
        for status, window in self.windows.items():
            column = self.slot_of(status)
            if column is None:
                window.put_back(before.windows[status])
            else:
                column.redraw_after(partial(window.put_back, before.windows[status]))
        for card in before.chosen.values():
            if card.id not in self.chosen:
                self.choose(card)
        self._tell_hidden()

    def set_context(self, today: date, header: Header | None) -> None:
        """The day and the strategy that cards are drawn against."""
        key_results = header.key_results if header else ()
        places = {row.id: str(row.position) if row.position < 10 else "+" for row in key_results}
        sle = header.sle_days if header else None
        self._use(replace(self._setting, today=today, places=places, sle_days=sle))

    def show_cut(self, cut: CutLine | None) -> None:
        """Draw the line below which tasks will not finish; None takes it away."""
        self._use(replace(self._setting, cut=cut))

    def _learn_widths(self, pages: Mapping[str, Page]) -> None:
        """How many digits numbers have and how long owners are called, so far; places never jump back."""
        largest = max((card.number for page in pages.values() for card in page.cards), default=0)
        owners = {card.owner for page in pages.values() for card in page.cards}
        longest = max((cell_len(owner) for owner in owners if owner), default=0)
        self._longest_owner = max(self._longest_owner, longest)
        self._use(replace(self._setting, digits=max(self._setting.digits, len(str(largest)))))

    def _use(self, setting: Setting) -> None:
        room = min(self._widths[:-1] or [NARROWEST + 1]) - FACTS - setting.digits
        short_days = room < USUAL_OWNER
        owner_width = max(1, min(WIDEST_OWNER, self._longest_owner, room + short_days))
        setting = replace(setting, owner_width=owner_width, short_days=short_days, plain=self.plain_glyphs)
        if setting != self._setting:
            self._setting = setting
            for column in self._slots:
                column.setting = setting
                column.refresh()

    # -- cursor

    def go(self, status: str, position: int | None = None) -> None:
        """Put the cursor into a column, at a position or where the column has its own."""
        if status != self.at:
            self.column.set_active(False)
            self.at = status
            self._bring_into_view()
            if position is None:
                position = self.window.cursor
            self.column.move_to(position)
            self.column.set_active(True)
        elif position is not None:
            self.column.move_to(position)

    def step(self, by: int) -> None:
        """Go to a neighbouring column, at the same height of the screen."""
        index = max(0, min(len(STATUSES) - 1, STATUSES.index(self.at) + by))
        if STATUSES[index] != self.at:
            height = self.window.cursor - self.window.top
            target = self.windows[STATUSES[index]]
            self.go(STATUSES[index], target.top + max(0, min(height, target.capacity - 1)))

    def choose(self, card: Card) -> None:
        """Select a card, or no longer."""
        if self.chosen.pop(card.id, None) is None:
            self.chosen[card.id] = card
        for column in self.shown:
            column.refresh_task(card.id)

    def to_top(self) -> None:
        """Every list from its beginning, for another filter."""
        for window in self.windows.values():
            window.cursor = window.top = 0

    def column_at(self, x: int, y: int) -> Column | None:
        """The column at a place of the screen."""
        return next((column for column in self.shown if column.region.contains(x, y)), None)

    def choose_none(self) -> None:
        """Select nothing."""
        tasks = list(self.chosen)
        self.chosen.clear()
        for task in tasks:
            for column in self.shown:
                column.refresh_task(task)

    def mark_drop(self, target: Column | None) -> None:
        """Show where a dragged card would land."""
        for column in self.shown:
            if column.drop_target != (column is target):
                column.drop_target = column is target
                column.refresh()

    # -- layout

    def width_of_slot(self, slot: Column, room: int) -> int:
        """What a column takes of `room` cells; those that do not fit take one, out of sight."""
        if widths_for(room) != self._widths:
            self._widths = widths_for(room)
            self._fill_slots()
            self._use(self._setting)
        index = self._slots.index(slot)
        return self._widths[index] if index < len(self._widths) else 1

    def _bring_into_view(self) -> None:
        index, count = STATUSES.index(self.at), len(self._widths)
        first = min(self.first, index) if index < self.first else max(self.first, index - count + 1)
        if first != self.first:
            self.first = first
            self._fill_slots()

    def _fill_slots(self) -> None:
        count = max(1, len(self._widths))
        index = STATUSES.index(self.at)
        self.first = max(0, min(self.first, index, len(STATUSES) - count))
        self.first = max(self.first, index - count + 1)
        for offset, column in enumerate(self._slots[:count]):
            status = STATUSES[self.first + offset]
            column.active = status == self.at
            column.show(self.windows[status], status, self.board.limits.get(status))
        self._tell_hidden()

    def _tell_hidden(self) -> None:
        """Name the columns beyond the edges on the outermost heads."""
        count = max(1, len(self._widths))
        left, right = self.first, len(STATUSES) - self.first - count
        names = [f"{status} {self.windows[status].count}" for status in STATUSES]
        for offset, column in enumerate(self._slots[:count]):
            hidden = (
                "‹" if offset == 0 and left else "",
                f"{names[self.first + count]} ›" if offset == count - 1 and right else "",
            )
            if hidden != column.hidden:
                column.hidden = hidden
                column.refresh()

    def render_line(self, y: int) -> Strip:
        """The walls between the columns."""
        wall = "|" if self.plain_glyphs else "│"
        line: Line = ()
        for index, width in enumerate(self._widths):
            line = (*line, (wall if index else "", "rule"), (" " * width, "rule"))
        return self.paint(line, self.size.width)

    def chosen_cards(self) -> tuple[Card, ...]:
        """The selected cards, as they were last read."""
        return tuple(self.chosen.values())
