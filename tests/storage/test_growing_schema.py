"""What a change of schema adds is filled from what the database held before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from sqlalchemy import StaticPool, create_engine

from tests.storage.world import WORLD
from tracker.storage.checkup import look_at
from tracker.storage.migrations.run import configuration
from tracker.storage.schema import APPLICATION_ID, SCHEMA_NUMBER
from tracker.storage.store import Store

_NOT_YET_KNOWN = ("superseded_check_in", "comment_link", "goal_link", "sync_")


def _of_the_first_release(path: Path) -> None:
    """A database with one row or more in every table, as the first release made it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
        with engine.begin() as opened:
            config = configuration()
            config.attributes["connection"] = opened
            command.upgrade(config, "0001")
            opened.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            opened.exec_driver_sql("PRAGMA user_version = 1")
        connection.execute("PRAGMA foreign_keys = ON")
        for statement in WORLD:
            if not any(name in statement for name in _NOT_YET_KNOWN):
                connection.execute(statement)
        connection.execute("INSERT INTO task_event (task, seq, on_date, from_status, to_status) "
                           "VALUES ('T-001', 1, '2026-10-03', 'backlog', 'assigned')")


def test_a_database_of_the_first_release_gets_its_counts(tmp_path: Path) -> None:
    path = tmp_path / "tracker.sqlite3"
    _of_the_first_release(path)
    Store.open(path).close()

    assert [problem for look in look_at(path) for problem in look.problems] == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_NUMBER,)
        assert connection.execute("SELECT count(*) FROM task").fetchone() == (8,)
        assert connection.execute(
            "SELECT subject, status, tasks FROM status_tally WHERE scope = 'done_of'"
        ).fetchall() == [("KR-03|2026-10-09", "done", 1)]
        assert connection.execute("SELECT key_result, reason, tasks FROM reason_tally").fetchall() == [
            ("KR-01", "says the same", 1)
        ]
        assert connection.execute("SELECT on_date, status, tasks FROM flow_tally ORDER BY 1, 2").fetchall() == [
            ("2026-10-01", "backlog", 1), ("2026-10-03", "assigned", 1), ("2026-10-03", "backlog", -1),
        ]


def test_the_checkup_sees_a_count_that_is_wrong(tmp_path: Path) -> None:
    for table, change in (
        ("status_tally", "tasks = tasks + 1 WHERE scope = 'due'"),
        ("reason_tally", "tasks = 7"),
        ("flow_tally", "tasks = 7"),
    ):
        path = tmp_path / f"{table}.sqlite3"
        _of_the_first_release(path)
        Store.open(path).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            assert connection.execute(f"UPDATE {table} SET {change}").rowcount > 0
        (told,) = [problem.what for look in look_at(path) for problem in look.problems]
        assert "do not agree" in told
