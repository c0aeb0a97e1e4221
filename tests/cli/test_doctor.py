"""`tracker doctor`: each kind of trouble is found and told what to do about."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Run


def check(tracker: Run, path: Path, name: str) -> tuple[int, dict[str, object]]:
    """The exit code, and what doctor says of one thing."""
    answer = tracker("--as", "mara", "doctor", "--json", db=path)
    return answer.code, next(each for each in answer.json["checks"] if each["name"] == name)


def test_a_sound_installation_has_no_problem(tracker: Run, northlight_path: Path) -> None:
    answer = tracker("--as", "mara", "doctor", db=northlight_path)
    assert answer.code == 0
    assert all(line.startswith("ok ") for line in answer.out.splitlines())
    for name in ("python", "sqlite", "full-text search", "terminal", "settings", "database", "rights", "schema",
                 "integrity", "references", "counts", "search", "person"):
        assert f"  {name} " in answer.out


def test_no_database_yet_is_no_problem(tracker: Run, tmp_path: Path) -> None:
    answer = tracker("doctor", db=tmp_path / "none.sqlite3")
    assert answer.code == 0
    assert "none yet" in answer.out
    assert not (tmp_path / "none.sqlite3").exists()


def changed(sql: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.executescript(sql)
        connection.close()

    return change


def text_file(path: Path) -> None:
    path.write_text("dear diary")


def torn(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'task_board_owner'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(raw)


@pytest.mark.parametrize(
    ("spoil", "name", "found", "advice"),
    [
        (text_file, "database", "no database", "--db"),
        (torn, "integrity", "", "backup"),
        (changed("PRAGMA user_version = 999"), "schema", "newer", "pip install --upgrade"),
        (changed("PRAGMA application_id = 7"), "schema", "another program", ""),
        (changed("UPDATE task_tally SET tasks = tasks + 1"), "counts", "tasks", "--rebuild"),
        (changed("UPDATE done_tally SET tasks = tasks + 1"), "counts", "finished tasks", "--rebuild"),
        (changed("UPDATE task SET waits = 3 WHERE number = 20"), "counts", "waiting", "--rebuild"),
        (changed("UPDATE task SET messages = 9 WHERE number = 20"), "counts", "messages", "--rebuild"),
        (changed("INSERT INTO task_search (task_search) VALUES ('delete-all')"), "search", "task search", "--rebuild"),
        (changed("PRAGMA foreign_keys = OFF; DELETE FROM person WHERE id = 'mara'"), "references", "person", ""),
        (lambda path: path.chmod(0o644), "rights", "others may open", "chmod 600"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_trouble_is_found_and_told(
    tracker: Run, northlight_path: Path, spoil: Callable[[Path], None], name: str, found: str, advice: str
) -> None:
    spoil(northlight_path)
    code, said = check(tracker, northlight_path, name)
    assert code == 1
    assert said["is_ok"] is False
    assert found in str(said["found"])
    assert advice in str(said["advice"])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE task_tally SET tasks = tasks + 1",
        "DELETE FROM done_tally",
        "UPDATE task SET waits = 3, messages = 9 WHERE number = 20",
        "INSERT INTO task_search (task_search) VALUES ('delete-all')",
    ],
)
def test_what_is_kept_for_speed_is_made_again_from_the_tables(tracker: Run, northlight_path: Path, sql: str) -> None:
    changed(sql)(northlight_path)
    assert tracker("doctor", db=northlight_path).code == 1
    assert tracker("--as", "mara", "doctor", "--rebuild", db=northlight_path).code == 0
    assert "White paper ad" in tracker("search", "lookalike", db=northlight_path).out


def test_a_person_who_is_nobody_here_is_told_who_there_is(tracker: Run, northlight_path: Path) -> None:
    answer = tracker("--as", "mara", "--today", "2026-10-19", "doctor", db=northlight_path)
    assert "mara acts" in answer.out
    answer = tracker("doctor", "--as", "nobody", db=northlight_path)
    assert answer.code == 1
    assert "lena" in answer.out


def test_settings_that_cannot_be_used_are_a_problem_and_the_rest_is_still_checked(
    tracker: Run, northlight_path: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "home" / "tracker" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('theme = "pink"')
    answer = tracker("doctor", db=northlight_path)
    assert answer.code == 1
    assert "'pink'" in answer.out
    assert "integrity" in answer.out
