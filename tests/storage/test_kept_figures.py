"""What triggers keep is true after any sequence of changes, taken or refused: counts, waiting, messages, search."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.storage.grounds import Ground, PostgreSQLGround, RefusedByTheDatabaseError, SQLiteGround

_TASKS = st.integers(1, 12).map("T-{:03}".format)
_KEY_RESULTS = st.sampled_from(["KR-01", "KR-02", "KR-03", "KR-06", "KR-09"])
_OWNERS = st.sampled_from(["'mara'", "'tomas'", "'renamed'", "NULL"])
_DAYS = st.integers(1, 28).map("2026-10-{:02}".format)
_WAYS = st.sampled_from(["", "", " OR REPLACE", " OR IGNORE", " OR FAIL"])
_STANDINGS = st.sampled_from([
    "status = 'backlog', assigned_on = NULL, started_on = NULL, done_on = NULL, cancel_reason = NULL, "
    "blocked_reason = NULL",
    "status = 'assigned', owner = 'mara', assigned_on = '2026-10-02', done_on = NULL, cancel_reason = NULL",
    "status = 'doing', owner = 'tomas', assigned_on = '2026-10-02', started_on = '2026-10-03', done_on = NULL, "
    "cancel_reason = NULL",
    "status = 'done', owner = 'tomas', assigned_on = '2026-10-02', started_on = '2026-10-03', done_on = '2026-10-07', "
    "cancel_reason = NULL, blocked_reason = NULL",
    "status = 'cancelled', done_on = NULL, cancel_reason = 'enough', blocked_reason = NULL",
    "status = 'done'",
])


_ASPECTS = st.sampled_from([
    "contribution = 'Says the same '", "contribution = ' says THE same'", "contribution = '  '", "medium = 'email'",
    "channel = NULL", "kind = 'foundational'", "kind = 'ongoing'", "journey_step = 3", "journey_step = NULL",
    "due_on = '2026-10-23'", "due_on = NULL", "publish_on = '2026-10-24', due_on = '2026-10-25'", "publish_on = NULL",
])


def _insert(task: str, key_result: str, owner: str, day: str, way: str) -> str:
    done = "'done', '2026-10-02', '2026-10-02', " + f"'{day}'" if owner != "NULL" else "'backlog', NULL, NULL, NULL"
    return (
        f"INSERT{way} INTO task (id, title, key_result, owner, created_on, status, assigned_on, started_on, done_on) "
        f"VALUES ('{task}', 'Task {task} of {day}', '{key_result}', {owner}, '2026-10-01', {done})"
    )


_CHANGES = st.one_of(
    st.builds(_insert, _TASKS, _KEY_RESULTS, _OWNERS, _DAYS, _WAYS),
    st.builds(_insert, _TASKS, _KEY_RESULTS, _OWNERS, _DAYS, _WAYS),
    st.builds("UPDATE{} task SET {} WHERE id = '{}'".format, _WAYS, _STANDINGS, _TASKS),
    st.builds("UPDATE{} task SET {} WHERE key_result = '{}'".format, _WAYS, _STANDINGS, _KEY_RESULTS),
    st.builds("UPDATE{} task SET owner = {} WHERE id = '{}'".format, _WAYS, _OWNERS, _TASKS),
    st.builds("UPDATE{} task SET key_result = '{}' WHERE id = '{}'".format, _WAYS, _KEY_RESULTS, _TASKS),
    st.builds("UPDATE{} task SET stage = 'decision', title = 'Of {}' WHERE id >= '{}'".format, _WAYS, _DAYS, _TASKS),
    st.builds("UPDATE{} task SET done_on = '{}' WHERE status = 'done'".format, _WAYS, _DAYS),
    st.builds("UPDATE{} task SET started_on = '{}' WHERE id = '{}'".format, _WAYS, _DAYS, _TASKS),
    st.builds("UPDATE{} task SET {} WHERE id = '{}'".format, _WAYS, _ASPECTS, _TASKS),
    st.builds("UPDATE{} task SET {} WHERE id = '{}'".format, _WAYS, _ASPECTS, _TASKS),
    st.builds("INSERT INTO task_event (task, seq, on_date, from_status, to_status) VALUES ('{}', {}, '{}', {}, '{}')"
              .format, _TASKS, st.integers(0, 4), _DAYS, st.sampled_from(["NULL", "'backlog'", "'doing'"]),
              st.sampled_from(["backlog", "assigned", "done"])),
    st.builds("UPDATE{} task SET id = '{}' WHERE id = '{}'".format, _WAYS, _TASKS, _TASKS),
    st.builds("DELETE FROM task WHERE id = '{}'".format, _TASKS),
    st.builds("DELETE FROM task WHERE id > '{}'".format, _TASKS),
    st.builds("INSERT{} INTO task_dependency (task, waits_for) VALUES ('{}', '{}')".format, _WAYS, _TASKS, _TASKS),
    st.builds("INSERT{} INTO task_dependency (task, waits_for) VALUES ('{}', '{}')".format, _WAYS, _TASKS, _TASKS),
    st.builds("DELETE FROM task_dependency WHERE task = '{}'".format, _TASKS),
    st.builds("DELETE FROM task_dependency WHERE waits_for = '{}'".format, _TASKS),
    st.builds("UPDATE{} task_dependency SET waits_for = '{}' WHERE task = '{}'".format, _WAYS, _TASKS, _TASKS),
    st.builds('INSERT{} INTO comment (task, "on", "by", body) VALUES (\'{}\', \'{}\', \'mara\', \'so\')'.format,
              _WAYS, _TASKS, _DAYS),
    st.builds("UPDATE{} comment SET task = '{}', body = 'Said on {}'".format, _WAYS, _TASKS, _DAYS),
    st.builds("DELETE FROM comment WHERE task = '{}'".format, _TASKS),
    st.sampled_from([
        "UPDATE person SET id = 'renamed' WHERE id = 'tomas'", "UPDATE person SET id = 'tomas' WHERE id = 'renamed'",
        "DELETE FROM person WHERE id = 'mara'", "DELETE FROM key_result WHERE id = 'KR-06'",
        "UPDATE key_result SET status = 'graded' WHERE id = 'KR-01'",
        "UPDATE key_result SET status = 'active' WHERE id IN ('KR-01', 'KR-03')",
    ]),
)
_SEQUENCES = st.lists(_CHANGES, min_size=6, max_size=30)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(changes=_SEQUENCES)
def test_figures_stay_true_in_sqlite(sqlite: SQLiteGround, changes: list[str]) -> None:
    with sqlite.fresh():
        _make(sqlite, changes)
        _figures_are_true(sqlite)
        for index in ("task_search", "comment_search"):
            sqlite.run(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(changes=_SEQUENCES)
def test_figures_stay_true_in_postgresql(postgresql: PostgreSQLGround, changes: list[str]) -> None:
    ways = (" OR REPLACE", " OR IGNORE", " OR FAIL")
    with postgresql.fresh():
        _make(postgresql, [_without(change, ways) for change in changes])
        _figures_are_true(postgresql)


def _without(text: str, parts: tuple[str, ...]) -> str:
    for part in parts:
        text = text.replace(part, "")
    return text


def _make(ground: Ground, changes: list[str]) -> None:
    for change in changes:
        try:
            ground.execute(change)
        except RefusedByTheDatabaseError:
            continue  # a refused change must leave the figures as true as one that was taken


def _figures_are_true(ground: Ground) -> None:
    names = "id key_result status owner stage channel medium kind journey_step started_on done_on due_on publish_on " \
        "contribution waits messages"
    listed = ", ".join(f"CAST({name} AS VARCHAR(10))" if name.endswith("_on") else name for name in names.split())
    rows = ground.run(f"SELECT {listed} FROM task")
    tasks: list[dict[str, Any]] = [dict(zip(names.split(), row, strict=True)) for row in rows]
    waits_for = ground.run("SELECT task, waits_for FROM task_dependency")
    comments = Counter(row[0] for row in ground.run("SELECT task FROM comment"))
    is_open = {row["id"]: row["status"] not in ("done", "cancelled") for row in tasks}

    assert _tally(ground, "key_result, status, owner, stage", "task_tally") == Counter(
        (row["key_result"], row["status"], row["owner"] or "", row["stage"]) for row in tasks
    )
    assert _tally(ground, "scope, subject, status", "status_tally") == Counter(
        (scope, subject, row["status"]) for row in tasks for scope, subject in _subjects(row) if subject is not None
    )
    assert _tally(ground, "CAST(done_on AS VARCHAR(10)), cycle_days", "done_tally") == Counter(
        (row["done_on"], _days(row["started_on"], row["done_on"])) for row in tasks if row["done_on"] is not None
    )
    assert _tally(ground, "key_result, reason", "reason_tally") == Counter(
        (row["key_result"], row["contribution"].strip(" ").lower()[:200])
        for row in tasks if is_open[row["id"]] and row["contribution"].strip(" ")
    )
    flow: Counter[tuple[object, ...]] = Counter()
    for day, came, left in ground.run("SELECT CAST(on_date AS VARCHAR(10)), to_status, from_status FROM task_event"):
        flow[day, came] += 1
        if left is not None:
            flow[day, left] -= 1
    assert _tally(ground, "CAST(on_date AS VARCHAR(10)), status", "flow_tally") == {
        key: tasks for key, tasks in flow.items() if tasks
    }
    open_ahead = Counter(task for task, other in waits_for if is_open[other])
    assert {row["id"]: row["waits"] for row in tasks} == {row["id"]: open_ahead[row["id"]] for row in tasks}
    assert {row["id"]: row["messages"] for row in tasks} == {row["id"]: comments[row["id"]] for row in tasks}
    assert not _has_a_circle(waits_for)


def _subjects(row: dict[str, Any]) -> list[tuple[str, str | None]]:
    def of_key_result(name: str) -> str | None:
        return None if row[name] is None else f"{row['key_result']}|{row[name]}"

    return [
        ("all", ""), ("key_result", row["key_result"]), ("owner", row["owner"] or ""), ("stage", row["stage"]),
        ("channel", row["channel"] or ""), ("medium", row["medium"]), ("kind", row["kind"]),
        ("coverage", f"{row['stage']}|{row['medium']}"), ("step", of_key_result("journey_step")),
        ("due", row["due_on"]), ("publish", row["publish_on"]), ("done_of", of_key_result("done_on")),
    ]


def _tally(ground: Ground, names: str, table: str) -> Counter[tuple[object, ...]]:
    rows: list[Any] = ground.run(f"SELECT {names}, tasks FROM {table} WHERE tasks <> 0")
    return Counter({row[:-1]: row[-1] for row in rows})


def _days(started: object, done: object) -> int:
    return (date.fromisoformat(str(done)) - date.fromisoformat(str(started))).days + 1


def _has_a_circle(waits_for: list[tuple[object, ...]]) -> bool:
    ahead: dict[object, list[object]] = {}
    for task, other in waits_for:
        ahead.setdefault(task, []).append(other)

    def reaches(start: object) -> bool:
        waiting, seen = list(ahead.get(start, ())), set()
        while waiting:
            at = waiting.pop()
            if at == start:
                return True
            if at not in seen:
                seen.add(at)
                waiting.extend(ahead.get(at, ()))
        return False

    return any(reaches(task) for task in ahead)
