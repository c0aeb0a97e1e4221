"""The calendar's reads and its one change: days with what is due and published, gaps, coming days, moving."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.services.test_query_plans import slow_parts
from tracker.domain.errors import Conflict, NotFound, WrongUsage
from tracker.services import board, tasks, undo
from tracker.services.calendar import Calendar, Moved, calendar, reschedule, week_of, weeks_of_month
from tracker.services.strategy import records
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.calendar_rows import DUE, PUBLISH, open_series

TODAY = date(2026, 10, 19)
OCTOBER = weeks_of_month(TODAY)


def names(found: Calendar, day: date) -> list[tuple[str, str]]:
    return [(entry.what, entry.card.id) for entry in found.on(day).entries]


def fields(ws: Workspace, task: str) -> dict[str, object]:
    return dict(board.task_detail(ws, task).fields)


def test_a_month_has_whole_weeks() -> None:
    assert (date(2026, 9, 28), date(2026, 11, 1)) == OCTOBER
    assert weeks_of_month(date(2026, 2, 15)) == (date(2026, 1, 26), date(2026, 3, 1))
    assert week_of(date(2026, 10, 25)) == (date(2026, 10, 19), date(2026, 10, 25))


def test_the_demos_october(northlight: Workspace) -> None:
    found = calendar(northlight, *OCTOBER)
    assert len(found.days) == 35
    assert names(found, date(2026, 10, 21)) == [(PUBLISH, "T-027"), (DUE, "T-032"), (DUE, "T-044")]
    twelfth = found.on(date(2026, 10, 12))
    assert (twelfth.total(), twelfth.total([DUE]), twelfth.late(TODAY), twelfth.late(TODAY, [DUE])) == (6, 2, 2, 1)
    assert found.gaps is not None
    assert sorted(day.day for day in found.gaps.days) == [1, 2, 6, 13, 20, 30]
    assert (found.gaps.weeks, found.gaps.published) == ((), 25)


def test_every_dated_task_stands_on_its_days_and_cancelled_ones_on_none(northlight: Workspace) -> None:
    tasks.cancel_tasks(northlight, ["T-044"], "no longer")
    found = calendar(northlight, date(2026, 8, 1), date(2026, 12, 31), a_day=500)
    shown = {(entry.card.id, entry.what, day.day) for day in found.days for entry in day.entries}
    expected = set()
    for stored in records(northlight, "task", {}):
        for what, name in ((DUE, "due_on"), (PUBLISH, "publish_on")):
            if stored[name] is not None and stored["status"] != "cancelled":
                expected.add((str(stored["id"]), what, date.fromisoformat(str(stored[name]))))
    assert shown == expected
    assert sum(day.total() for day in found.days) == len(expected)


def test_titles_are_read_up_to_a_limit_and_the_rest_is_counted(northlight: Workspace) -> None:
    twelfth = date(2026, 10, 12)
    found = calendar(northlight, *OCTOBER, a_day=2)
    assert (len(found.on(twelfth).entries), found.on(twelfth).total()) == (2, 6)
    assert len(calendar(northlight, *OCTOBER, a_day=2, whole=twelfth).on(twelfth).entries) == 6
    assert names(calendar(northlight, *OCTOBER, shown=[DUE]), twelfth) == [(DUE, "T-043"), (DUE, "T-029")]


def test_what_is_open_stands_before_what_is_done(northlight: Workspace) -> None:
    found = names(calendar(northlight, *OCTOBER, a_day=50), date(2026, 10, 12))
    assert found == [
        (PUBLISH, "T-043"), (DUE, "T-043"), (PUBLISH, "T-025"), (PUBLISH, "T-038"), (PUBLISH, "T-057"), (DUE, "T-029"),
    ]  # fmt: skip


def test_a_series_is_foretold_within_the_days_in_view(northlight: Workspace) -> None:
    november = calendar(northlight, *weeks_of_month(date(2026, 11, 1)))
    foretold = [(day.day, each.task) for day in november.days for each in day.coming]
    assert foretold == [
        *((date(2026, 11, day), "T-062") for day in (6, 13, 20, 27)), (date(2026, 11, 30), "T-060"),
        (date(2026, 12, 4), "T-062"),
    ]  # fmt: skip
    september = calendar(northlight, *weeks_of_month(date(2026, 9, 1)))
    assert not any(day.coming for day in september.days)


def test_a_rule_without_an_end_stays_bounded_by_the_view(begun: Workspace) -> None:
    task = tasks.add_task(begun, NewTask("Feed", "KR-01", kind="foundational", due_on=date(2026, 10, 19))).ids[0]
    tasks.edit_tasks(begun, [task], {"recurs": "daily", "publish_on": "2026-10-21"})
    found = calendar(begun, *week_of(date(2026, 10, 26)))
    assert [sum(each.what == DUE for each in day.coming) for day in found.days] == [1] * 7
    assert [sum(each.what == PUBLISH for each in day.coming) for day in found.days] == [1] * 7
    far = calendar(begun, date(9000, 1, 1), date(9000, 1, 7))
    assert sum(len(day.coming) for day in far.days) <= 120


def test_weeks_without_anything_published_are_named(begun: Workspace) -> None:
    found = calendar(begun, *OCTOBER)
    assert found.gaps is not None
    assert found.gaps.published == 0
    task = tasks.add_task(begun, NewTask("Post", "KR-01", publish_on=date(2026, 10, 20))).ids[0]
    found = calendar(begun, *OCTOBER)
    assert found.gaps is not None
    assert date(2026, 10, 20) not in found.gaps.days
    assert date(2026, 10, 21) in found.gaps.days
    assert date(2026, 10, 24) not in found.gaps.days, "a Saturday is no working day"
    assert date(2026, 10, 19) not in found.gaps.weeks
    assert date(2026, 10, 12) in found.gaps.weeks
    tasks.cancel_tasks(begun, [task], "no")
    assert calendar(begun, *OCTOBER).gaps.published == 0  # type: ignore[union-attr]


def test_before_the_first_run_the_calendar_is_empty(empty: Workspace) -> None:
    found = calendar(empty, *OCTOBER)
    assert found.gaps is None
    assert sum(day.total() for day in found.days) == 0


# moving


def test_several_days_move_as_one_change(northlight: Workspace) -> None:
    day = date(2026, 10, 22)
    moves = [Moved("T-030", DUE, day + timedelta(days=1), day), Moved("T-032", PUBLISH, None, day)]
    outcome = reschedule(northlight, moves)
    assert outcome.ids == ("T-030", "T-032")
    assert (fields(northlight, "T-030")["due_on"], fields(northlight, "T-032")["publish_on"]) == ("2026-10-23", None)
    undo.undo(northlight)
    assert (fields(northlight, "T-030")["due_on"], fields(northlight, "T-032")["publish_on"]) == (
        "2026-10-22", "2026-10-22",
    )  # fmt: skip


def test_a_day_that_somebody_else_moved_is_a_conflict(
    open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    ours, theirs = open_copy(northlight_file), open_copy(northlight_file, "jonas")
    seen = date(2026, 10, 22)
    tasks.set_due(theirs, ["T-030"], date(2026, 10, 30))
    move = [Moved("T-030", DUE, date(2026, 10, 23), seen)]
    with pytest.raises(Conflict):
        reschedule(ours, move)
    reschedule(ours, move, anyway=True)
    assert fields(ours, "T-030")["due_on"] == "2026-10-23"


def test_moving_nothing_or_nobody_is_refused(northlight: Workspace) -> None:
    with pytest.raises(WrongUsage):
        reschedule(northlight, [])
    with pytest.raises(NotFound):
        reschedule(northlight, [Moved("T-999", DUE, TODAY, None)])


def test_the_same_day_again_changes_nothing(northlight: Workspace) -> None:
    day = date(2026, 10, 22)
    assert reschedule(northlight, [Moved("T-030", DUE, day, day)]).batch is None


# plans


def test_every_read_is_on_an_index(northlight: Workspace) -> None:
    assert slow_parts(northlight, lambda ws: calendar(ws, *OCTOBER, whole=TODAY), sorts=False) == []


def test_coming_days_cost_nothing_for_what_was_done_long_ago(northlight: Workspace) -> None:
    for _ in range(12):
        done = [row for row in records(northlight, "task", {}) if row["series"] == "T-062" and row["status"] != "done"]
        tasks.move_tasks(northlight, [str(done[0]["id"])], "done")
    found = calendar(northlight, *weeks_of_month(date(2027, 2, 1)))
    assert {each.task for day in found.days for each in day.coming} == {"T-060", "T-074"}
    steps: list[int] = []
    northlight.store.connection.set_progress_handler(lambda: steps.append(1), 10)
    open_series(northlight.store.connection)
    northlight.store.connection.set_progress_handler(None, 0)
    assert len(steps) < 60


def test_finishing_what_comes_round_reads_indexes_only(northlight: Workspace) -> None:
    assert slow_parts(northlight, lambda ws: tasks.move_tasks(ws, ["T-062"], "done"), sorts=False) == []


def test_the_number_of_reads_does_not_grow_with_the_tasks(northlight: Workspace) -> None:
    def rows_read(a_day: int) -> int:
        ran: list[str] = []
        northlight.store.connection.set_trace_callback(ran.append)
        calendar(northlight, *OCTOBER, a_day=a_day)
        northlight.store.connection.set_trace_callback(None)
        return len([sql for sql in ran if re.match(r"\s*SELECT", sql)])

    assert rows_read(1) <= 35 * 4 + 5
