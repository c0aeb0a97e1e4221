"""Databases to measure on: of the right size, right in themselves, made once."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks import databases


@pytest.fixture(autouse=True)
def cache_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_a_database_is_the_demo_and_made_up_tasks_up_to_the_size() -> None:
    path = databases.database(300)
    with closing(sqlite3.connect(path)) as connection:
        databases.check(connection, 300)
        assert connection.execute("SELECT count(*) FROM strategy WHERE status = 'active'").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM key_result WHERE status = 'active'").fetchone() == (8,)
        for table in ("comment", "task_dependency", "external_link", "task_event"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table
    assert path.stat().st_mode & 0o077 == 0


def test_it_is_made_once_and_copies_are_for_writing() -> None:
    path = databases.database(100)
    made_at = path.stat().st_mtime_ns
    with databases.working_copy(100) as copy:
        assert copy.read_bytes() == path.read_bytes()
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("UPDATE task SET title = 'changed'")
            connection.commit()
    assert not copy.exists()
    assert path.stat().st_mtime_ns == made_at
    assert [each.name for each in databases.cache_folder().iterdir()] == [path.name]


def test_a_database_that_does_not_hold_what_it_should_is_refused() -> None:
    with databases.working_copy(100) as copy, closing(sqlite3.connect(copy)) as connection:
        with pytest.raises(databases.WrongDatabase, match="holds 100 tasks, not 99"):
            databases.check(connection, 99)
        connection.execute("UPDATE task_tally SET tasks = tasks + 1")
        with pytest.raises(databases.WrongDatabase, match="task_tally"):
            databases.check(connection, 100)


def test_a_size_smaller_than_the_demo_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(databases.WrongDatabase, match="more than 10"):
        databases.database(10)
    assert list(databases.cache_folder().iterdir()) == []
