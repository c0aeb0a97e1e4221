"""The plan on one page, in Markdown: strategy, objectives, key results with their figures, the work on each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tracker.domain.dates import show_day, show_weekday
from tracker.domain.filters import TaskFilter
from tracker.domain.tasks import OPEN, Status
from tracker.reports.figures import amount, rounded, score_text, target_text
from tracker.reports.task_lines import marks
from tracker.services import board
from tracker.services.header import header
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card, CycleRow, Forecast, Header, KeyResultRow, ObjectiveRow

SHOWN = 12
"""Open tasks written out for one key result; further ones are counted."""
_OPEN_STATUSES = (Status.DOING, Status.REVIEW, Status.ASSIGNED, Status.BACKLOG)


def plan_page(ws: Workspace) -> str:
    """The active strategy as one page of Markdown, as of the workspace's day; the same length at any number of tasks.

    Raises:
        OutOfReach: the database cannot be read.
    """
    with ws.store.snapshot():
        found = header(ws)
        if found is None:
            return (
                "# No active strategy yet\n\nRun `tracker init` to say who you reach, why they care and what you want "
                "them to do.\n"
            )
        lines = [*_strategy(ws, found)]
        for number, objective in enumerate(found.objectives, 1):
            lines += _objective(number, objective, found.today)
        lines += _work(ws, found)
    return "\n".join(lines) + "\n"


def _strategy(ws: Workspace, found: Header) -> Iterator[str]:
    strategy = found.strategy
    names = {person.id: person.name for person in board.people(ws)}
    yield f"# {_text(strategy.title)}"
    yield ""
    yield f"As of {show_weekday(found.today)} {found.today.year}."
    yield ""
    says = (
        ("Who", strategy.who),
        ("Why", strategy.why),
        ("What they do", strategy.desired_action),
        ("How", strategy.approach),
        ("Question", strategy.meta_question or ""),
        ("Channels", ", ".join(strategy.channels)),
        ("Owner", names.get(strategy.owner, strategy.owner)),
    )
    yield from (f"- **{what}:** {_text(text)}" for what, text in says if text)
    if found.planned_minor:
        spent, planned = found.spent_minor // 100, found.planned_minor // 100
        yield f"- **Budget:** {spent:,} of {planned:,} {_text(strategy.currency or '')}".rstrip()
    if found.cycle is not None:
        yield ""
        yield from _cycle(found, found.cycle)


def _cycle(found: Header, cycle: CycleRow) -> Iterator[str]:
    yield f"## {_text(cycle.name)}: {cycle.progress}"
    yield ""
    figures = [score_text(found.score)]
    if found.net_confidence is not None:
        figures.append(f"confidence {found.net_confidence:+d}")
    if found.forecast is not None:
        figures.append(_forecast(found.forecast))
    line = ", ".join(figures)
    yield f"{line[0].upper()}{line[1:]}."


def _forecast(forecast: Forecast) -> str:
    sample = f"{forecast.history_done} done in the last {forecast.history_days} days"
    if forecast.at_85 is None:
        return f"no forecast, not enough history ({sample})"
    return (
        f"forecast {forecast.at_85} of {forecast.open_tasks} open tasks done by {forecast.by} at 85 %, "
        f"{forecast.at_50} at 50 % ({sample})"
    )


def _objective(number: int, objective: ObjectiveRow, today: date) -> Iterator[str]:
    yield ""
    yield f"### O{number} {_text(objective.title)}"
    yield ""
    yield (
        f"{objective.ambition.capitalize()}, owner {_text(objective.owner)}, {score_text(objective.score)}, "
        f"{objective.health}."
    )
    yield ""
    yield "| # | Key result | Value | Target | Score | Health | Confidence | Owner | Due |"
    yield "|--:|---|--:|--:|--:|---|--:|---|---|"
    yield from (_key_result(row, today) for row in objective.key_results)


def _key_result(row: KeyResultRow, today: date) -> str:
    cells = (
        str(row.position),
        _text(row.title),
        _text(amount(row, row.value)) if row.value is not None else "none yet",
        _text(target_text(row)),
        "none yet" if row.score is None else rounded(row.score, 2),
        row.health,
        "" if row.confidence is None else str(row.confidence),
        _text(row.owner),
        show_day(row.due_on, today),
    )
    return f"| {' | '.join(cells)} |"


def _work(ws: Workspace, found: Header) -> Iterator[str]:
    key_results = [row for objective in found.objectives for row in objective.key_results]
    if not key_results:
        return
    yield ""
    yield "## The work"
    for row in key_results:
        counts = board.board(ws, TaskFilter(key_result=row.id)).counts
        still_open = sum(count.n for status, count in counts.items() if status in OPEN)
        yield ""
        yield f"### {row.position} {_text(row.title)}: {still_open} open, {counts[Status.DONE.value].n} done"
        yield ""
        if not still_open:
            yield "No open task."
        shown = 0
        for status in _OPEN_STATUSES:
            page = board.column_page(ws, status.value, TaskFilter(key_result=row.id), 0, SHOWN - shown)
            shown += len(page.cards)
            yield from (_task(card, found.today) for card in page.cards)
            if shown >= SHOWN:
                break
        if still_open > shown:
            yield f"- and {still_open - shown:,} more"


def _task(card: Card, today: date) -> str:
    says = [card.status, _text(card.owner or "nobody")]
    if card.due_on is not None:
        says.append(f"due {show_day(card.due_on, today)}")
    says += [mark for mark in marks(card, today) if not mark.startswith("soon")]
    reason = f": {_text(card.contribution)}" if card.contribution else ""
    return f"- [ ] {card.id} {_text(card.title)} ({', '.join(says)}){reason}"


_SPECIAL = re.compile(r"[\\`*_\[\]<>|~#&]")


def _text(text: str) -> str:
    """What somebody wrote, as one line that Markdown takes for nothing but text."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split()))
