"""Flow, its forecast and the cut line: the demo's figures, and what is said where there is nothing to go by."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.services.test_query_plans import slow_parts, statements
from tracker.clock import stopped_clock
from tracker.domain.errors import WrongUsage
from tracker.domain.filters import TaskFilter
from tracker.services import board, tasks
from tracker.services.flow import (
    BANDS,
    ORDERED,
    Flow,
    Outlook,
    ageing,
    chance_of,
    cut_line,
    flow,
)
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace

TODAY = date(2026, 10, 19)
STARTED = ("doing", "review")


def at(ws: Workspace, day: date) -> Workspace:
    return Workspace(ws.store, stopped_clock(datetime(day.year, day.month, day.day, 9, tzinfo=UTC)), ws.actor)


def finish(ws: Workspace, title: str, days: int) -> None:
    """A task that is begun on the workspace's day and done so many days later."""
    task = tasks.add_task(ws, NewTask(title, "KR-01", owner="mara")).ids[0]
    tasks.move_tasks(ws, [task], "doing")
    tasks.move_tasks(at(ws, ws.clock.today + timedelta(days=days - 1)), [task], "done")


# -- the demo


def test_the_demos_cycle_times_are_as_published(northlight: Workspace) -> None:
    times = flow(northlight).cycle_times
    assert (times.tasks, dict(times.percentiles), times.sle_days) == (33, {50: 4, 70: 6, 85: 7, 95: 10}, 7)


def test_the_demos_forecast_is_as_published_with_its_sample(northlight: Workspace) -> None:
    outlook = flow(northlight).outlook
    assert (outlook.open_tasks, outlook.days_left, outlook.sample.days, outlook.sample.done) == (28, 12, 30, 24)
    assert dict(outlook.finishing) == {50: 9, 70: 7, 85: 6, 95: 4}
    assert {each: day and (day - TODAY).days for each, day in outlook.all_done.items()} == {
        50: 35, 70: 40, 85: 44, 95: 51,
    }  # fmt: skip
    assert outlook.chance_of_all == 0


def test_it_shows_the_cycle_so_far_or_the_days_that_are_asked_for(northlight: Workspace) -> None:
    cycle = flow(northlight)
    assert (cycle.is_cycle, cycle.days[0].on, cycle.days[-1].on) == (True, date(2026, 10, 1), TODAY)
    asked = flow(northlight, 90)
    assert (asked.is_cycle, len(asked.days), asked.days[-1].on) == (False, 90, TODAY)


@pytest.mark.parametrize("days", [1, 0, -3, 1001])
def test_a_span_that_cannot_be_shown_is_refused(northlight: Workspace, days: int) -> None:
    with pytest.raises(WrongUsage, match="2 to 1,000 days"):
        flow(northlight, days)


def counted(ws: Workspace, day: date) -> dict[str, int]:
    """What each status held at the end of a day, counted event by event."""
    held: dict[str, int] = {}
    sql = "SELECT from_status, to_status FROM task_event WHERE on_date <= ?"
    for before, after in ws.store.connection.execute(sql, (day.isoformat(),)):
        held[after] = held.get(after, 0) + 1
        if before is not None:
            held[before] -= 1
    return held


def agrees_with_events(ws: Workspace, found: Flow) -> None:
    before = counted(ws, found.days[0].on - timedelta(days=1)).get("done", 0)
    for day in found.days:
        held = counted(ws, day.on)
        assert [getattr(day, band) for band in BANDS[1:]] == [held.get(band, 0) for band in BANDS[1:]], day.on
        assert day.done == held.get("done", 0) - before


@pytest.mark.parametrize("days", [None, 7, 60])
def test_each_day_holds_what_its_events_come_to(northlight: Workspace, days: int | None) -> None:
    agrees_with_events(northlight, flow(northlight, days))


def test_so_it_does_after_any_changes_and_their_undoing(northlight: Workspace) -> None:
    from tracker.services.undo import undo

    chance = random.Random(7)
    for day in range(1, 25):
        ws = at(northlight, TODAY + timedelta(days=day))
        pages = board.column_pages(ws, TaskFilter(), 50)
        card = chance.choice([card for status in ("backlog", *ORDERED) for card in pages[status].cards])
        if card.owner is None:
            tasks.assign_tasks(ws, [card.id], "lena")
        tasks.step_tasks(ws, [card.id], 1)
        if chance.random() < 0.2:
            undo(ws)
    agrees_with_events(northlight, flow(at(northlight, TODAY + timedelta(days=24)), 40))


def test_with_a_clock_set_back_what_is_to_come_has_not_happened(northlight: Workspace) -> None:
    agrees_with_events(northlight, flow(at(northlight, date(2026, 10, 10)), 14))


