"""Whether a key result is on track: the worse of pace and confidence, and how fresh that knowledge is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.domain import metrics


class Health(StrEnum):
    """What a key result or an objective is said to be."""

    ON_TRACK = "on track"
    AT_RISK = "at risk"
    OFF_TRACK = "off track"
    STALE = "stale"
    UNKNOWN = "unknown"


MARKS = {Health.ON_TRACK: "+", Health.AT_RISK: "!", Health.OFF_TRACK: "x", Health.STALE: "?", Health.UNKNOWN: "?"}
"""The sign for each health, so that meaning never rests on colour alone."""

ON_TRACK_GAP = Decimal("16.5")
AT_RISK_GAP = Decimal(33)
"""Points behind the pace up to which a key result is on track, and at risk."""
CONFIDENT = 8
DOUBTFUL = 4
"""Lowest confidence of on track, and of at risk, on the scale 0 to 10."""
GRACE_DAYS = 3
"""Days a check-in may be late before what it said is stale."""

_WORST_FIRST = (Health.OFF_TRACK, Health.AT_RISK, Health.ON_TRACK)


@dataclass(frozen=True, slots=True)
class KeyResultFigures:
    """What a key result promises: from where to where, by when, and how often somebody looks."""

    direction: str
    metric_kind: str
    baseline: Decimal | None
    target: Decimal
    target_max: Decimal | None
    starts_on: date
    due_on: date
    cadence_days: int
    planned_points: Sequence[tuple[date, Decimal]] = ()
    ticked: int | None = None
    """How many milestones are ticked; None goes by the value of the last check-in."""


@dataclass(frozen=True, slots=True)
class CheckInFigures:
    """What one check-in says; confidence goes from 0 to 10."""

    on_date: date
    value: Decimal
    confidence: int
    health_override: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a key result stands on a day; None where nothing was measured."""

    value: Decimal | None
    confidence: int | None
    progress: Decimal | None
    score: Decimal | None
    expected: Decimal
    """Where even progress would be, 0 to 1, already lowered for an aspirational objective."""
    gap: Decimal | None
    """Points behind that; None also for guardrails, which have no pace."""
    health: Health
    stale: bool


def pace_health(gap: Decimal) -> Health:
    """On track up to 16.5 points behind the pace, at risk up to 33, else off track."""
    behind = metrics.settle(gap)
    if behind <= ON_TRACK_GAP:
        return Health.ON_TRACK
    return Health.AT_RISK if behind <= AT_RISK_GAP else Health.OFF_TRACK


def guardrail_health(inside: Sequence[bool]) -> Health:
    """Pace health of a guardrail from its check-ins, oldest first: last one outside at risk, last two off track."""
    if not inside:
        return Health.UNKNOWN
    if inside[-1]:
        return Health.ON_TRACK
    return Health.OFF_TRACK if len(inside) > 1 and not inside[-2] else Health.AT_RISK


def confidence_health(confidence: int) -> Health:
    """8 to 10 on track, 4 to 7 at risk, 0 to 3 off track."""
    if confidence >= CONFIDENT:
        return Health.ON_TRACK
    return Health.AT_RISK if confidence >= DOUBTFUL else Health.OFF_TRACK


def worst(healths: Iterable[Health]) -> Health:
    """The worst that is known among `healths`; unknown when none is."""
    given = frozenset(healths)
    return next((health for health in _WORST_FIRST if health in given), Health.UNKNOWN)


def health(pace: Health, confidence: Health, override: str | None = None) -> Health:
    """The worse of both; an override, which always comes with a reason, stands in for them."""
    return Health(override) if override else worst((pace, confidence))


def is_stale(today: date, last_check_in: date, cadence_days: int) -> bool:
    """Whether the next check-in is more than three days late."""
    return (today - last_check_in).days > cadence_days + GRACE_DAYS


def objective_health(key_results: Iterable[str]) -> Health:
    """The health of the weakest key result among those whose health is known.

    When none is known: stale if one of them is, else unknown.
    """
    given = [Health(each) for each in key_results]
    known = worst(given)
    return Health.STALE if known is Health.UNKNOWN and Health.STALE in given else known


def net_confidence(confidences: Iterable[tuple[int | None, bool]]) -> int | None:
    """On-track less off-track confidences, as a percentage of all key results, -100 to +100.

    Each entry is (confidence or None, whether it is stale); a stale or missing one counts in the whole and as
    neither. None: there are no key results.
    """
    entries = list(confidences)
    if not entries:
        return None
    fresh = [confidence_health(given) for given, stale in entries if given is not None and not stale]
    net = fresh.count(Health.ON_TRACK) - fresh.count(Health.OFF_TRACK)
    return int(metrics.round_half_up(Decimal(100 * net) / len(entries), 0))


def standing(
    key_result: KeyResultFigures, check_ins: Iterable[CheckInFigures], today: date, ambition: str
) -> Standing:
    """Where `key_result` stands at the end of `today`; later check-ins are not looked at.

    A key result nobody has checked in is unknown, and stale once its first check-in is overdue.
    """
    seen = sorted((each for each in check_ins if each.on_date <= today), key=lambda each: each.on_date)
    values = [each.value for each in seen]
    done = metrics.progress(
        key_result.direction, key_result.metric_kind, key_result.baseline,
        key_result.target, key_result.target_max, values, key_result.ticked,
    )
    even = metrics.expected(today, key_result.starts_on, key_result.due_on, key_result.planned_points)
    pace = metrics.pace(even, ambition)
    guardrail = metrics.is_maintain(key_result.direction)
    gap = None if done is None or guardrail else metrics.gap(pace, done)
    last = seen[-1] if seen else None
    stale = is_stale(today, last.on_date if last else key_result.starts_on, key_result.cadence_days)
    return Standing(
        value=_value(key_result, values),
        confidence=last.confidence if last else None,
        progress=done,
        score=metrics.score(done),
        expected=pace,
        gap=gap,
        health=Health.STALE if stale else _reported(key_result, values, gap, last),
        stale=stale,
    )


def _value(key_result: KeyResultFigures, values: Sequence[Decimal]) -> Decimal | None:
    if key_result.metric_kind == "milestone" and key_result.ticked is not None:
        return Decimal(key_result.ticked)
    return values[-1] if values else None


def _reported(
    key_result: KeyResultFigures, values: Sequence[Decimal], gap: Decimal | None, last: CheckInFigures | None
) -> Health:
    if last is None:
        return Health.UNKNOWN
    if metrics.is_maintain(key_result.direction):
        bound = (key_result.direction, key_result.target, key_result.target_max)
        pace = guardrail_health([metrics.is_inside(*bound, value) for value in values])
    else:
        pace = Health.UNKNOWN if gap is None else pace_health(gap)
    return health(pace, confidence_health(last.confidence), last.health_override)
