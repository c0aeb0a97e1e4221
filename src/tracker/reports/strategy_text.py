"""The active strategy, its objectives and key results as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from tracker.reports.figures import key_result_state, rounded, score_text
from tracker.reports.ink import Ink, shown
from tracker.storage.rows import Header

SAID = (
    "owner", "who", "why", "desired_action", "approach", "meta_question", "perception", "differentiator", "strengths",
    "gap", "now_state", "want_state", "obstacles",
)
"""Fields in words, in the order they are read."""


def strategy_lines(header: Header, row: Mapping[str, object], *, width: int | None, ink: Ink) -> Iterator[str]:
    """What it says, then every objective with its key results; numbers as the board's header has them."""
    yield ink.bold(f"{header.strategy.id}  {shown(header.strategy.title)}")
    yield f"  {_summary(header)}"
    widest = max(len(name) for name in SAID)
    said = [(name.replace("_", " "), str(row[name])) for name in SAID if row.get(name)]
    said += [("channels", ", ".join(header.strategy.channels))]
    said += [("horizon", f"{row['horizon_start']} to {row['horizon_end']}")]
    if header.strategy.budget_minor is not None:
        said += [("budget", _money(header))]
    for name, text in said:
        yield from _wrapped(f"  {name:<{widest}}  ", shown(text), width)
    for objective in header.objectives:
        yield ""
        yield ink.bold(f"{objective.id}  {shown(objective.title)}")
        yield f"  {score_text(objective.score)}, {ink.health(objective.health)}, {objective.ambition}"
        for key_result in objective.key_results:
            yield f"  {key_result.position}  {key_result.id}  {shown(key_result.title)}"
            yield f"       {key_result_state(key_result, ink)}"


def _summary(header: Header) -> str:
    parts = [score_text(header.score)]
    if header.net_confidence is not None:
        parts.append(f"net confidence {header.net_confidence:+d}")
    if header.cycle is not None:
        parts.append(f"{shown(header.cycle.name)} {header.cycle.progress}")
    if header.forecast is not None:
        parts.append(_forecast(header))
    return ", ".join(parts)


def _forecast(header: Header) -> str:
    forecast = header.forecast
    if forecast is None or forecast.at_85 is None:
        return "not enough history for a forecast"
    return (f"{forecast.at_85} of {forecast.open_tasks} open tasks done by {forecast.by} "
            f"(85 %, from {forecast.history_done} done in {forecast.history_days} days)")


def _money(header: Header) -> str:
    from decimal import Decimal

    budget = header.strategy.budget_minor or 0
    spent, whole = (rounded(Decimal(minor) / 100, 2) for minor in (header.spent_minor, budget))
    return f"{spent} of {whole} {header.strategy.currency or ''}".rstrip()


def _wrapped(before: str, text: str, width: int | None) -> Iterator[str]:
    if width is None:
        yield before + text
        return
    for piece in textwrap.wrap(text, max(width - len(before), 20)) or [""]:
        yield before + piece
        before = " " * len(before)
