"""`tracker` alone: the board, where there is a terminal to draw it on."""

from __future__ import annotations

import sys

from tracker.cli.invocation import Invocation
from tracker.cli.output import is_capable_terminal
from tracker.domain.errors import WrongUsage


def open_board(invocation: Invocation) -> int:
    """Open the board; the exit code.

    Raises:
        WrongUsage: there is no terminal, or one that cannot place a cursor.
    """
    needs_terminal()
    from tracker.tui import run

    return run(invocation.workspace())


def needs_terminal() -> None:
    """Refuse to draw where nobody would see it.

    Raises:
        WrongUsage: standard input or output is no terminal, or TERM names one that cannot place a cursor.
    """
    instead = "Use tracker list for the tasks as text, or tracker --help for every command."
    for stream, name in ((sys.stdin, "input"), (sys.stdout, "output")):
        if stream is None or not stream.isatty():
            raise WrongUsage(f"The board needs a terminal, and standard {name} is none. {instead}")
    if not is_capable_terminal():
        raise WrongUsage(f"The board needs a terminal that can place a cursor, and TERM says 'dumb'. {instead}")
