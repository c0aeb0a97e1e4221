"""Flow and forecast: cycle time, age, percentiles, and what the daily throughput says about days to come.

A forecast draws every day to come from the days of the history, each as likely as the other, and adds them up. The
distribution of the sum is not sampled but convolved: `sums.py` has the arithmetic. Up to 10,000 tasks an answer is
exact to the task; beyond, it counts in tens, hundreds and so on. Confidence and percentiles are percentages, 85 for
85 %; probabilities are exact fractions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import ceil

from tracker.domain.errors import Refused
from tracker.domain.metrics import round_half_up
from tracker.domain.sums import SumOfDays

Percent = int | Decimal | Fraction
Daily = Sequence[int] | Mapping[int, int]
"""Finished tasks of each day in a row, or how many days finished so many."""
Items = int | Mapping[int, int]
"""How many tasks, or when that is not certain, how likely each number is."""

CONFIDENCES = (50, 70, 85, 95)
SERVICE_LEVEL = 85
"""The percentile of the cycle times that is promised (SLE), and the confidence of a promise."""
HISTORY_DAYS = 30
ENOUGH_WORKING_DAYS = 10
ENOUGH_FINISHED = 5
TO_THE_TASK = 10_000
"""Fewer tasks than this are counted one by one, more in units that keep four digits: it stays a key press."""
HORIZON_DAYS = 2**16
"""Later than that, 179 years, is never."""
NOT_ENOUGH_HISTORY = "not enough history"


def cycle_time(started_on: date, done_on: date) -> int:
    """Days from start to finish, both counted: 1 when it is the same day."""
    return (done_on - started_on).days + 1


def age(started_on: date, today: date) -> int:
    """Days since the start, both counted: 1 on the day it was started."""
    return cycle_time(started_on, today)


def histogram(values: Iterable[int]) -> dict[int, int]:
    """How often each value occurs."""
    return dict(Counter(values))


def percentile(histogram: Mapping[int, int], p: Percent) -> int | None:
    """Element number ceil(n*p/100) of the sorted sample given as value -> count; None when it is empty."""
    counts = sorted((value, count) for value, count in histogram.items() if count)
    if not counts:
        return None
    number = max(ceil(sum(count for _, count in counts) * _share(p)), 1)
    reached = accumulate(count for _, count in counts)
    return next(value for (value, _), so_far in zip(counts, reached, strict=True) if so_far >= number)


def percentile_at_least(histogram: Mapping[int, int], p: Percent) -> int | None:
    """The largest value that at least p % of the sample reach or pass; None when it is empty."""
    mirrored = percentile({-value: count for value, count in histogram.items()}, p)
    return None if mirrored is None else -mirrored


def likelihood_within(histogram: Mapping[int, int], most: int) -> Fraction | None:
    """The share of the sample that is `most` or less; None when it is empty."""
    n = sum(histogram.values())
    return Fraction(sum(count for value, count in histogram.items() if value <= most), n) if n else None


def likelihood_at_least(histogram: Mapping[int, int], least: int) -> Fraction | None:
    """The share of the sample that is `least` or more; None when it is empty."""
    within = likelihood_within(histogram, least - 1)
    return None if within is None else 1 - within


def service_level(cycle_times: Mapping[int, int]) -> int | None:
    """The days within which 85 % of the tasks were finished (SLE); None when none was."""
    return percentile(cycle_times, SERVICE_LEVEL)


def littles_law_rate(wip: int, cycle_time_days: Decimal | int) -> Decimal:
    """Tasks finished a day when so many are in progress and each takes so long."""
    return Decimal(wip) / cycle_time_days


def working_days(first: date, last: date) -> int:
    """Mondays to Fridays from `first` to `last`, both counted."""
    weeks, rest = divmod(max((last - first).days + 1, 0), 7)
    return 5 * weeks + sum((first.weekday() + day) % 7 < 5 for day in range(rest))


def daily_throughput(finished: Mapping[date, int], first: date, last: date) -> tuple[int, ...]:
    """What each day from `first` to `last` finished, days without any as 0."""
    days = range((last - first).days + 1)
    return tuple(finished.get(first + timedelta(days=day), 0) for day in days)


def has_enough_history(working_days: int, finished: int) -> bool:
    """Whether there is enough to forecast from: 10 working days and 5 finished tasks."""
    return working_days >= ENOUGH_WORKING_DAYS and finished >= ENOUGH_FINISHED


def how_many_by(daily: Daily, days: int, confidence: Percent) -> int:
    """The largest number of tasks that are finished within `days` days with at least that confidence.

    Raises:
        Refused: there is no history, or the confidence is not between 0 and 100.
    """
    doubt = 1 - _confidence(confidence)
    grain = 1
    while True:
        found = SumOfDays(_coarse(_counted(daily), grain), TO_THE_TASK).largest(max(days, 0), doubt)
        if found < TO_THE_TASK:
            return found * grain
        grain *= 10


def when_done(daily: Daily, items: Items, confidence: Percent) -> int | None:
    """The smallest number of days within which so many tasks are finished with at least that confidence.

    None: not within `HORIZON_DAYS`, because too little or nothing was ever finished.

    Raises:
        Refused: there is no history, or the confidence is not between 0 and 100.
    """
    doubt = 1 - _confidence(confidence)
    sums, wanted = _question(daily, items)

    def is_done(days: int) -> bool:
        return sums.decide(wanted, days, lambda below: below <= doubt)

    if is_done(0):
        return 0
    step = 1
    while not is_done(step):
        step *= 2
        if step > HORIZON_DAYS:
            return None
    too_few, step = step // 2, step // 4
    while step:
        too_few += 0 if is_done(too_few + step) else step
        step //= 2
    return too_few + 1


def chance(daily: Daily, items: Items, days: int) -> Fraction:
    """How probable it is that so many tasks are finished within `days` days, exactly.

    Raises:
        Refused: there is no history.
    """
    sums, wanted = _question(daily, items)
    return 1 - sums.below(wanted, max(days, 0))


def chance_percent(daily: Daily, items: Items, days: int, places: int = 1) -> Decimal:
    """The same as a percentage rounded half up; quicker, as a long fraction is seldom needed to know it.

    Raises:
        Refused: there is no history.
    """
    sums, wanted = _question(daily, items)
    return sums.decide(wanted, max(days, 0), lambda below: round_half_up(100 * (1 - below), places))


def outcomes(daily: Daily, days: int) -> dict[int, Fraction]:
    """How probable each number of tasks finished within `days` days is, exactly.

    Raises:
        Refused: there is no history.
    """
    counts = _counted(daily)
    return SumOfDays(counts, max(counts)).probabilities(max(days, 0))


def _question(daily: Daily, items: Items) -> tuple[SumOfDays, dict[int, int]]:
    wanted = {items: 1} if isinstance(items, int) else {number: weight for number, weight in items.items() if weight}
    grain = ceil(Fraction(max(wanted), TO_THE_TASK)) if max(wanted) > 0 else 1
    grains: Counter[int] = Counter()
    for number, weight in wanted.items():
        grains[ceil(Fraction(number, grain))] += weight
    return SumOfDays(_coarse(_counted(daily), grain), max(*grains, 0)), grains


def _counted(daily: Daily) -> dict[int, int]:
    counted = daily if isinstance(daily, Mapping) else Counter(daily)
    counts = {number: days for number, days in counted.items() if days}
    if not counts:
        raise Refused("There is no history to forecast from; finish some tasks first.")
    return counts


def _coarse(counts: Mapping[int, int], grain: int) -> Mapping[int, int]:
    """The history in units of `grain` tasks; a day between two units counts for both, so that its mean stays."""
    if grain == 1:
        return counts
    coarse: Counter[int] = Counter()
    for number, days in counts.items():
        units, rest = divmod(number, grain)
        coarse[units] += days * (grain - rest)
        coarse[units + 1] += days * rest
    return +coarse


def _share(p: Percent) -> Fraction:
    if not 0 <= p <= 100:
        raise Refused(f"A percentage lies between 0 and 100, and {p} does not; say 85, for example.")
    return Fraction(p) / 100


def _confidence(confidence: Percent) -> Fraction:
    share = _share(confidence)
    if share in (0, 1):
        raise Refused(f"A confidence lies between 0 and 100 percent, and {confidence} does not; say 85, for example.")
    return share


def cut_after(recurs: Iterable[bool], finishing: int) -> int | None:
    """How many tasks of an ordered list stand above the cut line when so many finish; recurring ones are passed over.

    `recurs` says it of each task in turn. None: the line lies beyond the end of the list.
    """
    left = finishing
    place = 0
    for is_recurring in recurs:
        if left <= 0:
            return place
        left -= not is_recurring
        place += 1
    return place if left <= 0 else None


def need_below(need_above: int, rate: Decimal | Fraction) -> int:
    """How many are needed on a step when `rate` (over 0, up to 1) of them go up and `need_above` must arrive.

    Raises:
        Refused: the rate is no share.
    """
    if not 0 < rate <= 1:
        raise Refused(f"A rate is a share over 0 and up to 1, and {rate} is not; write 0.25 for one in four.")
    return ceil(need_above / Fraction(rate))


def plan_back(goal: int, rates: Iterable[Decimal | Fraction]) -> tuple[int, ...]:
    """What each step needs, from the goal down to the first contact; `rates` from the top.

    Raises:
        Refused: a rate is no share.
    """
    return tuple(accumulate(rates, need_below, initial=goal))


def shortfall(need: int, planned_gain: Decimal) -> Decimal:
    """What the linked key result plans too little (target less baseline is its gain); negative when it plans more."""
    return need - planned_gain
