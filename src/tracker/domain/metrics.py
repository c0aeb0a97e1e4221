"""What the figures of a key result come to: progress, score, band, pace, gap, projection.

Decimals all the way, nothing rounded before it is shown. A quotient carries 28 digits; comparing with a bound and
rounding first settle on 24 of them, so that 1/3 + 1/3 + 1/3 counts as 1. Days are counted with both ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

ZERO = Decimal(0)
ONE = Decimal(1)
STRETCH_PACE = Decimal("0.7")
"""How much of the target an aspirational objective is expected to reach."""

_SETTLED = Context(prec=24)
_SHOWN = Context(prec=60, rounding=ROUND_HALF_UP)


class Band(StrEnum):
    """What a score says at a glance."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


class Zone(StrEnum):
    """How far on the way from the baseline to the stretch value a figure is."""

    FAIL = "fail"
    COMMIT = "commit"
    TARGET = "target"
    STRETCH = "stretch"


COMMIT_AT = Decimal("0.3")
TARGET_AT = Decimal("0.7")


def settle(value: Decimal) -> Decimal:
    """`value` without the last digits, where the rounding of quotients lives; for comparing with a bound."""
    return _SETTLED.plus(value)


def round_half_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """`value` with so many decimals, a half going away from zero; for display, and only there."""
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**places
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return Decimal(whole if value >= 0 else -whole).scaleb(-places, _SHOWN)
    settled = settle(Decimal(value))
    if settled.adjusted() + places >= _SHOWN.prec:
        return settled
    rounded = settled.quantize(ONE.scaleb(-places), context=_SHOWN)
    return rounded if rounded else abs(rounded)


def clamp(value: Decimal) -> Decimal:
    """`value` held between 0 and 1."""
    return min(max(value, ZERO), ONE)


def is_maintain(direction: str) -> bool:
    """Whether the key result is a guardrail: it stays inside a bound instead of moving to a target."""
    return direction.startswith("maintain_")


def is_inside(direction: str, target: Decimal, target_max: Decimal | None, value: Decimal) -> bool:
    """Whether `value` keeps the bound of a guardrail; the bound itself is inside."""
    if direction == "maintain_above":
        return value >= target
    if direction == "maintain_below":
        return value <= target
    return target <= value and (target_max is None or value <= target_max)


def progress(
    direction: str,
    metric_kind: str,
    baseline: Decimal | None,
    target: Decimal,
    target_max: Decimal | None,
    values: Sequence[Decimal],
    ticked: int | None = None,
) -> Decimal | None:
    """How much of the way is done: 0 at the baseline, 1 at the target, below and beyond where the figures are.

    `values` are those of the check-ins, oldest first. Numbers go by the last one, guardrails by the share of
    check-ins inside, milestones by `ticked` (the last value when nobody ticks them). None: nothing was measured,
    or baseline and target are the same.
    """
    if metric_kind == "milestone":
        done = Decimal(ticked) if ticked is not None else _last(values)
        return None if done is None or not target else done / target
    if is_maintain(direction):
        inside = sum(is_inside(direction, target, target_max, value) for value in values)
        return Decimal(inside) / len(values) if values else None
    value = _last(values)
    if value is None or baseline is None or baseline == target:
        return None
    return (value - baseline) / (target - baseline)


def _last(values: Sequence[Decimal]) -> Decimal | None:
    return values[-1] if values else None


def score(progress: Decimal | None) -> Decimal | None:
    """Progress held between 0 and 1; None when there is none."""
    return None if progress is None else clamp(progress)


def band(score: Decimal) -> Band:
    """Red to 0.3, yellow to 0.6, green from 0.7, on the score with one decimal."""
    shown = round_half_up(score, 1)
    if shown <= Decimal("0.3"):
        return Band.RED
    return Band.YELLOW if shown <= Decimal("0.6") else Band.GREEN


def rollup(scores_with_weights: Iterable[tuple[Decimal | None, Decimal | int]]) -> Decimal | None:
    """The weighted mean of scores: of key results for an objective, of objectives for a strategy.

    Every score counts clamped, below 0 as 0. One that is missing counts as 0 with its weight, as the published
    cases count a key result nobody has touched: else an objective would look better the less of it is measured.
    None: all weights are 0, or all scores with a weight are missing.
    """
    weighted = [(score, Decimal(weight)) for score, weight in scores_with_weights if weight]
    if all(score is None for score, _ in weighted):
        return None
    total = sum((weight for _, weight in weighted), ZERO)
    reached = sum((weight * clamp(score) for score, weight in weighted if score is not None), ZERO)
    return reached / total


def expected(
    today: date, start: date, due: date, planned_points: Iterable[tuple[date, Decimal]] = ()
) -> Decimal:
    """Where even progress would be at the end of `today`, 0 to 1.

    A straight line from 0 before the first day to 1 at the end of the due day. Planned points (day, share) bend
    it: straight from one to the next, and on to 1 at the due day when the last one lies before that.
    """
    planned = {day: clamp(share) for day, share in planned_points}
    corners = sorted(({start - timedelta(days=1): ZERO, due: ONE} | planned).items())
    if today <= corners[0][0]:
        return ZERO
    for (left, low), (right, high) in pairwise(corners):
        if today <= right:
            return low + (high - low) * (today - left).days / (right - left).days
    return corners[-1][1]


def pace(expected: Decimal, ambition: str) -> Decimal:
    """The expected share to hold progress against: all of it when committed, 0.7 of it when aspirational."""
    return expected * STRETCH_PACE if ambition == "aspirational" else expected


def gap(pace: Decimal, progress: Decimal) -> Decimal:
    """How many points (hundredths) progress lies behind the pace; negative when it is ahead."""
    return 100 * (pace - progress)


def days_since_start(today: date, start: date) -> int:
    """The number of today's day, 1 on the first; 0 before it."""
    return max((today - start).days + 1, 0)


def days_left(today: date, due: date) -> int:
    """Days after today up to and with the due day; 0 from the due day on."""
    return max((due - today).days, 0)


def projection(value: Decimal, baseline: Decimal, today: date, start: date, due: date) -> Decimal | None:
    """Where the value ends at the pace held so far; None before the start."""
    passed = days_since_start(today, start)
    return value + (value - baseline) / passed * days_left(today, due) if passed else None


def needed_a_day(value: Decimal, target: Decimal, today: date, due: date) -> Decimal | None:
    """What each day left must add to reach the target, negative where the value has to fall; None: no day is left."""
    left = days_left(today, due)
    return (target - value) / left if left else None


def zones(baseline: Decimal, stretch: Decimal) -> dict[Zone, Decimal]:
    """The values from which a figure is committed and on target: 0.3 and 0.7 of the way to the stretch value."""
    return {
        Zone.COMMIT: baseline + (stretch - baseline) * COMMIT_AT,
        Zone.TARGET: baseline + (stretch - baseline) * TARGET_AT,
        Zone.STRETCH: stretch,
    }


def zone(ratio: Decimal) -> Zone:
    """The zone of a figure that has gone `ratio` of the way to the stretch value."""
    gone = settle(ratio)
    if gone >= 1:
        return Zone.STRETCH
    if gone >= TARGET_AT:
        return Zone.TARGET
    return Zone.COMMIT if gone >= COMMIT_AT else Zone.FAIL
