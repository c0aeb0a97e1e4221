"""Flow and forecast: the published cases, the demo's figures, and a second reckoning that adds up every way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.domain import sums
from tracker.domain.errors import Refused
from tracker.domain.forecast import (
    CONFIDENCES,
    HORIZON_DAYS,
    TO_THE_TASK,
    age,
    chance,
    chance_percent,
    cut_after,
    cycle_time,
    daily_throughput,
    has_enough_history,
    histogram,
    how_many_by,
    likelihood_at_least,
    likelihood_within,
    littles_law_rate,
    need_below,
    outcomes,
    percentile,
    percentile_at_least,
    plan_back,
    service_level,
    shortfall,
    when_done,
    working_days,
)
from tracker.domain.metrics import round_half_up

CASES = json.loads((Path(__file__).parent / "formula_cases.json").read_text("utf-8"), parse_float=Decimal)
TODAY = date(2026, 10, 19)
PUBLISHED_HISTORY = [2, 0, 0, 5, 1, 3, 2, 4, 0, 0, 1, 1, 2, 4, 0, 0, 0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0]

HISTORIES = st.lists(st.integers(0, 6), min_size=1, max_size=12)
PERCENTS = st.integers(1, 99) | st.sampled_from([Fraction("99.999"), Fraction("0.001"), Fraction(200, 3)])
SAMPLES = st.lists(st.integers(-50, 50), min_size=1, max_size=40)


def by_confidence(answer: Callable[[int], int | None]) -> list[int | None]:
    """The answers at 50, 70, 85 and 95 %."""
    return [answer(confidence) for confidence in CONFIDENCES]


# Published cases


def numbers(case: dict[str, Any]) -> dict[int, int]:
    return {int(number): count for number, count in case["histogram"].items()}


def percent(share: Fraction | None) -> Fraction:
    assert share is not None
    return 100 * share


FLOW: dict[str, Callable[[dict[str, Any]], object]] = {
    "percentile_when": lambda case: percentile(numbers(case), case["percentile"]),
    "likelihood_when_percent": lambda case: percent(likelihood_within(numbers(case), case["days"])),
    "percentile_how_many": lambda case: percentile_at_least(numbers(case), case["percentile"]),
    "likelihood_how_many_percent": lambda case: percent(likelihood_at_least(numbers(case), case["items"])),
    "littles_law_rate": lambda case: littles_law_rate(**case),
    "cycle_time_days": lambda case: cycle_time(
        date.fromisoformat(case["started_on"]), date.fromisoformat(case["done_on"])
    ),
    "backward_step": lambda case: need_below(case["goal"], case["rate"]),
    "backward_plan": lambda case: list(plan_back(case["goal"], case["rates"])),
}


def published(*formulas: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "case", [case for case in CASES if case["formula"] in formulas], ids=lambda case: case["id"]
    )


@published(*FLOW)
def test_published_case(case: dict[str, Any]) -> None:
    assert FLOW[case["formula"]](case["input"]) == case["expected"]


@published("forecast_how_many")
def test_published_forecast_of_how_many(case: dict[str, Any]) -> None:
    daily, days = case["input"]["daily_throughput"], case["input"]["days"]
    for confidence, exact in case["expected"]["exact"].items():
        found = how_many_by(daily, days, int(confidence))
        low, high = case["expected"]["published"][confidence]
        assert found == exact
        assert low <= found <= high


@published("forecast_when")
def test_published_forecast_of_when(case: dict[str, Any]) -> None:
    given_history, items = case["input"].get("daily_throughput"), case["input"]["items"]
    daily = given_history or case["input"]["weekly_throughput"]
    if items == "uniform 100..120":
        items = dict.fromkeys(range(100, 121), 1)
    exact = case["expected"].get("exact", case["expected"])
    for confidence in CONFIDENCES:
        found = when_done(daily, items, confidence)
        low, high = case["expected"].get("published", {}).get(str(confidence), (0, HORIZON_DAYS))
        assert found == exact[str(confidence)]
        assert low <= exact[str(confidence)] <= high
    if "p_within_30_days" in exact:
        low, high = case["expected"]["published"]["p_within_30_days"]
        assert low <= round_half_up(100 * chance(daily, items, 30), 2) == exact["p_within_30_days"] <= high


@published("forecast_how_many_pmf")
def test_published_distribution(case: dict[str, Any]) -> None:
    exact = {int(number): Fraction(share) for number, share in case["expected"].items()}
    assert outcomes(case["input"]["daily_throughput"], case["input"]["days"]) == exact


# Worked numbers

CYCLE_TIMES = {1: 1, 2: 11, 3: 4, 4: 7, 6: 4, 7: 2, 8: 1, 9: 1, 10: 1, 15: 1}
"""Of the 33 tasks the demo has finished: days -> tasks."""
DONE = {
    date(2026, 9, 21): 1, date(2026, 9, 22): 1, date(2026, 9, 24): 1, date(2026, 9, 25): 1, date(2026, 10, 1): 1,
    date(2026, 10, 2): 3, date(2026, 10, 5): 3, date(2026, 10, 6): 3, date(2026, 10, 7): 2, date(2026, 10, 8): 3,
    date(2026, 10, 9): 3, date(2026, 10, 12): 1, date(2026, 10, 13): 1,
}
"""What the demo finished in the 30 days to 19 October."""


def demo_history() -> tuple[int, ...]:
    return daily_throughput(DONE, TODAY - timedelta(days=29), TODAY)


def test_the_cycle_times_of_the_demo() -> None:
    assert sum(CYCLE_TIMES.values()) == 33
    assert by_confidence(lambda p: percentile(CYCLE_TIMES, p)) == [4, 6, 7, 10]
    assert service_level(CYCLE_TIMES) == 7


def test_the_forecast_of_the_demo() -> None:
    history = demo_history()
    assert (len(history), sum(history)) == (30, 24)
    assert by_confidence(lambda c: how_many_by(history, 12, c)) == [9, 7, 6, 4]
    assert by_confidence(lambda c: when_done(history, 28, c)) == [35, 40, 44, 51]
    assert has_enough_history(working_days(TODAY - timedelta(days=29), TODAY), sum(history))


def test_the_published_history_forecasts_35_tasks_and_the_chance_of_28() -> None:
    assert by_confidence(lambda c: how_many_by(PUBLISHED_HISTORY, 10, c)) == [10, 8, 6, 4]
    assert by_confidence(lambda c: when_done(PUBLISHED_HISTORY, 35, c)) == [34, 38, 43, 49]
    assert chance_percent(PUBLISHED_HISTORY, 28, 30) == Decimal("66.4")


def test_three_days_worked_by_hand() -> None:
    assert by_confidence(lambda c: how_many_by([0, 1, 2], 3, c)) == [3, 2, 2, 1]
    assert by_confidence(lambda c: when_done([0, 1, 2], 3, c)) == [3, 4, 5, 6]
    chances = [chance([0, 1, 2], 3, days) for days in (1, 2, 3, 4)]
    assert chances == [0, Fraction(1, 3), Fraction(17, 27), Fraction(22, 27)]


def test_age_and_cycle_time_count_both_ends() -> None:
    assert age(date(2026, 10, 6), TODAY) == 14
    assert age(TODAY, TODAY) == cycle_time(TODAY, TODAY) == 1


RATES = [Decimal(rate) for rate in ("0.25", "0.8", "0.125", "0.5", "0.1", "0.04")]


def test_the_plan_back_of_the_demo() -> None:
    assert plan_back(10, RATES) == (10, 40, 50, 400, 800, 8_000, 200_000)
    what_if = [RATES[0], Decimal("0.67"), *RATES[2:]]
    assert plan_back(10, what_if) == (10, 40, 60, 480, 960, 9_600, 240_000)
    assert plan_back(10, [RATES[0], Fraction(18, 27)]) == (10, 40, 60)


def test_the_shortfalls_of_the_demo() -> None:
    assert shortfall(50, Decimal(40)) == 10
    assert shortfall(800, Decimal(2600) - Decimal(1840)) == 40
    assert shortfall(40, Decimal(50)) == -10


@pytest.mark.parametrize("rate", ["0", "-0.1", "1.01", "25"])
def test_a_rate_that_is_no_share_is_refused(rate: str) -> None:
    with pytest.raises(Refused, match=rate):
        plan_back(10, [Decimal(rate)])


def test_part_of_a_person_is_a_person_needed() -> None:
    assert need_below(10, Decimal("0.3")) == 34
    assert need_below(10, Decimal("0.1")) == 100
    assert need_below(0, Decimal("0.1")) == 0
    assert need_below(7, Decimal(1)) == 7


@pytest.mark.parametrize(
    ("days", "finished", "enough"), [(10, 5, True), (9, 5, False), (10, 4, False), (0, 0, False), (250, 900, True)]
)
def test_a_forecast_needs_ten_working_days_and_five_finished_tasks(days: int, finished: int, enough: bool) -> None:
    assert has_enough_history(days, finished) is enough


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-10, 400))
def test_working_days_are_mondays_to_fridays(first: date, length: int) -> None:
    every_day = [first + timedelta(days=day) for day in range(length)]
    assert working_days(first, first + timedelta(days=length - 1)) == sum(day.weekday() < 5 for day in every_day)


# Percentiles


@given(SAMPLES, PERCENTS, st.randoms())
def test_a_percentile_is_that_element_of_the_sorted_sample(
    sample: list[int], p: int | Fraction, random: Any
) -> None:
    number = ceil(len(sample) * Fraction(p) / 100)
    assert percentile(histogram(random.sample(sample, len(sample))), p) == sorted(sample)[number - 1]
    assert percentile_at_least(histogram(sample), p) == sorted(sample, reverse=True)[number - 1]


@given(SAMPLES, PERCENTS)
def test_percentiles_keep_their_promise(sample: list[int], p: int | Fraction) -> None:
    counts = histogram(sample)
    within, at_least = percentile(counts, p), percentile_at_least(counts, p)
    assert within is not None
    assert at_least is not None
    assert percent(likelihood_within(counts, within)) >= p > percent(likelihood_within(counts, within - 1))
    assert percent(likelihood_at_least(counts, at_least)) >= p > percent(likelihood_at_least(counts, at_least + 1))


def test_an_empty_sample_has_no_percentile() -> None:
    assert percentile({}, 85) is percentile_at_least({3: 0}, 85) is service_level({}) is None
    assert likelihood_within({}, 3) is likelihood_at_least({}, 3) is None


def test_the_ends_of_the_scale() -> None:
    assert (percentile({3: 1, 5: 1}, 0), percentile({3: 1, 5: 1}, 100)) == (3, 5)
    for p in (-1, 101):
        with pytest.raises(Refused, match=str(p)):
            percentile({3: 1}, p)


# Forecasts against a second reckoning


def every_way(daily: list[int], days: int) -> Counter[int]:
    """How many ways lead to each sum, one day after the other."""
    ways = Counter({0: 1})
    for _ in range(days):
        further: Counter[int] = Counter()
        for so_far, count in ways.items():
            for number in daily:
                further[so_far + number] += count
        ways = further
    return ways


def share_at_least(daily: list[int], days: int, items: int) -> Fraction:
    ways = every_way(daily, days)
    return Fraction(sum(count for number, count in ways.items() if number >= items), len(daily) ** days)


@pytest.fixture(params=[(31, 63), (7,), (), (7, 15, 31)], ids=str)
def bits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the precision of the quick way: too little of it hands over to more, and none to the exact way."""
    monkeypatch.setattr(sums, "_LEVELS", request.param)


