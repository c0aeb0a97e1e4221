"""An estimate as people type it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tracker.domain.errors import TrackerError, WrongUsage
from tracker.domain.quickadd import parse_quick_add
from tracker.services import tasks as service
from tracker.tui.edits import Change
from tracker.tui.questions import NOBODY
from tracker.tui.widgets.command_line import Question
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.triage.lines import estimate_words

Estimate = tuple[float | None, float | None]
"""Low and high in hours."""


def parse_estimate(words: str) -> Estimate:
    """Hours from low to high: `2-4`, `3`, `30m`, `1d`, as in quick add; `-` is none.

    Raises:
        WrongUsage: the words are no estimate.
    """
    plain = words.strip().lower().lstrip("~").replace(" ", "")
    if plain == NOBODY:
        return None, None
    if plain and plain[-1].isdigit():
        plain += "h"
    said = parse_quick_add(f"estimate ~{plain}", date.min)
    if said.estimate_low_h is None:
        raise WrongUsage(f"{words.strip()[:30]!r} is no estimate; write hours like 2-4 or 3, or 30m, or 1d.")
    return said.estimate_low_h, said.estimate_high_h


def set_estimate(low: float | None, high: float | None) -> Change:
    """Other hours."""
    fields = {"estimate_low_h": low, "estimate_high_h": high}
    return Change(lambda ws, ids, seen: service.edit_tasks(ws, ids, fields, seen=seen), tuple(fields))


def give(owner: str, due: date | None) -> Change:
    """To a person, with a day: one change, so that it can be repeated and undone as one."""
    fields = {"owner": owner, "due_on": due}
    return Change(lambda ws, ids, seen: service.edit_tasks(ws, ids, fields, seen=seen), tuple(fields))


def question(label: str, answer: Callable[[Estimate], None]) -> Question:
    """Hours in any of the forms that quick add reads."""

    def hint(text: str) -> Line:
        if not text.strip():
            return (("2-4   3   30m   1d   - no estimate", "faint"),)
        try:
            low, high = parse_estimate(text)
        except TrackerError as error:
            return ((str(error), "warn"),)
        return ((f"{estimate_words(low, high)} hours" if low is not None else "takes the estimate away", "key"),)

    return Question(label, lambda text: answer(parse_estimate(text)), hint)
