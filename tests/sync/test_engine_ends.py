"""A run that is cut off, anywhere, and run again: each task is there exactly once, with the right fields."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from tests.sync.pretend import STATUSES, Killed, Pretend

from tracker.services import ideas, sync, tasks
from tracker.services.sync import NewConnection, SyncReport
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.store import Store
from tracker.storage.writes import Transaction

Open = Callable[..., Workspace]


def run(ws: Workspace, there: Pretend, **more: object) -> SyncReport:
    return sync.run(ws, "pretend", there, wait=lambda _: None, **more)  # type: ignore[arg-type]


def add(ws: Workspace, title: str) -> str:
    return tasks.add_task(ws, NewTask(title, "KR-01", owner="mara", contribution="why")).ids[0]


class Stage:
    """A database and a remote in the middle of their life, with every kind of change waiting for a run."""

    def __init__(self, ws: Workspace) -> None:
        sync.connect(ws, NewConnection(
            "pretend", "p", people={"mara": "u-mara"}, statuses=STATUSES, takes_arrivals=True, sends_goals=True,
        ))  # fmt: skip
        self.there = Pretend()
        for number in range(1, 5):
            add(ws, f"Task {number}")
        run(ws, self.there)
        tasks.edit_tasks(ws, ["T-001"], {"title": "Ours"})
        tasks.comment(ws, "T-001", "From here")
        self.there.edit(self.there.one("T-002").id, status="s-done", title="Theirs", description="Their note")
        self.there.say(self.there.one("T-002").id, "From there")
        tasks.edit_tasks(ws, ["T-003"], {"due_on": "2026-11-30"})
        self.there.edit(self.there.one("T-003").id, priority="high")
        self.there.delete(self.there.one("T-004").id)
        self.there.make("By others")
        add(ws, "New one")
        tasks.comment(ws, "T-005", "On the new one")
        add(ws, "New two")
        self.there.calls.clear()
        self.there.fresh.clear()
        self.file = ws.store.path

    def check(self, ws: Workspace, there: Pretend) -> None:
        """Everything is as one run without any fault leaves it."""
        assert there.one("T-001").title == "Ours"
        assert [each.text for each in there.written[there.one("T-001").id]] == ["Mara Okafor: From here"]
        sql = "SELECT title, status, due_on, priority FROM task ORDER BY number"
        found = ws.store.connection.execute(sql).fetchall()
        assert found[1][:2] == ("Theirs", "done")
        notes = ws.store.connection.execute("SELECT notes FROM task WHERE id = 'T-002'").fetchone()
        assert notes == ("Their note",)
        assert found[2] == ("Task 3", "assigned", "2026-11-30", "high")
        assert there.one("T-003").due_on == date(2026, 11, 30)
        assert there.one("T-003").priority == "high"
        assert [each.title for each in ideas.ideas(ws)] == ["By others"]
        for task, title in (("T-005", "New one"), ("T-006", "New two")):
            assert (there.one(task).title, there.one(task).owner, there.one(task).status) == (title, "u-mara", "s-todo")
        assert [each.text for each in there.written[there.one("T-005").id]] == ["Mara Okafor: On the new one"]
        bodies = ws.store.connection.execute("SELECT task, body FROM comment ORDER BY task").fetchall()
        assert bodies == [
            ("T-001", "From here"), ("T-002", "Lena There: From there"), ("T-005", "On the new one"),
        ]  # fmt: skip
        states = dict(ws.store.connection.execute("SELECT task, state FROM external_link").fetchall())
        assert states.pop("T-004") == "gone"
        assert set(states.values()) == {"synced"}
        assert len(there.tasks) == 6
        assert len(there.goals) == 1
        assert not ws.store.connection.execute("SELECT * FROM outbox").fetchall()


@pytest.fixture(scope="module")
def stage(begun_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    from tests.conftest import NOW

    from tracker.clock import stopped_clock

    path = tmp_path_factory.mktemp("stage") / "stage.sqlite3"
    shutil.copy(begun_file, path)
    store = Store.open(path)
    made = Stage(Workspace(store, stopped_clock(NOW), "mara"))
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return made


@pytest.fixture
def again(stage: Stage, tmp_path: Path) -> Iterator[Callable[[], tuple[Workspace, Pretend]]]:
    """Opens the stage anew, any number of times."""
    from tests.conftest import NOW

    from tracker.clock import stopped_clock

    stores: list[Store] = []

    def begin() -> tuple[Workspace, Pretend]:
        path = tmp_path / f"{len(stores)}.sqlite3"
        shutil.copy(stage.file, path)
        stores.append(Store.open(path))
        stores[-1].connection.execute("PRAGMA synchronous = OFF")
        return Workspace(stores[-1], stopped_clock(NOW), "mara"), deepcopy(stage.there)

    yield begin
    for store in stores:
        store.close()


Again = Callable[[], tuple[Workspace, Pretend]]


def calls_of_a_run(again: Again) -> int:
    ws, there = again()
    run(ws, there)
    return len(there.calls)


def test_without_faults(stage: Stage, again: Again) -> None:
    ws, there = again()
    assert run(ws, there).outcome == "done"
    stage.check(ws, there)


@pytest.mark.parametrize("hides_fresh", [False, True])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_call(stage: Stage, again: Again, when: str, hides_fresh: bool) -> None:
    for number in range(calls_of_a_run(again)):
        ws, there = again()
        there.hides_fresh = hides_fresh
        there.faults = {number: (when, "killed")}
        with pytest.raises(Killed):
            run(ws, there)
        there.faults = {}
        run(ws, there)
        run(ws, there)
        stage.check(ws, there)


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_commit(stage: Stage, again: Again, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    writing = Store.writing
    countdown = [0]

    @contextmanager
    def counted(self: Store, **kept: str) -> Iterator[Transaction]:
        countdown[0] -= 1
        mine = countdown[0] == 0
        with writing(self, **kept) as tx:
            yield tx
            if mine and when == "before":
                raise Killed
        if mine:
            raise Killed

    killed = 0
    while True:
        ws, there = again()
        there.hides_fresh = True
        countdown[0] = killed + 1
        with monkeypatch.context() as patched:
            patched.setattr(Store, "writing", counted)
            try:
                run(ws, there)
            except Killed:
                killed += 1
            else:
                break
        run(ws, there)
        run(ws, there)
        stage.check(ws, there)
    assert killed > 15


@pytest.mark.parametrize("how", ["lost", "later", "refused"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_error_at_every_call_spoils_nothing_else(stage: Stage, again: Again, when: str, how: str) -> None:
    for number in range(calls_of_a_run(again)):
        ws, there = again()
        if (when, how) == ("after", "refused"):
            continue  # a refusal after the effect would be a lie
        there.faults = {number: (when, how)}
        run(ws, there)
        there.faults = {}
        for _ in range(3):
            run(ws, there)
        stage.check(ws, there)


def test_a_task_that_is_made_late_is_not_made_twice(stage: Stage, again: Again) -> None:
    ws, there = again()
    there.next_faults = {"create": [("after", "lost")]}
    there.unseen_finds = 2
    run(ws, there)
    stage.check(ws, there)


def test_a_token_that_is_refused_ends_the_run_in_one_line(again: Again) -> None:
    ws, there = again()
    there.next_faults = {"update": [("before", "not allowed")], "whoami": [("before", "not allowed")]}
    report = run(ws, there)
    assert report.outcome == "failed"
    assert report.words == "The token is not valid; run: tracker sync connect pretend"
    assert there.count()["create"] == 0


def test_stop_ends_a_run_between_two_tasks_and_the_next_goes_on(stage: Stage, again: Again) -> None:
    left = 0

    def stop() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    for limit in range(0, 12, 2):
        left = limit
        ws, there = again()
        assert run(ws, there, stop=stop).outcome == "stopped"
        run(ws, there)
        run(ws, there)
        stage.check(ws, there)


def test_ctrl_c_leaves_a_run_that_goes_on(stage: Stage, again: Again) -> None:
    ws, there = again()

    def interrupt(_: str) -> None:
        there.on_update = None
        raise KeyboardInterrupt

    there.on_update = interrupt
    with pytest.raises(KeyboardInterrupt):
        run(ws, there)
    assert sync.log(ws)[0].outcome == "stopped"
    run(ws, there)
    stage.check(ws, there)


def test_a_remote_that_stores_text_differently_never_looks_edited(begun: Workspace) -> None:
    sync.connect(begun, NewConnection("pretend", "p", people={"mara": "u-mara"}, statuses=STATUSES))
    there = Pretend(alters_text=True)
    there.next_faults = {"create": [("after", "lost")]}
    add(begun, "One")
    tasks.edit_tasks(begun, ["T-001"], {"notes": "A line\n\nand another"})
    run(begun, there)
    for _ in range(2):
        there.calls.clear()
        run(begun, there)
    assert there.calls == ["changes"]
    assert begun.store.connection.execute("SELECT notes FROM task").fetchone()[0] == "A line\n\nand another"


def test_an_edit_during_our_own_write_is_not_lost(begun: Workspace) -> None:
    sync.connect(begun, NewConnection("pretend", "p", people={"mara": "u-mara"}, statuses=STATUSES))
    there = Pretend()
    add(begun, "One")
    run(begun, there)
    tasks.edit_tasks(begun, ["T-001"], {"title": "Ours"})

    def meanwhile(id: str) -> None:
        there.on_update = None
        there.edit(id, due_on=date(2026, 12, 1))
        there.say(id, "meanwhile", "u-mara")
        tasks.edit_tasks(begun, ["T-001"], {"priority": "high"})

    there.on_update = meanwhile
    run(begun, there)
    run(begun, there)
    found = begun.store.connection.execute("SELECT title, due_on, priority FROM task").fetchone()
    assert found == ("Ours", "2026-12-01", "high")
    assert there.one("T-001").priority == "high"
    assert begun.store.connection.execute("SELECT body FROM comment").fetchall() == [("meanwhile",)]


def test_a_start_that_is_still_to_come_there_does_not_keep_work_from_being_done_here(begun: Workspace) -> None:
    sync.connect(begun, NewConnection("pretend", "p", people={"mara": "u-mara"}, statuses=STATUSES))
    there = Pretend()
    task = add(begun, "One")
    tasks.move_tasks(begun, [task], "doing")
    run(begun, there)
    there.edit(there.one(task).id, start_on=date(2026, 11, 20), due_on=date(2026, 12, 1))
    run(begun, there)
    started = begun.store.connection.execute("SELECT started_on FROM task").fetchone()[0]
    assert started == "2026-10-19"
    tasks.move_tasks(begun, [task], "done")
    run(begun, there)
    assert run(begun, there).words == "nothing to do"


def test_a_conflict_that_is_settled_during_a_run_stays_settled(begun: Workspace) -> None:
    sync.connect(begun, NewConnection("pretend", "p", people={"mara": "u-mara"}, statuses=STATUSES))
    there = Pretend()
    task = add(begun, "One")
    run(begun, there)
    tasks.edit_tasks(begun, [task], {"title": "Ours"})
    there.edit(there.one(task).id, title="Theirs")
    run(begun, there)
    tasks.edit_tasks(begun, [task], {"priority": "high"})

    def meanwhile(id: str) -> None:
        there.on_update = None
        sync.resolve(begun, task, "pretend", "title", mine=True)

    there.on_update = meanwhile
    run(begun, there)
    run(begun, there)
    assert (there.one(task).title, there.one(task).priority) == ("Ours", "high")
    assert not sync.conflicts(begun)
    assert run(begun, there).words == "nothing to do"


def test_messages_that_go_there_are_told(begun: Workspace) -> None:
    sync.connect(begun, NewConnection("pretend", "p", people={"mara": "u-mara"}, statuses=STATUSES))
    there = Pretend()
    task = add(begun, "One")
    tasks.comment(begun, task, "Early word")
    assert "1 message of ours to send" in sync.plan(begun, "pretend", there).tasks[0].words
    assert run(begun, there).words == "1 made there, 1 messages"
    tasks.comment(begun, task, "Later word")
    assert run(begun, there).words == "1 messages"
    assert run(begun, there).words == "nothing to do"
