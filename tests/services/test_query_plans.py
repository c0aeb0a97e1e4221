"""What people do every minute is answered on an index: the plans are the same for a hundred tasks and a million.

SQLite plans by statistics only where ANALYZE has run; it never does here, so that the plan on a small file is the plan
on every file.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.filters import TaskFilter
from tracker.domain.tasks import COLUMNS
from tracker.services import board, ideas, lookup, tasks, undo
from tracker.services.header import header
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import search as full_text

LARGE = "|".join((
    "task", "t", "mine", "comment", "c", "change", "change_batch", "b", "task_event", "task_dependency", "d",
    "task_also_serves", "external_link", "idea", "import_item", "evidence",
))
"""Tables, and what the queries call them, that grow with the work."""
SCANS = re.compile(rf"SCAN (?:{LARGE})\b(?! VIRTUAL)")
NEVER = re.compile(r"\b(?:WHERE|AND) 0\b")
"""A condition that is always false: it is planned as a scan, but reads nothing."""
ONLY_BLOCKED = "USING INDEX task_blocked"
"""An index of the few tasks that are blocked, read from end to end by who asks for all of them."""
GIVEN = "SELECT value FROM json_each("
"""A few rows by their numbers: they may be sorted."""
NEWEST = re.compile(r"ON b\.number = c\.batch ORDER BY c\.batch DESC, c\.seq DESC LIMIT \d+$")
"""The newest changes of all: read from the end of their key, as far as the limit."""

Doing = Callable[[Workspace], object]


def statements(ws: Workspace, do: Doing) -> list[str]:
    """The statements that something runs, with their values."""
    ran: list[str] = []
    ws.store.connection.set_trace_callback(ran.append)
    try:
        do(ws)
    finally:
        ws.store.connection.set_trace_callback(None)
    return [sql for sql in ran if re.match(r"\s*(?:SELECT|WITH|UPDATE|DELETE|INSERT)\b", sql)]


def plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


def slow_parts(ws: Workspace, do: Doing, *, sorts: bool = True) -> list[str]:
    """Each step of a plan that reads a large table from end to end, or (with `sorts`) sorts what it found."""
    found = []
    for sql in statements(ws, do):
        if not NEVER.search(sql):
            steps = plan(ws.store.connection, sql)
            is_newest = NEWEST.search(sql) is not None
            found += [f"{step}: {sql}" for step in steps
                      if SCANS.match(step) and ONLY_BLOCKED not in step and not is_newest]
            sorted_steps = [step for step in steps if sorts and "TEMP B-TREE FOR ORDER BY" in step]
            found += [f"{step}: {sql}" for step in sorted_steps[sql.count(f"IN ({GIVEN}") > 0 :]]
    return found


FILTERS = {
    "all": TaskFilter(),
    "key result": TaskFilter(key_result="KR-05"),
    "owner": TaskFilter(owner="priya"),
    "nobody": TaskFilter(unowned=True),
    "stage": TaskFilter(stage="awareness"),
    "late": TaskFilter(late=True),
    "blocked": TaskFilter(blocked=True),
    "due": TaskFilter(due_by=date(2026, 10, 23)),
    "key result and owner": TaskFilter(key_result="KR-05", owner="priya"),
    "key result, nobody": TaskFilter(key_result="KR-05", unowned=True),
    "owner, stage": TaskFilter(owner="priya", stage="awareness"),
    "started": TaskFilter(status=frozenset({"doing", "review"})),
    "channel": TaskFilter(channel="email"),
    "medium": TaskFilter(medium="email"),
}
"""What people filter by, alone and together."""


def off_strategy(ws: Workspace) -> None:
    """Tasks whose channel is all that is wrong with them: they are sorted in among those that need something."""
    tasks.edit_tasks(ws, ["T-021", "T-028", "T-030", "T-051"], {"channel": "tiktok"})


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_what_a_filter_shows_is_read_in_drawing_order_from_an_index(northlight: Workspace, wanted: TaskFilter) -> None:
    off_strategy(northlight)
    for status in (*COLUMNS, "cancelled"):
        assert not slow_parts(northlight, lambda ws, at=status: board.column_page(ws, at, wanted, 20, 10))  # type: ignore[misc]
    reads: list[Doing] = [
        lambda ws: board.view(ws, wanted, 20),
        lambda ws: board.triage_page(ws, wanted, 20, 30),
        lambda ws: board.triage_counts(ws, wanted),
        lambda ws: board.list_page(ws, wanted, 0, 30),
        lambda ws: list(board.iterate(ws, replace(wanted, status=frozenset({"doing", "done", "cancelled"})))),
    ]
    for read in reads:
        assert not slow_parts(northlight, read)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("all", "task_board (status=?)"), ("key result", "task_board_key_result (key_result=? AND status=?)"),
        ("owner", "task_board_owner (owner=? AND status=?)"), ("nobody", "task_board_owner (owner=? AND status=?)"),
        ("stage", "task_board_stage (stage=? AND status=?)"), ("late", "task_board_due (status=? AND due_order<?)"),
        ("due", "task_board_due (status=? AND due_order<?)"), ("blocked", "task_blocked (status=?)"),
    ],
)
def test_a_column_reads_no_card_that_its_filter_leaves_out(northlight: Workspace, name: str, index: str) -> None:
    asked = statements(northlight, lambda ws: board.column_page(ws, "doing", FILTERS[name], 0, 10))
    steps = [step for sql in asked for step in plan(northlight.store.connection, sql) if " t " in step]
    assert [step.removeprefix("SEARCH t USING INDEX ") for step in steps] == [index]


READS: dict[str, Doing] = {
    "header": header,
    "load": board.load,
    "unowned": board.unowned,
    "task": lambda ws: board.task_detail(ws, "T-043"),
    "cards": lambda ws: board.cards(ws, ["T-043", "T-026"]),
    "history of a task": lambda ws: undo.history(ws, "T-043"),
    "whole history": undo.history,
    "task by number": lambda ws: lookup.resolve_task(ws, "43"),
    "key result by number": lambda ws: lookup.resolve_key_result(ws, "4"),
}


@pytest.mark.parametrize("name", READS)
def test_what_is_read_all_the_time_is_read_from_an_index(northlight: Workspace, name: str) -> None:
    assert statements(northlight, READS[name])
    assert not slow_parts(northlight, READS[name], sorts=False)  # what is sorted are the few rows of one record


@pytest.mark.parametrize("text", ["w", "welcome", "welcome seq", "zebra"])
@pytest.mark.parametrize("bound", [1_000, 0])
def test_a_search_reads_the_index_of_the_text(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch, text: str, bound: int
) -> None:
    monkeypatch.setattr(full_text, "RANKED_BOUND", bound)
    # a few matches are sorted by rank; more than that are read in order
    sorts = bound == 0 and text != "zebra"
    assert not slow_parts(northlight, lambda ws: board.search(ws, text), sorts=sorts)
    assert not slow_parts(northlight, lambda ws: board.view(ws, TaskFilter(text=text), 20), sorts=sorts)


WRITES: dict[str, Doing] = {
    "add": lambda ws: tasks.add_task(ws, NewTask("New", "KR-05", owner="mara")),
    "edit": lambda ws: tasks.edit_tasks(ws, ["T-043"], {"title": "Other", "notes": "x"}),
    "move": lambda ws: tasks.move_tasks(ws, ["T-032"], "done"),
    "cancel": lambda ws: tasks.cancel_tasks(ws, ["T-028"], "not needed"),
    "assign": lambda ws: tasks.assign_tasks(ws, ["T-033", "T-034"], "lena"),
    "due": lambda ws: tasks.set_due(ws, ["T-020"], date(2026, 10, 30)),
    "cite": lambda ws: tasks.cite(ws, ["T-020"], "KR-06"),
    "block": lambda ws: tasks.block_tasks(ws, ["T-044"], "no photo"),
    "wait": lambda ws: tasks.wait_for(ws, ["T-034"], "T-033"),
    "stop waiting": lambda ws: (tasks.wait_for(ws, ["T-034"], "T-033"), tasks.stop_waiting(ws, ["T-034"])),
    "rank": lambda ws: tasks.rank_task(ws, "T-055", -1),
    "comment": lambda ws: tasks.comment(ws, "T-043", "Any news?"),
    "serve also": lambda ws: tasks.serve_also(ws, "T-043", ["KR-06"]),
    "idea": lambda ws: ideas.capture_idea(ws, "A thought"),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_change_and_its_undo_look_at_their_own_rows_only(northlight: Workspace, name: str) -> None:
    for do in (WRITES[name], undo.undo, undo.redo):
        assert not slow_parts(northlight, do, sorts=False)  # what is sorted are the few rows of one record


@pytest.mark.parametrize("name", WRITES)
def test_no_trigger_and_no_reference_reads_a_table_from_end_to_end(northlight: Workspace, name: str) -> None:
    """Of these EXPLAIN QUERY PLAN says nothing; the program that SQLite makes of a statement holds them."""
    for do in (WRITES[name], undo.undo, undo.redo):
        changes = [sql for sql in statements(northlight, do) if re.match(r"INSERT|UPDATE|DELETE", sql)]
        assert changes
        for sql in changes:
            assert not tables_gone_through(northlight.store.connection, sql) - {"sqlite_sequence"}, sql


def tables_gone_through(connection: sqlite3.Connection, sql: str) -> set[str]:
    """Tables that the program of a statement, its triggers and references included, reads from their first row."""
    of_page = dict(connection.execute("SELECT rootpage, tbl_name FROM sqlite_master WHERE rootpage > 0"))
    found: set[str] = set()
    opened: dict[int, str | None] = {}
    for _, code, cursor, page, *_ in connection.execute(f"EXPLAIN {sql}"):
        if code == "Init":  # the next program, which counts its cursors anew
            opened = {}
        elif code in ("OpenRead", "OpenWrite"):
            opened[cursor] = of_page.get(page)
        elif code.startswith(("Open", "Sorter")):
            opened[cursor] = None
        elif code == "Rewind" and (table := opened.get(cursor)) is not None:
            found.add(table)
    return found


def test_nothing_here_rests_on_statistics(northlight: Workspace) -> None:
    names = northlight.store.connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'")
    assert names.fetchall() == []


def test_a_slow_plan_would_be_seen(northlight: Workspace) -> None:
    slow = ("SELECT id FROM task t ORDER BY title", "SELECT count(*) FROM comment WHERE body = 'x'",
            "SELECT id FROM task INDEXED BY task_due WHERE due_order > '2026'")
    assert tables_gone_through(northlight.store.connection, "DELETE FROM person WHERE name = 'x'") >= {"person"}
    for sql in slow:
        assert slow_parts(northlight, lambda ws, asked=sql: ws.store.connection.execute(asked)), sql  # type: ignore[misc]
