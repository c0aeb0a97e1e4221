"""Estimates as people type them."""

from __future__ import annotations

import pytest

from tracker.domain.errors import WrongUsage
from tracker.tui.estimates import parse_estimate, question


@pytest.mark.parametrize(
    ("words", "hours"),
    [("2-4", (2, 4)), ("3", (3, 3)), ("30m", (0.5, 0.5)), ("1d", (8, 8)), ("~2-4h", (2, 4)), ("1.5", (1.5, 1.5)),
     (" 2 - 4 ", (2, 4)), ("-", (None, None))],
)  # fmt: skip
def test_hours_are_read(words: str, hours: tuple[float | None, float | None]) -> None:
    assert parse_estimate(words) == hours


@pytest.mark.parametrize("words", ["", "soon", "4-2", "0", "2-4 @lena", "99999h"])
def test_what_is_no_estimate_is_refused(words: str) -> None:
    with pytest.raises(WrongUsage):
        parse_estimate(words)


def test_the_hint_says_what_was_understood() -> None:
    asked = question("T-1", lambda _: None)
    assert asked.hint("2-4")[0][0] == "2-4 hours"
    assert asked.hint("-")[0][0] == "takes the estimate away"
    assert asked.hint("soon")[0][1] == "warn"
