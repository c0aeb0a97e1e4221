"""Everything about one task as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date

from tracker.domain.links import STATE_WORDS
from tracker.reports.ink import Ink, cut, padded, shown, shown_lines
from tracker.reports.task_lines import marks, short_day
from tracker.storage.rows import LinkRow, TaskDetail

HIDDEN = frozenset({"id", "title", "number", "rank", "waits", "messages", "due_order", "is_open", "needs"})
"""What is in the heading, or kept only so that lists are quick."""
LABELS = {
    "estimate_low_h": "estimate from, h", "estimate_high_h": "estimate to, h", "cost_minor": "cost, minor units",
    "added_mid_cycle": "added mid-cycle", "recurs": "repeats",
}
FIRST = ("status", "key_result", "contribution", "owner", "due_on", "blocked_reason", "stage", "kind", "medium")
"""What is asked for most, in this order; the other fields follow as the table has them."""


def detail_lines(detail: TaskDetail, today: date, *, width: int | None, ink: Ink) -> Iterator[str]:
    """A heading, the fields that hold something, what it waits for, and its comments."""
    card = detail.card
    heading = f"{card.id}  {shown(card.title)}"
    yield ink.bold(heading if width is None else cut(heading, width))
    signs = ", ".join(marks(card, today))
    if signs:
        yield f"  {ink.bad(signs) if 'late' in signs or 'blocked' in signs else ink.warn(signs)}"
    rows = [(_label(name), _value(name, value, today)) for name, value in _ordered(detail) if _says(name, value)]
    rows += [("also serves", ", ".join(detail.also_serves))] if detail.also_serves else []
    rows += [("waits for", _task(task)) for task in detail.waits_for]
    rows += [("waited for by", _task(task)) for task in detail.waited_for_by]
    rows += [(f"in {shown(each.connection)}", _link(each)) for each in detail.links]
    widest = max(len(label) for label, _ in rows)
    for label, value in rows:
        yield from _wrapped(f"  {label:<{widest}}  ", value, width)
    for comment in detail.comments:
        yield ""
        yield ink.dim(f"  {shown(comment.on).replace('T', ' ')}  {shown(comment.by)}")
        yield from _wrapped("  ", comment.body, width)


def _ordered(detail: TaskDetail) -> Iterator[tuple[str, object]]:
    for name in FIRST:
        if name in detail.fields:
            yield name, detail.fields[name]
    for name, value in detail.fields.items():
        if name not in FIRST and name not in HIDDEN:
            yield name, value


def _says(name: str, value: object) -> bool:
    return value not in (None, "") and not (name in ("cost_minor", "added_mid_cycle") and value == 0)


def _label(name: str) -> str:
    return LABELS.get(name) or name.removesuffix("_on").replace("_", " ")


def _value(name: str, value: object, today: date) -> str:
    if name == "recurs":
        from tracker.domain.recurrence import in_words  # imported here: hardly a task recurs

        return in_words(str(value), today)
    if name == "added_mid_cycle":
        return "yes"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _task(task: tuple[str, str, str]) -> str:
    id_, title, status = task
    return f"{id_} {title} ({status})"


def _link(link: LinkRow) -> str:
    return ", ".join(each for each in (STATE_WORDS.get(link.state, link.state), link.external_id, link.url) if each)


def _wrapped(before: str, text: str, width: int | None) -> Iterator[str]:
    """`text` behind `before`, its own lines kept, long ones broken on a terminal and lined up."""
    room = None if width is None else max(width - len(before), 20)
    for line in shown_lines(text):
        pieces = [line] if room is None or len(line) <= room else textwrap.wrap(line, room) or [""]
        for piece in pieces:
            yield padded(before, len(before)) + piece
            before = " " * len(before)


def due_text(due: date | None, today: date) -> str:
    """`12 Oct`, or `no date`."""
    return short_day(due, today).strip() if due else "no date"
