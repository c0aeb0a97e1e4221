"""A bare virtual board: five columns that draw what is visible from a page read out of SQLite, a cursor, a move.

`python bare_board.py DATABASE` reads the real tables, knows no rule and keeps what it moves to itself.
Keys: j k h l move the cursor, > moves the card, q quits.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

STATUSES = ("backlog", "assigned", "doing", "review", "done")
PAGE = 60
ROWS_OF_A_CARD = 2
_PAGE_OF_A_COLUMN = (
    "SELECT number, title, owner, due_on FROM task WHERE status = ? ORDER BY waits, rank, due_order, number LIMIT ?"
)
_PLAIN = Style.parse("#e0e0e0 on #121212")
_CHOSEN = Style.parse("#121212 on #e0e0e0")


class Columns(Widget, can_focus=True):
    """All columns in one widget, so that a key dirties two regions of two rows and nothing else."""

    DEFAULT_CSS = "Columns { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("j", "down(1)"), ("k", "down(-1)"), ("l", "right(1)"), ("h", "right(-1)"), (">", "move"), ("q", "app.quit"),
    ]

    def __init__(self, database: str) -> None:
        super().__init__()
        connection = sqlite3.connect(database)
        self.pages: list[list[tuple[Any, ...]]] = [
            connection.execute(_PAGE_OF_A_COLUMN, (status, PAGE)).fetchall() for status in STATUSES
        ]
        self.at = (0, 0)

    @property
    def column_width(self) -> int:
        return self.size.width // len(STATUSES)

    def action_down(self, by: int) -> None:
        column, card = self.at
        self._go(column, max(0, min(card + by, len(self.pages[column]) - 1)))

    def action_right(self, by: int) -> None:
        column, card = self.at
        column = max(0, min(column + by, len(STATUSES) - 1))
        self._go(column, max(0, min(card, len(self.pages[column]) - 1)))

    def action_move(self) -> None:
        column, card = self.at
        if column + 1 < len(STATUSES) and self.pages[column]:
            self.pages[column + 1].insert(0, self.pages[column].pop(card))
            rows, width = self.size.height, self.column_width
            self.refresh(Region(column * width, 0, 2 * width, rows))

    def _go(self, column: int, card: int) -> None:
        left, self.at = self.at, (column, card)
        self.refresh(self._region(*left), self._region(*self.at))

    def _region(self, column: int, card: int) -> Region:
        return Region(column * self.column_width, card * ROWS_OF_A_CARD, self.column_width, ROWS_OF_A_CARD)

    def render_line(self, y: int) -> Strip:
        card, second = divmod(y, ROWS_OF_A_CARD)
        segments = [self._cell(column, card, bool(second)) for column in range(len(STATUSES))]
        return Strip(segments, self.column_width * len(STATUSES)).adjust_cell_length(self.size.width, _PLAIN)

    def _cell(self, column: int, card: int, second: bool) -> Segment:
        width, page = self.column_width, self.pages[column]
        text = ""
        if card < len(page):
            number, title, owner, due_on = page[card]
            text = f"  {number} {owner or '-'} {due_on or '--'}" if second else f" {title}"
        return Segment(text[: width - 1].ljust(width), _CHOSEN if (column, card) == self.at else _PLAIN)


class BareBoard(App[None]):
    def __init__(self, database: str) -> None:
        super().__init__()
        self.database = database

    def compose(self) -> ComposeResult:
        yield Columns(self.database)


if __name__ == "__main__":
    BareBoard(sys.argv[1]).run()
