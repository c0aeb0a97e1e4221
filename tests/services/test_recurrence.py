"""Upkeep comes round: one open task a series, the next one made with the change that finishes the last."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.clock import stopped_clock
from tracker.domain.errors import Conflict, Refused, TrackerError
from tracker.domain.recurrence import Rule, anchored, checked, parse_rule
from tracker.domain.tasks import OPEN
from tracker.services import board, tasks, undo
from tracker.services.recurrence import coming, follow, following
from tracker.services.strategy import edit_record, records
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace


def recurring(ws: Workspace, rule: str = "weekly", due: date | None = date(2026, 10, 21), **fields: object) -> str:
    """A foundational task of mara's in doing that comes round."""
    new = NewTask("Answer reviews", "KR-01", kind="foundational", owner="mara", due_on=due)
    task = tasks.add_task(ws, new).ids[0]
    tasks.edit_tasks(ws, [task], {"recurs": rule, **fields})
    tasks.move_tasks(ws, [task], "doing")
    return task


def fields(ws: Workspace, task: str) -> dict[str, object]:
    return dict(board.task_detail(ws, task).fields)


def open_ones(ws: Workspace) -> list[str]:
    rows = records(ws, "task", {})
    return [str(row["id"]) for row in rows if row["status"] in OPEN and row["recurs"] is not None]


def on(ws: Workspace, day: str) -> Workspace:
    return replace(ws, clock=stopped_clock(datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=UTC)))


def test_the_next_task_is_made_when_one_is_done(begun: Workspace) -> None:
    task = recurring(begun, "every Wednesday", contribution="Keeps the rating", estimate_low_h=1, estimate_high_h=2,
                     publish_on="2026-10-23", stage="decision", medium="social", notes="All of them")
    outcome = tasks.move_tasks(begun, [task], "done")
    assert outcome.ids == (task, "T-002")
    assert outcome.notices == ("T-002 comes next, due Wed 28 Oct",)
    old, new = fields(begun, task), fields(begun, "T-002")
    same = ("title", "key_result", "contribution", "notes", "stage", "kind", "medium", "channel", "owner", "recurs",
            "estimate_low_h", "estimate_high_h", "series")
    assert {name: new[name] for name in same} == {name: old[name] for name in same}
    assert (new["status"], new["due_on"], new["publish_on"]) == ("assigned", "2026-10-28", "2026-10-30")
    assert (new["series"], new["created_on"], new["assigned_on"]) == (task, "2026-10-19", "2026-10-19")
    assert new["started_on"] is None


def test_undo_takes_both_back_and_redo_brings_both(begun: Workspace) -> None:
    task = recurring(begun)
    tasks.move_tasks(begun, [task], "done")
    undo.undo(begun)
    assert (fields(begun, task)["status"], open_ones(begun)) == ("doing", [task])
    undo.redo(begun)
    assert (fields(begun, task)["status"], open_ones(begun)) == ("done", ["T-002"])


@pytest.mark.parametrize("finish", [
    lambda ws, task: tasks.step_tasks(ws, [task], 1) and tasks.step_tasks(ws, [task], 1),
    lambda ws, task: tasks.move_tasks(ws, [task], "done"),
    lambda ws, task: tasks.edit_tasks(ws, [task], {"status": "done"}),
    lambda ws, task: tasks.move_tasks(ws, [tasks.add_task(ws, NewTask("Other", "KR-01")).ids[0], task], "done"),
])  # fmt: skip
def test_any_way_to_done_makes_the_next(begun: Workspace, finish: Callable[[Workspace, str], object]) -> None:
    task = recurring(begun)
    finish(begun, task)
    assert fields(begun, task)["status"] == "done"
    assert len(open_ones(begun)) == 1


@pytest.mark.parametrize(("due", "today", "expected"), [
    ("2026-10-21", "2026-10-19", "2026-10-28"),  # early
    ("2026-10-19", "2026-10-19", "2026-10-26"),  # on the day
    ("2026-09-30", "2026-10-19", "2026-10-21"),  # late: what is past is passed over
    ("2026-09-28", "2026-10-19", "2026-10-26"),  # late, and today would be one: it is today's work that was just done
])  # fmt: skip
def test_the_next_day_is_after_the_old_one_and_never_past(
    begun: Workspace, due: str, today: str, expected: str
) -> None:
    task = recurring(on(begun, min(due, today)), "weekly", date.fromisoformat(due))
    tasks.move_tasks(on(begun, today), [task], "done")
    assert [fields(begun, each)["due_on"] for each in open_ones(begun)] == [expected]


def test_a_series_keeps_to_the_rule_of_its_first_day(begun: Workspace) -> None:
    task = recurring(begun, "every 2 weeks on Wed", date(2026, 10, 21))
    tasks.move_tasks(begun, [task], "done")
    tasks.set_due(begun, ["T-002"], date(2026, 11, 6))  # two days late this once
    tasks.move_tasks(begun, ["T-002"], "done")
    assert fields(begun, "T-003")["due_on"] == "2026-11-18"
    assert fields(begun, "T-003")["series"] == task


