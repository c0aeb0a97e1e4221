"""What the data thread tells the screens; every one is handled on the event loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from tracker.services.outcome import Outcome
    from tracker.storage.rows import Header
    from tracker.tui.edits import Change


@dataclass
class PictureRead(Message):
    """What a screen asked for has been read."""

    turn: int
    """Which question it answers; answers to older questions are thrown away."""
    picture: Any
    took: float
    """Seconds."""


@dataclass
class Written(Message):
    """A change is committed, and the screen's data was read again after it."""

    change: Change
    outcome: Outcome
    turn: int
    picture: Any
    """None when it could not be read again; it is read once more then."""


@dataclass
class Failed(Message):
    """A job was refused or went wrong."""

    error: Exception
    change: Change | None = None
    """The change that was refused, None when it was a read."""


@dataclass
class Answered(Message):
    """A small question (people and their load, a search) has its answer."""

    what: str
    value: Any


@dataclass
class HeaderRead(Message):
    """The figures of the strategy header were reckoned again."""

    header: Header | None


class StoreChanged(Message):
    """Another process committed to the database."""
