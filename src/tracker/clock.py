"""The one clock. Everything else gets the time as an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """What day it is for every reckoning, and the instant that changes are stamped with."""

    today: date
    """The day things are reckoned at: the calendar's, or the one set by --today."""
    now: Callable[[], datetime]
    """The instant, in UTC."""


def system_clock(today: date | None = None) -> Clock:
    """The machine's clock; `today` replaces the calendar's day."""
    return Clock(today or datetime.now().astimezone().date(), lambda: datetime.now(UTC))


def stopped_clock(at: datetime) -> Clock:
    """A clock that stands still, for tests and pictures."""
    return Clock(at.date(), lambda: at)