def test_the_last_day_of_a_month_stays_the_last(begun: Workspace) -> None:
    task = recurring(begun, "monthly", date(2027, 1, 31))
    for expected in ("2027-02-28", "2027-03-31", "2027-04-30"):
        outcome = tasks.move_tasks(begun, [task], "done")
        task = outcome.ids[1]
        assert fields(begun, task)["due_on"] == expected


@pytest.mark.parametrize(("rule", "times"), [("every week, 3 times", 3), ("every week until 4 nov 2026", 3),
                                            ("every week, 1 time", 1), ("FREQ=WEEKLY;BYDAY=FR;COUNT=3", 3)])
def test_a_series_ends_with_its_rule(begun: Workspace, rule: str, times: int) -> None:
    task = recurring(begun, rule)
    for _ in range(times - 1):
        task = tasks.move_tasks(begun, [task], "done").ids[1]
    last = tasks.move_tasks(begun, [task], "done")
    assert (last.ids, last.notices) == ((task,), (f"{task} was the last of its series",))
    assert open_ones(begun) == []


def test_a_task_without_a_date_counts_from_the_day_it_was_made(begun: Workspace) -> None:
    task = recurring(begun, "weekly", None)
    tasks.move_tasks(on(begun, "2026-10-28"), [task], "done")
    assert fields(begun, "T-002")["due_on"] == "2026-11-02"


def test_cancelling_ends_the_series_and_says_so(begun: Workspace) -> None:
    task = recurring(begun)
    outcome = tasks.cancel_tasks(begun, [task], "no longer needed")
    assert outcome.notices == (f"{task} repeats no more: cancelling ends its series",)
    assert open_ones(begun) == []


def test_reopening_withdraws_the_next_one_that_nobody_touched(begun: Workspace) -> None:
    task = recurring(begun)
    tasks.move_tasks(begun, [task], "done")
    outcome = tasks.move_tasks(begun, [task], "doing")
    assert outcome.notices == ("T-002, which was to come next, is withdrawn",)
    assert open_ones(begun) == [task]
    undo.undo(begun)
    assert open_ones(begun) == ["T-002"]
    tasks.step_tasks(begun, [task], -1)
    assert open_ones(begun) == [task]
    assert tasks.move_tasks(begun, [task], "done").ids[1] == "T-003"  # a number is never used twice


@pytest.mark.parametrize("touch", [
    lambda ws: tasks.move_tasks(ws, ["T-002"], "doing"),
    lambda ws: tasks.comment(ws, "T-002", "already asked them"),
    lambda ws: tasks.edit_tasks(ws, ["T-002"], {"notes": "this time with pictures"}),
    lambda ws: tasks.wait_for(ws, [tasks.add_task(ws, NewTask("Other", "KR-01")).ids[0]], "T-002"),
])  # fmt: skip
def test_reopening_is_refused_when_the_next_one_is_worked_with(
    begun: Workspace, touch: Callable[[Workspace], object]
) -> None:
    task = recurring(begun)
    tasks.move_tasks(begun, [task], "done")
    touch(begun)
    with pytest.raises(Refused, match=r"T-002 came after it.*Cancel T-002 or finish it first"):
        tasks.move_tasks(begun, [task], "doing")
    assert open_ones(begun) == ["T-002"]


def test_one_that_was_reopened_makes_no_second_successor(begun: Workspace) -> None:
    task = recurring(begun)
    tasks.move_tasks(begun, [task], "done")
    tasks.edit_tasks(begun, ["T-002"], {"recurs": ""})  # the series ends with this one
    tasks.move_tasks(begun, [task], "doing")
    assert tasks.move_tasks(begun, [task], "done").ids == (task, "T-003")


def test_undoing_across_two_people_never_leaves_two_open(
    open_copy: Callable[..., Workspace], begun_file: Path
) -> None:
    mara = open_copy(begun_file)
    jonas = mara.acting_as("jonas")
    task = recurring(mara)
    tasks.move_tasks(mara, [task], "done")
    tasks.cancel_tasks(mara, ["T-002"], "not this week")
    tasks.move_tasks(jonas, [task], "doing")
    tasks.move_tasks(jonas, [task], "done")
    with pytest.raises((Refused, Conflict), match="T-003 is open in its series already"):
        undo.undo(mara)
    assert open_ones(mara) == ["T-003"]


