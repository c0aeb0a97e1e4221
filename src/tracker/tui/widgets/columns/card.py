"""A card as lines of text with roles: pure functions from a row to what a column draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tracker.domain.dates import show_day, show_day_short
from tracker.domain.tasks import STAGE_LETTERS
from tracker.storage.rows import Card
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import exactly
from tracker.tui.widgets.painted import Line, Piece, width_of

if TYPE_CHECKING:
    from tracker.services.flow import CutLine

SOON_DAYS = 3
"""A due date so near is marked."""
WIDE = 34
"""From this width a card has room for more marks, hours, medium and messages."""
SYNC_SIGNS = {
    "pending": "↑", "synced": "=", "changed_here": "↑", "changed_there": "↓", "conflict": "≠",
    "unmapped_owner": "?", "gone": "∅",
}  # fmt: skip
SYNC_PLAIN = {"pending": "^", "changed_here": "^", "changed_there": "v", "conflict": "%", "gone": "0"}


@dataclass(frozen=True, slots=True)
class Setting:
    """What cards are drawn against: the day, the places of key results, the pace, the characters."""

    today: date
    places: Mapping[str, str]
    """The digit of each key result by id; those that are not in the header have none."""
    sle_days: int | None = None
    digits: int = 2
    """How many digits the largest task number has."""
    owner_width: int = 5
    short_days: bool = False
    """Whether days are written without a space, where large numbers leave little room."""
    plain: bool = False
    cut: CutLine | None = None
    """The line below which tasks will not finish, where it is shown."""


def is_below_cut(card: Card, setting: Setting) -> bool:
    """Whether the card stands below the cut line."""
    return setting.cut is not None and setting.cut.is_below(card)


def cut_marker(marker: str, card: Card, setting: Setting) -> str:
    """The marker of a line of a card; below the cut line a bar goes along the cards."""
    return (":" if setting.plain else "╎") if marker == " " and is_below_cut(card, setting) else marker


def underlined(line: Line, width: int, card: Card, setting: Setting) -> Line:
    """The last line of a card, which carries the cut line when the card is the last one above it."""
    if setting.cut is None or not setting.cut.is_last_above(card):
        return line
    text = "".join(text for text, _ in line)
    return ((text + " " * (width - width_of(line)), "cut"),)


def due_sign(card: Card, today: date) -> Piece:
    """`!` and late, `~` and soon, or nothing."""
    if card.due_on is None or card.status in ("done", "cancelled"):
        return " ", "muted"
    if card.due_on < today:
        return "!", "late"
    return ("~", "soon") if (card.due_on - today).days <= SOON_DAYS else (" ", "muted")


def age_days(card: Card, today: date) -> int | None:
    """Days since it was started, the first counted; None while it is not started or when it is over."""
    if card.started_on is None or card.status not in ("doing", "review"):
        return None
    return max(1, (today - card.started_on).days + 1)


def short_age(days: int) -> str:
    """Three characters: `14d`, `23w`, `11y`."""
    if days < 100:
        return f"{days:>2}d"
    return f"{days // 7:>2}w" if days < 700 else f"{min(99, days // 365):>2}y"


def is_old(card: Card, days: int, sle_days: int | None) -> bool:
    """Whether it is in work for longer than 85 % of the tasks took; upkeep that recurs raises no alarm."""
    return sle_days is not None and days > sle_days and card.recurs is None


def title_line(card: Card, width: int, setting: Setting, marker: str, *, strong: bool) -> Line:
    """Marker, priority sign when it is not the usual one, title."""
    sign = {"high": "^" if setting.plain else "▲", "low": "v" if setting.plain else "▽"}.get(card.priority)
    below = card.priority == "low" or is_below_cut(card, setting)
    role = "title" if strong else "muted" if below else "text"
    lead: Line = ((f"{sign} ", "warn" if card.priority == "high" else role),) if sign else ()
    room = width - 1 - (2 if sign else 0)
    return ((marker, "mark"), *lead, (_short(card.title, room, setting), role))


def facts_line(card: Card, width: int, setting: Setting, marker: str) -> Line:
    """Number, key result and stage, owner, due date, age, marks; further facts where there is room."""
    head = f"{card.number:>{setting.digits}} {setting.places.get(card.key_result, '·')}{_stage(card)} "
    owner = _short(card.owner or "-", setting.owner_width, setting)
    due = _due(card.due_on, setting)
    sign, sign_role = due_sign(card, setting.today)
    due_role = sign_role if sign != " " else "muted"
    line = [
        (marker, "mark"), (f"{head}{owner} ", "muted"), (f"{due}{sign}", due_role), (" ", "muted"),
        _age(card, setting),
    ]  # fmt: skip
    used = 1 + len(head) + setting.owner_width + 1 + len(due) + 1 + 1 + 3
    marks = _marks(card, setting, 3 if width >= WIDE else 1)
    line += [(" ", "muted"), *marks]
    used += 1 + sum(len(text) for text, _ in marks)
    line.append((_further(card, width - used), "faint"))
    return exactly(tuple(line), width)


def reason_line(card: Card, width: int, setting: Setting, marker: str) -> Line:
    """Why it is done, for cards with a third line."""
    return ((marker, "mark"), (_short(card.contribution, width - 2, setting) + " ", "faint"))


def done_line(card: Card, width: int, setting: Setting, marker: str, *, strong: bool) -> Line:
    """A finished task in one line: id and day, and the title where there is room."""
    day = show_day_short(card.done_on) if card.done_on else ""
    role = "title" if strong else "muted"
    if width < 18:
        forms = (f"{card.id} {day}", f"{card.number} {day}", card.id, str(card.number))
        return ((marker, "mark"), (next((form for form in forms if len(form) < width), forms[-1]), role))
    lead = f"{card.number:>{setting.digits}} {setting.places.get(card.key_result, '·')} "
    room = width - 1 - len(lead) - len(day) - 2
    return ((marker, "mark"), (f"{lead}{_short(card.title, room, setting)} ", role), (f"{day} ", "faint"))


def _due(day: date | None, setting: Setting) -> str:
    """Six characters, five where days are short."""
    if day is None:
        return " --  " if setting.short_days else "  --  "
    return show_day_short(day) if setting.short_days else show_day(day, setting.today)[:6]


def _short(text: str, width: int, setting: Setting) -> str:
    return fit(text, width, ellipsis="~" if setting.plain else "…")


def _stage(card: Card) -> str:
    return STAGE_LETTERS.get(card.stage) or card.stage[:1].upper() or "."


def _age(card: Card, setting: Setting) -> Piece:
    days = age_days(card, setting.today)
    if days is None:
        return "   ", "muted"
    return short_age(days), "old" if is_old(card, days, setting.sle_days) else "muted"


def _marks(card: Card, setting: Setting, room: int) -> list[Piece]:
    """The most pressing marks first, `room` of them, padded."""
    marks: list[Piece] = []
    if card.blocked_reason is not None:
        marks.append(("B", "late"))
    if card.waits:
        marks.append(("w", "soon"))
    if card.sync_state is not None:
        sign = SYNC_SIGNS.get(card.sync_state, "?")
        calm = card.sync_state in ("synced", "pending", "changed_here")
        marks.append((SYNC_PLAIN.get(card.sync_state, sign) if setting.plain else sign, "faint" if calm else "stale"))
    shown = marks[:room]
    return [*shown, (" " * (room - len(shown)), "muted")] if len(shown) < room else shown


def _further(card: Card, room: int) -> str:
    """Hours, medium, messages and recurrence, each with a space before it, as many as fit whole."""
    facts = [
        f"{card.estimate_low_h:g}-{card.estimate_high_h:g}h"
        if card.estimate_low_h is not None and card.estimate_high_h is not None
        else "",
        clean(card.medium),
        f"{card.messages} msg" if card.messages else "",
        clean(card.recurs or ""),
    ]
    text = ""
    for fact in facts:
        if fact and cell_len(text) + 1 + cell_len(fact) <= room:
            text += f" {fact}"
    return text
