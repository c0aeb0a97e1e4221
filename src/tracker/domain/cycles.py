"""The life of a cycle: planned, active, grading, closed; what closing one asks for and what comes of its objectives."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from tracker.domain.errors import Refused
from tracker.domain.metrics import ONE, ZERO, is_maintain, rollup, round_half_up, settle

REASON_LENGTH = 10
"""Characters that a reason has at least, for a final grade unlike the raw one."""
ACHIEVED_COMMITTED = ONE
ACHIEVED_ASPIRATIONAL = Decimal("0.7")
PARTIAL = Decimal("0.4")
"""One-decimal final scores from which an objective is achieved, and partly so."""


class Decision(StrEnum):
    """What becomes of a key result when its cycle is closed; `start` is one that is new in the next cycle."""

    CONTINUE = "continue"
    CHANGE = "change"
    DROP = "drop"
    START = "start"


@dataclass(frozen=True, slots=True)
class Scores:
    """The score of a cycle or an objective, of all its key results, of what changed and of what was made."""

    all: Decimal | None
    outcome: Decimal | None
    output: Decimal | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """One key result's score with what it counts for."""

    objective: str
    objective_weight: Decimal
    weight: Decimal
    result_kind: str
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Ending:
    """What stands in the way of closing depends on: a key result at the end of its cycle."""

    id: str
    is_settled: bool
    """Graded or dropped, or about to be."""
    open_tasks: int


def lacks_check_in(last: date | None, cadence_days: int, today: date, ends_on: date) -> bool:
    """Whether nobody checked in during the last cadence before the end of the cycle (today, while it runs)."""
    return last is None or (min(today, ends_on) - last).days >= cadence_days


def next_days(starts_on: date, ends_on: date) -> tuple[date, date]:
    """First and last day of the cycle after: as many whole months when it was made of these, else as many days."""
    begins = ends_on + timedelta(days=1)
    if starts_on.day == 1 and begins.day == 1:
        months = 12 * (begins.year - starts_on.year) + begins.month - starts_on.month
        last = begins.month - 1 + months - 1
        year, month = begins.year + last // 12, last % 12 + 1
        return begins, date(year, month, monthrange(year, month)[1])
    return begins, begins + (ends_on - starts_on)


def raw_grade(score: Decimal | None) -> Decimal:
    """What the figures say, with one decimal; a key result that nobody measured reached nothing."""
    return ZERO if score is None else round_half_up(score, 1)


def require_grade(raw: Decimal, final: Decimal, rationale: str) -> None:
    """Hold a final grade against the rules.

    Raises:
        Refused: it is no share, or differs from the raw one without a reason of 10 characters.
    """
    if not ZERO <= final <= ONE:
        raise Refused(f"A grade lies between 0 and 1, and {final} does not; write it like 0.7.")
    if final != raw and len(rationale.strip()) < REASON_LENGTH:
        raise Refused(f"The final grade {final} differs from the raw {raw}: say why, in {REASON_LENGTH} characters "
                      "or more.")


def scores(weighed: Iterable[Weighed]) -> Scores:
    """The three scores of a cycle. An objective that has no key result of a kind has no say in the score of that kind.

    None where nothing was measured, or every weight is 0.
    """
    rows = list(weighed)
    kinds = (rows, *([row for row in rows if row.result_kind == kind] for kind in ("outcome", "output")))
    return Scores(*map(_score, kinds))


def _score(rows: Sequence[Weighed]) -> Decimal | None:
    objectives: dict[str, list[Weighed]] = {}
    for row in rows:
        objectives.setdefault(row.objective, []).append(row)
    return rollup(
        (rollup((row.score, row.weight) for row in members), members[0].objective_weight)
        for members in objectives.values()
    )


def objective_status(score: Decimal | None, ambition: str) -> str:
    """What an objective came to, on its final score with one decimal; dropped when nothing of it was graded."""
    if score is None:
        return "dropped"
    shown = round_half_up(score, 1)
    if shown >= (ACHIEVED_ASPIRATIONAL if ambition == "aspirational" else ACHIEVED_COMMITTED):
        return "achieved"
    return "partial" if shown >= PARTIAL else "missed"


def carried_baseline(
    direction: str, metric_kind: str, baseline: Decimal | None, target: Decimal, value: Decimal | None
) -> Decimal | None:
    """Where a carried key result starts from: counts start anew at 0, levels go on from the last value.

    Raises:
        Refused: the last value has reached the target, which therefore has to change.
    """
    if is_maintain(direction) or metric_kind == "milestone" or not baseline or value is None:
        return baseline
    if settle(value) >= target if direction == "increase" else settle(value) <= target:
        raise Refused(f"It stands at {value} and its target {target} is reached: change it, with a new target.")
    return value


def in_the_way(endings: Iterable[Ending], retrospective_lacks: Sequence[str]) -> tuple[str, ...]:
    """Why a cycle cannot be closed yet, in the order of closing; nothing when it can."""
    rows = list(endings)
    ungraded = [row.id for row in rows if not row.is_settled]
    busy = [row for row in rows if row.open_tasks]
    words = []
    if ungraded:
        words.append(f"neither graded nor dropped: {', '.join(ungraded)}")
    if busy:
        count = sum(row.open_tasks for row in busy)
        words.append(f"{count:,} open {'task' if count == 1 else 'tasks'} on {', '.join(row.id for row in busy)}")
    if retrospective_lacks:
        words.append(f"the retrospective does not say {', '.join(retrospective_lacks)}")
    return tuple(words)


def retrospective_lacks(worked: Sequence[str], did_not: Sequence[str], learned: Sequence[str]) -> tuple[str, ...]:
    """The questions of a retrospective that nobody answered."""
    answers = {"what worked": worked, "what did not": did_not, "what was learned": learned}
    return tuple(question for question, given in answers.items() if not any(line.strip() for line in given))