@pytest.mark.usefixtures("bits")
class TestAtEveryPrecision:
    @settings(max_examples=40, deadline=None)
    @example(daily=[0, 1, 3], days=7, confidence=1)
    @example(daily=[0, *[6] * 11], days=9, confidence=Fraction("99.999"))
    @given(daily=HISTORIES, days=st.integers(0, 9), confidence=PERCENTS)
    def test_how_many(self, daily: list[int], days: int, confidence: int | Fraction) -> None:
        found = how_many_by(daily, days, confidence)
        assert share_at_least(daily, days, found) * 100 >= confidence > share_at_least(daily, days, found + 1) * 100

    @settings(max_examples=40, deadline=None)
    @given(daily=HISTORIES, items=st.integers(1, 12), confidence=st.integers(1, 90))
    def test_when(self, daily: list[int], items: int, confidence: int) -> None:
        daily = [*daily, 3]
        found = when_done(daily, items, confidence)
        assert found is not None
        assert chance(daily, items, found) * 100 >= confidence
        assert found == 0 or chance(daily, items, found - 1) * 100 < confidence

    @settings(max_examples=40, deadline=None)
    @given(daily=HISTORIES, days=st.integers(0, 9), items=st.integers(-3, 60))
    def test_chance(self, daily: list[int], days: int, items: int) -> None:
        likely = chance(daily, items, days)
        assert likely == share_at_least(daily, days, items)
        assert chance_percent(daily, items, days) == round_half_up(100 * likely, 1)

    @pytest.mark.parametrize("confidence", [50, 25, 75])
    def test_a_confidence_met_to_the_last_way_is_met(self, confidence: int) -> None:
        likely_two_of_two, likely_one = Fraction(1, 4), Fraction(3, 4)
        assert how_many_by([0, 1], 2, confidence) == (2 if confidence <= 100 * likely_two_of_two else 1)
        assert chance([0, 1], 1, 2) == likely_one
        assert when_done([0, 1], 1, confidence) == (1 if confidence <= 50 else 2)
        third = Fraction(100, 3)
        assert how_many_by([0, 0, 1], 1, third) == 1
        assert how_many_by([0, 0, 1], 1, third + Fraction(1, 10**30)) == 0

    def test_a_tie_far_out_is_a_tie(self) -> None:
        assert when_done([0, 1], 100, 50) == 199
        assert how_many_by([0, 1], 199, 50) == 100


