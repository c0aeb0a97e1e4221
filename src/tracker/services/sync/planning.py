"""What a run would do, without touching anything on either side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from sqlite3 import Connection

from tracker.domain.errors import Refused
from tracker.domain.merge import FieldPlan, Step
from tracker.domain.plaintext import clean_text
from tracker.domain.remote import FIELDS, Adapter, RemoteComment, RemoteTask, RequestRefused
from tracker.services.sync.arrivals import arrival_title
from tracker.services.sync.bases import Former, base_again, base_known, former, link_with
from tracker.services.sync.connections import SyncConnection, connection
from tracker.services.sync.foreseeing import Foreseer
from tracker.services.sync.goals import stand_of, told_of, wants_goals
from tracker.services.sync.mapping import UNSEEN, Translator
from tracker.services.sync.settling import LET_GO, Settled
from tracker.services.sync.surveying import READ_AT_ONCE, Stopped, Survey, Surveyor, is_owed, known_there
from tracker.services.sync.values import Action, FieldChange, PlannedTask, Progress, Stop, SyncPlan
from tracker.services.workspace import Workspace
from tracker.storage import sync_journal, sync_rows
from tracker.storage.sync_rows import LocalTask, Pairs

BACK = "nobody has it there: it goes back to the backlog here, and the task there is left as it is"
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
    with ws.store.reading() as database:  # no snapshot: what changed there is tried in transactions of their own
        intents = {each.task for each in sync_journal.intents(database, id) if each.operation == "create"}
        making = _Plan(ws, kept, adapter, database, intents)
        planned = tuple(making.tasks(survey))
    return SyncPlan(id, planned, (*_notices(kept, survey, planned), *making.notices()))


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"


def _coming(count: int) -> str:
    return f"{_messages(count)} there to take"


def _notices(kept: SyncConnection, survey: Survey, planned: tuple[PlannedTask, ...]) -> Iterator[str]:
    allowed = kept.settings.deletions
    if len(survey.gone) > allowed:
        yield (f"{len(survey.gone)} tasks are gone there; a run takes {allowed} by itself and asks for leave for more "
               f"(--allow-deletions {len(survey.gone)}).")  # fmt: skip
    strangers = sum(each.action is Action.UNMAPPED_OWNER for each in planned)
    if strangers:
        yield f"{strangers} tasks belong to people without a counterpart there; they go without their owner."


class _Plan:
    def __init__(
        self, ws: Workspace, kept: SyncConnection, adapter: Adapter, database: Connection, intents: set[str]
    ) -> None:
        self._kept = kept
        self._translator = Translator(kept, adapter.capabilities)
        self._database = database
        self._intents = intents
        self._adapter = adapter
        self._sends_goals = wants_goals(kept, adapter.capabilities)
        self._cited: dict[str, None] = {}
        self._looks_left = MOST_LOOKS
        self._not_looked_at = 0
        self._foreseer = Foreseer(ws, kept, self._translator)
        self._former: dict[str, tuple[RemoteTask | None, Pairs]] = {}
        self._exchanges_messages = kept.settings.sends_comments and adapter.capabilities.can_comment

    def notices(self) -> Iterator[str]:
        """What is left to the run to find out, as there is much of it."""
        if self._not_looked_at:
            yield f"The messages of {self._not_looked_at} more tasks that changed there are read by the run."
        if self._foreseer.not_tried:
            yield ("Whether the rules here allow what changed there is found out by the run for "
                   f"{self._foreseer.not_tried} more tasks.")  # fmt: skip

    def tasks(self, survey: Survey) -> Iterator[PlannedTask]:
        """Each task with something to do, in the order of a run."""
        self._read_former([task for task in survey.local if task not in survey.adoptable])
        for task, title in survey.gone.items():
            yield PlannedTask(task, title, Action.GONE, words="was deleted there; the task here stays")
        for task in survey.unlinked:
            known = self._task(task)
            yield PlannedTask(task, known.title if known else "", Action.UNLINK, words=LET_GO)
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
            base = base_known(self._database, self._kept.id, task, there.id)
            yield from self._adopted(task, there, base, "is there already")
            return
        there, base = self._former.get(task.id, (None, {}))
        if there is not None:
            yield from self._adopted(task, there, base, "had a counterpart there before")
        else:
            yield self._new(task)

    def _adopted(self, task: LocalTask, there: RemoteTask, base: Pairs, words: str) -> Iterator[PlannedTask]:
        link = link_with(self._translator, self._kept.id, task, there, base)
        yield from self._linked(replace(task, link=link), there, Action.ADOPT, words)

    def _read_former(self, ids: Sequence[str]) -> None:
        """The counterparts that tasks without one had before, read together."""
        found: dict[str, tuple[str, Former]] = {}
        for id in ids:
            task = sync_rows.task_of(self._database, self._kept.id, id)
            if task is None or not is_owed(task) or task.id in self._intents:
                continue
            if task.link is None or task.link.external_id is None:
                known = former(self._database, self._kept, self._translator, task)
                if known is not None and known.external_id is not None:
                    found[task.id] = (known.external_id, known)
        there = self._read([external_id for external_id, _ in found.values()])
        for id, (external_id, known) in found.items():
            task_there = there.get(external_id)
            if task_there is not None and not task_there.is_deleted:
                self._former[id] = (task_there, base_again(known.base, task_there))

    def _read(self, ids: Sequence[str]) -> dict[str, RemoteTask | None]:
        answers: dict[str, RemoteTask | None] = {}
        for start in range(0, len(ids), READ_AT_ONCE):
            some = ids[start : start + READ_AT_ONCE]
            try:
                answers.update(self._adapter.read(some))
            except RequestRefused:  # an id of another system, under the same name of a connection
                if len(some) > 1:
                    for each in some:
                        answers.update(self._read([each]))
        return answers

    def _new(self, task: LocalTask) -> PlannedTask:
        ours = self._translator.ours(task)
        fields = tuple(
            FieldChange(name, "there", "", self._here(name, value)) for name, value in ours.items() if value is not None
        )
        messages = self._messages(task, None)
        if task.id in self._intents:
            words = "may have been made there; it is looked for first"
            return PlannedTask(task.id, task.title, Action.CREATE, fields, words)
        if not self._translator.knows_owner(task):
            words = f"goes there without its owner: {task.owner} has no counterpart there"
            return PlannedTask(task.id, task.title, Action.UNMAPPED_OWNER, fields, "; ".join([words, *messages]))
        return PlannedTask(task.id, task.title, Action.CREATE, fields, "; ".join(messages))

    def _linked(
        self, task: LocalTask | None, there: RemoteTask | None, action: Action | None = None, words: str = ""
    ) -> Iterator[PlannedTask]:
        """`action` and `words` say what is done with the link itself."""
        if task is None or task.link is None:
            return
        theirs = known_there(task.link) if there is None else there.fields()
        before = self._translator.plan(task, task.link.base, theirs)
        end = self._foreseer.foresee(task, theirs)
        taken = [each for each in before if each.field in end.done.pulled]
        if end.task.link is None:
            fields = tuple(self._change(each, "here") for each in taken)
            yield PlannedTask(task.id, task.title, Action.UNLINK, fields, BACK, task.link.url)
            return
        action = action or end.action()
        messages = self._messages(task, there)
        said = [words] if words else []
        if action is not None:
            fields = tuple(self._fields(task, taken, end))
            said += end.left()
        elif messages:
            action, fields = Action.COMMENT, ()
        else:
            return
        yield PlannedTask(task.id, task.title, action, fields, "; ".join([*said, *messages]), task.link.url)

    def _fields(self, task: LocalTask, taken: Sequence[FieldPlan], end: Settled) -> list[FieldChange]:
        """What changes where, in the order of fields; what a person has to settle changes nowhere."""
        fields = [self._change(each, "here") for each in taken]
        fields += [self._change(each, "there") for each in end.plan if each.step is Step.PUSH]
        fields += [self._change(each, "", task.owner) for each in end.plan if each.field in end.open_fields]
        return sorted(fields, key=lambda each: FIELDS.index(each.field))

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
            self._not_looked_at += 1
            return 0
        self._looks_left -= 1
        known = sync_journal.known_comments(self._database, self._kept.id, task.id)
        return sum(each.id not in known and self._is_taken(each) for each in self._adapter.comments(there.id))

    def _is_taken(self, message: RemoteComment) -> bool:
        """Whether it says something, and nobody took it back here."""
        try:
            is_empty = not clean_text(message.text).strip()
        except Refused:
            return False
        return not is_empty and not sync_journal.is_taken_back(self._database, self._kept.id, message.id)

    def _change(self, step: FieldPlan, side: str, owner: str | None = None) -> FieldChange:
        """`owner`: who has the task here, also somebody whom nobody there is."""
        ours = self._here(step.field, owner if step.field == "owner" and owner else step.ours)
        theirs = self._translator.shown(step.field, step.theirs)
        before, after = (theirs, ours) if side == "there" else (ours, theirs)
        return FieldChange(step.field, side, before, after)

    def _here(self, field: str, value: object) -> str:
        if value is None or value is UNSEEN:
            return "nobody" if field == "owner" else ""
        return str(value)
