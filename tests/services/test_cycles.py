"""Cycles: planned, active, grading, closed; the close saves each step, or does all of it as one change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tracker.domain.errors import NotFound, Refused, WrongUsage
from tracker.services import cycles
from tracker.services.closing import closing, cycle_scores
from tracker.services.cycles import Decided, Graded, Orders, Started, TaskPlan
from tracker.services.strategy import records
from tracker.services.tasks import NewTask, add_task, move_tasks
from tracker.services.undo import history, redo, undo
from tracker.services.workspace import Workspace

SAID: dict[str, Any] = {
    "worked": ["The list answers"], "did_not": ["The ad reaches pet lovers"], "learned": ["Ask for the call"],
}
ALL = Orders(
    graded=(Graded("KR-08", Decimal("0.5"), "Right people, too few of them"),), rest_raw=True,
    decided=(Decided("KR-08", "change", fields={"target": "150"}), Decided("KR-12", "drop", "nobody looks at it")),
    rest_decided="continue", tasks={"KR-12": TaskPlan(cancel_reason="the rating is dropped")}, **SAID,
)
"""Everything that the demo's October needs to be closed."""


def record(ws: Workspace, table: str, key: str) -> dict[str, object]:
    return records(ws, table, {"id": key})[0]


def cited(ws: Workspace, key_result: str, *, is_open: bool = True) -> list[str]:
    states = ("backlog", "assigned", "doing", "review") if is_open else ("done", "cancelled")
    found = records(ws, "task", {"key_result": key_result})
    return [str(row["id"]) for row in found if row["status"] in states]


def everything(ws: Workspace) -> list[object]:
    tables = ("cycle", "objective", "key_result", "grade", "retrospective", "task", "milestone", "journey_step")
    return [records(ws, table) for table in tables]


def test_a_cycle_goes_from_planned_to_closed_and_the_next_begins(northlight: Workspace) -> None:
    outcome = cycles.close_cycle(northlight, None, ALL)
    assert (outcome.label, outcome.ids) == ("October 2026 is closed, November 2026 is active", ("2026-10", "2026-11"))
    assert [record(northlight, "cycle", each)["status"] for each in ("2026-10", "2026-11")] == ["closed", "active"]
    assert {row["status"] for row in records(northlight, "key_result", {"objective": "O-01"})} == {"graded"}
    found = closing(northlight, "2026-10")
    assert (found.open_tasks, found.in_the_way, found.status) == (0, (), "closed")


def test_closing_is_one_change_that_undo_takes_back_and_redo_brings_again(northlight: Workspace) -> None:
    before = everything(northlight)
    cycles.close_cycle(northlight, None, ALL)
    after = everything(northlight)
    undo(northlight)
    assert everything(northlight) == before
    redo(northlight)
    assert everything(northlight) == after


def test_a_carried_key_result_points_to_the_old_one_and_copies_neither_check_ins_nor_grade_nor_status(
    northlight: Workspace,
) -> None:
    cycles.close_cycle(northlight, None, ALL)
    carried = {row["carried_from"]: row for row in records(northlight, "key_result") if str(row["objective"]) > "O-03"}
    assert set(carried) == {f"KR-{number:02}" for number in range(5, 12)}
    for row in carried.values():
        assert (row["status"], row["starts_on"], row["due_on"]) == ("draft", "2026-11-01", "2026-11-30")
        assert not records(northlight, "check_in", {"key_result": row["id"]})
        assert not records(northlight, "grade", {"key_result": row["id"]})
    assert carried["KR-08"]["target"] == "150"
    assert (carried["KR-05"]["baseline"], carried["KR-05"]["target"]) == ("0", "10")  # counted anew each cycle
    assert (carried["KR-09"]["baseline"], carried["KR-09"]["target"]) == ("2230", "2600")  # a level goes on
    assert carried["KR-11"]["baseline"] is None


def test_key_results_of_one_objective_go_on_under_one_objective(northlight: Workspace) -> None:
    cycles.close_cycle(northlight, None, ALL)
    made = records(northlight, "objective", {"cycle": "2026-11"})
    assert [row["title"] for row in made] == [
        record(northlight, "objective", each)["title"] for each in ("O-01", "O-02", "O-03")
    ]
    assert {row["status"] for row in made} == {"draft"}


def test_objectives_end_by_their_final_score_with_one_decimal(northlight: Workspace) -> None:
    cycles.close_cycle(northlight, None, ALL)
    found = {row.id: (row.final, row.status) for row in closing(northlight, "2026-10").objectives}
    assert found["O-01"] == (Decimal("0.48"), "partial")  # (3 * 0.4 + 0.7 + 0.5) / 5, committed
    assert found["O-02"][1] == "partial"
    assert found["O-03"] == (Decimal("0.85"), "partial")  # committed: only 1.0 achieves it


