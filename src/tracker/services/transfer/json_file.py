"""A JSON file of any size, record by record in constant memory, with the line of everything it says.

The file is one object: plain values and arrays of records. Looking through it once finds what is wrong with the
text itself and where each array lies, so that arrays can be read in the order their records need each other, whatever
their order in the file.

The standard library's scanner reads one record at a time out of a sliding window. It is twice as quick as the
streaming parsers built on yajl, tells line and column of a fault, and is there on every machine.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from tracker.domain.errors import OutOfReach, WrongUsage
from tracker.services.transfer.opening import open_for_seeking, shown

CHUNK_BYTES = 1 << 18
RECORD_LIMIT = 1 << 25
"""Characters in one record; a longer one is no record but a mistake, and would have to be held in memory whole."""
_SPACE = " \t\n\r"
_SPACES = re.compile(f"[{_SPACE}]*")
_NEAR_THE_END = 32
"""A fault this close to the end of the window may only mean that the rest was not read yet."""


def _past_space(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    return found.end() if found else at


@dataclass(frozen=True, slots=True)
class Place:
    """Where an array begins in the file."""

    byte: int
    line: int
    records: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a look through the file found: its plain values, and its arrays by key."""

    values: dict[str, object]
    arrays: dict[str, Place]


class JsonFile:
    """An open file that can be looked through and read array by array."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream = open_for_seeking(path)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def contents(self) -> Contents:
        """Look through the whole file once.

        Raises:
            WrongUsage: it is empty, no text in UTF-8, no JSON, cut off, or no single object.
        """
        window = _Window(self.path, self._stream, Place(0, 1, 0))
        values: dict[str, object] = {}
        arrays: dict[str, Place] = {}
        if not window.peek():
            raise WrongUsage(f"{shown(self.path)} is empty; there is nothing to import.")
        if window.peek() != "{":
            raise window.fault("a tracker file is one JSON object that begins with {")
        for key in window.members():
            window.expect(":")
            if key in values or key in arrays:
                raise window.fault(f"{key!r} stands there twice")
            if window.peek() == "[":
                arrays[key] = window.place_of_array()
            else:
                values[key] = window.value()
        if window.peek():
            raise window.fault("something follows after the end of the object")
        return Contents(values, arrays)

    def records(self, place: Place) -> Iterator[tuple[int, object]]:
        """(line, record) of an array that `contents` found."""
        window = _Window(self.path, self._stream, place)
        yield from window.array()


class _Window:
    """A part of the text that slides over the file; always at the start of the next thing to read."""

    def __init__(self, path: Path, stream: BinaryIO, start: Place) -> None:
        self._path = path
        self._stream = stream
        stream.seek(start.byte)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0
        self._byte = start.byte
        """Where the window begins in the file."""
        self._line = start.line
        self._counted = 0
        """How far lines were counted in the window."""
        self._column_base = 0
        self._ended = False
        self._scan = json.JSONDecoder(parse_float=Decimal, parse_constant=self._no_number).raw_decode
        if start.byte == 0:
            self._begin()

    # reading on

    def peek(self) -> str:
        """The next character that is no white space, "" at the end of the file."""
        while True:
            at = self._at
            if at < len(self._text) and self._text[at] not in _SPACE:
                return self._text[at]
            self._at = at = _past_space(self._text, at)
            if at < len(self._text):
                return self._text[at]
            if not self._fill():
                return ""

    def expect(self, character: str) -> None:
        """Step over a character that must come next."""
        found = self.peek()
        if found != character:
            raise self._cut_off() if not found else self.fault(f"{character!r} is missing here")
        self._at += 1

    def members(self) -> Iterator[str]:
        """Step through the object that begins here: each key, after which its value is to be read."""
        self.expect("{")
        if self._closes("}"):
            return
        while True:
            yield self._key()
            if self._closes("}"):
                return
            self.expect(",")

    def array(self) -> Iterator[tuple[int, object]]:
        """(line, value) of each item of the array that begins here."""
        self.expect("[")
        if self._closes("]"):
            return
        while True:
            self.peek()
            line = self._current_line()
            yield line, self.value()
            if self._closes("]"):
                return
            self.expect(",")

    def _closes(self, bracket: str) -> bool:
        if self.peek() != bracket:
            return False
        self._at += 1
        return True

    def place_of_array(self) -> Place:
        """Where the array that begins here lies; leaves the window behind it."""
        line, byte = self._current_line(), self._byte + len(self._text[: self._at].encode())
        return Place(byte, line, sum(1 for _ in self.array()))

    def value(self) -> object:
        """The whole value that begins here."""
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._may_go_on(error):
                    raise self._cut_off() if self._is_at_the_end(error) else self._broken(error) from None
            except RecursionError:
                raise self.fault("the values are nested too deeply") from None
            except (ValueError, ArithmeticError) as error:  # NaN, or a number of more digits than Python reads
                raise self.fault(f"this number cannot be read ({str(error).split(';')[0]})") from None
            else:
                # a number near the end of the window may go on: 1 with .5, 1 with e+9
                unsure = len(self._text) - end < 4 and isinstance(value, int | Decimal)
                if not unsure or self._ended:
                    self._at = end
                    return value
                self._fill()

    def _key(self) -> str:
        if self.peek() != '"':
            raise self._cut_off() if not self.peek() else self.fault("a name in double quotes is missing here")
        return str(self.value())

    # the window

    def _begin(self) -> None:
        start = self._stream.read(4)
        self._stream.seek(0)
        if start.startswith(codecs.BOM_UTF8):
            self._byte = self._stream.seek(len(codecs.BOM_UTF8))
        elif start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or start.strip(b"\0") != start:
            raise WrongUsage(
                f"{shown(self._path)} is UTF-16 or no text at all; a tracker file is JSON in UTF-8. Save it so first."
            )

    def _fill(self) -> bool:
        """Read on; False at the end of the file."""
        if self._ended:
            return False
        try:
            chunk = self._stream.read(max(CHUNK_BYTES, len(self._text) - self._at))
        except OSError as error:
            raise OutOfReach(f"{shown(self._path)} cannot be read: {error.strerror or error}.") from error
        self._slide()
        try:
            self._text += self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode("utf-8", "replace")
            self._text += good
            self._at = len(self._text)
            raise self.fault(
                f"byte 0x{error.object[error.start]:02x} is no UTF-8; save the file as UTF-8"
            ) from None
        self._ended = not chunk
        return bool(chunk)

    def _slide(self) -> None:
        line_start = self._text.rfind("\n", 0, self._at)
        self._current_line()
        gone = self._text[: self._at]
        self._column_base = len(gone) - line_start - 1 if line_start >= 0 else self._column_base + len(gone)
        self._byte += len(gone.encode())
        self._text = self._text[self._at :]
        self._at = self._counted = 0

    def _current_line(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    # faults

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        if len(self._text) - self._at > RECORD_LIMIT:
            raise self.fault(f"a record of more than {RECORD_LIMIT:,} characters begins here")
        unfinished = error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _NEAR_THE_END
        if not unfinished or self._ended:
            return False
        self._fill()  # at the end of the file the window has moved all the same, so the value is read once more
        return True

    def _is_at_the_end(self, error: json.JSONDecodeError) -> bool:
        return self._ended and (
            error.msg.startswith("Unterminated string") or not self._text[error.pos :].strip(_SPACE)
        )

    def _cut_off(self) -> WrongUsage:
        self._at = len(self._text)
        return self.fault("the file ends in the middle; it seems to be cut off")

    def _broken(self, error: json.JSONDecodeError) -> WrongUsage:
        self._at = error.pos
        return self.fault(error.msg[0].lower() + error.msg[1:])

    def _no_number(self, word: str) -> object:
        raise ValueError(word)

    def fault(self, what: str) -> WrongUsage:
        """The error that something is wrong at the place that was reached."""
        line = self._current_line()
        start = self._text.rfind("\n", 0, self._at)
        column = self._at - start if start >= 0 else self._column_base + self._at + 1
        return WrongUsage(f"{shown(self._path)}, line {line}, column {column}: {what}. Nothing was imported.")
