"""What sync keeps: connections, links, intents, how far a run came. Written raw: none of it is undone by a person."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tracker.storage.columns import COLUMNS, quoted, to_database
from tracker.storage.strategy_rows import rows_of

Row = dict[str, object]


# connections


def connectors(connection: sqlite3.Connection) -> list[Row]:
    """Every connection by id, its JSON read."""
    rows = rows_of(connection, "connector", order="id")
    for row in rows:
        for name in ("maps", "settings"):
            row[name] = None if row[name] is None else json.loads(str(row[name]))
    return rows


def put_connector(connection: sqlite3.Connection, row: Mapping[str, object]) -> None:
    """Make or renew a connection."""
    _put(connection, "connector", row)


def database_id(connection: sqlite3.Connection) -> str:
    """A short id of this database that stays the same, also when its last connection was let go."""
    first = connection.execute("SELECT at FROM change_batch ORDER BY number LIMIT 1").fetchone()
    return hashlib.sha256(str(first[0]).encode()).hexdigest()[:6] if first else secrets.token_hex(3)


def people(connection: sqlite3.Connection) -> set[str]:
    """Ids of everybody."""
    return {row[0] for row in connection.execute("SELECT id FROM person")}


def mail_of_people(connection: sqlite3.Connection) -> dict[str, str | None]:
    """Active people and their e-mail addresses."""
    return dict(connection.execute("SELECT id, email FROM person WHERE active = 1 ORDER BY id").fetchall())


def look_at_all(connection: sqlite3.Connection, connector: str) -> None:
    """Let the next run look at every task here."""
    connection.execute("UPDATE sync_state SET seen_batch = 0 WHERE connector = ?", (connector,))


def link_rows(connection: sqlite3.Connection, connector: str) -> list[Row]:
    """Whole rows of a connection's links."""
    return rows_of(connection, "external_link", "connector = ?", (connector,))


def forget(connection: sqlite3.Connection, connector: str) -> None:
    """Remove a connection without links and all else that hangs on it."""
    for table in ("comment_link", "goal_link", "outbox"):
        connection.execute(f"DELETE FROM {table} WHERE connector = ?", (connector,))
    connection.execute("DELETE FROM connector WHERE id = ?", (connector,))  # its runs and state go with it


