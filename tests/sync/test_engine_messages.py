"""Messages of tasks, and key results as goals, against a remote in memory."""

from __future__ import annotations

import pytest
from tests.sync.engine_driving import add, connect, run, state
from tests.sync.pretend import Pretend

from tracker.services import sync, tasks
from tracker.services.check_ins import NewCheckIn, check_in
from tracker.services.strategy import add_key_result
from tracker.services.undo import redo, undo
from tracker.services.workspace import Workspace


def test_messages_go_both_ways_once(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    tasks.comment(ws, task, "Early word")
    run(ws, there)
    there.say(there.one(task).id, "Hello from there", who="u-mara")
    tasks.comment(ws, task, "Hello from here")
    for _ in range(3):
        run(ws, there)
    texts = [each.text for each in there.written[there.one(task).id]]
    assert sorted(texts) == ["Hello from there", "Mara Okafor: Early word", "Mara Okafor: Hello from here"]
    bodies = ws.store.connection.execute('SELECT body, "by" FROM comment WHERE task = ?', (task,)).fetchall()
    assert sorted(bodies) == [("Early word", "mara"), ("Hello from here", "mara"), ("Hello from there", "mara")]


def bodies(ws: Workspace) -> list[str]:
    return [row[0] for row in ws.store.connection.execute("SELECT body FROM comment ORDER BY number")]


def test_a_message_that_was_taken_back_here_does_not_return(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.comment(ws, task, "Hello")
    run(ws, there)
    undo(ws)
    there.say(there.one(task).id, "News")
    run(ws, there)
    assert bodies(ws) == ["Lena There: News"]


def test_a_message_that_was_taken_back_and_said_again_is_there_once(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.comment(ws, task, "Hello")
    run(ws, there)
    undo(ws)
    run(ws, there)
    redo(ws)
    for _ in range(2):
        run(ws, there)
    assert bodies(ws) == ["Hello"]
    assert [each.text for each in there.written[there.one(task).id]] == ["Mara Okafor: Hello"]


def test_two_people_may_say_the_same(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.comment(ws, task, "Ok")
    there.say(there.one(task).id, "Ok")
    run(ws, there)
    assert bodies(ws) == ["Ok", "Lena There: Ok"]
    assert [each.text for each in there.written[there.one(task).id]] == ["Ok", "Mara Okafor: Ok"]


@pytest.mark.parametrize("direction", ["both", "push"])
def test_messages_are_recognised_when_connected_again(ws: Workspace, there: Pretend, direction: str) -> None:
    task = add(ws)
    for text in ("Hello", "Hello"):
        tasks.comment(ws, task, text)
    run(ws, there)
    there.say(there.one(task).id, "News")
    run(ws, there)
    sync.disconnect(ws, "pretend")
    connect(ws, direction=direction)
    tasks.comment(ws, task, "And more")
    for _ in range(2):
        run(ws, there)
    assert bodies(ws) == ["Hello", "Hello", "Lena There: News", "And more"]
    said = [each.text for each in there.written[there.one(task).id]]
    assert said == ["Mara Okafor: Hello", "Mara Okafor: Hello", "News", "Mara Okafor: And more"]


def test_key_results_stand_there_as_goals(begun: Workspace, there: Pretend) -> None:
    connect(begun, sends_goals=True)
    task = add(begun)
    run(begun, there)
    ((goal, mirror),) = there.goals.items()
    assert (mirror.title, str(mirror.target)) == ("Signed clients", "10")
    assert there.supports == {(goal, there.one(task).id)}
    there.calls.clear()
    run(begun, there)
    assert there.calls == ["changes"]


def test_a_plan_says_which_goals_are_made_and_renewed(begun: Workspace, there: Pretend) -> None:
    connect(begun, sends_goals=True)
    add(begun)

    def goals() -> list[tuple[str, str]]:
        found = sync.plan(begun, "pretend", there).tasks
        return [(each.title, each.words) for each in found if each.action == "goal"]

    assert goals() == [("KR-01 Signed clients", "is made there as a goal: 0 clients of 10")]
    run(begun, there)
    assert goals() == []
    check_in(begun, NewCheckIn("KR-01", "3", "7", "two more signed"))
    assert goals() == [("KR-01 Signed clients", "is renewed there: 3 clients of 10")]
    run(begun, there)
    assert [str(each.value) for each in there.goals.values()] == ["3"]
    assert goals() == []


def test_a_task_that_cites_another_key_result_supports_the_other_goal(begun: Workspace, there: Pretend) -> None:
    connect(begun, sends_goals=True)
    other = add_key_result(begun, "O-01", "Calls", {"target": "20", "unit": "calls", "owner": "mara"}).ids[0]
    task = add(begun)
    run(begun, there)
    tasks.cite(begun, [task], other)
    run(begun, there)
    (goal,) = [id for id, mirror in there.goals.items() if mirror.title == "Calls"]
    assert there.supports == {(goal, there.one(task).id)}


@pytest.mark.parametrize(("fault", "tries"), [("later", 2), ("lost", 2), ("refused", 1)])
def test_support_of_a_goal_that_did_not_get_there_is_tried_again(
    begun: Workspace, there: Pretend, fault: str, tries: int
) -> None:
    connect(begun, sends_goals=True)
    task = add(begun)
    there.next_faults["support"] = [("before", fault)] * (4 if fault == "later" else 1)
    run(begun, there)
    assert not there.supports
    there.calls.clear()
    run(begun, there)
    assert there.count()["support"] == tries - 1
    assert state(begun, task) == "synced"
    assert bool(there.supports) == (tries == 2)
