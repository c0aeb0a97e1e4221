"""The program: `tracker`, or `python -m tracker`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from tracker import __version__
from tracker.cli.failures import exit_code_of
from tracker.cli.invocation import Invocation, split_globals
from tracker.cli.output import Output

COMPLETING = "_TRACKER_COMPLETE"
"""Set by the shell's completion script, which asks for words and runs no command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with the words behind its name; the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    output = Output.of_process()
    code = exit_code_of(lambda: _run(words, output), output, as_json="--json" in words)
    if arguments is None:
        if "textual" not in sys.modules:
            _leave(code)
        _let_go_of_terminal()
    return code


def _let_go_of_terminal() -> None:
    """Write what is left; into nothing where the terminal is gone, for Python would end with code 120 instead."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _leave(code: int) -> NoReturn:
    """End the process at once: everything is written and closed, and taking the interpreter apart costs 10 ms."""
    sys.stderr.flush()
    os._exit(code)


def _run(words: list[str], output: Output) -> int:
    if os.environ.get(COMPLETING):
        return _complete(words)
    options, rest = split_globals(words)
    invocation = Invocation.of(output, options)
    try:
        if not rest:
            return _open_board(invocation)
        if rest == ["--version"]:
            output.write(f"tracker {__version__}")
            return 0
        # Imported here: Typer costs 50 ms, and neither the board nor --version needs it.
        from tracker.cli.tree import run

        return run(rest, invocation)
    finally:
        invocation.close()


def _open_board(invocation: Invocation) -> int:
    from tracker.cli.board import open_board

    return open_board(invocation)


def _complete(words: list[str]) -> int:
    # Rich is hidden from Typer: it would cost 50 ms a key press and read titles as markup.
    sys.modules["rich"] = None  # type: ignore[assignment]
    from tracker.cli.tree import run

    return run(words, None)


if __name__ == "__main__":
    sys.exit(main())
