"""A table in a text file: finds out how it is written, and reads it row by row in constant memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.domain.errors import WrongUsage
from tracker.domain.plaintext import clean_line
from tracker.services.transfer.opening import open_for_seeking, shown

CELL_LIMIT = 1 << 24
"""Characters in one cell; a longer one means that a quote is missing."""
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_BYTES = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADER_WITHIN = 20
"""Rows among which the first that is not empty must be the header."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file."""

    number: int
    """As a spreadsheet counts it: the first row is 1."""
    cells: list[str]
    fault: str = ""
    """Why the row could not be read, "" when it could."""


class CsvTable:
    """A CSV file whose encoding, delimiter and header are known."""

    def __init__(self, path: Path, score: Callable[[list[str]], int]) -> None:
        """Opens the file. `score` tells how many cells of a header are understood; the delimiter that scores most wins.

        Raises:
            WrongUsage: it is empty, is no text, or is no table.
            OutOfReach: it cannot be read.
        """
        self.path = path
        self.notices: list[str] = []
        self._stream = open_for_seeking(path)
        try:
            self._encoding = self._find_encoding()
            self._delimiter = self._find_delimiter(score)
            self.header_row, self.header = self._find_header()
        except BaseException:
            self._stream.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def rows(self) -> Iterator[Row]:
        """Every row below the header that is not empty."""
        for row in self._all_rows(self._delimiter):
            if row.number > self.header_row and (row.fault or any(cell.strip() for cell in row.cells)):
                yield row

    def _all_rows(self, delimiter: str) -> Iterator[Row]:
        text = self._text()
        if text.read(4).lower() != "sep=":
            text.seek(0)
        else:
            text.readline()
        csv.field_size_limit(CELL_LIMIT)
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        number = 0
        try:
            while True:
                number += 1
                try:
                    yield Row(number, next(reader))
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Row(number, [], self._fault(number, error))
        finally:
            text.detach()  # the file stays open for the next reading

    def _fault(self, number: int, error: csv.Error) -> str:
        if "unexpected end of data" in str(error) or "field larger" in str(error):
            raise WrongUsage(
                f"{shown(self.path)}, row {number}: a quote is opened here and never closed, so nothing after it can "
                "be read. Nothing was imported; close the quote."
            )
        return f"cannot be read: {error}"

    def _text(self) -> io.TextIOWrapper:
        self._stream.seek(0)
        return io.TextIOWrapper(self._stream, encoding=self._encoding, errors="replace", newline="")

    # how it is written

    def _find_encoding(self) -> str:
        start = self._stream.read(_SAMPLE_BYTES)
        if not start.strip():
            raise WrongUsage(f"{shown(self.path)} is empty; there is nothing to import.")
        if start.startswith(b"PK\x03\x04"):
            what = "a workbook or an archive; save the sheet as CSV (UTF-8) and import that"
            raise WrongUsage(f"{shown(self.path)} is {what}.")
        for bom, encoding in _BOMS:
            if start.startswith(bom):
                return encoding
        if b"\0" in start:
            return self._utf16_without_mark(start)
        if self._is_utf8():
            return "utf-8"
        self.notices.append("the file is not UTF-8; it was read as Windows-1252 (Latin-1), so look at accented letters")
        return "cp1252"

    def _utf16_without_mark(self, start: bytes) -> str:
        even, odd = start[0::2].count(0), start[1::2].count(0)
        half = len(start) // 2
        if odd > half * 0.4 and even < half * 0.1:
            return "utf-16-le"
        if even > half * 0.4 and odd < half * 0.1:
            return "utf-16-be"
        raise WrongUsage(f"{shown(self.path)} is no text; export the table as CSV (UTF-8) and import that.")

    def _is_utf8(self) -> bool:
        decoder = codecs.getincrementaldecoder("utf-8")()
        self._stream.seek(0)
        try:
            while chunk := self._stream.read(_SAMPLE_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _find_delimiter(self, score: Callable[[list[str]], int]) -> str:
        scored = []
        for preference, delimiter in enumerate(_DELIMITERS):
            header = self._first_row(delimiter)
            scored.append((score(header), len(header), -preference, delimiter))
        return max(scored)[3]

    def _first_row(self, delimiter: str) -> list[str]:
        for row in self._all_rows(delimiter):
            if any(cell.strip() for cell in row.cells) or row.number > _HEADER_WITHIN:
                return row.cells
        return []

    def _find_header(self) -> tuple[int, list[str]]:
        for row in self._all_rows(self._delimiter):
            if any(cell.strip() for cell in row.cells):
                return row.number, [clean_line(cell, CELL_LIMIT)[:80] for cell in row.cells]
            if row.number > _HEADER_WITHIN:
                break
        raise WrongUsage(f"{shown(self.path)} has no header; its first row should name the columns, one of them title.")
