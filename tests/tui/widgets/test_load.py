"""Load against capacity in few cells."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.storage.rows import Forecast, LoadRow, PersonRow, WipLimitRow
from tracker.tui.widgets.load.lines import Choosing, Figures, column_lines, folded_line, hours_words
from tracker.tui.widgets.painted import Line, width_of


def person(name: str, hours: float, capacity: float | None, doing: int = 0, limit: int | None = 2) -> LoadRow:
    return LoadRow(PersonRow(name, name.title(), "member", "employee", None, None, True), hours, capacity, doing, limit)


FIGURES = Figures(
    rows=(person("mara", 4.5, 40, 1), person("priya", 60, 64, 3), person("temp", 3, None), person("ann", 12, 10, 2)),
    unowned_h=28,
    unowned_tasks=6,
    forecast=Forecast(28, date(2026, 10, 31), 6, 9, 30, 24),
    limits={"doing": WipLimitRow("status", "doing", 6, "soft")},
    counts={"doing": 9},
)


def text(lines: list[Line]) -> str:
    return "\n".join("".join(piece for piece, _ in line).rstrip() for line in lines)


@pytest.mark.parametrize("width", [16, 20, 27, 30, 44])
def test_no_line_is_wider_than_the_column(width: int) -> None:
    assert all(width_of(line) <= width for line in column_lines(FIGURES, width))
    assert width_of(folded_line(FIGURES, width)) <= width


def test_who_has_more_than_they_can_is_marked_by_a_sign() -> None:
    lines = text(column_lines(FIGURES, 30)).splitlines()
    assert [line for line in lines if "12 of  10 h!" in line]
    assert not [line for line in lines if "4 of  40 h!" in line]
    assert [line for line in lines if "3 of   ? h" in line], "an unknown capacity is no zero"


def test_limits_that_are_passed_come_with_the_word() -> None:
    shown = text(column_lines(FIGURES, 30))
    assert "doing     9 of 6  OVER" in shown
    assert "priya     3 of 2  OVER" in shown
    assert "ann       2 of 2" in shown
    assert "temp      0" not in shown


def test_the_cut_line_says_its_sample_or_that_there_is_none() -> None:
    assert "6 finish by 31 Oct (85%)\n  9 finish (50%)\n 24 done in 30 days" in text(column_lines(FIGURES, 30))
    assert "not enough history" in text(column_lines(Figures(), 30))


def test_choosing_adds_the_hours_to_who_may_be_meant_and_to_nobody_else() -> None:
    shown = text(column_lines(FIGURES, 30, choosing=Choosing(frozenset({"priya"}), 6.0))).splitlines()
    assert [line for line in shown if line.startswith("›priya") and "66 of  64 h!" in line]
    assert [line for line in shown if line.startswith(" mara") and "4 of  40 h" in line]


def test_in_one_line_the_first_people_stand_and_how_many_more_there_are() -> None:
    assert text([folded_line(FIGURES, 100)]) == " LOAD mara 4/40 priya 60/64 temp 3/? ann 12/10!  unowned 28 h"
    assert "+2" in text([folded_line(FIGURES, 48)])
    chosen = text([folded_line(FIGURES, 60, choosing=Choosing(frozenset({"ann"}), 2.0))])
    assert chosen.startswith(" LOAD ann 14/10!")
    assert "mara" not in chosen


def test_half_hours_do_not_creep_upward() -> None:
    assert [hours_words(hours) for hours in (4.5, 2.5, 27.0, 5.5)] == ["4", "2", "27", "6"]
