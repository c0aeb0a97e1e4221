"""A machine of its own for a test: a home, databases in it, boards and commands started there."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.terminal import Screen, Terminal

TODAY = "2026-10-19"
STARTING = 40.0
"""Seconds that a start may take on a machine that is busy with other tests."""
COMMAND_SECONDS = 60
_ONES_OWN = ("NO_COLOR", "TRACKER_DB", "TRACKER_PERSON", "PYTHONDONTWRITEBYTECODE")
"""Variables of whoever runs the tests that a program must not see; the last would have it compiled at every start."""


class Machine:
    """Programs started here see this home and this day, nothing of the real machine's."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(exist_ok=True)
        self.environment: dict[str, str | None] = {
            "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"), "TRACKER_TODAY": TODAY, "LOGNAME": "mara",
            **dict.fromkeys(_ONES_OWN),
        }  # fmt: skip
        self._terminals: list[Terminal] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for terminal in self._terminals:
            terminal.close()

    @property
    def database(self) -> Path:
        """Where the program keeps its data when it is told nothing."""
        return self.home / "data" / "tracker" / "tracker.sqlite3"

    def holds(self, file: Path) -> None:
        """Put a copy of `file` in the place of the database."""
        self.database.parent.mkdir(mode=0o700, parents=True)
        self.database.write_bytes(file.read_bytes())
        self.database.chmod(0o600)

    def settings(self, text: str) -> None:
        """Write the settings file."""
        path = self.home / "config" / "tracker" / "settings.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def start(
        self, *words: str, columns: int = 120, rows: int = 36, environment: dict[str, str | None] | None = None
    ) -> Terminal:
        """Start `tracker` in a terminal; it is ended with the test."""
        terminal = Terminal.spawn(
            [sys.executable, "-m", "tracker", *words], columns=columns, rows=rows,
            environment={**self.environment, **(environment or {})},
        )  # fmt: skip
        self._terminals.append(terminal)
        return terminal

    def board(
        self, *, person: str = "mara", columns: int = 120, rows: int = 36,
        environment: dict[str, str | None] | None = None,
    ) -> Terminal:
        """The board, once it stands and takes keys."""
        over = {"TRACKER_PERSON": person, **(environment or {})}
        terminal = self.start(columns=columns, rows=rows, environment=over)
        terminal.wait_for(re.compile(r"BACKLOG|DOING"), STARTING)
        return terminal

    def run(self, *words: str, person: str | None = None) -> subprocess.CompletedProcess[str]:
        """A command, without a terminal."""
        return subprocess.run(
            [sys.executable, "-m", "tracker", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=COMMAND_SECONDS, env=self.variables({"TRACKER_PERSON": person}), check=False,
        )  # fmt: skip

    def variables(self, over: Mapping[str, str | None]) -> dict[str, str]:
        """The environment of a program here, with some of it otherwise."""
        laid = {**os.environ, **self.environment, **over}
        return {name: value for name, value in laid.items() if value is not None}

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database itself answers."""
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def comes_to_hold(self, wanted: list[tuple[Any, ...]], sql: str, *values: object, within: float = 30.0) -> None:
        """Wait until the database answers this: a screen may show a move some milliseconds before it is written."""
        pause, end = threading.Event(), time.monotonic() + within
        while (found := self.rows(sql, *values)) != wanted:
            assert time.monotonic() < end, f"{sql}: {found}, not {wanted}, after {within:g} s"
            pause.wait(0.01)

    def write(self, changes: Iterable[tuple[str, tuple[object, ...]]]) -> None:
        """Write past the program, as a script or a broken tool might."""
        connection = sqlite3.connect(self.database)
        try:
            with connection:
                for sql, values in changes:
                    connection.execute(sql, values)
        finally:
            connection.close()

    def damage(self) -> list[str]:
        """What the database finds wrong with itself; nothing, one hopes."""
        found = self.rows("PRAGMA integrity_check") + self.rows("PRAGMA foreign_key_check")
        return [str(row) for row in found if row != ("ok",)]


def showing(*wanted: str) -> Callable[[Screen], bool]:
    """A condition to wait for: all of these are on the screen."""

    def holds(screen: Screen) -> bool:
        text = screen.text
        return all(word in text for word in wanted)

    holds.__name__ = " and ".join(map(repr, wanted))
    return holds


def count_of(screen: Screen, column: str) -> int:
    """The number in the head of a column."""
    found = re.search(rf"{column} (\d+)", screen.text)
    assert found, screen.text
    return int(found[1])


def in_order(terminal: Terminal) -> bool:
    """Whether the terminal is as a shell wants it: its own screen, a cursor, no mouse, no pasting marks."""
    left_on = {b"1049", b"1000", b"1002", b"1003", b"1006", b"1015", b"2004", b"2026", b"2048"}
    modes = terminal.screen.modes
    return b"25" in modes and b"7" in modes and not modes & left_on
