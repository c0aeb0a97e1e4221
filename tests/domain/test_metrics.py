"""Progress, score, pace and projection: the published cases, the worked numbers of the demo, the properties."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.domain.metrics import (
    Band,
    Zone,
    band,
    days_left,
    days_since_start,
    expected,
    gap,
    is_inside,
    needed_a_day,
    pace,
    progress,
    projection,
    rollup,
    round_half_up,
    score,
    settle,
    zone,
    zones,
)

CASES = json.loads((Path(__file__).parent / "formula_cases.json").read_text("utf-8"), parse_float=Decimal)
START, TODAY, DUE = date(2026, 10, 1), date(2026, 10, 19), date(2026, 10, 31)
IN_HEALTH = {"pace_health", "confidence_health", "objective_health", "net_confidence"}
IN_FORECAST = {
    "percentile_when", "likelihood_when_percent", "percentile_how_many", "likelihood_how_many_percent",
    "forecast_how_many", "forecast_when", "forecast_how_many_pmf", "littles_law_rate", "cycle_time_days",
    "backward_step", "backward_plan",
}
NOT_USED = {"pace_health_ratio (not used)"}

FIGURES = st.decimals(-10**6, 10**6, places=6)
SHARES = st.decimals(0, 1, places=4)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def increase(baseline: Decimal | int, target: Decimal | int, value: Decimal | int) -> Decimal:
    """Progress of a number that goes to its target, up or down."""
    direction = "increase" if target > baseline else "decrease"
    given_progress = progress(direction, "number", Decimal(baseline), Decimal(target), None, [Decimal(value)])
    assert given_progress is not None
    return given_progress


def four(value: Decimal | None) -> Decimal:
    """Four decimals, as the worked numbers have them."""
    assert value is not None
    return round_half_up(value, 4)


def exact(value: Decimal | None) -> Decimal:
    assert value is not None
    return settle(value)


PUBLISHED: dict[str, Callable[[dict[str, Any]], object]] = {
    "progress_percent_unclamped": lambda case: 100 * increase(**case),
    "progress": lambda case: increase(**case),
    "progress_percent_rounded": lambda case: round_half_up(100 * increase(**case), 0),
    "score": lambda case: score(increase(**case)),
    "rollup": lambda case: rollup(
        zip((Decimal(each) for each in case.get("scores") or case["progress"]), case["weights"], strict=True)
    ),
    "band": lambda case: band(case["score"]),
    "zones": lambda case: {
        name: zones(case["baseline"], case["stretch"])[Zone(name)] for name in ("commit", "target")
    },
    "zone": lambda case: zone(case["ratio"]),
}


@pytest.mark.parametrize("case", [case for case in CASES if case["formula"] in PUBLISHED], ids=lambda case: case["id"])
def test_published_case(case: dict[str, Any]) -> None:
    got: Any = PUBLISHED[case["formula"]](case["input"])
    if "tolerance" in case:
        assert abs(got - case["expected"]) <= case["tolerance"]
    else:
        assert got == case["expected"]


def test_every_published_case_is_tested_or_known_as_not_used() -> None:
    assert {case["formula"] for case in CASES} == {
        *PUBLISHED, "expected_exclusive", *IN_HEALTH, *IN_FORECAST, *NOT_USED,
    }
    assert all(case["source"] for case in CASES)


# Progress


@pytest.mark.parametrize(
    ("baseline", "target", "value", "share"),
    [(20, 100, 0, "-0.25"), (95, 60, 79, "0.4571"), (0, 10, 4, "0.4"), (0, 40, 27, "0.675"), (0, 300, 70, "0.2333"),
     (1840, 2600, 2230, "0.5132"), (0, 10, 12, "1.2")],
)
def test_progress_is_the_way_gone_and_is_not_clamped(baseline: int, target: int, value: int, share: str) -> None:
    assert four(increase(baseline, target, value)) == Decimal(share)


def test_milestones_count_the_ticked_ones_and_else_go_by_the_last_check_in() -> None:
    assert progress("increase", "milestone", Decimal(0), Decimal(6), None, [], ticked=3) == Decimal("0.5")
    assert progress("increase", "milestone", Decimal(0), Decimal(4), None, [Decimal(0), Decimal(1)]) == Decimal("0.25")
    assert progress("increase", "milestone", Decimal(0), Decimal(4), None, [Decimal(3)], ticked=0) == 0


def test_a_guardrail_counts_the_check_ins_inside_its_bound() -> None:
    rates = [Decimal("0.42"), Decimal("0.61"), Decimal("0.47")]
    assert four(progress("maintain_below", "percent", None, Decimal("0.5"), None, rates)) == Decimal("0.6667")
    assert progress("maintain_above", "number", None, Decimal("4.6"), None, [Decimal("4.7")]) == 1
    between = [Decimal(value) for value in (9, 10, 15, 20, 21)]
    assert progress("maintain_between", "number", None, Decimal(10), Decimal(20), between) == Decimal("0.6")


def test_the_bound_itself_is_inside() -> None:
    assert is_inside("maintain_below", Decimal("0.5"), None, Decimal("0.50"))
    assert is_inside("maintain_above", Decimal("4.6"), None, Decimal("4.6"))
    assert not is_inside("maintain_above", Decimal("4.6"), None, Decimal("4.59"))


@pytest.mark.parametrize(
    ("direction", "metric_kind", "baseline", "target", "values"),
    [("increase", "number", 0, 10, []), ("increase", "number", None, 10, [5]), ("increase", "number", 10, 10, [10]),
     ("increase", "milestone", 0, 4, []), ("increase", "milestone", 0, 0, [0]),
     ("maintain_below", "number", None, 1, [])],
)
def test_progress_that_nothing_measures_is_unknown(
    direction: str, metric_kind: str, baseline: int | None, target: int, values: list[int]
) -> None:
    start = None if baseline is None else Decimal(baseline)
    assert progress(direction, metric_kind, start, Decimal(target), None, [Decimal(each) for each in values]) is None
    assert score(None) is None


@given(FIGURES, FIGURES)
def test_progress_is_nothing_at_the_baseline_and_all_at_the_target(baseline: Decimal, target: Decimal) -> None:
    assume(baseline != target)
    assert increase(baseline, target, baseline) == 0
    assert increase(baseline, target, target) == 1


@given(FIGURES, FIGURES, FIGURES)
def test_progress_there_and_progress_back_make_one(baseline: Decimal, target: Decimal, value: Decimal) -> None:
    assume(baseline != target)
    there, back = increase(baseline, target, value), increase(target, baseline, value)
    assert abs(there + back - 1) <= Decimal("1e-12")
    assert increase(-baseline, -target, -value) == there


@given(FIGURES, FIGURES, FIGURES, FIGURES)
def test_a_step_towards_the_target_never_lowers_progress(
    baseline: Decimal, target: Decimal, one: Decimal, other: Decimal
) -> None:
    assume(baseline != target)
    near, far = sorted((one, other), reverse=target > baseline)
    assert increase(baseline, target, near) >= increase(baseline, target, far)


@given(FIGURES, FIGURES, FIGURES)
def test_a_score_lies_between_0_and_1(baseline: Decimal, target: Decimal, value: Decimal) -> None:
    assume(baseline != target)
    held = score(increase(baseline, target, value))
    assert held is not None
    assert 0 <= held <= 1


# Rounding and bands


@pytest.mark.parametrize(
    ("shown", "colour"),
    [("0", "red"), ("0.3", "red"), ("0.3499", "red"), ("0.35", "yellow"), ("0.6499", "yellow"), ("0.65", "green"),
     ("0.675", "green"), ("1", "green")],
)
def test_the_band_goes_by_the_score_with_one_decimal(shown: str, colour: str) -> None:
    assert band(Decimal(shown)) == colour


def test_a_quotient_rounds_as_the_fraction_it_stands_for() -> None:
    nearly = Decimal(1) / 3 * Decimal("1.95")  # 0.6499...9 stands for 0.65
    assert nearly < Decimal("0.65")
    assert round_half_up(nearly, 1) == Decimal("0.7")
    assert band(nearly) is Band.GREEN


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("0.675", 1, "0.7"), ("0.5246", 2, "0.52"), ("-12.5", 0, "-13"), ("-0.4", 0, "0"), ("2.5", 0, "3"),
     ("1E+80", 2, "1E+80"), ("0", 2, "0.00")],
)
def test_a_half_rounds_away_from_zero(value: str, places: int, shown: str) -> None:
    assert str(round_half_up(Decimal(value), places)) == shown


@given(st.fractions(-1000, 1000, max_denominator=10**6), st.integers(0, 6))
def test_a_fraction_rounds_to_the_nearest(value: Fraction, places: int) -> None:
    rounded = Fraction(round_half_up(value, places))
    assert abs(rounded - value) <= Fraction(1, 2 * 10**places)
    assert rounded == Fraction(round_half_up(Decimal(value.numerator) / value.denominator, places))


@given(SHARES, SHARES)
def test_a_better_score_has_no_worse_band(one: Decimal, other: Decimal) -> None:
    order = list(Band)
    assert order.index(band(min(one, other))) <= order.index(band(max(one, other)))


# Rolling up


def scores(*shares: str) -> list[Decimal]:
    return [Decimal(share) for share in shares]


def demo_objectives() -> list[Decimal | None]:
    """Scores of the three objectives of October, from the values of 19 October."""
    first = rollup([(increase(0, 10, 4), 3), (increase(0, 40, 27), 1), (increase(95, 60, 79), 1)])
    stories = progress("increase", "milestone", Decimal(0), Decimal(4), None, [Decimal(1)])
    second = rollup([(increase(0, 300, 70), 1), (increase(1840, 2600, 2230), 1), (stories, 1)])
    rates = [Decimal("0.42"), Decimal("0.61"), Decimal("0.47")]
    unsubscribed = progress("maintain_below", "percent", None, Decimal("0.5"), None, rates)
    rating = progress("maintain_above", "number", None, Decimal("4.6"), None, [Decimal("4.7")])
    return [first, second, rollup([(unsubscribed, 1), (rating, 1)])]


def test_the_objectives_and_the_strategy_of_the_demo() -> None:
    objectives = demo_objectives()
    assert [four(each) for each in objectives] == scores("0.4664", "0.3322", "0.8333")
    assert four(rollup(zip(objectives, (2, 1, 1), strict=True))) == Decimal("0.5246")


def test_outcomes_alone_tell_another_story_in_september() -> None:
    clients, steps = increase(0, 10, 3), [Decimal(1), Decimal(1), Decimal(2) / 3]
    assert four(rollup([(clients, 1), *((step, 1) for step in steps)])) == Decimal("0.7417")
    assert rollup([(clients, 1)]) == Decimal("0.3")


def test_a_score_that_is_missing_counts_as_nothing_done() -> None:
    assert rollup([(Decimal(1), 1), (None, 1)]) == Decimal("0.5")
    assert rollup([(Decimal(1), 1), (None, 0)]) == 1


@pytest.mark.parametrize("entries", [[], [(None, 1), (None, 2)], [(Decimal(1), 0)], [(None, 1), (Decimal(1), 0)]])
def test_nothing_measured_has_no_score(entries: list[tuple[Decimal | None, int]]) -> None:
    assert rollup(entries) is None


WEIGHTED = st.lists(st.tuples(SHARES, st.integers(1, 10)), min_size=1, max_size=8)


@given(WEIGHTED, st.randoms())
def test_a_rollup_lies_among_its_scores_in_any_order(entries: list[tuple[Decimal, int]], random: Any) -> None:
    shuffled = random.sample(entries, len(entries))
    whole = exact(rollup(entries))
    assert exact(rollup(shuffled)) == whole
    assert min(each for each, _ in entries) <= whole <= max(each for each, _ in entries)


@given(WEIGHTED, st.integers(2, 9))
def test_only_the_proportion_of_weights_counts(entries: list[tuple[Decimal, int]], times: int) -> None:
    assert exact(rollup((each, weight * times) for each, weight in entries)) == exact(rollup(entries))


@given(WEIGHTED, SHARES)
def test_a_better_score_never_lowers_the_rollup(entries: list[tuple[Decimal, int]], better: Decimal) -> None:
    (first, weight), *others = entries
    raised = rollup([(max(first, better), weight), *others])
    assert exact(raised) >= exact(rollup(entries))


# Pace


def test_even_pace_counts_the_first_day_and_the_due_day() -> None:
    """Of the two published conventions the inclusive one; the other has 0 on the first day, 48.3 % on 15 April."""
    case = next(case for case in CASES if case["formula"] == "expected_exclusive")
    april = date(2026, 4, 1), date(2026, 4, 30)
    assert expected(date(2026, 3, 31), *april) == case["input"]["first_day"]
    assert four(expected(april[0], *april)) == Decimal("0.0333")
    assert expected(date(2026, 4, 15), *april) == Decimal("0.5")
    assert expected(april[1], *april) == case["input"]["last_day"]


def test_the_pace_of_the_demo() -> None:
    even = expected(TODAY, START, DUE)
    assert four(even) == four(pace(even, "committed")) == Decimal("0.6129")
    assert four(pace(even, "aspirational")) == Decimal("0.4290")


@pytest.mark.parametrize(
    ("ambition", "figures", "points"),
    [("committed", (0, 10, 4), "21.29"), ("committed", (95, 60, 79), "15.58"), ("committed", (0, 40, 27), "-6.21"),
     ("aspirational", (0, 300, 70), "19.57"), ("aspirational", (1840, 2600, 2230), "-8.41"),
     ("aspirational", (0, 4, 1), "17.90")],
)
def test_the_gaps_of_the_demo(ambition: str, figures: tuple[int, int, int], points: str) -> None:
    behind = gap(pace(expected(TODAY, START, DUE), ambition), increase(*figures))
    assert round_half_up(behind, 2) == Decimal(points)


def test_planned_points_replace_the_straight_line() -> None:
    planned = [(date(2026, 10, 10), Decimal("0.1")), (date(2026, 10, 20), Decimal("0.5"))]
    line = [expected(date(2026, 10, day), START, DUE, planned) for day in (1, 10, 15, 20, 31)]
    assert line[:2] == scores("0.01", "0.1")
    assert line[2:] == scores("0.3", "0.5", "1")
    assert four(expected(date(2026, 10, 25), START, DUE, planned)) == Decimal("0.7273")  # 0.5 and 5/11 of the rest


def test_a_plan_may_end_below_the_target() -> None:
    assert expected(DUE, START, DUE, [(DUE, Decimal("0.8"))]) == Decimal("0.8")
    assert expected(date(2026, 11, 9), START, DUE, [(DUE, Decimal("0.8"))]) == Decimal("0.8")


def test_a_plan_beyond_the_target_expects_the_target() -> None:
    assert expected(TODAY, START, DUE, [(TODAY, Decimal("1.4"))]) == 1


@given(DAYS, st.integers(0, 400), st.integers(-30, 430), st.integers(0, 60))
def test_expected_rises_from_0_to_1(start: date, length: int, offset: int, later: int) -> None:
    due, today = start + timedelta(days=length), start + timedelta(days=offset)
    now, then = expected(today, start, due), expected(today + timedelta(days=later), start, due)
    assert 0 <= now <= then <= 1
    assert now == 0 if today < start else now > 0
    assert (now == 1) == (today >= due)
    assert settle(now) == settle(Decimal(min(max(offset + 1, 0), length + 1)) / (length + 1))


@given(st.lists(SHARES, max_size=6), st.lists(st.integers(0, 30), max_size=6, unique=True), st.integers(-3, 40))
def test_a_rising_plan_has_a_rising_pace(shares: list[Decimal], days: list[int], day: int) -> None:
    plan = [(START + timedelta(days=on), share) for on, share in zip(sorted(days), sorted(shares), strict=False)]
    now, then = (expected(START + timedelta(days=on), START, DUE, plan) for on in (day, day + 1))
    assert 0 <= now <= 1
    assert settle(now) <= settle(then)


# Projection


def test_the_projection_of_the_demo() -> None:
    ends_at = projection(Decimal(4), Decimal(0), TODAY, START, DUE)
    assert ends_at is not None
    assert round_half_up(ends_at, 2) == Decimal("6.53")
    assert round_half_up(increase(0, 10, ends_at), 4) == Decimal("0.6526")
    downloads = projection(Decimal(70), Decimal(0), TODAY, START, DUE)
    assert downloads is not None
    assert round_half_up(downloads, 0) == 114
    assert four(increase(0, 300, downloads)) == Decimal("0.3807")
    stories = projection(Decimal(1), Decimal(0), TODAY, START, DUE)
    assert stories is not None
    assert round_half_up(stories, 1) == Decimal("1.6")
    assert round_half_up(stories / 4, 2) == Decimal("0.41")


def test_what_each_day_must_add() -> None:
    assert needed_a_day(Decimal(4), Decimal(10), TODAY, DUE) == Decimal("0.5")
    assert round_half_up(needed_a_day(Decimal(70), Decimal(300), TODAY, DUE) or Decimal(0), 0) == 19
    to_stretch_pace = needed_a_day(Decimal(1), Decimal("0.7") * 4, TODAY, DUE)
    assert to_stretch_pace is not None
    assert round_half_up(1 / to_stretch_pace, 0) == 7  # one story every 7 days
    assert needed_a_day(Decimal(79), Decimal(60), TODAY, DUE) == Decimal(-19) / 12


def test_before_the_start_and_after_the_end_there_is_no_pace_to_speak_of() -> None:
    assert projection(Decimal(4), Decimal(0), date(2026, 9, 30), START, DUE) is None
    assert projection(Decimal(4), Decimal(0), DUE, START, DUE) == 4
    assert needed_a_day(Decimal(4), Decimal(10), DUE, DUE) is None


def test_days_are_counted_with_both_ends() -> None:
    assert (days_since_start(TODAY, START), days_left(TODAY, DUE)) == (19, 12)
    assert (days_since_start(START, START), days_left(DUE, DUE)) == (1, 0)
    assert (days_since_start(date(2026, 9, 1), START), days_left(date(2026, 12, 1), DUE)) == (0, 0)


def test_below_the_committed_zone_is_failing() -> None:
    assert zone(Decimal("0.29")) is Zone.FAIL
    assert zone(Decimal("0.7")) is Zone.TARGET
