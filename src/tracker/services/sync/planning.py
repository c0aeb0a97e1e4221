"""What a run would do, without touching anything on either side."""

from __future__ import annotations

from collections.abc import Iterator
from sqlite3 import Connection

from tracker.domain.errors import Refused
from tracker.domain.merge import FieldPlan, Step
from tracker.domain.remote import Adapter, RemoteTask
from tracker.services.sync.arrivals import arrival_title
from tracker.services.sync.connections import SyncConnection, connection
from tracker.services.sync.goals import stand_of, told_of, wants_goals
from tracker.services.sync.mapping import UNSEEN, Translator, Unmapped
from tracker.services.sync.surveying import Stopped, Survey, Surveyor, is_owed, known_there
from tracker.services.sync.values import Action, FieldChange, PlannedTask, Progress, Stop, SyncPlan
from tracker.services.workspace import Workspace
from tracker.storage import sync_journal, sync_rows
from tracker.storage.sync_rows import LocalTask

MOST_LOOKS = 50
"""Changed tasks whose messages there a plan reads, one request each; of more it says how many are left to the run."""


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
        making = _Plan(kept, adapter, database, intents)
        planned = tuple(making.tasks(survey))
    return SyncPlan(id, planned, tuple(_notices(kept, survey, planned, making.not_looked_at)))


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"


def _coming(count: int) -> str:
    return f"{_messages(count)} there to take"


def _notices(
    kept: SyncConnection, survey: Survey, planned: tuple[PlannedTask, ...], not_looked_at: int
) -> Iterator[str]:
    allowed = kept.settings.deletions
    if len(survey.gone) > allowed:
        yield (f"{len(survey.gone)} tasks are gone there; a run takes {allowed} by itself and asks for leave for more "
               f"(--allow-deletions {len(survey.gone)}).")  # fmt: skip
    strangers = sum(each.action is Action.UNMAPPED_OWNER for each in planned)
    if strangers:
        yield f"{strangers} tasks belong to people without a counterpart there; they go without their owner."
    if not_looked_at:
        yield f"The messages of {not_looked_at} more tasks that changed there are read by the run."


class _Plan:
    def __init__(self, kept: SyncConnection, adapter: Adapter, database: Connection, intents: set[str]) -> None:
        self._kept = kept
        self._translator = Translator(kept, adapter.capabilities)
        self._database = database
        self._intents = intents
        self._adapter = adapter
        self._sends_goals = wants_goals(kept, adapter.capabilities)
        self._cited: dict[str, None] = {}
        self._looks_left = MOST_LOOKS
        self.not_looked_at = 0
        """Changed tasks whose messages there were left unread, as there are many."""
        self._exchanges_messages = kept.settings.sends_comments and adapter.capabilities.can_comment

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
        for task, (there, person) in survey.taken_up.items():
            owner = FieldChange("owner", "here", "", person)
            words = "somebody has it there again: assigned here, and kept the same"
            yield PlannedTask(task, there.title, Action.ADOPT, (owner,), words, there.url)
        yield from self._commented(survey)
        yield from self._goals()
        for there in survey.arrivals.values():
            yield PlannedTask(None, arrival_title(there), Action.ARRIVE, words="becomes an arrival", url=there.url)

    def _commented(self, survey: Survey) -> Iterator[PlannedTask]:
        for task, count in survey.commented.items():
            known = self._task(task)
            if known is not None and task not in survey.linked and task not in survey.gone:
                url = known.link.url if known.link is not None else None
                yield PlannedTask(task, known.title, Action.COMMENT, words=_coming(count), url=url)

    def _goals(self) -> Iterator[PlannedTask]:
        """Goals that are told anew, and those of the key results that the tasks above cite."""
        if not self._sends_goals:
            return
        known = dict.fromkeys(sync_journal.goals(self._database, self._kept.id))
        for key_result in sorted(known | self._cited):
            goal = sync_journal.goal(self._database, self._kept.id, key_result)
            measure = sync_journal.measure(self._database, key_result)
            if measure is not None and (goal is None or goal[1] != told_of(measure)):
                does = "is made there as a goal" if goal is None else "is renewed there"
                words = f"{does}: {stand_of(measure)} of {measure.target}"
                yield PlannedTask(None, f"{key_result} {measure.title}", Action.GOAL, words=words)

    def _task(self, task: str) -> LocalTask | None:
        found = sync_rows.task_of(self._database, self._kept.id, task)
        if found is not None and (found.link is not None or is_owed(found)):
            self._cited[found.key_result] = None
        return found

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
        messages = self._messages(task, None)
        if task.id in self._intents:
            words = "may have been made there; it is looked for first"
            return PlannedTask(task.id, task.title, Action.CREATE, fields, words)
        if self._had_counterpart(task):
            words = "had a counterpart there before: it is read then, and both sides are brought together"
            return PlannedTask(task.id, task.title, Action.ADOPT, words="; ".join([words, *messages]))
        if not self._translator.knows_owner(task):
            words = f"goes there without its owner: {task.owner} has no counterpart there"
            return PlannedTask(task.id, task.title, Action.UNMAPPED_OWNER, fields, "; ".join([words, *messages]))
        return PlannedTask(task.id, task.title, Action.CREATE, fields, "; ".join(messages))

    def _had_counterpart(self, task: LocalTask) -> bool:
        """Whether it went back to the backlog and came again, or was an arrival."""
        lost = sync_rows.lost_link(self._database, self._kept.id, task.id)
        is_known = lost is not None and lost.external_id is not None
        return is_known or sync_rows.arrival_of_task(self._database, self._kept.source, task.id) is not None

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
        messages = self._messages(task, there)
        if fields or messages:
            action = self._action(steps, bool(unmapped)) if fields else Action.COMMENT
            words = "; ".join([*unmapped, *messages])
            yield PlannedTask(task.id, task.title, action, tuple(fields), words, task.link.url)

    def _messages(self, task: LocalTask, there: RemoteTask | None) -> list[str]:
        if not self._exchanges_messages:
            return []
        unsent = len(sync_journal.unsent_comments(self._database, self._kept.id, task.id))
        said = [f"{_messages(unsent)} of ours to send"] if unsent else []
        coming = self._coming(task, there) if self._translator.reads_comments else 0
        return [*said, _coming(coming)] if coming else said

    def _coming(self, task: LocalTask, there: RemoteTask | None) -> int:
        """How many messages there are not here."""
        if there is None or task.link is None or there.version == task.link.version:
            return 0
        if self._looks_left == 0:
            self.not_looked_at += 1
            return 0
        self._looks_left -= 1
        known = sync_journal.known_comments(self._database, self._kept.id, task.id)
        return sum(each.id not in known for each in self._adapter.comments(there.id))

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


