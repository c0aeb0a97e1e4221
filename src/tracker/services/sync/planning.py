"""What a run would do, without touching anything on either side."""

from __future__ import annotations

from collections.abc import Iterator
from sqlite3 import Connection

from tracker.domain.errors import Refused
from tracker.domain.merge import FieldPlan, Step
from tracker.domain.remote import Adapter, RemoteTask
from tracker.services.sync.arrivals import arrival_title
from tracker.services.sync.connections import SyncConnection, connection
from tracker.services.sync.mapping import UNSEEN, Translator, Unmapped
from tracker.services.sync.surveying import Stopped, Survey, Surveyor, is_owed, known_there
from tracker.services.sync.values import Action, FieldChange, PlannedTask, Progress, Stop, SyncPlan
from tracker.services.workspace import Workspace
from tracker.storage import sync_journal, sync_rows
from tracker.storage.sync_rows import LocalTask


def plan(
    ws: Workspace, id: str, adapter: Adapter, *, progress: Progress | None = None, stop: Stop | None = None
) -> SyncPlan:
    """What `run` would do now: reads both sides, writes neither.

    Raises:
        NotFound: there is no such connection.
        RemoteError: the remote does not answer, or does not allow it.
        Refused: `stop` said so.
    """
    kept = connection(ws, id)
    try:
        survey = Surveyor(ws, kept, adapter, progress, stop).survey()
    except Stopped:
        raise Refused("Stopped; nothing was changed.") from None
    with ws.store.snapshot() as database:
        intents = {each.task for each in sync_journal.intents(database, id) if each.operation == "create"}
        planned = tuple(_Plan(kept, adapter, database, intents).tasks(survey))
    return SyncPlan(id, planned, tuple(_notices(kept, survey, planned)))


def _notices(kept: SyncConnection, survey: Survey, planned: tuple[PlannedTask, ...]) -> Iterator[str]:
    allowed = kept.settings.deletions
    if len(survey.gone) > allowed:
        yield (f"{len(survey.gone)} tasks are gone there; a run takes {allowed} by itself and asks for leave for more "
               f"(--allow-deletions {len(survey.gone)}).")  # fmt: skip
    strangers = sum(each.action is Action.UNMAPPED_OWNER for each in planned)
    if strangers:
        yield f"{strangers} tasks belong to people without a counterpart there; they go without their owner."


class _Plan:
    def __init__(self, kept: SyncConnection, adapter: Adapter, database: Connection, intents: set[str]) -> None:
        self._kept = kept
        self._translator = Translator(kept, adapter.capabilities)
        self._database = database
        self._intents = intents

    def tasks(self, survey: Survey) -> Iterator[PlannedTask]:
        """Each task with something to do, in the order of a run."""
        for task, title in survey.gone.items():
            yield PlannedTask(task, title, Action.GONE, words="was deleted there; the task here stays")
        for task in survey.unlinked:
            known = self._task(task)
            words = "went back to the backlog; the task there is left as it is"
            yield PlannedTask(task, known.title if known else "", Action.UNLINK, words=words)
        for task, there in survey.linked.items():
            yield from self._linked(self._task(task), there)
        for task in survey.local:
            if task not in survey.linked and task not in survey.gone:
                yield from self._local(self._task(task), survey.adoptable.get(task))
        for task, there in survey.adoptable.items():
            if task not in survey.local:
                yield from self._local(self._task(task), there)
        for there in survey.arrivals.values():
            yield PlannedTask(None, arrival_title(there), Action.ARRIVE, words="becomes an arrival", url=there.url)

    def _task(self, task: str) -> LocalTask | None:
        return sync_rows.task_of(self._database, self._kept.id, task)

    def _local(self, task: LocalTask | None, there: RemoteTask | None) -> Iterator[PlannedTask]:
        if task is None:
            return
        if task.link is not None and task.link.external_id is not None:
            if task.link.state != "gone":
                yield from self._linked(task, None)
            return
        if not is_owed(task):
            return
        if there is not None:
            yield PlannedTask(task.id, task.title, Action.ADOPT, words="is there already", url=there.url)
        else:
            yield self._new(task)

    def _new(self, task: LocalTask) -> PlannedTask:
        ours = self._translator.ours(task)
        fields = tuple(
            FieldChange(name, "there", "", self._here(name, value)) for name, value in ours.items() if value is not None
        )
        if task.id in self._intents:
            words = "may have been made there; it is looked for first"
            return PlannedTask(task.id, task.title, Action.CREATE, fields, words)
        if not self._translator.knows_owner(task):
            words = f"goes there without its owner: {task.owner} has no counterpart there"
            return PlannedTask(task.id, task.title, Action.UNMAPPED_OWNER, fields, words)
        return PlannedTask(task.id, task.title, Action.CREATE, fields)

    def _linked(self, task: LocalTask | None, there: RemoteTask | None) -> Iterator[PlannedTask]:
        if task is None or task.link is None:
            return
        theirs = known_there(task.link) if there is None else there.fields()
        steps = self._translator.plan(task, task.link.base, theirs)
        fields, unmapped = [], []
        for each in steps:
            if each.step in (Step.NOTHING, Step.AGREE):
                continue
            if each.step is Step.PULL and (words := self._why_not(each, task)):
                unmapped.append(words)
            fields.append(self._change(each))
        if fields:
            action = self._action(steps, bool(unmapped))
            yield PlannedTask(task.id, task.title, action, tuple(fields), "; ".join(unmapped), task.link.url)

    def _why_not(self, step: FieldPlan, task: LocalTask) -> str:
        if not self._kept.takes:
            return ""
        try:
            self._translator.taken(step.field, step.theirs, task)
        except (Unmapped, Refused) as words:
            return str(words)
        return ""

    def _change(self, step: FieldPlan) -> FieldChange:
        ours = self._here(step.field, step.ours)
        theirs = self._translator.shown(step.field, step.theirs)
        if step.step is Step.PUSH:
            return FieldChange(step.field, "there", theirs, ours)
        return FieldChange(step.field, "here" if step.step is Step.PULL and self._kept.takes else "", ours, theirs)

    def _action(self, steps: tuple[FieldPlan, ...], is_held: bool) -> Action:
        kinds = {each.step for each in steps}
        if Step.CLASH in kinds:
            return Action.CONFLICT
        if Step.PULL in kinds and (is_held or not self._kept.takes):
            return Action.CHANGED_THERE
        if {Step.PULL, Step.PUSH} <= kinds:
            return Action.BOTH
        return Action.PULL if Step.PULL in kinds else Action.PUSH

    def _here(self, field: str, value: object) -> str:
        return "" if value is None or value is UNSEEN else str(value)


