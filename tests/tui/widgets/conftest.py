"""The demo's header as of 2026-10-19, written out by hand, so that widgets can be tested without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tracker.storage.rows import CycleRow, Forecast, Header, KeyResultRow, ObjectiveRow, StrategyRow

TODAY = date(2026, 10, 19)


def _key_result(
    position: int, title: str, direction: str, precision: int, figures: tuple[str | None, str, str],
    confidence: int, health: str, score: str, expected: str | None = "0.6129",
) -> KeyResultRow:  # fmt: skip
    baseline, target, value = figures
    return KeyResultRow(
        position=position, id=f"KR-{position + 4:02}", objective="O-01", title=title, metric_kind="number",
        direction=direction, unit="clients", currency=None, precision=precision,
        baseline=None if baseline is None else Decimal(baseline), target=Decimal(target), target_max=None,
        owner="mara", status="active", due_on=date(2026, 10, 31), value=Decimal(value), confidence=confidence,
        progress=Decimal(score), score=Decimal(score), expected=None if expected is None else Decimal(expected),
        health=health,
    )  # fmt: skip


def _objective(number: int, title: str, ambition: str, score: str, health: str, *rows: KeyResultRow) -> ObjectiveRow:
    return ObjectiveRow(f"O-0{number}", title, ambition, "mara", Decimal(1), "active", Decimal(score), health, rows)


@pytest.fixture
def demo_header() -> Header:
    """Eight key results under three objectives."""
    stretch = "0.4290"
    return Header(
        today=TODAY,
        strategy=StrategyRow(
            id="S-01", title="Content marketing that books calls", owner="mara",
            who="Owner-managers of independent vet clinics with 2 to 10 staff",
            why="They lose quiet weekdays to chains and have no time to learn marketing; we give them a plan they can "
                "run in 12 weeks",
            desired_action="Book a 30-minute discovery call",
            approach="Content marketing: be found, be useful, be invited to a call.", meta_question=None,
            channels=("website", "email", "linkedin", "facebook", "webinar", "google_business"),
            budget_minor=1200000, currency="EUR", contribution_required=False,
        ),
        cycle=CycleRow("2026-10", "October 2026", date(2026, 10, 1), date(2026, 10, 31), "active", 19, 31),
        objectives=(
            _objective(
                1, "Acquire 10 new clients in October", "committed", "0.4664", "at risk",
                _key_result(1, "Signed clients", "increase", 0, ("0", "10", "4"), 4, "at risk", "0.4"),
                _key_result(2, "Discovery calls booked", "increase", 0, ("0", "40", "27"), 8, "on track", "0.675"),
                _key_result(3, "Cost per booked call", "decrease", 2, ("95", "60", "79"), 6, "at risk", "0.4571"),
            ),
            _objective(
                2, "Become the name clinic owners recall", "aspirational", "0.3322", "off track",
                _key_result(4, "White paper downloads", "increase", 0, ("0", "300", "70"), 3, "off track", "0.2333",
                            stretch),
                _key_result(5, "Email subscribers", "increase", 0, ("1840", "2600", "2230"), 8, "on track", "0.5132",
                            stretch),
                _key_result(6, "Case-study library", "increase", 0, ("0", "4", "1"), 5, "at risk", "0.25", stretch),
            ),
            _objective(
                3, "Keep what we own in good order", "committed", "0.8333", "on track",
                _key_result(7, "Unsubscribe rate", "maintain_below", 2, (None, "0.5", "0.47"), 8, "on track",
                            "0.6667"),
                _key_result(8, "Google rating", "maintain_above", 1, (None, "4.6", "4.7"), 9, "stale", "1"),
            ),
        ),
        score=Decimal("0.5246"), net_confidence=25, spent_minor=291500, planned_minor=465000,
        forecast=Forecast(28, date(2026, 10, 31), 6, 9, 30, 24), sle_days=7,
    )  # fmt: skip
