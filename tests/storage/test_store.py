"""One file behind one object: private, durable, safe for threads, and in words when the file does not play along."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.storage.conftest import NEW_PERSON, write
from tracker.domain.errors import OutOfReach, Refused
from tracker.storage import store as store_module
from tracker.storage.store import Store


def _people(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT id FROM person ORDER BY id")]


@pytest.fixture
def open_mask() -> Iterator[None]:
    """New files and folders are open to everybody unless they are closed on purpose."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_mask")
def test_a_new_file_and_its_folder_are_private(tmp_path: Path) -> None:
    path = tmp_path / "tracker" / "tracker.db"
    store = Store.open(path)
    write(store, [NEW_PERSON])
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {"tracker.db": 0o600, "tracker.db-wal": 0o600, "tracker.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    store.close()


@pytest.mark.usefixtures("open_mask")
def test_a_folder_that_was_there_keeps_its_rights(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    Store.open(folder / "tracker.db").close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_file_that_another_process_makes_at_this_moment_is_as_good(
    world_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(world_file, tmp_path / "tracker.db"))
    monkeypatch.setattr(Path, "exists", lambda _: False)  # what it was a moment ago
    Store.open(path).close()
    assert "mara" in _people(path)


def _pragmas(connection: sqlite3.Connection) -> dict[str, object]:
    names = ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
    return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}


def test_every_connection_is_durable_waits_for_others_and_holds_references(store: Store) -> None:
    found: list[dict[str, object]] = [_pragmas(store.connection)]
    thread = threading.Thread(target=lambda: found.append(_pragmas(store.connection)))
    thread.start()
    thread.join()
    full = 2
    assert found == [{"foreign_keys": 1, "journal_mode": "wal", "synchronous": full, "busy_timeout": 5000}] * 2


def test_reads_that_must_not_wait_do_not_and_the_next_ones_do(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "tracker.db")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        store.connection.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OutOfReach), store.never_waiting(), store.reading() as connection:
            connection.execute("SELECT count(*) FROM person").fetchone()
        other.execute("ROLLBACK")
    assert store.connection.execute("PRAGMA busy_timeout").fetchone()[0] == store_module.BUSY_TIMEOUT_MS
    store.close()


def test_each_thread_has_a_connection_of_its_own_and_all_are_closed_together(store: Store) -> None:
    found: list[sqlite3.Connection] = [store.connection, store.connection]
    thread = threading.Thread(target=lambda: found.append(store.connection))
    thread.start()
    thread.join()
    assert found[0] is found[1]
    assert found[0] is not found[2]
    store.close()
    for connection in found:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_a_thread_that_is_at_work_keeps_its_connection(store: Store) -> None:
    begun, closed = threading.Event(), threading.Event()
    found: list[object] = []

    def work() -> None:
        connection = store.connection
        begun.set()
        closed.wait()
        found.append(connection.execute("SELECT 1").fetchone())

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    store.close()
    closed.set()
    thread.join()
    assert found == [(1,)]


def test_the_version_of_the_data_changes_when_another_connection_commits(store: Store) -> None:
    before = store.data_version()
    write(store, [NEW_PERSON])
    assert store.data_version() == before
    other = Store.open(store.path)
    write(other, [{"id": "lena", "name": "Lena"}])
    other.close()
    assert store.data_version() != before


def test_a_snapshot_sees_one_state_whatever_others_commit(store: Store) -> None:
    other = Store.open(store.path)
    with store.snapshot() as connection:
        before = connection.execute("SELECT count(*) FROM person").fetchone()
        write(other, [NEW_PERSON])
        assert connection.execute("SELECT count(*) FROM person").fetchone() == before
    assert store.connection.execute("SELECT count(*) FROM person").fetchone() != before
    other.close()


def test_a_failing_read_is_told_in_words(store: Store) -> None:
    with pytest.raises(OutOfReach, match=r"tracker\.db: the database answers 'no such table: missing'"), \
            store.reading() as connection:
        connection.execute("SELECT * FROM missing")


