"""What a person can do with tasks, and that it is one change, recorded, and undone as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracker.domain.errors import Conflict, NotFound, Refused, TrackerError, WrongUsage
from tracker.domain.filters import TaskFilter
from tracker.services import board, tasks, undo
from tracker.services.strategy import edit_record
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace


def add(ws: Workspace, title: str = "Write the teaser", **fields: object) -> str:
    return tasks.add_task(ws, NewTask(title, "KR-01", **fields)).ids[0]  # type: ignore[arg-type]


def fields(ws: Workspace, task: str) -> dict[str, object]:
    return dict(board.task_detail(ws, task).fields)


def events(ws: Workspace, task: str) -> list[tuple[object, ...]]:
    with ws.store.reading() as connection:
        return connection.execute(
            "SELECT from_status, to_status, on_date, actor FROM task_event WHERE task = ? ORDER BY seq", (task,)
        ).fetchall()


def test_a_task_without_a_known_key_result_is_refused(begun: Workspace) -> None:
    with pytest.raises(NotFound, match="key_result"):
        tasks.add_task(begun, NewTask("No reason", "KR-99"))
    assert board.board(begun, TaskFilter()).counts["backlog"].n == 0


def test_a_task_before_there_is_a_strategy_is_refused_and_says_what_to_do(empty: Workspace) -> None:
    with pytest.raises(Refused, match="tracker init"):
        tasks.add_task(empty, NewTask("Too early", "KR-01"))


def test_a_new_task_with_an_owner_is_assigned_at_once(begun: Workspace) -> None:
    row = fields(begun, add(begun, owner="mara"))
    assert (row["status"], row["assigned_on"]) == ("assigned", "2026-10-19")


def test_a_title_is_kept_without_control_sequences(begun: Workspace) -> None:
    assert fields(begun, add(begun, "\x1b[31mRed\x07 [bold]alert[/bold]\u202e"))["title"] == "Red [bold]alert[/bold]"


def test_done_passes_through_every_state_and_each_is_an_event(begun: Workspace) -> None:
    task = add(begun)
    tasks.move_tasks(begun, [task], "done")
    assert [event[:2] for event in events(begun, task)] == [
        (None, "backlog"), ("backlog", "assigned"), ("assigned", "doing"), ("doing", "done"),
    ]
    row = fields(begun, task)
    assert (row["owner"], row["started_on"], row["done_on"]) == ("mara", "2026-10-19", "2026-10-19")


def test_a_bulk_change_is_all_or_nothing(begun: Workspace) -> None:
    first, second = add(begun, "One"), add(begun, "Two")
    tasks.move_tasks(begun, [second], "done")
    with pytest.raises(Refused):
        tasks.cancel_tasks(begun, [first, second], "not needed")
    assert fields(begun, first)["status"] == "backlog"


def test_a_bulk_change_is_one_step_of_undo(begun: Workspace) -> None:
    ids = [add(begun, f"Task {n}") for n in range(5)]
    tasks.set_due(begun, ids, date(2026, 10, 23))
    outcome = undo.undo(begun)
    assert set(outcome.ids) == set(ids)
    assert {fields(begun, task)["due_on"] for task in ids} == {None}
    undo.redo(begun)
    assert {fields(begun, task)["due_on"] for task in ids} == {"2026-10-23"}


def test_undo_of_add_removes_the_task_and_its_number_is_not_given_again(begun: Workspace) -> None:
    task = add(begun)
    undo.undo(begun)
    assert board.cards(begun, [task]) == ()
    assert add(begun) != task


def test_redo_of_add_brings_the_whole_task_back(begun: Workspace) -> None:
    task = add(begun, contribution="They open it", notes="a\nb", due_on=date(2026, 10, 30))
    before = fields(begun, task)
    undo.undo(begun)
    undo.redo(begun)
    assert fields(begun, task) == before


def test_redo_is_gone_after_another_change(begun: Workspace) -> None:
    task = add(begun)
    tasks.set_due(begun, [task], date(2026, 10, 23))
    undo.undo(begun)
    tasks.assign_tasks(begun, [task], "mara")
    with pytest.raises(Refused, match="nothing"):
        undo.redo(begun)


def test_undo_takes_back_only_what_this_person_did(
    begun: Workspace, open_copy: Callable[..., Workspace], begun_file: Path
) -> None:
    other = open_copy(begun_file, actor="lena")
    mine = add(begun)
    theirs = add(other, "Hers")
    undo.undo(begun)
    assert board.cards(begun, [mine]) == ()
    assert len(board.cards(begun, [theirs])) == 1


def test_undo_of_a_field_that_somebody_else_changed_since_is_refused_with_both(
    begun: Workspace, open_copy: Callable[..., Workspace], begun_file: Path
) -> None:
    task = add(begun)
    tasks.set_due(begun, [task], date(2026, 10, 23))
    tasks.set_due(open_copy(begun_file, actor="lena"), [task], date(2026, 10, 30))
    with pytest.raises(Conflict) as caught:
        undo.undo(begun)
    assert "2026-10-30" in str(caught.value)
    assert fields(begun, task)["due_on"] == "2026-10-30"


def test_two_people_changing_different_fields_both_win(
    begun: Workspace, open_copy: Callable[..., Workspace], begun_file: Path
) -> None:
    task = add(begun)
    seen = {task: fields(begun, task)}
    tasks.edit_tasks(open_copy(begun_file, actor="lena"), [task], {"title": "Hers"})
    tasks.edit_tasks(begun, [task], {"due_on": "2026-10-23"}, seen=seen)
    row = fields(begun, task)
    assert (row["title"], row["due_on"]) == ("Hers", "2026-10-23")


def test_two_people_changing_one_field_is_a_conflict_that_shows_both(
    begun: Workspace, open_copy: Callable[..., Workspace], begun_file: Path
) -> None:
    task = add(begun)
    seen = {task: fields(begun, task)}
    tasks.edit_tasks(open_copy(begun_file, actor="lena"), [task], {"title": "Hers"})
    with pytest.raises(Conflict) as caught:
        tasks.edit_tasks(begun, [task], {"title": "Mine"}, seen=seen)
    clash = caught.value.disagreements[0]
    assert (clash.base, clash.ours, clash.theirs) == ("Write the teaser", "Mine", "Hers")
    assert fields(begun, task)["title"] == "Hers"


def test_moving_a_task_that_somebody_moved_meanwhile_is_a_conflict(
    begun: Workspace, open_copy: Callable[..., Workspace], begun_file: Path
) -> None:
    task = add(begun, owner="mara")
    seen = {task: fields(begun, task)}
    tasks.move_tasks(open_copy(begun_file, actor="lena"), [task], "done")
    with pytest.raises(Conflict, match="status"):
        tasks.step_tasks(begun, [task], 1, seen=seen)


def test_tasks_never_wait_in_a_circle(begun: Workspace) -> None:
    one, two, three = (add(begun, title) for title in ("One", "Two", "Three"))
    tasks.wait_for(begun, [one], two)
    tasks.wait_for(begun, [two], three)
    with pytest.raises(Refused, match="circle"):
        tasks.wait_for(begun, [three], one)
    assert board.task_detail(begun, three).waits_for == ()


def test_finishing_a_task_says_who_waits_no_longer(begun: Workspace) -> None:
    waiting, awaited = add(begun, "Waits"), add(begun, "Awaited")
    tasks.wait_for(begun, [waiting], awaited)
    assert board.cards(begun, [waiting])[0].waits == 1
    assert tasks.move_tasks(begun, [awaited], "done").notices == (f"{waiting} waits no longer",)
    assert board.cards(begun, [waiting])[0].waits == 0


def test_a_task_that_waits_is_sorted_after_those_that_do_not(begun: Workspace) -> None:
    first, second = add(begun, "First"), add(begun, "Second")
    tasks.wait_for(begun, [first], second)
    page = board.column_page(begun, "backlog", TaskFilter(), 0, 10)
    assert [card.id for card in page.cards] == [second, first]


def _limit(ws: Workspace, scope: str, subject: str, most: int, mode: str) -> None:
    with ws.writing("limit") as tx:
        tx.insert("wip_limit", {"scope": scope, "subject": subject, "max": most, "mode": mode})


def test_a_soft_limit_is_said_and_a_hard_one_refuses(begun: Workspace) -> None:
    one, two = add(begun, "One"), add(begun, "Two")
    _limit(begun, "status", "doing", 1, "soft")
    tasks.move_tasks(begun, [one], "doing")
    assert "doing holds 2 of 1" in tasks.move_tasks(begun, [two], "doing").notices
    undo.undo(begun)
    edit_limit = "UPDATE wip_limit SET mode = 'hard'"
    begun.store.connection.execute(edit_limit)
    with pytest.raises(Refused, match="2 of 1"):
        tasks.move_tasks(begun, [two], "doing")
    assert fields(begun, two)["status"] == "backlog"


def test_a_persons_limit_counts_what_that_person_is_doing(begun: Workspace) -> None:
    one, two = add(begun, "One", owner="mara"), add(begun, "Two", owner="mara")
    _limit(begun, "person_doing", "*", 1, "soft")
    tasks.move_tasks(begun, [one], "doing")
    assert "mara is doing 2 of 1" in tasks.move_tasks(begun, [two], "doing").notices


def test_started_work_keeps_an_owner(begun: Workspace) -> None:
    task = add(begun, owner="mara")
    tasks.move_tasks(begun, [task], "doing")
    with pytest.raises(Refused, match="owner"):
        tasks.assign_tasks(begun, [task], None)


def test_taking_the_owner_of_assigned_work_returns_it_to_the_backlog(begun: Workspace) -> None:
    task = add(begun, owner="mara")
    tasks.assign_tasks(begun, [task], None)
    row = fields(begun, task)
    assert (row["status"], row["owner"], row["assigned_on"]) == ("backlog", None, None)


def test_a_strategy_may_ask_for_the_contribution_before_work_is_assigned(begun: Workspace) -> None:
    edit_record(begun, "strategy", "S-01", {"contribution_required": 1})
    task = add(begun)
    with pytest.raises(Refused, match="contribution"):
        tasks.assign_tasks(begun, [task], "mara")
    tasks.edit_tasks(begun, [task], {"contribution": "They open the mail"})
    tasks.assign_tasks(begun, [task], "mara")
    assert fields(begun, task)["owner"] == "mara"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("due_on", "2026-11-31", WrongUsage),
        ("title", "   ", Refused),
        ("title", "x" * 1_000_000, Refused),
        ("priority", "urgent", WrongUsage),
        ("owner", "nobody", NotFound),
        ("channel", "carrier pigeon", NotFound),
        ("estimate_low_h", "many", WrongUsage),
        ("estimate_low_h", "nan", WrongUsage),
        ("estimate_low_h", "1e400", WrongUsage),
        ("cost_minor", -1, WrongUsage),
        ("key_result", "KR-77", NotFound),
        ("rowid", 7, WrongUsage),
        ("status", "finished", WrongUsage),
        ("recurs", "weekly", Refused),
        ("title", 7, WrongUsage),
    ],
)
def test_a_bad_value_is_refused_and_nothing_changes(
    begun: Workspace, name: str, value: object, error: type[Exception]
) -> None:
    task = add(begun)
    before = fields(begun, task)
    with pytest.raises(error):
        tasks.edit_tasks(begun, [task], {"notes": "first this", name: value})
    assert fields(begun, task) == before


def test_the_history_of_a_task_tells_every_field_with_who_and_when(begun: Workspace) -> None:
    task = add(begun)
    tasks.set_due(begun, [task], date(2026, 10, 23))
    tasks.comment(begun, task, "@mara please look")
    story = undo.history(begun, task)
    assert [(row.entity, row.field, row.old, row.new, row.by) for row in story] == [
        ("task", "*", None, None, "mara"), ("task", "due_on", None, "2026-10-23", "mara"),
        ("comment", "*", None, None, "mara"),
    ]
    assert story[0].at == "2026-10-19T09:30:00.000000+00:00"


def test_a_comment_mentions_only_people_who_exist(begun: Workspace) -> None:
    task = add(begun)
    tasks.comment(begun, task, "@mara and @nobody: \x1b[2Jlook")
    with begun.store.reading() as connection:
        body, mentions = connection.execute("SELECT body, mentions FROM comment").fetchone()
    assert (body, mentions) == ("@mara and @nobody: look", '["mara"]')
    assert board.cards(begun, [task])[0].messages == 1


def test_to_the_top_puts_a_card_before_all_others_of_its_column(begun: Workspace) -> None:
    first, second, third = (add(begun, title) for title in ("One", "Two", "Three"))
    tasks.rank_task(begun, third, -1)
    tasks.rank_task(begun, first, 1)
    page = board.column_page(begun, "backlog", TaskFilter(), 0, 10)
    assert [card.id for card in page.cards] == [third, second, first]


def test_doing_nothing_leaves_no_trace(begun: Workspace) -> None:
    task = add(begun, due_on=date(2026, 10, 23))
    outcome = tasks.set_due(begun, [task], date(2026, 10, 23))
    assert outcome.batch is None
    assert len(undo.history(begun, task)) == 1


def test_an_unknown_task_is_not_found(begun: Workspace) -> None:
    with pytest.raises(NotFound, match="T-404"):
        tasks.move_tasks(begun, ["T-404"], "done")


def test_work_that_goes_back_to_the_backlog_loses_its_link_and_undo_brings_it_back(northlight: Workspace) -> None:
    tasks.assign_tasks(northlight, ["T-058"], None)
    assert board.task_detail(northlight, "T-058").card.sync_state is None
    undo.undo(northlight)
    detail = board.task_detail(northlight, "T-058")
    assert (detail.card.status, detail.card.sync_state) == ("assigned", "unmapped_owner")


@pytest.mark.parametrize("rule", ["weekly", "monthly", "FREQ=MONTHLY;BYDAY=1MO", "RRULE:FREQ=WEEKLY;UNTIL=20271231"])
def test_a_recurrence_is_a_word_or_an_rrule(begun: Workspace, rule: str) -> None:
    task = add(begun, kind="foundational")
    tasks.edit_tasks(begun, [task], {"recurs": rule})
    assert fields(begun, task)["recurs"] == rule.removeprefix("RRULE:")


@pytest.mark.parametrize("rule", ["every now and then", "FREQ=SOMETIMES", "FREQ=DAILY;COUNT=x", "RRULE:"])
def test_what_is_no_recurrence_is_refused(begun: Workspace, rule: str) -> None:
    task = add(begun, kind="foundational")
    with pytest.raises(WrongUsage, match="recurs"):
        tasks.edit_tasks(begun, [task], {"recurs": rule})


def test_what_a_task_serves_besides_is_changed_and_undone_together_with_its_fields(northlight: Workspace) -> None:
    tasks.edit_tasks(northlight, ["T-043"], {"title": "Both at once", "also_serves": ["KR-09"]})
    detail = board.task_detail(northlight, "T-043")
    assert (detail.fields["title"], detail.also_serves) == ("Both at once", ("KR-09",))
    undo.undo(northlight)
    detail = board.task_detail(northlight, "T-043")
    assert (detail.fields["title"], detail.also_serves) == ("White paper ad to a lookalike audience", ())
    for wrong in (["KR-99"], ["KR-08"], "KR-09"):
        with pytest.raises(TrackerError):
            tasks.edit_tasks(northlight, ["T-043"], {"title": "Not this", "also_serves": wrong})
    assert board.task_detail(northlight, "T-043").fields["title"] != "Not this"
