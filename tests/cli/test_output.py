"""What is written where: terminal or pipe, colour or none, wide or narrow, and readers that leave."""

from __future__ import annotations

import errno
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from tests.cli.conftest import Run

from tracker.__main__ import main

LONG = "ein sehr langer Titel " * 20
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def drawn(on_terminal: Callable[..., Any], columns: int, lines: int, db: Path, *words: str) -> str:
    """What a terminal of that size gets."""
    with on_terminal(columns, lines) as screen:
        main(["--db", str(db), "--today", "2026-10-19", *words])
    written: str = screen.getvalue()
    return written


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(
    on_terminal: Callable[..., Any], northlight_path: Path, cli: Run, columns: int
) -> None:
    cli("add", f"{LONG} kr:1")
    cli("add", "漢字の長いタイトル" * 12 + " kr:1")
    cli("add", "👩‍👩‍👧 family " * 12 + " kr:1")
    for words in (("list", "--all"), ("search", "e"), ("person",), ("idea",), ("kr",), ("objective",)):
        for line in ANSI.sub("", drawn(on_terminal, columns, 24, northlight_path, *words)).splitlines():
            assert cell_len(line) <= columns


def test_a_terminal_shows_tasks_under_the_headings_of_their_status(
    on_terminal: Callable[..., Any], northlight_path: Path
) -> None:
    out = ANSI.sub("", drawn(on_terminal, 120, 50, northlight_path, "list"))
    assert "DOING 9 of 6, over" in out
    assert " T-043 KR-08 A tomas 12 Oct  White paper ad to a lookalike audience  late 7d, blocked" in out


def test_a_terminal_gets_one_screenful(on_terminal: Callable[..., Any], northlight_path: Path) -> None:
    out = drawn(on_terminal, 80, 14, northlight_path, "list")
    assert len(re.findall(r"T-\d{3}", out)) == 10


def test_a_pipe_gets_titles_whole_and_no_colour(cli: Run) -> None:
    cli("add", f"{LONG} kr:1")
    out = cli("list").out
    assert LONG.strip() in out
    assert "\x1b" not in out


def test_colour_is_for_terminals_that_want_it(
    on_terminal: Callable[..., Any], northlight_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[31m" in drawn(on_terminal, 80, 50, northlight_path, "list")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in drawn(on_terminal, 80, 50, northlight_path, "list")


def test_a_dumb_terminal_gets_no_escape(
    on_terminal: Callable[..., Any], northlight_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_terminal(80, 50) as screen:
        monkeypatch.setenv("TERM", "dumb")
        main(["--db", str(northlight_path), "list"])
    assert "T-043" in screen.getvalue()
    assert "\x1b" not in screen.getvalue()


@pytest.mark.parametrize("moment", ["write", "flush"])
def test_a_reader_that_leaves_ends_the_program_in_silence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], northlight_path: Path, moment: str
) -> None:
    def closed(*_: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    class Closed:
        encoding = "utf-8"

        def isatty(self) -> bool:
            return False

        def write(self, text: str) -> int:
            return len(text) if moment == "flush" else closed()  # type: ignore[func-returns-value,return-value]

        def flush(self) -> None:
            closed()

        def fileno(self) -> int:
            raise io.UnsupportedOperation

    monkeypatch.setattr(sys, "stdout", Closed())
    assert main(["--db", str(northlight_path), "list", "--all"]) == 0
    assert capfd.readouterr().err == ""


def test_a_change_is_made_although_nobody_reads_the_answer(
    monkeypatch: pytest.MonkeyPatch, northlight_path: Path, cli: Run
) -> None:
    class Full:
        encoding = "utf-8"

        def isatty(self) -> bool:
            return False

        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def flush(self) -> None:
            return None

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Full())
        assert main(["--db", str(northlight_path), "--as", "mara", "due", "20", "2026-10-30"]) == 5
    assert cli("show", "20", "--json").json["tasks"][0]["due_on"] == "2026-10-30"


@pytest.mark.parametrize(
    ("words", "expected"),
    [(("search", "cafe"), b"Caf\\xe9 \\u6f22\\u5b57"), (("search", "cafe", "--json"), b"Caf\\u00e9 \\u6f22\\u5b57")],
)
def test_an_output_that_is_no_unicode_gets_escapes(
    monkeypatch: pytest.MonkeyPatch, cli: Run, northlight_path: Path, words: tuple[str, ...], expected: bytes
) -> None:
    cli("add", "Café 漢字 kr:1")
    raw = io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
        assert main(["--db", str(northlight_path), *words]) == 0
        sys.stdout.flush()
    assert expected in raw.getvalue()
