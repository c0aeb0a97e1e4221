"""The states of a task: what may follow what, and which fields go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tracker.domain.errors import Refused
from tracker.domain.tasks import BLOCKABLE, COLUMNS, OPEN, Status, Step, Task, assign, block, move

TODAY = date(2026, 10, 19)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def task(status: Status = Status.BACKLOG, **fields: object) -> Task:
    """A task that is in `status` by the rules: owner and days are those the state needs."""
    known: dict[str, object] = {"created_on": date(2026, 10, 1)}
    if status in (*BLOCKABLE, Status.DONE):
        known |= {"owner": "lena", "assigned_on": date(2026, 10, 2)}
    if status in (Status.DOING, Status.REVIEW, Status.DONE):
        known |= {"started_on": date(2026, 10, 6)}
    if status is Status.REVIEW:
        known |= {"review_on": date(2026, 10, 12)}
    if status is Status.DONE:
        known |= {"done_on": date(2026, 10, 14)}
    return Task(id="T-043", title="White paper ad", status=status, **(known | fields))  # type: ignore[arg-type]


def outcome(steps: list[Step], before: Task) -> dict[str, object]:
    """All that the steps change, the last word winning."""
    changed: dict[str, object] = {"owner": before.owner}
    for step in steps:
        changed.update(step.fields)
    return changed


def path(before: Task, to: Status, **how: object) -> list[tuple[Status, Status]]:
    steps = move(before, to, today=TODAY, actor="mara", **how)  # type: ignore[arg-type]
    return [(step.from_status, step.to_status) for step in steps]


def test_a_move_forward_passes_through_every_state_between() -> None:
    assert path(task(), Status.REVIEW) == [
        (Status.BACKLOG, Status.ASSIGNED), (Status.ASSIGNED, Status.DOING), (Status.DOING, Status.REVIEW),
    ]


def test_work_may_be_done_without_a_review() -> None:
    assert path(task(), Status.DONE)[-1] == (Status.DOING, Status.DONE)
    assert path(task(Status.DOING), Status.DONE) == [(Status.DOING, Status.DONE)]
    assert path(task(Status.REVIEW), Status.DONE) == [(Status.REVIEW, Status.DONE)]


@pytest.mark.parametrize("status", list(Status))
def test_a_move_to_where_the_task_stands_changes_nothing(status: Status) -> None:
    assert path(task(status), status) == []


@pytest.mark.parametrize(
    ("status", "to"),
    [(Status.ASSIGNED, Status.BACKLOG), (Status.DOING, Status.ASSIGNED), (Status.REVIEW, Status.DOING),
     (Status.DONE, Status.REVIEW), (Status.DONE, Status.DOING), (Status.CANCELLED, Status.BACKLOG)],
)
def test_one_step_back_is_allowed(status: Status, to: Status) -> None:
    assert path(task(status), to) == [(status, to)]


@pytest.mark.parametrize(
    ("status", "to"),
    [(Status.DOING, Status.BACKLOG), (Status.REVIEW, Status.BACKLOG), (Status.REVIEW, Status.ASSIGNED),
     (Status.DONE, Status.BACKLOG), (Status.DONE, Status.ASSIGNED)],
)
def test_two_steps_back_at_once_are_refused(status: Status, to: Status) -> None:
    with pytest.raises(Refused, match=r"T-043 is in .* one step at a time"):
        path(task(status), to)


@pytest.mark.parametrize("to", [column for column in COLUMNS if column is not Status.BACKLOG])
def test_cancelled_work_returns_through_the_backlog(to: Status) -> None:
    with pytest.raises(Refused, match="cancelled; it goes back to the backlog first"):
        path(task(Status.CANCELLED), to)


def test_work_back_in_the_backlog_has_no_trace_of_its_start_or_its_end() -> None:
    before = task(Status.CANCELLED, owner="lena", assigned_on=YESTERDAY, started_on=YESTERDAY)
    fields = outcome(move(before, Status.BACKLOG, today=TODAY, actor="mara"), before)
    assert {name for name, value in fields.items() if value is None} == {
        "assigned_on", "started_on", "review_on", "blocked_reason", "blocked_on", "cancel_reason", "cancelled_on",
    }


@pytest.mark.parametrize("status", sorted(OPEN))
def test_open_work_is_cancelled_with_a_reason(status: Status) -> None:
    before = task(status)
    fields = outcome(move(before, Status.CANCELLED, today=TODAY, actor="mara", reason=" not\nnow "), before)
    assert fields["cancel_reason"] == "not now"
    assert fields["cancelled_on"] == TODAY
    assert fields["blocked_reason"] is None


@pytest.mark.parametrize("reason", ["", "   ", "\x1b[31m", "\u200b"])
def test_cancelling_without_a_visible_reason_is_refused(reason: str) -> None:
    with pytest.raises(Refused, match="needs a reason"):
        path(task(), Status.CANCELLED, reason=reason)


def test_done_work_is_reopened_before_it_is_cancelled() -> None:
    with pytest.raises(Refused, match="reopen it first"):
        path(task(Status.DONE), Status.CANCELLED, reason="late")


def test_whoever_starts_work_that_nobody_owns_takes_it() -> None:
    before = task()
    fields = outcome(move(before, Status.DOING, today=TODAY, actor="mara"), before)
    assert fields["owner"] == "mara"
    assert fields["assigned_on"] == fields["started_on"] == TODAY


def test_starting_somebody_elses_work_leaves_it_theirs() -> None:
    before = task(Status.ASSIGNED)
    assert outcome(move(before, Status.DOING, today=TODAY, actor="mara"), before)["owner"] == "lena"


def test_nobody_starts_work_that_nobody_owns() -> None:
    with pytest.raises(Refused, match="has no owner"):
        move(task(), Status.DOING, today=TODAY, actor=None)


def test_reopening_keeps_the_first_day_of_work() -> None:
    before = task(Status.DONE)
    fields = outcome(move(before, Status.DOING, today=TODAY, actor="mara"), before)
    assert fields["started_on"] == date(2026, 10, 6)
    assert fields["done_on"] is None


def test_work_taken_out_of_doing_was_never_started() -> None:
    before = task(Status.DOING)
    fields = outcome(move(before, Status.ASSIGNED, today=TODAY, actor="mara"), before)
    assert fields["started_on"] is None
    assert fields["assigned_on"] == date(2026, 10, 2)


def test_done_before_it_was_started_is_refused_with_both_days() -> None:
    with pytest.raises(Refused, match="started on 2026-10-06; it cannot be done on 2026-10-04"):
        move(task(Status.DOING), Status.DONE, today=date(2026, 10, 4), actor="mara")


def test_a_colleague_whose_calendar_is_a_day_ahead_does_not_stop_the_work() -> None:
    before = task(Status.DOING, started_on=TOMORROW)
    assert outcome(move(before, Status.DONE, today=TODAY, actor="mara"), before)["done_on"] == TOMORROW


def test_a_block_ends_when_the_work_is_done() -> None:
    before = task(Status.DOING, blocked_reason="ad account review")
    fields = outcome(move(before, Status.DONE, today=TODAY, actor="mara"), before)
    assert fields["blocked_reason"] is None
    assert fields["blocked_on"] is None


def test_blocking_says_why_and_since_when() -> None:
    assert block(task(Status.DOING), " ad account review ", today=TODAY) == {
        "blocked_reason": "ad account review", "blocked_on": TODAY,
    }


def test_a_better_reason_keeps_the_day_the_block_began() -> None:
    assert block(task(Status.DOING, blocked_reason="ads"), "ad account review", today=TODAY) == {
        "blocked_reason": "ad account review",
    }


def test_an_empty_reason_ends_the_block_in_any_state() -> None:
    for status in Status:
        assert block(task(status), " ", today=TODAY) == {"blocked_reason": None, "blocked_on": None}


@pytest.mark.parametrize("status", sorted(set(Status) - BLOCKABLE))
def test_only_assigned_work_can_be_blocked(status: Status) -> None:
    with pytest.raises(Refused, match=f"T-043 is in {status}"):
        block(task(status), "waiting", today=TODAY)


def test_assigning_takes_work_out_of_the_backlog() -> None:
    assert assign(task(), "priya", today=TODAY) == {"owner": "priya", "status": "assigned", "assigned_on": TODAY}


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.BACKLOG}))
def test_a_new_owner_leaves_the_state_alone(status: Status) -> None:
    assert assign(task(status), "priya", today=TODAY) == {"owner": "priya"}


@pytest.mark.parametrize("status", [Status.DOING, Status.REVIEW, Status.DONE])
def test_started_work_keeps_an_owner(status: Status) -> None:
    with pytest.raises(Refused, match="needs an owner"):
        assign(task(status), None, today=TODAY)


def test_work_without_an_owner_goes_back_to_the_backlog() -> None:
    fields = assign(task(Status.ASSIGNED, blocked_reason="waits"), None, today=TODAY)
    assert fields == {
        "owner": None, "status": "backlog", "assigned_on": None, "started_on": None,
        "blocked_reason": None, "blocked_on": None,
    }


@given(st.sampled_from(sorted(Status)), st.sampled_from(sorted(Status)))
def test_every_step_starts_where_the_one_before_it_ended(start: Status, to: Status) -> None:
    try:
        steps = path(task(start), to, reason="enough")
    except Refused:
        return
    stations = [start, *(after for _, after in steps)]
    assert stations[-1] is to
    assert [before for before, _ in steps] == stations[:-1]


class WorkingLife(RuleBasedStateMachine):
    """Move, assign and block one task in any order: what the database demands of a task holds after each change."""

    def __init__(self) -> None:
        super().__init__()
        self.today = TODAY
        self.stored: dict[str, object] = {
            "status": "backlog", "owner": None, "created_on": TODAY, "assigned_on": None, "started_on": None,
            "review_on": None, "done_on": None, "blocked_reason": None, "blocked_on": None,
            "cancel_reason": None, "cancelled_on": None,
        }

    @property
    def task(self) -> Task:
        known = {name: value for name, value in self.stored.items() if name in Task.__dataclass_fields__}
        plain = Task(id="T-001", title="Teaser", **known)  # type: ignore[arg-type]
        return replace(plain, status=Status(str(self.stored["status"])))

    def write(self, fields: Mapping[str, object]) -> None:
        assert set(fields) <= set(self.stored)
        self.stored.update(fields)

    @rule(days=st.integers(-1, 9))
    def another_day(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(to=st.sampled_from(Status), actor=st.sampled_from(["lena", None]), reason=st.sampled_from(["", "enough"]))
    def move(self, to: Status, actor: str | None, reason: str) -> None:
        try:
            steps = move(self.task, to, today=self.today, actor=actor, reason=reason)
        except Refused:
            return
        for step in steps:
            self.write(step.fields)
            self.keeps_the_rules()

    @rule(owner=st.sampled_from(["lena", "tomas", None]))
    def assign(self, owner: str | None) -> None:
        try:
            self.write(assign(self.task, owner, today=self.today))
        except Refused:
            assert owner is None

    @rule(reason=st.sampled_from(["", "waits for the printer"]))
    def block(self, reason: str) -> None:
        try:
            self.write(block(self.task, reason, today=self.today))
        except Refused:
            assert self.stored["status"] not in BLOCKABLE

    @precondition(lambda self: self.stored["status"] == "doing")
    @rule()
    def finish_and_reopen(self) -> None:
        if self.today < self.stored["started_on"]:  # type: ignore[operator]
            return
        first_day = self.stored["started_on"]
        self.move(Status.DONE, "lena", "")
        self.move(Status.DOING, "tomas", "")
        assert self.stored["started_on"] == first_day

    @invariant()
    def keeps_the_rules(self) -> None:
        stored = self.stored
        status = stored["status"]
        if status in {"assigned", "doing", "review", "done"}:
            assert stored["owner"] is not None
            assert stored["assigned_on"] is not None
        if status in {"doing", "review", "done"}:
            assert stored["started_on"] is not None
        if status in {"backlog", "assigned", "doing"}:
            assert stored["review_on"] is None
        if status in {"backlog", "assigned"}:
            assert stored["started_on"] is None
        assert (status == "done") == (stored["done_on"] is not None)
        assert (status == "cancelled") == (stored["cancel_reason"] is not None) == (stored["cancelled_on"] is not None)
        assert (stored["blocked_reason"] is None) == (stored["blocked_on"] is None)
        assert stored["blocked_reason"] is None or status in BLOCKABLE
        days = [stored[name] for name in ("created_on", "assigned_on", "started_on", "review_on", "done_on")]
        set_days = [day for day in days if day is not None]
        assert set_days == sorted(set_days)  # type: ignore[type-var]


TestWorkingLife = WorkingLife.TestCase
