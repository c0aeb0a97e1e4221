"""One SQLite file behind one object: connections, transactions and the sign that somebody else wrote."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.domain.errors import OutOfReach, TrackerError
from tracker.storage.faults import DRIVER_ERRORS, in_words
from tracker.storage.schema import bring_up_to_date
from tracker.storage.writes import Transaction

BUSY_TIMEOUT_MS = 5_000
"""How long a write waits for another process's write before it says that the file is busy."""


class Store:
    """A workspace's database. Safe to use from several threads: each gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._opened: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> Store:
        """The store in the file at `path`, made if it is missing and `create`, brought to today's schema.

        Raises:
            OutOfReach: the file is no database, cannot be read, or does not exist and `create` is false.
            Refused: it belongs to a newer version or to another program.
        """
        store = cls(path)
        try:
            _make_private(path, create=create)
            bring_up_to_date(store.connection, path, create=create)
            _write_ahead(store.connection)
        except DRIVER_ERRORS as error:
            store.close()
            raise in_words(error, path) from error
        except OSError as error:
            store.close()
            raise OutOfReach(f"{path} cannot be opened: {error.strerror or error}.") from error
        except TrackerError:
            store.close()
            raise
        return store

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection; reads on it see what was committed last."""
        existing: sqlite3.Connection | None = getattr(self._local, "connection", None)
        return existing if existing is not None else self._connect()

    def _connect(self) -> sqlite3.Connection:
        # check_same_thread is off only so that close() may be called from another thread than the one that read
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
        )
        with self._lock:
            self._opened.append((threading.current_thread(), connection))
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # an acknowledged write survives a power cut
        connection.execute("PRAGMA cache_size = -8192")  # KiB
        self._local.connection = connection
        return connection

    def close(self) -> None:
        """Close the connections of this thread and of those that have ended; another that is at work keeps its own.

        Closing a connection under a thread that uses it ends the process in the database's own code.
        """
        with self._lock:
            here, opened = threading.current_thread(), self._opened
            self._opened = [(thread, each) for thread, each in opened if thread is not here and thread.is_alive()]
            for thread, connection in opened:
                if thread is here or not thread.is_alive():
                    connection.close()
        self._local = threading.local()

    def data_version(self) -> int:
        """A number that changes when another connection or process committed; costs microseconds."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def never_waiting(self) -> Iterator[None]:
        """Let this thread's reads fail at once (OutOfReach) where they would wait for another program."""
        connection = self.connection
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection for one or more reads.

        Raises:
            OutOfReach: the database cannot be read, in words.
        """
        try:
            yield self.connection
        except DRIVER_ERRORS as error:
            raise in_words(error, self.path) from error

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Reads that all see the same state, whatever others commit meanwhile."""
        with self.reading() as connection:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def writing(
        self, *, by: str, at: str, on_date: str, label: str, kind: str = "do"
    ) -> Iterator[Transaction]:
        """One transaction whose every change is recorded as one batch: all of it or nothing.

        `at` is the instant (UTC, ISO 8601), `on_date` the day that events are dated, `label` says it in words.

        Raises:
            Refused: a rule of the database forbids it.
            OutOfReach: the file is busy, full or read-only.
        """
        try:
            connection = self.connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(connection, by=by, at=at, on_date=on_date, label=label, kind=kind)
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise
        except sqlite3.Error as error:
            raise in_words(error, self.path) from error


def _make_private(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise OutOfReach(f"{path} is a folder, not a database file.")
    if path.exists():
        return
    if not create:
        raise OutOfReach(f"{path} does not exist. Run `tracker init` to begin, or name another file with --db.")
    folder = path.parent
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)  # another process may make it at this moment
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return  # another process made it first; it is as good


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set the mode that lets others read while one writes; the file keeps it, so it is set once it is known as ours."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # a read-only file keeps the mode it has, and can still be read
        if "readonly" not in str(error) and "locked" not in str(error):
            raise
