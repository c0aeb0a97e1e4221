"""A look at a database file that changes nothing: is it whole, do the counts and the search index agree with it?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tracker.storage.faults import UNREADABLE
from tracker.storage.schema import APPLICATION_ID, SCHEMA_NUMBER

MAGIC = b"SQLite format 3\x00"
"""The first bytes of every SQLite file."""
MOST_PROBLEMS = 5
"""Problems of one kind that are named."""
SEARCH_TABLES = ("task_search", "comment_search")

_CYCLE_DAYS = "CAST(julianday(done_on) - julianday(started_on) AS INTEGER) + 1"
_TASKS_COUNTED = (
    "SELECT key_result, status, coalesce(owner, ''), stage, count(*) FROM task GROUP BY 1, 2, 3, 4",
    "SELECT key_result, status, owner, stage, tasks FROM task_tally WHERE tasks <> 0",
)
_SUBJECTS = {
    "all": "''",
    "key_result": "key_result",
    "owner": "coalesce(owner, '')",
    "stage": "stage",
    "channel": "coalesce(channel, '')",
    "medium": "medium",
    "kind": "kind",
    "coverage": "stage || '|' || medium",
    "step": "key_result || '|' || journey_step",
    "due": "due_on",
    "publish": "publish_on",
    "done_of": "key_result || '|' || done_on",
}
"""What each scope of `status_tally` counts by."""
_STATUSES_COUNTED = (
    "SELECT * FROM ("
    + " UNION ALL ".join(
        f"SELECT '{scope}', {subject}, status, count(*) FROM task WHERE {subject} IS NOT NULL GROUP BY 2, 3"
        for scope, subject in _SUBJECTS.items()
    )
    + ")",
    "SELECT scope, subject, status, tasks FROM status_tally WHERE tasks <> 0",
)
_REASONS_COUNTED = (
    "SELECT key_result, substr(lower(trim(contribution)), 1, 200), count(*) FROM task "
    "WHERE is_open = 1 AND trim(contribution) <> '' GROUP BY 1, 2",
    "SELECT key_result, reason, tasks FROM reason_tally WHERE tasks <> 0",
)
_FLOW_COUNTED = (
    "SELECT on_date, status, sum(change) FROM (SELECT on_date, to_status AS status, 1 AS change FROM task_event "
    "UNION ALL SELECT on_date, from_status, -1 FROM task_event WHERE from_status IS NOT NULL) "
    "GROUP BY 1, 2 HAVING sum(change) <> 0",
    "SELECT on_date, status, tasks FROM flow_tally WHERE tasks <> 0",
)
_DONE_COUNTED = (
    f"SELECT done_on, {_CYCLE_DAYS}, count(*) FROM task WHERE done_on IS NOT NULL GROUP BY 1, 2",
    "SELECT done_on, cycle_days, tasks FROM done_tally WHERE tasks <> 0",
)
_TALLIES = {
    "task_tally": ("key_result, status, owner, stage", "tasks", _TASKS_COUNTED),
    "status_tally": ("scope, subject, status", "tasks by status", _STATUSES_COUNTED),
    "done_tally": ("done_on, cycle_days", "finished tasks", _DONE_COUNTED),
    "reason_tally": ("key_result, reason", "contributions", _REASONS_COUNTED),
    "flow_tally": ("on_date, status", "the flow", _FLOW_COUNTED),
}
"""By table: its key, what it counts in words, and how to count it and read it."""
_WAITS = (
    "(SELECT count(*) FROM task_dependency d JOIN task o ON o.id = d.waits_for "
    "WHERE d.task = task.id AND o.is_open = 1)"
)
_MESSAGES = "(SELECT count(*) FROM comment WHERE comment.task = task.id)"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the file that is not as it should be."""

    what: str
    can_be_rebuilt: bool = False
    """It is kept only for speed and can be made again from the tables."""


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that was looked at, and what was wrong with it."""

    name: str
    found: str
    problems: tuple[Problem, ...] = ()


def is_sqlite(path: Path) -> bool:
    """Whether the file begins as SQLite files do; an empty one is one that was not written to yet.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(len(MAGIC))
    return start in (b"", MAGIC)