def test_tasks_move_with_their_history_and_cancelled_ones_say_why(northlight: Workspace) -> None:
    before = {key: cited(northlight, key) for key in ("KR-05", "KR-12")}
    done_before = cited(northlight, "KR-05", is_open=False)
    cycles.close_cycle(northlight, None, ALL)
    into = next(row["id"] for row in records(northlight, "key_result") if row["carried_from"] == "KR-05")
    assert sorted(cited(northlight, str(into))) == sorted(before["KR-05"])
    assert cited(northlight, "KR-05") == []
    assert cited(northlight, "KR-05", is_open=False) == done_before  # what was done stays with what it was done for
    change = [row for row in history(northlight, before["KR-05"][0]) if row.field == "key_result"][-1]
    assert (change.old, change.new) == ("KR-05", into)
    for task in before["KR-12"]:
        assert (record(northlight, "task", task)["status"], record(northlight, "task", task)["cancel_reason"]) == (
            "cancelled", "the rating is dropped")


def test_a_plan_shows_what_closing_would_do_and_changes_nothing(northlight: Workspace) -> None:
    before = everything(northlight)
    plan = cycles.plan_close(northlight, None, ALL)
    assert everything(northlight) == before
    assert history(northlight, limit=1) == () or history(northlight, limit=1)[0].label != "plan closing"
    row = {each.id: each for each in plan.key_results}
    assert row["KR-05"].tasks_to == row["KR-05"].into
    assert row["KR-12"].cancel_reason == "the rating is dropped"
    assert (row["KR-08"].raw, row["KR-08"].final) == (Decimal("0.2"), Decimal("0.5"))
    assert plan.in_the_way == ()
    assert [each.comes_to for each in plan.objectives] == ["partial", "partial", "partial"]


def test_each_step_is_saved_by_itself_and_one_goes_on_later(northlight: Workspace) -> None:
    def step() -> int:
        return closing(northlight).step

    assert step() == 0  # KR-12 lacks a check-in
    cycles.begin_grading(northlight)
    assert step() == 1
    for number in range(5, 13):
        cycles.grade(northlight, f"KR-{number:02}")
    assert step() == 2
    for number in range(5, 12):
        cycles.decide(northlight, f"KR-{number:02}", "continue")
    cycles.decide(northlight, "KR-12", "drop", reason="nobody looks at it")
    assert step() == 3
    cycles.plan_tasks(northlight, "KR-12", TaskPlan(cancel_reason="dropped with it"))
    assert step() == 4
    assert closing(northlight).open_tasks == 28  # planned, nothing done to them yet
    assert "moved 27, cancelled 1" in cycles.settle(northlight).label
    assert closing(northlight).open_tasks == 0
    cycles.write_retrospective(northlight, worked=SAID["worked"])
    cycles.write_retrospective(northlight, did_not=SAID["did_not"], learned=SAID["learned"])
    assert step() == 5
    assert cycles.close_cycle(northlight).label == "October 2026 is closed, November 2026 is active"


def test_every_step_is_undone_by_itself(northlight: Workspace) -> None:
    before = everything(northlight)
    cycles.grade(northlight, "KR-05", Decimal("0.5"), "One signed on the first of November")
    cycles.decide(northlight, "KR-10", "continue")
    cycles.start(northlight, "O-03", "Reviews answered", {"target": "20", "unit": "reviews"})
    cycles.plan_tasks(northlight, "KR-05", TaskPlan(cancel_reason="over"))
    cycles.write_retrospective(northlight, worked=["x"])
    for _ in range(5):
        undo(northlight)
    assert everything(northlight) == before


def test_the_same_grade_again_changes_nothing(northlight: Workspace) -> None:
    cycles.grade(northlight, "KR-05")
    assert cycles.grade(northlight, "KR-05").batch is None


def test_a_decision_can_be_changed_while_its_carried_key_result_is_unused(northlight: Workspace) -> None:
    made = cycles.decide(northlight, "KR-09", "continue").ids[1]
    assert cycles.decide(northlight, "KR-09", "change", fields={"target": "3000"}).ids[1] == made
    assert record(northlight, "key_result", made)["target"] == "3000"
    cycles.decide(northlight, "KR-09", "drop", reason="we measure calls instead")
    assert not records(northlight, "key_result", {"id": made})
    again = cycles.decide(northlight, "KR-09", "continue").ids[1]
    add_task(northlight, NewTask("Write to the list", again))
    with pytest.raises(Refused, match="in use already"):
        cycles.decide(northlight, "KR-09", "drop", reason="we measure calls instead")


def test_milestones_that_are_left_go_on(northlight: Workspace) -> None:
    made = cycles.decide(northlight, "KR-10", "continue").ids[1]
    titles = [row["title"] for row in records(northlight, "milestone", {"key_result": made})]
    assert (record(northlight, "key_result", made)["target"], titles) == (
        "3", ["Millbrook Animal Care", "Harbour Road", "Two Oaks"])


