"""Where a command writes: data to standard output, talk to standard error, each as the place it goes to can take it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

CHUNK = 64 * 1024
"""Characters that are gathered before they are written: a write per line halves the speed of a long list."""
DUMB_TERMINALS = frozenset({"dumb", "unknown"})


class OutputClosedError(Exception):
    """Whoever read our output has closed it (`tracker list --all | head`); it has what it wanted."""


@dataclass(frozen=True, slots=True)
class Output:
    """The two streams of one run, and what the first of them can show."""

    data: TextIO
    talk: TextIO
    is_terminal: bool
    width: int
    """Cells a line may fill; meaningless unless `is_terminal`."""
    height: int
    colour: bool

    @classmethod
    def of_process(cls) -> Output:
        """The process's own streams; characters that their encoding lacks are written as escapes, never an error."""
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace")
        size = shutil.get_terminal_size()
        is_terminal = sys.stdout.isatty()
        return cls(sys.stdout, sys.stderr, is_terminal, max(size.columns, 20), size.lines,
                   is_terminal and not os.environ.get("NO_COLOR") and is_capable_terminal())

    @property
    def line_width(self) -> int | None:
        """Cells a line may fill, None for as many as it needs."""
        return self.width if self.is_terminal else None

    @property
    def is_unicode(self) -> bool:
        """Whether any character can be written as it is."""
        return (self.data.encoding or "").lower().replace("-", "").startswith("utf")

    def write(self, text: str) -> None:
        """Write `text` and a line end as data."""
        self._put(f"{text}\n")

    def lines(self, lines: Iterable[str]) -> None:
        """Write many lines as data, in large pieces and constant memory."""
        waiting: list[str] = []
        size = 0
        for line in lines:
            waiting.append(line)
            size += len(line)
            if size > CHUNK:
                self._put("\n".join(waiting) + "\n")
                waiting.clear()
                size = 0
        if waiting:
            self._put("\n".join(waiting) + "\n")

    def say(self, text: str) -> None:
        """Tell the user something that is no data."""
        try:
            self.flush()
            self.talk.write(f"{text}\n")
            self.talk.flush()
        except (BrokenPipeError, ValueError):
            # Nobody listens (closed standard error); what was asked for is done all the same.
            return

    def flush(self) -> None:
        """Hand everything written to the system.

        Raises:
            OutputClosedError: nobody reads it any more.
        """
        try:
            self.data.flush()
        except BrokenPipeError as gone:
            raise OutputClosedError from gone

    def _put(self, text: str) -> None:
        try:
            self.data.write(text)
        except BrokenPipeError as gone:
            raise OutputClosedError from gone


def is_capable_terminal() -> bool:
    """Whether TERM names a terminal that can place a cursor and show colour."""
    return os.environ.get("TERM", "").lower() not in DUMB_TERMINALS


def abandon_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush has nobody to complain about."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return
    finally:
        os.close(nowhere)
