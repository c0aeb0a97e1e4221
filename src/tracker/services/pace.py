"""What was finished lately: the sample that every forecast rests on, read once and in one way."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain import forecast
from tracker.storage import strategy_rows

HISTORY_DAYS = forecast.HISTORY_DAYS
"""How far back the throughput of a forecast is sampled, today included."""
SLE_DAYS = 365
"""How far back cycle times are looked at for percentiles and the service level expectation."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The days of the sample."""

    daily: tuple[int, ...]
    """Finished tasks of each day, today last."""
    is_enough: bool
    """Whether it allows a forecast."""

    @property
    def done(self) -> int:
        """How many tasks were finished in it."""
        return sum(self.daily)

    @property
    def days(self) -> int:
        """How many days it has."""
        return len(self.daily)


def pace(connection: sqlite3.Connection, today: date) -> Pace:
    """The sample as of a day."""
    first = today - timedelta(days=HISTORY_DAYS - 1)
    finished = strategy_rows.done_by_day(connection, first, today)
    # counted from the first finished task of the sample: a team that began last week has no month of history
    began = min(finished, default=today)
    is_enough = forecast.has_enough_history(forecast.working_days(began, today), sum(finished.values()))
    return Pace(forecast.daily_throughput(finished, first, today), is_enough)


def cycle_times(connection: sqlite3.Connection, today: date) -> dict[int, int]:
    """Cycle time in days to number of tasks, of the tasks finished within a year up to a day."""
    return strategy_rows.cycle_times(connection, today - timedelta(days=SLE_DAYS - 1), today)
