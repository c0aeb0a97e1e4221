"""Whatever people do in whatever order: undo brings back what was, redo what became, and every count stays true."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.conftest import NOW
from tracker.clock import stopped_clock
from tracker.domain.errors import Conflict, NotFound, Refused, WrongUsage
from tracker.services import ideas, strategy, tasks, undo
from tracker.services.outcome import Outcome
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.columns import COLUMNS
from tracker.storage.store import Store

SETTINGS = settings(
    max_examples=int(os.environ.get("TRACKER_TEST_EXAMPLES", "30")), stateful_step_count=30, deadline=None,
    derandomize=True, database=None, suppress_health_check=list(HealthCheck),
)
"""The same runs every time; TRACKER_TEST_EXAMPLES asks for more of them."""

OPEN = ("backlog", "assigned", "doing", "review")
REFUSALS = (Refused, NotFound, Conflict, WrongUsage)
RECORDS_OF_CHANGE = {"change", "change_batch", "task_event"}
DAYS = st.sampled_from([None, date(2026, 10, 12), date(2026, 10, 19), date(2026, 10, 30)])
PEOPLE = st.sampled_from([None, "ana", "lena"])
WORDS = st.sampled_from(["", "Tomás", "a/b", "it's \"quoted\"", "two\nlines", "日本語", "x"])
PICK = st.integers(0, 7)
PICKS = st.lists(PICK, min_size=1, max_size=2)

Tables = Mapping[str, Sequence[tuple[object, ...]]]


def tables(connection: sqlite3.Connection) -> Tables:
    """The rows of every table that people fill, and the counts that triggers keep."""
    found = {
        name: sorted(connection.execute(f'SELECT {", ".join(map(quote, columns.names))} FROM "{name}"'), key=repr)
        for name, columns in COLUMNS.items() if name not in RECORDS_OF_CHANGE
    }
    found["counts"] = sorted(connection.execute("SELECT id, waits, messages FROM task"))
    found["task_tally"] = sorted(connection.execute("SELECT * FROM task_tally WHERE tasks <> 0"))
    found["status_tally"] = sorted(connection.execute("SELECT * FROM status_tally WHERE tasks <> 0"))
    found["done_tally"] = sorted(connection.execute("SELECT * FROM done_tally WHERE tasks <> 0"))
    return found


def quote(name: str) -> str:
    return f'"{name}"'


def difference(before: Tables, after: Tables) -> dict[str, tuple[list[object], list[object]]]:
    """What is in one and not in the other, by table."""
    return {
        name: ([row for row in before[name] if row not in after[name]],
               [row for row in after[name] if row not in before[name]])
        for name in before if before[name] != after[name]
    }


class Team(RuleBasedStateMachine):
    """Everything people can do, by whoever `self.who` is."""

    people: Sequence[str] = ("ana",)

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        store = Store.open(file)
        store.connection.execute("PRAGMA synchronous = OFF")
        lead = Workspace(store, stopped_clock(NOW), "lead")
        self.workspaces = {name: lead.acting_as(name) for name in self.people}
        if len(self.people) > 1:
            other = Store.open(file)
            other.connection.execute("PRAGMA synchronous = OFF")
            self.workspaces[self.people[1]] = Workspace(other, stopped_clock(NOW), self.people[1])
        strategy.add_person(lead, "Ana")
        strategy.add_person(lead, "Lena")
        strategy.add_key_result(lead, "O-01", "Calls booked", {"target": "40"})
        with lead.writing("limit") as tx:
            tx.insert("wip_limit", {"scope": "status", "subject": "doing", "max": 2, "mode": "hard"})
            tx.insert("wip_limit", {"scope": "person_doing", "subject": "*", "max": 1, "mode": "soft"})
        for title, owner, to in (("One", None, "backlog"), ("Two", "ana", "doing"), ("Three", "lena", "done")):
            made = tasks.add_task(lead, NewTask(title, "KR-01", owner=owner)).ids
            tasks.move_tasks(lead, made, to)
        ideas.capture_idea(lead, "A thought")
        self.lead = lead
        self.connection = store.connection
        self.who = self.people[0]

    def teardown(self) -> None:
        for ws in self.workspaces.values():
            ws.store.close()

    @property
    def ws(self) -> Workspace:
        return self.workspaces[self.who]

    def task(self, pick: int) -> str:
        known = [row[0] for row in self.connection.execute("SELECT id FROM task ORDER BY number")]
        return known[pick % len(known)] if known else "T-404"

    def some(self, picks: Sequence[int]) -> list[str]:
        return [self.task(pick) for pick in picks]

    @contextmanager
    def doing(self) -> Iterator[Callable[[Outcome], None]]:
        """One thing somebody does: it is done, or refused in words."""
        try:
            yield self.done
        except REFUSALS:
            return  # in words; all other errors are ours to mend

    def done(self, outcome: Outcome) -> None:
        """What happens after a change."""

    @rule(title=WORDS, owner=PEOPLE, due=DAYS, key_result=st.sampled_from(["KR-01", "KR-02", "KR-09"]))
    def add(self, title: str, owner: str | None, due: date | None, key_result: str) -> None:
        with self.doing() as done:
            done(tasks.add_task(self.ws, NewTask(f"Task {title}", key_result, owner=owner, due_on=due, notes=title)))

    @rule(picks=PICKS, fields=st.fixed_dictionaries({}, optional={
        "title": WORDS, "contribution": WORDS, "notes": WORDS, "estimate_low_h": st.sampled_from([None, 1, "2.5"]),
        "estimate_high_h": st.sampled_from([None, 2, 8]), "kind": st.sampled_from(["ongoing", "foundational"]),
        "owner": PEOPLE, "status": st.sampled_from([*OPEN, "done", "cancelled"]), "cancel_reason": WORDS,
        "blocked_reason": WORDS, "recurs": st.sampled_from([None, "FREQ=WEEKLY"]), "due_on": DAYS, "stage": WORDS,
    }))
    def edit(self, picks: list[int], fields: dict[str, object]) -> None:
        with self.doing() as done:
            done(tasks.edit_tasks(self.ws, self.some(picks), fields))

    @rule(picks=PICKS, to=st.sampled_from([*OPEN, "done", "done", "cancelled"]), reason=WORDS)
    def move(self, picks: list[int], to: str, reason: str) -> None:
        with self.doing() as done:
            done(tasks.move_tasks(self.ws, self.some(picks), to, reason=reason))

    @rule(picks=PICKS, by=st.sampled_from([1, 1, -1]))
    def step(self, picks: list[int], by: int) -> None:
        with self.doing() as done:
            done(tasks.step_tasks(self.ws, self.some(picks), by))

    @rule(picks=PICKS, owner=PEOPLE)
    def assign(self, picks: list[int], owner: str | None) -> None:
        with self.doing() as done:
            done(tasks.assign_tasks(self.ws, self.some(picks), owner))

    @rule(picks=PICKS, due=DAYS)
    def due(self, picks: list[int], due: date | None) -> None:
        with self.doing() as done:
            done(tasks.set_due(self.ws, self.some(picks), due))

    @rule(picks=PICKS, key_result=st.sampled_from(["KR-01", "KR-02"]))
    def cite(self, picks: list[int], key_result: str) -> None:
        with self.doing() as done:
            done(tasks.cite(self.ws, self.some(picks), key_result))

    @rule(picks=PICKS, reason=WORDS)
    def block(self, picks: list[int], reason: str) -> None:
        with self.doing() as done:
            done(tasks.block_tasks(self.ws, self.some(picks), reason))

    @rule(picks=PICKS, other=PICK)
    def wait(self, picks: list[int], other: int) -> None:
        with self.doing() as done:
            done(tasks.wait_for(self.ws, self.some(picks), self.task(other)))

    @rule(picks=PICKS)
    def stop_waiting(self, picks: list[int]) -> None:
        with self.doing() as done:
            done(tasks.stop_waiting(self.ws, self.some(picks)))

    @rule(pick=PICK, body=WORDS)
    def comment(self, pick: int, body: str) -> None:
        with self.doing() as done:
            done(tasks.comment(self.ws, self.task(pick), body))

    @rule(pick=PICK, by=st.sampled_from([1, -1]))
    def rank(self, pick: int, by: int) -> None:
        with self.doing() as done:
            done(tasks.rank_task(self.ws, self.task(pick), by))

    @rule(pick=PICK, also=st.lists(st.sampled_from(["KR-01", "KR-02", "KR-03"]), max_size=3))
    def serve_also(self, pick: int, also: list[str]) -> None:
        with self.doing() as done:
            done(tasks.serve_also(self.ws, self.task(pick), also))

    @rule(title=WORDS)
    def capture(self, title: str) -> None:
        with self.doing() as done:
            done(ideas.capture_idea(self.ws, title))

    @rule(number=st.integers(1, 4), reason=WORDS)
    def drop(self, number: int, reason: str) -> None:
        with self.doing() as done:
            done(ideas.drop(self.ws, f"I-{number:02d}", reason))

    @rule(number=st.integers(1, 4), owner=PEOPLE)
    def promote(self, number: int, owner: str | None) -> None:
        with self.doing() as done:
            done(ideas.promote(self.ws, f"I-{number:02d}", NewTask("From an idea", "KR-01", owner=owner)))

    @rule(fields=st.fixed_dictionaries({}, optional={
        "who": WORDS, "title": WORDS, "channels": st.lists(st.sampled_from(["Email", "Website", "Radio", ""])),
    }))
    def change_strategy(self, fields: dict[str, object]) -> None:
        with self.doing() as done:
            done(strategy.edit_record(self.ws, "strategy", "S-01", fields))

    @rule(key=st.sampled_from(["KR-01", "KR-02"]), fields=st.fixed_dictionaries({}, optional={
        "title": WORDS, "target": st.sampled_from(["10", "0", "7.5"]), "due_on": DAYS,
        "status": st.sampled_from(["active", "dropped"]), "drop_reason": WORDS,
    }))
    def change_key_result(self, key: str, fields: dict[str, object]) -> None:
        with self.doing() as done:
            done(strategy.edit_record(self.ws, "key_result", key, fields))

    @rule(title=WORDS, aim=st.sampled_from(["5", "many", "-1"]))
    def add_key_result(self, title: str, aim: str) -> None:
        with self.doing() as done:
            done(strategy.add_key_result(self.ws, "O-01", title, {"target": aim}))

    @rule()
    def next_strategy(self) -> None:
        with self.doing() as done:
            done(strategy.add_strategy(self.ws, {"title": "Next", "who": "a", "why": "b", "approach": "c",
                                                 "desired_action": "d", "channels": ["Radio", "Email"]}))

    @rule(key=st.sampled_from(["S-02", "S-02", "S-01"]))
    def activate(self, key: str) -> None:
        with self.doing() as done:
            done(strategy.activate_strategy(self.ws, key))

    @invariant()
    def counts_are_true(self) -> None:
        found = self.connection.execute("SELECT key_result, status, coalesce(owner, ''), stage FROM task").fetchall()
        tallied = self.connection.execute("SELECT * FROM task_tally WHERE tasks <> 0").fetchall()
        assert {row[:4]: row[4] for row in tallied} == Counter(found)
        done = self.connection.execute("SELECT done_on, started_on FROM task WHERE status = 'done'").fetchall()
        took = Counter((end, (date.fromisoformat(end) - date.fromisoformat(start)).days + 1) for end, start in done)
        assert {row[:2]: row[2] for row in self.connection.execute("SELECT * FROM done_tally WHERE tasks <> 0")} == took

    @invariant()
    def waits_and_messages_are_true(self) -> None:
        status = dict(self.connection.execute("SELECT id, status FROM task"))
        ahead = Counter(task for task, other in self.connection.execute("SELECT task, waits_for FROM task_dependency")
                        if status[other] in OPEN)
        said = Counter(row[0] for row in self.connection.execute("SELECT task FROM comment"))
        for task, waits, messages in self.connection.execute("SELECT id, waits, messages FROM task"):
            assert (waits, messages) == (ahead[task], said[task]), task

    @invariant()
    def every_change_of_status_has_its_event(self) -> None:
        for task, status in self.connection.execute("SELECT id, status FROM task").fetchall():
            events = self.connection.execute(
                "SELECT from_status, to_status FROM task_event WHERE task = ? ORDER BY seq", (task,)).fetchall()
            assert events[0][0] is None
            assert events[-1][1] == status
            assert all(before[1] == after[0] for before, after in pairwise(events))

    @invariant()
    def the_search_index_holds_the_text(self) -> None:
        self.connection.execute("BEGIN")
        for name in ("task_search", "comment_search"):
            self.connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
        self.connection.execute("ROLLBACK")


class Alone(Team):
    """One person: each undo is a step back through the states that were, each redo a step forward."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.states = [tables(self.connection)]
        self.at = 0

    def done(self, outcome: Outcome) -> None:
        now = tables(self.connection)
        if outcome.batch is None:
            assert not difference(self.states[self.at], now)
            return
        assert difference(self.states[self.at], now), f"{outcome.label}: recorded, but nothing changed"
        self.states[self.at + 1 :] = [now]
        self.at += 1

    @contextmanager
    def doing(self) -> Iterator[Callable[[Outcome], None]]:
        with super().doing() as done:
            yield done
        assert not difference(self.states[self.at], tables(self.connection)), "refused, but something changed"

    @precondition(lambda self: self.at > 0)
    @rule()
    def undo(self) -> None:
        undo.undo(self.ws)
        self.at -= 1
        assert not difference(self.states[self.at], tables(self.connection))

    @precondition(lambda self: self.at + 1 < len(self.states))
    @rule()
    def redo(self) -> None:
        undo.redo(self.ws)
        self.at += 1
        assert not difference(self.states[self.at], tables(self.connection))

    @rule()
    def all_the_way_back_and_forward(self) -> None:
        while self.at + 1 < len(self.states):
            self.redo()
        with pytest.raises(Refused, match="nothing"):
            undo.redo(self.ws)
        while self.at > 0:
            self.undo()
        with pytest.raises(Refused, match="nothing"):
            undo.undo(self.ws)
        while self.at + 1 < len(self.states):
            self.redo()


