"""S M A R T: what a key result still lacks to be specific, measurable, achievable, relevant and time-bound.

Each letter gets a mark and a word as one types; none of them refuses anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.domain.metrics import days_since_start, is_inside, is_maintain, needed_a_day, round_half_up

GOOD, DOUBTFUL, LACKING = "+", "!", "x"
"""The marks: all right, look again, missing."""
FEWEST_LETTERS, FEWEST_WORDS = 8, 2
"""A title shorter than this does not say what is counted."""
_VAGUE = frozenset({
    "improve", "improved", "better", "more", "less", "increase", "increased", "grow", "growth", "boost", "enhance",
    "optimize", "optimise", "strengthen", "support", "help", "work", "try", "drive", "leverage", "maximize", "maximise",
    "raise", "expand", "do", "make", "good", "great", "some", "many", "several", "various", "etc", "stuff", "things",
})
"""Words that name a direction or a wish, where what is counted belongs."""
FASTER = Decimal("1.5")
"""How much faster than so far something may have to go and still be called within reach."""
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Draft:
    """A key result as far as it is typed; None and "" where nothing stands yet or it cannot be read."""

    title: str = ""
    unit: str = ""
    direction: str = "increase"
    metric_kind: str = "number"
    baseline: Decimal | None = None
    target: Decimal | None = None
    target_max: Decimal | None = None
    stretch: Decimal | None = None
    objective: str = ""
    starts_on: date | None = None
    due_on: date | None = None
    value: Decimal | None = None
    """The last value that was checked in."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one letter says."""

    letter: str
    mark: str
    word: str


def smart(draft: Draft, today: date) -> tuple[Verdict, ...]:
    """The five letters, in order."""
    return (
        _specific(draft), _measurable(draft), _achievable(draft, today), _relevant(draft), _time_bound(draft, today),
    )  # fmt: skip


def _specific(draft: Draft) -> Verdict:
    title = draft.title.strip()
    words = re.findall(r"[^\W_]+", title.casefold())
    if not words:
        return Verdict("S", LACKING, "say what is counted")
    vague = [word for word in words if word in _VAGUE]
    if vague:
        return Verdict("S", DOUBTFUL, f"{vague[0]!r} is vague: say what is counted")
    if len(title) < FEWEST_LETTERS or len(words) < FEWEST_WORDS:
        return Verdict("S", DOUBTFUL, "short: say of whom or of what")
    return Verdict("S", GOOD, "specific")


def _measurable(draft: Draft) -> Verdict:
    if draft.target is None:
        return Verdict("M", LACKING, "no target")
    if not draft.unit.strip():
        return Verdict("M", LACKING, "no unit")
    if is_maintain(draft.direction):
        between = draft.direction == "maintain_between"
        if between and (draft.target_max is None or draft.target_max <= draft.target):
            return Verdict("M", LACKING, "the upper bound lies above the lower")
        return Verdict("M", GOOD, f"a bound in {draft.unit.strip()[:30]}")
    if draft.baseline is None:
        return Verdict("M", LACKING, "no baseline: where does it stand now?")
    if draft.baseline == draft.target:
        return Verdict("M", LACKING, "baseline and target are the same")
    if (draft.target > draft.baseline) != (draft.direction == "increase"):
        return Verdict("M", LACKING, f"the target lies on the wrong side of the baseline to {draft.direction}")
    if draft.unit.strip().casefold() == "count":
        return Verdict("M", DOUBTFUL, "in what unit? 'count' says little")
    return Verdict("M", GOOD, f"{draft.baseline:f} to {draft.target:f} {draft.unit.strip()[:30]}")


def _achievable(draft: Draft, today: date) -> Verdict:
    if draft.target is None:
        return Verdict("A", LACKING, "no target")
    if is_maintain(draft.direction):
        if draft.value is None:
            return Verdict("A", DOUBTFUL, "nobody measured it yet")
        kept = is_inside(draft.direction, draft.target, draft.target_max, draft.value)
        return Verdict("A", GOOD, "it holds now") if kept else Verdict("A", DOUBTFUL, "it does not hold now")
    if draft.baseline is None or draft.starts_on is None or draft.due_on is None or draft.due_on < draft.starts_on:
        return Verdict("A", LACKING, "needs baseline and dates")
    beyond = draft.stretch is None or (draft.stretch > draft.target) == (draft.direction == "increase")
    if not beyond:
        return Verdict("A", DOUBTFUL, "the stretch is not beyond the target")
    return _against_pace(draft, draft.baseline, draft.target, draft.starts_on, draft.due_on, today)


def _against_pace(
    draft: Draft, baseline: Decimal, target: Decimal, starts: date, due: date, today: date
) -> Verdict:
    passed = days_since_start(today, starts)
    if draft.value is None or not passed:
        even = abs(target - baseline) / ((due - starts).days + 1)
        return Verdict("A", GOOD, f"{_short(even)} a day, from the first on")
    if abs(draft.value - baseline) >= abs(target - baseline) and (draft.value > baseline) == (target > baseline):
        return Verdict("A", GOOD, "reached already")
    needed = needed_a_day(draft.value, target, today, due)
    if needed is None:
        return Verdict("A", LACKING, "no day is left")
    held = (draft.value - baseline) / passed
    rises = target > baseline
    word = f"needs {_short(abs(needed))} a day, got {_short(held if rises else -held)}"
    within = held != 0 and (held > 0) == rises and abs(needed) <= FASTER * abs(held)
    return Verdict("A", GOOD if within else DOUBTFUL, word)


def _short(number: Decimal) -> str:
    shown = round_half_up(number, 2)
    return f"{shown.normalize():f}" if shown else "0"


def _relevant(draft: Draft) -> Verdict:
    if not draft.objective.strip():
        return Verdict("R", LACKING, "which objective does it show?")
    return Verdict("R", GOOD, f"shows {draft.objective.split()[0][:20]}")


def _time_bound(draft: Draft, today: date) -> Verdict:
    if draft.starts_on is None or draft.due_on is None:
        return Verdict("T", LACKING, "no dates")
    if draft.due_on < draft.starts_on:
        return Verdict("T", LACKING, "due before it starts")
    days = (draft.due_on - draft.starts_on).days + 1
    if draft.due_on < today:
        return Verdict("T", DOUBTFUL, "due in the past")
    if days > LONGEST_DAYS:
        return Verdict("T", DOUBTFUL, f"{days} days are no cycle")
    return Verdict("T", GOOD, f"{days} day{'s' if days > 1 else ''}")
