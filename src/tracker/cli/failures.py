"""The one place where an error becomes a message on standard error and an exit code; nothing else prints one.

    0 done                          4 conflict: somebody else changed the same thing
    1 refused by a rule             5 the database or a remote is out of reach
    2 wrong usage                   70 a fault of the program itself
    3 not found                     130 interrupted
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from tracker.cli.output import Output, OutputClosedError, abandon_stdout
from tracker.domain.errors import NotFound, OutOfReach, TrackerError, WrongUsage

INTERRUPTED = 130
"""128 and the number of the signal that Ctrl-C sends, as shells have it."""
FAULT = 70
"""EX_SOFTWARE of BSD's sysexits: the program is at fault, not what was asked of it."""
LONGEST_MESSAGE = 2000
"""Characters; a message that repeats a megabyte of input helps nobody."""


def exit_code_of(run: Callable[[], int], output: Output, *, as_json: bool) -> int:
    """What `run` answers, or the exit code of the error it ended with, which has then been told in words."""
    try:
        code = run()
        output.flush()
    except OutputClosedError:
        abandon_stdout()
        return 0
    except KeyboardInterrupt:
        output.say("Interrupted; what was not finished was not kept.")
        return INTERRUPTED
    except SystemExit as leaving:
        # Typer leaves this way from completion, after it has answered the shell.
        return leaving.code if isinstance(leaving.code, int) else 1
    except Exception as error:  # the edge of the program: whatever it is, the user gets words
        _let_go_of(output)
        said = in_words(error)
        if said is None:
            _tell_fault(error, output)
            return FAULT
        _tell(said, output, as_json=as_json)
        return said.exit_code
    return code


def in_words(error: Exception) -> TrackerError | None:
    """`error` as one that a person can act on; None when it is a fault of the program."""
    if isinstance(error, TrackerError):
        return error
    if isinstance(error, sqlite3.Error):
        from tracker.storage import faults

        return faults.in_words(error, Path("The database"))
    if isinstance(error, UnicodeError):
        return WrongUsage(f"What was typed holds characters that cannot be kept: {error.reason}."
                          if isinstance(error, UnicodeEncodeError | UnicodeDecodeError) else str(error))
    if isinstance(error, OSError):
        return _of_system(error)
    return _of_typer(error)


def _of_system(error: OSError) -> TrackerError:
    what = f"{error.filename}: " if error.filename else ""
    if isinstance(error, FileNotFoundError):
        return NotFound(f"{what}there is no such file; check the name.")
    if isinstance(error, IsADirectoryError):
        return WrongUsage(f"{what}that is a folder; name a file.")
    return OutOfReach(f"{what or 'Reading or writing failed: '}{error.strerror or error}.")


def _of_typer(error: Exception) -> TrackerError | None:
    if "typer" not in sys.modules:
        return None
    import typer
    from typer.exceptions import TyperException

    if isinstance(error, typer.Abort):
        return WrongUsage("Stopped.")
    if not isinstance(error, TyperException):
        return None
    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else "tracker"
    message = error.format_message()
    if message.startswith("Usage:"):
        return WrongUsage(message)
    end = "" if message.endswith(("?", "!")) else "."
    return WrongUsage(f"{message.rstrip('.')}{end} See {where} --help.")


def _tell(error: TrackerError, output: Output, *, as_json: bool) -> None:
    message = _safe(str(error))
    if not as_json:
        output.say(f"tracker: {message}")
        return
    from tracker.reports.records import document, error_record

    output.say(document("error", error=error_record(error, message)))


def _safe(message: str) -> str:
    """The message without what could play tricks on a terminal; it may quote what was typed or stored."""
    from tracker.domain.plaintext import clean_text

    if len(message) > LONGEST_MESSAGE:
        message = f"{message[:LONGEST_MESSAGE]}…"
    return clean_text(message, limit=2 * LONGEST_MESSAGE)


def _let_go_of(output: Output) -> None:
    try:
        output.flush()
    except (OutputClosedError, OSError):
        abandon_stdout()


def _private(path: str, flags: int) -> int:
    """Open a file that only its owner may read: it repeats what was typed."""
    return os.open(path, flags, 0o600)


def _tell_fault(error: Exception, output: Output) -> None:
    """Write the traceback to a file and say where."""
    import traceback
    from datetime import UTC, datetime

    from tracker.paths import crash_log

    report = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n" + "".join(traceback.format_exception(error))
    name = f"{type(error).__name__}: {_safe(str(error)) or 'no message'}"
    try:
        path = crash_log()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(path, "a", encoding="utf-8", errors="backslashreplace", opener=_private) as log:
            log.write(f"{' '.join(sys.argv)!r}\n{report}\n")
        where = f"The details are in {path}; please report them."
    except OSError as no_place:
        where = f"The details could not be written down ({no_place.strerror}):\n{report}"
    output.say(f"tracker: a fault of the program, not of what you asked ({name}). {where}")
