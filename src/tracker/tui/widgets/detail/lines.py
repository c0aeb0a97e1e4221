"""What the detail says about a task: pure functions from a row to lines of text with roles."""

from __future__ import annotations

from datetime import date

from tracker.domain.dates import days_late, show_day
from tracker.storage.rows import Card, Header, KeyResultRow
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import FINE, Glyphs
from tracker.tui.widgets.columns.card import age_days, due_sign, is_old
from tracker.tui.widgets.header.lines import figures
from tracker.tui.widgets.painted import Line, Piece, width_of

SYNC_WORDS = {
    "pending": "waits for sync", "synced": "synced", "changed_here": "changed here", "changed_there": "changed there",
    "conflict": "sync conflict", "unmapped_owner": "owner unknown there", "gone": "gone there",
}  # fmt: skip
HEALTH_ROLES = {"on track": "good", "at risk": "warn", "off track": "bad", "stale": "stale"}
LONGEST = 4000
"""Characters of a text that are looked at; no terminal shows more in a line."""


def purpose_line(card: Card, header: Header | None, width: int, glyphs: Glyphs = FINE) -> Line:
    """Which task it is, which key result it moves, how that stands, and how the task moves it."""
    row = next((each for each in header.key_results if each.id == card.key_result), None) if header else None
    moves = _moves(card, row, glyphs)
    reason: Line = (
        ((": ", "muted"), (clean(card.contribution[:LONGEST]), "text"))
        if card.contribution
        else ((": ", "muted"), ("says not how", "warn"))
    )
    lead: Line = ((f" {card.id} ", "key"),)
    room = width - width_of(lead) - width_of(moves) - 2
    title_room = min(_length(card.title), max(16, room - min(32, width_of(reason))))
    title = fit(card.title, title_room, ellipsis=glyphs.ellipsis)
    return _cut((*lead, (f"{title}  ", "title"), *moves, *reason), width, glyphs)


def _moves(card: Card, row: KeyResultRow | None, glyphs: Glyphs) -> Line:
    if row is None:
        return (("moves ", "muted"), (clean(card.key_result), "text"))
    role = HEALTH_ROLES.get(row.health, "stale")
    return (
        ("moves ", "muted"), (f"{row.position} {clean(row.title)}", "text"), (" (", "muted"),
        (f"{figures(row, glyphs)} {row.health}", role), (")", "muted"),
    )  # fmt: skip


def state_line(card: Card, header: Header | None, today: date, width: int, glyphs: Glyphs = FINE) -> Line:
    """What holds it up, who has it, when it is due, how old it is, what the other tool knows, how much was said.

    Facts that do not fit whole are left out, the least important first.
    """
    sle = header.sle_days if header else None
    facts: list[Line] = []
    if card.blocked_reason is not None:
        facts.append(_blocked(card, today, width // 2, glyphs))
    if card.waits:
        facts.append(((f"waits for {card.waits} {_plural('task', card.waits)}", "soon"),))
    facts.append(((clean(card.owner), "text"),) if card.owner else (("no owner", "warn"),))
    facts.append((_due(card, today),))
    facts += _ages(card, today, sle)
    facts += [((word, "muted"),) for word in _further(card)]
    line: list[Piece] = [(" ", "muted")]
    room = width - 1
    for index, fact in enumerate(facts):
        spaced = (("   " if index else "", "muted"), *fact)
        if width_of(spaced) <= room:
            line += spaced
            room -= width_of(spaced)
    return tuple(line)


def _blocked(card: Card, today: date, width: int, glyphs: Glyphs) -> Line:
    days = (today - card.blocked_on).days if card.blocked_on else 0
    since = f" {days} {_plural('day', days)}" if days > 0 else ""
    lead = f"BLOCKED{since}: "
    room = min(_length(card.blocked_reason or ""), max(0, width - len(lead)))
    return ((lead, "late"), (fit(card.blocked_reason or "", room, ellipsis=glyphs.ellipsis), "text"))


def _due(card: Card, today: date) -> Piece:
    if card.status == "done" and card.done_on:
        return f"done {show_day(card.done_on, today)}", "good"
    if card.due_on is None:
        return "no date", "warn"
    late = days_late(card.due_on, today)
    days = (card.due_on - today).days
    words = f", {late} {_plural('day', late)} late" if late else ", today" if days == 0 else ""
    role = due_sign(card, today)[1]
    return f"due {show_day(card.due_on, today)}{words}", "text" if role == "muted" else role


def _ages(card: Card, today: date, sle: int | None) -> list[Line]:
    days = age_days(card, today)
    if days is None:
        return []
    role = "old" if is_old(card, days, sle) else "text"
    pace: Line = ((f" (85% finish in {sle})", "muted"),) if sle is not None else ()
    return [((f"age {days} d", role), *pace)]


def _further(card: Card) -> list[str]:
    words = []
    if card.sync_state:
        words.append(SYNC_WORDS.get(card.sync_state, clean(card.sync_state)))
    if card.messages:
        words.append(f"{card.messages} {_plural('message', card.messages)}")
    if card.estimate_low_h is not None and card.estimate_high_h is not None:
        words.append(f"{card.estimate_low_h:g}-{card.estimate_high_h:g} h")
    words.append(f"{clean(card.stage)}, {clean(card.medium)}{f' on {clean(card.channel)}' if card.channel else ''}")
    if card.priority != "normal":
        words.append(f"{card.priority} priority")
    if card.recurs:
        from tracker.domain.recurrence import in_words  # imported here: hardly a task recurs

        words.append(f"repeats {clean(in_words(card.recurs))}")
    return words


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _length(text: str) -> int:
    return width_of(((clean(text[:LONGEST]), ""),))


def _cut(line: Line, width: int, glyphs: Glyphs) -> Line:
    kept: list[Piece] = []
    room = width
    for text, role in line:
        length = width_of(((text, role),))
        if length > room:
            return (*kept, (fit(text, room, ellipsis=glyphs.ellipsis), role))
        kept.append((text, role))
        room -= length
    return tuple(kept)
