"""The first frame loads what it shows and no more: a start is most of what anybody waits for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LOADED = """
import sys
from tracker.bootstrap import open_workspace
from tracker.tui.app import TrackerApp, read_first
workspace = open_workspace(sys.argv[1])
TrackerApp(workspace, read_first(workspace))
print(*sorted(sys.modules))
"""
NOT_NEEDED = [
    "sqlmodel", "sqlalchemy", "alembic", "httpx", "typer", "ijson", "dateutil", "asyncio.test_utils",
    "tracker.domain.quickadd", "tracker.services.tasks", "tracker.services.undo", "tracker.services.transfer",
    "tracker.storage.tables", "tracker.tui.edits", "tracker.tui.questions", "tracker.tui.screens.triage",
    "tracker.tui.screens.task", "tracker.tui.screens.wizard", "tracker.tui.screens.help", "textual.widgets._text_area",
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded(northlight_file: Path) -> set[str]:
    """The modules that are there when the first frame can be drawn."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(northlight_file)], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", NOT_NEEDED)
def test_the_first_frame_does_without(loaded: set[str], module: str) -> None:
    assert module not in loaded


def test_the_board_itself_is_loaded(loaded: set[str]) -> None:
    assert "tracker.tui.screens.board" in loaded
