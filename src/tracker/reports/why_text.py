"""What a task is for: task, key result, objective, strategy, each with its figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tracker.reports.figures import key_result_state, score_text
from tracker.reports.ink import Ink, cut, shown
from tracker.reports.records import card_record, plain
from tracker.reports.task_lines import marks
from tracker.storage.rows import Card, Header, KeyResultRow, ObjectiveRow


def _found(card: Card, header: Header | None) -> tuple[ObjectiveRow, KeyResultRow] | None:
    for objective in header.objectives if header else ():
        for key_result in objective.key_results:
            if key_result.id == card.key_result:
                return objective, key_result
    return None


def why_lines(card: Card, header: Header | None, today: date, *, width: int | None, ink: Ink) -> Iterator[str]:
    """From the task up to the strategy; what is not in the running cycle is named and left at that."""
    for depth, (id_, title, figures, more) in enumerate(_steps(card, header, today, ink)):
        before = "   " * depth
        heading = f"{before}{id_}  {shown(title)}"
        yield ink.bold(heading if width is None else cut(heading, width))
        before += "      "
        if figures:
            yield before + figures
        for text in more:
            yield before + (shown(text) if width is None else cut(shown(text), width - len(before)))


def _steps(card: Card, header: Header | None, today: date, ink: Ink) -> Iterator[tuple[str, str, str, list[str]]]:
    state = ", ".join([card.status, card.owner or "nobody's", *marks(card, today)])
    yield card.id, card.title, state, [f"because {card.contribution}"] if card.contribution else ["no reason given yet"]
    found = _found(card, header)
    if header is None or found is None:
        yield card.key_result, "not a key result of the running cycle", "", []
        return
    objective, key_result = found
    yield key_result.id, key_result.title, key_result_state(key_result, ink), []
    yield (objective.id, objective.title,
           f"{score_text(objective.score)}, {ink.health(objective.health)}, {objective.ambition}", [])
    strategy = header.strategy
    yield (strategy.id, strategy.title, score_text(header.score),
           [f"{word} {text}" for word, text in
            (("who", strategy.who), ("why", strategy.why), ("do", strategy.desired_action)) if text])


def path_record(card: Card, header: Header | None) -> dict[str, Any]:
    """The same as a record; null from where it leaves the running cycle."""
    found = _found(card, header)
    objective, key_result = found if found else (None, None)
    return {
        "task": card_record(card),
        "key_result": key_result and plain(key_result),
        "objective": objective and {name: value for name, value in plain(objective).items() if name != "key_results"},
        "strategy": {**plain(header.strategy), "score": plain(header.score)} if header and found else None,
    }
