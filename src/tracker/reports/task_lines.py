"""Tasks as lines of text, one a task: columns of a fixed order, the title last.

In a file or a pipe each line stands for itself: every column is there, no column but the title holds a space, nothing
is cut. On a terminal tasks stand under the heading of their status, lines are cut to the width, and columns that do
not fit are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from tracker.domain.tasks import OPEN, STAGE_LETTERS
from tracker.reports.ink import Ink, cells, cut, padded, shown
from tracker.storage.rows import Board, Card

NOTHING = "-"
SAMPLE = 200
"""Tasks that the widths of a terminal's columns are taken from."""
SOON_DAYS = 2
"""Open work due today or within this many days is marked."""
FAR_DAYS = 180
"""Days from today from which a date is written with its year."""
LEAST_TITLE = 24
"""Cells a title keeps on a narrow terminal before columns are left out."""
OPEN_WORDS = frozenset(status.value for status in OPEN)


def stage_letter(stage: str) -> str:
    """A C D $ and . for the stages everybody has, the first letter of any other."""
    return STAGE_LETTERS.get(stage) or stage[:1].upper() or "."


def marks(card: Card, today: date) -> list[str]:
    """What is special about a task, most pressing first; each is a word and perhaps a figure."""
    found: list[str] = []
    if card.due_on is not None and card.status in OPEN_WORDS:
        days = (card.due_on - today).days
        if days < 0:
            found.append(f"late {-days}d")
        elif days <= SOON_DAYS:
            found.append(f"soon {days}d")
    if card.blocked_reason:
        found.append("blocked")
    if card.waits:
        found.append(f"waits {card.waits}")
    if card.priority == "high":
        found.append("high")
    if card.sync_state not in (None, "synced", "pending"):
        found.append(str(card.sync_state).replace("_", " "))
    return found


def plain_lines(cards: Iterable[Card], today: date) -> Iterator[str]:
    """Lines for a file or a pipe: id, status, key result, stage, owner, due date, marks, title; `-` for nothing."""
    for card in cards:
        due = card.due_on.isoformat() if card.due_on else NOTHING
        signs = ",".join(mark.replace(" ", ":") for mark in marks(card, today)) or NOTHING
        yield (
            f"{card.id:<6} {card.status:<9} {card.key_result:<5} {stage_letter(card.stage)} "
            f"{card.owner or NOTHING:<8} {due:<10} {signs:<8} {shown(card.title)}"
        )


def short_day(day: date, today: date) -> str:
    """`12 Oct`; with its year, as ISO, when it is far away."""
    return f"{day.day:2} {day:%b}" if abs((day - today).days) < FAR_DAYS else day.isoformat()


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a terminal's lines; those with a higher `rank` are left out first."""

    text: Callable[[Card], str]
    width: int
    rank: int
    right: bool = False


def terminal_lines(
    cards: Iterable[Card], today: date, *, width: int, ink: Ink, counts: Board | None = None, headings: bool = True
) -> Iterator[str]:
    """Lines for a terminal of `width` cells, under a heading a status; without headings the status is a column."""
    incoming = iter(cards)
    sample = list(islice(incoming, SAMPLE))
    columns = _fitting(_columns(sample, today, with_status=not headings), width)
    status = ""
    for card in chain(sample, incoming):
        if headings and card.status != status:
            status = card.status
            yield ink.bold(cut(heading(status, counts), width))
        yield _line(card, today, columns, width, ink)


def heading(status: str, counts: Board | None) -> str:
    """`DOING 9 of 6, over`."""
    if counts is None or status not in counts.counts:
        return status.upper()
    count, limit = counts.counts[status], counts.limits.get(status)
    if limit is None:
        return f"{status.upper()} {count}"
    return f"{status.upper()} {count} of {limit.max}{', over' if count.n > limit.max else ''}"


def _columns(sample: list[Card], today: date, *, with_status: bool) -> list[_Column]:
    def due(card: Card) -> str:
        return short_day(card.due_on, today) if card.due_on else "--"

    def widest(text: Callable[[Card], str], least: int) -> int:
        return max([least, *(cells(text(card)) for card in sample)])

    def owner(card: Card) -> str:
        return cut(shown(card.owner or NOTHING), 12)

    status = [_Column(lambda card: card.status, widest(lambda card: card.status, 4), 1)] if with_status else []
    return [
        _Column(lambda card: card.id, widest(lambda card: card.id, 5), 0),
        *status,
        _Column(lambda card: card.key_result, widest(lambda card: card.key_result, 5), 4),
        _Column(lambda card: stage_letter(card.stage), 1, 5),
        _Column(owner, widest(owner, 4), 3),
        _Column(due, widest(due, 6), 2, right=True),
    ]


def _fitting(columns: list[_Column], width: int) -> list[_Column]:
    kept = list(columns)
    while len(kept) > 1 and width - sum(column.width + 1 for column in kept) - 2 < LEAST_TITLE:
        kept.remove(max(kept, key=lambda column: column.rank))
    return kept


def _line(card: Card, today: date, columns: list[_Column], width: int, ink: Ink) -> str:
    before = " "
    for column in columns:
        text = column.text(card)
        before += (text.rjust(column.width) if column.right else padded(text, column.width)) + " "
    signs = marks(card, today)
    title = shown(card.title)
    end = "  " + ", ".join(signs) if signs else ""
    room = width - cells(before) - 1 - len(end)
    if room < LEAST_TITLE // 2:
        end, room = "", width - cells(before) - 1
    return f"{before} {cut(title, room)}{_painted(end, signs, ink)}"


def _painted(end: str, signs: list[str], ink: Ink) -> str:
    pressing = any(sign == "blocked" or sign.startswith("late") for sign in signs)
    return ink.bad(end) if pressing else ink.warn(end)


def numbered(rows: Mapping[str, str], indent: str = "  ") -> Iterator[str]:
    """Name and value under each other, the values in one column."""
    widest = max((cells(name) for name in rows), default=0)
    for name, value in rows.items():
        yield f"{indent}{padded(name, widest)}  {value}"
