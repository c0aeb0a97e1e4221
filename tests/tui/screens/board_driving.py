"""What tests of the board ask of it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, cast

from tests.tui.driving import DEADLINE
from textual.pilot import Pilot

from tracker.services import board as reads
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card
from tracker.tui.screens.board import BoardScreen
from tracker.tui.widgets.columns import Column


def board(pilot: Pilot[Any]) -> BoardScreen:
    """The board, which must be in front."""
    return cast(BoardScreen, pilot.app.screen)


def at(pilot: Pilot[Any]) -> str:
    """The task under the cursor, "" when there is none."""
    card = board(pilot).columns.current
    return card.id if card is not None else ""


def column(pilot: Pilot[Any], status: str) -> Column:
    """The column of a status, which must be in view."""
    found = board(pilot).columns.slot_of(status)
    assert found is not None
    return found


def ids(pilot: Pilot[Any], status: str) -> list[str]:
    """The tasks of a column, as far as they are at hand."""
    return [card.id for card in board(pilot).columns.windows[status].cards]


def card(ws: Workspace, task: str) -> Card:
    """The task as the database has it."""
    return reads.cards(ws, [task])[0]


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Wait for something that Textual does in its own time."""
    end = monotonic() + DEADLINE
    while not holds():
        assert monotonic() < end, "it did not come"
        await pilot.pause(0.01)


def notice(pilot: Pilot[Any]) -> str:
    """What the footer says."""
    return board(pilot).footer.notice
