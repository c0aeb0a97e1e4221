"""Tasks that others made there, and that somebody here makes work of ours: nobody's words are lost on the way."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sync.pretend import STATUSES, Pretend

from tracker.services import ideas, sync, tasks
from tracker.services.sync import NewConnection, SyncReport
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import sync_rows
from tracker.storage.sync_rows import LocalTask


def run(ws: Workspace, there: Pretend) -> SyncReport:
    return sync.run(ws, "pretend", there, wait=lambda _: None)


def row(ws: Workspace, task: str) -> LocalTask:
    with ws.store.reading() as connection:
        found = sync_rows.task_of(connection, "pretend", task)
    assert found is not None
    return found


@pytest.fixture
def there() -> Pretend:
    return Pretend()


@pytest.fixture
def ws(begun: Workspace) -> Workspace:
    sync.connect(
        begun, NewConnection("pretend", "p", people={"mara": "u-mara"}, statuses=STATUSES, takes_arrivals=True)
    )
    return begun


def test_what_others_wrote_on_an_arrival_stays_when_it_becomes_a_task(ws: Workspace, there: Pretend) -> None:
    theirs = there.make("Fix the form", description="Call Ben first", due_on=date(2026, 11, 3), priority="high")
    run(ws, there)
    (arrival,) = ideas.ideas(ws)
    (task,) = ideas.promote(ws, arrival.id, NewTask(arrival.title, "KR-01", owner="mara")).ids
    run(ws, there)
    kept = there.tasks[theirs]
    assert (kept.due_on, kept.priority) == (date(2026, 11, 3), "high")
    assert kept.description.startswith("Call Ben first")
    assert f"In tracker: {task}" in kept.description
    now = row(ws, task)
    assert (now.due_on, now.priority, now.notes) == ("2026-11-03", "high", "Call Ben first")
    assert run(ws, there).words == "nothing to do"


def test_what_was_said_when_an_arrival_became_a_task_goes_there(ws: Workspace, there: Pretend) -> None:
    theirs = there.make("Fix the form", description="Call Ben first", due_on=date(2026, 11, 3), priority="high")
    run(ws, there)
    (arrival,) = ideas.ideas(ws)
    said = NewTask("Mend the form", "KR-01", owner="mara", due_on=date(2026, 11, 9), priority="low", notes="Ours")
    ideas.promote(ws, arrival.id, said)
    run(ws, there)
    kept = there.tasks[theirs]
    assert (kept.title, kept.due_on, kept.priority) == ("Mend the form", date(2026, 11, 9), "low")
    assert kept.description.startswith("Ours")


def test_a_plan_tells_that_an_arrival_has_its_counterpart(ws: Workspace, there: Pretend) -> None:
    there.make("Fix the form")
    run(ws, there)
    (task,) = ideas.promote(ws, ideas.ideas(ws)[0].id, NewTask("Ours", "KR-01", owner="mara")).ids
    planned = sync.plan(ws, "pretend", there)
    assert [(each.task, each.action) for each in planned.tasks] == [(task, "adopt")]
    assert [(each.task, each.action) for each in run(ws, there).notes] == [(task, "adopt")]


def test_a_plan_tells_that_work_given_again_has_its_counterpart(ws: Workspace, there: Pretend) -> None:
    (task,) = tasks.add_task(ws, NewTask("Ours", "KR-01", owner="mara")).ids
    run(ws, there)
    tasks.move_tasks(ws, [task], "backlog")
    run(ws, there)
    tasks.assign_tasks(ws, [task], "mara")
    planned = sync.plan(ws, "pretend", there)
    assert [(each.task, each.action) for each in planned.tasks] == [(task, "adopt")]
    assert [(each.task, each.action) for each in run(ws, there).notes] == [(task, "adopt")]