@settings(max_examples=30, deadline=None)
@given(HISTORIES, st.integers(0, 8))
def test_the_distribution_has_every_way_once(daily: list[int], days: int) -> None:
    whole = len(daily) ** days
    expected = {number: Fraction(count, whole) for number, count in every_way(daily, days).items()}
    assert outcomes(daily, days) == expected
    assert sum(expected.values()) == 1


@settings(max_examples=50, deadline=None)
@given(HISTORIES, st.integers(0, 40), PERCENTS, st.randoms())
def test_neither_order_nor_repetition_of_the_history_matters(
    daily: list[int], days: int, confidence: int | Fraction, random: Any
) -> None:
    found = how_many_by(daily, days, confidence)
    assert how_many_by(random.sample(daily, len(daily)), days, confidence) == found
    assert how_many_by(daily * 3, days, confidence) == found
    assert how_many_by(histogram(daily), days, confidence) == found


@settings(max_examples=50, deadline=None)
@given(HISTORIES, st.integers(0, 60), st.integers(0, 30), st.integers(1, 98))
def test_more_days_bring_no_less_and_more_confidence_no_more(
    daily: list[int], days: int, more: int, confidence: int
) -> None:
    found = how_many_by(daily, days, confidence)
    assert 0 <= found <= days * max(daily)
    assert how_many_by(daily, days + more, confidence) >= found
    assert how_many_by(daily, days, confidence + 1) <= found


