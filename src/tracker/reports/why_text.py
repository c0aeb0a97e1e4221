"""What a task is for: task, key result, objective, strategy, each with its figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tracker.reports.figures import key_result_state, rounded, score_text
from tracker.reports.ink import Ink, cut, shown
from tracker.reports.records import card_record, plain
from tracker.reports.task_lines import marks
from tracker.services.ideas import REACHES_WHO, Origin
from tracker.services.purpose import Purpose
from tracker.storage.rows import Card

Step = tuple[str, str, str, list[str]]
"""Id, title, figures, and more in words."""


def why_lines(
    card: Card, purpose: Purpose, came_of: Origin | None, today: date, *, width: int | None, ink: Ink
) -> Iterator[str]:
    """From the task up to the strategy, each step further in."""
    steps = [_task(card, came_of, today), *_above(purpose, ink)]
    for depth, (id_, title, figures, more) in enumerate(steps):
        before = "   " * depth
        heading = f"{before}{id_}  {shown(title)}"
        yield ink.bold(heading if width is None else cut(heading, width))
        before += "      "
        if figures:
            yield before + figures
        for text in more:
            yield before + (shown(text) if width is None else cut(shown(text), width - len(before)))


def _task(card: Card, came_of: Origin | None, today: date) -> Step:
    state = ", ".join([card.status, card.owner or "nobody's", *marks(card, today)])
    more = [f"because {card.contribution}" if card.contribution else "no reason given yet"]
    if came_of is not None:
        source = f" ({came_of.source})" if came_of.source else ""
        answer = "" if came_of.reaches_who is None else f"; {REACHES_WHO[came_of.reaches_who]}"
        more.append(f"came of {came_of.kind} {came_of.id}{source}{answer}: {came_of.title}")
    return card.id, card.title, state, more


def _above(purpose: Purpose, ink: Ink) -> Iterator[Step]:
    key_result, objective, strategy = purpose.key_result, purpose.objective, purpose.strategy
    more = [] if purpose.cycle.status == "active" else [f"{purpose.cycle.name}, {purpose.cycle.status}"]
    if purpose.grade is not None:
        more = [", ".join([*more, f"graded {rounded(purpose.grade, 1)}"])]
    if key_result is None or objective is None:
        yield purpose.id, purpose.title, f"{purpose.status}, and measured no more", more
    else:
        yield purpose.id, purpose.title, key_result_state(key_result, ink), more
        yield (objective.id, objective.title,
               f"{score_text(objective.score)}, {ink.health(objective.health)}, {objective.ambition}", [])
    yield (strategy.id, strategy.title, score_text(purpose.score),
           [f"{word} {text}" for word, text in
            (("who", strategy.who), ("why", strategy.why), ("do", strategy.desired_action)) if text])


def path_record(card: Card, purpose: Purpose, came_of: Origin | None) -> dict[str, Any]:
    """The same as a record; a key result that was dropped has no objective with figures."""
    objective = purpose.objective
    figures = plain(purpose.key_result) or {"id": purpose.id, "title": purpose.title, "status": purpose.status}
    return {
        "task": card_record(card),
        "key_result": {**figures, "grade": plain(purpose.grade)},
        "objective": objective and {name: value for name, value in plain(objective).items() if name != "key_results"},
        "strategy": {**plain(purpose.strategy), "score": plain(purpose.score)},
        "cycle": plain(purpose.cycle),
        "came_of": plain(came_of),
    }