def look_at(path: Path) -> Iterator[Look]:
    """Everything that can be wrong inside the file, one after the other; stops where the rest would mean nothing.

    Raises:
        sqlite3.Error: it cannot be read at all.
    """
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=rw", uri=True, isolation_level=None)
    try:
        schema = _schema(connection)
        yield schema
        if schema.problems:
            return
        for look in (_whole, _references, _counts, _search):
            try:
                found = look(connection)
            except UnicodeDecodeError as error:
                raise sqlite3.DatabaseError(UNREADABLE) from error
            yield found
            if look is _whole and found.problems:
                return
    finally:
        connection.close()


def _schema(connection: sqlite3.Connection) -> Look:
    number = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    found = f"number {number}"
    if application != APPLICATION_ID:
        return Look("schema", found, (Problem("the file belongs to another program, or nothing was written yet"),))
    if number > SCHEMA_NUMBER:
        return Look("schema", found, (Problem(f"it is newer than this program, which knows {SCHEMA_NUMBER}"),))
    if number < SCHEMA_NUMBER:
        return Look("schema", f"{found}, which the next command brings to {SCHEMA_NUMBER} after a backup")
    return Look("schema", found)


def _whole(connection: sqlite3.Connection) -> Look:
    try:
        answers = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({MOST_PROBLEMS})")]
    except UnicodeDecodeError:
        answers = [UNREADABLE]
    except sqlite3.DatabaseError as error:  # so torn that it cannot even be listed what is
        answers = [str(error)]
    problems = () if answers == ["ok"] else tuple(Problem(answer) for answer in answers)
    return Look("integrity", "every page and rule holds" if not problems else f"{len(problems)} faults", problems)


def _references(connection: sqlite3.Connection) -> Look:
    broken = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_PROBLEMS)
    problems = tuple(Problem(f"row {row[1]} of {row[0]} refers to a {row[2]} that is not there") for row in broken)
    return Look("references", "every one leads somewhere" if not problems else "some lead nowhere", problems)


def _counts(connection: sqlite3.Connection) -> Look:
    wrong = []
    for _, name, (counted, kept) in _TALLIES.values():
        if any(connection.execute(f"{one} EXCEPT {other} LIMIT 1").fetchone()
               for one, other in ((counted, kept), (kept, counted))):
            wrong.append(f"the counts of {name}")
    for name, column, right in (("waiting", "waits", _WAITS), ("messages", "messages", _MESSAGES)):
        if connection.execute(f"SELECT 1 FROM task WHERE {column} <> {right} LIMIT 1").fetchone():
            wrong.append(f"the counts of {name}")
    tasks = connection.execute("SELECT count(*) FROM task").fetchone()[0]
    problems = tuple(Problem(f"{what} do not agree with the tasks", can_be_rebuilt=True) for what in wrong)
    return Look("counts", f"{tasks:,} tasks", problems)


def _search(connection: sqlite3.Connection) -> Look:
    problems = []
    connection.execute("BEGIN")
    try:
        for table in SEARCH_TABLES:
            try:
                # Rank 1 also compares the index with the text it stands for (SQLite, FTS5, 6.4).
                connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
            except sqlite3.DatabaseError as error:
                if "readonly" in str(error):
                    return Look("search", "not looked at: the file cannot be written to")
                problems.append(Problem(f"{table.replace('_', ' ')} does not agree with the text", can_be_rebuilt=True))
    finally:
        connection.execute("ROLLBACK")
    return Look("search", "the index agrees with the text" if not problems else "out of date", tuple(problems))


def rebuild(run: Callable[[str], object]) -> None:
    """Make everything that is kept for speed again from the tables; `run` executes one statement of a transaction."""
    rebuild_tallies(run)
    run(f"UPDATE task SET waits = {_WAITS}, messages = {_MESSAGES} WHERE waits <> {_WAITS} OR messages <> {_MESSAGES}")
    for table in SEARCH_TABLES:
        run(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")


def rebuild_tallies(run: Callable[[str], object]) -> None:
    """Count again from the tables what the tallies hold; `run` executes one statement of a transaction."""
    for table, (key, _, (counted, _)) in _TALLIES.items():
        run(f"DELETE FROM {table}")
        run(f"INSERT INTO {table} ({key}, tasks) {counted}")