@settings(max_examples=50, deadline=None)
@given(HISTORIES, st.integers(1, 80), st.integers(0, 20), st.integers(1, 98))
def test_more_tasks_and_more_confidence_take_no_fewer_days(
    daily: list[int], items: int, more: int, confidence: int
) -> None:
    daily = [*daily, 2]
    found = when_done(daily, items, confidence)
    assert found is not None
    assert (when_done(daily, items + more, confidence) or 0) >= found
    assert (when_done(daily, items, confidence + 1) or 0) >= found
    assert how_many_by(daily, found, confidence) >= items > how_many_by(daily, found - 1, confidence)


@settings(max_examples=30, deadline=None)
@given(HISTORIES, st.dictionaries(st.integers(0, 15), st.integers(1, 5), min_size=1), st.integers(0, 12))
def test_an_uncertain_number_of_tasks_is_the_mean_of_the_certain_ones(
    daily: list[int], items: dict[int, int], days: int
) -> None:
    mean = sum(weight * chance(daily, number, days) for number, weight in items.items()) / sum(items.values())
    assert chance(daily, items, days) == mean


# Sizes and ends


def test_three_hundred_a_day_over_a_month_are_forecast_to_the_task() -> None:
    history = [(day * 7919) % 301 for day in range(365)]
    found = by_confidence(lambda c: how_many_by(history, 31, c))
    for confidence, items in zip(CONFIDENCES, found, strict=True):
        assert items is not None
        assert chance_percent(history, items, 31, 6) >= confidence > chance_percent(history, items + 1, 31, 6)


