"""Leaving in order when the window is closed or somebody asks: what was begun is finished, the terminal restored."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Timer
from types import FrameType

SIGNALS = ("SIGTERM", "SIGHUP")
"""A polite kill, and the end of the terminal; Windows knows the first only."""
BY_SIGNAL = 128
"""What shells add to a signal's number to make an exit code."""
PATIENCE = 2.0
"""Seconds for leaving in order. Textual waits for ever when it writes to a terminal that is gone."""


def wake_on_signals() -> None:
    """Let every signal wake the running loop.

    Python runs a handler when it next runs anything. One that arrives just before the loop goes to sleep would wait
    for the next key, as here nothing else wakes it: a new size or a polite kill would not be heard.
    """
    sleeper, waker = socket.socketpair()
    sleeper.setblocking(False)
    waker.setblocking(False)

    def drain() -> None:
        with suppress(BlockingIOError):
            while sleeper.recv(64):
                pass

    _kept.append((sleeper, waker))
    with suppress(ValueError, NotImplementedError):  # not on the main thread; Windows' loop wakes by itself
        asyncio.get_running_loop().add_reader(sleeper.fileno(), drain)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)


_kept: list[tuple[socket.socket, socket.socket]] = []
"""Open to the end of the process: the system writes to it by number."""


def leave_on_signals(leave: Callable[[int], object]) -> None:
    """Call `leave` on the running loop with the exit code when one of the signals comes; end at once when it hangs.

    Every write that was acknowledged is in the file by then, and one that is cut off leaves no trace in it.
    """
    loop = asyncio.get_running_loop()

    def heard(number: int, frame: FrameType | None) -> None:
        if hasattr(signal, "SIGCONT"):  # the system sends it behind a hang-up, and Textual would take the screen again
            signal.signal(signal.SIGCONT, lambda *_: None)
        loop.call_soon_threadsafe(leave, BY_SIGNAL + number)
        last_resort = Timer(PATIENCE, os._exit, (BY_SIGNAL + number,))
        last_resort.daemon = True
        last_resort.start()

    for name in SIGNALS:
        if hasattr(signal, name):
            with suppress(ValueError):  # not on the main thread
                signal.signal(getattr(signal, name), heard)