def test_the_journey_goes_along_and_points_to_what_is_carried(northlight: Workspace) -> None:
    goal = cycles.decide(northlight, "KR-05", "continue").ids[1]
    calls = cycles.decide(northlight, "KR-06", "continue").ids[1]
    steps = records(northlight, "journey_step", {"key_result": goal})
    assert [row["title"] for row in steps] == [
        row["title"] for row in records(northlight, "journey_step", {"key_result": "KR-05"})
    ]
    assert [row["linked_key_result"] for row in steps] == [goal, None, calls, None, None, None, None]


def test_the_next_cycle_is_planned_when_there_is_none(begun: Workspace) -> None:
    outcome = cycles.decide(begun, "KR-01", "continue")
    following = next(row for row in records(begun, "cycle") if row["status"] == "planned")
    assert (following["starts_on"], following["ends_on"]) == ("2026-11-01", "2026-11-30")
    assert any("planned November 2026" in notice for notice in outcome.notices)


def test_output_and_outcome_scores_stand_side_by_side(northlight: Workspace) -> None:
    september = closing(northlight, "2026-09")
    assert round(september.scores.all or 0, 4) == Decimal("0.7417")
    assert september.scores.outcome == Decimal("0.3")
    assert round(september.scores.output or 0, 2) == Decimal("0.89")
    assert cycle_scores(northlight)["2026-09"].outcome == Decimal("0.3")
    assert september.learned[0] == "A finished tactic is not a result"
    assert [row.decision for row in september.key_results] == ["continue", "change", "change", "change"]


def test_it_is_said_which_key_results_lack_a_last_check_in(northlight: Workspace) -> None:
    assert "KR-12" in [row.id for row in closing(northlight).key_results if row.lacks_check_in]


# -- what is refused, in words, with nothing half done

