"""`tracker demo`: alive on any day, and gone without a trace."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Run


def test_a_named_file_is_made_and_kept(tracker: Run, tmp_path: Path) -> None:
    path = tmp_path / "team.sqlite3"
    made = tracker("demo", "--keep", "--no-board", "--today", "2027-03-10", db=path)
    assert made.code == 0
    assert str(path) in made.err
    late = tracker("--as", "mara", "--today", "2027-03-10", "list", "late", db=path)
    assert [line.split()[0] for line in late.out.splitlines()] == ["T-043", "T-042", "T-026", "T-046"]


def test_without_a_name_it_says_where_it_is(
    tracker: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TRACKER_DB", str(tmp_path / "mine.sqlite3"))
    monkeypatch.setenv("TRACKER_PERSON", "nobody of the example")
    made = tracker("demo", "--no-board")
    assert made.code == 0, made.err
    assert Path(made.out.strip()).is_file()
    assert not (tmp_path / "mine.sqlite3").exists()


def test_it_touches_nothing_that_is_there(tracker: Run, begun_path: Path) -> None:
    before = begun_path.read_bytes()
    refused = tracker("demo", "--no-board", db=begun_path)
    assert refused.code == 1
    assert "touches nothing of yours" in refused.err
    assert begun_path.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("way", ["q", "hangup"])
def test_its_board_opens_and_its_folder_goes_with_it(tmp_path: Path, way: str) -> None:
    from tests.terminal.driver import Terminal

    folder = tmp_path / "temporary"
    folder.mkdir()
    command = [sys.executable, "-m", "tracker", "demo", "--today", "2026-10-19"]
    with Terminal.spawn(command, environment={"TMPDIR": str(folder)}) as terminal:
        terminal.wait_for("White paper ad", within=30)
        assert len(list(folder.iterdir())) == 1
        if way == "q":
            terminal.send("q")
            assert terminal.wait_for_exit(within=30) == 0
        else:
            terminal.signal(signal.SIGHUP)
            assert terminal.wait_for_exit(within=30) == 128 + signal.SIGHUP
    assert list(folder.iterdir()) == []
