"""What may be wrong with an installation or a database, and what to do about it."""

from __future__ import annotations

import os
import platform
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.domain.errors import TrackerError
from tracker.services.workspace import Workspace
from tracker.settings import read_settings
from tracker.storage import checkup, faults

OLDEST_SQLITE = (3, 37, 0)
"""Generated columns came with 3.31, the FTS5 check against the text with 3.34, STRICT typing of what is stored 3.37."""
REBUILD = "Run `tracker doctor --rebuild`; it makes them again from the tables."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_ok: bool
    found: str
    advice: str = ""


def of_program() -> Iterator[Check]:
    """The interpreter and the SQLite it brings."""
    yield Check("python", True, f"{platform.python_version()} on {platform.system()}")
    version = sqlite3.sqlite_version
    is_new_enough = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    yield Check("sqlite", is_new_enough, version, "" if is_new_enough else
                f"Use a Python with SQLite {'.'.join(map(str, OLDEST_SQLITE))} or newer.")
    with_search = _has_full_text_search()
    yield Check("full-text search", with_search, "FTS5" if with_search else "missing",
                "" if with_search else "Use a Python whose SQLite has FTS5; that of python.org has.")


def _has_full_text_search() -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5(word)")
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return True


def of_settings(file: Path) -> Check:
    """The settings file."""
    if not file.exists():
        return Check("settings", True, f"none at {file}; defaults are used")
    try:
        read_settings(file)
    except TrackerError as error:
        return Check("settings", False, "cannot be used", str(error))
    return Check("settings", True, str(file))


def of_database(path: Path, *, private_folder: bool) -> Iterator[Check]:
    """The file at `path`: is it ours, whole, private; `private_folder` when its folder is ours too."""
    if not path.exists():
        yield Check("database", True, f"none yet at {path}; tracker makes it")
        return
    if path.is_dir():
        yield Check("database", False, f"{path} is a folder", "Name a file with --db.")
        return
    try:
        ours = checkup.is_sqlite(path)
    except OSError as error:
        yield Check("database", False, f"{path} cannot be read: {error.strerror}",
                    "Check who owns the file and its folder, and their rights.")
        return
    if not ours:
        yield Check("database", False, f"{path} is no database", "Name another file with --db; this one is left alone.")
        return
    yield Check("database", True, f"{path}, {path.stat().st_size / 1e6:,.1f} MB")
    yield from _rights(path, private_folder=private_folder)
    yield from _inside(path)


def _rights(path: Path, *, private_folder: bool) -> Iterator[Check]:
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        yield Check("rights", False, "it cannot be written to", f"Make {path} and its folder writable for yourself.")
        return
    if os.name != "posix":
        yield Check("rights", True, "as the folder has them")
        return
    for place, private in ((path, "600"), *([(path.parent, "700")] if private_folder else [])):
        mode = stat.S_IMODE(place.stat().st_mode)
        if mode & 0o077:
            yield Check("rights", False, f"others may open {place} ({mode:o})", f"Run: chmod {private} '{place}'")
            return
    yield Check("rights", True, "yours alone")


def _inside(path: Path) -> Iterator[Check]:
    try:
        for look in checkup.look_at(path):
            yield _check_of(look)
    except sqlite3.Error as error:
        yield Check("database", False, "it does not answer", str(faults.in_words(error, path)))


def _check_of(look: checkup.Look) -> Check:
    if not look.problems:
        return Check(look.name, True, look.found)
    said = "; ".join(problem.what for problem in look.problems)
    can_be_rebuilt = all(problem.can_be_rebuilt for problem in look.problems)
    advice = REBUILD if can_be_rebuilt else (
        "Use a newer tracker: pip install --upgrade strategy-tracker" if "newer" in said else
        "Keep the file as it is, go back to a backup beside it, or bring out what can be read with tracker export.")
    return Check(look.name, False, said, advice)


def rebuild(ws: Workspace) -> None:
    """Make counts and search index again from the tables, in one transaction.

    Raises:
        OutOfReach: the file is busy, full or read-only.
    """
    connection = ws.store.connection
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            checkup.rebuild(connection.execute)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    except sqlite3.Error as error:
        raise faults.in_words(error, ws.store.path) from error
