"""Databases of a given number of tasks: the demo, and made-up tasks up to that number, through the real schema.

They are kept in a folder under the system's temporary one, named by size and by a digest of what they are made from,
so that only the first run waits for them. The triggers and constraints are on while they are made, and the figures that
triggers keep are compared with a count at the end.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import tracker
from tests.benchmarks import generated
from tests.benchmarks.generated import AS_OF, Batch, Pattern, Row, Source
from tracker.storage.checkup import rebuild_tallies

_MADE_FROM = ("storage/migrations/**/*.sql", "storage/migrations/versions/*.py", "demo/*.json")
"""In the package: what a database of the same size would come out differently from; `generated.py` is another part."""
SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)


class WrongDatabase(Exception):
    """A database that was made does not hold what it should."""


def database(size: int) -> Path:
    """The database with so many tasks; made now when it is not there yet. Read it, but write to a `working_copy`."""
    path = cache_folder() / f"{size}-{_digest()}.db"
    if not path.exists():
        for outdated in cache_folder().glob(f"{size}-*.db"):
            outdated.unlink()
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        try:
            _build(unfinished, size)
            unfinished.rename(path)
        finally:
            _remove(unfinished)
    return path


def _digest() -> str:
    package = Path(tracker.__file__).parent
    made_from = [Path(generated.__file__), *(path for pattern in _MADE_FROM for path in sorted(package.glob(pattern)))]
    digest = hashlib.sha256()
    for path in made_from:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def cache_folder() -> Path:
    """Where the databases are kept, private to the user."""
    folder = Path(tempfile.gettempdir()) / f"strategy-tracker-benchmarks-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else; set TMPDIR to a folder of yours.")
    return folder


@contextmanager
def working_copy(size: int) -> Iterator[Path]:
    """A copy of the database that may be written to; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="work-", dir=cache_folder()) as folder:
        copy = Path(folder) / "tracker.db"
        shutil.copyfile(database(size), copy)
        copy.chmod(0o600)
        yield copy


def check(connection: sqlite3.Connection, size: int) -> None:
    """Compare the size and the figures that triggers keep with a count of the rows.

    Raises:
        WrongDatabase: they differ.
    """
    def rows(sql: str) -> list[Row]:
        return connection.execute(sql).fetchall()

    if (held := rows("SELECT count(*) FROM task")) != [(size,)]:
        raise WrongDatabase(f"holds {held[0][0]} tasks, not {size}")
    pairs = (
        ("SELECT key_result, status, owner, stage, tasks FROM task_tally WHERE tasks > 0 ORDER BY 1, 2, 3, 4",
         "SELECT key_result, status, coalesce(owner, ''), stage, count(*) FROM task GROUP BY 1, 2, 3, 4 "
         "ORDER BY 1, 2, 3, 4"),
        ("SELECT status, tasks FROM status_tally WHERE scope = 'all' AND tasks > 0 ORDER BY 1",
         "SELECT status, count(*) FROM task GROUP BY 1 ORDER BY 1"),
        ("SELECT done_on, sum(tasks) FROM done_tally WHERE tasks > 0 GROUP BY 1 ORDER BY 1",
         "SELECT done_on, count(*) FROM task WHERE done_on IS NOT NULL GROUP BY 1 ORDER BY 1"),
        ("SELECT sum(messages) FROM task", "SELECT count(*) FROM comment"),
        ("SELECT coalesce(sum(waits), 0) FROM task",
         "SELECT count(*) FROM task_dependency d JOIN task t ON t.id = d.waits_for WHERE t.is_open = 1"),
        ("SELECT count(*) FROM task_search_docsize", "SELECT count(*) FROM task"),
        ("SELECT 0", "SELECT count(*) FROM pragma_foreign_key_check"),
    )
    for kept, counted in pairs:
        if rows(kept) != rows(counted):
            raise WrongDatabase(f"{kept} differs from {counted}")


def _build(path: Path, size: int) -> None:
    _remove(path)
    _lay_the_demo(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nothing here has to survive a power cut: an unfinished file is thrown away.
        for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -1048576", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        with _upkeep_at_the_end(connection):
            _fill(connection, size)
        check(connection, size)
        connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _upkeep_at_the_end(connection: sqlite3.Connection) -> Iterator[None]:
    # Sorting and counting once is quicker than a million entries in many places each; what the rules look up stays.
    upkeep = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'task' AND sql IS NOT NULL "
        "OR type = 'trigger' AND name LIKE '%tally_insert'"
    ).fetchall()
    for kind, name, _ in upkeep:
        connection.execute(f'DROP {kind} "{name}"')
    yield
    for _, _, sql in upkeep:
        connection.execute(sql)
    rebuild_tallies(connection.execute)


def _lay_the_demo(path: Path) -> None:
    # imported here: brings SQLModel and Alembic, which only making a database needs
    from tracker import demo

    demo.build(path, today=AS_OF)


def _fill(connection: sqlite3.Connection, size: int) -> None:
    present = int(connection.execute("SELECT count(*) FROM task").fetchone()[0])
    if present > size:
        raise WrongDatabase(f"the demo alone holds {present} tasks, more than {size}")
    known = int(connection.execute("SELECT count(*) FROM person").fetchone()[0])
    connection.executemany(
        "INSERT INTO person (id, name, capacity_h_week) VALUES (?, ?, 32)",
        ((id_, id_.title()) for id_ in generated.more_people(size, known)),
    )
    source = _source(connection)
    for batch in generated.batches(source, present + 1, size):
        connection.execute("BEGIN")
        _insert(connection, batch)
        connection.execute("COMMIT")


def _source(connection: sqlite3.Connection) -> Source:
    def column(sql: str) -> list[str]:
        return [value for value, in connection.execute(sql)]

    patterns = connection.execute(
        "SELECT title, contribution, stage, medium, channel, kind, estimate_low_h, estimate_high_h FROM task "
        "WHERE recurs IS NULL ORDER BY number"
    )
    return Source(
        patterns=[Pattern(*row) for row in patterns],
        open_key_results=column("SELECT id FROM key_result WHERE status = 'active' ORDER BY id"),
        past_key_results=column("SELECT id FROM key_result WHERE status = 'graded' ORDER BY id"),
        people=column("SELECT id FROM person ORDER BY id"),
        connector=column("SELECT id FROM connector ORDER BY id")[0],
    )


def _insert(connection: sqlite3.Connection, batch: Batch) -> None:
    for table, columns, rows in (
        ("task", generated.TASK_COLUMNS, batch.tasks),
        ("task_event", generated.EVENT_COLUMNS, batch.events),
        ("comment", generated.COMMENT_COLUMNS, batch.comments),
        ("task_dependency", generated.DEPENDENCY_COLUMNS, batch.dependencies),
        ("external_link", generated.LINK_COLUMNS, batch.links),
    ):
        connection.executemany(_insert_sql(table, columns), rows)


def _insert_sql(table: str, columns: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
