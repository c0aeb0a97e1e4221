"""How work flows, in words: the forecast with its sample, cycle times, ageing, throughput; for screens and commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.domain.dates import show_day
from tracker.domain.forecast import CONFIDENCES, NOT_ENOUGH_HISTORY
from tracker.reports.ink import Ink, cut, shown
from tracker.reports.records import card_record, plain
from tracker.reports.tables import table_lines
from tracker.services.flow import Ageing, Flow, Outlook

MEDIAN, PROMISED = 50, 85


def day_words(day: date, today: date) -> str:
    """`2 Dec`, with the year where it is another."""
    return show_day(day, today).removeprefix("0")


def span_words(flow: Flow) -> str:
    """Which days are shown: `October, 1 Oct to 19 Oct`, `the last 30 days`."""
    if flow.is_cycle and flow.cycle is not None:
        first, last = (day_words(flow.days[place].on, flow.today) for place in (0, -1))
        return f"{shown(flow.cycle.name)}, {first} to {last}"
    return f"the last {len(flow.days)} days"


def cycle_words(flow: Flow) -> str:
    """Why the days shown are no cycle's, when nobody asked for other ones; empty when they are."""
    if flow.cycle is None:
        return "no cycle runs"
    if flow.cycle.starts_on > flow.today:
        return f"{shown(flow.cycle.name)} begins on {day_words(flow.cycle.starts_on, flow.today)}"
    return ""


def totals_words(flow: Flow) -> str:
    """`28 open, 20 done since 1 Oct`."""
    first = day_words(flow.days[0].on, flow.today)
    return f"{flow.outlook.open_tasks:,} open, {flow.days[-1].done:,} done since {first}"


def left_words(outlook: Outlook) -> str:
    """`12 days left`, or that no cycle runs."""
    if outlook.ends_on is None:
        return "no cycle runs"
    if outlook.ends_on < outlook.today:
        return f"the cycle ended on {day_words(outlook.ends_on, outlook.today)}"
    return "1 day left" if outlook.days_left == 1 else f"{outlook.days_left} days left"


def sample_words(outlook: Outlook) -> str:
    """What a forecast rests on: `from 30 days, 24 done`."""
    return f"from {outlook.sample.days} days, {outlook.sample.done} done"


def unknown_words(outlook: Outlook) -> str:
    """Why there is no forecast."""
    return (f"{NOT_ENOUGH_HISTORY}: {outlook.sample.done} done in {outlook.sample.days} days; "
            "a forecast needs 10 working days and 5 finished tasks")


def finishing_words(outlook: Outlook) -> str:
    """`6 of 28 by 31 Oct at 85% (9 at 50%); from 30 days, 24 done`, or why that is unknown."""
    if not outlook.is_known:
        return unknown_words(outlook)
    if outlook.ends_on is None:
        return f"no cycle runs, so there is no day to finish by; {sample_words(outlook)}"
    by = day_words(outlook.ends_on, outlook.today)
    if outlook.ends_on < outlook.today:
        return f"the cycle ended on {by}; {sample_words(outlook)}"
    found = outlook.finishing
    return (f"{found[PROMISED]:,} of {outlook.open_tasks:,} by {by} at {PROMISED}% "
            f"({found[MEDIAN]:,} at {MEDIAN}%); {sample_words(outlook)}")


def all_done_words(outlook: Outlook) -> str:
    """`all 28 done by 23 Nov 50%, 28 Nov 70%, 2 Dec 85%, 9 Dec 95%`; empty when that is unknown."""
    if not outlook.is_known:
        return ""
    if not outlook.open_tasks:
        return "nothing is open"
    days = ", ".join(f"{_day(outlook.all_done[each], outlook.today)} {each}%" for each in CONFIDENCES)
    return f"all {outlook.open_tasks:,} done by {days}"


def _day(day: date | None, today: date) -> str:
    return "never" if day is None else day_words(day, today)


def percent_words(chance: Decimal) -> str:
    """A chance as people say it: exact ends are only said of what is certain."""
    if chance < Decimal("0.1"):
        return "under 0.1%"
    return "over 99.9%" if chance > Decimal("99.9") else f"{chance}%"


def chance_words(outlook: Outlook) -> str:
    """`under 0.1% that all 28 are done by 31 Oct`; empty when that is unknown."""
    if outlook.chance_of_all is None or outlook.ends_on is None or not outlook.open_tasks:
        return ""
    by = day_words(outlook.ends_on, outlook.today)
    return f"{percent_words(outlook.chance_of_all)} that all {outlook.open_tasks:,} are done by {by}"


def what_if_words(outlook: Outlook, tasks: int | None, by: date | None, chance: Decimal | None) -> str:
    """`59.1% that 9 are done by 31 Oct`, or why that is unknown."""
    day = by or outlook.ends_on
    if not outlook.is_known:
        return unknown_words(outlook)
    if chance is None or day is None:
        return "no cycle runs: say a day too, like 9 by 31 Oct"
    wanted = f"all {outlook.open_tasks:,}" if tasks is None else f"{tasks:,}"
    verb = "is" if tasks == 1 else "are"
    return f"{percent_words(chance)} that {wanted} {verb} done by {day_words(day, outlook.today)}"


