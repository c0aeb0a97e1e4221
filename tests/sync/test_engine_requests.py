"""What a run asks of a remote, and what a plan says of messages."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import NOW
from tests.sync.pretend import STATUSES, Pretend

from tracker.clock import stopped_clock
from tracker.domain.remote import FIELDS, Capabilities
from tracker.services import sync, tasks
from tracker.services.strategy import add_person
from tracker.services.sync import NewConnection, SyncReport
from tracker.services.sync.planning import MOST_LOOKS
from tracker.services.sync.running import DELETED_MEANWHILE, HEARS_ITSELF_AT
from tracker.services.sync.surveying import READ_AT_ONCE
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import sync_rows
from tracker.storage.store import Store

TOGETHER = Capabilities(frozenset(FIELDS), reads_together=True)
PEOPLE = {"mara": "u-mara", "lena": "u-lena"}


@pytest.fixture
def ws(begun: Workspace) -> Workspace:
    add_person(begun, "Lena Vogt", {})
    sync.connect(begun, NewConnection("pretend", "p", people=PEOPLE, statuses=STATUSES))
    return begun


def run(ws: Workspace, there: Pretend) -> SyncReport:
    return sync.run(ws, "pretend", there, wait=lambda _: None)


def run_to_rest(ws: Workspace, there: Pretend) -> None:
    """Also hear of what the run itself did."""
    run(ws, there)
    assert run(ws, there).words == "nothing to do"


def add(ws: Workspace, count: int) -> list[str]:
    return [
        tasks.add_task(ws, NewTask(f"Task {number}", "KR-01", owner="mara", contribution="brings calls")).ids[0]
        for number in range(count)
    ]


def bodies(ws: Workspace) -> list[str]:
    return [row[0] for row in ws.store.connection.execute("SELECT body FROM comment ORDER BY number")]


# a first push


@pytest.mark.parametrize(("count", "second"), [(HEARS_ITSELF_AT, 0), (HEARS_ITSELF_AT - 1, HEARS_ITSELF_AT - 1)])
def test_after_a_large_first_push_the_next_run_hears_of_none_of_it(ws: Workspace, count: int, second: int) -> None:
    there = Pretend()
    add(ws, count)
    run(ws, there)
    heard: list[str] = []
    changes = there.changes

    def listen(cursor: str | None) -> object:
        found = changes(cursor)
        kept = list(found.tasks)
        heard.extend(each.id for each in kept)
        return replace(found, tasks=iter(kept))

    there.changes = listen  # type: ignore[method-assign,assignment]
    assert run(ws, there).words == "nothing to do"
    assert len(heard) == second


def test_what_others_changed_there_during_a_first_push_is_taken_by_it(ws: Workspace) -> None:
    there = Pretend()
    mine = add(ws, HEARS_ITSELF_AT)
    create = there.create

    def meanwhile(*given: object) -> object:
        made = create(*given)  # type: ignore[arg-type]
        if made.title == "Task 7":
            there.edit(made.id, title="Theirs")
        return made

    there.create = meanwhile  # type: ignore[method-assign,assignment]
    run(ws, there)
    with ws.store.reading() as connection:
        task = sync_rows.task_of(connection, "pretend", mine[7])
    assert task is not None
    assert task.title == "Theirs"


# copies of one database


def test_copies_that_go_on_apart_share_what_they_had_and_nothing_else(ws: Workspace, tmp_path: Path) -> None:
    there = Pretend()
    (shared,) = add(ws, 1)
    run(ws, there)
    ws.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(ws.store.path, tmp_path / "copy.sqlite3")
    with closing(Store.open(tmp_path / "copy.sqlite3")) as store:
        other = Workspace(store, stopped_clock(NOW + timedelta(seconds=1)), "mara")
        for copy, title in ((ws, "First"), (other, "Second")):
            tasks.add_task(copy, NewTask(title, "KR-01", owner="mara", contribution="brings calls"))
        for _ in range(2):
            for copy in (ws, other):
                run(copy, there)
        titles = [[each.title for each in strategy_tasks(copy)] for copy in (ws, other)]
    assert Counter(each.title for each in there.tasks.values()) == {"Task 0": 1, "First": 1, "Second": 1}
    assert len(there.of("T-002")) == 2
    assert there.one(shared).title == "Task 0"
    assert titles == [["Task 0", "First"], ["Task 0", "Second"]]


def strategy_tasks(ws: Workspace) -> list[sync_rows.LocalTask]:
    with ws.store.reading() as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM task ORDER BY number")]
        return [found for id in ids if (found := sync_rows.task_of(connection, "pretend", id)) is not None]


# back in the backlog


def test_who_gets_it_there_after_nobody_had_it_gets_it_here(ws: Workspace) -> None:
    there = Pretend()
    (task,) = add(ws, 1)
    run_to_rest(ws, there)
    id = there.one(task).id
    there.edit(id, owner=None)
    run(ws, there)
    assert strategy_tasks(ws)[0].status == "backlog"
    there.edit(id, owner="u-lena", title="Theirs")
    planned = sync.plan(ws, "pretend", there).tasks
    run(ws, there)
    (now,) = strategy_tasks(ws)
    assert (now.owner, now.status, now.title) == ("lena", "assigned", "Theirs")
    assert now.link is not None
    assert (now.link.external_id, now.link.state) == (id, "synced")
    assert [(each.task, str(each.action)) for each in planned] == [(task, "adopt")]


def test_what_was_put_back_into_the_backlog_here_stays_there(ws: Workspace) -> None:
    there = Pretend()
    (task,) = add(ws, 1)
    run_to_rest(ws, there)
    tasks.assign_tasks(ws, [task], None)
    run(ws, there)
    there.edit(there.one(task).id, owner="u-lena")
    run(ws, there)
    assert strategy_tasks(ws)[0].status == "backlog"


# reading together


def edit_all(ws: Workspace, ids: list[str]) -> None:
    for id in ids:
        tasks.edit_tasks(ws, [id], {"owner": "lena"})


@pytest.mark.parametrize("count", [5, READ_AT_ONCE, READ_AT_ONCE + 1])
def test_tasks_are_read_together_just_before_they_are_changed(ws: Workspace, count: int) -> None:
    there = Pretend(capabilities=TOGETHER)
    mine = add(ws, count)
    run_to_rest(ws, there)
    edit_all(ws, mine)
    there.calls.clear()
    run(ws, there)
    assert there.count()["read"] == -(-count // READ_AT_ONCE)
    assert there.count()["update"] == count
    read = [each for each in there.was_read.values() if each is not None]
    assert [each.owner for each in read] == ["u-mara"] * count
    assert {each.owner for each in there.tasks.values()} == {"u-lena"}


def test_a_remote_that_reads_one_by_one_is_not_asked_before(ws: Workspace) -> None:
    there = Pretend()
    mine = add(ws, 3)
    run_to_rest(ws, there)
    edit_all(ws, mine)
    there.calls.clear()
    run(ws, there)
    assert there.calls == ["changes", "update", "update", "update"]


def after_the_list(there: Pretend, act: Callable[[], None]) -> None:
    """Let something happen between the list of changes and what is read before a change."""
    read = there.read

    def late(ids: object) -> object:
        there.read = read  # type: ignore[method-assign]
        act()
        return read(ids)  # type: ignore[arg-type]

    there.read = late  # type: ignore[method-assign,assignment]


def test_an_edit_that_the_list_did_not_show_yet_is_merged_and_not_written_over(ws: Workspace) -> None:
    there = Pretend(capabilities=TOGETHER)
    (task,) = add(ws, 1)
    run_to_rest(ws, there)
    edit_all(ws, [task])
    after_the_list(there, lambda: there.edit(there.one(task).id, owner="u-else", due_on=date(2026, 12, 1)))
    run(ws, there)
    assert there.one(task).owner == "u-else"
    (open_one,) = sync.conflicts(ws)
    assert [each.field for each in open_one.fields] == ["owner"]


def test_a_task_deleted_there_a_moment_ago_is_not_written_to(ws: Workspace) -> None:
    there = Pretend(capabilities=TOGETHER)
    (task,) = add(ws, 1)
    run_to_rest(ws, there)
    edit_all(ws, [task])
    id = there.one(task).id
    after_the_list(there, lambda: there.edit(id, is_deleted=True))
    report = run(ws, there)
    assert [each.words for each in report.notes] == [DELETED_MEANWHILE]
    assert id not in there.was_read
    run(ws, there)
    assert [each.state for each in sync.conflicts(ws)] == ["gone"]


def test_a_read_that_is_refused_holds_no_change_back(ws: Workspace) -> None:
    there = Pretend(capabilities=TOGETHER)
    (task,) = add(ws, 1)
    run_to_rest(ws, there)
    edit_all(ws, [task])
    there.next_faults["read"] = [("before", "refused")]
    assert run(ws, there).outcome == "done"
    assert there.one(task).owner == "u-lena"


# messages


def test_a_message_within_the_moment_of_the_last_change_is_taken_where_messages_are_listed(ws: Workspace) -> None:
    there = Pretend(lists_messages=True)
    (task,) = add(ws, 1)
    run_to_rest(ws, there)
    there.say(there.one(task).id, "In the same second", who="u-mara", is_seen=False)
    assert [(each.action, each.words) for each in sync.plan(ws, "pretend", there).tasks] == [
        ("comment", "1 message there to take")
    ]
    for _ in range(2):
        run(ws, there)
    assert bodies(ws) == ["In the same second"]
    there.calls.clear()
    run(ws, there)
    assert there.calls == ["changes"]


def test_a_plan_says_which_messages_go_and_come(ws: Workspace) -> None:
    there = Pretend()
    first, second = add(ws, 2)
    run_to_rest(ws, there)
    tasks.comment(ws, first, "From here")
    tasks.comment(ws, first, "And again")
    there.say(there.one(second).id, "From there")
    planned = sync.plan(ws, "pretend", there).tasks
    assert {(each.task, str(each.action), each.words) for each in planned} == {
        (first, "comment", "2 messages of ours to send"), (second, "comment", "1 message there to take"),
    }  # fmt: skip
    run(ws, there)
    run(ws, there)
    assert not sync.plan(ws, "pretend", there).tasks


def test_a_plan_reads_the_messages_of_some_tasks_and_says_how_many_it_left(ws: Workspace) -> None:
    there = Pretend()
    mine = add(ws, MOST_LOOKS + 2)
    run(ws, there)
    for task in mine:
        there.say(there.one(task).id, "News")
    there.calls.clear()
    plan = sync.plan(ws, "pretend", there)
    assert there.count()["comments"] == MOST_LOOKS
    assert len(plan.tasks) == MOST_LOOKS
    assert plan.notices == ("The messages of 2 more tasks that changed there are read by the run.",)
