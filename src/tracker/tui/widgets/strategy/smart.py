"""S M A R T of what stands in the form of a key result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from tracker.domain.dates import parse_day
from tracker.domain.errors import TrackerError
from tracker.domain.numbers import read_number
from tracker.domain.smart import DOUBTFUL, GOOD, LACKING, Draft, Verdict
from tracker.tui.cells import clean
from tracker.tui.widgets.painted import Line, width_of

ROLES = {GOOD: "good", DOUBTFUL: "warn", LACKING: "bad"}
_DIRECTIONS = ("increase", "decrease", "maintain_above", "maintain_below", "maintain_between")


def draft_of(texts: Mapping[str, str], value: Decimal | None, today: date) -> Draft:
    """The key result as far as it is typed; what cannot be read is not there yet."""
    direction = texts.get("direction", "").strip().lower()
    named = [each for each in _DIRECTIONS if direction and each.startswith(direction)]
    return Draft(
        title=texts.get("title", ""), unit=texts.get("unit", ""), direction=named[0] if named else "increase",
        metric_kind=texts.get("metric_kind", "number"), baseline=_number(texts.get("baseline")),
        target=_number(texts.get("target")), target_max=_number(texts.get("target_max")),
        stretch=_number(texts.get("stretch")), objective=" ".join(texts.get("objective", "").split()),
        starts_on=_day(texts.get("starts_on"), today), due_on=_day(texts.get("due_on"), today), value=value,
    )


def _number(text: str | None) -> Decimal | None:
    try:
        return read_number(text) if text and text.strip() else None
    except TrackerError:
        return None


def _day(text: str | None, today: date) -> date | None:
    try:
        return parse_day(text, today) if text and text.strip() else None
    except TrackerError:
        return None


def smart_line(verdicts: Sequence[Verdict], width: int) -> Line:
    """Letters with mark and word; in a narrow terminal all marks, and the words of those that are not all right."""
    line: Line = ((" ", "text"),)
    for each in verdicts:
        line = (*line, (f"{each.letter}{each.mark} ", ROLES[each.mark]), (f"{clean(each.word)}   ", "muted"))
    if width_of(line) <= width:
        return line
    marks: Line = ((" ", "text"), *((f"{each.letter}{each.mark} ", ROLES[each.mark]) for each in verdicts))
    worst = sorted((each for each in verdicts if each.mark != GOOD), key=lambda each: each.mark == DOUBTFUL)
    return (*marks, *((f"  {each.letter}: {clean(each.word)}", "muted") for each in worst))