def times_words(flow: Flow) -> str:
    """`33 done in a year: 4 days or less 50%, 6 70%, 7 85%, 10 95%`."""
    times = flow.cycle_times
    if not times.percentiles:
        return "no task was finished within a year"
    parts = ", ".join(f"{days} {percentage}%" for percentage, days in times.percentiles.items())
    return f"days to finish: {parts}; from {times.tasks:,} done in a year"


def promise_words(flow: Flow) -> str:
    """`85% finish within 7 days`."""
    sle = flow.cycle_times.sle_days
    if sle is None:
        return "how long tasks take is not known yet"
    return f"{PROMISED}% finish within {sle} {'day' if sle == 1 else 'days'}"


def ageing_words(flow: Flow) -> str:
    """`13 in work, 7 longer than that`."""
    if not flow.in_work:
        return "nothing is in work"
    longer = f"{flow.past_sle} for longer than {flow.cycle_times.sle_days} days" if flow.cycle_times.sle_days else ""
    return ", ".join(part for part in (f"{flow.in_work:,} in work", longer) if part)


def throughput_words(flow: Flow) -> str:
    """`20 done in 19 days; by week 28 Sep 4, 5 Oct 14, 12 Oct 2, 19 Oct 0`."""
    done = sum(day.finished for day in flow.days)
    weeks = ", ".join(f"{day_words(week.monday, flow.today)} {week.tasks}" for week in flow.weeks[-5:])
    return f"{done:,} done in {len(flow.days)} days; by week from {weeks}"


def ageing_rows(ageing: Sequence[Ageing], today: date) -> list[list[str]]:
    """A row for each task in work."""
    return [
        [each.card.id, f"{each.days}d", _mark(each), each.card.status, each.card.owner or "",
         day_words(each.card.started_on, today) if each.card.started_on else "", each.card.title]
        for each in ageing
    ]


def _mark(each: Ageing) -> str:
    return "past" if each.is_past else "recurs" if each.card.recurs is not None else ""


AGEING_HEADER = ("id", "age", "mark", "status", "owner", "since", "title")


def forecast_lines(outlook: Outlook) -> list[str]:
    """Everything that is forecast, the promise first."""
    return [words for words in
            (finishing_words(outlook), all_done_words(outlook), chance_words(outlook)) if words]




def flow_lines(
    flow: Flow, ageing: Sequence[Ageing], *, width: int | None, ink: Ink, pictures: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """The whole report; `pictures` has the drawn plots by section, none where there is no terminal."""
    reason = cycle_words(flow)
    yield ink.bold(_line(f"FLOW  {span_words(flow)}{f'; {reason}' if reason else ''}", width))
    yield ""
    yield ink.bold("FORECAST")
    yield from _wrapped(forecast_lines(flow.outlook), width)
    for name, words in (("CUMULATIVE FLOW", _bands(flow)), ("CYCLE TIME", times_words(flow)),
                        ("THROUGHPUT", throughput_words(flow))):
        yield ""
        yield ink.bold(name)
        yield from pictures.get(name, ())
        yield from _wrapped([words], width)
    yield ""
    yield ink.bold("AGEING")
    yield from _wrapped([f"{ageing_words(flow)}; {promise_words(flow)}"], width)
    yield from table_lines(ageing_rows(ageing, flow.today), AGEING_HEADER, width=width, ink=ink)


def _bands(flow: Flow) -> str:
    first, last = flow.days[0], flow.days[-1]
    return (f"{day_words(first.on, flow.today)} to {day_words(last.on, flow.today)}: "
            f"done {last.done:,}; " + ", ".join(
                f"{band} {getattr(first, band):,} to {getattr(last, band):,}"
                for band in ("review", "doing", "assigned", "backlog")))


def _wrapped(lines: Sequence[str], width: int | None) -> Iterator[str]:
    from textwrap import wrap  # imported here: only reports of sentences need it

    for line in lines:
        yield from [line] if width is None else wrap(line, width, subsequent_indent="  ")


def _line(text: str, width: int | None) -> str:
    return text if width is None else cut(text, width)


def flow_record(flow: Flow, ageing: Sequence[Ageing]) -> dict[str, Any]:
    """The same as a record; what is unknown is null."""
    outlook = flow.outlook
    return {
        "today": flow.today,
        "cycle": plain(flow.cycle),
        "days": [plain(day) for day in flow.days],
        "cycle_times": {
            "tasks": flow.cycle_times.tasks,
            "percentiles": {str(key): value for key, value in flow.cycle_times.percentiles.items()},
            "sle_days": flow.cycle_times.sle_days,
        },
        "finished": [plain(each) for each in flow.finished],
        "weeks": [plain(week) for week in flow.weeks],
        "in_work": flow.in_work,
        "ageing": [{"days": each.days, "is_past": each.is_past, "task": card_record(each.card)} for each in ageing],
        "forecast": {
            "open_tasks": outlook.open_tasks,
            "by": outlook.ends_on and outlook.ends_on.isoformat(),
            "days_left": outlook.days_left,
            "is_known": outlook.is_known,
            "finishing": {str(key): value for key, value in outlook.finishing.items()},
            "all_done": {str(key): value and value.isoformat() for key, value in outlook.all_done.items()},
            "chance_of_all": plain(outlook.chance_of_all),
            "sample": {"days": outlook.sample.days, "done": outlook.sample.done, "daily": list(outlook.sample.daily)},
        },
    }
