"""A question that the command line puts: what it says, what it hints while one types, what happens with the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.tui.widgets.painted import Line


def _no_hint(_: str) -> Line:
    return ()


def _never(_: str) -> str | None:
    return None


def _nothing() -> None:
    return None


def _ignored(_: str) -> None:
    return None


@dataclass(frozen=True)
class Question:
    """One line of input, and what to do with it."""

    label: str
    answer: Callable[[str], None]
    """Takes the text; a `TrackerError` keeps the question open and is shown as its hint."""
    hint: Callable[[str], Line] = _no_hint
    """What to say about the text so far."""
    settled: Callable[[str], str | None] = _never
    """The whole answer as soon as the text is enough; asks for no Enter then."""
    changed: Callable[[str], None] = _ignored
    """Told about every change of the text."""
    left: Callable[[], None] = _nothing
    """Told when it is left without an answer."""
    text: str = ""
    """What stands in the line at first."""
    empty_leaves: bool = True
    """Whether an empty answer is none."""
    drawn_with_answer: bool = False
    """Whether each letter changes the screen in a moment, so that both are better drawn at once."""
