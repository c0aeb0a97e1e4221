"""Edits on both sides in any order, with faults in between: every sync converges, and makes nothing twice."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from tests.sync.pretend import STATUSES, Killed, Pretend

from tracker.clock import stopped_clock
from tracker.domain.errors import TrackerError
from tracker.domain.remote import FIELDS, Capabilities
from tracker.services import sync, tasks
from tracker.services.strategy import add_person
from tracker.services.sync import NewConnection
from tracker.services.sync.mapping import Translator
from tracker.services.tasks import NewTask
from tracker.services.undo import undo
from tracker.services.workspace import Workspace
from tracker.storage import sync_journal, sync_rows
from tracker.storage.store import Store

TITLES = st.sampled_from(["One", "Two", "Three  spaced", "Ünïcode"])
DAYS = st.sampled_from([None, date(2026, 11, 1), date(2026, 11, 2), date(2026, 10, 1)])
PRIORITIES = st.sampled_from(["low", "normal", "high"])
TEXTS = st.sampled_from(["", "A note", "Two\n\nlines", "<b>not markup</b>"])
FAULTS = st.tuples(st.sampled_from(["before", "after"]), st.sampled_from(["lost", "later", "killed"]))
PEOPLE = {"mara": "u-mara", "lena": "u-lena"}
PLACES = st.integers(0, 5)

EXAMPLES, STEPS = 60, 40


class TwoSides(RuleBasedStateMachine):
    """A database and a remote."""

    template: Path

    @initialize(
        direction=st.sampled_from(["both", "both", "push"]), policy=st.sampled_from(["ask", "ours", "theirs"]),
        alters=st.booleans(), repeats=st.booleans(), together=st.booleans(), lists_messages=st.booleans(),
    )  # fmt: skip
    def begin(
        self, direction: str, policy: str, alters: bool, repeats: bool, together: bool, lists_messages: bool
    ) -> None:
        from tests.conftest import NOW

        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "db.sqlite3"
        shutil.copy(self.template, path)
        self.store = Store.open(path)
        self.store.connection.execute("PRAGMA synchronous = OFF")
        self.ws = Workspace(self.store, stopped_clock(NOW), "mara")
        add_person(self.ws, "Lena Vogt", {})
        self.words = 0
        self.chosen = NewConnection(
            "pretend", "p", people=PEOPLE, statuses=STATUSES, direction=direction, policy=policy, deletions=100,
        )  # fmt: skip
        self.kept = sync.connect(self.ws, self.chosen)
        can = Capabilities(frozenset(FIELDS), has_goals=True, reads_together=together)
        self.there = Pretend(can, alters_text=alters, repeats=repeats, lists_messages=lists_messages)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()

    # here

    def _tasks(self) -> list[str]:
        return [row[0] for row in self.store.connection.execute("SELECT id FROM task ORDER BY number")]

    def _some(self, place: int) -> str | None:
        known = self._tasks()
        return known[place % len(known)] if known else None

    @rule(title=TITLES, due=DAYS, owner=st.sampled_from([None, "mara", "lena"]))
    def add(self, title: str, due: date | None, owner: str | None) -> None:
        if len(self._tasks()) < 6:
            tasks.add_task(self.ws, NewTask(title, "KR-01", owner=owner, due_on=due, contribution="why"))

    @rule(place=PLACES, title=TITLES, due=DAYS, priority=PRIORITIES, notes=TEXTS)
    def edit_here(self, place: int, title: str, due: date | None, priority: str, notes: str) -> None:
        if (task := self._some(place)) is not None:
            tasks.edit_tasks(self.ws, [task], {"title": title, "due_on": due, "priority": priority, "notes": notes})

    @rule(place=PLACES, to=st.sampled_from(["backlog", "assigned", "doing", "review", "done", "cancelled"]))
    def move_here(self, place: int, to: str) -> None:
        self._try(lambda task: tasks.move_tasks(self.ws, [task], to, reason="because"), place)

    @rule(place=PLACES, owner=st.sampled_from([None, "mara", "lena"]))
    def assign_here(self, place: int, owner: str | None) -> None:
        self._try(lambda task: tasks.assign_tasks(self.ws, [task], owner), place)

    @rule(place=PLACES)
    def comment_here(self, place: int) -> None:
        self._try(lambda task: tasks.comment(self.ws, task, self._new_words()), place)

    def _new_words(self) -> str:
        self.words += 1
        return f"word {self.words} end"

    @rule()
    def undo_here(self) -> None:
        self._try(lambda _: undo(self.ws), 0)

    def _try(self, act: Callable[[str], object], place: int) -> None:
        task = self._some(place)
        if task is not None:
            with suppress(TrackerError):  # the rules may say no; that is theirs to say
                act(task)

    # there

    def _theirs(self, place: int) -> str | None:
        known = sorted(self.there.tasks)
        return known[place % len(known)] if known else None

    @rule(place=PLACES, title=TITLES, due=DAYS, priority=PRIORITIES)
    def edit_there(self, place: int, title: str, due: date | None, priority: str) -> None:
        if (id := self._theirs(place)) is not None:
            self.there.edit(id, title=title, due_on=due, priority=priority)

    @rule(place=PLACES, status=st.sampled_from(sorted(STATUSES.values())))
    def move_there(self, place: int, status: str) -> None:
        if (id := self._theirs(place)) is not None:
            self.there.edit(id, status=status)

    @rule(place=PLACES, owner=st.sampled_from([None, "u-mara", "u-lena", "u-stranger"]))
    def assign_there(self, place: int, owner: str | None) -> None:
        if (id := self._theirs(place)) is not None:
            self.there.edit(id, owner=owner)

    @rule(place=PLACES, notes=TEXTS)
    def write_there(self, place: int, notes: str) -> None:
        if (id := self._theirs(place)) is not None:
            below = self.there.tasks[id].description.partition("-- below")
            self.there.edit(id, description=f"{notes}\n\n{below[1]}{below[2]}")

    @rule(place=PLACES, is_seen=st.booleans())
    def say_there(self, place: int, is_seen: bool) -> None:
        if (id := self._theirs(place)) is not None:
            self.there.say(id, self._new_words(), is_seen=is_seen or not self.there.lists_messages)

    @rule(place=PLACES)
    def delete_there(self, place: int) -> None:
        if (id := self._theirs(place)) is not None:
            self.there.delete(id)

    @rule(title=TITLES)
    def make_there(self, title: str) -> None:
        if len(self.there.tasks) < 8:
            self.there.make(title)

    @rule()
    def forget_cursors(self) -> None:
        self.there.events.append("nothing")
        self.there.oldest_cursor = len(self.there.events)

    # both

    @rule()
    def connect_anew(self) -> None:
        sync.disconnect(self.ws, "pretend")
        self.kept = sync.connect(self.ws, self.chosen)

    @rule(at=st.integers(0, 12), fault=FAULTS)
    def run_with_a_fault(self, at: int, fault: tuple[str, str]) -> None:
        self.there.faults = {len(self.there.calls) + at: fault}
        self._run_once()
        self.there.faults = {}

    @rule()
    def run_once(self) -> None:
        self._run_once()

    def _run_once(self) -> sync.SyncReport | None:
        try:
            return sync.run(self.ws, "pretend", self.there, wait=lambda _: None)
        except Killed:
            return None

    @precondition(lambda self: hasattr(self, "store"))
    @rule()
    def converge(self) -> None:
        for _ in range(4):
            report = self._run_once()
            assert report is not None
            assert report.outcome == "done", report
        before = self._everything()
        self.there.calls.clear()
        plan = sync.plan(self.ws, "pretend", self.there)
        assert not [each for each in plan.tasks if each.action in ("create", "adopt", "push", "pull", "both")], plan
        self.there.calls.clear()
        self._run_once()
        assert set(self.there.calls) <= {"changes", "read"}, self.there.calls
        assert self._everything() == before
        self._check()

    def _everything(self) -> object:
        links = self.store.connection.execute("SELECT * FROM external_link ORDER BY task").fetchall()
        rows = self.store.connection.execute("SELECT * FROM task ORDER BY number").fetchall()
        return links, rows, dict(self.there.tasks), {id: list(told) for id, told in self.there.written.items()}

    def _check(self) -> None:
        references = Counter(each.reference for each in self.there.tasks.values() if each.reference)
        assert not [each for each, n in references.items() if n > 1], references
        with self.store.reading() as connection:
            assert not sync_journal.intents(connection, "pretend")
            for task in self._tasks():
                found = sync_rows.task_of(connection, "pretend", task)
                assert found is not None
                self._check_one(found)
        here = [row[0] for row in self.store.connection.execute("SELECT body FROM comment")]
        there = [each.text for id in self.there.tasks for each in self.there.written.get(id, [])]
        for said in (here, there):
            words = Counter(text.partition("word ")[2] for text in said)
            assert max(words.values(), default=1) == 1, words
        if self.kept.settings.direction == "push":
            taken = self.store.connection.execute(
                "SELECT c.id FROM change c JOIN change_batch b ON b.number = c.batch "
                "WHERE b.\"by\" = 'sync:pretend' AND c.entity IN ('task','comment')"
            )
            assert not taken.fetchall()

    def _check_one(self, task: sync_rows.LocalTask) -> None:
        owed = task.owner is not None and task.status in ("assigned", "doing", "review")
        assert task.link is not None or not owed, task
        if task.link is None:
            return
        assert task.status != "backlog"
        if task.link.state == "gone":
            assert task.link.external_id not in self.there.tasks
            return
        there = self.there.tasks[str(task.link.external_id)]
        translator = Translator(self.kept, self.there.capabilities)
        theirs = there.fields()
        for name, ours in translator.ours(task).items():
            if name in task.link.theirs:
                assert theirs[name] == task.link.theirs[name], name
                assert task.link.state in ("conflict", "changed_there")
            elif name == "description":
                assert " ".join(str(ours).split()) == " ".join(str(theirs[name]).split())
            elif name != "start_on":  # a day that was only planned there stays there
                assert translator.same(name, ours, theirs[name]), (name, ours, theirs[name])
        with self.store.reading() as connection:
            assert not sync_journal.unsent_comments(connection, "pretend", task.id)
            if self.kept.takes:
                known = sync_journal.known_comments(connection, "pretend", task.id)
                for each in self.there.written.get(there.id, []):
                    assert each.id in known or sync_journal.is_taken_back(connection, "pretend", each.id), each


@pytest.mark.parametrize("seed", [1, 2])
def test_both_sides_converge(begun_file: Path, seed: int) -> None:
    machine = type(f"TwoSides{seed}", (TwoSides,), {"template": begun_file})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
