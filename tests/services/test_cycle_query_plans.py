"""A cycle, its end and the strategy's versions are read on indexes, however many tasks and changes there are."""

from __future__ import annotations

import pytest

from tests.services.test_query_plans import Doing, slow_parts
from tracker.services.closing import closing, cycle_scores, destinations
from tracker.services.header import header
from tracker.services.strategy_questions import open_questions
from tracker.services.strategy_versions import versions
from tracker.services.workspace import Workspace
from tracker.storage import cycle_rows


def _open_tasks(ws: Workspace) -> None:
    with ws.store.reading() as connection:
        assert list(cycle_rows.open_tasks_of(connection, "KR-08"))


@pytest.mark.parametrize(
    "do",
    [closing, cycle_scores, lambda ws: destinations(ws, closing(ws)), header, open_questions, versions],
    ids=["closing", "scores", "destinations", "header", "questions", "versions"],
)
def test_no_large_table_is_read_from_end_to_end(northlight: Workspace, do: Doing) -> None:
    assert not slow_parts(northlight, do, sorts=False)  # a handful of key results or changes is put in order


def test_open_tasks_come_in_pieces_from_an_index_without_sorting(northlight: Workspace) -> None:
    assert not slow_parts(northlight, _open_tasks)
