"""`tracker calendar`."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import typer

from tracker.cli import answers
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example
from tracker.domain.errors import WrongUsage

A_DAY = 200
"""Tasks that are listed of one day."""


@example("tracker calendar", "tracker calendar --month 2026-11", "tracker calendar --week fri --json")
def calendar(
    ctx: typer.Context,
    month: Annotated[str | None, option("--month", "YYYY-MM", "That month, with the weeks around it.")] = None,
    week: Annotated[str | None, option("--week", "DAY", "The week of that day.")] = None,
    json: Json = False,
) -> None:
    """Show by day what is due, what is published and what comes round; this month when nothing is said.

    Columns where the output is no terminal: day, due or publish, state (open, late, done, coming), id, status, owner,
    title. The working days and weeks of the cycle without anything published are counted.
    """
    from tracker.reports import calendar_text
    from tracker.services import calendar as services

    invocation: Invocation = ctx.obj
    ws, output = invocation.workspace(), invocation.output
    today = ws.clock.today
    found = services.calendar(ws, *_days(month, week, today), a_day=A_DAY)
    if json:
        answers.put_record(
            invocation, "calendar", today=today, first=found.days[0].day, last=found.days[-1].day,
            days=[calendar_text.day_record(day, today) for day in found.days],
            gaps=calendar_text.gaps_record(found.gaps),
        )
    elif output.is_terminal:
        from tracker.reports.ink import Ink

        output.lines(calendar_text.terminal_lines(found, today, width=output.width, ink=Ink(output.colour)))
    else:
        output.lines(calendar_text.plain_lines(found, today))
        output.say(calendar_text.gap_words(found.gaps, today))


def _days(month: str | None, week: str | None, today: date) -> tuple[date, date]:
    from tracker.domain.dates import LATEST, parse_day
    from tracker.services.calendar import week_of, weeks_of_month

    if month is not None and week is not None:
        raise WrongUsage("Choose --month or --week; one contradicts the other.")
    if week is not None:
        day = parse_day(week, today)
        return week_of(day)
    if month is None:
        return weeks_of_month(today)
    named = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", month.strip())
    if named is None or not 1 <= int(named[2]) <= 12 or not 1900 <= int(named[1]) < LATEST.year:
        raise WrongUsage(f"--month wants a month like 2026-10, and {month[:40]!r} is none.")
    return weeks_of_month(date(int(named[1]), int(named[2]), 1))


COMMANDS = {"calendar": calendar}
