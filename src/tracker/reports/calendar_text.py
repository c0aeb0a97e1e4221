"""The calendar as lines of text: a day, then what is due and published on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tracker.domain.dates import show_day, show_weekday
from tracker.reports.ink import Ink, cut, shown
from tracker.reports.records import Record, card_record
from tracker.services.calendar import Calendar, Coming, Day, Entry, Gaps
from tracker.storage.calendar_rows import DUE, PUBLISH


def gap_words(gaps: Gaps | None, today: date) -> str:
    """`October 2026: 6 working days and 1 week (12 Oct) without anything published`, or that there is no gap."""
    return "no cycle runs" if gaps is None else f"{gaps.cycle}: {gaps_within(gaps, today)}"


def gaps_within(gaps: Gaps, today: date) -> str:
    """The same without the name of the cycle."""
    if not gaps.published:
        return "nothing is to be published"
    if not gaps.days:
        return "something is published on every working day"
    days = f"{len(gaps.days)} working day{'s' if len(gaps.days) != 1 else ''}"
    if not gaps.weeks:
        return f"{days} without anything published"
    weeks = "1 week" if len(gaps.weeks) == 1 else f"{len(gaps.weeks)} weeks"
    which = ", ".join([show_day(monday, today) for monday in gaps.weeks[:3]] + ["…"] * (len(gaps.weeks) > 3))
    return f"{days} and {weeks} ({which}) without anything published"


def plain_lines(calendar: Calendar, today: date) -> Iterator[str]:
    """Lines for a file or a pipe: day, due or publish, state, id, status, owner, title; what will come is `coming`."""
    for day in calendar.days:
        for entry in day.entries:
            card = entry.card
            yield (
                f"{day.day} {entry.what:<7} {state_of(entry, today):<6} {card.id:<6} {card.status:<9} "
                f"{card.owner or '-':<8} {shown(card.title)}"
            )
        for each in day.coming:
            yield f"{day.day} {each.what:<7} coming {each.task:<6} {'-':<9} {'-':<8} {shown(each.title)}"


def state_of(entry: Entry, today: date) -> str:
    """`late`, `done` or `open`."""
    return "done" if entry.card.status == "done" else "late" if entry.is_late(today) else "open"


def terminal_lines(calendar: Calendar, today: date, *, width: int, ink: Ink) -> Iterator[str]:
    """Lines for a terminal: the gaps, then each day that has something, today marked."""
    yield ink.dim(cut(gap_words(calendar.gaps, today), width))
    for day in calendar.days:
        is_gap = calendar.gaps is not None and calendar.gaps.published > 0 and day.day in calendar.gaps.days
        if not (day.entries or day.coming or is_gap or day.day == today):
            continue
        note = "  today" if day.day == today else ""
        yield f"{ink.bold(show_weekday(day.day, today) + note)}{ink.warn('  nothing is published') if is_gap else ''}"
        yield from (_entry_line(entry, today, width, ink) for entry in day.entries)
        more = day.total() - len(day.entries)
        if more > 0:
            yield ink.dim(f"  {more} more")
        yield from (ink.dim(cut(_coming_line(each), width)) for each in day.coming)


def _entry_line(entry: Entry, today: date, width: int, ink: Ink) -> str:
    state = state_of(entry, today)
    line = cut(f"  {entry.what:<7}  {'' if state == 'open' else state:<4}  {entry.card.id}  "
               f"{shown(entry.card.owner or 'no owner'):<8}  {shown(entry.card.title)}", width)
    return ink.bad(line) if state == "late" else ink.dim(line) if state == "done" else line


def _coming_line(each: Coming) -> str:
    return f"  {each.what:<7}  again {each.task}  {shown(each.title)}"


def day_record(day: Day, today: date) -> Record:
    """A day as JSON gives it."""
    return {
        "day": day.day.isoformat(),
        "due": dict(day.counts.get(DUE, {})),
        "publish": dict(day.counts.get(PUBLISH, {})),
        "tasks": [{"what": entry.what, "state": state_of(entry, today), **card_record(entry.card)}
                  for entry in day.entries],
        "coming": [{"what": each.what, "id": each.task, "title": each.title} for each in day.coming],
        "more": max(0, day.total() - len(day.entries)),
    }


def gaps_record(gaps: Gaps | None) -> Record | None:
    """The gaps as JSON gives them."""
    if gaps is None:
        return None
    return {
        "cycle": gaps.cycle, "first": gaps.first, "last": gaps.last, "published": gaps.published,
        "days": sorted(gaps.days), "weeks": [{"first": monday, "last": monday + timedelta(days=6)}
                                             for monday in gaps.weeks],
    }  # fmt: skip
