"""What came of a change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One change that was made and recorded, or nothing to change (`batch` is None)."""

    batch: int | None
    label: str
    """What was done, in words: it is shown, and it names the step in undo."""
    ids: tuple[str, ...]
    """What was changed or made."""
    notices: tuple[str, ...] = ()
    """What the person should know: a limit passed, a task that waits no longer."""
