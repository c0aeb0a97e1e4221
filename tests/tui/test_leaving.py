"""Signals are heard at once, also by a loop that sleeps and has nothing else to wake it."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator

import pytest

from tracker.tui.leaving import wake_on_signals

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals of this kind are not here")


@pytest.fixture
def untouched() -> Iterator[None]:
    """Leave the process's signals as they were."""
    before = signal.getsignal(signal.SIGUSR1)
    yield
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.usefixtures("untouched")
async def test_a_signal_that_does_not_interrupt_the_sleeping_loop_wakes_it() -> None:
    loop = asyncio.get_running_loop()
    heard: asyncio.Future[str] = loop.create_future()

    def first(words: str) -> None:
        if not heard.done():
            heard.set_result(words)

    signal.signal(signal.SIGUSR1, lambda *_: loop.call_soon_threadsafe(first, "the signal"))
    wake_on_signals()
    # told to another thread, it interrupts nothing that the loop's own thread does
    threading.Timer(0.05, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)).start()
    guard = threading.Timer(20, lambda: loop.call_soon_threadsafe(first, "nothing but the guard"))
    guard.start()
    try:
        assert await heard == "the signal"
    finally:
        guard.cancel()