def _put(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> None:
    """Renew the row with that key, or make it; not with REPLACE, which triggers forbid."""
    columns = COLUMNS[table]
    values = {name: to_database(row[name]) for name in columns.names if name in row}
    renewed = ", ".join(f"{quoted(name)} = :{name}" for name in values if name not in columns.key)
    is_it = " AND ".join(f"{quoted(name)} = :{name}" for name in columns.key)
    if not connection.execute(f"UPDATE {quoted(table)} SET {renewed} WHERE {is_it}", values).rowcount:
        names = ", ".join(map(quoted, values))
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", values)


# tasks and their links

Pairs = dict[str, tuple[object, object]]
"""Field to (what stood here, what stood there) at the last agreement."""


@dataclass(frozen=True, slots=True)
class Link:
    """A task's counterpart as it is kept."""

    task: str
    connector: str
    external_id: str | None = None
    state: str = "pending"
    base: Pairs = field(default_factory=dict)
    theirs: Mapping[str, object] = field(default_factory=dict)
    """What stands there in the fields that are not settled."""
    version: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class LocalTask:
    """A task with what of the plan is told of it elsewhere."""

    id: str
    title: str
    status: str
    owner: str | None
    priority: str
    due_on: str | None
    started_on: str | None
    assigned_on: str | None
    review_on: str | None
    done_on: str | None
    contribution: str
    notes: str
    cancel_reason: str | None
    key_result: str
    key_result_title: str
    objective_title: str
    made_at: str | None
    """The instant of its first change here: another task of that id in a copy of this database has another one."""
    link: Link | None


_MADE_AT = """SELECT b.at FROM change c JOIN change_batch b ON b.number = c.batch
WHERE c.entity = {entity} AND c.id = {id} ORDER BY c.batch LIMIT 1"""
_TASK = f"""SELECT t.id, t.title, t.status, t.owner, t.priority, t.due_on, t.started_on, t.assigned_on, t.review_on,
t.done_on, t.contribution, t.notes, t.cancel_reason, t.key_result, k.title, o.title,
({_MADE_AT.format(entity="'task'", id="t.id")}),
l.task, l.connector, l.external_id, l.state, l.base, l.theirs, l.version, l.url
FROM task t JOIN key_result k ON k.id = t.key_result JOIN objective o ON o.id = k.objective
LEFT JOIN external_link l ON l.task = t.id AND l.connector = :connector """


def task_of(connection: sqlite3.Connection, connector: str, task: str) -> LocalTask | None:
    """A task with its link of a connection."""
    found = connection.execute(_TASK + "WHERE t.id = :task", {"connector": connector, "task": task}).fetchone()
    return _task_of(found) if found else None


def task_linked_to(connection: sqlite3.Connection, connector: str, external_id: str) -> LocalTask | None:
    """The task whose counterpart has that id."""
    found = connection.execute(
        "SELECT task FROM external_link WHERE connector = ? AND external_id = ?", (connector, external_id)
    ).fetchone()
    return task_of(connection, connector, found[0]) if found else None


def made_at(connection: sqlite3.Connection, entity: str, id: str) -> str | None:
    """The instant of something's first change here."""
    found = connection.execute(_MADE_AT.format(entity="?", id="?"), (entity, id)).fetchone()
    return _text(found[0]) if found else None


def who_changed(connection: sqlite3.Connection, task: str, field_name: str) -> str | None:
    """Who changed a field of a task last."""
    found = connection.execute(
        'SELECT b."by" FROM change c JOIN change_batch b ON b.number = c.batch '
        "WHERE c.entity = 'task' AND c.id = ? AND c.field = ? ORDER BY c.batch DESC, c.seq DESC LIMIT 1",
        (task, field_name),
    ).fetchone()
    return _text(found[0]) if found else None


def link_of(connection: sqlite3.Connection, link: Link) -> Link | None:
    """A link as it stands now."""
    found = connection.execute(
        "SELECT task, connector, external_id, state, base, theirs, version, url FROM external_link "
        "WHERE connector = ? AND task = ?",
        (link.connector, link.task),
    ).fetchone()
    return _link_of(found) if found else None


def _task_of(row: tuple[object, ...]) -> LocalTask:
    link = _link_of(row[17:]) if row[17] is not None else None
    return LocalTask(*row[:17], link)  # type: ignore[arg-type,call-arg]  # in the order of _TASK


def _link_of(row: tuple[object, ...]) -> Link:
    task, connector, external_id, state, base, theirs, version, url = row
    pairs = {name: (pair[0], pair[1]) for name, pair in json.loads(str(base)).items()} if base else {}
    return Link(str(task), str(connector), _text(external_id), str(state), pairs,
                json.loads(str(theirs)) if theirs else {}, _text(version), _text(url))  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


_LINK = ("task", "connector", "external_id", "state", "base", "theirs", "version", "url")


def put_link(connection: sqlite3.Connection, link: Link, day: str | None = None) -> bool:
    """Keep a link; `day` is when both sides agreed last. False when its task went back to the backlog meanwhile."""
    values: Row = {
        "task": link.task, "connector": link.connector, "external_id": link.external_id, "state": link.state,
        "base": {name: list(pair) for name, pair in link.base.items()} or None, "theirs": dict(link.theirs) or None,
        "version": link.version, "url": link.url,
    }  # fmt: skip
    if day:
        values["synced_on"] = day
    status = connection.execute("SELECT status FROM task WHERE id = ?", (link.task,)).fetchone()
    if status is None or status[0] == "backlog":
        return False
    _put(connection, "external_link", values)
    return True


def drop_link(connection: sqlite3.Connection, connector: str, task: str) -> None:
    """Forget a link without a trace."""
    connection.execute("DELETE FROM external_link WHERE connector = ? AND task = ?", (connector, task))


def doubt(connection: sqlite3.Connection, connector: str, task: str) -> None:
    """Let the next run ask for the task there, whatever it hears of changes."""
    connection.execute(
        "UPDATE external_link SET version = NULL, "
        "state = CASE WHEN state IN ('synced','unmapped_owner') THEN 'changed_here' ELSE state END "
        "WHERE connector = ? AND task = ? AND external_id IS NOT NULL",
        (connector, task),
    )


def lost_link(connection: sqlite3.Connection, connector: str, task: str) -> Link | None:
    """The link that a task had before it went back to the backlog, as the history kept it."""
    found = connection.execute(
        "SELECT old FROM change WHERE entity = 'external_link' AND id = ? AND field = '*' AND old IS NOT NULL "
        "ORDER BY batch DESC, seq DESC LIMIT 1",
        (f"{task}/{connector}",),
    ).fetchone()
    if found is None:
        return None
    row = json.loads(found[0])
    return _link_of(tuple(row.get(name) for name in _LINK))


def links_in(connection: sqlite3.Connection, connector: str, states: Iterable[str]) -> Iterator[Link]:
    """The links of a connection in some states."""
    wanted = tuple(states)
    cursor = connection.execute(
        "SELECT task, connector, external_id, state, base, theirs, version, url FROM external_link "
        f"WHERE connector = ? AND state IN ({', '.join('?' * len(wanted))}) ORDER BY task",
        (connector, *wanted),
    )
    return (_link_of(row) for row in cursor)


def linked_ids(connection: sqlite3.Connection, connector: str) -> set[str]:
    """The remote ids of every link that is not gone."""
    found = connection.execute(
        "SELECT external_id FROM external_link WHERE connector = ? AND external_id IS NOT NULL AND state <> 'gone'",
        (connector,),
    )
    return {row[0] for row in found}


def states(connection: sqlite3.Connection, connector: str) -> dict[str, int]:
    """State of links to how many have it."""
    return dict(connection.execute(
        "SELECT state, count(*) FROM external_link WHERE connector = ? GROUP BY state", (connector,)
    ).fetchall())  # fmt: skip


# what changed here

_AT_WORK = "('assigned','doing','review')"
_OWED = f"t.owner IS NOT NULL AND t.status IN {_AT_WORK}"
_EVERY = f"""SELECT t.id FROM task t WHERE {_OWED}
UNION SELECT task FROM external_link WHERE connector = :connector"""
_TOUCHED = f"""WITH touched AS (SELECT DISTINCT entity, id FROM change WHERE batch > :since)
SELECT t.id FROM touched c JOIN task t ON t.id = c.id WHERE c.entity = 'task'
  AND ({_OWED} OR EXISTS (SELECT 1 FROM external_link l WHERE l.task = t.id AND l.connector = :connector))
UNION SELECT m.task FROM touched c JOIN comment m ON m.number = CAST(c.id AS INTEGER)
  JOIN external_link l ON l.task = m.task AND l.connector = :connector WHERE c.entity = 'comment'
UNION SELECT l.task FROM touched c JOIN key_result k ON (c.entity = 'key_result' AND k.id = c.id)
  OR (c.entity = 'objective' AND k.objective = c.id) JOIN task t ON t.key_result = k.id
  JOIN external_link l ON l.task = t.id AND l.connector = :connector
UNION SELECT task FROM external_link WHERE connector = :connector
  AND state IN ('pending','changed_here','changed_there')"""
_HOW_MANY_EVERY = f"""SELECT
(SELECT coalesce(sum(tasks), 0) FROM status_tally WHERE scope = 'owner' AND subject <> '' AND status IN {_AT_WORK})
+ (SELECT count(*) FROM external_link l CROSS JOIN task t ON t.id = l.task WHERE l.connector = :connector
  AND NOT ({_OWED}))"""
"""The length of `_EVERY`: those that are owed come from the tally, for there may be tens of thousands of them."""


def changed_tasks(connection: sqlite3.Connection, connector: str, since: int) -> list[str]:
    """Tasks that may have to go there: changed after a batch, or (since 0) every linked and every assigned one."""
    found = connection.execute(_TOUCHED if since else _EVERY, {"connector": connector, "since": since})
    return sorted((row[0] for row in found), key=lambda task: (len(task), task))


def count_of_changed_tasks(connection: sqlite3.Connection, connector: str, since: int) -> int:
    """How many `changed_tasks` there are."""
    sql = f"SELECT count(*) FROM ({_TOUCHED})" if since else _HOW_MANY_EVERY
    return int(connection.execute(sql, {"connector": connector, "since": since}).fetchone()[0])


def unlinked_since(connection: sqlite3.Connection, connector: str, since: int) -> list[str]:
    """Tasks whose link somebody here took away after a batch, and that have none now."""
    found = connection.execute(
        "SELECT DISTINCT substr(c.id, 1, instr(c.id, '/') - 1) AS task FROM change c "
        "JOIN change_batch b ON b.number = c.batch AND b.\"by\" <> 'sync:' || ? WHERE c.batch > ? "
        "AND c.entity = 'external_link' AND c.id LIKE '%/' || ? AND c.field = '*' AND c.old IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM external_link l WHERE l.connector = ? "
        "AND l.task = substr(c.id, 1, instr(c.id, '/') - 1)) ORDER BY 1",
        (connector, since, connector, connector),
    )
    return [row[0] for row in found] if since else []


def doubtful_links(connection: sqlite3.Connection, connector: str, since: int) -> list[str]:
    """Remote ids of links that undo brought back after a batch, or whose state there has to be asked for."""
    found = connection.execute(
        "SELECT l.external_id FROM external_link l WHERE l.connector = :connector AND l.external_id IS NOT NULL "
        "AND l.version IS NULL AND l.state <> 'gone' "
        "UNION SELECT l.external_id FROM change c JOIN external_link l ON c.id = l.task || '/' || l.connector "
        "WHERE c.batch > :since AND c.entity = 'external_link' AND l.connector = :connector AND :since > 0 "
        "AND l.external_id IS NOT NULL",
        {"connector": connector, "since": since},
    )
    return [row[0] for row in found]


def latest_batch(connection: sqlite3.Connection) -> int:
    """The newest batch of changes."""
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM change_batch").fetchone()[0])


# arrivals


def arrival(connection: sqlite3.Connection, source: str, external_id: str) -> Row | None:
    """The arrival that a remote task became."""
    found = rows_of(connection, "import_item", "connector = ? AND external_id = ?", (source, external_id))
    return found[0] if found else None


def arrival_of_task(connection: sqlite3.Connection, source: str, task: str) -> tuple[str, Mapping[str, object]] | None:
    """Remote id, and what stood there, of the arrival that a task was made of."""
    found = rows_of(connection, "import_item", "task = ? AND connector = ?", (task, source))
    if not found or found[0]["external_id"] is None:
        return None
    return str(found[0]["external_id"]), json.loads(str(found[0]["raw"]))
