"""What the audit says, in words that screen, command and report share."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tracker.domain.audit import GROUP_OF, Group, Rule
from tracker.domain.coverage import WhatIf, percent
from tracker.domain.dates import show_day
from tracker.domain.metrics import round_half_up
from tracker.domain.tasks import STAGES
from tracker.services.audit import Audit, Coverage, Judged, PastCycle, ResultRow
from tracker.storage.audit_rows import DecisionRow
from tracker.storage.rows import Forecast

MEDIUM_HEADS: Mapping[str, str] = {
    "content": "con", "email": "mail", "event": "evnt", "paid": "paid", "social": "soc", "web": "web", "seo": "seo",
    "photo": "pho", "outreach": "outr", "research": "rese", "other": "oth",
}  # fmt: skip
"""Short headings of the usual media; others are cut to four letters."""
LUMPED = "oth"
"""The heading under which media without a column of their own are summed up."""
GROUPS_BY_NAME: Mapping[str, Group] = {rule.value: group for rule, group in GROUP_OF.items()}
"""The part of a rule as it is stored; rules of another version are in none."""
SHARES_NAMED = 3
"""Stages whose share changes most that are named."""
_NUMBERS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
MORE: Mapping[Rule, str] = {
    Rule.COPIED_CONTRIBUTION: "reasons that several tasks share",
    Rule.OFF_STRATEGY_CHANNEL: "on channels that the strategy does not name",
    Rule.NO_CONTRIBUTION: "without a contribution",
    Rule.OVERDUE: "late",
    Rule.DUE_SOON_NO_OWNER: "due within two weeks without an owner",
}
"""What further tasks are that are not listed one by one."""


def count_words(found: Audit) -> str:
    """`22 findings, 3 decided`."""
    return f"{found.total} finding{'' if found.total == 1 else 's'}, {found.decided} decided"


def trend_words(found: Audit) -> str:
    """How many there were the last time somebody counted."""
    if found.trend is None:
        return "no audit before"
    change = found.total - found.trend.total
    return f"last audit {show_day(found.trend.on, found.today)}: {found.trend.total} ({change:+d})"


def group_trend_words(found: Audit, group: Group) -> str:
    """`was 9` when the last count found another number in this part; else nothing."""
    if found.trend is None:
        return ""
    was = sum(count for rule, count in found.trend.counts.items() if GROUPS_BY_NAME.get(rule) is group)
    now = sum(count for rule, count in found.report.counts().items() if GROUP_OF[rule] is group)
    return f"was {was}" if was != now else ""


def more_words(rule: Rule, count: int) -> str:
    """`and 12 more late`."""
    return f"and {count:,} more {MORE.get(rule, '')}".rstrip()


def decision_words(decision: DecisionRow, found: Audit) -> str:
    """`keep, mara 19 Oct: why`."""
    cause = f" ({decision.cause})" if decision.cause else ""
    return f"{decision.choice}{cause}, {decision.by} {show_day(decision.on, found.today)}: {decision.reason}"


def standing_words(judged: Judged, found: Audit) -> str:
    """What was decided, or that it came back; empty when neither."""
    if judged.decision is not None:
        return decision_words(judged.decision, found)
    return f"came back; {decision_words(judged.before, found)}" if judged.before is not None else ""


def coverage_rows(coverage: Coverage, most: int = 8) -> tuple[tuple[str, ...], list[tuple[str, list[int], int]]]:
    """Headings of the media, and for each stage its counts and their sum; media beyond `most` are summed up."""
    named = [medium for medium in coverage.media if medium != "other"][:most]
    heads = (*(MEDIUM_HEADS.get(medium, medium[:4]) for medium in named), LUMPED)
    rows = []
    for stage in stages_of(coverage):
        counts = [coverage.cells.get((stage, medium), 0) for medium in named]
        total = coverage.by_stage.get(stage, 0)
        rows.append((stage, [*counts, max(total - sum(counts), 0)], total))
    return heads, rows


def stages_of(coverage: Coverage) -> tuple[str, ...]:
    """The stages of the strategy, and any other that open tasks have: inner work last."""
    others = [stage for stage, count in coverage.by_stage.items() if count and stage not in coverage.stages]
    return (*coverage.stages, *sorted(others, key=lambda stage: (stage == STAGES[-1], stage)))


def coverage_words(coverage: Coverage) -> str:
    """`36% of open work is awareness. 4 foundational of 28.`"""
    if not coverage.total:
        return "No open task."
    stage = max(coverage.by_stage, key=lambda each: coverage.by_stage[each], default="")
    share = percent(coverage.by_stage.get(stage, 0), coverage.total)
    return f"{share}% of open work is {stage}. {coverage.foundational} foundational of {coverage.total}."


def change_words(row: ResultRow) -> str:
    """How the value changed within a week: `+9`, `-0.14`, `none` without a check-in."""
    return "none" if row.change is None else signed(row.change)


def signed(value: Decimal) -> str:
    """A number with its sign and no more digits than it has."""
    shown = value.normalize()
    return f"{shown:+f}" if shown else "+0"


def score_words(score: Decimal | None, places: int = 2) -> str:
    """`0.23`, or `--`."""
    return "--" if score is None else f"{round_half_up(score, places):f}"


def past_words(past: PastCycle) -> str:
    """`September 2026: score 0.7, results only 0.3. Three of four key results measured our own activity.`"""
    said = f"{past.name}: score {score_words(past.score, 1)}, results only {score_words(past.outcome_score, 1)}."
    if past.outputs:
        one, all_ = _number(past.outputs), _number(past.key_results).lower()
        said += f" {one} of {all_} key results measured our own activity."
    return said


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def forecast_words(forecast: Forecast | None, days_left: int) -> str:
    """`28 open, 12 days left: 6 finish (85%), 9 (50%)`."""
    if forecast is None:
        return ""
    ahead = f"{forecast.open_tasks} open, {max(days_left, 0)} days left"
    if forecast.at_85 is None:
        return f"{ahead}: not enough history"
    return f"{ahead}: {forecast.at_85} finish (85%), {forecast.at_50} (50%)"


def what_if_words(lies: WhatIf, of_what: str) -> str:
    """`cancel the 8 awareness tasks here -> 20 open, frees 42 h; awareness 36 -> 10%`."""
    hours = round_half_up(Decimal(str(lies.hours)), 0)
    said = f"cancel {of_what} -> {lies.open_tasks} open, frees {hours} h"
    total = sum(lies.before.values())
    changes = {
        stage: (percent(count, total), lies.share(stage) or 0) for stage, count in lies.before.items()
        if lies.open_tasks
    }  # fmt: skip
    largest = sorted(changes, key=lambda stage: -abs(changes[stage][1] - changes[stage][0]))[:SHARES_NAMED]
    shares = [f"{stage} {was} -> {now}%" for stage, (was, now) in changes.items() if stage in largest and was != now]
    return f"{said}; {', '.join(shares)}" if shares else said