def test_a_thousand_tasks_over_a_year_of_history() -> None:
    history = [(day * day) % 5 % 3 for day in range(365)]
    for confidence in CONFIDENCES:
        found = when_done(history, 1000, confidence)
        assert found is not None
        assert chance_percent(history, 1000, found, 6) >= confidence > chance_percent(history, 1000, found - 1, 6)


def test_one_huge_day_does_not_hide_the_others() -> None:
    history = [1, 3, 0, 0, 2] * 6
    assert how_many_by([*history, 10**9], 12, 85) == how_many_by([*history, 5_000], 12, 85)
    assert when_done([*history, 10**9], 50, 85) == when_done([*history, 50], 50, 85)
    assert chance([*history, 10**9], 50, 9) == chance([*history, 50], 50, 9)


def test_beyond_ten_thousand_an_answer_has_four_digits() -> None:
    history = [3, 5, 8, 2, 7, 0, 0]
    for confidence in CONFIDENCES:
        few, many = how_many_by(history, 365, confidence), how_many_by([n * 1000 for n in history], 365, confidence)
        assert few < TO_THE_TASK < many
        assert abs(many - few * 1000) <= many / 1000
        days = when_done(history, 9_000, confidence)
        assert days is not None
        assert abs((when_done([n * 1000 for n in history], 9_000_000, confidence) or 0) - days) <= 2


@pytest.mark.parametrize(("daily", "items"), [([0, 0], 1), ([0] * 364 + [1], 1000)])
def test_what_takes_longer_than_the_horizon_is_never_done(daily: list[int], items: int) -> None:
    assert when_done(daily, items, 85) is None


def test_nothing_to_do_is_done_and_no_days_finish_nothing() -> None:
    assert when_done([0, 1], 0, 85) == 0
    assert how_many_by([4, 5], 0, 85) == how_many_by([4, 5], -3, 85) == how_many_by([0], 30, 85) == 0
    assert chance([4], 0, 0) == 1
    assert chance([4], 1, 0) == 0


@pytest.mark.parametrize("daily", [[], {}, {3: 0}])
def test_no_history_has_no_forecast(daily: Any) -> None:
    for ask in (lambda: how_many_by(daily, 3, 85), lambda: when_done(daily, 3, 85), lambda: chance(daily, 3, 3)):
        with pytest.raises(Refused, match="no history"):
            ask()


@pytest.mark.parametrize("confidence", [0, 100, -5, 850])
def test_a_confidence_that_promises_nothing_or_everything_is_refused(confidence: int) -> None:
    for ask in (how_many_by, when_done):
        with pytest.raises(Refused, match=str(confidence)):
            ask([1, 2], 3, confidence)


@pytest.mark.parametrize(
    ("recurs", "finishing", "place"),
    [
        ([False] * 5, 3, 3),
        ([False, True, False, False], 2, 3),
        ([True, True, False], 0, 0),
        ([False, False], 2, 2),
        ([False, True], 2, None),
        ([], 0, 0),
        ([], 3, None),
    ],
)
def test_the_cut_line_stands_after_as_many_tasks_as_finish_and_passes_recurring_ones_over(
    recurs: list[bool], finishing: int, place: int | None
) -> None:
    assert cut_after(recurs, finishing) == place