@pytest.mark.parametrize(
    ("orders", "words"),
    [
        (Orders(rest_raw=True, rest_decided="continue"), "retrospective does not say what worked, what did not"),
        (Orders(rest_decided="continue", **SAID), "neither graded nor dropped: KR-05"),
        (Orders(rest_raw=True, **SAID), "not decided .continue, change or drop.: KR-05"),
        (Orders(rest_raw=True, rest_decided="continue", decided=(Decided("KR-12", "drop", "over"),), **SAID),
         "1 open task on KR-12"),
        (Orders(graded=(Graded("KR-05", Decimal("0.9"), "because"),)), "say why, in 10 characters"),
        (Orders(graded=(Graded("KR-05", Decimal("1.5"), "a very good month"),)), "between 0 and 1"),
        (Orders(graded=(Graded("KR-01"),)), "KR-01 Signed clients is not of October"),
        (Orders(decided=(Decided("KR-05", "drop"),)), "needs a reason"),
        (Orders(decided=(Decided("KR-05", "change"),)), "what changes"),
        (Orders(decided=(Decided("KR-05", "change", fields={"target": "-3"}),)), "above its baseline"),
        (Orders(decided=(Decided("KR-05", "change", fields={"due_on": "2027-01-01"}),)), "outside its cycle"),
        (Orders(tasks={"KR-05": TaskPlan(to="KR-06")}), "ends with the same cycle"),
        (Orders(tasks={"KR-05": TaskPlan(to="KR-01")}), "is graded"),
        (Orders(tasks={"KR-05": TaskPlan()}), "where the open tasks"),
        (Orders(started=(Started("O-01", "  ", {"target": "1"}),)), "title"),
        (Orders(started=(Started("O-01", "Calls", {"target": "0"}),)), "above its baseline"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_is_half_done(
    northlight: Workspace, orders: Orders, words: str
) -> None:
    before = everything(northlight)
    with pytest.raises(Refused, match=words):
        cycles.close_cycle(northlight, None, orders)
    assert everything(northlight) == before


@pytest.mark.parametrize(
    ("orders", "error"),
    [
        (Orders(decided=(Decided("KR-05", "pause"),)), WrongUsage),
        (Orders(decided=(Decided("KR-05", "change", fields={"status": "active"}),)), WrongUsage),
        (Orders(started=(Started("O-01", "Calls", {}),)), WrongUsage),
        (Orders(started=(Started("O-99", "Calls", {"target": "1"}),)), NotFound),
        (Orders(graded=(Graded("KR-99"),)), NotFound),
        (Orders(tasks={"KR-05": TaskPlan(to="KR-99")}), NotFound),
    ],
)
def test_what_cannot_be_understood_is_said(northlight: Workspace, orders: Orders, error: type[Exception]) -> None:
    before = everything(northlight)
    with pytest.raises(error):
        cycles.close_cycle(northlight, None, orders)
    assert everything(northlight) == before


def test_weights_of_zero_everywhere_leave_the_score_unknown_and_the_cycle_open(begun: Workspace) -> None:
    with begun.writing("weigh") as tx:
        tx.update("key_result", tx.require("key_result", "KR-01"), {"weight": "0"})
    orders = Orders(rest_raw=True, rest_decided="continue", **SAID)
    assert closing(begun).scores.all is None
    with pytest.raises(Refused, match=r"score of O-01 .* is unknown: every key result of it weighs 0"):
        cycles.close_cycle(begun, None, orders)
    assert closing(begun).status == "active"


def test_a_key_result_that_reached_its_level_needs_a_new_target(northlight: Workspace) -> None:
    with northlight.writing("check in") as tx:
        tx.update("check_in", tx.require("check_in", "KR-09", "2026-10-19"), {"value": "2700"})
    with pytest.raises(Refused, match="stands at 2700 and its target 2600 is reached"):
        cycles.decide(northlight, "KR-09", "continue")
    made = cycles.decide(northlight, "KR-09", "change", fields={"target": "3000"}).ids[1]
    assert record(northlight, "key_result", made)["baseline"] == "2700"


def test_a_closed_cycle_is_not_graded_again_but_can_still_learn(northlight: Workspace) -> None:
    with pytest.raises(Refused, match="closed"):
        cycles.grade(northlight, "KR-01")
    with pytest.raises(Refused, match="closed"):
        cycles.decide(northlight, "KR-01", "drop", reason="over")
    cycles.write_retrospective(northlight, "2026-09", learned=["Results first"])
    assert closing(northlight, "2026-09").learned == ("Results first",)


def test_cycles_do_not_overlap_and_only_one_runs(northlight: Workspace) -> None:
    with pytest.raises(Refused, match=r"overlaps October 2026 \(2026-10\)"):
        cycles.add_cycle(northlight, "2026-10-15..2026-12-15")
    with pytest.raises(Refused, match=r"October 2026 .* is active; close it first"):
        cycles.activate_cycle(northlight, "2026-11")
    with pytest.raises(Refused, match="only a planned cycle"):
        cycles.activate_cycle(northlight, "2026-09")
    assert cycles.add_cycle(northlight, "next").ids == ("2026-12",)
    with pytest.raises(NotFound, match="known are 2026-09, 2026-10, 2026-11, 2026-12"):
        closing(northlight, "2030-01")


def test_a_cycle_without_anything_open_says_so_when_nothing_runs(empty: Workspace) -> None:
    with pytest.raises(NotFound, match="No cycle is running"):
        closing(empty)


def test_a_draft_of_the_next_cycle_takes_tasks_before_that_begins(northlight: Workspace) -> None:
    made = cycles.start(northlight, "O-03", "Reviews answered", {"target": "20", "unit": "reviews"}).ids[0]
    cycles.plan_tasks(northlight, "KR-12", TaskPlan(to=made))
    plan = next(row for row in closing(northlight).key_results if row.id == "KR-12")
    assert (plan.tasks_to, plan.has_task_plan) == (made, True)
    assert closing(northlight).started == ((made, "Reviews answered"),)


def test_a_done_task_of_a_closed_cycle_is_not_reopened_under_it(northlight: Workspace) -> None:
    done = cited(northlight, "KR-05", is_open=False)[0]
    cycles.close_cycle(northlight, None, ALL)
    with pytest.raises(Refused, match="graded or dropped"):
        move_tasks(northlight, [done], "doing")


def test_many_open_tasks_are_settled_in_pieces_and_every_one_keeps_its_history(begun: Workspace) -> None:
    with begun.writing("make") as tx:
        for number in range(1, 1302):
            tx.insert("task", {"id": f"T-{number:03d}", "number": number, "title": f"Task {number}",
                               "key_result": "KR-01", "created_on": "2026-10-01", "status": "backlog"})
    made = cycles.decide(begun, "KR-01", "continue").ids[1]
    assert cycles.settle(begun).label == "open tasks: moved 1,301"
    assert cited(begun, "KR-01") == []
    assert len(cited(begun, made)) == 1301
    assert [(row.old, row.new) for row in history(begun, "T-700") if row.field == "key_result"] == [("KR-01", made)]
    undo(begun)
    assert len(cited(begun, "KR-01")) == 1301
    cycles.plan_tasks(begun, "KR-01", TaskPlan(cancel_reason="over"))
    assert cycles.settle(begun).label == "open tasks: cancelled 1,301"
    events = records(begun, "task_event", {"task": "T-700"})
    assert [row["to_status"] for row in events] == ["backlog", "cancelled"]
    assert closing(begun).open_tasks == 0
    undo(begun)
    assert closing(begun).open_tasks == 1301