def test_weeks_sum_their_days_and_say_whether_they_are_whole(northlight: Workspace) -> None:
    assert [(week.monday.isoformat(), week.tasks, week.is_whole) for week in flow(northlight).weeks] == [
        ("2026-09-28", 4, False), ("2026-10-05", 14, True), ("2026-10-12", 2, True), ("2026-10-19", 0, False),
    ]  # fmt: skip


# -- ageing


def test_work_in_progress_is_listed_oldest_first_and_marked_past_the_expectation(northlight: Workspace) -> None:
    rows = ageing(northlight, 0, 100)
    found = flow(northlight)
    assert [each.days for each in rows] == sorted((each.days for each in rows), reverse=True)
    assert {each.card.status for each in rows} == set(STARTED)
    assert len(rows) == found.in_work == 13
    assert [each.card.id for each in rows if each.is_past] == [
        "T-043", "T-026", "T-019", "T-052", "T-018", "T-044", "T-051",
    ]  # fmt: skip
    assert (found.past_sle.n, found.past_sle.at_least) == (7, False)


def test_recurring_work_is_listed_and_raises_no_alarm(northlight: Workspace) -> None:
    oldest = ageing(northlight, 0, 1)[0]
    assert (oldest.card.id, oldest.card.recurs is not None, oldest.days, oldest.is_past) == ("T-062", True, 15, False)


def test_the_list_of_ageing_work_is_read_in_windows(northlight: Workspace) -> None:
    whole = ageing(northlight, 0, 100)
    assert ageing(northlight, 4, 3) == whole[4:7]
    assert ageing(northlight, 50, 3) == ()


# -- nothing to say it from


def test_an_empty_history_is_unknown(begun: Workspace) -> None:
    found = flow(begun)
    assert (found.cycle_times.percentiles, found.cycle_times.sle_days, found.in_work) == ({}, None, 0)
    assert not found.outlook.is_known
    assert (found.outlook.finishing, found.outlook.all_done, found.outlook.chance_of_all) == ({}, {}, None)
    assert chance_of(found.outlook, 3, None) is None
    assert cut_line(begun) is None


def test_one_task_has_a_cycle_time_and_no_forecast(begun: Workspace) -> None:
    finish(at(begun, TODAY - timedelta(days=4)), "Only one", 3)
    found = flow(begun)
    assert dict(found.cycle_times.percentiles) == {50: 3, 70: 3, 85: 3, 95: 3}
    assert not found.outlook.is_known


def test_a_team_that_began_last_week_has_no_history_yet(begun: Workspace) -> None:
    for number in range(8):
        finish(at(begun, TODAY - timedelta(days=5)), f"Task {number}", 2)
    assert not flow(begun).outlook.is_known


def test_before_the_first_strategy_there_is_no_cycle_and_nothing_breaks(empty: Workspace) -> None:
    found = flow(empty)
    assert (found.cycle, found.is_cycle, len(found.days)) == (None, False, 30)
    assert (found.outlook.ends_on, found.outlook.is_known, found.outlook.open_tasks) == (None, False, 0)
    assert ageing(empty, 0, 10) == ()
    assert cut_line(empty) is None


def test_a_cycle_that_has_not_begun_shows_the_usual_days(northlight: Workspace) -> None:
    found = flow(at(northlight, date(2026, 9, 20)))
    assert (found.is_cycle, len(found.days)) == (False, 30)
    assert found.cycle is not None
    assert found.cycle.starts_on > found.today


def test_without_a_running_cycle_the_days_are_forecast_and_the_numbers_are_not(northlight: Workspace) -> None:
    northlight.store.connection.execute("UPDATE cycle SET status = 'planned' WHERE status = 'active'")
    outlook = flow(northlight).outlook
    assert outlook.is_known
    assert (outlook.ends_on, outlook.finishing, outlook.chance_of_all) == (None, {}, None)
    assert outlook.all_done[85] == TODAY + timedelta(days=44)
    assert chance_of(outlook, 5, None) is None
    assert chance_of(outlook, 28, TODAY + timedelta(days=44)) is not None


def test_after_the_cycles_end_nothing_finishes_by_it_any_more(northlight: Workspace) -> None:
    outlook = flow(at(northlight, date(2026, 11, 3))).outlook
    assert outlook.is_known
    assert (outlook.ends_on, outlook.finishing, outlook.chance_of_all) == (date(2026, 10, 31), {}, None)
    assert outlook.all_done[50] is not None
    with pytest.raises(WrongUsage, match="2026-10-31 is over"):
        chance_of(outlook, 5, None)


# -- what if


def outlook_of(ws: Workspace) -> Outlook:
    return flow(ws).outlook


