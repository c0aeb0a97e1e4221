"""`tracker doctor`: what is wrong with this installation or database, and what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from tracker import __version__
from tracker.bootstrap import database_path
from tracker.cli import answers
from tracker.cli.invocation import Invocation
from tracker.cli.output import is_capable_terminal
from tracker.cli.parameters import Json
from tracker.cli.parsing import example
from tracker.domain.errors import TrackerError
from tracker.paths import default_database, settings_file
from tracker.reports.ink import Ink, padded, shown
from tracker.services import checkup
from tracker.services.checkup import Check
from tracker.settings import Settings, read_settings

SMALLEST = (60, 15)
"""Columns and lines below which the board says what it needs."""


@example("tracker doctor", "tracker doctor --db team.sqlite3 --json")
def doctor(
    ctx: typer.Context,
    rebuild: Annotated[bool, typer.Option(
        "--rebuild", help="First make counts and search index again from the tables.")] = False,
    json: Json = False,
) -> None:
    """Check the installation, the settings, the terminal and the database; exit code 1 when something is wrong."""
    invocation: Invocation = ctx.obj
    if rebuild:
        checkup.rebuild(invocation.workspace(create=False))
    if json:
        checks = list(_all(invocation))
        answers.put_record(invocation, "doctor", checks=checks, is_ok=all(check.is_ok for check in checks))
    else:
        checks = list(_told(invocation, _all(invocation)))
    if not all(check.is_ok for check in checks):
        raise typer.Exit(1)


def _all(invocation: Invocation) -> Iterator[Check]:
    yield Check("tracker", True, __version__)
    yield from checkup.of_program()
    yield _terminal(invocation)
    yield checkup.of_settings(settings_file())
    try:
        settings = read_settings(settings_file())
    except TrackerError:
        settings = Settings()
    path = database_path(invocation.db, settings)
    broken = False
    for check in checkup.of_database(path, private_folder=path == default_database()):
        broken |= not check.is_ok
        yield check
    if path.exists() and not broken:
        yield _person(invocation)


def _told(invocation: Invocation, checks: Iterator[Check]) -> Iterator[Check]:
    """Each check as soon as it is known; a large database takes seconds."""
    output, ink = invocation.output, Ink(invocation.output.colour)
    for check in checks:
        mark = ink.good("ok     ") if check.is_ok else ink.bad("PROBLEM")
        output.write(f"{mark}  {padded(check.name, 16)}  {shown(check.found)}")
        if check.advice:
            output.write(f"{' ' * 27}{shown(check.advice)}")
        output.flush()
        yield check


def _terminal(invocation: Invocation) -> Check:
    output = invocation.output
    term = os.environ.get("TERM", "")
    if not (output.is_terminal and sys.stdin.isatty()):
        return Check("terminal", True, "none here; the board needs one, commands do not")
    found = f"{term or 'no TERM'}, {output.width}x{output.height}, {output.data.encoding}"
    if not is_capable_terminal():
        return Check("terminal", False, found, "Set TERM to what your terminal is, for example xterm-256color.")
    if output.width < SMALLEST[0] or output.height < SMALLEST[1]:
        return Check("terminal", False, found, f"Make the window {SMALLEST[0]}x{SMALLEST[1]} or larger for the board.")
    if not output.is_unicode:
        return Check("terminal", False, found, "Use a UTF-8 locale, for example LANG=C.UTF-8.")
    return Check("terminal", True, found)


def _person(invocation: Invocation) -> Check:
    from tracker.services.board import people

    try:
        ws = invocation.workspace(create=False)
        known = [person.id for person in people(ws)]
    except TrackerError as error:
        return Check("person", False, "cannot be told", str(error))
    if known and ws.actor not in known:
        return Check("person", False, f"{ws.actor} is nobody here",
                     f"Set `person` in the settings, TRACKER_PERSON or --as to one of {', '.join(known[:20])}.")
    return Check("person", True, f"{ws.actor} acts")


COMMANDS = {"doctor": doctor}