class Together(Team):
    """Two people on one file, each with a connection of their own: nobody takes back what the other did."""

    people = ("ana", "lena")

    def _turn(self, who: str) -> None:
        self.who = who

    turn = rule(who=st.sampled_from(people))(_turn)
    turn_again = rule(who=st.sampled_from(people))(_turn)  # as often as any two other rules

    @rule(title=WORDS, pick=PICK, how=st.sampled_from(["comment", "wait", "due", "owner", "serve"]))
    def meddle_with_what_is_new(self, title: str, pick: int, how: str) -> None:
        maker, other = self.who, next(name for name in self.people if name != self.who)
        with self.doing():
            made = tasks.add_task(self.ws, NewTask(f"New {title}", "KR-01")).ids
            self.who = other
            if how == "comment":
                tasks.comment(self.ws, made[0], "Good")
            elif how == "wait":
                tasks.wait_for(self.ws, [self.task(pick)], made[0])
            elif how == "serve":
                tasks.serve_also(self.ws, made[0], ["KR-02"])
            else:
                tasks.edit_tasks(self.ws, made, {"due_on": date(2026, 10, 30)} if how == "due" else {"owner": "lena"})
        self.take_back(maker, redo=False)

    @rule(who=st.sampled_from(people), redo=st.booleans())
    def take_back(self, who: str, redo: bool) -> None:
        self.who = who
        before = tables(self.connection)
        try:
            outcome = undo.redo(self.ws) if redo else undo.undo(self.ws)
        except REFUSALS:
            assert not difference(before, tables(self.connection))
            return
        assert outcome.batch is not None
        self._only_own_changes_went(outcome.batch)

    def _only_own_changes_went(self, batch: int) -> None:
        run = self.connection.execute
        reverted, = run("SELECT reverts FROM change_batch WHERE number = ?", (batch,)).fetchone()
        assert run('SELECT "by" FROM change_batch WHERE number = ?', (reverted,)).fetchone() == (self.who,)
        for entity, key, field, old, new in run(
            "SELECT entity, id, field, old, new FROM change WHERE batch = ?", (batch,)
        ).fetchall():
            if field != "*":
                written = run("SELECT new FROM change WHERE batch = ? AND entity = ? AND id = ? AND field = ? "
                              "ORDER BY seq DESC", (reverted, entity, key, field)).fetchone()
                assert written == (old,), f"{entity} {key}.{field}: took back {old}, wrote {written}"
            elif new is None and old is not None:
                others = run('SELECT b."by", c.field FROM change c JOIN change_batch b ON b.number = c.batch '
                             'WHERE c.entity = ? AND c.id = ? AND c.batch > ? AND c.batch < ? AND b."by" <> ?',
                             (entity, key, reverted, batch, self.who)).fetchall()
                assert not others, f"removed {entity} {key}, which {others} changed"


@pytest.fixture
def files(begun_file: Path, tmp_path: Path) -> Callable[[], Path]:
    number = count()

    def fresh() -> Path:
        file = tmp_path / f"{next(number)}.sqlite3"
        shutil.copy(begun_file, file)
        return file

    return fresh


def test_undo_goes_back_through_every_state_and_redo_forward(files: Callable[[], Path]) -> None:
    run_state_machine_as_test(lambda: Alone(files()), settings=SETTINGS)  # type: ignore[arg-type]


def test_two_people_never_take_back_each_others_changes(files: Callable[[], Path]) -> None:
    run_state_machine_as_test(lambda: Together(files()), settings=SETTINGS)  # type: ignore[arg-type]
