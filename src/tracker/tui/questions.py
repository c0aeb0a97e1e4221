"""The questions of the command line: what is asked, what is hinted while one types, when an answer is complete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from tracker.domain.dates import parse_day, show_weekday
from tracker.domain.errors import TrackerError, WrongUsage
from tracker.domain.quickadd import QuickAdd, parse_quick_add
from tracker.storage.rows import Card, Header, KeyResultRow, LoadRow
from tracker.tui.cells import clean
from tracker.tui.widgets.command_line import Question
from tracker.tui.widgets.painted import Line

NOBODY = "-"
"""Typed alone it takes an owner, a date or a dependency away."""
HEALTH_SIGNS = {"on track": "+", "at risk": "!", "off track": "x"}


# -- people


def people_matching(loads: Sequence[LoadRow], text: str) -> list[LoadRow]:
    """Those whose id or a word of whose name begins with `text`; the id decides when it does."""
    wanted = text.strip().lstrip("@").casefold()
    by_id = [row for row in loads if row.person.id.casefold().startswith(wanted)]
    return by_id or [
        row for row in loads if any(word.startswith(wanted) for word in row.person.name.casefold().split())
    ]


def person(
    label: str, loads: Callable[[], Sequence[LoadRow]], answer: Callable[[str], None], *, nobody: bool
) -> Question:
    """Two letters name a person, one and Enter does too; `-` is nobody where that is allowed."""

    def settled(text: str) -> str | None:
        if nobody and text.strip() == NOBODY:
            return NOBODY
        found = people_matching(loads(), text)
        return found[0].person.id if len(text.strip()) >= 2 and len(found) == 1 else None

    def checked(text: str) -> None:
        found = people_matching(loads(), text)
        exact = [row for row in found if row.person.id == text.strip()]
        if text.strip() != NOBODY and len(exact or found) != 1:
            who = ", ".join(row.person.id for row in found or loads())
            raise WrongUsage(f"{text.strip()!r} {'may be' if found else 'is nobody here; people:'} {who}")
        answer(NOBODY if text.strip() == NOBODY else (exact or found)[0].person.id)

    return Question(label, checked, lambda text: people_hint(loads(), text, nobody=nobody), settled)


def people_hint(loads: Sequence[LoadRow], text: str, *, nobody: bool) -> Line:
    """Who it may be, each with the load that choosing them adds to."""
    found = people_matching(loads, text)
    if not found:
        return (("nobody is called that", "bad"),) if loads else (("…", "faint"),)
    line: Line = ((f"{NOBODY} nobody  ", "faint"),) if nobody and not text.strip() else ()
    for row in found:
        full = _is_full(row)
        words = f" {_load_words(row)}{'!' if full else ''}  "
        line = (*line, (clean(row.person.id), "key"), (words, "soon" if full else "muted"))
    return line


def _load_words(row: LoadRow) -> str:
    """Hours of two weeks against capacity, begun tasks against the limit: `27/64h 3/2`."""
    hours = f"{row.hours:.0f}h" if row.capacity_h is None else f"{row.hours:.0f}/{row.capacity_h:.0f}h"
    return hours if row.limit is None else f"{hours} {row.doing}/{row.limit}"


def _is_full(row: LoadRow) -> bool:
    too_much = row.capacity_h is not None and row.hours > row.capacity_h
    return too_much or (row.limit is not None and row.doing >= row.limit)


# -- days


def due(label: str, today: date, answer: Callable[[date | None, str], None], *, text: str = "") -> Question:
    """A day in any of the forms that quick add reads."""

    def hint(text: str) -> Line:
        if not text.strip():
            return (("fri   +3d   29   30 Oct   2026-10-30   eom   - no date", "faint"),)
        if text.strip() == NOBODY:
            return (("takes the date away", "muted"),)
        try:
            day = parse_day(text, today)
        except TrackerError as error:
            return ((str(error), "warn"),)
        days = (day - today).days
        ahead = "today" if days == 0 else f"in {days} days" if days > 1 else "tomorrow" if days == 1 else "in the past"
        return ((show_weekday(day, today), "key"), (f"   {ahead}", "warn" if days < 0 else "muted"))

    def checked(text: str) -> None:
        answer(None if text.strip() == NOBODY else parse_day(text, today), text)

    return Question(label, checked, hint, text=text)


# -- key results


def key_results_matching(rows: Sequence[KeyResultRow], text: str) -> list[KeyResultRow]:
    """By digit, id or letters of the title."""
    wanted = text.strip().casefold()
    exact = [row for row in rows if str(row.position) == wanted or row.id.casefold() == wanted]
    return exact or [row for row in rows if wanted in row.title.casefold()]


def key_result(label: str, header: Header, answer: Callable[[str], None]) -> Question:
    """A digit chooses at once, letters narrow down."""
    rows = header.key_results

    def settled(text: str) -> str | None:
        digit = text.strip()
        found = key_results_matching(rows, digit)
        unambiguous = len(rows) < 10 or len(digit) > 1
        return found[0].id if digit.isdigit() and unambiguous and len(found) == 1 else None

    def hint(text: str) -> Line:
        found = key_results_matching(rows, text)
        if not found:
            return (("no key result is called that", "bad"),)
        line: Line = ()
        for row in found:
            sign = HEALTH_SIGNS.get(row.health, "?")
            line = (*line, (f"{row.position}{sign}", "key"), (f" {clean(row.title)}   ", "muted"))
        return line

    def checked(text: str) -> None:
        found = key_results_matching(rows, text)
        if len(found) != 1:
            which = ", ".join(f"{row.position} {row.title}" for row in found or rows)
            raise WrongUsage(f"{text.strip()!r} {'may be' if found else 'is none of'} {which}")
        answer(found[0].id)

    return Question(label, checked, hint, settled)


# -- tasks


def other_task(
    label: str, answer: Callable[[str], None], found: Callable[[], Sequence[Card]], search: Callable[[str], None]
) -> Question:
    """A number, or words of the title of which the first match is taken."""

    def hint(text: str) -> Line:
        if not text.strip():
            return (("number or words of the title   - waits for nothing", "faint"),)
        if text.strip() == NOBODY:
            return (("takes what it waits for away", "muted"),)
        line: Line = ()
        for index, card in enumerate(found()):
            line = (*line, (card.id, "key"), (f" {clean(card.title)}   ", "text" if index == 0 else "muted"))
        return line or (("nothing found", "muted"),)

    def checked(text: str) -> None:
        words = text.strip()
        is_id = words.removeprefix("T-").removeprefix("t-").isdigit()
        if words != NOBODY and not is_id and not found():
            raise WrongUsage(f"No task is found by {words!r}; type its number or other words of its title.")
        answer(words if words == NOBODY or is_id else found()[0].id)

    return Question(label, checked, hint, changed=search)


# -- words


def reason(label: str, answer: Callable[[str], None], *, hint: str = "", text: str = "") -> Question:
    """A few words."""
    return Question(label, answer, lambda _: ((hint, "faint"),), text=text)


def quick_add(today: date, cites: str | None, answer: Callable[[str], None], *, text: str = "") -> Question:
    """A new task in one line; what is understood so far stands below."""

    def hint(text: str) -> Line:
        if not text.strip():
            kept = "" if cites is None else f"   cites {cites}"
            return ((f"title @owner kr:2 due:fri !high stage:A ~2-4h why:how it moves the key result{kept}", "faint"),)
        try:
            return _understood(parse_quick_add(text, today), cites, today)
        except TrackerError as error:
            return ((str(error), "warn"),)

    return Question("new task", answer, hint, text=text)


def _understood(read: QuickAdd, cites: str | None, today: date) -> Line:
    said: list[tuple[str, str]] = []
    for word, value in (
        ("cites", read.key_result or cites), ("owner", read.owner),
        ("due", read.due_on and show_weekday(read.due_on, today)), ("priority", read.priority), ("stage", read.stage),
        ("medium", read.medium), ("channel", read.channel), ("estimate", _hours(read)), ("why", read.contribution),
    ):  # fmt: skip
        if value:
            said += [(f"{word} ", "muted"), (f"{clean(str(value))}   ", "key")]
    if not (read.key_result or cites):
        said.append(("kr: is missing: which key result does it move?", "warn"))
    return tuple(said)


def _hours(read: QuickAdd) -> str:
    if read.estimate_low_h is None or read.estimate_high_h is None:
        return ""
    return f"{read.estimate_low_h:g}-{read.estimate_high_h:g} h"


def choice(label: str, choices: Sequence[tuple[str, str]], answer: Callable[[str], None]) -> Question:
    """One key out of a few."""
    keys = [key for key, _ in choices]
    hint: Line = tuple(piece for key, word in choices for piece in ((key, "key"), (f" {word}   ", "muted")))

    def checked(text: str) -> None:
        if text not in keys:
            raise WrongUsage(f"Press {', '.join(keys[:-1])} or {keys[-1]}; Esc leaves.")
        answer(text)

    return Question(label, checked, lambda _: hint, lambda text: text if text in keys else None)


def reaches_who(who: str, answer: Callable[[bool | None], None]) -> Question:
    """Whether those whom the strategy is for would be there where an idea leads; None: not known."""
    asked = choice(
        "Would our who be there?", [("y", "yes"), ("n", "no"), ("-", "not known")],
        lambda key: answer({"y": True, "n": False}.get(key)),
    )
    hint: Line = (*asked.hint(""), ("WHO ", "muted"), (clean(who), "text"))
    return replace(asked, hint=lambda _: hint)
