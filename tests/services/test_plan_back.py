"""The plan back: what steps need, what does not add up, and steps that move with their tasks."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.test_query_plans import slow_parts
from tracker.domain.errors import Conflict, NotFound, Refused, TrackerError, WrongUsage
from tracker.domain.filters import TaskFilter
from tracker.domain.tasks import OPEN
from tracker.services import board, ideas, journey
from tracker.services.journey import add_step, edit_step, remove_step, set_target
from tracker.services.plan_back import Plan, plan_back, planned_key_result, tasks_on_step
from tracker.services.strategy import add_key_result, add_objective, edit_record, records
from tracker.services.tasks import NewTask, add_task, cancel_tasks
from tracker.services.transfer.importing import plan_import
from tracker.services.undo import history, redo, undo
from tracker.services.workspace import Workspace

GOAL = "KR-05"


def needs(plan: Plan) -> list[int | None]:
    return [step.needs for step in plan.steps]


def titles(ws: Workspace, key_result: str = GOAL) -> list[str]:
    return [step.title for step in plan_back(ws, key_result).steps]


def on_steps(ws: Workspace, key_result: str = GOAL) -> dict[str, list[str]]:
    """Tasks by the title of their step."""
    steps = {step.position: step.title for step in plan_back(ws, key_result).steps}
    with ws.store.reading() as connection:
        rows = connection.execute("SELECT id, journey_step FROM task ORDER BY number").fetchall()
    found: dict[str, list[str]] = {}
    for task, step in rows:
        found.setdefault("none" if step is None else steps.get(step, f"stray {step}"), []).append(task)
    return found


# the demo


def test_the_demo_needs_what_the_domain_says(northlight: Workspace) -> None:
    plan = plan_back(northlight, GOAL)
    assert needs(plan) == [10, 40, 50, 400, 800, 8_000, 200_000]
    assert [(step.open, step.done) for step in plan.steps] == [(4, 1), (0, 0), (3, 2), (4, 4), (2, 1), (4, 2), (7, 6)]
    assert {step.position: step.short for step in plan.steps if step.short} == {2: 10, 4: 40}
    assert [step.position for step in plan.steps if step.is_missing] == [1]
    assert plan.steps[1].idea is not None
    assert plan.steps[1].idea.id == "I-05"
    assert [step.counted_by and step.counted_by.id for step in plan.steps] == [
        "KR-05", None, "KR-06", None, "KR-09", None, None,
    ]  # fmt: skip
    assert not plan.strays


def test_another_rate_is_worked_out_for_all_steps_below_and_not_saved(northlight: Workspace) -> None:
    plan = plan_back(northlight, GOAL, {2: Decimal("0.67")})
    assert [step.needs_if for step in plan.steps] == [10, 40, 60, 480, 960, 9_600, 240_000]
    assert needs(plan) == [10, 40, 50, 400, 800, 8_000, 200_000]
    assert plan_back(northlight, GOAL).steps[2].rate == Decimal("0.8")


@pytest.mark.parametrize(("step", "rate", "error"), [(0, "0.5", NotFound), (9, "0.5", NotFound), (2, "1.5", Refused)])
def test_a_rate_cannot_be_tried_where_nothing_goes_up(
    northlight: Workspace, step: int, rate: str, error: type[TrackerError]
) -> None:
    with pytest.raises(error):
        plan_back(northlight, GOAL, {step: Decimal(rate)})


def test_the_plan_that_a_key_result_has_a_part_in_is_opened(northlight: Workspace, begun: Workspace) -> None:
    assert {planned_key_result(northlight, near) for near in (None, "KR-05", "KR-06", "KR-08", "KR-99")} == {GOAL}
    add_step(northlight, "KR-08", "")
    assert planned_key_result(northlight, "KR-08") == "KR-08"
    assert planned_key_result(northlight) == GOAL
    assert planned_key_result(begun) is None


def test_a_dropped_key_result_has_no_plan_any_more(northlight: Workspace) -> None:
    add_step(northlight, "KR-11", "Stays")
    add_step(northlight, "KR-07", "Books")
    for key_result in ("KR-11", "KR-07"):
        assert planned_key_result(northlight, key_result) == key_result
        for card in board.list_page(northlight, TaskFilter(key_result=key_result, status=OPEN), 0, 50).cards:
            cancel_tasks(northlight, [card.id], "no more")
        edit_record(northlight, "key_result", key_result, {"status": "dropped", "drop_reason": "measured elsewhere"})
        assert planned_key_result(northlight, key_result) == GOAL
        with pytest.raises(NotFound, match="it was dropped"):
            plan_back(northlight, key_result)


def test_tasks_of_a_key_result_with_a_plan_of_its_own_stand_on_that_one(northlight: Workspace) -> None:
    outcome = add_step(northlight, "KR-08", "Asks for the paper")
    assert outcome.notices == ("16 tasks that name a step are counted in this plan from now on",)
    assert [step.open + step.done for step in plan_back(northlight, GOAL).steps] == [5, 0, 5, 8, 3, 0, 3]
    assert plan_back(northlight, "KR-08").strays == {5: 6, 6: 10}


def test_what_really_came_is_what_somebody_noted(northlight: Workspace) -> None:
    assert plan_back(northlight, GOAL).steps[1].observed is None
    edit_step(northlight, GOAL, 2, {"actual_rate": "67%"})
    seen = plan_back(northlight, GOAL).steps[1].observed
    assert seen is not None
    assert (seen.rate, seen.below, seen.unit) == (Decimal("0.67"), Decimal(27), "calls")
    assert seen.assumed == Decimal("0.8")


def test_what_really_came_is_known_where_key_results_count_both_steps(northlight: Workspace) -> None:
    remove_step(northlight, GOAL, 1)
    seen = plan_back(northlight, GOAL).steps[0].observed
    assert seen is not None
    assert (seen.rate, seen.is_noted) == (Decimal(4) / 27, False)
    assert seen.assumed == Decimal("0.2")


def test_tasks_of_a_step_are_listed_open_ones_first(northlight: Workspace) -> None:
    assert [card.id for card in tasks_on_step(northlight, GOAL, 2, 9)] == ["T-034", "T-031", "T-028", "T-023", "T-022"]
    assert [card.id for card in tasks_on_step(northlight, GOAL, 2, 2)] == ["T-034", "T-031"]


# a plan from nothing


def test_a_plan_begins_with_the_goal_and_goes_down(begun: Workspace) -> None:
    assert plan_back(begun, "KR-01").steps == ()
    add_step(begun, "KR-01", "Signs")
    add_step(begun, "KR-01", "Attends", {"rate": "25%"})
    add_step(begun, "KR-01", "Books", {"rate": "0,8", "stage": "decision"})
    add_step(begun, "KR-01", "Reads")
    add_step(begun, "KR-01", "Lands", {"rate": "50%"})
    plan = plan_back(begun, "KR-01")
    assert [(step.position, step.title, step.stage) for step in plan.steps] == [
        (0, "Signs", "conversion"), (1, "Attends", "conversion"), (2, "Books", "decision"), (3, "Reads", "decision"),
        (4, "Lands", "decision"),
    ]  # fmt: skip
    assert needs(plan) == [10, 40, 50, None, None]
    assert plan.steps[3].why_unknown == "nobody said how many go up from here"
    assert plan.steps[4].why_unknown == "step 3 has no rate"
    assert plan.steps[0].counted_by is not None
    while plan_back(begun, "KR-01").steps:
        undo(begun)
    assert records(begun, "journey_step") == []


def test_the_goal_takes_the_name_of_its_key_result_when_none_is_given(begun: Workspace) -> None:
    add_step(begun, "KR-01", " ")
    assert titles(begun, "KR-01") == ["Signed clients"]


@pytest.mark.parametrize(
    ("key_result", "why"), [("KR-07", "does not count up"), ("KR-12", "does not count up")]
)  # fmt: skip
def test_a_goal_that_does_not_count_up_needs_nobody_knows_how_many(
    northlight: Workspace, key_result: str, why: str
) -> None:
    add_step(northlight, key_result, "")
    add_step(northlight, key_result, "Calls", {"rate": "50%"})
    plan = plan_back(northlight, key_result)
    assert needs(plan) == [None, None]
    assert why in plan.steps[1].why_unknown


def test_a_percentage_is_no_number_of_people(northlight: Workspace) -> None:
    outcome = add_key_result(northlight, "O-01", "Reply rate", {"target": "20", "metric_kind": "percent"})
    edit_step(northlight, GOAL, 3, {"linked_key_result": outcome.ids[0]})
    step = plan_back(northlight, GOAL).steps[3]
    assert step.counted_by is not None
    assert (step.short, step.counted_by.why_not) == (None, "is a percent, not a count")


def test_a_target_with_decimals_needs_whole_people(begun: Workspace) -> None:
    edit_record(begun, "key_result", "KR-01", {"precision": 1, "target": "9.5"})
    add_step(begun, "KR-01", "")
    add_step(begun, "KR-01", "Attends", {"rate": "30%"})
    assert needs(plan_back(begun, "KR-01")) == [10, 34]


def test_too_few_tasks_are_said(northlight: Workspace) -> None:
    edit_step(northlight, GOAL, 4, {"min_pieces": "4"})
    assert [step.position for step in plan_back(northlight, GOAL).steps if step.is_thin] == [4]
    edit_step(northlight, GOAL, 4, {"min_pieces": "3"})
    assert not any(step.is_thin for step in plan_back(northlight, GOAL).steps)


# changing steps


def test_steps_below_move_on_with_their_tasks_as_one_change(northlight: Workspace) -> None:
    before, stood = titles(northlight), on_steps(northlight)
    outcome = add_step(northlight, GOAL, "Gets a reminder", {"rate": "90%"}, below=1)
    assert titles(northlight) == [*before[:2], "Gets a reminder", *before[2:]]
    assert on_steps(northlight) == stood
    assert needs(plan_back(northlight, GOAL))[:4] == [10, 40, 45, 57]
    assert outcome.notices == ("80% of those at Books the call go up to it now; r there changes that",
                               "35 tasks below moved along")
    undo(northlight)
    assert (titles(northlight), on_steps(northlight)) == (before, stood)
    redo(northlight)
    assert titles(northlight)[2] == "Gets a reminder"
    assert on_steps(northlight) == stood


def test_a_removed_step_leaves_its_tasks_and_what_is_needed_below(northlight: Workspace) -> None:
    before, stood = titles(northlight), on_steps(northlight)
    outcome = remove_step(northlight, GOAL, 2)
    assert titles(northlight) == [*before[:2], *before[3:]]
    assert needs(plan_back(northlight, GOAL)) == [10, 40, 400, 800, 8_000, 200_000]
    assert on_steps(northlight)["none"] == sorted([*stood["none"], *stood["Books the call"]])
    assert outcome.notices == (
        "10% of those at Reads the mails and the offer go up now", "5 tasks stand on no step now",
    )  # fmt: skip
    undo(northlight)
    assert (titles(northlight), on_steps(northlight)) == (before, stood)


def test_a_change_of_a_step_is_recorded_and_undone(northlight: Workspace) -> None:
    edit_step(northlight, GOAL, 2, {"rate": "67%", "title": "Books  a\x07 call"}, seen={"title": "Books the call"})
    step = plan_back(northlight, GOAL).step(2)
    assert (step.rate, step.title, step.needs) == (Decimal("0.67"), "Books a call", 60)
    assert [(change.field, change.old, change.new) for change in history(northlight)[-2:]] == [
        ("rate", "0.8", "0.67"), ("title", "Books the call", "Books a call"),
    ]  # fmt: skip
    undo(northlight)
    assert plan_back(northlight, GOAL).step(2).rate == Decimal("0.8")
    edit_step(northlight, GOAL, 2, {"rate": ""})
    assert plan_back(northlight, GOAL).step(2).rate is None


def test_two_people_do_not_overwrite_each_others_step(
    northlight: Workspace, northlight_file: Path, open_copy: Callable[..., Workspace]
) -> None:
    other = open_copy(northlight_file, actor="jonas")
    add_step(other, GOAL, "Gets a reminder", below=1)
    with pytest.raises(Conflict, match="Step 2 was 'Books the call'"):
        edit_step(northlight, GOAL, 2, {"rate": "50%"}, seen={"title": "Books the call", "rate": Decimal("0.8")})
    with pytest.raises(Conflict):
        remove_step(northlight, GOAL, 2, seen={"title": "Books the call"})
    late: tuple[Callable[[], object], ...] = (
        lambda: journey.task_on_step(northlight, GOAL, 2, "x", seen={"title": "Books the call"}),
        lambda: journey.idea_on_step(northlight, GOAL, 2, "I-05", seen={"title": "Books the call"}),
        lambda: set_target(northlight, GOAL, 2, seen={"title": "Books the call"}),
    )
    for do in late:
        with pytest.raises(Conflict, match="is 'Gets a reminder' now"):
            do()
    edit_step(other, GOAL, 3, {"rate": "70%"})
    with pytest.raises(Conflict):
        edit_step(northlight, GOAL, 3, {"rate": "50%"}, seen={"title": "Books the call", "rate": Decimal("0.8")})


BAD = [
    (lambda ws: edit_step(ws, GOAL, 2, {"rate": "1.5"}), Refused, "share over 0"),
    (lambda ws: edit_step(ws, GOAL, 2, {"rate": Decimal(0)}), Refused, "share over 0"),
    (lambda ws: edit_step(ws, GOAL, 2, {"actual_rate": "120%"}), Refused, "share over 0"),
    (lambda ws: edit_step(ws, GOAL, 2, {"rate": "many"}), WrongUsage, "no number"),
    (lambda ws: edit_step(ws, GOAL, 0, {"rate": "50%"}), Refused, "goal has no rate"),
    (lambda ws: edit_step(ws, GOAL, 2, {"stage": "nowhere"}), WrongUsage, "stage is one of awareness"),
    (lambda ws: edit_step(ws, GOAL, 2, {"title": " "}), Refused, "needs a name"),
    (lambda ws: edit_step(ws, GOAL, 2, {"colour": "red"}), WrongUsage, "no field 'colour'"),
    (lambda ws: edit_step(ws, GOAL, 2, {"min_pieces": "0"}), Refused, "cannot be wanted"),
    (lambda ws: edit_step(ws, GOAL, 2, {"min_pieces": "few"}), WrongUsage, "whole number"),
    (lambda ws: edit_step(ws, GOAL, 7, {"rate": "50%"}), NotFound, "has no step 7; its steps are 0 Signs"),
    (lambda ws: edit_step(ws, GOAL, 1, {"linked_key_result": "KR-99"}), NotFound, "KR-99"),
    (lambda ws: edit_step(ws, GOAL, 1, {"linked_key_result": "KR-01"}), Refused, "another cycle"),
    (lambda ws: edit_step(ws, GOAL, 1, {"linked_key_result": "KR-06"}), Refused, "counts step 2"),
    (lambda ws: edit_step(ws, GOAL, 1, {"linked_key_result": GOAL}), Refused, "cannot count a step to it"),
    (lambda ws: edit_step(ws, GOAL, 0, {"linked_key_result": "KR-06"}), Refused, "only its own key result"),
    (lambda ws: edit_step(ws, "KR-01", 0, {"title": "x"}), Refused, "is graded"),
    (lambda ws: add_step(ws, "KR-01", "x"), Refused, "is graded"),
    (lambda ws: add_step(ws, "KR-99", "x"), NotFound, "KR-99"),
    (lambda ws: add_step(ws, GOAL, "x", above=0), Refused, "above the goal"),
    (lambda ws: add_step(ws, GOAL, "x", below=8), NotFound, "no step 8"),
    (lambda ws: add_step(ws, GOAL, " "), Refused, "needs a name"),
    (lambda ws: add_step(ws, GOAL, "x", {"rate": "2"}, below=1), Refused, "share over 0"),
    (lambda ws: remove_step(ws, GOAL, 0), Refused, "6 steps lead to it"),
    (lambda ws: remove_step(ws, GOAL, 8), NotFound, "no step 8"),
    (lambda ws: set_target(ws, GOAL, 0), Refused, "begins with"),
    (lambda ws: set_target(ws, GOAL, 1), Refused, "No key result counts"),
    (lambda ws: plan_back(ws, "KR-99"), NotFound, "KR-99"),
    (lambda ws: journey.task_on_step(ws, GOAL, 9, "x"), NotFound, "no step 9"),
    (lambda ws: journey.idea_on_step(ws, GOAL, 1, "I-99"), NotFound, "no idea or arrival"),
    (lambda ws: journey.dates_back(ws, GOAL, range(7)), Refused, "6 steps lead to the goal"),
    (lambda ws: journey.dates_back(ws, "KR-06", (3,)), Refused, "no plan yet"),
]  # fmt: skip


@pytest.mark.parametrize(("do", "error", "words"), BAD, ids=[words for _, _, words in BAD])
def test_what_cannot_be_is_refused_in_words_and_nothing_is_half_done(
    northlight: Workspace, do: Callable[[Workspace], object], error: type[TrackerError], words: str
) -> None:
    before = (records(northlight, "journey_step"), on_steps(northlight), len(history(northlight, limit=10_000)))
    with pytest.raises(error, match=words):
        do(northlight)
    assert before == (records(northlight, "journey_step"), on_steps(northlight), len(history(northlight, limit=10_000)))


def test_what_an_import_brought_is_shown_in_words(northlight: Workspace) -> None:
    with northlight.writing("an import brings a plan with gaps") as tx:
        for position, stage, linked in ((0, "conversion", None), (3, "elsewhere", "KR-01"), (4, "decision", None)):
            tx.insert("journey_step", {
                "key_result": "KR-10", "position": position, "title": f"Step {position}", "stage": stage,
                "rate": "0.5" if position else None, "linked_key_result": linked,
            })
    plan = plan_back(northlight, "KR-10")
    assert [(step.position, step.needs, step.is_stage_known) for step in plan.steps] == [
        (0, 4, True), (3, 8, False), (4, 16, True),
    ]  # fmt: skip
    assert plan.steps[1].counted_by is not None
    assert plan.steps[1].counted_by.why_not == "is not a key result of this cycle"
    assert plan.steps[1].short is None
    add_step(northlight, "KR-10", "Between", below=0)
    assert [step.position for step in plan_back(northlight, "KR-10").steps] == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"rate": 1.5}, "A rate lies above 0 and is 1 at most"), ({"rate": 0}, "A rate lies above 0"),
        ({"rate": 0.5, "linked_key_result": "KR-99"}, "no key result 'KR-99'"),
    ],
)  # fmt: skip
def test_an_import_is_held_to_the_same_rates(
    northlight: Workspace, tmp_path: Path, step: dict[str, object], words: str
) -> None:
    steps = [{"position": 0, "title": "Reads", "stage": "decision"},
             {"position": 1, "title": "Lands", "stage": "awareness", **step}]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"format": "tracker-example/1", "journeys": [{"key_result": "KR-08", "steps": steps}]}))
    plan = plan_import(northlight, file)
    assert plan.is_refused
    assert words in plan.problems[0].message
    assert plan_back(northlight, "KR-08").steps == ()


# targets, work, dates


def test_the_target_of_a_key_result_is_set_to_what_the_plan_needs(northlight: Workspace) -> None:
    outcome = set_target(northlight, GOAL, 2)
    assert outcome.label == "KR-06 Discovery calls booked: target 40 is now 50"
    assert set_target(northlight, GOAL, 4).label == "KR-09 Email subscribers: target 2,600 is now 2,640"
    assert [step.short for step in plan_back(northlight, GOAL).steps] == [None] * 7
    with pytest.raises(Refused, match="plans 50 already"):
        set_target(northlight, GOAL, 2)
    undo(northlight)
    undo(northlight)
    assert plan_back(northlight, GOAL).steps[2].short == 10


def test_a_task_on_a_step_gets_key_result_stage_and_step(northlight: Workspace) -> None:
    task = journey.task_on_step(northlight, GOAL, 1, "Ring them up @jonas").ids[0]
    fields = board.task_detail(northlight, task).fields
    assert [fields[name] for name in ("key_result", "stage", "journey_step", "owner")] == [GOAL, "decision", 1, "jonas"]
    other = journey.task_on_step(northlight, GOAL, 5, "Guide kr:8 stage:awareness").ids[0]
    fields = board.task_detail(northlight, other).fields
    assert [fields[name] for name in ("key_result", "stage", "journey_step")] == ["KR-12", "awareness", 5]
    assert plan_back(northlight, GOAL).steps[1].open == 1
    undo(northlight)
    undo(northlight)
    assert plan_back(northlight, GOAL).steps[1].is_missing


def test_a_step_without_a_key_result_cites_the_nearest_above(northlight: Workspace) -> None:
    plan = plan_back(northlight, GOAL)
    assert [plan.cited_on(step.position) for step in plan.steps] == [
        "KR-05", "KR-05", "KR-06", "KR-06", "KR-09", "KR-09", "KR-09",
    ]  # fmt: skip


def test_a_task_of_another_plan_is_not_put_on_a_step(northlight: Workspace) -> None:
    add_step(northlight, "KR-08", "Asks for the paper")
    with pytest.raises(Refused, match="Tasks of KR-08 are not of this plan"):
        journey.task_on_step(northlight, GOAL, 5, "Guide kr:4")


def test_an_idea_becomes_a_task_on_a_step(northlight: Workspace) -> None:
    task = journey.idea_on_step(northlight, GOAL, 1, "i-05", "who is reminded comes").ids[0]
    fields = board.task_detail(northlight, task).fields
    assert [fields[name] for name in ("title", "key_result", "stage", "journey_step", "contribution")] == [
        "Reminder message the day before the call", GOAL, "decision", 1, "who is reminded comes",
    ]  # fmt: skip
    assert "I-05" not in {idea.id for idea in ideas.ideas(northlight)}
    undo(northlight)
    assert plan_back(northlight, GOAL).steps[1].is_missing
    assert "I-05" in {idea.id for idea in ideas.ideas(northlight)}


def test_dates_go_back_from_the_goal_by_the_lead_times(northlight: Workspace) -> None:
    journey.task_on_step(northlight, GOAL, 1, "Ring them up")
    days = journey.dates_back(northlight, GOAL, journey.read_lead_times("3 7, 14"))
    assert [day.latest for day in days] == [
        date(2026, 10, 31), date(2026, 10, 28), date(2026, 10, 21), date(2026, 10, 7), None, None, None,
    ]  # fmt: skip
    assert [day.is_past for day in days] == [False, False, False, True, False, False, False]
    assert [day.tasks for day in days] == [("T-020",), ("T-063",), (), (), (), (), ("T-045", "T-047")]
    assert journey.set_dates_back(northlight, GOAL, (3, 7)).ids == ("T-020", "T-063")
    due = {card.id: card.due_on for card in board.cards(northlight, ["T-020", "T-063", "T-045"])}
    assert due == {"T-020": date(2026, 10, 31), "T-063": date(2026, 10, 28), "T-045": None}
    undo(northlight)
    assert [card.due_on for card in board.cards(northlight, ["T-020", "T-063"])] == [None, None]


def test_work_that_should_be_done_by_now_gets_no_date_and_is_told(northlight: Workspace) -> None:
    outcome = journey.set_dates_back(northlight, GOAL, (3, 7, 14, 14, 21, 30))
    assert outcome.ids == ("T-020",)
    assert outcome.notices == (
        "step 6 Sees a post or an ad (first contact) had to be done by 2026-08-03, so its tasks got no date",
    )


@pytest.mark.parametrize("words", ["", "x", "-3", "3.5", "3 4000", "³"])
def test_lead_times_are_whole_days(words: str) -> None:
    with pytest.raises(WrongUsage, match="from the goal down"):
        journey.read_lead_times(words)


# any order of changes

ACTS = st.lists(
    st.tuples(st.sampled_from(["below", "above", "remove", "task", "cancel", "undo"]), st.integers(0, 6)), max_size=14
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_tasks_stay_on_the_step_they_were_put_on_whatever_is_added_and_removed(
    begun_file: Path, open_copy: Callable[..., Workspace], tmp_path: Path, acts: list[tuple[str, int]]
) -> None:
    for left in tmp_path.glob("begun.sqlite3*"):
        left.unlink()
    ws = open_copy(begun_file)
    add_step(ws, "KR-01", "goal")
    pictures = [_picture(ws)]
    for number, (act, at) in enumerate(acts):
        before = _picture(ws)
        stood = {task: step for step, tasks in before[1].items() for task in tasks}
        if act == "undo" and len(pictures) > 1:
            undo(ws)
            pictures.pop()
        with suppress(TrackerError):
            _do(ws, act, at, number)
        after = _picture(ws)
        if act == "undo":
            assert after == pictures[-1]
            continue
        if after != before:
            pictures.append(after)
        for step, tasks in after[1].items():
            for task in tasks:
                assert stood.get(task, step) == step or (act == "remove" and step == "none")
        assert [step.position for step in plan_back(ws, "KR-01").steps] == list(range(len(after[0])))


def _do(ws: Workspace, act: str, at: int, number: int) -> None:
    if act == "below":
        add_step(ws, "KR-01", f"step {number}", {"rate": "50%"}, below=at)
    elif act == "above":
        add_step(ws, "KR-01", f"step {number}", above=at)
    elif act == "remove":
        remove_step(ws, "KR-01", at)
    elif act == "task":
        plan_back(ws, "KR-01").step(at)
        add_task(ws, NewTask(f"task {number}", "KR-01", journey_step=at))
    elif act == "cancel":
        cancel_tasks(ws, [f"T-{at + 1:03d}"], "no")


def _picture(ws: Workspace) -> tuple[list[str], dict[str, list[str]], list[int], list[tuple[object, ...]]]:
    steps = plan_back(ws, "KR-01").steps
    with ws.store.reading() as connection:
        statuses = connection.execute("SELECT id, status FROM task ORDER BY number").fetchall()
    return [step.title for step in steps], on_steps(ws, "KR-01"), [step.open for step in steps], statuses


# at any size


@pytest.mark.parametrize(
    "do",
    [
        lambda ws: plan_back(ws, GOAL), lambda ws: planned_key_result(ws, "KR-08"),
        lambda ws: tasks_on_step(ws, GOAL, 6, 9), lambda ws: add_step(ws, GOAL, "x", below=1),
        lambda ws: remove_step(ws, GOAL, 2), lambda ws: journey.dates_back(ws, GOAL, (3, 7)),
    ],
    ids=["plan", "which", "tasks", "add", "remove", "dates"],
)  # fmt: skip
def test_a_plan_is_read_on_indexes(northlight: Workspace, do: Callable[[Workspace], object]) -> None:
    assert slow_parts(northlight, do, sorts=False) == []


def test_an_objective_of_the_cycle_adds_its_tasks(northlight: Workspace) -> None:
    objective = add_objective(northlight, "More reach").ids[0]
    key_result = add_key_result(northlight, objective, "Reach", {"target": "10"}).ids[0]
    add_task(northlight, NewTask("Post", key_result, journey_step=6))
    assert plan_back(northlight, GOAL).steps[6].open == 8
