"""`tracker demo`: a living example that touches nothing of yours."""

from __future__ import annotations

import shutil
import signal
import tempfile
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from tracker.cli.board import needs_terminal, open_board
from tracker.cli.invocation import Invocation
from tracker.cli.parsing import example
from tracker.clock import system_clock
from tracker.domain.errors import Refused

PERSON = "mara"
"""Who acts in the example when nobody else is named: its manager."""


@example("tracker demo", "tracker demo --keep --db team.sqlite3 --no-board")
def demo(
    ctx: typer.Context,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the database, and say where it is.")] = False,
    no_board: Annotated[bool, typer.Option(
        "--no-board", help="Only make the database, for commands to use.")] = False,
) -> None:
    """Open the board on a living example, dated around today (or --today).

    Its database lies in a folder of its own that is removed in the end. --db FILE names a new file, which is kept.
    """
    invocation: Invocation = ctx.obj
    named = invocation.typed.get("--db")
    if not no_board:
        needs_terminal()
    invocation.person = invocation.typed.get("--as", PERSON)
    if named:
        path = Path(named).expanduser()
        if path.exists():
            raise Refused(f"{path} exists already, and the example touches nothing of yours. Name a new file.")
        _run(invocation, path, no_board=no_board)
        invocation.output.say(f"The example is kept in {path}.")
        return
    folder = Path(tempfile.mkdtemp(prefix="tracker-demo-"))
    is_kept = keep or no_board
    if not no_board:
        _end_in_order()
    try:
        _run(invocation, folder / "demo.sqlite3", no_board=no_board)
    finally:
        invocation.close()
        if not is_kept:
            shutil.rmtree(folder, ignore_errors=True)
    if is_kept:
        invocation.output.write(str(folder / "demo.sqlite3"))


def _end_in_order() -> None:
    """Let a closed window or a polite kill end the program the usual way, so that the folder is removed."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGHUP", "SIGTERM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)


def _run(invocation: Invocation, path: Path, *, no_board: bool) -> None:
    from tracker.demo import build

    build(path, today=invocation.day() or system_clock().today)
    invocation.db = str(path)
    if not no_board:
        code = open_board(invocation)
        if code:
            raise typer.Exit(code)


COMMANDS = {"demo": demo}
