"""Made-up tasks: the same every time, within the rules."""

from collections import Counter
from itertools import chain

from tests.benchmarks.generated import AS_OF, TASK_COLUMNS, Batch, Pattern, Source, batches, more_people

SOURCE = Source(
    patterns=[Pattern("Write it", "It is read", "awareness", "content", None, "ongoing", 1.0, 2.0)],
    open_key_results=["KR-05", "KR-06"], past_key_results=["KR-01"], people=["ada", "ben"], connector="asana",
)


def made(count: int, each: int = 100) -> list[Batch]:
    return list(batches(SOURCE, 1, count, each))


def tasks_of(made_batches: list[Batch]) -> list[dict[str, object]]:
    return [dict(zip(TASK_COLUMNS, row, strict=True)) for batch in made_batches for row in batch.tasks]


def test_the_same_tasks_come_every_time_whatever_the_batches() -> None:
    assert tasks_of(made(300)) == tasks_of(made(300, each=7))
    assert [task["number"] for task in tasks_of(made(300))] == list(range(1, 301))


def test_statuses_have_the_shares_of_the_demo() -> None:
    shares = Counter(task["status"] for task in tasks_of(made(6_200)))
    for status, of_62 in {"backlog": 6, "assigned": 9, "doing": 9, "review": 4, "done": 33, "cancelled": 1}.items():
        assert abs(shares[status] - of_62 * 100) < 150, status


def test_nobody_finishes_thousands_of_tasks_a_day() -> None:
    done = Counter(task["done_on"] for task in tasks_of(made(20_000)) if task["done_on"])
    assert len(done) > 500
    assert max(done.values()) < 60
    assert max(str(day) for day in done) >= "2026-10-01"
    assert max(str(day) for day in done) <= AS_OF.isoformat()


def test_dates_follow_each_other_and_the_status() -> None:
    for task in tasks_of(made(2_000)):
        days = [str(task[name]) for name in ("created_on", "assigned_on", "started_on", "review_on", "done_on")
                if task[name]]
        assert days == sorted(days), task["id"]
        assert (task["status"] == "done") == (task["done_on"] is not None)
        assert task["owner"] is not None or task["status"] == "backlog"


def test_only_finished_work_cites_a_past_key_result() -> None:
    citing = {task["status"] for task in tasks_of(made(2_000)) if task["key_result"] == "KR-01"}
    assert citing == {"done"}


def test_a_task_waits_only_for_an_earlier_one_and_only_work_beyond_backlog_is_linked() -> None:
    made_batches = made(2_000)
    waiting = list(chain.from_iterable(batch.dependencies for batch in made_batches))
    linked = {row[0] for batch in made_batches for row in batch.links}
    backlog = {task["id"] for task in tasks_of(made_batches) if task["status"] == "backlog"}
    assert len(waiting) > 5
    assert all(int(str(one)[2:]) > int(str(other)[2:]) for one, other in waiting)
    assert len(linked) > 50
    assert not linked & backlog


def test_a_team_of_6_grows_to_40() -> None:
    assert [6 + len(more_people(size, 6)) for size in (100, 1_000, 10_000, 1_000_000)] == [6, 14, 23, 40]