def test_what_if_agrees_with_the_forecast(northlight: Workspace) -> None:
    outlook = outlook_of(northlight)
    six, seven = chance_of(outlook, 6, None), chance_of(outlook, 7, None)
    assert six is not None
    assert seven is not None
    assert six >= 85 > seven
    by = outlook.all_done[85]
    assert by is not None
    within, before = chance_of(outlook, None, by), chance_of(outlook, None, by - timedelta(days=1))
    assert within is not None
    assert before is not None
    assert within >= 85 > before


def test_fewer_tasks_and_later_days_are_never_less_likely(northlight: Workspace) -> None:
    outlook = outlook_of(northlight)
    found = [chance_of(outlook, tasks, None) for tasks in range(1, 29)]
    assert found == sorted(found, key=lambda chance: chance or Decimal(0), reverse=True)
    later = [chance_of(outlook, None, TODAY + timedelta(days=days)) for days in range(0, 80, 5)]
    assert later == sorted(later, key=lambda chance: chance or Decimal(0))


@pytest.mark.parametrize(("number", "by"), [(0, None), (5, TODAY - timedelta(days=1))])
def test_a_what_if_about_nothing_or_the_past_is_refused(
    northlight: Workspace, number: int | None, by: date | None
) -> None:
    with pytest.raises(WrongUsage):
        chance_of(outlook_of(northlight), number, by)


# -- the cut line


def below(ws: Workspace) -> list[tuple[str, bool]]:
    """Every open task in the order of the list, and whether it is below the line."""
    line = cut_line(ws)
    assert line is not None
    cards = [card for status in ORDERED for card in board.column_page(ws, status, TaskFilter(), 0, 500).cards]
    return [(card.id, line.is_below(card)) for card in cards if card.recurs is None]


def test_as_many_tasks_stand_above_the_line_as_finish_from_review_back_to_backlog(northlight: Workspace) -> None:
    assert [task for task, is_below in below(northlight) if not is_below] == [
        "T-026", "T-046", "T-052", "T-019", "T-043", "T-042",
    ]  # fmt: skip


def test_the_line_agrees_with_the_one_of_triage(northlight: Workspace) -> None:
    top = board.triage_page(northlight, TaskFilter(), 0, 6).cards
    assert {card.id for card in top} == {task for task, is_below in below(northlight) if not is_below}


def test_recurring_tasks_are_passed_over(northlight: Workspace) -> None:
    before = [task for task, is_below in below(northlight) if not is_below]
    with northlight.writing("make it recur") as tx:
        tx.connection.execute("UPDATE task SET kind = 'foundational', recurs = 'weekly' WHERE id = 'T-026'")
    after = [task for task, is_below in below(northlight) if not is_below]
    assert after == [*before[1:], "T-027"]


def test_the_line_moves_on_to_the_next_column_and_vanishes_where_everything_finishes(northlight: Workspace) -> None:
    for status in ("review", "doing"):
        for card in board.column_page(northlight, status, TaskFilter(), 0, 50).cards:
            tasks.cancel_tasks(northlight, [card.id], "not now")
    line = cut_line(northlight)
    assert line is not None
    assert line.status == "assigned"
    rows = below(northlight)
    assert [is_below for _, is_below in rows] == [False] * line.finishing + [True] * (len(rows) - line.finishing)
    for task, _ in rows[line.finishing - 1 :]:
        tasks.cancel_tasks(northlight, [task], "not now")
    line = cut_line(northlight)
    assert line is not None
    assert line.status is None
    assert not any(is_below for _, is_below in below(northlight))


# -- plans


READS: dict[str, Callable[[Workspace], object]] = {
    "flow": flow,
    "a year of flow": lambda ws: flow(ws, 365),
    "ageing": lambda ws: ageing(ws, 5, 20),
    "cut line": cut_line,
}


@pytest.mark.parametrize("name", READS)
def test_flow_is_read_from_tallies_and_indexes(northlight: Workspace, name: str) -> None:
    assert statements(northlight, READS[name])
    assert not [step for step in slow_parts(northlight, READS[name]) if " FROM task" in step]


@pytest.mark.parametrize("name", READS)
def test_of_the_tallies_only_the_days_shown_are_read(northlight: Workspace, name: str) -> None:
    for sql in statements(northlight, READS[name]):
        plan = [row[3] for row in northlight.store.connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step.startswith("SCAN") and "_tally" in step], sql


def test_ageing_work_comes_off_its_index_in_order(northlight: Workspace) -> None:
    asked = [sql for sql in statements(northlight, lambda ws: ageing(ws, 0, 20)) if "UNION ALL" in sql]
    plan = [row[3] for row in northlight.store.connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert any("MERGE" in step for step in plan)
    assert all("task_ageing" in step for step in plan if step.startswith(("SEARCH", "SCAN")))
    assert not any("TEMP B-TREE" in step for step in plan)
