"""The program run in the test's own process, as a shell would run it without a terminal."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tracker.__main__ import main

TODAY = "2026-10-19"


@dataclass(frozen=True)
class Answer:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, read as JSON."""
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the program with the words given; `db` names the database it works in."""

    def run(*words: str, db: Path | None = None, stdin: str = "") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfd.readouterr()
        code = main([*(["--db", str(db)] if db else []), *words])
        out, err = capfd.readouterr()
        return Answer(code, out, err)

    return run


@pytest.fixture
def cli(tracker: Run, northlight_path: Path) -> Run:
    """The program on a copy of the demo at 2026-10-19; mara acts."""

    def run(*words: str, stdin: str = "") -> Answer:
        return tracker("--today", TODAY, "--as", "mara", *words, db=northlight_path, stdin=stdin)

    return run


@pytest.fixture
def northlight_path(northlight_file: Path, tmp_path: Path) -> Path:
    """A private copy of the demo's file."""
    return _copy(northlight_file, tmp_path)


@pytest.fixture
def begun_path(begun_file: Path, tmp_path: Path) -> Path:
    """A private copy of a database after the first run."""
    return _copy(begun_file, tmp_path)


@pytest.fixture
def empty_path(empty_file: Path, tmp_path: Path) -> Path:
    """A private copy of an empty database."""
    return _copy(empty_file, tmp_path)


def _copy(source: Path, folder: Path) -> Path:
    path = folder / source.name
    path.write_bytes(source.read_bytes())
    path.chmod(0o600)
    return path


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs the program with a terminal of the given size as its output; what it wrote there."""

    @contextmanager
    def terminal(columns: int, lines: int) -> Iterator[Tty]:
        with monkeypatch.context() as patch:
            screen = Tty()
            patch.setattr(sys, "stdout", screen)
            patch.setenv("COLUMNS", str(columns))
            patch.setenv("LINES", str(lines))
            patch.setenv("TERM", "xterm-256color")
            yield screen

    return terminal
