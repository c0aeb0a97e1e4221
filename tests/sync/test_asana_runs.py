"""Runs of the engine through the adapter of Asana against its fake: once each, and back again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from tests.sync.asana_stage import AsanaStage
from tests.sync.fakes.asana import BEN, PROJECT, WORKSPACE, AsanaFake
from tests.sync.fakes.server import Trouble

from tracker.services import board, sync, tasks
from tracker.services.sync import NewConnection, SyncReport, match_statuses
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace


@pytest.fixture
def stage() -> Iterator[AsanaStage]:
    with AsanaFake() as fake:
        made = AsanaStage(fake)
        yield made
        made.close()


@pytest.fixture
def ws(begun: Workspace, stage: AsanaStage) -> Workspace:
    adapter = stage.open()
    statuses = match_statuses(adapter.statuses())
    sync.connect(begun, NewConnection(
        "asana", PROJECT, workspace=WORKSPACE, base_url=stage.fake.url, people={"mara": BEN}, statuses=statuses,
        options=stage.options or {}, sends_goals=True,
    ))  # fmt: skip
    return begun


def run(ws: Workspace, stage: AsanaStage) -> SyncReport:
    return sync.run(ws, "asana", stage.open(), wait=lambda _: None)


def add(ws: Workspace, title: str, **fields: object) -> str:
    new = NewTask(title, "KR-01", **{"owner": "mara", "contribution": "brings calls", **fields})  # type: ignore[arg-type]
    return tasks.add_task(ws, new).ids[0]


def test_assigned_work_stands_in_asana_with_its_section_and_goal(ws: Workspace, stage: AsanaStage) -> None:
    task = add(ws, "Write the page", due_on=date(2026, 10, 30))
    assert run(ws, stage).outcome == "done"
    (made,) = stage.fake.in_project()
    assert (made["name"], made["assignee"]["gid"], made["due_on"]) == ("Write the page", BEN, "2026-10-30")
    assert made["memberships"][0]["section"]["name"] == "To do"
    assert "Signed clients" in made["notes"]
    (goal,) = stage.fake.goals.values()
    assert goal["metric"]["target_number_value"] == 10
    assert [each["supporting_resource"]["gid"] for each in stage.fake.supports] == [made["gid"]]
    tasks.move_tasks(ws, [task], "doing")
    run(ws, stage)
    assert made["memberships"][0]["section"]["name"] == "Doing"


def test_what_is_done_in_asana_is_done_here(ws: Workspace, stage: AsanaStage) -> None:
    task = add(ws, "Write the page")
    run(ws, stage)
    gid = stage.fake.in_project()[0]["gid"]
    stage.fake.edit(gid, name="Write two pages", due_on="2026-11-20", completed=True)
    stage.fake.say(gid, "Done & dusted <b>")
    run(ws, stage)
    card = board.cards(ws, [task])[0]
    assert (card.title, card.due_on, str(card.status)) == ("Write two pages", date(2026, 11, 20), "done")
    assert any("Done & dusted <b>" in each.body for each in board.task_detail(ws, task).comments)
    assert run(ws, stage).words == "nothing to do"


def test_a_later_run_with_nothing_to_do_is_a_handful_of_requests(ws: Workspace, stage: AsanaStage) -> None:
    for number in range(60):
        add(ws, f"Task {number}")
    run(ws, stage)
    run(ws, stage)  # hears of what the first one made
    before = len(stage.server.log)
    assert run(ws, stage).words == "nothing to do"
    assert len(stage.server.log) - before <= 5


def test_troubles_on_the_way_make_nothing_twice(ws: Workspace, stage: AsanaStage) -> None:
    for number in range(12):
        add(ws, f"Task {number}")
    for after, trouble in enumerate((Trouble.DROP_AFTER, Trouble.GARBAGE, Trouble.HALF, Trouble.DROP_BEFORE,
                                     Trouble.STATUS_AFTER)):  # fmt: skip
        stage.server.fail(trouble, method="POST", path="^/tasks$", after=after)
        stage.server.fail(trouble, method="POST", path="addTask$", after=after)
        stage.server.fail(Trouble.STATUS_BEFORE, path="", status=429, retry_after="3", after=3 * after)
    for _ in range(3):
        run(ws, stage)
    assert Counter(stage.titles()) == Counter(f"Task {number}" for number in range(12))
    assert {each["memberships"][0]["section"]["name"] for each in stage.fake.in_project()} == {"To do"}
    assert run(ws, stage).words == "nothing to do"


@pytest.mark.parametrize("late", [1, 3, 6])
def test_a_task_that_shows_late_after_a_lost_answer_is_there_once(ws: Workspace, stage: AsanaStage, late: int) -> None:
    add(ws, "Write the page")
    stage.server.late_reads = late
    stage.server.fail(Trouble.DROP_AFTER, method="POST", path="^/tasks$")
    for _ in range(8):
        run(ws, stage)
    assert stage.titles() == ["Write the page"]
    assert run(ws, stage).words == "nothing to do"
