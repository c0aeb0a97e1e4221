"""Figures of key results, objectives and strategies in words; rounded half up, once, here."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tracker.reports.ink import Ink, shown
from tracker.storage.rows import KeyResultRow


def rounded(value: Decimal, places: int) -> str:
    """`value` with so many decimals, half up."""
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def score_text(score: Decimal | None) -> str:
    """`score 0.52`, or that there is none yet."""
    return "no score yet" if score is None else f"score {rounded(score, 2)}"


def amount(row: KeyResultRow, value: Decimal | None) -> str:
    """A value of the key result's metric with its unit; `?` before the first check-in."""
    if value is None:
        return "?"
    number = rounded(value, row.precision)
    if row.metric_kind == "currency" and row.currency:
        return f"{number} {row.currency}"
    return f"{number}%" if row.metric_kind == "percent" else number


def target_text(row: KeyResultRow) -> str:
    """What the key result aims at: `10`, `at most 0.5`, `4.6 or more`, `3 to 5`."""
    target = amount(row, row.target)
    bounds = {
        "maintain_above": f"{target} or more",
        "maintain_below": f"{target} or less",
        "maintain_between": f"{target} to {amount(row, row.target_max)}",
    }
    return bounds.get(row.direction, target)


def _unit(row: KeyResultRow) -> str:
    """The unit behind a value, unless the value has said it."""
    said = row.metric_kind in ("percent", "currency")
    return "" if said else f" {shown(row.unit)}"


def key_result_figures(row: KeyResultRow, ink: Ink) -> str:
    """`4 clients, target 10, score 0.40, at risk, confidence 4`."""
    return ", ".join([
        f"{amount(row, row.value)}{_unit(row)}, target {target_text(row)}",
        score_text(row.score),
        ink.health(row.health),
        "no check-in yet" if row.confidence is None else f"confidence {row.confidence}",
    ])


def key_result_state(row: KeyResultRow, ink: Ink) -> str:
    """The same, with `owner mara, due 2026-10-31`."""
    return f"{key_result_figures(row, ink)}, owner {shown(row.owner)}, due {row.due_on.isoformat()}"
