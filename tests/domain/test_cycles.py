"""What the end of a cycle comes to: grades, scores, objectives and what stands in the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import cycles
from tracker.domain.cycles import Ending, Weighed
from tracker.domain.errors import Refused

SEPTEMBER = [
    Weighed("O-00", Decimal(1), Decimal(1), "outcome", Decimal("0.3")),
    Weighed("O-00", Decimal(1), Decimal(1), "output", Decimal(1)),
    Weighed("O-00", Decimal(1), Decimal(1), "output", Decimal(1)),
    Weighed("O-00", Decimal(1), Decimal(1), "output", Decimal(2) / 3),
]


def test_the_published_september_scores_well_by_what_it_made_and_badly_by_what_changed() -> None:
    found = cycles.scores(SEPTEMBER)
    assert round(found.all or 0, 4) == Decimal("0.7417")
    assert found.outcome == Decimal("0.3")
    assert round(found.output or 0, 4) == Decimal("0.8889")


def test_an_objective_without_outcomes_has_no_say_in_the_outcome_score() -> None:
    made = Weighed("O-09", Decimal(5), Decimal(1), "output", Decimal(1))
    assert cycles.scores([*SEPTEMBER, made]).outcome == Decimal("0.3")
    assert cycles.scores([made]).outcome is None


def test_a_weight_of_zero_everywhere_leaves_every_score_unknown() -> None:
    weightless = [Weighed("O-00", Decimal(1), Decimal(0), "outcome", Decimal(1))]
    assert cycles.scores(weightless) == cycles.Scores(None, None, None)
    assert cycles.scores([]) == cycles.Scores(None, None, None)


@pytest.mark.parametrize(
    ("score", "ambition", "status"),
    [
        ("1", "committed", "achieved"), ("0.95", "committed", "achieved"), ("0.94", "committed", "partial"),
        ("0.7", "committed", "partial"), ("0.35", "committed", "partial"), ("0.34", "committed", "missed"),
        ("0.65", "aspirational", "achieved"), ("0.64", "aspirational", "partial"), ("0", "aspirational", "missed"),
    ],
)  # fmt: skip
def test_an_objective_ends_by_its_score_with_one_decimal(score: str, ambition: str, status: str) -> None:
    assert cycles.objective_status(Decimal(score), ambition) == status


def test_an_objective_of_which_nothing_was_graded_is_dropped() -> None:
    assert cycles.objective_status(None, "committed") == "dropped"


@pytest.mark.parametrize(("score", "raw"), [(None, "0"), ("0.4571", "0.5"), ("0.65", "0.7"), ("1", "1.0")])
def test_a_raw_grade_has_one_decimal(score: str | None, raw: str) -> None:
    assert cycles.raw_grade(None if score is None else Decimal(score)) == Decimal(raw)


@pytest.mark.parametrize(
    ("final", "rationale", "words"),
    [("0.7", "", "say why"), ("0.7", "too short", "10 characters"), ("0.7", "   spaces   ", "10 characters"),
     ("1.1", "far beyond the target", "between 0 and 1"), ("-0.1", "worse than nothing", "between 0 and 1")],
)  # fmt: skip
def test_a_final_grade_that_breaks_a_rule_is_refused(final: str, rationale: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        cycles.require_grade(Decimal("0.5"), Decimal(final), rationale)


def test_a_final_grade_like_the_raw_one_needs_no_reason() -> None:
    cycles.require_grade(Decimal("0.5"), Decimal("0.50"), "")
    cycles.require_grade(Decimal("0.5"), Decimal("0.7"), "10 letters")


@pytest.mark.parametrize(
    ("starts", "ends", "following"),
    [
        ("2026-10-01", "2026-10-31", ("2026-11-01", "2026-11-30")),
        ("2026-12-01", "2026-12-31", ("2027-01-01", "2027-01-31")),
        ("2026-10-01", "2026-12-31", ("2027-01-01", "2027-03-31")),
        ("2028-01-01", "2028-01-31", ("2028-02-01", "2028-02-29")),
        ("2026-01-01", "2026-12-31", ("2027-01-01", "2027-12-31")),
        ("2026-10-05", "2026-10-18", ("2026-10-19", "2026-11-01")),
    ],
)  # fmt: skip
def test_the_next_cycle_is_as_long_and_follows_at_once(starts: str, ends: str, following: tuple[str, str]) -> None:
    assert cycles.next_days(date.fromisoformat(starts), date.fromisoformat(ends)) == tuple(
        map(date.fromisoformat, following))


DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(DAYS, st.integers(0, 400))
def test_the_next_cycle_never_overlaps_and_leaves_no_gap(starts: date, length: int) -> None:
    ends = starts + timedelta(days=length)
    begins, last = cycles.next_days(starts, ends)
    assert begins == ends + timedelta(days=1)
    assert last >= begins


def test_a_last_check_in_is_lacking_when_the_last_cadence_before_the_end_has_none() -> None:
    ends = date(2026, 10, 31)
    assert cycles.lacks_check_in(None, 7, date(2026, 10, 19), ends)
    assert cycles.lacks_check_in(date(2026, 10, 12), 7, date(2026, 10, 19), ends)
    assert not cycles.lacks_check_in(date(2026, 10, 13), 7, date(2026, 10, 19), ends)
    assert not cycles.lacks_check_in(date(2026, 10, 26), 7, date(2026, 11, 6), ends)  # the end counts, not the day
    assert cycles.lacks_check_in(date(2026, 10, 24), 7, date(2026, 11, 6), ends)


@pytest.mark.parametrize(
    ("direction", "kind", "baseline", "target", "value", "carried"),
    [
        ("increase", "number", "0", "10", "4", "0"),  # counted anew in each cycle
        ("increase", "number", "1840", "2600", "2230", "2230"),  # a level goes on
        ("decrease", "currency", "95", "60", "79", "79"),
        ("increase", "number", "1840", "2600", None, "1840"),
        ("increase", "milestone", "0", "4", "2", "0"),
        ("maintain_below", "percent", None, "0.5", "0.47", None),
    ],
)  # fmt: skip
def test_what_a_carried_key_result_starts_from(
    direction: str, kind: str, baseline: str | None, target: str, value: str | None, carried: str | None
) -> None:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    found = cycles.carried_baseline(direction, kind, number(baseline), Decimal(target), number(value))
    assert found == number(carried)


@pytest.mark.parametrize(("direction", "value"), [("increase", "2600"), ("increase", "2700"), ("decrease", "2600")])
def test_a_level_that_was_reached_asks_for_a_new_target(direction: str, value: str) -> None:
    with pytest.raises(Refused, match="target 2600 is reached"):
        cycles.carried_baseline(direction, "number", Decimal(1840), Decimal(2600), Decimal(value))


def test_what_stands_in_the_way_is_told_in_the_order_of_closing() -> None:
    endings = [Ending("KR-1", True, 0), Ending("KR-2", False, 1), Ending("KR-3", True, 1200)]
    lacking = cycles.retrospective_lacks(["it worked"], [" "], [])
    assert cycles.in_the_way(endings, lacking) == (
        "neither graded nor dropped: KR-2", "1,201 open tasks on KR-2, KR-3",
        "the retrospective does not say what did not, what was learned",
    )
    assert cycles.in_the_way([Ending("KR-1", True, 0)], ()) == ()
