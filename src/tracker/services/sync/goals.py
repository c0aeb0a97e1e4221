"""Key results as goals of the remote, and tasks as the work that supports them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

from tracker.domain.remote import AnswerLost, Capabilities, GoalKeeper, KeyResultMirror, RemoteError, TryLater
from tracker.services.sync.connections import SyncConnection
from tracker.services.sync.values import Action
from tracker.services.sync.work import Work
from tracker.storage import sync_journal, sync_rows
from tracker.storage.sync_journal import Measure

GOAL = "goal"
"""What a link calls the goal that its task supports there, beside what both sides agreed on of each field."""


class Goals:
    """Keeps goals in a run; does nothing where the connection does not want them or the remote has none."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._is_wanted = wants_goals(work.kept, work.adapter.capabilities)
        self._done: dict[str, str | None] = {}

    def renew(self) -> None:
        """Tell the goals what their key results have come to."""
        if not self._is_wanted:
            return
        with self._work.ws.store.snapshot() as connection:
            known = sync_journal.goals(connection, self._work.kept.id)
        for key_result in known:
            self._work.check_stop()
            self._goal(key_result)

    def support(self, id: str) -> None:
        """Link a task to the goal of its key result, once; to another goal when it cites another key result."""
        task = self._work.task(id) if self._is_wanted else None
        if task is None or task.link is None or task.link.external_id is None:
            return
        goal, link = self._goal(task.key_result), task.link
        before, _ = link.base.get(GOAL, (None, None))
        if goal is None or goal == before:
            return
        try:
            self._move(str(task.link.external_id), before if isinstance(before, str) else None, goal)
        except RemoteError as error:
            # what may succeed by itself is tried again by the next run, what needs a person with the task's next change
            again = isinstance(error, TryLater | AnswerLost) and link.state == "synced"
            owing = replace(link, state="changed_here") if again else link
            self._work.keep(owing, Action.FAIL, f"as support of the goal of {task.key_result}: {error}")
            return
        self._work.keep(replace(link, base={**link.base, GOAL: (goal, None)}))

    def _move(self, task: str, before: str | None, goal: str) -> None:
        if before is not None:
            self._work.ask(lambda: self._keeper.no_longer_support(before, task))
        self._work.ask(lambda: self._keeper.support(goal, task))

    @property
    def _keeper(self) -> GoalKeeper:
        return cast("GoalKeeper", self._work.adapter)

    def _goal(self, key_result: str) -> str | None:
        if key_result not in self._done:
            try:
                self._done[key_result] = self._put(key_result)
            except RemoteError as error:  # also a plan without goals: the tasks go on without them
                self._done[key_result] = None
                self._work.note(None, Action.FAIL, f"{key_result} as a goal: {error}")
        return self._done[key_result]

    def _put(self, key_result: str) -> str | None:
        work = self._work
        with work.ws.store.snapshot() as connection:
            known = sync_journal.goal(connection, work.kept.id, key_result)
            measure = sync_journal.measure(connection, key_result)
            made_at = sync_rows.made_at(connection, "key_result", key_result)
        if measure is None:
            return known[0] if known else None
        told = told_of(measure)
        if known and known[1] == told:
            return known[0]
        mirror = _mirror(work.kept.reference(key_result, made_at), measure)
        # with no id the adapter looks for a goal with that reference before it makes one
        goal = work.ask(lambda: self._keeper.put_goal(mirror, known[0] if known else None))
        with work.as_sync.writing("sync") as tx:
            sync_journal.keep_goal(tx.connection, work.kept.id, key_result, goal, told)
        work.note(None, Action.GOAL, f"{key_result} stands there at {stand_of(measure)}")
        return goal


def wants_goals(kept: SyncConnection, can: Capabilities) -> bool:
    """Whether key results stand there as goals."""
    return kept.settings.sends_goals and can.has_goals


def stand_of(measure: Measure) -> str:
    """What a key result has come to, in words."""
    return f"{measure.value} {measure.unit}"


def told_of(measure: Measure) -> dict[str, object]:
    """What a goal is told of a key result; kept to see whether it has to be told anew."""
    return {
        "title": measure.title, "unit": measure.unit, "baseline": str(measure.baseline),
        "target": str(measure.target), "value": str(measure.value), "due_on": measure.due_on,
    }  # fmt: skip


def _mirror(reference: str, measure: Measure) -> KeyResultMirror:
    return KeyResultMirror(
        reference=reference, title=measure.title, unit=measure.unit, baseline=measure.baseline,
        target=measure.target, value=measure.value, due_on=date.fromisoformat(measure.due_on),
        percent=measure.kind == "percent", currency=measure.currency,
    )  # fmt: skip
