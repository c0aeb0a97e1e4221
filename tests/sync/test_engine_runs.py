"""What one run does with each kind of change, against a remote in memory."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sync.engine_driving import add, connect, row, run, state
from tests.sync.pretend import STATUSES, Pretend

from tracker.domain.errors import Refused
from tracker.domain.remote import RemoteTask, RequestRefused, TaskWrite
from tracker.services import ideas, sync, tasks
from tracker.services.strategy import add_person
from tracker.services.tasks import NewTask
from tracker.services.undo import history, redo, undo
from tracker.services.workspace import Workspace


def test_assigned_work_is_made_there_once_with_its_fields(ws: Workspace, there: Pretend) -> None:
    task = add(ws, due_on=date(2026, 10, 30), priority="high")
    waiting = tasks.add_task(ws, NewTask("Not yet", "KR-01")).ids[0]
    report = run(ws, there)
    made = there.one(task)
    assert (made.title, made.owner, made.status, made.due_on) == (
        "Write the page", "u-mara", "s-todo", date(2026, 10, 30),
    )  # fmt: skip
    assert made.priority == "high"
    assert "Why: brings calls" in made.description
    assert "Signed clients" in made.description
    assert report.outcome == "done"
    assert state(ws, task) == "synced"
    assert not there.of(waiting)


def test_a_plan_writes_on_neither_side(ws: Workspace, there: Pretend) -> None:
    add(ws)
    before = list(ws.store.connection.iterdump())
    plan = sync.plan(ws, "pretend", there)
    assert [each.action for each in plan.tasks] == ["create"]
    assert list(ws.store.connection.iterdump()) == before
    assert set(there.count()) <= {"changes", "read", "find", "statuses"}


def test_a_second_run_asks_for_changes_and_for_nothing_else(ws: Workspace, there: Pretend) -> None:
    for number in range(20):
        add(ws, f"Task {number}")
    run(ws, there)
    there.calls.clear()
    assert run(ws, there).words == "nothing to do"
    assert there.calls == ["changes"]


def test_local_edits_go_there(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.edit_tasks(ws, [task], {"title": "Write two pages", "due_on": "2026-11-02"})
    tasks.move_tasks(ws, [task], "doing")
    run(ws, there)
    made = there.one(task)
    assert (made.title, made.status, made.due_on) == ("Write two pages", "s-doing", date(2026, 11, 2))
    assert made.start_on == date(2026, 10, 19)


def test_edits_there_come_here_under_the_name_of_the_connection(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    notes = "Call her first.\n\n" + there.one(task).description
    there.edit(there.one(task).id, title="Theirs", status="s-done", due_on=date(2026, 12, 1), description=notes)
    run(ws, there)
    now = row(ws, task)
    assert (now.title, now.status, now.due_on, now.notes) == ("Theirs", "done", "2026-12-01", "Call her first.")
    assert {each.by for each in history(ws, task) if each.field == "title"} >= {"sync:pretend"}
    states = ws.store.connection.execute("SELECT to_status FROM task_event WHERE task = ? ORDER BY seq", (task,))
    assert [each[0] for each in states] == ["assigned", "doing", "done"]
    run(ws, there)
    there.calls.clear()
    assert run(ws, there).words == "nothing to do"


def test_different_fields_merge(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.edit_tasks(ws, [task], {"title": "Ours"})
    there.edit(there.one(task).id, due_on=date(2026, 12, 1))
    run(ws, there)
    assert row(ws, task).due_on == "2026-12-01"
    assert there.one(task).title == "Ours"
    assert state(ws, task) == "synced"


@pytest.mark.parametrize("mine", [True, False])
def test_the_same_field_is_a_conflict_that_a_person_settles(ws: Workspace, there: Pretend, mine: bool) -> None:
    task = add(ws)
    run(ws, there)
    tasks.edit_tasks(ws, [task], {"title": "Ours", "priority": "high"})
    there.edit(there.one(task).id, title="Theirs")
    run(ws, there)
    (conflict,) = sync.conflicts(ws)
    (field,) = conflict.fields
    assert (field.field, field.base, field.ours, field.theirs) == ("title", "Write the page", "Ours", "Theirs")
    assert there.one(task).priority == "high"
    assert (row(ws, task).title, there.one(task).title) == ("Ours", "Theirs")
    sync.resolve(ws, task, "pretend", None, mine=mine)
    run(ws, there)
    wanted = "Ours" if mine else "Theirs"
    assert (row(ws, task).title, there.one(task).title, state(ws, task)) == (wanted, wanted, "synced")


@pytest.mark.parametrize(("policy", "wanted"), [("ours", "Ours"), ("theirs", "Theirs")])
def test_a_policy_settles_by_itself(begun: Workspace, there: Pretend, policy: str, wanted: str) -> None:
    connect(begun, policy=policy)
    task = add(begun)
    run(begun, there)
    tasks.edit_tasks(begun, [task], {"title": "Ours"})
    there.edit(there.one(task).id, title="Theirs")
    run(begun, there)
    assert (row(begun, task).title, there.one(task).title) == (wanted, wanted)


def test_direction_push_shows_what_changed_there_and_takes_nothing(begun: Workspace, there: Pretend) -> None:
    connect(begun, direction="push")
    task = add(begun)
    run(begun, there)
    there.edit(there.one(task).id, title="Theirs")
    there.say(there.one(task).id, "hello")
    run(begun, there)
    assert row(begun, task).title == "Write the page"
    assert state(begun, task) == "changed_there"
    assert sync.conflicts(begun)[0].fields[0].theirs == "Theirs"
    tasks.edit_tasks(begun, [task], {"due_on": "2026-11-02"})
    run(begun, there)
    assert (there.one(task).title, there.one(task).due_on) == ("Theirs", date(2026, 11, 2))


def test_what_a_rule_refuses_is_a_conflict_and_the_rest_is_taken(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    tasks.move_tasks(ws, [task], "doing")
    run(ws, there)
    there.edit(there.one(task).id, owner=None, title="Theirs")
    report = run(ws, there)
    assert (row(ws, task).title, row(ws, task).owner, state(ws, task)) == ("Theirs", "mara", "conflict")
    assert any("needs an owner" in note.words for note in report.notes)
    sync.resolve(ws, task, "pretend", "owner", mine=True)
    run(ws, there)
    assert (there.one(task).owner, state(ws, task)) == ("u-mara", "synced")


def test_taking_a_task_away_there_puts_it_back_and_assigning_it_again_finds_it(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    there.edit(there.one(task).id, owner=None)
    run(ws, there)
    assert (row(ws, task).status, row(ws, task).link) == ("backlog", None)
    tasks.assign_tasks(ws, [task], "mara")
    run(ws, there)
    assert (there.one(task).owner, row(ws, task).status, state(ws, task)) == ("u-mara", "assigned", "synced")


@pytest.mark.parametrize(("at", "to"), [("review", "assigned"), ("done", "assigned"), ("done", "doing")])
def test_a_step_back_there_goes_through_the_states(ws: Workspace, there: Pretend, at: str, to: str) -> None:
    task = add(ws)
    tasks.move_tasks(ws, [task], "review")
    run(ws, there)
    tasks.move_tasks(ws, [task], at)
    run(ws, there)
    there.edit(there.one(task).id, status=STATUSES[to])
    run(ws, there)
    assert (row(ws, task).status, state(ws, task)) == (to, "synced")


def test_cancelled_work_is_completed_there_with_a_line_that_says_it(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.cancel_tasks(ws, [task], "no budget")
    run(ws, there)
    assert there.one(task).status == "s-done"
    assert "Cancelled: no budget" in there.one(task).description
    assert run(ws, there).words == "nothing to do"
    assert row(ws, task).status == "cancelled"


def test_a_status_there_without_a_counterpart_is_shown_and_not_taken(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    there.edit(there.one(task).id, status="s-odd")
    run(ws, there)
    assert (row(ws, task).status, state(ws, task)) == ("assigned", "changed_there")
    there.edit(there.one(task).id, status="s-doing")
    run(ws, there)
    assert (row(ws, task).status, state(ws, task)) == ("doing", "synced")


def test_an_owner_without_a_counterpart_stays_here_and_the_rest_goes(ws: Workspace, there: Pretend) -> None:
    add_person(ws, "Lena Vogt", {})
    task = add(ws, owner="lena")
    run(ws, there)
    assert (there.one(task).owner, state(ws, task)) == (None, "unmapped_owner")
    tasks.edit_tasks(ws, [task], {"title": "Changed"})
    run(ws, there)
    assert (there.one(task).title, state(ws, task)) == ("Changed", "unmapped_owner")
    sync.change_connection(ws, "pretend", {"people": {"mara": "u-mara", "lena": "u-lena"}})
    run(ws, there)
    assert (there.one(task).owner, state(ws, task)) == ("u-lena", "synced")


def test_what_is_deleted_there_stays_here_marked_gone(ws: Workspace, there: Pretend) -> None:
    task, other = add(ws), add(ws, "Another")
    run(ws, there)
    there.delete(there.one(task).id)
    run(ws, there)
    assert (row(ws, task).status, state(ws, task), state(ws, other)) == ("assigned", "gone", "synced")
    tasks.edit_tasks(ws, [task], {"title": "Still here"})
    run(ws, there)
    assert not there.of(task)
    sync.resolve(ws, task, "pretend", mine=True)
    run(ws, there)
    assert (there.one(task).title, state(ws, task)) == ("Still here", "synced")


def test_many_deletions_ask_first(ws: Workspace, there: Pretend) -> None:
    made = [add(ws, f"Task {number}") for number in range(8)]
    run(ws, there)
    for task in made[:6]:
        there.delete(there.one(task).id)
    tasks.edit_tasks(ws, [made[7]], {"title": "Goes on"})
    report = run(ws, there)
    assert (report.outcome, report.asks_for_deletions) == ("stopped", 6)
    assert "--allow-deletions 6" in report.words
    assert {state(ws, task) for task in made} == {"synced"}
    assert there.one(made[7]).title == "Goes on"
    assert run(ws, there, allow_deletions=6).counts["gone"] == 6
    assert state(ws, made[0]) == "gone"


def test_a_short_list_is_never_a_deletion(ws: Workspace, there: Pretend) -> None:
    made = [add(ws, f"Task {number}") for number in range(8)]
    run(ws, there)
    there.oldest_cursor, there.short_by, there.repeats = len(there.events) + 1, 5, True
    there.events.append(there.one(made[0]).id)
    report = run(ws, there)
    assert report.outcome == "done"
    assert {state(ws, task) for task in made} == {"synced"}
    assert len(there.tasks) == 8


def test_tasks_of_others_arrive_once_and_become_tasks_with_the_same_counterpart(
    begun: Workspace, there: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(begun, takes_arrivals=True)
    theirs = there.make("From\x1b[31m outside", description="Please")
    there.make("Closed long ago", status="s-done")
    run(begun, there)
    there.edit(theirs, title="Renamed")
    run(begun, there)
    (arrival,) = ideas.ideas(begun)
    assert arrival.title == "From outside"
    ideas.promote(begun, arrival.id, NewTask("Our name", "KR-01", owner="mara", contribution="why"))
    with monkeypatch.context() as locked:  # its reference gets there, also where nothing else of it may be changed
        update = there.update

        def name_only(id: str, task: TaskWrite, read: RemoteTask | None = None) -> RemoteTask:
            if task.fields:
                raise RequestRefused("It is locked.")
            return update(id, task, read)

        locked.setattr(there, "update", name_only)
        run(begun, there)
        assert there.one("T-001").id == theirs
    run(begun, there)
    assert len(there.tasks) == 2
    task = "T-001"
    link = row(begun, task).link
    assert link is not None
    assert link.external_id == theirs
    sync.disconnect(begun, "pretend")
    connect(begun, id="another", takes_arrivals=True)
    sync.run(begun, "another", there, wait=lambda _: None)
    assert len(there.tasks) == 2
    assert not ideas.ideas(begun)


def test_tasks_of_others_stay_away_unless_asked_for(ws: Workspace, there: Pretend) -> None:
    there.make("From outside")
    run(ws, there)
    assert not ideas.ideas(ws)


def test_a_key_result_renamed_here_is_told_in_every_task_of_it(ws: Workspace, there: Pretend) -> None:
    from tracker.services.strategy import edit_record

    task = add(ws)
    run(ws, there)
    edit_record(ws, "key_result", "KR-01", {"title": "Clients who stay"})
    notes = "Their note.\n\n" + there.one(task).description
    there.edit(there.one(task).id, description=notes)
    run(ws, there)
    assert "Clients who stay" in there.one(task).description
    assert there.one(task).description.startswith("Their note.")
    assert (row(ws, task).notes, state(ws, task)) == ("Their note.", "synced")


def test_work_that_goes_back_to_the_backlog_leaves_its_counterpart_alone(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    before = there.one(task)
    tasks.assign_tasks(ws, [task], None)
    assert [each.action for each in sync.plan(ws, "pretend", there).tasks] == ["unlink"]
    run(ws, there)
    assert there.one(task) == before
    undo(ws)
    there.edit(there.one(task).id, title="Meanwhile")
    run(ws, there)
    assert (row(ws, task).title, state(ws, task)) == ("Meanwhile", "synced")


def test_disconnecting_and_connecting_again_makes_nothing_twice(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    assert sync.disconnect(ws, "pretend") == 1
    connect(ws)
    run(ws, there)
    assert (there.one(task).title, state(ws, task)) == ("Write the page", "synced")


def test_edits_on_both_sides_of_what_was_let_go_meanwhile_merge(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    sync.disconnect(ws, "pretend")
    tasks.edit_tasks(ws, [task], {"due_on": "2026-11-30"})
    there.edit(there.one(task).id, title="Theirs")
    connect(ws)
    run(ws, there)
    assert (row(ws, task).title, there.one(task).due_on, state(ws, task)) == ("Theirs", date(2026, 11, 30), "synced")


def test_work_in_the_backlog_while_connected_again_finds_its_counterpart_later(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    sync.disconnect(ws, "pretend")
    tasks.assign_tasks(ws, [task], None)
    connect(ws)
    run(ws, there)
    tasks.assign_tasks(ws, [task], "mara")
    run(ws, there)
    assert len(there.of(task)) == 1
    assert state(ws, task) == "synced"


def test_another_system_under_the_same_name_gets_tasks_of_its_own(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    sync.disconnect(ws, "pretend")
    connect(ws)
    other = Pretend()
    other.next_faults["read"] = [("before", "refused")]
    run(ws, other)
    assert other.one(task).title == "Write the page"


def test_one_run_at_a_time(ws: Workspace, there: Pretend) -> None:
    add(ws)

    def second(done: int, total: int | None, words: str) -> None:
        with pytest.raises(Refused, match="Another run"):
            run(ws, there)

    assert run(ws, there, progress=second).outcome == "done"


def test_status_and_log_say_how_it_stands(ws: Workspace, there: Pretend) -> None:
    add(ws)
    (before,) = sync.status(ws)
    assert (before.waiting, before.last_run) == (1, None)
    run(ws, there)
    (after,) = sync.status(ws)
    assert (after.links, after.waiting, after.intents) == ({"synced": 1}, 0, 0)
    assert after.last_run is not None
    assert sync.log(ws, "pretend")[0].notes[0].action == "create"


def test_undoing_an_assignment_lets_go_of_the_counterpart_and_redoing_finds_it(ws: Workspace, there: Pretend) -> None:
    task = tasks.add_task(ws, NewTask("Later", "KR-01", contribution="why")).ids[0]
    tasks.assign_tasks(ws, [task], "mara")
    run(ws, there)
    undo(ws)
    assert (row(ws, task).status, row(ws, task).link) == ("backlog", None)
    run(ws, there)
    redo(ws)
    run(ws, there)
    assert (there.one(task).title, state(ws, task)) == ("Later", "synced")


def test_a_card_shows_that_its_task_changed_here_until_the_next_run(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.edit_tasks(ws, [task], {"estimate_low_h": 2})
    assert state(ws, task) == "synced"
    tasks.edit_tasks(ws, [task], {"title": "Ours"})
    assert state(ws, task) == "changed_here"
    run(ws, there)
    assert state(ws, task) == "synced"


def test_a_plan_says_field_by_field_what_changes_on_which_side(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.edit_tasks(ws, [task], {"title": "Ours"})
    there.edit(there.one(task).id, status="s-doing")
    (planned,) = sync.plan(ws, "pretend", there).tasks
    assert planned.action == "both"
    said = [(each.field, each.side, each.before, each.after) for each in planned.fields]
    assert said == [("title", "there", "Write the page", "Ours"), ("status", "here", "assigned", "doing")]
    tasks.move_tasks(ws, [task], "review")
    (planned,) = sync.plan(ws, "pretend", there).tasks
    assert planned.action == "conflict"


def test_a_refusal_of_one_field_does_not_hold_back_the_others(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    tasks.edit_tasks(ws, [task], {"title": "x" * 400, "due_on": "2026-11-02"})
    there.next_faults = {"update": [("before", "refused"), ("before", "refused")]}
    report = run(ws, there)
    assert report.counts == {"fail": 1}
    assert there.one(task).due_on == date(2026, 11, 2)
    assert (there.one(task).title, state(ws, task)) == ("Write the page", "changed_here")
    run(ws, there)
    assert (there.one(task).title, state(ws, task)) == ("x" * 400, "synced")


def test_control_characters_and_markup_from_there_are_only_text(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    there.edit(there.one(task).id, title="a\x1b[2Jb\u202e [red]c[/]", description="<b>\x07x</b>")
    run(ws, there)
    assert (row(ws, task).title, row(ws, task).notes) == ("ab [red]c[/]", "<b>x</b>")
    run(ws, there)
    there.calls.clear()
    assert run(ws, there).words == "nothing to do"


def test_a_title_there_that_is_empty_or_too_long_is_a_conflict(ws: Workspace, there: Pretend) -> None:
    task = add(ws)
    run(ws, there)
    for title in ("", "y" * 600):
        there.edit(there.one(task).id, title=title)
        run(ws, there)
        assert (row(ws, task).title, state(ws, task)) == ("Write the page", "conflict")


def test_a_plan_without_goals_does_not_stop_the_tasks(begun: Workspace, there: Pretend) -> None:
    connect(begun, sends_goals=True)
    task = add(begun)
    there.next_faults = {"put_goal": [("before", "not allowed")]}
    report = run(begun, there)
    assert (report.outcome, report.counts) == ("done", {"create": 1, "fail": 1})
    assert there.one(task).title == "Write the page"
