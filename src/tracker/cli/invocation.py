"""What a run of the program was told before any command: which database, which day, who acts.

Imports no Typer: `tracker` alone opens the board, and Typer would cost it a third of its first screen.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tracker.domain.errors import WrongUsage

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace
    from tracker.cli.output import Output

OPTIONS = {"--db": "TRACKER_DB", "--today": "TRACKER_TODAY", "--as": "TRACKER_PERSON"}
"""Options that every command takes, anywhere before a `--`, and the environment variables that stand in for them."""


@dataclass(slots=True)
class Invocation:
    """One run: its options, its output, and the workspace once a command asks for it."""

    output: Output
    db: str | None = None
    today: str | None = None
    person: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    """Those of the options that were typed, not taken from the environment."""
    _workspace: Workspace | None = field(default=None, repr=False)

    @classmethod
    def of(cls, output: Output, options: Mapping[str, str]) -> Invocation:
        """The run that the options describe; the environment says what they do not."""
        chosen = {name: options.get(name) or os.environ.get(variable) or None for name, variable in OPTIONS.items()}
        return cls(output, db=chosen["--db"], today=chosen["--today"], person=chosen["--as"], typed=options)

    def workspace(self, *, create: bool = True) -> Workspace:
        """The database and all that goes with it, opened on the first call.

        Raises:
            WrongUsage: --today is no day.
            OutOfReach: the database cannot be used.
        """
        if self._workspace is None:
            from tracker.bootstrap import open_workspace

            self._workspace = open_workspace(
                self.db, today=self.day(), person=self.person, create=create
            )
        return self._workspace

    def day(self) -> date | None:
        """The day that --today or TRACKER_TODAY names, None for the calendar's.

        Raises:
            WrongUsage: it is no ISO date.
        """
        if not self.today:
            return None
        try:
            return date.fromisoformat(self.today)
        except ValueError:
            raise WrongUsage(
                f"--today wants a day as YYYY-MM-DD, and {self.today!r} is none; for example --today 2026-10-19."
            ) from None

    def close(self) -> None:
        """Let go of the database."""
        if self._workspace is not None:
            self._workspace.store.close()
            self._workspace = None


def split_globals(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The options every command takes, and the other words in their order. Nothing behind a `--` is touched.

    Raises:
        WrongUsage: one of them has no value.
    """
    options: dict[str, str] = {}
    rest: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if word == "--":
            rest += [word, *waiting]
            break
        name, equals, value = word.partition("=")
        if name not in OPTIONS:
            rest.append(word)
            continue
        if not equals:
            value = next(waiting, "")
        if not value:
            raise WrongUsage(f"{name} wants a value behind it; see tracker --help.")
        options[name] = value
    return options, rest


