"""Everything about one task, laid out: what it is for, how it stands, what was said and what was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.dates import days_late, show_day, show_weekday
from tracker.domain.recurrence import in_words
from tracker.domain.tasks import OPEN
from tracker.reports.story import sentence
from tracker.services.moves import Move
from tracker.storage.rows import Card, ChangeRow, Header, KeyResultRow, ObjectiveRow, TaskDetail
from tracker.tui.cells import clean
from tracker.tui.glyphs import FINE, Glyphs, bar
from tracker.tui.widgets.columns.card import age_days, is_old
from tracker.tui.widgets.detail.lines import SYNC_WORDS
from tracker.tui.widgets.header.lines import figures, mark, money
from tracker.tui.widgets.history import minute, told
from tracker.tui.widgets.painted import Line, Piece
from tracker.tui.widgets.text_view import Row, facts, headed, wrapped
from tracker.tui.widgets.triage.lines import estimate_words

LABEL = 14
"""Cells of the labels in front of facts."""


@dataclass(frozen=True)
class TaskPicture:
    """What the task's screen shows."""

    detail: TaskDetail
    header: Header | None
    moves: tuple[Move, ...]
    history: tuple[ChangeRow, ...]
    today: date


def title_pieces(picture: TaskPicture) -> Line:
    """Id, title and state, for the line at the top."""
    card = picture.detail.card
    pieces: list[Piece] = [(f" {clean(card.id)} ", "here"), (f" {clean(card.title[:2000])}", "title")]
    role = {"done": "good", "cancelled": "faint"}.get(card.status, "accent")
    pieces.append((f"   {card.status}", role))
    if card.blocked_reason is not None:
        pieces.append(("  BLOCKED", "late"))
    return tuple(pieces)


def fact_rows(picture: TaskPicture, width: int, glyphs: Glyphs = FINE) -> list[Row]:
    """What it moves, its facts, its notes and what it waits for."""
    detail, card = picture.detail, picture.detail.card
    rows = [*headed("WHY"), *_purpose(picture, width, glyphs)]
    if card.blocked_reason is not None:
        rows += [*headed("BLOCKED", _since(card.blocked_on, picture.today)), *wrapped(card.blocked_reason, width)]
    reason = str(detail.fields.get("cancel_reason") or "")
    if reason:
        rows += [
            *headed("CANCELLED", _since(_day(detail.fields.get("cancelled_on")), picture.today)),
            *wrapped(reason, width),
        ]
    rows += [*headed("WORK"), *_work(picture, width)]
    for title, name in (("NOTES", "notes"), ("LEARNED", "learned")):
        text = str(detail.fields.get(name) or "")
        if text.strip():
            rows += [*headed(title), *wrapped(text, width)]
    for title, others in (("WAITS FOR", detail.waits_for), ("IS WAITED FOR BY", detail.waited_for_by)):
        if others:
            rows += [*headed(title), *(row for other in others for row in _other(other, width))]
    return rows


def _purpose(picture: TaskPicture, width: int, glyphs: Glyphs) -> list[Row]:
    detail, card = picture.detail, picture.detail.card
    found = _cited(picture.header, card.key_result)
    rows: list[Row] = []
    if found is None:
        rows += facts([("moves", card.key_result)], width, label_width=LABEL)
    else:
        objective, row = found
        rows += [*_moves(row, glyphs), *facts([("under", objective.title)], width, label_width=LABEL)]
    if card.contribution:
        rows += facts([("how", card.contribution)], width, label_width=LABEL)
    else:
        rows.append(Row(((_label("how"), "muted"), ("does not say how it moves the key result (e)", "warn"))))
    if detail.also_serves:
        named = [_called(picture.header, each) for each in detail.also_serves]
        rows += facts([("also serves", ", ".join(named))], width, label_width=LABEL)
    return rows


def _cited(header: Header | None, key_result: str) -> tuple[ObjectiveRow, KeyResultRow] | None:
    for objective in header.objectives if header is not None else ():
        for row in objective.key_results:
            if row.id == key_result:
                return objective, row
    return None


def _called(header: Header | None, key_result: str) -> str:
    found = _cited(header, key_result)
    return f"{found[1].position} {found[1].title}" if found else key_result


def _moves(row: KeyResultRow, glyphs: Glyphs) -> list[Row]:
    sign, role = mark(row.health)
    confidence = "" if row.confidence is None else f", confidence {row.confidence}"
    named = ((_label("moves"), "muted"), (f"{row.position}", "text"), (sign, role), (f" {clean(row.title)}", "title"))
    stands = (
        (_label("which stands"), "muted"), (f"{figures(row, glyphs)}  ", "text"),
        *bar(row.score, row.expected, 12, role, glyphs), (f"  {row.health}", role), (confidence, "muted"),
    )  # fmt: skip
    return [Row(named), Row(stands)]


def _label(word: str) -> str:
    return f" {word:<{LABEL}}"


