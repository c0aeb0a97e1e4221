"""A plan says what the run after it does: the same actions, the same fields, the same words for what is not done."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sync.engine_driving import add, connect, row, run, state
from tests.sync.pretend import Pretend

from tracker.services import ideas, sync, tasks
from tracker.services.strategy import add_person
from tracker.services.sync import PlannedTask
from tracker.services.tasks import NewTask
from tracker.services.undo import redo, undo
from tracker.services.workspace import Workspace


def planned(ws: Workspace, there: Pretend) -> PlannedTask:
    """The only task of the plan, after which nothing is another one than before."""
    before, tasks_there = list(ws.store.connection.iterdump()), dict(there.tasks)
    plan = sync.plan(ws, "pretend", there)
    assert list(ws.store.connection.iterdump()) == before
    assert there.tasks == tasks_there
    (only,) = plan.tasks
    return only


def changes(task: PlannedTask) -> dict[str, tuple[str, str]]:
    return {each.field: (each.side, each.after) for each in task.fields}


def ran(ws: Workspace, there: Pretend) -> tuple[str, str]:
    (note,) = run(ws, there).notes
    return note.action, note.words


def test_work_given_to_somebody_unknown_there_goes_on_there_without_an_owner(ws: Workspace, there: Pretend) -> None:
    add_person(ws, "Tomas Berg", {})
    task = add(ws)
    run(ws, there)
    tasks.assign_tasks(ws, [task], "tomas")
    plan = planned(ws, there)
    assert (plan.action, changes(plan)) == ("push", {"owner": ("there", "nobody")})
    assert "goes there without its owner: tomas has no counterpart there" in plan.words
    action, words = ran(ws, there)
    assert (action, "without its owner: tomas" in words) == ("push", True)
    assert (there.one(task).owner, row(ws, task).owner, state(ws, task)) == (None, "tomas", "unmapped_owner")
    assert not sync.plan(ws, "pretend", there).tasks
    assert run(ws, there).words == "nothing to do"


def test_an_owner_that_is_set_there_comes_here_also_where_ours_is_unknown_there(ws: Workspace, there: Pretend) -> None:
    add_person(ws, "Tomas Berg", {})
    task = add(ws, owner="tomas")
    run(ws, there)
    there.edit(there.one(task).id, owner="u-mara")
    assert changes(planned(ws, there)) == {"owner": ("here", "mara")}
    run(ws, there)
    assert (row(ws, task).owner, state(ws, task)) == ("mara", "synced")


def test_an_owner_that_both_changed_is_a_conflict_that_names_ours(ws: Workspace, there: Pretend) -> None:
    add_person(ws, "Tomas Berg", {})
    add_person(ws, "Lena Vogt", {})
    sync.change_connection(ws, "pretend", {"people": {"mara": "u-mara", "lena": "u-lena"}})
    task = add(ws)
    run(ws, there)
    tasks.assign_tasks(ws, [task], "tomas")
    there.edit(there.one(task).id, owner="u-lena")
    assert planned(ws, there).action == "conflict"
    run(ws, there)
    (field,) = sync.conflicts(ws)[0].fields
    assert (field.ours, field.theirs) == ("tomas", "lena")
    sync.resolve(ws, task, "pretend", mine=True)
    run(ws, there)
    assert (there.one(task).owner, row(ws, task).owner) == (None, "tomas")


def test_the_plan_of_work_that_comes_again_names_its_fields(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.move_tasks(ws, [task], "backlog")
    run(ws, there)
    there.edit(there.one(task).id, title="Edited there meanwhile", status="s-doing")
    tasks.assign_tasks(ws, [task], "mara")
    plan = planned(ws, there)
    assert plan.action == "adopt"
    assert changes(plan) == {"title": ("here", "Edited there meanwhile"), "status": ("here", "doing")}
    assert ran(ws, there) == ("adopt", "taken: title, status")
    assert not sync.plan(ws, "pretend", there).tasks


def test_counterparts_of_work_that_comes_again_are_read_together(ws: Workspace, there: Pretend) -> None:
    ids = [add(ws, f"Task {number}") for number in range(3)]
    run(ws, there)
    run(ws, there)
    for to in ("backlog", "assigned"):
        tasks.move_tasks(ws, ids, to)
    there.calls.clear()
    assert sync.plan(ws, "pretend", there).count(sync.Action.ADOPT) == 3
    assert there.count()["read"] == 1
    assert run(ws, there).counts["adopt"] == 3


def test_work_that_comes_again_and_is_gone_there_is_planned_to_be_made(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.move_tasks(ws, [task], "backlog")
    run(ws, there)
    there.delete(there.one(task).id)
    tasks.assign_tasks(ws, [task], "mara")
    assert planned(ws, there).action == "create"
    assert ran(ws, there)[0] == "create"


def test_the_plan_of_a_promoted_arrival_names_its_fields(begun: Workspace, there: Pretend) -> None:
    connect(begun, takes_arrivals=True)
    there.make("Theirs", description="hello", due_on=date(2026, 11, 1))
    run(begun, there)
    arrival = ideas.ideas(begun)[0].id
    ideas.promote(begun, arrival, NewTask("Ours", "KR-01", owner="mara", contribution="x"))
    plan = planned(begun, there)
    assert plan.action == "adopt"
    assert changes(plan)["title"] == ("there", "Ours")
    assert changes(plan)["due_on"] == ("here", "2026-11-01")
    assert changes(plan)["owner"] == ("there", "mara")
    assert ran(begun, there)[0] == "adopt"
    assert not sync.plan(begun, "pretend", there).tasks


def test_an_arrival_that_is_another_tasks_counterpart_by_now_gets_one_of_its_own(
    begun: Workspace, there: Pretend
) -> None:
    connect(begun, takes_arrivals=True)
    task = add(begun)
    run(begun, there)
    undo(begun)
    run(begun, there)
    redo(begun)
    run(begun, there)
    assert row(begun, task).link is not None
    new = NewTask("Promoted", "KR-01", owner="mara", contribution="x")
    ideas.promote(begun, ideas.ideas(begun)[0].id, new)
    assert planned(begun, there).action == "create"
    run(begun, there)
    assert [state(begun, each) for each in (task, "T-002")] == ["synced", "synced"]
    assert len(there.tasks) == 2


def test_what_nobody_has_there_any_more_is_said_to_go_back_to_the_backlog(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    there.edit(there.one(task).id, owner=None)
    plan = planned(ws, there)
    assert (plan.action, changes(plan)) == ("unlink", {"owner": ("here", "nobody")})
    assert "goes back to the backlog here" in plan.words
    assert ran(ws, there)[0] == "unlink"
    assert (row(ws, task).status, row(ws, task).link) == ("backlog", None)


@pytest.mark.parametrize("fields", [{"owner": None}, {"title": ""}, {"owner": "u-x"}, {"status": "s-odd"},
                                    {"owner": None, "due_on": date(2026, 12, 1)}])  # fmt: skip
def test_what_a_rule_here_refuses_is_planned_in_the_words_of_the_run(
    ws: Workspace, there: Pretend, fields: dict[str, object]
) -> None:
    task = add(ws)
    tasks.move_tasks(ws, [task], "doing")
    run(ws, there)
    there.edit(there.one(task).id, **fields)
    plan = planned(ws, there)
    action, words = ran(ws, there)
    assert plan.action == action
    assert plan.words == words.removeprefix("taken: due day; sent: start day; ")
    assert not sync.plan(ws, "pretend", there).tasks


def test_what_follows_from_what_is_taken_is_planned_to_be_sent(ws: Workspace, there: Pretend) -> None:
    task = add(ws, due_on=date(2026, 11, 1))
    run(ws, there)
    there.edit(there.one(task).id, status="s-doing")
    plan = planned(ws, there)
    assert (plan.action, changes(plan)) == (
        "both", {"status": ("here", "doing"), "start_on": ("there", "2026-10-19")},
    )  # fmt: skip
    assert ran(ws, there) == ("both", "taken: status; sent: start day")


def test_a_plan_tries_the_rules_on_some_hundred_tasks_and_says_of_how_many_not(
    ws: Workspace, there: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.services.sync.foreseeing.MOST_REHEARSED", 1)
    ids = [add(ws, f"Task {number}") for number in range(3)]
    run(ws, there)
    for task in ids:
        there.edit(there.one(task).id, title="")
    plan = sync.plan(ws, "pretend", there)
    assert [each.action for each in plan.tasks] == ["conflict", "pull", "pull"]
    (notice,) = plan.notices
    assert notice == "Whether the rules here allow what changed there is found out by the run for 2 more tasks."


def test_a_plan_is_made_also_where_nothing_can_be_written(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    there.edit(there.one(task).id, title="Theirs")
    ws.store.connection.execute("PRAGMA query_only = 1")
    (plan,) = sync.plan(ws, "pretend", there).tasks
    assert (plan.action, changes(plan)) == ("pull", {"title": ("here", "Theirs")})


@pytest.mark.parametrize("is_begun", [True, False])
def test_a_due_day_before_the_start_there_takes_the_start_along(ws: Workspace, there: Pretend, is_begun: bool) -> None:
    task = add(ws, due_on=date(2026, 10, 30))
    if is_begun:
        tasks.move_tasks(ws, [task], "doing")
    run(ws, there)
    there.edit(there.one(task).id, start_on=date(2026, 10, 28))
    run(ws, there)
    tasks.set_due(ws, [task], date(2026, 10, 20))
    start = "2026-10-19" if is_begun else ""
    assert changes(planned(ws, there)) == {"start_on": ("there", start), "due_on": ("there", "2026-10-20")}
    run(ws, there)
    made = there.one(task)
    assert (made.start_on, made.due_on) == (date(2026, 10, 19) if is_begun else None, date(2026, 10, 20))
    assert run(ws, there).words == "nothing to do"


def test_what_is_not_taken_is_said_once(begun: Workspace, there: Pretend) -> None:
    connect(begun, direction="push")
    task = add(begun)
    run(begun, there)
    there.edit(there.one(task).id, title="Theirs")
    assert planned(begun, there).action == "changed_there"
    assert ran(begun, there) == ("changed_there", "changed there, not taken: title")
    assert not sync.plan(begun, "pretend", there).tasks
    assert run(begun, there).words == "nothing to do"
    there.edit(there.one(task).id, due_on=date(2026, 12, 1))
    assert planned(begun, there).action == "changed_there"
    assert ran(begun, there) == ("changed_there", "changed there, not taken: title, due day")
    tasks.edit_tasks(begun, [task], {"priority": "high"})
    assert planned(begun, there).action == "push"
    assert ran(begun, there)[0] == "push"


def test_an_empty_message_there_is_nothing_to_take(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    there.say(there.one(task).id, " \x1b[31m\n")
    assert not sync.plan(ws, "pretend", there).tasks
    run(ws, there)
    there.edit(there.one(task).id, priority="high")
    assert "message" not in planned(ws, there).words


@pytest.mark.parametrize("over", ["done", "cancelled"])
def test_what_is_gone_there_and_over_here_is_not_promised_to_be_made_anew(
    ws: Workspace, there: Pretend, over: str
) -> None:
    task = add(ws)
    run(ws, there)
    there.delete(there.one(task).id)
    run(ws, there)
    tasks.move_tasks(ws, [task], over, reason="no need")
    outcome = sync.resolve(ws, task, "pretend", mine=True)
    assert outcome.label == f"{task} is {over} here and is not made in pretend again; its counterpart is forgotten"
    run(ws, there)
    assert not there.tasks
