"""How open work lies over the stages, and how it would lie if some of it were cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracker.domain.metrics import round_half_up


def percent(count: int, total: int) -> int:
    """A share in whole percent, half up; 0 of nothing."""
    return int(round_half_up(Fraction(100 * count, total), 0)) if total else 0


@dataclass(frozen=True, slots=True)
class Weight:
    """What one open task weighs in the coverage."""

    stage: str
    hours: float
    """Middle of its estimate."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """How open work would lie if some tasks were cancelled."""

    cancelled: int
    open_tasks: int
    hours: float
    """What that frees."""
    before: Mapping[str, int]
    after: Mapping[str, int]
    """Open tasks by stage."""

    def share(self, stage: str) -> int | None:
        """The stage's share of the open work that is left, in percent."""
        return percent(self.after.get(stage, 0), self.open_tasks) if self.open_tasks else None


def what_if(open_by_stage: Mapping[str, int], open_tasks: int, cancelled: Sequence[Weight]) -> WhatIf:
    """How open work would lie without these tasks."""
    after = dict(open_by_stage)
    for weight in cancelled:
        after[weight.stage] = max(after.get(weight.stage, 0) - 1, 0)
    return WhatIf(
        len(cancelled), max(open_tasks - len(cancelled), 0), sum(weight.hours for weight in cancelled),
        dict(open_by_stage), after,
    )  # fmt: skip
