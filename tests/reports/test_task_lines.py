"""Tasks as lines."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.reports.ink import Ink
from tracker.reports.task_lines import heading, marks, plain_lines, short_day, stage_letter, terminal_lines
from tracker.storage.rows import Board, Card, Count, WipLimitRow

TODAY = date(2026, 10, 19)
CARD = Card(
    number=43, id="T-043", title="White paper ad to a lookalike audience", key_result="KR-08", status="doing",
    stage="awareness", kind="ongoing", medium="paid", channel="facebook", owner="tomas", priority="normal", rank=0,
    created_on=date(2026, 10, 1), assigned_on=date(2026, 10, 2), started_on=date(2026, 10, 6), review_on=None,
    done_on=None, due_on=date(2026, 10, 30), estimate_low_h=3.0, estimate_high_h=5.0, contribution="Direct path",
    blocked_reason=None, blocked_on=None, recurs=None, waits=0, messages=0,
)
PLAIN = Ink(colour=False)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"due_on": date(2026, 10, 18)}, ["late 1d"]),
        ({"due_on": TODAY}, ["soon 0d"]),
        ({"due_on": date(2026, 10, 21)}, ["soon 2d"]),
        ({"due_on": date(2026, 10, 22)}, []),
        ({"due_on": date(2026, 10, 1), "status": "done"}, []),
        ({"blocked_reason": "no room", "waits": 2, "priority": "high"}, ["blocked", "waits 2", "high"]),
        ({"sync_state": "synced"}, []),
        ({"sync_state": "changed_there"}, ["changed there"]),
    ],
)
def test_what_is_special_is_marked_most_pressing_first(changes: dict[str, object], expected: list[str]) -> None:
    assert marks(CARD._replace(**changes), TODAY) == expected  # type: ignore[arg-type]


def test_a_plain_line_holds_a_space_in_no_column_but_the_title() -> None:
    late = CARD._replace(due_on=date(2026, 10, 12), blocked_reason="no room", waits=1)
    (line,) = plain_lines([late], TODAY)
    assert line.split(maxsplit=7) == [
        "T-043", "doing", "KR-08", "A", "tomas", "2026-10-12", "late:7d,blocked,waits:1",
        "White paper ad to a lookalike audience",
    ]
    (empty,) = plain_lines([CARD._replace(owner=None, due_on=None, status="backlog")], TODAY)
    assert empty.split(maxsplit=7)[4:7] == ["-", "-", "-"]


@pytest.mark.parametrize("width", [20, 30, 45, 60, 80, 200])
def test_a_terminal_line_keeps_the_id_and_drops_columns_that_do_not_fit(width: int) -> None:
    *_, line = terminal_lines([CARD], TODAY, width=width, ink=PLAIN)
    assert len(line) <= width
    assert "T-043" in line
    assert ("tomas" in line) == (width >= 45)


def test_a_heading_has_the_count_and_the_limit() -> None:
    counts = Board({"doing": Count(9), "review": Count(10_000, at_least=True)}, {}, {
        "doing": WipLimitRow("status", "doing", 6, "soft")})
    assert heading("doing", counts) == "DOING 9 of 6, over"
    assert heading("review", counts) == "REVIEW 10000+"
    assert heading("done", counts) == "DONE"


def test_a_day_far_away_has_its_year() -> None:
    assert short_day(date(2026, 10, 5), TODAY) == " 5 Oct"
    assert short_day(date(2027, 10, 5), TODAY) == "2027-10-05"


def test_stages_of_a_strategy_of_its_own_have_a_letter_too() -> None:
    assert [stage_letter(stage) for stage in ("conversion", "enabling", "mobilise", "")] == ["$", ".", "M", "."]
