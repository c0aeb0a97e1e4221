"""Figures in words, rounded half up once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tracker.reports.figures import amount, key_result_state, rounded, score_text, target_text
from tracker.reports.ink import Ink
from tracker.storage.rows import KeyResultRow

CALLS = KeyResultRow(
    position=2, id="KR-06", objective="O-01", title="Calls", metric_kind="number", direction="increase", unit="calls",
    currency=None, precision=0, baseline=Decimal(0), target=Decimal(40), target_max=None, owner="jonas",
    status="active", due_on=date(2026, 10, 31), value=Decimal(27), confidence=8, progress=Decimal("0.675"),
    score=Decimal("0.675"), expected=Decimal("0.6129"), health="on track",
)


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [("0.675", 2, "0.68"), ("0.665", 2, "0.67"), ("2.5", 0, "3"), ("-0.005", 2, "-0.01"), ("1000", 2, "1000.00")],
)
def test_half_is_rounded_up(value: str, places: int, said: str) -> None:
    assert rounded(Decimal(value), places) == said


def test_a_key_result_says_where_it_stands() -> None:
    assert key_result_state(CALLS, Ink(colour=False)) == (
        "27 calls, target 40, score 0.68, on track, confidence 8, owner jonas, due 2026-10-31"
    )


def test_before_the_first_check_in_it_says_so() -> None:
    unknown = CALLS._replace(value=None, score=None, confidence=None, health="unknown")
    assert key_result_state(unknown, Ink(colour=False)).startswith(
        "? calls, target 40, no score yet, unknown, no check-in yet"
    )


@pytest.mark.parametrize(
    ("direction", "target_max", "said"),
    [
        ("increase", None, "40"),
        ("maintain_above", None, "40 or more"),
        ("maintain_below", None, "40 or less"),
        ("maintain_between", Decimal(50), "40 to 50"),
    ],
)
def test_a_target_is_said_by_its_direction(direction: str, target_max: Decimal | None, said: str) -> None:
    assert target_text(CALLS._replace(direction=direction, target_max=target_max)) == said


def test_money_and_percent_carry_their_sign() -> None:
    assert amount(CALLS._replace(metric_kind="currency", currency="EUR", precision=2), Decimal("79")) == "79.00 EUR"
    assert amount(CALLS._replace(metric_kind="percent", precision=2), Decimal("0.47")) == "0.47%"


def test_no_score_is_said() -> None:
    assert (score_text(None), score_text(Decimal("0.5246"))) == ("no score yet", "score 0.52")
