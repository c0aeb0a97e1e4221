"""A progress bar on standard error; nothing where that is no terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from tracker.cli.output import Output, is_capable_terminal

BAR = 30
"""Cells of the bar."""
EACH = 0.1
"""Seconds between two drawings; more often is not seen and slows the work."""


class ProgressBar:
    """How far long work is: call it with what is done and, once known, how much there is; use it as a context."""

    def __init__(self, output: Output, what: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._output = output
        self.what = what
        self._clock = clock
        self._drawn_at = float("-inf")
        self._is_drawn = False
        self._is_shown = output.talk.isatty() and is_capable_terminal()

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_drawn:
            self._output.talk.write("\r\x1b[K")
            self._output.talk.flush()

    def __call__(self, done: int, total: int | None) -> None:
        """Draw the bar, if the last one is old enough."""
        now = self._clock()
        if not self._is_shown or now - self._drawn_at < EACH:
            return
        self._drawn_at, self._is_drawn = now, True
        self._output.talk.write(f"\r\x1b[K{self.line(done, total)}")
        self._output.talk.flush()

    def line(self, done: int, total: int | None) -> str:
        """`reading [######....] 60% 60,000 of 100,000`."""
        if not total:
            return f"{self.what} {done:,}"
        share = min(done / total, 1.0)
        filled = int(share * BAR)
        return f"{self.what} [{'#' * filled}{'.' * (BAR - filled)}] {int(share * 100):3}% {done:,} of {total:,}"
