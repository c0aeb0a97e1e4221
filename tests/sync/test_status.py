"""How connections stand: counted by the database, and the same as what a run would look at."""

from __future__ import annotations

import pytest
from tests.sync.pretend import STATUSES, Pretend

from tracker.services import sync, tasks
from tracker.services.sync import NewConnection
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import sync_journal, sync_rows


@pytest.fixture
def ws(begun: Workspace) -> Workspace:
    sync.connect(begun, NewConnection("pretend", "p", people={"mara": "u-mara"}, statuses=STATUSES))
    return begun


def add(ws: Workspace, title: str, owner: str | None = "mara") -> str:
    return tasks.add_task(ws, NewTask(title, "KR-01", owner=owner, contribution="brings calls")).ids[0]


def waiting(ws: Workspace) -> int:
    """What status says, after a look that a run would have as many tasks before it."""
    with ws.store.snapshot() as database:
        listed = sync_rows.changed_tasks(database, "pretend", sync_journal.state(database, "pretend")[1])
    (row,) = sync.status(ws)
    assert row.waiting == len(listed)
    return row.waiting


def test_as_many_wait_as_a_run_looks_at(ws: Workspace) -> None:
    assert waiting(ws) == 0
    first, second, _ = add(ws, "First"), add(ws, "Second"), add(ws, "Nobody's", None)
    assert waiting(ws) == 2
    sync.run(ws, "pretend", Pretend(), wait=lambda _: None)
    assert waiting(ws) == 0
    tasks.move_tasks(ws, [first], "done")
    tasks.edit_tasks(ws, [second], {"title": "Third"})
    tasks.comment(ws, second, "a word")
    assert waiting(ws) == 2
    with ws.writing("look at all") as tx:
        sync_rows.look_at_all(tx.connection, "pretend")
    add(ws, "Fourth")
    assert waiting(ws) == 3, "a linked one that is done, a linked one at work, and a new one"


def test_tasks_that_never_went_are_counted_without_reading_them(ws: Workspace) -> None:
    steps = []
    for _ in range(2):
        for number in range(20):
            add(ws, f"Task {number}")
        steps.append(0)

        def step() -> int:
            steps[-1] += 1
            return 0

        with ws.store.snapshot() as database:
            database.set_progress_handler(step, 1)
            sync_rows.count_of_changed_tasks(database, "pretend", 0)
            database.set_progress_handler(None, 0)
    assert steps[0] == steps[1], "the steps of the database do not grow with the tasks"


def test_a_decision_about_what_is_gone_there_is_made_once(begun: Workspace) -> None:
    sync.connect(begun, NewConnection("pretend", "p", people={"mara": "u-mara"}, statuses=STATUSES))
    there = Pretend()
    for title in ("Cancelled", "Done"):
        tasks.add_task(begun, NewTask(title, "KR-01", owner="mara"))
    sync.run(begun, "pretend", there)
    for task in ("T-001", "T-002"):
        there.delete(there.one(task).id)
    sync.run(begun, "pretend", there)
    assert [each.task for each in sync.conflicts(begun)] == ["T-001", "T-002"]
    sync.resolve(begun, "T-001", "pretend", mine=False)
    tasks.move_tasks(begun, ["T-002"], "done")
    assert not sync.conflicts(begun)
    sync.run(begun, "pretend", there)
    assert not sync.conflicts(begun)
