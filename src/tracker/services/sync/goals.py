"""Key results as goals of the remote, and tasks as the work that supports them."""

from __future__ import annotations

from datetime import date
from typing import cast

from tracker.domain.remote import GoalKeeper, KeyResultMirror, RemoteError
from tracker.services.sync.values import Action
from tracker.services.sync.work import Work
from tracker.storage import sync_journal
from tracker.storage.sync_journal import Measure
from tracker.storage.sync_rows import LocalTask


class Goals:
    """Keeps goals in a run; does nothing where the connection does not want them or the remote has none."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._is_wanted = work.kept.settings.sends_goals and work.adapter.capabilities.has_goals
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

    def support(self, task: LocalTask) -> None:
        """Link a task to the goal of its key result, once."""
        if not self._is_wanted or task.link is None or task.link.external_id is None:
            return
        goal = self._goal(task.key_result)
        if goal is None:
            return
        identity = task.link.external_id
        with self._work.ws.store.snapshot() as connection:
            kept = sync_journal.goal(connection, self._work.kept.id, task.key_result)
        linked = cast("list[str]", kept[1].get("tasks", [])) if kept else []
        if kept is None or identity in linked:
            return
        try:
            self._work.ask(lambda: self._keeper.support(goal, identity))
        except RemoteError as error:
            self._work.note(task.id, Action.FAIL, f"as support of the goal of {task.key_result}: {error}")
            return
        self._keep(task.key_result, goal, {**kept[1], "tasks": [*linked, identity]})

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
        if measure is None:
            return known[0] if known else None
        told = _told(measure)
        if known and {name: value for name, value in known[1].items() if name != "tasks"} == told:
            return known[0]
        mirror = _mirror(work.kept.reference(key_result), measure)
        # with no id the adapter looks for a goal with that reference before it makes one
        goal = work.ask(lambda: self._keeper.put_goal(mirror, known[0] if known else None))
        self._keep(key_result, goal, {**told, "tasks": known[1].get("tasks", []) if known else []})
        work.note(None, Action.GOAL, f"{key_result} stands there at {told['value']} {measure.unit}")
        return goal

    def _keep(self, key_result: str, goal: str, sent: dict[str, object]) -> None:
        with self._work.as_sync.writing("sync") as tx:
            sync_journal.keep_goal(tx.connection, self._work.kept.id, key_result, goal, sent)


def _told(measure: Measure) -> dict[str, object]:
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