def _work(picture: TaskPicture, width: int) -> list[Row]:
    detail, card, today = picture.detail, picture.detail.card, picture.today
    fields = detail.fields
    pairs = [
        ("status", _status_words(card, today, picture.header)),
        ("owner", card.owner or "nobody"),
        ("due", _due_words(card, today)),
        ("estimate", f"{words} hours" if (words := estimate_words(card.estimate_low_h, card.estimate_high_h)) else ""),
        ("priority", card.priority),
        ("stage", card.stage),
        ("kind", f"{card.kind}, {card.medium}{f' on {card.channel}' if card.channel else ''}"),
        ("journey step", _text(fields.get("journey_step"))),
        ("shows", _text(fields.get("shows"))),
        ("question", _text(fields.get("goal_question"))),
        ("publish", _day_words(fields.get("publish_on"), today)),
        ("cost", money(int(str(fields["cost_minor"]))) if fields.get("cost_minor") else ""),
        ("repeats", in_words(card.recurs, today) if card.recurs else ""),
        ("created", f"{_day_words(fields.get('created_on'), today)}{_mid_cycle(fields)}"),
        ("elsewhere", _elsewhere(detail)),
    ]
    always = ("status", "owner", "due", "estimate")
    return facts([pair for pair in pairs if pair[1] or pair[0] in always], width, label_width=LABEL)


def _mid_cycle(fields: Mapping[str, object]) -> str:
    return ", in mid-cycle" if fields.get("added_mid_cycle") else ""


def _status_words(card: Card, today: date, header: Header | None) -> str:
    since = {"assigned": card.assigned_on, "doing": card.started_on, "review": card.review_on, "done": card.done_on}
    day = since.get(card.status)
    words = card.status if day is None else f"{card.status} since {show_day(day, today)}"
    age = age_days(card, today)
    if age is not None:
        words += f", {age} {'day' if age == 1 else 'days'} in work"
        sle = header.sle_days if header is not None else None
        if sle is not None:
            words += f" (85% finish in {sle}{'; this one is older' if is_old(card, age, sle) else ''})"
    return words


def _due_words(card: Card, today: date) -> str:
    if card.due_on is None:
        return "no date" if card.status in OPEN else ""
    late = days_late(card.due_on, today) if card.status in OPEN else 0
    return f"{show_weekday(card.due_on, today)}{f', {late} days late' if late else ''}"


def _elsewhere(detail: TaskDetail) -> str:
    """Every counterpart on a line of its own."""
    said = ((SYNC_WORDS.get(each.state, each.state), each.external_id, each.url) for each in detail.links)
    return "\n".join(
        f"{each.connection}: {', '.join(word for word in words if word)}"
        for each, words in zip(detail.links, said, strict=True)
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _day_words(value: object, today: date) -> str:
    day = _day(value)
    return "" if day is None else show_day(day, today)


def _since(day: date | None, today: date) -> str:
    if day is None:
        return ""
    days = (today - day).days
    return f"since {show_day(day, today)}" + (f", {days} days" if days > 1 else "")


def _other(task: tuple[str, str, str], width: int) -> list[Row]:
    other, title, status = task
    return facts([(other, f"{title} ({status})")], width, label_width=8)


def story_rows(picture: TaskPicture, width: int) -> list[Row]:
    """Messages, moves through the states, and every recorded change, newest first."""
    comments = picture.detail.comments
    rows = headed("MESSAGES", "" if comments else "none yet: M writes one")
    for comment in reversed(comments):
        rows.append(Row(((f" {minute(comment.on, local=True)}  ", "faint"), (clean(comment.by), "accent"))))
        rows += wrapped(comment.body, width, indent=3)
    rows += headed("HISTORY")
    rows += _changes(picture.history, width)
    if picture.moves:
        rows += [*headed("THROUGH THE STATES"), *_moved(picture.moves, picture.today)]
    return rows


def _changes(history: Sequence[ChangeRow], width: int) -> list[Row]:
    rows: list[Row] = []
    last: tuple[str, str] | None = None
    for change in reversed(told(change for change in history if change.entity != "comment")):
        head = (minute(change.at), change.by)
        if head != last:
            rows.append(Row(((f" {head[0]}  ", "faint"), (clean(change.by), "accent"))))
            last = head
        before = {"undo": "took back: ", "redo": "again: "}.get(change.kind, "")
        rows += wrapped(before + sentence(change), width, indent=3)
    return rows or [Row(((" nothing was changed yet", "faint"),))]


def _moved(moves: Sequence[Move], today: date) -> list[Row]:
    rows = []
    for move in reversed(moves):
        by = f"  {clean(move.actor)}" if move.actor else ""
        rows.append(Row((
            (f" {show_day(move.on, today)}  ", "faint"), (f"{move.from_status or 'made'} ", "muted"),
            ("> ", "faint"), (move.to_status, "text"), (by, "accent"),
        )))  # fmt: skip
    return rows
