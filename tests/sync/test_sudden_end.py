"""The program against the fake services, killed in the middle of a run: at the end everything is there exactly once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.sync.fakes.asana import AsanaFake
from tests.sync.fakes.server import FakeServer, Trouble
from tests.sync.fakes.wrike import WrikeFake
from tests.sync.two_sides import KINDS, Guillotine, Shown, Sides, connected

from tracker.services import tasks

ALL = bool(os.environ.get("TRACKER_TEST_EVERY_POINT"))
"""Whether every request of a run is tried, before and after its effect; else a spread of them, which is quick."""
MOST = 14
"""More requests than any of these runs makes."""
FIRST: dict[str, list[int]] = {"asana": [1, 3, 4, 6, 7], "wrike": [1, 3, 4, 5, 7]}
SECOND: dict[str, list[int]] = {"asana": [2, 4, 6, 8], "wrike": [2, 4, 6, 7]}


def points(chosen: dict[str, list[int]]) -> list[Any]:
    return [
        pytest.param(kind, at, after, id=f"{kind}-{'after' if after else 'before'}-{at}")
        for kind in KINDS
        for place, at in enumerate(range(1, MOST) if ALL else chosen[kind])
        for after in ((False, True) if ALL else (bool(place % 2),))
    ]


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def fake(kind: str) -> Iterator[FakeServer]:
    with AsanaFake() if kind == "asana" else WrikeFake() as running:
        yield running


@pytest.fixture
def sides(kind: str, fake: FakeServer, begun_file: Path, tmp_path: Path) -> Sides:
    """Three tasks of two people; one of them with a message."""
    sides = connected(kind, begun_file, tmp_path / "person", fake)
    sides.add("Alpha", due_on=date(2026, 10, 30), notes="Bring < 3 & more")
    sides.add("Beta", owner="lena")
    sides.add("Gamma", priority="high")
    sides.doing(lambda ws: tasks.comment(ws, "T-001", "Ready when you are"))
    sides.doing(lambda ws: tasks.add_task(ws, tasks.NewTask("Waits", "KR-01")))  # nobody's: stays here
    return sides


def short(task: Shown) -> tuple[str, str | None, str, str | None, tuple[str, ...]]:
    return task.title, task.owner, task.status, task.due_on, task.comments


PUSHED = [
    ("Alpha", "ana", "To do", "2026-10-30", ("Mara Okafor: Ready when you are",)),
    ("Beta", "ben", "To do", None, ()),
    ("Gamma", "ana", "To do", None, ()),
]


def agrees(sides: Sides) -> None:
    """Nothing is under way any more, and a further run has nothing to do."""
    assert sides.rows("SELECT count(*) FROM outbox") == [(0,)]
    assert set(sides.states().values()) == {"synced"}
    there = sides.there()
    again = sides.run("sync", "run")
    assert (again.code, again.out) == (0, f"{sides.kind}: nothing had to change\n"), again
    assert sides.there() == there
    assert sides.rows("PRAGMA integrity_check") == [("ok",)]


def finished(sides: Sides) -> None:
    """Run until it says that all is done, as a person would."""
    for _ in range(3):
        end = sides.run("sync", "run")
        assert "Traceback" not in end.err
        if end.code == 0:
            return
    raise AssertionError(end)


@pytest.mark.parametrize(("kind", "at", "after"), points(FIRST), indirect=["kind"])
def test_a_first_push_that_was_killed_makes_everything_once(sides: Sides, at: int, after: bool) -> None:
    before = sides.tasks_here()
    if not Guillotine(sides.fake, at, after=after).kills(sides.start("sync", "run")):
        pytest.skip("the run is shorter")
    assert len(sides.there()) <= 3
    finished(sides)
    assert [short(task) for task in sides.there()] == PUSHED
    assert "Bring < 3 & more" in sides.there()[0].text
    assert "Key result: KR-01 Signed clients" in sides.there()[0].text
    assert sides.tasks_here() == before
    agrees(sides)


@pytest.fixture
def edited(sides: Sides) -> Sides:
    """Pushed; then both sides changed, one task both of them in different fields, and somebody wrote there."""
    assert sides.sync().outcome == "done"
    here, there = sides.here(), sides.stage
    tasks.edit_tasks(here, ["T-001"], {"title": "Alpha two", "due_on": date(2026, 11, 6)})
    tasks.move_tasks(here, ["T-002"], "doing")
    tasks.comment(here, "T-003", "On it")
    here.store.close()
    there.they_change(sides.id_of("Gamma"), {"due_on": "2026-11-20"})
    there.they_change(sides.id_of("Beta"), {"title": "Beta there"})
    there.they_say(sides.id_of("Alpha"), "Well done")
    sides.add("Delta")
    with sides.fake.state:
        sides.fake.log.clear()
    return sides


@pytest.mark.parametrize(("kind", "at", "after"), points(SECOND), indirect=["kind"])
def test_a_run_both_ways_that_was_killed_loses_and_doubles_nothing(edited: Sides, at: int, after: bool) -> None:
    sides, before = edited, edited.tasks_here()
    if not Guillotine(sides.fake, at, after=after).kills(sides.start("sync", "run")):
        pytest.skip("the run is shorter")
    finished(sides)
    assert [short(task) for task in sides.there()] == [
        ("Alpha two", "ana", "To do", "2026-11-06", ("Mara Okafor: Ready when you are", "Well done")),
        ("Beta there", "ben", "Doing", None, ()),
        ("Delta", "ana", "To do", None, ()),
        ("Gamma", "ana", "To do", "2026-11-20", ("Mara Okafor: On it",)),
    ]
    assert sides.rows("SELECT title, status, due_on FROM task ORDER BY number") == [
        ("Alpha two", "assigned", "2026-11-06"), ("Beta there", "doing", None), ("Gamma", "assigned", "2026-11-20"),
        ("Waits", "backlog", None), ("Delta", "assigned", None),
    ]  # fmt: skip
    assert sides.rows('SELECT task, "by", body FROM comment ORDER BY number')[2:] == [("T-001", "lena", "Well done")]
    after_it = sides.tasks_here()
    changed = {(id, name) for id, row in after_it.items() for name, value in row.items() if value != before[id][name]}
    assert changed == {
        ("T-002", "title"), ("T-003", "due_on"), ("T-003", "due_order"), ("T-003", "needs"), ("T-001", "messages"),
    }  # fmt: skip
    agrees(sides)


TROUBLES: list[tuple[Trouble, dict[str, Any]]] = [
    (Trouble.DROP_BEFORE, {}), (Trouble.DROP_AFTER, {}), (Trouble.GARBAGE, {}), (Trouble.HALF, {}),
    (Trouble.STATUS_BEFORE, {"status": 429, "retry_after": "2"}), (Trouble.STATUS_BEFORE, {"status": 503}),
    (Trouble.STATUS_AFTER, {"status": 500}), (Trouble.STATUS_AFTER, {"status": 502}),
    (Trouble.STATUS_AFTER, {"status": 504}),
]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize(
    ("trouble", "how"), TROUBLES, ids=[f"{kind.name.lower()} {how.get('status', '')}".strip() for kind, how in TROUBLES]
)
@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_troubles_on_the_way_double_and_lose_nothing(
    edited: Sides, method: str, trouble: Trouble, how: dict[str, Any]
) -> None:
    sides = edited
    for after in (0, 1):
        sides.fake.fail(trouble, method=method, after=after, **how)
    for _ in range(3):
        if sides.sync().outcome == "done" and set(sides.states().values()) == {"synced"}:
            break
    sides.fake.heal()
    sides.sync()
    assert [(task.title, task.due_on) for task in sides.there()] == [
        ("Alpha two", "2026-11-06"), ("Beta there", None), ("Delta", None), ("Gamma", "2026-11-20"),
    ]  # fmt: skip
    assert sorted(len(task.comments) for task in sides.there()) == [0, 0, 1, 2]
    assert set(sides.states().values()) == {"synced"}
    assert sides.rows("SELECT count(*) FROM outbox") == [(0,)]
    assert sides.sync().counts == {}


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_a_page_that_comes_again_changes_nothing(edited: Sides) -> None:
    sides, before = edited, edited.tasks_here()
    sides.fake.fail(Trouble.REPEAT, method="GET", after=1, times=2)
    sides.sync()
    sides.fake.heal()
    sides.sync()
    sides.sync()
    assert [task.title for task in sides.there()] == ["Alpha two", "Beta there", "Delta", "Gamma"]
    assert len(sides.tasks_here()) == len(before)
    assert set(sides.states().values()) == {"synced"}


@pytest.mark.parametrize("late", [1, 3])
@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_a_task_that_shows_late_is_not_made_again(sides: Sides, late: int) -> None:
    sides.fake.late_reads = late
    sides.fake.fail(Trouble.DROP_AFTER, method="POST", path=sides.stage.creates, times=2)
    for _ in range(3):
        sides.sync()
    sides.fake.late_reads = 0
    sides.sync()
    assert [short(task) for task in sides.there()] == PUSHED


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_what_was_made_before_the_end_is_found_though_it_shows_late(sides: Sides) -> None:
    sides.fake.late_reads = 3
    creates = sides.stage.creates
    sides.fake.fail(Trouble.SLOW, method="POST", path=creates)
    process = sides.start("sync", "run")
    while not sides.fake.requests("POST", creates) and process.poll() is None:
        pass
    process.kill()
    process.communicate()
    sides.fake.release()
    assert len(sides.there()) == 1
    finished(sides)
    assert [short(task) for task in sides.there()] == PUSHED
