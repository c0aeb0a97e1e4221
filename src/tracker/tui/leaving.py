"""Leaving in order when the window is closed or somebody asks: what was begun is finished, the terminal restored."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

SIGNALS = ("SIGTERM", "SIGHUP")
"""A polite kill, and the end of the terminal; Windows knows the first only."""
BY_SIGNAL = 128
"""What shells add to a signal's number to make an exit code."""


def leave_on_signals(leave: Callable[[int], object]) -> None:
    """Call `leave` with the exit code when one of the signals comes, on the running loop instead of at any place."""
    loop = asyncio.get_running_loop()
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            with suppress(NotImplementedError, ValueError):  # Windows, or a loop beside the main thread
                loop.add_signal_handler(number, leave, BY_SIGNAL + number)
