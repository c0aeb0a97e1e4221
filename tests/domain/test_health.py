"""Health, staleness and net confidence: the published cases, the demo on 19 October, the properties."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.health import (
    MARKS,
    CheckInFigures,
    Health,
    KeyResultFigures,
    Standing,
    confidence_health,
    guardrail_health,
    health,
    is_stale,
    net_confidence,
    objective_health,
    pace_health,
    standing,
    worst,
)
from tracker.domain.metrics import rollup, round_half_up

CASES = json.loads((Path(__file__).parent / "formula_cases.json").read_text("utf-8"), parse_float=Decimal)
START, TODAY, DUE = date(2026, 10, 1), date(2026, 10, 19), date(2026, 10, 31)
ON, RISK, OFF, STALE, UNKNOWN = Health
KNOWN = st.sampled_from([ON, RISK, OFF])
CONFIDENCES = st.integers(0, 10)


def named(health: Health) -> str:
    """As the published cases write it."""
    return health.value.replace(" ", "_")


def counted(on_track: int, at_risk: int, off_track: int) -> list[tuple[int | None, bool]]:
    return [*[(9, False)] * on_track, *[(5, False)] * at_risk, *[(2, False)] * off_track]


PUBLISHED: dict[str, Callable[[dict[str, Any]], object]] = {
    "pace_health": lambda case: named(pace_health(Decimal(case["gap_points"]))),
    "confidence_health": lambda case: named(confidence_health(case["confidence"])),
    "objective_health": lambda case: named(objective_health(each.replace("_", " ") for each in case["key_results"])),
    "net_confidence": lambda case: net_confidence(counted(**case)),
}


@pytest.mark.parametrize("case", [case for case in CASES if case["formula"] in PUBLISHED], ids=lambda case: case["id"])
def test_published_case(case: dict[str, Any]) -> None:
    assert PUBLISHED[case["formula"]](case["input"]) == case["expected"]


# The demo


def number(baseline: int, target: int, direction: str = "increase") -> KeyResultFigures:
    return KeyResultFigures(direction, "number", Decimal(baseline), Decimal(target), None, START, DUE, 7)


def guardrail(direction: str, target: str) -> KeyResultFigures:
    return KeyResultFigures(direction, "number", None, Decimal(target), None, START, DUE, 7)


def weekly(*entries: tuple[str, int]) -> list[CheckInFigures]:
    """Value and confidence of 5, 12 and 19 October."""
    days = (date(2026, 10, 5), date(2026, 10, 12), TODAY)
    return [
        CheckInFigures(day, Decimal(value), confidence)
        for day, (value, confidence) in zip(days, entries, strict=False)
    ]


STORIES = KeyResultFigures("increase", "milestone", Decimal(0), Decimal(4), None, START, DUE, 7)
DEMO: dict[str, tuple[KeyResultFigures, str, list[CheckInFigures]]] = {
    "KR-05": (number(0, 10), "committed", weekly(("1", 6), ("3", 5), ("4", 4))),
    "KR-06": (number(0, 40), "committed", weekly(("9", 8), ("18", 8), ("27", 8))),
    "KR-07": (number(95, 60, "decrease"), "committed", weekly(("92.0", 7), ("84.5", 6), ("79.0", 6))),
    "KR-08": (number(0, 300), "aspirational", weekly(("20", 6), ("55", 4), ("70", 3))),
    "KR-09": (number(1840, 2600), "aspirational", weekly(("1915", 7), ("2050", 8), ("2230", 8))),
    "KR-10": (STORIES, "aspirational", weekly(("0", 7), ("1", 6), ("1", 5))),
    "KR-11": (guardrail("maintain_below", "0.5"), "committed", weekly(("0.42", 8), ("0.61", 6), ("0.47", 8))),
    "KR-12": (guardrail("maintain_above", "4.6"), "committed", weekly(("4.7", 9))),
}


def stands(id: str, today: date = TODAY) -> Standing:
    key_result, ambition, check_ins = DEMO[id]
    return standing(key_result, check_ins, today, ambition)


@pytest.mark.parametrize(
    ("id", "value", "confidence", "score", "even", "gap", "mark"),
    [("KR-05", "4", 4, "0.4000", "0.6129", "21.29", "!"), ("KR-06", "27", 8, "0.6750", "0.6129", "-6.21", "+"),
     ("KR-07", "79", 6, "0.4571", "0.6129", "15.58", "!"), ("KR-08", "70", 3, "0.2333", "0.4290", "19.57", "x"),
     ("KR-09", "2230", 8, "0.5132", "0.4290", "-8.41", "+"), ("KR-10", "1", 5, "0.2500", "0.4290", "17.90", "!"),
     ("KR-11", "0.47", 8, "0.6667", "0.6129", None, "+"), ("KR-12", "4.7", 9, "1.0000", "0.6129", None, "?")],
)
def test_where_each_key_result_of_the_demo_stands(
    id: str, value: str, confidence: int, score: str, even: str, gap: str | None, mark: str
) -> None:
    now = stands(id)
    assert now.score is not None
    assert (now.value, now.confidence, MARKS[now.health]) == (Decimal(value), confidence, mark)
    assert (round_half_up(now.score, 4), round_half_up(now.expected, 4)) == (Decimal(score), Decimal(even))
    assert (None if now.gap is None else round_half_up(now.gap, 2)) == (None if gap is None else Decimal(gap))
    assert now.stale == (id == "KR-12")


def test_the_worse_of_pace_and_confidence_decides() -> None:
    """Of the demo: cost per call is on pace and doubted; downloads are at risk by pace and given up by confidence."""
    cost, downloads = stands("KR-07"), stands("KR-08")
    assert cost.gap is not None
    assert downloads.gap is not None
    assert (pace_health(cost.gap), confidence_health(6), cost.health) == (ON, RISK, RISK)
    assert (pace_health(downloads.gap), confidence_health(3), downloads.health) == (RISK, OFF, OFF)


def test_the_objectives_of_the_demo_are_as_well_as_their_weakest_key_result() -> None:
    objectives = [("KR-05", "KR-06", "KR-07"), ("KR-08", "KR-09", "KR-10"), ("KR-11", "KR-12")]
    assert [objective_health(stands(id).health for id in ids) for ids in objectives] == [RISK, OFF, ON]


def test_the_objective_scores_come_from_the_standings() -> None:
    second = rollup((stands(id).score, 1) for id in ("KR-08", "KR-09", "KR-10"))
    assert second is not None
    assert round_half_up(second, 4) == Decimal("0.3322")


def test_the_net_confidence_of_the_demo_counts_the_stale_one_only_in_the_whole() -> None:
    assert net_confidence((stands(id).confidence, stands(id).stale) for id in DEMO) == 25


def test_the_standing_of_an_earlier_day_knows_no_later_check_in() -> None:
    then = stands("KR-05", date(2026, 10, 13))
    assert (then.value, then.confidence) == (Decimal(3), 5)
    assert stands("KR-05", date(2026, 10, 4)).health is UNKNOWN


# Guardrails


@pytest.mark.parametrize(
    ("inside", "expected"),
    [("", UNKNOWN), ("i", ON), ("o", RISK), ("io", RISK), ("oo", OFF), ("ioo", OFF), ("ooi", ON), ("oio", RISK)],
)
def test_a_guardrail_is_at_risk_when_broken_once_and_off_track_when_broken_twice_running(
    inside: str, expected: Health
) -> None:
    assert guardrail_health([each == "i" for each in inside]) is expected


def test_a_guardrail_outside_its_bound_is_not_on_track_however_confident_somebody_is() -> None:
    rate = guardrail("maintain_below", "0.5")
    assert standing(rate, weekly(("0.42", 9), ("0.51", 9)), date(2026, 10, 12), "committed").health is RISK
    assert standing(rate, weekly(("0.42", 9), ("0.51", 9), ("0.6", 9)), TODAY, "committed").health is OFF


# Overrides, freshness, nothing known


def test_an_override_lasts_to_the_next_check_in() -> None:
    first, second, third = weekly(("1", 6), ("3", 5), ("4", 4))
    vouched = [first, replace(second, health_override="on track")]
    assert standing(number(0, 10), vouched, date(2026, 10, 13), "committed").health is ON
    assert standing(number(0, 10), [*vouched, third], TODAY, "committed").health is RISK
    assert standing(number(0, 10), vouched, date(2026, 10, 23), "committed").health is STALE


def test_a_check_in_is_stale_when_the_next_is_more_than_three_days_late() -> None:
    assert is_stale(TODAY, date(2026, 10, 5), 7)  # 14 days > 10
    assert not is_stale(TODAY, date(2026, 10, 9), 7)
    assert is_stale(TODAY, date(2026, 10, 8), 7)


def test_nobody_checked_in_is_unknown_and_later_stale() -> None:
    early = standing(number(0, 10), [], date(2026, 10, 11), "committed")
    assert (early.value, early.score, early.gap, early.health, early.stale) == (None, None, None, UNKNOWN, False)
    late = standing(number(0, 10), [], date(2026, 10, 12), "committed")
    assert (late.health, late.stale) == (STALE, True)


def test_ticked_milestones_count_before_the_value_of_the_check_in() -> None:
    ticked = standing(replace(STORIES, ticked=2), weekly(("0", 8), ("1", 8), ("1", 8)), TODAY, "aspirational")
    assert (ticked.value, ticked.score, ticked.health) == (Decimal(2), Decimal("0.5"), ON)


def test_check_ins_may_come_in_any_order() -> None:
    for key_result, ambition, check_ins in DEMO.values():
        backwards = standing(key_result, reversed(check_ins), TODAY, ambition)
        assert backwards == standing(key_result, check_ins, TODAY, ambition)


def test_figures_that_measure_nothing_go_by_confidence() -> None:
    odd = replace(number(0, 10), target=Decimal(0))
    assert standing(odd, weekly(("0", 9), ("0", 9), ("0", 9)), TODAY, "committed").health is ON


def test_an_objective_of_which_nothing_is_known_is_stale_or_unknown() -> None:
    assert objective_health([]) is UNKNOWN
    assert objective_health(["unknown", "stale"]) is STALE
    assert objective_health(["unknown", "at risk", "stale"]) is RISK


def test_no_key_results_have_no_net_confidence() -> None:
    assert net_confidence([]) is None
    assert net_confidence([(None, False), (9, True)]) == 0
    assert net_confidence([*counted(1, 0, 0), (None, False), (None, False)]) == 33


# Properties


def test_the_last_digit_of_a_quotient_does_not_change_health() -> None:
    assert pace_health(Decimal("16.500000000000000000000000001")) is ON
    assert pace_health(Decimal("16.5001")) is RISK


@given(st.decimals(-200, 200, places=3), st.decimals(0, 200, places=3))
def test_a_wider_gap_is_no_healthier(gap: Decimal, more: Decimal) -> None:
    assert worst((pace_health(gap), pace_health(gap + more))) is pace_health(gap + more)


@given(CONFIDENCES, CONFIDENCES)
def test_less_confidence_is_no_healthier(one: int, other: int) -> None:
    low = confidence_health(min(one, other))
    assert worst((low, confidence_health(max(one, other)))) is low


@given(KNOWN, KNOWN)
def test_health_is_one_of_both_and_never_the_better(pace: Health, confidence: Health) -> None:
    both = health(pace, confidence)
    assert both in (pace, confidence)
    assert both is health(confidence, pace) is worst((both, pace, confidence))


@given(st.lists(st.sampled_from(Health)), st.randoms())
def test_the_order_of_key_results_does_not_matter(healths: list[Health], random: Any) -> None:
    assert objective_health(random.sample(healths, len(healths))) is objective_health(healths)


@given(st.lists(st.tuples(st.none() | CONFIDENCES, st.booleans()), min_size=1), st.randoms())
def test_net_confidence_lies_between_minus_100_and_100_in_any_order(
    entries: list[tuple[int | None, bool]], random: Any
) -> None:
    net = net_confidence(entries)
    assert net is not None
    assert -100 <= net <= 100
    assert net_confidence(random.sample(entries, len(entries))) == net


@given(st.integers(1, 92), st.integers(0, 200), st.integers(0, 200))
def test_what_is_stale_stays_stale(cadence: int, days: int, more: int) -> None:
    last = TODAY - timedelta(days=days)
    assert is_stale(TODAY, last, cadence) == (days > cadence + 3)
    assert is_stale(TODAY, last, cadence) <= is_stale(TODAY + timedelta(days=more), last, cadence)
