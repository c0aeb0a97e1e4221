"""What would become of a linked task, with what the rules here say to it: tried, and rolled back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.domain.errors import OutOfReach
from tracker.domain.merge import FieldPlan, Step
from tracker.services.sync.connections import SyncConnection
from tracker.services.sync.mapping import Translator
from tracker.services.sync.settling import RULES, Done, Settled, take, wanted_here
from tracker.services.workspace import Workspace
from tracker.storage.sync_rows import LocalTask

MOST_REHEARSED = 300
"""Tasks that are tried against the rules, each in a transaction that others wait for; the run finds out the rest."""


class Foreseer:
    """Tries what a run would do with tasks here; nothing of it stays."""

    def __init__(self, ws: Workspace, kept: SyncConnection, translator: Translator) -> None:
        self._as_sync = ws.acting_as(kept.actor)
        self._kept = kept
        self._translator = translator
        self._left = MOST_REHEARSED
        self.not_tried = 0
        """Tasks whose changes there were not tried, as there are many, or as nothing can be written."""

    def foresee(self, task: LocalTask, theirs: Mapping[str, object]) -> Settled:
        """How the task would stand; without a link where it would go back to the backlog."""
        done = Done()
        wanted = wanted_here(self._kept, self._translator, task, theirs, done)
        after = self._tried(task, wanted, done) if wanted else task
        link = after.link or task.link
        assert link is not None
        plan = self._translator.plan(after, link.base, theirs)
        done.pushed = [each.field for each in plan if each.step is Step.PUSH]
        return Settled(self._kept, self._translator, after, plan, done)

    def _tried(self, task: LocalTask, wanted: Sequence[FieldPlan], done: Done) -> LocalTask:
        if self._left:
            self._left -= 1
            try:
                return self._taken(task, wanted, done)
            except OutOfReach:  # a file that is only read, or busy
                self._left = 0
        self.not_tried += 1
        done.pulled = [each.field for each in wanted]
        return task

    def _taken(self, task: LocalTask, wanted: Sequence[FieldPlan], done: Done) -> LocalTask:
        """All of the fields, or else those that a rule lets through."""
        groups: list[Sequence[FieldPlan]] = [wanted]
        for group in groups:
            try:
                after = self._rehearsed(task, group)
            except RULES:
                if group is wanted and (allowed := [each for each in wanted if self._is_allowed(task, each, done)]):
                    groups.append(allowed)
                continue
            done.pulled = [each.field for each in group]
            return after
        return task

    def _is_allowed(self, task: LocalTask, one: FieldPlan, done: Done) -> bool:
        try:
            self._rehearsed(task, [one])
        except RULES as error:
            done.refused[one.field] = str(error)
            return False
        return True

    def _rehearsed(self, task: LocalTask, wanted: Sequence[FieldPlan]) -> LocalTask:
        return take(self._as_sync, self._kept.id, self._translator, task, wanted, is_rehearsal=True)
