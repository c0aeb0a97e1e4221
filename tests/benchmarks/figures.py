"""Measured values and the few figures that stand for many of them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Sample:
    """Values of one kind, all in one unit; None where there was nothing to measure."""

    values: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, values: Iterable[float]) -> Sample:
        """The sample of these values."""
        return cls(list(values))

    def add(self, value: float) -> None:
        """One more value."""
        self.values.append(value)

    @property
    def n(self) -> int:
        """How many values there are."""
        return len(self.values)

    @property
    def median(self) -> float:
        """The middle value; NaN when there is none."""
        return statistics.median(self.values) if self.values else math.nan

    @property
    def p95(self) -> float:
        """Element number ceil(0.95 n) of the sorted values; NaN when there is none."""
        return sorted(self.values)[math.ceil(0.95 * self.n) - 1] if self.values else math.nan

    def ratio_to(self, floor: Sample) -> float:
        """How many times the floor this is: the median of the rounds' ratios where both took turns, else of medians.

        What slows the machine down for a while slows a round's floor too.
        """
        if self.n == floor.n:
            return Sample([own / under for own, under in zip(self.values, floor.values, strict=True) if under]).median
        return self.median / floor.median if floor.median else math.nan


def figure(value: float | None) -> str:
    """Three digits that count, more where the whole part has them; `-` for nothing."""
    if value is None or math.isnan(value):
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, its columns aligned so that it reads in a terminal too; the first column is words."""
    widths = [max(len(cells[at]) for cells in [head, *rows]) for at in range(len(head))]

    def line(cells: list[str]) -> str:
        first, *others = zip(cells, widths, strict=True)
        return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|"
    return "\n".join([line(head), rule, *map(line, rows)])
