"""Corners of changing tasks: limits, waiting, order, and two people who do the same at once."""

from __future__ import annotations

import pytest

from tracker.domain.errors import Conflict, NotFound, Refused
from tracker.domain.filters import TaskFilter
from tracker.services import board, strategy, tasks
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace


def add(ws: Workspace, title: str = "Task", **fields: object) -> str:
    return tasks.add_task(ws, NewTask(title, "KR-01", **fields)).ids[0]  # type: ignore[arg-type]


def fields(ws: Workspace, task: str) -> dict[str, object]:
    return dict(board.task_detail(ws, task).fields)


def limit(ws: Workspace, scope: str, subject: str, most: int, mode: str) -> None:
    with ws.writing("limit") as tx:
        tx.insert("wip_limit", {"scope": scope, "subject": subject, "max": most, "mode": mode})


def backlog(ws: Workspace) -> list[str]:
    return [card.id for card in board.column_page(ws, "backlog", TaskFilter(), 0, 50).cards]


def test_a_hard_limit_that_is_passed_already_lets_other_fields_be_changed(begun: Workspace) -> None:
    ids = [add(begun, owner="mara"), add(begun, owner="mara")]
    tasks.move_tasks(begun, ids, "doing")
    limit(begun, "status", "doing", 1, "hard")
    limit(begun, "person_doing", "mara", 1, "hard")
    assert tasks.edit_tasks(begun, ids, {"notes": "still the same work"}).notices == ()
    tasks.move_tasks(begun, ids[:1], "review")
    with pytest.raises(Refused, match="2 of 1"):
        tasks.step_tasks(begun, ids[:1], -1)


def test_a_persons_hard_limit_holds_when_started_work_changes_hands(begun: Workspace) -> None:
    strategy.add_person(begun, "Lena")
    mine, hers = add(begun, owner="mara"), add(begun, owner="lena")
    tasks.move_tasks(begun, [mine, hers], "doing")
    limit(begun, "person_doing", "*", 1, "hard")
    with pytest.raises(Refused, match="lena is doing 2 of 1"):
        tasks.assign_tasks(begun, [mine], "lena")
    assert fields(begun, mine)["owner"] == "mara"


def test_a_task_that_waited_for_two_is_set_free_once(begun: Workspace) -> None:
    waiting, one, two = add(begun), add(begun), add(begun)
    tasks.wait_for(begun, [waiting], one)
    tasks.wait_for(begun, [waiting], two)
    assert tasks.move_tasks(begun, [one, two], "done").notices == (f"{waiting} waits no longer",)


def test_two_people_who_push_one_card_move_it_once(begun: Workspace) -> None:
    task = add(begun, owner="mara")
    seen = {task: fields(begun, task)}
    tasks.step_tasks(begun.acting_as("lena"), [task], 1, seen=seen)
    assert tasks.step_tasks(begun, [task], 1, seen=seen).batch is None
    assert fields(begun, task)["status"] == "doing"


def test_a_conflict_over_a_move_shows_both_columns(begun: Workspace) -> None:
    task = add(begun, owner="mara")
    seen = {task: fields(begun, task)}
    tasks.move_tasks(begun.acting_as("lena"), [task], "review")
    for attempt in (lambda: tasks.step_tasks(begun, [task], 1, seen=seen),
                    lambda: tasks.move_tasks(begun, [task], "doing", seen=seen),
                    lambda: tasks.edit_tasks(begun, [task], {"status": "doing"}, seen=seen)):
        with pytest.raises(Conflict, match="they made it 'review', you want 'doing'") as caught:
            attempt()
        clash = caught.value.disagreements[0]
        assert (clash.base, clash.ours, clash.theirs) == ("assigned", "doing", "review")


def test_to_the_top_again_changes_nothing(begun: Workspace) -> None:
    ids = [add(begun, title) for title in ("One", "Two", "Three")]
    tasks.rank_task(begun, ids[2], -1)
    assert tasks.rank_task(begun, ids[2], -1).batch is None
    assert tasks.rank_task(begun, ids[1], 1).batch is None
    assert backlog(begun) == [ids[2], ids[0], ids[1]]


def test_a_waiting_card_goes_to_the_top_of_those_that_wait(begun: Workspace) -> None:
    free, one, two, three = (add(begun, title) for title in ("Free", "One", "Two", "Three"))
    tasks.wait_for(begun, [one, two, three], free)
    for task in (one, two):
        tasks.rank_task(begun, task, -1)
    tasks.rank_task(begun, three, -1)
    assert backlog(begun) == [free, three, two, one]
    tasks.rank_task(begun, three, 1)
    assert backlog(begun) == [free, two, one, three]


def test_finished_work_is_not_ranked(begun: Workspace) -> None:
    task = add(begun)
    tasks.move_tasks(begun, [task], "done")
    with pytest.raises(Refused, match="order of time"):
        tasks.rank_task(begun, task, -1)


def test_further_key_results_keep_the_order_they_are_given_in(begun: Workspace) -> None:
    task = add(begun)
    for title in ("Calls", "Visits"):
        strategy.add_key_result(begun, "O-01", title, {"target": "40"})
    tasks.serve_also(begun, task, ["KR-02", "KR-02", "KR-03"])
    assert board.task_detail(begun, task).also_serves == ("KR-02", "KR-03")
    tasks.serve_also(begun, task, ["KR-03", "KR-02"])
    assert board.task_detail(begun, task).also_serves == ("KR-03", "KR-02")
    assert tasks.serve_also(begun, task, ["KR-03", "KR-02"]).batch is None
    with pytest.raises(Refused, match="cites KR-01 already"):
        tasks.serve_also(begun, task, ["KR-01"])
    with pytest.raises(NotFound, match="KR-99"):
        tasks.serve_also(begun, task, ["KR-99"])
    tasks.serve_also(begun, task, [])
    assert board.task_detail(begun, task).also_serves == ()


def test_a_cancel_reason_is_corrected_only_where_there_is_one(begun: Workspace) -> None:
    task = add(begun)
    with pytest.raises(Refused, match="if and only if there is a reason"):
        tasks.edit_tasks(begun, [task], {"cancel_reason": "typed in the wrong field"})
    tasks.cancel_tasks(begun, [task], "no longer nedeed")
    tasks.edit_tasks(begun, [task], {"cancel_reason": "no longer needed"})
    assert fields(begun, task)["cancel_reason"] == "no longer needed"
