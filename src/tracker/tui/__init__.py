"""The screens."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.services.workspace import Workspace

FRAMES_A_SECOND = "1000"
"""Textual waits up to a frame before it paints a second time; at its 60 that alone would be 17 ms."""


def run(workspace: Workspace) -> int:
    """Open the board on `workspace`, or the wizard while there is no strategy; the exit code.

    Raises:
        WrongUsage: there is no terminal to draw on.
    """
    import gc  # imported here, like all of this module: nothing until it runs

    _require_terminal()
    # a thread gives the interpreter away after this time; at the usual 5 ms a read could hold up a paint by as much
    sys.setswitchinterval(0.0005)
    gc.disable()  # collecting garbage among fresh modules would cost a fifth of the start; `app` lets it begin
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_A_SECOND)
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    from tracker.tui.app import TrackerApp, read_first  # imported here: it loads Textual

    app = TrackerApp(workspace, read_first(workspace))
    return app.run() or app.return_code or 0


def _require_terminal() -> None:
    from tracker.domain.errors import WrongUsage  # imported here: as above

    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        raise WrongUsage(
            "The board needs a terminal that can move its cursor. `tracker list` prints tasks anywhere; "
            "`tracker --help` shows what else works without a screen."
        )