def test_a_dropped_key_result_ends_the_series(begun: Workspace) -> None:
    task = recurring(begun)
    tasks.cancel_tasks(begun, [task], "the key result goes")
    edit_record(begun, "key_result", "KR-01", {"status": "dropped", "drop_reason": "replaced"})
    with begun.writing("look") as tx:
        # the database lets no open task cite it, so that the end can only be reached on a row of another making
        followed = follow(tx, {**tx.require("task", task), "status": "done"}, "review", begun.clock.today)
    assert followed.made is None
    assert "KR-01 Signed clients is dropped" in followed.notice


def test_an_owner_who_left_gets_no_new_task(northlight: Workspace) -> None:
    edit_record(northlight, "person", "lena", {"active": 0})
    outcome = tasks.move_tasks(northlight, ["T-062"], "done")
    new = fields(northlight, outcome.ids[1])
    assert (new["owner"], new["status"]) == (None, "backlog")
    assert any("lena is no longer here" in notice for notice in outcome.notices)


def test_what_comes_round_serves_the_same_key_results(northlight: Workspace) -> None:
    tasks.serve_also(northlight, "T-062", ["KR-01"])
    new = tasks.move_tasks(northlight, ["T-062"], "done").ids[1]
    assert board.task_detail(northlight, new).also_serves == ("KR-01",)


def test_ordinary_tasks_load_no_recurrence(begun: Workspace) -> None:
    script = (
        "import sys; from pathlib import Path; from tracker.bootstrap import open_workspace; "
        "from tracker.services import tasks; ws = open_workspace(sys.argv[1], person='mara'); "
        "tasks.move_tasks(ws, [tasks.add_task(ws, tasks.NewTask('x', 'KR-01')).ids[0]], 'done'); "
        "sys.exit(any(name.startswith(('dateutil', 'tracker.services.recurrence')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script, str(begun.store.path)], check=False).returncode == 0


# any rule, any order


RULES = st.sampled_from([
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=5FR", "FREQ=YEARLY",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=WEEKLY;BYDAY=MO;WKST=SU;INTERVAL=2", "FREQ=YEARLY;BYDAY=20MO", "FREQ=DAILY;BYMONTH=1,2",
])  # fmt: skip
ENDS = st.one_of(st.just(""), st.integers(1, 20).map(lambda n: f";COUNT={n}"),
                 st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(lambda day: f";UNTIL={day:%Y%m%d}"))


@settings(deadline=None)
@given(RULES, ENDS, st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.integers(0, 800))
def test_the_next_day_is_later_and_one_of_dateutils(text: str, end: str, first: date, days: int) -> None:
    rule = parse_rule(text + end, first)
    after = first + timedelta(days=days)
    found = following(rule, first, after)
    oracle = rrulestr(anchored(rule, first).text, dtstart=datetime.fromordinal(first.toordinal()))
    expected = oracle.after(datetime.fromordinal(after.toordinal()))
    if found is None:
        assert expected is None or rule.count is not None  # the first task is one of the count
    else:
        assert found > after
        assert datetime.fromordinal(found.toordinal()) in oracle
        assert expected is not None
        assert found == expected.date()


@settings(deadline=None)
@given(RULES, st.integers(1, 12), st.dates(date(2020, 1, 1), date(2026, 12, 31)))
def test_a_counted_series_has_so_many_tasks(text: str, count: int, first: date) -> None:
    rule = parse_rule(f"{text};COUNT={count}", first)
    assert len(list(islice(coming(rule, first, first, date(9000, 1, 1)), 50))) == count - 1


def test_the_days_do_not_move_with_the_clocks() -> None:
    rule = checked(Rule("WEEKLY", weekdays=((0, 6),)))
    days = list(coming(rule, date(2026, 3, 1), date(2026, 3, 1), date(2026, 11, 30)))  # over both changes of a year
    assert all((later - earlier).days == 7 for earlier, later in pairwise(days))


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["done", "done", "reopen", "undo", "undo", "redo", "cancel", "restore", "start"]),
        st.sampled_from(["mara", "jonas"]), st.integers(0, 9),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_a_series_has_one_open_task_whatever_is_done(
    open_copy: Callable[..., Workspace], begun_file: Path, tmp_path: Path, moves: list[tuple[str, str, int]]
) -> None:
    (tmp_path / begun_file.name).unlink(missing_ok=True)
    ws = open_copy(begun_file)
    recurring(ws)
    for move, person, number in moves:
        of_series = [row for row in records(ws, "task", {}) if row["recurs"] is not None]
        pick = of_series[-1 - number % len(of_series)] if of_series else None
        try:
            if move in ("undo", "redo"):
                getattr(undo, move)(ws.acting_as(person))
            elif pick is not None:
                to = {"done": "done", "reopen": "doing", "cancel": "cancelled", "restore": "backlog",
                      "start": "doing"}[move]
                tasks.move_tasks(ws.acting_as(person), [str(pick["id"])], to, reason="because")
        except TrackerError:
            pass  # refused, and nothing was changed
        assert len(open_ones(ws)) <= 1
    ws.store.close()
