"""What frozen rows say of themselves."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.storage.rows import CycleRow


@pytest.mark.parametrize(("day", "words"), [
    (-15, "begins in 16 days"), (0, "begins in 1 day"), (1, "day 1 of 31"), (31, "day 31 of 31"),
    (32, "ended 1 day ago"), (40, "ended 9 days ago"),
])
def test_a_cycle_says_how_far_it_has_come(day: int, words: str) -> None:
    cycle = CycleRow("2026-10", "October 2026", date(2026, 10, 1), date(2026, 10, 31), "active", day, 31)
    assert cycle.progress == words
