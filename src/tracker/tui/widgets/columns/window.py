"""What a column knows of its list: how long it is, the run of cards that was read, and where cursor and view stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from tracker.storage.rows import Card, Count, Page


@dataclass(slots=True)
class Window:
    """A list of unknown size of which a run is at hand; positions count from 0."""

    count: Count = field(default_factory=lambda: Count(0))
    start: int = 0
    cards: tuple[Card, ...] = ()
    cursor: int = 0
    top: int = 0
    """Position of the first card in view."""
    capacity: int = 16
    """Cards that fit into the view."""
    asked: tuple[int, int] | None = None
    """The run that was asked for last; it is not asked for twice, should a list be shorter than its count."""

    @property
    def total(self) -> int:
        """How many positions are known; where counting stopped early, as many as have been seen to exist."""
        end = self.start + len(self.cards)
        return max(self.count.n, end) if self.count.at_least else self.count.n

    def card_at(self, position: int) -> Card | None:
        """The card there, None when it is not at hand."""
        index = position - self.start
        return self.cards[index] if 0 <= index < len(self.cards) else None

    @property
    def current(self) -> Card | None:
        """The card under the cursor."""
        return self.card_at(self.cursor)

    def in_view(self) -> Iterator[int]:
        """The positions in view."""
        return iter(range(self.top, min(self.top + self.capacity, self.total)))

    def move(self, position: int) -> bool:
        """Put the cursor there or as near as there is; says whether the view had to move."""
        self.cursor = max(0, min(position, self.total - 1))
        return self.reveal()

    def reveal(self) -> bool:
        """Bring the cursor into view, half a view at a time: a held key repaints the column rarely."""
        before = self.top
        if self.cursor < self.top:
            self.top = self.cursor - self.capacity // 2 if self.top - self.cursor <= self.capacity else self.cursor
        elif self.cursor >= self.top + self.capacity:
            self.top = self.cursor - self.capacity // 2
        self._clamp()
        return self.top != before

    def scroll(self, by: int) -> bool:
        """Move the view without the cursor; says whether it moved."""
        before = self.top
        self.top += by
        self._clamp()
        return self.top != before

    def resize(self, capacity: int) -> None:
        """The view got another height."""
        self.capacity = max(1, capacity)
        self.reveal()

    def missing(self) -> bool:
        """Whether cards in view, or within the half view that the next step may bring, are not at hand."""
        first = max(0, self.top - self.capacity // 2)
        last = min(self.total, self.top + self.capacity + self.capacity // 2) - 1
        return last >= first and (first < self.start or last >= self.start + len(self.cards))

    def wanted(self) -> tuple[int, int]:
        """Start and length of the run to read: the view, and as much before and after it as a step may bring."""
        self.asked = self._around()
        return self.asked

    def needs_cards(self) -> bool:
        """Whether it is time to read, and that has not been asked for."""
        return self.missing() and self.asked != self._around()

    def _around(self) -> tuple[int, int]:
        around = self.capacity * 2 // 3
        start = max(0, self.top - around)
        return start, self.top + self.capacity + around - start

    def take(self, page: Page, count: Count) -> None:
        """Cards that were read; the cursor keeps its position."""
        self.start, self.cards, self.count = page.start, page.cards, count
        self.cursor = max(0, min(self.cursor, self.total - 1))
        self._clamp()

    def put_back(self, before: Window) -> None:
        """Stand as another window, a copy of an earlier state."""
        for each in fields(self):
            setattr(self, each.name, getattr(before, each.name))

    def find(self, task: str) -> int | None:
        """The position of a task among the cards at hand."""
        return next((self.start + index for index, card in enumerate(self.cards) if card.id == task), None)

    def _clamp(self) -> None:
        self.top = max(0, min(self.top, self.total - self.capacity))
