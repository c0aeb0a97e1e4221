"""A key result's check-ins as text: whose turn it is, what the figures come to, what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.domain import metrics
from tracker.domain.dates import show_day
from tracker.reports.figures import amount, rounded, target_text
from tracker.reports.ink import Ink, cut, shown
from tracker.reports.records import plain
from tracker.services.check_in_pages import Draft, Page, Preview, Turns, preview, since
from tracker.storage.check_in_rows import CheckInRow
from tracker.storage.rows import KeyResultRow

LARGE = 100
"""From here on whole numbers are told without decimals, estimated ones too."""


def measured(row: KeyResultRow, value: Decimal | None) -> str:
    """A value with its unit: `4 clients`, `79.00 EUR`, `0.47%`; `?` before the first check-in."""
    words = amount(row, value)
    return words if value is None or row.metric_kind in ("percent", "currency") else f"{words} {shown(row.unit)}"


def estimated(row: KeyResultRow, value: Decimal) -> str:
    """A value that was reckoned, as exact as it can be meant: `1.6 stories`, `114 downloads`."""
    places = row.precision if row.precision or abs(value) >= LARGE else 1
    number = rounded(value, places)
    if row.metric_kind == "currency":
        return f"{number} {shown(row.currency or '')}"
    return f"{number}%" if row.metric_kind == "percent" else f"{number} {shown(row.unit)}"


def aim_text(page: Page, seen: Preview) -> str:
    """What is expected in the end: `10`, or `0.7` of the way for a stretch."""
    if page.objective.ambition == "aspirational":
        return rounded(metrics.STRETCH_PACE, 1)
    return target_text(page.row)


def rate_text(row: KeyResultRow, needed: Decimal | None, value: Decimal | None, aim: Decimal | None) -> str:
    """What is needed: `0.5 a day`, `1 every 7 days`; that it is reached, or that no day is left."""
    if value is not None and aim is not None and _is_reached(row, value, aim):
        return "reached"
    if needed is None:
        return "no day is left"
    whole = row.precision == 0 and row.metric_kind in ("number", "milestone")
    if whole and 0 < abs(needed) < 1:
        days = metrics.round_half_up(1 / abs(needed), 0)
        return "1 a day" if days <= 1 else f"1 every {days} days" if needed > 0 else f"1 less every {days} days"
    return f"{rounded(needed, max(1, row.precision))} a day"


def _is_reached(row: KeyResultRow, value: Decimal, aim: Decimal) -> bool:
    return value <= aim if row.direction == "decrease" else value >= aim


def pace_text(gap: Decimal | None) -> str:
    """How far from the even pace: `18 points behind the pace`, `on the pace`, nothing for guardrails."""
    if gap is None:
        return ""
    points = metrics.round_half_up(gap, 0)
    if not points:
        return "on the pace"
    plural = "" if abs(points) == 1 else "s"
    return f"{abs(points)} point{plural} {'behind' if points > 0 else 'ahead of'} the pace"


def outlook_text(page: Page, seen: Preview) -> str:
    """Where it ends at this pace, and what is needed; empty for guardrails and before the first check-in."""
    if seen.projection is None or seen.projected_score is None:
        return ""
    ends = f"at this pace {estimated(page.row, seen.projection)}, {rounded(seen.projected_score, 2)}"
    return f"{ends}   for {aim_text(page, seen)} you need {needed_text(page, seen)}"


def needed_text(page: Page, seen: Preview) -> str:
    """What is needed to reach what is expected."""
    return rate_text(page.row, seen.needed, seen.standing.value, seen.aim)


def gained_text(page: Page, value: Decimal | None, before: Decimal | None) -> str:
    """How far the value went since another one: `+9`, `0`, `-5.5`."""
    if value is None or before is None:
        return "none"
    gained = value - before
    number = rounded(gained, page.row.precision)
    if not gained:
        return "0"
    return f"+{number}" if gained > 0 else number


def turn_rows(found: Turns) -> list[tuple[str, ...]]:
    """Whose turn it is, those of who acts first."""
    return [
        (
            str(page.row.position), page.row.id, page.row.owner, found.state(page).replace(" ", "-"),
            page.check_ins[-1].on_date.isoformat() if page.check_ins else "", page.turn_on.isoformat(),
            amount(page.row, page.row.value).replace(" ", ""), target_text(page.row).replace(" ", "-"),
            "" if page.row.confidence is None else str(page.row.confidence), page.row.health.replace(" ", "-"),
            page.row.title,
        )
        for page in found.pages
    ]


TURN_COLUMNS = ("kr:", "id", "owner", "turn", "last", "next", "value", "target", "conf", "health", "title")


def page_lines(page: Page, today: date, *, width: int | None, ink: Ink) -> Iterator[str]:
    """One key result: what it is, where it stands, what was done for it, and every check-in."""
    row = page.row
    seen = preview(page, Draft(today, confidence=_confidence(page, today), health=_override(page, today)), today)
    yield ink.bold(f"{row.position} {shown(row.title)}") + f"  {row.id}, owner {shown(row.owner)}"
    further = f", stretch {amount(row, page.stretch)}" if page.stretch is not None else ""
    yield (f"{measured(row, row.value)}, target {target_text(row)} by {show_day(row.due_on, today)}{further}, weight "
           f"{page.weight:f}, {page.result_kind}, {page.indicator}, every {page.cadence_days} days")
    yield from _standing_lines(page, seen, ink)
    began, done, before = since(page, today)
    made = page.activity
    yield (f"since {show_day(began, today)}: {done} done, result {gained_text(page, row.value, before)}; "
           f"open now: {made.assigned} assigned, {made.started} begun, {made.unowned} without owner")
    for number, milestone in enumerate(page.milestones, 1):
        on = f"  {show_day(milestone.done_on, today)}" if milestone.done_on else ""
        yield f"[{'x' if milestone.done_on else ' '}] {number} {shown(milestone.title)}{on}"
    for change in page.changes:
        yield f"target {amount(row, change.old)} became {amount(row, change.new)} on {show_day(change.day, today)}"
    for each in page.history():
        line = history_line(page, each, today)
        yield line if width is None else cut(line, width)


def _confidence(page: Page, today: date) -> int | None:
    here = page.on(today)
    return here.confidence if here else None


def _override(page: Page, today: date) -> str | None:
    here = page.on(today)
    return here.health_override if here else None


def _standing_lines(page: Page, seen: Preview, ink: Ink) -> Iterator[str]:
    standing = seen.standing
    if standing.score is None:
        yield "no check-in yet"
        return
    behind = pace_text(standing.gap)
    said = "" if standing.confidence is None else f" {standing.confidence}"
    yield (f"score {rounded(standing.score, 2)} ({metrics.band(standing.score)}), {ink.health(standing.health)}: pace "
           f"{seen.pace}{f', {behind}' if behind else ''}; confidence{said} {seen.confidence}")
    outlook = outlook_text(page, seen)
    if outlook:
        yield outlook.replace("   ", "; ")


def history_line(page: Page, each: CheckInRow, today: date) -> str:
    """One check-in in a line; one that was corrected says so."""
    parts = [
        f"{show_day(each.on_date, today)}  {amount(page.row, each.value)}  conf {each.confidence}",
        shown(each.note), shown(each.author),
    ]
    if each.blocks:
        parts.insert(2, f"blocks: {shown(each.blocks)}")
    if each.health_override:
        parts.insert(2, f"said to be {each.health_override}: {shown(each.override_reason or '')}")
    if each.replaced_on is not None:
        corrected = f"corrected {show_day(each.replaced_on, today)} by {shown(each.replaced_by or '')}"
        return f"  was {'  '.join(parts)}, {corrected}"
    return "  ".join(parts)


# as data


def turn_records(found: Turns) -> list[dict[str, Any]]:
    """Whose turn it is, for scripts."""
    return [
        {
            "position": page.row.position, "id": page.row.id, "title": page.row.title, "owner": page.row.owner,
            "is_mine": page.row.owner == found.actor, "turn": found.state(page), "turn_on": plain(page.turn_on),
            "last_on": plain(page.check_ins[-1].on_date) if page.check_ins else None, **_figures(page.row),
        }
        for page in found.pages
    ]


def _figures(row: KeyResultRow) -> Mapping[str, Any]:
    names = ("value", "target", "confidence", "progress", "score", "expected", "health")
    return {name: plain(getattr(row, name)) for name in names}


def page_record(page: Page, today: date) -> dict[str, Any]:
    """One key result with its check-ins, for scripts."""
    seen = preview(page, Draft(today, confidence=_confidence(page, today), health=_override(page, today)), today)
    began, done, before = since(page, today)
    made = page.activity
    return {
        "id": page.row.id, "position": page.row.position, "title": page.row.title, "owner": page.row.owner,
        **_figures(page.row), "gap": plain(seen.standing.gap), "pace_health": seen.pace.value,
        "confidence_health": seen.confidence.value, "projection": plain(seen.projection),
        "projected_score": plain(seen.projected_score), "aim": plain(seen.aim), "needed_a_day": plain(seen.needed),
        "turn_on": plain(page.turn_on),
        "since": {"on": plain(began), "done": done, "value": plain(before)},
        "open": {"assigned": made.assigned, "begun": made.started, "without_owner": made.unowned},
        "milestones": [plain(each) for each in page.milestones],
        "target_changes": [plain(each) for each in page.changes],
        "check_ins": [plain(each) for each in page.history()],
    }
