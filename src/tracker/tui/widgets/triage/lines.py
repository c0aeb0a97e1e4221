"""A task in one line of triage: which columns fit, and what stands in them. Pure functions to lines of pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.dates import show_day
from tracker.domain.tasks import OPEN, STAGE_LETTERS
from tracker.storage.rows import Card, Forecast
from tracker.tui.cells import fit
from tracker.tui.glyphs import FINE, Glyphs
from tracker.tui.widgets.painted import Line, Piece

NEED_ROLES = {"late": "late", "unblock": "late", "review": "accent", "owner": "warn", "date": "warn"}
"""Inks of the first word of a need; the others are plain."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What rows are drawn against."""

    today: date
    places: Mapping[str, str] = field(default_factory=dict)
    """The digit of each key result by id."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """The title of each key result by id, for wide terminals."""
    glyphs: Glyphs = FINE


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading and cells."""

    name: str
    heading: str
    width: int


def columns(width: int, id_width: int = 5) -> tuple[Column, ...]:
    """The columns that fit into `width`: what a decision needs first, the title as wide as can be."""
    needs = 17 if width < 100 else 30
    wanted = [
        Column("id", "key", id_width + 2),
        Column("place", "KR", 3),
        Column("stage", "st", 3),
        Column("owner", "owner", 7),
        Column("due", "due", 8),
        Column("needs", "needs", needs),
    ]
    if width >= 66:
        wanted.insert(5, Column("estimate", "est", 6))
    if width >= 82:
        wanted.insert(4, Column("start", "start", 7))
    if width >= 128:
        wanted.insert(3, Column("status", "status", 9))
    if width >= 142:
        wanted.insert(6, Column("channel", "channel", 11))
    if width >= 162:
        wanted[1] = Column("key_result", "key result", 24)
    title = max(8, width - 3 - sum(column.width for column in wanted))
    wanted.insert(1, Column("title", "task", title))
    return tuple(wanted)


def heading_line(shown: tuple[Column, ...]) -> Line:
    """The headings above the rows."""
    return (("   ", "faint"), *((fit(column.heading, column.width), "faint") for column in shown))


def row_line(
    card: Card | None, shown: tuple[Column, ...], setting: Setting, needs: tuple[str, ...],
    *, here: bool = False, marked: bool = False,
) -> Line:  # fmt: skip
    """One task; a row that is still being read has three dots in its title."""
    role = "here" if here else "mark" if marked else "muted"  # few pieces: each costs the terminal forty bytes
    lead: Piece = (f"{'>' if here else ' '}{'*' if marked else ' '} ", role)
    if card is None:
        return (lead, *((fit("..." if column.name == "title" else "", column.width), "faint") for column in shown))
    pieces: list[Piece] = [lead]
    for column in shown:
        if column.name == "needs":
            pieces += _needs(card, needs, column.width)
        else:
            text, role = _cell(card, column, setting, here)
            pieces.append((fit(text, column.width - 1, ellipsis=setting.glyphs.ellipsis) + " ", role))
    return tuple(pieces)


def _cell(card: Card, column: Column, setting: Setting, here: bool) -> Piece:
    role = "faint" if card.status not in OPEN else "muted"
    if column.name == "id":
        return card.id, "here" if here else role
    if column.name == "title":
        return card.title, role if role == "faint" else "title" if here else "text"
    if column.name == "owner":
        return card.owner or "-", role if role == "faint" else "text" if card.owner else "warn"
    if column.name == "due":
        return _due(card, setting)
    return _FACTS[column.name](card, setting), role


def _key_result(card: Card, setting: Setting) -> str:
    return f"{setting.places.get(card.key_result, '·')} {setting.titles.get(card.key_result, card.key_result)}"


_FACTS: Mapping[str, Callable[[Card, Setting], str]] = {
    "place": lambda card, setting: setting.places.get(card.key_result, "·"),
    "key_result": _key_result,
    "stage": lambda card, _: STAGE_LETTERS.get(card.stage) or card.stage[:1].upper() or ".",
    "status": lambda card, _: card.status,
    "channel": lambda card, _: card.channel or "",
    "start": lambda card, setting: _day(card.started_on, setting.today),
    "estimate": lambda card, _: estimate_words(card.estimate_low_h, card.estimate_high_h) or "-",
}


def _day(day: date | None, today: date) -> str:
    if day is None:
        return " --"
    shown = show_day(day, today)
    return shown if len(shown) <= 6 else f"{day:%b}'{day.year % 100:02}"


def _due(card: Card, setting: Setting) -> Piece:
    if card.status not in OPEN:
        return _day(card.due_on, setting.today), "faint"
    if card.due_on is None:
        return " --", "warn"
    if card.due_on < setting.today:
        return f"{_day(card.due_on, setting.today)}!", "late"
    soon = (card.due_on - setting.today).days <= 3
    return f"{_day(card.due_on, setting.today)}{'~' if soon else ''}", "soon" if soon else "text"


def _needs(card: Card, needs: tuple[str, ...], width: int) -> Line:
    if card.status not in OPEN:
        return ((fit(card.status, width), "faint"),)
    pieces: list[Piece] = []
    for index, need in enumerate(needs):
        comma = ", " if index < len(needs) - 1 else ""
        word = fit(need + comma, min(len(need + comma), width), ellipsis="…")
        pieces.append((word, NEED_ROLES.get(need.split()[0], "muted")))
        width -= len(word)
        if width <= 0:
            break
    last = pieces[-1][1] if pieces else "muted"
    return (*pieces, (" " * width, last))


def estimate_words(low: float | None, high: float | None) -> str:
    """`3-5`, `4`, or nothing."""
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        return f"{low if low is not None else high:g}"
    return f"{low:g}-{high:g}"


def cut_words(forecast: Forecast, width: int, glyphs: Glyphs = FINE) -> Line:
    """The line across the rows below which work will not finish."""
    words = f" {forecast.at_85} finish by {forecast.by.day} {forecast.by:%b} (85%), at our pace "
    left = glyphs.rule * 3
    return ((left + words + glyphs.rule * max(0, width - len(left) - len(words)), "warn"),)
