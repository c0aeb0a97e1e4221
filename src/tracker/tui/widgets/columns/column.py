"""One column: its head and the cards in view, drawn line by line, whatever the length of the list."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from tracker.storage.rows import Card, Count, Page, WipLimitRow
from tracker.tui.cells import fit
from tracker.tui.widgets.columns.card import (
    Setting,
    cut_marker,
    done_line,
    facts_line,
    reason_line,
    title_line,
    underlined,
)
from tracker.tui.widgets.columns.window import Window
from tracker.tui.widgets.painted import Canvas, Line, width_of

ROOMY_WIDTH, ROOMY_HEIGHT = 34, 28
"""From this size a card gets a third line: why it is done."""
WHEEL_LINES = 3
MOST_STRIPS = 2000
"""Lines of cards that a column keeps; about a megabyte."""

CardLine = tuple[Card, bool, bool, int]
"""A card, whether the cursor is on it, whether it is selected, and which of its lines."""


class Places(Protocol):
    """Who shares out the width among the columns."""

    def width_of_slot(self, slot: Column, room: int) -> int:
        """What a column gets of `room` cells."""


class Column(Canvas):
    """A virtual list of the cards of one status."""

    @dataclass
    class Pressed(Message):
        """A card, or the empty place below the cards, was clicked."""

        column: Column
        position: int | None
        times: int
        """2 for a double click."""

    @dataclass
    class Dragged(Message):
        """The mouse moved with its button down, or let go, at a place of the screen."""

        column: Column
        x: int
        y: int
        dropped: bool

    @dataclass
    class NeedsCards(Message):
        """The view came near cards that are not at hand."""

        column: Column

    def __init__(self, places: Places, *, is_first: bool) -> None:
        super().__init__(classes="first" if is_first else None)
        self._places = places
        self.status = "backlog"
        self.window = Window()
        self.limit: WipLimitRow | None = None
        self.setting = Setting(date.min, {})
        self.chosen: Collection[str] = frozenset()
        self.active = False
        """Whether the cursor is in this column."""
        self.drop_target = False
        self.hidden = ("", "")
        """What stands beyond this column to its left and right, when not all columns fit."""
        self._grabbed: int | None = None
        self._dragging = False
        self._fitted = Size(0, 0)
        self.lines_a_card = 2
        """One for finished work; else two, or three where there is room."""
        self._strips: dict[CardLine, Strip] = {}
        self._strips_for: tuple[object, ...] = ()

    # -- what is shown

    def show(self, window: Window, status: str, limit: WipLimitRow | None) -> None:
        """Show another list, or the same one after a change."""
        self.window, self.status, self.limit = window, status, limit
        self.fit_window()
        self.refresh()

    def fit_window(self) -> None:
        """Reckon how many lines a card gets, and tell the window how many cards fit."""
        width, height = self._fitted = self.size
        is_roomy = width >= ROOMY_WIDTH and height >= ROOMY_HEIGHT
        lines_a_card = 1 if self.status == "done" else 3 if is_roomy else 2
        if lines_a_card != self.lines_a_card:
            self.lines_a_card = lines_a_card
            self._strips.clear()  # the last line of a card may carry the cut line
        if height:
            self.window.resize((height - 2) // self.lines_a_card)

    def take(self, page: Page, count: Count) -> None:
        """Cards and count that were read again; only lines that differ are repainted."""
        window = self.window
        if (page.cards, page.start, count) == (window.cards, window.start, window.count):
            return
        self.redraw_after(lambda: window.take(page, count))
        self.ask_for_cards()

    def redraw_after(self, change: Callable[[], None]) -> None:
        """Do something to the window and repaint the lines that differ by it."""
        before = self._in_view()
        change()
        self._refresh_changed(before)

    def _in_view(self) -> list[tuple[object, ...]]:
        """What the lines are made of: head, foot, then the card of each row."""
        window, width = self.window, self.size.width
        cards = [window.card_at(window.top + row) for row in range(window.capacity)]
        cursor = window.cursor - window.top if self.active else None
        rows: list[tuple[object, ...]] = [
            (card, row == cursor, window.top + row < window.total) for row, card in enumerate(cards)
        ]
        return [self._head(width), self._foot(width), *rows]

    def _refresh_changed(self, before: list[tuple[object, ...]]) -> None:
        after, width, lines = self._in_view(), self.size.width, self.lines_a_card
        if len(after) != len(before):
            self.refresh()
            return
        regions = [
            Region(0, 1 + row * lines, width, lines)
            for row, (old, new) in enumerate(zip(before[2:], after[2:], strict=True))
            if old != new
        ]
        if before[0] != after[0]:
            regions.append(Region(0, 0, width, 1))
        if before[1] != after[1]:
            regions.append(Region(0, self.size.height - 1, width, 1))
        if regions:
            self.refresh(*regions)

    def move_to(self, position: int) -> None:
        """Put the cursor on a position and repaint what changed by it."""
        before = self.window.cursor
        if self.window.move(position):
            self.refresh()
        elif before != self.window.cursor:
            self.refresh_cards(before, self.window.cursor)
        self.ask_for_cards()

    def set_active(self, active: bool) -> None:
        """The cursor came into the column or left it."""
        if active != self.active:
            self.active = active
            if (active and self.window.reveal()) or not self.window.total:
                self.refresh()
            else:
                self.refresh(Region(0, 0, self.size.width, 1))
                self.refresh_cards(self.window.cursor)

    def refresh_cards(self, *positions: int) -> None:
        """Repaint single cards."""
        lines = self.lines_a_card
        for position in positions:
            row = position - self.window.top
            if 0 <= row < self.window.capacity:
                self.refresh(Region(0, 1 + row * lines, self.size.width, lines))

    def refresh_task(self, task: str) -> None:
        """Repaint a card by its task, if it is in view."""
        position = self.window.find(task)
        if position is not None:
            self.refresh_cards(position)

    def ask_for_cards(self) -> None:
        """Ask for cards when the view came near the end of those at hand."""
        if self.window.needs_cards():
            self.post_message(self.NeedsCards(self))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as its share."""
        return self._places.width_of_slot(self, container.width + self.styles.margin.width)

    # -- lines

    def _draw(self, lines: Collection[int]) -> None:
        """Lines of cards from memory when they were drawn before; most cards only change their places."""
        self._fit()
        strips, drawn = self._kept_strips(self.drawn_size.width), self._drawn
        new: dict[int, CardLine | None] = {}
        for y in lines:
            card_line = self._card_line(y)
            strip = strips.get(card_line) if card_line else None
            if strip is None:
                new[y] = card_line
            else:
                drawn[y] = strip
        super()._draw(new)
        strips.update((card_line, drawn[y]) for y, card_line in new.items() if card_line)

    def _card_line(self, y: int) -> CardLine | None:
        """What a line shows of a card; None for the head, the foot and what is below the cards."""
        window = self.window
        row, line = divmod(y - 1, self.lines_a_card)
        position = window.top + row
        card = window.card_at(position) if y and row < window.capacity else None
        if card is None:
            return None
        return card, position == window.cursor and self.active, card.id in self.chosen, line

    def _fit(self) -> None:
        if self._fitted != self.drawn_size:
            self.fit_window()  # before the first line in a new size is drawn, so that it is drawn once

    def _kept_strips(self, width: int) -> dict[CardLine, Strip]:
        drawn_for = (width, self.status == "done", self.setting, self.app.theme, tuple(self.get_line_filters()))
        if drawn_for != self._strips_for or len(self._strips) > MOST_STRIPS:
            self._strips.clear()
            self._strips_for = drawn_for
        return self._strips

    def render_line(self, y: int) -> Strip:
        """The head, a line of a card, or what is below the view."""
        self._fit()
        width, height = self.drawn_size
        if y == 0:
            return self.paint(self._head(width), width, "drop" if self.drop_target else None)
        if y == height - 1:
            return self.paint(self._foot(width), width)
        card_line = self._card_line(y)
        if card_line is not None:
            return self._draw_card_line(*card_line, width)
        row, line = divmod(y - 1, self.lines_a_card)
        if row >= self.window.capacity or self.window.top + row >= self.window.total:
            return self.paint(self._empty(width) if y == 1 else (), width)
        return self.paint(((" ·", "faint"),) if line == 0 else (), width)

    def _draw_card_line(self, card: Card, here: bool, chosen: bool, line: int, width: int) -> Strip:
        ground = "cursor" if here else "chosen" if chosen else ""
        marker = cut_marker(self._marker(here, chosen, line), card, self.setting)
        if self.status == "done":
            return self.paint(done_line(card, width, self.setting, marker, strong=here), width, ground)
        if line == 0:
            return self.paint(title_line(card, width, self.setting, marker, strong=here), width, ground)
        lines = (facts_line, reason_line)
        pieces = lines[line - 1](card, width, self.setting, marker)
        if line == self.lines_a_card - 1:
            pieces = underlined(pieces, width, card, self.setting)
        return self.paint(pieces, width, ground)

    def _marker(self, here: bool, chosen: bool, line: int) -> str:
        plain = self.plain_glyphs
        if chosen and line == 0:
            return "*" if plain else "●"
        if here:
            return (">" if line == 0 else " ") if plain else "▌"
        return " "

    def _head(self, width: int) -> Line:
        name = self.status.upper()
        count = str(self.window.count)
        over = self.limit is not None and self.window.count.n > self.limit.max
        if self.limit is not None:
            count += f"/{self.limit.max}"
        before, after = self.hidden
        lead: Line = ((f"{before} ", "faint"),) if before else ((" ", "head"),)
        line: Line = (
            *lead, (name, "here" if self.active else "head"), (f" {count}", "late" if over else "muted"),
            (" OVER" if over else "", "late"),
        )  # fmt: skip
        if after:
            room = width - width_of(line)
            line = (*line, (fit(after if len(after) < room else after[-1], room, right=True), "faint"))
        return line

    def _foot(self, width: int) -> Line:
        above = self.window.top
        below = self.window.total - self.window.top - self.window.capacity
        parts = [f"{above} above"] if above > 0 else []
        if below > 0:
            parts.append(f"{below}{'+' if self.window.count.at_least else ''} more")
        return ((" " + fit(", ".join(parts), width - 1), "faint"),) if parts else ()

    def _empty(self, width: int) -> Line:
        marker = self._marker(self.active, chosen=False, line=0)
        return ((marker, "mark"), (fit("nothing here", width - 1), "faint"))

    # -- mouse

    def position_at(self, y: int) -> int | None:
        """The position of the card drawn at a line, None beside the cards."""
        row = (y - 1) // self.lines_a_card
        position = self.window.top + row
        return position if y >= 1 and row < self.window.capacity and position < self.window.total else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember what a drag would carry."""
        if event.button == 1:
            self._grabbed = self.position_at(event.y)
            if self._grabbed is not None:
                self.post_message(self.Pressed(self, self._grabbed, 1))
                self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say where a dragged card is."""
        if self._grabbed is None or not event.button:
            return
        if self._dragging or not self.region.contains(event.screen_x, event.screen_y):
            self._dragging = True
            self.post_message(self.Dragged(self, event.screen_x, event.screen_y, dropped=False))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Say where a dragged card was let go."""
        self.let_go(event.screen_x, event.screen_y)

    def let_go(self, x: int, y: int) -> None:
        """The button is up, over this column or, when that was quicker than the hold on the mouse, over another."""
        if self._grabbed is None:
            return
        self.release_mouse()
        if self._dragging or not self.region.contains(x, y):
            self.post_message(self.Dragged(self, x, y, dropped=True))
        self._grabbed, self._dragging = None, False

    def on_click(self, event: events.Click) -> None:
        """A click beside the cards, or a double click on one."""
        position = self.position_at(event.y)
        if position is None or event.chain == 2:
            self.post_message(self.Pressed(self, position, event.chain))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the view of the column under it."""
        event.stop()
        self._wheel(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the view of the column under it."""
        event.stop()
        self._wheel(-1)

    def _wheel(self, direction: int) -> None:
        if self.window.scroll(direction * max(1, WHEEL_LINES // self.lines_a_card)):
            self.refresh()
            self.ask_for_cards()

    def on_resize(self) -> None:
        """Another size holds another number of cards."""
        self.fit_window()
        self.ask_for_cards()
