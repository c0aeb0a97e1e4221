"""What is counted of sync holds at any size; the times are for people."""

import pytest

from tests.benchmarks import syncing


@pytest.mark.parametrize("kind", syncing.RATES)
def test_a_first_push_is_one_request_a_task_and_never_above_the_rate(kind: str) -> None:
    found = syncing.first_push(kind, 30)
    assert found.requests <= 30 + 4
    assert found.rejected == 0
    assert found.seconds < 1.2 * syncing.allowed(kind, found.requests)


@pytest.mark.parametrize("kind", syncing.RATES)
def test_a_few_changes_are_a_few_requests(kind: str) -> None:
    runs, peak = syncing.later_runs(kind, 60, lambda line: None)
    right_after, nothing, changes = runs
    assert (right_after.report.counts, nothing.report.counts) == ({}, {})
    assert nothing.requests <= 4
    assert changes.report.counts == {"push": syncing.HERE, "pull": syncing.THERE}
    assert changes.requests <= 13  # with Wrike, what was pushed in the minute before is read again
    assert 10 < peak < 500
