"""The strategy from the top down: figures of the header, counts of the tallies, the first tasks of each key result."""

from __future__ import annotations

import pytest

from tests.services.test_query_plans import plan, slow_parts, statements
from tracker.domain.errors import NotFound
from tracker.services import strategy, tasks
from tracker.services.header import header
from tracker.services.outline import Work, outline
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace


def test_it_counts_open_and_done_work_on_every_key_result(northlight: Workspace) -> None:
    found = outline(northlight)
    assert found.header == header(northlight)
    assert {id_: (branch.work.open, branch.work.done) for id_, branch in found.branches.items()} == {
        "KR-05": (4, 3), "KR-06": (8, 5), "KR-07": (0, 2), "KR-08": (10, 6), "KR-09": (2, 1), "KR-10": (2, 2),
        "KR-11": (1, 0), "KR-12": (1, 1),
    }  # fmt: skip
    assert [found.work_on(each) for each in found.header.objectives] == [Work(12, 10), Work(14, 9), Work(2, 1)]
    assert (found.work, found.elsewhere) == (Work(28, 20), 0)


def test_the_first_tasks_are_those_that_are_begun(northlight: Workspace) -> None:
    branch = outline(northlight, first_tasks=4).branches["KR-08"]
    assert [(card.id, card.status) for card in branch.tasks] == [
        ("T-043", "doing"), ("T-042", "doing"), ("T-044", "doing"), ("T-051", "doing"),
    ]
    assert branch.more == 6
    whole = outline(northlight, first_tasks=99).branches["KR-05"]
    assert ([card.id for card in whole.tasks], whole.more) == (["T-018", "T-019", "T-021", "T-020"], 0)
    assert [branch.tasks for branch in outline(northlight, first_tasks=0).branches.values()] == [()] * 8


def test_work_on_another_cycle_is_counted_by_itself(northlight: Workspace) -> None:
    objective = strategy.add_objective(northlight, "Later", {"cycle": "2026-11", "owner": "mara"}).ids[0]
    key_result = strategy.add_key_result(northlight, objective, "More calls", {"target": "50"}).ids[0]
    tasks.add_task(northlight, NewTask("Early bird", key_result))
    found = outline(northlight)
    assert (found.elsewhere, found.work.open, key_result in found.branches) == (1, 28, False)


def test_without_a_strategy_there_is_nothing_to_show(empty: Workspace) -> None:
    with pytest.raises(NotFound, match="no active strategy"):
        outline(empty)


def test_it_is_read_on_indexes_a_few_rows_at_a_time(northlight: Workspace) -> None:
    assert slow_parts(northlight, outline, sorts=False) == []
    ran = statements(northlight, outline)
    of_tasks = [sql for sql in ran if "FROM task t" in sql]
    assert of_tasks
    assert all("LIMIT" in sql for sql in of_tasks)
    sorted_ = [step for sql in of_tasks for step in plan(northlight.store.connection, sql) if "TEMP B-TREE" in step]
    assert sorted_ == []
