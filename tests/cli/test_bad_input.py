"""Bad input of every kind: a clear message, the right exit code, nothing lost, never a traceback."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, Run

from tracker.storage import store

HOSTILE = {
    "ansi": ("\x1b[31mred\x1b[0m\x1b]0;owned\x07 title", "red title"),
    "markup": ("[red]not red[/red] [/] [link=x]", "[red]not red[/red] [/] [link=x]"),
    "right_to_left": ("abc\u202egnp.exe", "abcgnp.exe"),
    "arabic": ("مرحبا بالعالم", "مرحبا بالعالم"),
    "zero_width": ("in\u200bvis\u2060ible", "invisible"),
    "emoji": ("Ship it 🚀 👩‍👩‍👧", "Ship it 🚀 👩‍👩‍👧"),
    "cjk": ("漢字の題名", "漢字の題名"),
    "lines": ("one\ntwo\tthree\r\nfour", "one two three four"),
    "surrogate": ("half \udcff pair", "half pair"),
    "sql": ("'; DROP TABLE task; --", "'; DROP TABLE task; --"),
    "formula": ("=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_title_is_kept_as_harmless_text(cli: Run, kind: str) -> None:
    typed, kept = HOSTILE[kind]
    answer = cli("add", typed, "kr:1", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["tasks"][0]["title"] == kept
    for words in (("list", "--all"), ("show", "63"), ("why", "63"), ("log",), ("log", "63")):
        out = cli(*words).out
        assert "\x1b" not in out
        assert "\u202e" not in out
    assert kept in cli("list", "kr:1").out


def test_a_title_stored_by_another_tool_cannot_play_tricks_either(cli: Run, northlight_path: Path) -> None:
    connection = sqlite3.connect(northlight_path)
    connection.execute("UPDATE task SET title = ? WHERE number = 20", ("\x1b[2Jgone\u202e\nsecond line",))
    connection.commit()
    connection.close()
    for words in (("list",), ("show", "20"), ("why", "20"), ("search", "second"), ("due", "20", "fri")):
        out = cli(*words).out
        assert "gone second line" in out
        assert "\x1b" not in out


def test_a_megabyte_of_title_is_refused(cli: Run) -> None:
    answer = cli("add", "x" * 1_000_000, "kr:1")
    assert answer.code == 1
    assert "1,000,005 characters" in answer.err
    assert len(answer.err) < 500


def test_a_megabyte_of_nonsense_is_not_repeated(cli: Run) -> None:
    for words in (("show", "x" * 1_000_000), ("due", "20", "y" * 1_000_000), ("z" * 100_000,)):
        answer = cli(*words)
        assert answer.code in (2, 3)
        assert len(answer.err) < 3000


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "Task kr:99"), 3, "Open ones: 1 Signed clients (KR-05)"),
        (("add", "Task kr:zzz"), 3, "Open ones"),
        (("add", "Task kr:1 @nobody"), 3, "lena"),
        (("add", "Task kr:1 #carrier-pigeon"), 3, "linkedin"),
        (("add", "Task kr:1 due:2026-11-31"), 2, "2026-11-31"),
        (("add", "Task kr:1 due:someday"), 2, "someday"),
        (("add", "Task kr:1 ~4-2h"), 2, "estimate"),
        (("add", "Task kr:1 stage:Q"), 2, "awareness"),
        (("add", "Task kr:1 medium:fax"), 2, "email"),
        (("add", "@lena kr:1"), 2, "title"),
        (("add", ""), 2, "title"),
        (("add",), 2, "WORDS"),
        (("due", "20", "31 feb"), 2, "31 feb"),
        (("due", "20", "2026-02-30"), 2, "2026-02-30"),
        (("due", "20"), 2, "then the day"),
        (("show", "999"), 3, "999"),
        (("show", "tomorrow"), 2, "T-043"),
        (("start",), 2, "TASK"),
        (("start", "20", "999"), 3, "999"),
        (("move", "20", "limbo"), 2, "backlog, assigned"),
        (("move", "20", "cancelled"), 1, "reason"),
        (("move", "43", "backlog"), 1, "one step"),
        (("cancel", "20"), 2, "why"),
        (("cancel", "17", "too late"), 1, "reopen"),
        (("block", "20", "no reason"), 1, "blocked"),
        (("wait", "20", "20"), 1, "itself"),
        (("wait", "20", "T-999"), 3, "999"),
        (("assign", "43", "--nobody"), 1, "owner"),
        (("assign", "20", "nobody"), 3, "lena"),
        (("cite", "20", "KR-01"), 3, "Open ones"),
        (("cite", "20", "c"), 3, "several"),
        (("list", "kr:zzz"), 3, "Open ones"),
        (("list", "@zzz"), 3, "lena"),
        (("list", "status:limbo"), 2, "backlog"),
        (("list", "colour:red"), 2, "kr:"),
        (("list", "mine", "unowned"), 2, "Choose one"),
        (("list", "--limit", "-1"), 2, "whole number"),
        (("list", "--limit", "many"), 2, "whole number"),
        (("list", "--all", "--limit", "3"), 2, "--all or --limit"),
        (("edit", "20"), 2, "--title"),
        (("edit", "20", "--title", " "), 1, "title"),
        (("edit", "20", "--estimate", "soon"), 2, "hours"),
        (("edit", "20", "--estimate", "4-2"), 1, "estimate"),
        (("edit", "20", "--cost", "-1"), 2, "cost_minor"),
        (("edit", "45", "--recurs", "FREQ=WEEKLY"), 1, "foundational"),
        (("edit", "20", "--priority", "urgent"), 2, "low, normal, high"),
        (("comment", "20"), 2, "message"),
        (("comment", "20", " "), 1, "empty"),
        (("idea", "add", " "), 1, "empty"),
        (("idea", "promote", "I-05"), 2, "kr:"),
        (("idea", "promote", "I-99", "kr:1"), 3, "I-99"),
        (("idea", "drop", "I-05"), 2, "why"),
        (("undo", "--as", "oskar"), 1, "nothing"),
        (("redo", "--as", "oskar"), 1, "nothing"),
        (("log", "999"), 3, "999"),
        (("export", "pdf"), 2, "json, csv, markdown"),
        (("export", "--output", "."), 2, "folder"),
        (("export", "--output", "missing/folder/file.json"), 3, "missing/folder"),
        (("import", "missing.json"), 2, "missing.json"),
        (("import",), 2, "FILE"),
        (("list", "--today", "yesterday"), 2, "YYYY-MM-DD"),
        (("list", "--today", "2026-13-01"), 2, "2026-13-01"),
        (("list", "--as", "nobody"), 3, "mara"),
        (("list", "--db", "ftp://x"), 2, "ftp"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    cli: Run, northlight_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    before = changes_in(northlight_path)
    answer = cli(*words)
    assert answer.code == code, answer
    assert answer.out == ""
    assert said in answer.err
    assert answer.err.startswith("tracker: ")
    assert "Traceback" not in answer.err
    assert changes_in(northlight_path) == before


def changes_in(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM change").fetchone()[0])
    finally:
        connection.close()


def test_a_change_by_somebody_else_is_a_conflict_with_both_versions(
    tracker: Run, cli: Run, northlight_path: Path
) -> None:
    for task in ("20", "21"):
        cli("due", task, "2026-10-30")
        tracker("--as", "jonas", "due", task, "2026-10-28", db=northlight_path)
    answer = cli("undo")
    assert answer.code == 4
    assert "2026-10-28" in answer.err
    error = cli("undo", "--json")
    assert error.code == 4
    import json

    said = json.loads(error.err)["error"]
    assert (said["name"], said["exit_code"]) == ("conflict", 4)
    assert said["disagreements"][0]["field"] == "due_on"


# databases


def is_told(answer: Answer, code: int, said: str) -> bool:
    return answer.code == code and said in answer.err and answer.out == "" and "Traceback" not in answer.err


COMMANDS = [("list",), ("add", "Task kr:1"), ("undo",), ("strategy",), ("export",)]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_text_file_is_no_database_and_stays_as_it_is(tracker: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("dear diary " * 100)
    assert is_told(tracker(*words, db=file), 5, "not a tracker database")
    assert file.read_text() == "dear diary " * 100


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_database_of_another_program_stays_as_it_is(tracker: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "music.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE song (title TEXT)")
    connection.close()
    before = file.read_bytes()
    assert is_told(tracker(*words, db=file), 1, "another program")
    assert file.read_bytes() == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_is_read_and_not_written(cli: Run, northlight_path: Path) -> None:
    northlight_path.chmod(0o400)
    northlight_path.parent.chmod(0o500)
    try:
        assert cli("list").code == 0
        assert is_told(cli("done", "43"), 5, "cannot be written to")
    finally:
        northlight_path.parent.chmod(0o700)


def test_a_folder_is_no_database(tracker: Run, tmp_path: Path) -> None:
    assert is_told(tracker("list", db=tmp_path), 5, "folder")


def test_a_folder_that_cannot_be_made_is_out_of_reach(tracker: Run) -> None:
    assert is_told(tracker("list", db=Path("/dev/null/tracker.db")), 5, "/dev/null")


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program in the middle of a write."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_locked_database_is_read_and_not_written(
    cli: Run, northlight_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_TIMEOUT_MS", 20)
    with held(northlight_path):
        assert cli("list").code == 0
        assert is_told(cli("done", "43"), 5, "another program holds it")
    assert cli("done", "43").code == 0


def test_a_newer_database_is_left_alone(cli: Run, northlight_path: Path) -> None:
    connection = sqlite3.connect(northlight_path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    assert is_told(cli("list"), 1, "newer tracker")


def test_a_damaged_database_is_out_of_reach(cli: Run, northlight_path: Path) -> None:
    raw = bytearray(northlight_path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    northlight_path.write_bytes(raw)
    assert is_told(cli("list"), 5, "tracker doctor")


def test_settings_that_cannot_be_read_are_said(tracker: Run, northlight_path: Path, tmp_path: Path) -> None:
    settings = tmp_path / "home" / "tracker" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("theme = pink")
    assert is_told(tracker("list", db=northlight_path), 2, "settings.toml")


def test_a_fault_of_the_program_leaves_its_traceback_in_a_file(
    cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tracker.services import board

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(board, "list_page", broken)
    answer = cli("list")
    assert answer.code == 70
    assert "Traceback" not in answer.err
    assert "ZeroDivisionError" in answer.err
    logs = list(tmp_path.rglob("crash.log"))
    assert len(logs) == 1
    assert str(logs[0]) in answer.err
    assert "Traceback" in logs[0].read_text()
    assert logs[0].stat().st_mode & 0o077 == 0


def test_ctrl_c_is_130(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.services import board

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(board, "list_page", interrupted)
    answer = cli("list")
    assert (answer.code, answer.out) == (130, "")
    assert "Traceback" not in answer.err


# no terminal


@pytest.mark.parametrize("words", [(), ("demo",)])
def test_the_board_without_a_terminal_says_what_to_use(
    tracker: Run, northlight_path: Path, words: tuple[str, ...]
) -> None:
    assert is_told(tracker(*words, db=northlight_path), 2, "tracker list")


def test_the_board_on_a_dumb_terminal_says_what_to_use(
    monkeypatch: pytest.MonkeyPatch, tracker: Run, northlight_path: Path
) -> None:
    from tracker.cli import board

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(board, "sys", type("", (), {"stdin": Terminal(), "stdout": Terminal()}))
    monkeypatch.setenv("TERM", "dumb")
    assert is_told(tracker(db=northlight_path), 2, "TERM")