@contextmanager
def _ordinary_user(folder: Path) -> Iterator[None]:
    """Root may write everywhere: then the folder goes to nobody, who does the work."""
    if os.geteuid() != 0:
        yield
        return
    nobody = pwd.getpwnam("nobody").pw_uid
    for path in (folder, *folder.iterdir()):
        os.chown(path, nobody, -1)
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only(world_file: Path) -> Iterator[Path]:
    """A database that may be read only, in a folder that everybody may reach."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-read-only-"))
    path = Path(shutil.copy(world_file, folder / "tracker.db"))
    path.chmod(0o444)
    yield path
    shutil.rmtree(folder)


def test_a_read_only_file_is_read_and_not_written(read_only: Path) -> None:
    with _ordinary_user(read_only.parent):
        store = Store.open(read_only)
        assert store.connection.execute("SELECT count(*) FROM task").fetchone() == (8,)
        with pytest.raises(OutOfReach, match=r"cannot be written to\. Nothing was changed; check the rights"):
            write(store, [NEW_PERSON])
        store.close()
    assert "ann" not in _people(read_only)


def test_a_file_that_may_not_be_read_is_refused_in_words(read_only: Path) -> None:
    read_only.chmod(0)
    with _ordinary_user(read_only.parent), pytest.raises(OutOfReach, match=r"tracker\.db cannot be opened"):
        Store.open(read_only)


def test_a_folder_that_may_not_be_written_is_refused_in_words(read_only: Path) -> None:
    read_only.unlink()
    read_only.parent.chmod(0o500)
    with _ordinary_user(read_only.parent), pytest.raises(OutOfReach, match="cannot be opened: Permission denied"):
        Store.open(read_only)


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_write_while_another_program_holds_the_file_is_refused_in_words(
    world_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(store_module, "BUSY_TIMEOUT_MS", 20)
    store = Store.open(Path(shutil.copy(world_file, tmp_path / "tracker.db")))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        assert store.connection.execute("SELECT count(*) FROM task").fetchone() == (8,)
        with pytest.raises(OutOfReach, match=r"is busy: another program holds it\. Nothing was changed; try again"):
            write(store, [NEW_PERSON])
    write(store, [NEW_PERSON])
    assert "ann" in _people(store.path)
    store.close()


def test_a_write_waits_for_another_that_takes_its_time(store: Store) -> None:
    other = sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO person (id, name) VALUES ('lena', 'Lena')")
    begun = threading.Event()
    store.connection.set_trace_callback(lambda _: begun.set())

    def finish() -> None:
        begun.wait(10)
        other.execute("COMMIT")

    thread = threading.Thread(target=finish)
    thread.start()
    write(store, [NEW_PERSON])
    thread.join()
    other.close()
    assert {"ann", "lena"} <= set(_people(store.path))


def test_a_file_that_only_one_program_may_open_is_refused_in_words(
    world_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "BUSY_TIMEOUT_MS", 20)
    path = Path(shutil.copy(world_file, tmp_path / "tracker.db"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OutOfReach, match="is busy: another program holds it"):
            Store.open(path)


def test_a_full_disk_is_told_in_words_and_nothing_is_half_done(store: Store) -> None:
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    before = _people(store.path)
    with pytest.raises(OutOfReach, match=r"disk that holds .* is full\. Nothing was changed; make room"):
        write(store, ({"id": f"p{number}", "name": "x" * 500} for number in range(2000)))
    assert _people(store.path) == before
    store.connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
    write(store, [NEW_PERSON])
    assert "ann" in _people(store.path)


_WRITE_ON_A_DISK_THAT_ENDS = """
import resource, sys
from pathlib import Path
from tests.storage.conftest import write
from tracker.domain.errors import OutOfReach
from tracker.storage.store import Store
store = Store.open(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    for number in range(10_000):
        write(store, [{"id": f"p{number:05}", "name": "x" * 500}])
        print(f"p{number:05}", flush=True)
except OutOfReach as error:
    print(error)
"""


def test_a_disk_that_takes_no_more_keeps_what_was_acknowledged(world_file: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(world_file, tmp_path / "tracker.db"))
    limit = path.stat().st_size + 200_000
    done = subprocess.run(
        [sys.executable, "-c", _WRITE_ON_A_DISK_THAT_ENDS, path, str(limit)],
        check=False, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2],
    )
    *acknowledged, words = done.stdout.splitlines()
    assert done.stderr == ""
    assert "does not read or write. Nothing was changed" in words or "is full. Nothing was changed" in words
    assert len(acknowledged) > 1
    assert [name for name in _people(path) if name.startswith("p0")] == acknowledged
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_fails_inside_a_write_is_rolled_back_and_the_store_goes_on(store: Store) -> None:
    def cut_off() -> Iterator[dict[str, object]]:
        yield {**NEW_PERSON}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(store, cut_off())
    assert "ann" not in _people(store.path)
    assert not store.connection.in_transaction
    write(store, [NEW_PERSON])


def test_a_rule_of_the_database_is_told_as_a_sentence(store: Store) -> None:
    with pytest.raises(Refused, match=r"^A task needs a title\.$"), \
            store.writing(by="mara", at="2026-10-19T09:00", on_date="2026-10-19", label="x") as tx:
        tx.update("task", tx.require("task", "T-001"), {"title": " "})
