"""What a person would see: the cells of a terminal, made by pyte from the bytes that a program wrote."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import pyte
from pyte.screens import Char
from wcwidth import wcwidth

# pyte takes the "<" of the kitty keyboard protocol for a command and would draw the "u" that ends it.
_KITTY = re.compile(rb"\x1b\[[<=>][0-9;]*u")
_UNFINISHED = re.compile(rb"\x1b(?:\[(?:[<=>][0-9;]*)?)?\Z")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_LONGEST_MODE = 16
_ALTERNATE_SCREEN = b"1049"


class Cell(NamedTuple):
    """One cell: its character, colours (names or six hex digits) and whether it stands out."""

    text: str
    foreground: str
    background: str
    bold: bool
    reverse: bool
    underline: bool


class _Cells(pyte.Screen):
    """Reads on behind a vowel sign: pyte drops the rest of a run at what takes no cell and is no combining mark."""

    def draw(self, data: str) -> None:
        super().draw("".join(char for char in data if wcwidth(char) > 0 or unicodedata.combining(char)))


class Screen:
    """A terminal's cells. Feed it bytes in the order they were written."""

    def __init__(self, columns: int, rows: int) -> None:
        self._pyte = _Cells(columns, rows)
        self._stream = pyte.ByteStream(self._pyte)
        self._held = b""
        self._tail = b""
        self.modes: set[bytes] = set()
        """The private modes that are on now, by their number."""

    @property
    def columns(self) -> int:
        """Cells in a row."""
        return self._pyte.columns

    @property
    def rows(self) -> int:
        """Rows of cells."""
        return self._pyte.lines

    @property
    def lines(self) -> list[str]:
        """The text of every row, blanks at the end left out; a wide character fills two cells and is here once."""
        return [line.rstrip() for line in self._pyte.display]

    @property
    def text(self) -> str:
        """All rows, one under the other."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        return self._pyte.cursor.x, self._pyte.cursor.y

    @property
    def is_alternate(self) -> bool:
        """True while the program has the full-screen buffer."""
        return _ALTERNATE_SCREEN in self.modes

    def line(self, row: int) -> str:
        """The text of one row; negative rows count from the bottom."""
        return self.lines[row]

    def cell(self, column: int, row: int) -> Cell:
        """One cell."""
        char = self._pyte.buffer[row][column]
        return Cell(char.data, char.fg, char.bg, char.bold, char.reverse, char.underscore)

    def find(self, text: str) -> tuple[int, int] | None:
        """Column and row where `text` first stands, None when it does not; columns count cells, not characters."""
        for row in range(self.rows):
            cells = [self._pyte.buffer[row][column].data for column in range(self.columns)]
            at = "".join(cells).find(text)
            if at >= 0:
                return _cell_of(cells, at), row
        return None

    def feed(self, data: bytes) -> None:
        """Let the terminal read `data`; a sequence cut in the middle is kept until its rest comes."""
        self._note_modes(data)
        data = _KITTY.sub(b"", self._held + data)
        unfinished = _UNFINISHED.search(data)
        self._held = data[unfinished.start():] if unfinished else b""
        self._stream.feed(data[: len(data) - len(self._held)])

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; what no longer fits is cut."""
        self._pyte.resize(rows, columns)

    def changed_rows(self) -> set[int]:
        """The rows written to since this was last asked, whether or not a cell is different now."""
        rows = {row for row in self._pyte.dirty if row < self.rows}
        self._pyte.dirty.clear()
        return rows

    def row_cells(self, row: int) -> tuple[Char, ...]:
        """Every cell of a row, to compare."""
        line = self._pyte.buffer[row]
        return tuple(line[column] for column in range(self.columns))

    def _note_modes(self, data: bytes) -> None:
        seen = self._tail + data
        for match in _MODE.finditer(seen):
            numbers = set(match[1].split(b";"))
            self.modes = self.modes | numbers if match[2] == b"h" else self.modes - numbers
        # Only what could still grow into a mode is read again, so that none counts twice out of order.
        cut = seen.rfind(b"\x1b")
        self._tail = seen[cut:] if cut >= 0 and len(seen) - cut < _LONGEST_MODE else b""


def _cell_of(cells: list[str], character: int) -> int:
    passed = 0
    for column, text in enumerate(cells):
        if passed >= character and text:
            return column
        passed += len(text)
    return len(cells)
