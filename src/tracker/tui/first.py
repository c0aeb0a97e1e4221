"""What the board's first frame shows, read before the application starts: a useful screen needs no second paint."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.domain.filters import TaskFilter
from tracker.services.header import header as read_header
from tracker.services.workspace import Workspace
from tracker.storage.rows import Header
from tracker.tui.screens.board import BoardPicture, read_board


@dataclass(frozen=True)
class FirstScreen:
    """Figures and cards of the first frame."""

    header: Header
    picture: BoardPicture
    version: int
    """What the store said of others' commits before it was read."""


def read_first(workspace: Workspace) -> FirstScreen | None:
    """The first frame's figures and cards; None while there is no active strategy."""
    version, header = workspace.store.data_version(), read_header(workspace)
    return None if header is None else FirstScreen(header, read_board(workspace, TaskFilter()), version)
