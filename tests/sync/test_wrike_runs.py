"""Runs of the engine through the adapter of Wrike against its fake: once each, and back again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.sync.fakes.server import Trouble
from tests.sync.fakes.wrike import ANA, BEN, FOLDER, SPACE, WrikeFake
from tests.sync.wrike_stage import WrikeStage

from tracker.services import board, sync, tasks
from tracker.services.strategy import add_person
from tracker.services.sync import NewConnection, SyncReport, match_statuses
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace


@pytest.fixture
def stage() -> Iterator[WrikeStage]:
    with WrikeFake() as fake:
        made = WrikeStage(fake)
        yield made
        made.close()


@pytest.fixture
def ws(begun: Workspace, stage: WrikeStage) -> Workspace:
    adapter = stage.open()
    add_person(begun, "Lena Vogt", {})
    sync.connect(begun, NewConnection(
        "wrike", FOLDER, workspace=SPACE, base_url=stage.fake.url, people={"mara": BEN, "lena": ANA},
        statuses=match_statuses(adapter.statuses()), options=stage.options or {},
    ))  # fmt: skip
    return begun


def run(ws: Workspace, stage: WrikeStage) -> SyncReport:
    return sync.run(ws, "wrike", stage.open(), wait=lambda _: None)


def add(ws: Workspace, title: str, **fields: object) -> str:
    new = NewTask(title, "KR-01", **{"owner": "mara", "contribution": "brings calls", **fields})  # type: ignore[arg-type]
    return tasks.add_task(ws, new).ids[0]


def test_assigned_work_stands_in_wrike_with_its_status_and_key_result(ws: Workspace, stage: WrikeStage) -> None:
    task = add(ws, "Write the page", due_on=date(2026, 10, 30))
    assert run(ws, stage).outcome == "done"
    (made,) = stage.fake.tasks.values()
    assert (made["title"], made["responsibleIds"], made["dates"]["due"][:10]) == ("Write the page", [BEN], "2026-10-30")
    assert made["customStatusId"] == stage.fake.status("To do")
    assert "Signed clients" in made["description"]
    key_results = {each["value"] for each in made["customFields"] if each["id"] == stage.options["key_result_field"]}  # type: ignore[index]
    assert any("Signed clients" in each for each in key_results)
    tasks.move_tasks(ws, [task], "doing")
    run(ws, stage)
    assert stage.task(made["id"])["customStatusId"] == stage.fake.status("Doing")


def test_what_is_done_in_wrike_is_done_here(ws: Workspace, stage: WrikeStage) -> None:
    task = add(ws, "Write the page")
    run(ws, stage)
    (id,) = stage.fake.tasks
    stage.they_change(id, {"title": "Write two pages", "due_on": "2026-11-20", "status": stage.fake.status("Done")})
    stage.they_say(id, "Done & dusted <b>")
    run(ws, stage)
    card = board.cards(ws, [task])[0]
    assert (card.title, card.due_on, str(card.status)) == ("Write two pages", date(2026, 11, 20), "done")
    assert any("Done & dusted <b>" in each.body for each in board.task_detail(ws, task).comments)
    assert run(ws, stage).words == "nothing to do"


def test_a_message_in_the_second_in_which_its_task_was_read_arrives_with_the_next_run(
    ws: Workspace, stage: WrikeStage
) -> None:
    task = add(ws, "Write the page")
    run(ws, stage)
    (id,) = stage.fake.tasks
    shown = stage.fake.tasks[id]["updatedDate"]
    run(ws, stage)
    stage.they_say(id, "A word")
    stage.fake.tasks[id]["updatedDate"] = shown
    stage.fake._now = lambda: datetime.now(UTC) + timedelta(hours=1)
    run(ws, stage)
    assert [each.body for each in board.task_detail(ws, task).comments if "A word" in each.body]
    assert run(ws, stage).words == "nothing to do"


def test_a_task_in_the_recycle_bin_is_gone_there_and_stays_here(ws: Workspace, stage: WrikeStage) -> None:
    task = add(ws, "Write the page")
    run(ws, stage)
    (id,) = stage.fake.tasks
    stage.they_delete(id)
    assert run(ws, stage).counts == {"gone": 1}
    assert board.cards(ws, [task])[0].title == "Write the page"


def test_a_later_run_with_nothing_to_do_is_a_handful_of_requests(ws: Workspace, stage: WrikeStage) -> None:
    for number in range(60):
        add(ws, f"Task {number}")
    run(ws, stage)
    run(ws, stage)  # hears of what the first one made
    before = len(stage.server.log)
    assert run(ws, stage).words == "nothing to do"
    assert len(stage.server.log) - before <= 5


def test_five_changes_of_owner_and_days_are_ten_requests(ws: Workspace, stage: WrikeStage) -> None:
    ids = [add(ws, f"Task {number}", due_on=date(2026, 10, 30)) for number in range(60)]
    run(ws, stage)
    stage.fake._now = lambda: datetime.now(UTC) + timedelta(hours=1)  # what was just made is not read again any more
    stage.they_change(next(iter(stage.fake.tasks)), {"title": "Else"})
    run(ws, stage)
    run(ws, stage)
    for id in ids[1:4]:
        tasks.assign_tasks(ws, [id], "lena")
    tasks.set_due(ws, [ids[4]], date(2026, 11, 20))
    tasks.move_tasks(ws, [ids[5]], "doing")  # with the day on which it was begun
    before = len(stage.server.log)
    assert run(ws, stage).counts == {"push": 5}
    assert len(stage.server.log) - before <= 10, [(each.method, each.path) for each in stage.server.log[before:]]
    held = {each["title"]: each for each in stage.fake.tasks.values()}
    assert [held[f"Task {number}"]["responsibleIds"] for number in range(1, 5)] == [[ANA], [ANA], [ANA], [BEN]]
    assert [held[f"Task {number}"]["dates"]["due"][:10] for number in (4, 5)] == ["2026-11-20", "2026-10-30"]
    assert held["Task 5"]["dates"]["start"][:10] == ws.clock.today.isoformat()


def test_troubles_on_the_way_make_nothing_twice(ws: Workspace, stage: WrikeStage) -> None:
    for number in range(12):
        add(ws, f"Task {number}")
    for after, trouble in enumerate((Trouble.DROP_AFTER, Trouble.GARBAGE, Trouble.HALF, Trouble.DROP_BEFORE,
                                     Trouble.STATUS_AFTER)):  # fmt: skip
        stage.server.fail(trouble, method="POST", path=stage.creates, after=after)
        stage.server.fail(Trouble.STATUS_BEFORE, path="", status=429, after=3 * after)
    for _ in range(3):
        run(ws, stage)
    assert Counter(stage.titles()) == Counter(f"Task {number}" for number in range(12))
    assert run(ws, stage).words == "nothing to do"


@pytest.mark.parametrize("late", [1, 3, 6])
def test_a_task_that_shows_late_after_a_lost_answer_is_there_once(ws: Workspace, stage: WrikeStage, late: int) -> None:
    add(ws, "Write the page")
    stage.server.late_reads = late
    stage.server.fail(Trouble.DROP_AFTER, method="POST", path=stage.creates)
    for _ in range(8):
        run(ws, stage)
    assert stage.titles() == ["Write the page"]
    assert run(ws, stage).words == "nothing to do"
