"""One linked task: what changed there comes here under every rule, what changed here goes there, the rest is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from tracker.domain.errors import Conflict, NotFound, Refused, WrongUsage
from tracker.domain.merge import FieldPlan, Step
from tracker.domain.remote import AnswerLost, RemoteTask, RequestRefused, TaskWrite
from tracker.services import tasks as services
from tracker.services.sync.connections import SyncConnection
from tracker.services.sync.mapping import DATES, UNSEEN, Translator, Unmapped, way
from tracker.services.sync.surveying import known_there
from tracker.services.sync.values import Action
from tracker.services.sync.work import Work
from tracker.services.workspace import Workspace
from tracker.storage import sync_rows
from tracker.storage.sync_rows import Link, LocalTask, Pairs
from tracker.storage.writes import Row, Transaction

RULES = (Refused, NotFound, Conflict, WrongUsage)
"""What the rules here answer to something that must not be."""
_STARTED_FROM = ("title", "status", "owner", "due_on", "priority", "notes", "started_on")
LET_GO = "went back to the backlog; the task there is left as it is"
UNREAD = "?"
"""Before the version of a task there whose messages nobody has looked at yet."""


@dataclass
class Done:
    """What became of a task's fields, or would."""

    pulled: list[str] = field(default_factory=list)
    pushed: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Fields that a rule here refuses to take, with its words."""
    unmapped: dict[str, str] = field(default_factory=dict)
    failed: str = ""
    """Why something did not get there."""
    version: str | None = None


def settle(work: Work, task: LocalTask, there: RemoteTask | None, action: Action | None = None) -> None:
    """Bring a linked task and its counterpart together, as far as the rules allow.

    `there` is None where nothing was heard of a change there. `action` names what is done with the link itself.

    Raises:
        RemoteError: the remote does not answer, or does not allow it.
    """
    link = task.link
    assert link is not None
    theirs = known_there(link) if there is None else there.fields()
    done = Done()
    task = _pull(work, task, theirs, done)
    if task.link is None:
        work.note(task.id, Action.UNLINK, LET_GO)
        return
    link = task.link
    plan = work.translator.plan(task, link.base, theirs)
    base = {**link.base, **{each.field: (each.ours, each.theirs) for each in plan if each.step is Step.AGREE}}
    base, url = _push(work, task, plan, theirs, there, base, done)
    end = Settled(work.kept, work.translator, task, plan, done)
    version = done.version or _version(work, link, there)
    new = replace(
        link, base=base, theirs=end.open_fields, state=end.state(), version=version,
        url=url or (there.url if there is not None else None) or link.url,
    )  # fmt: skip
    shown = action or end.action()
    if new != link or shown is not None:
        work.keep(new, shown, end.words() if shown else "", seen=link)


def _version(work: Work, link: Link, there: RemoteTask | None) -> str | None:
    if there is None or there.version == link.version:
        return link.version
    return (UNREAD if work.translator.reads_comments else "") + there.version


# here


def _pull(work: Work, task: LocalTask, theirs: Mapping[str, object], done: Done) -> LocalTask:
    wanted = wanted_here(work.kept, work.translator, task, theirs, done)
    return _take(work, task, wanted, done) if wanted else task


def wanted_here(
    kept: SyncConnection, translator: Translator, task: LocalTask, theirs: Mapping[str, object], done: Done
) -> list[FieldPlan]:
    """What changed there and can be asked of the rules here; what means nothing here is noted as not done."""
    assert task.link is not None
    if not kept.takes:
        return []
    wanted = []
    for each in translator.plan(task, task.link.base, theirs):
        if each.step is not Step.PULL:
            continue
        try:
            translator.taken(each.field, each.theirs, task)
            wanted.append(each)
        except Unmapped as words:
            done.unmapped[each.field] = str(words)
        except RULES as error:
            done.refused[each.field] = str(error)
    return wanted


def _take(work: Work, task: LocalTask, wanted: Sequence[FieldPlan], done: Done) -> LocalTask:
    """All of the fields in one transaction; where a rule refuses, each in one of its own."""
    groups = [wanted] if len(wanted) == 1 else [wanted, *([each] for each in wanted)]
    for group in groups:
        try:
            task = take(work.as_sync, work.kept.id, work.translator, task, group)
        except RULES as error:
            if len(group) == 1:
                done.refused[group[0].field] = str(error)
            continue
        done.pulled += [each.field for each in group]
        if len(group) > 1 or task.link is None:
            break
    return task


class _Rehearsed(Exception):
    """Rolls back what was tried."""


def take(
    ws: Workspace, connector: str, translator: Translator, task: LocalTask, wanted: Sequence[FieldPlan], *,
    is_rehearsal: bool = False,
) -> LocalTask:  # fmt: skip
    """Write their values here, with the agreement on them, in one recorded transaction; the task as it is then.

    A rehearsal asks the same of the rules, and is rolled back.

    Raises:
        Refused, NotFound, WrongUsage: a rule forbids it, and nothing was changed.
        Conflict: somebody changed it here meanwhile.
        Unmapped: a value means nothing here.
    """
    link = task.link
    assert link is not None
    fields: dict[str, object] = {}
    for each in wanted:
        fields.update(translator.taken(each.field, each.theirs, task))
    if str(fields.get("started_on") or "") > ws.clock.today.isoformat():
        del fields["started_on"]  # planned there, and begun here already
    moves = way(task.status, str(fields.pop("status"))) if "status" in fields else []
    reason = f"cancelled in {connector}"
    after: list[LocalTask] = []

    def change(tx: Transaction, row: Row) -> None:
        seen: Mapping[str, object] | None = {name: getattr(task, name) for name in _STARTED_FROM}
        for step in ([{**fields, "status": moves[0]}] if moves else [fields]) + [{"status": to} for to in moves[1:]]:
            told = {**step, "cancel_reason": reason} if step.get("status") == "cancelled" else step
            services.edit_row(ws, tx, row, told, seen)
            seen = None
        now = sync_rows.task_of(tx.connection, connector, task.id)
        assert now is not None
        ours = translator.ours(now)
        agreed: Pairs = {each.field: (_ours_after(each, ours), each.theirs) for each in wanted}
        left = {name: value for name, value in link.theirs.items() if name not in agreed}
        new = replace(link, base={**link.base, **agreed}, theirs=left)
        kept = sync_rows.put_link(tx.connection, new)
        after.append(replace(now, link=new if kept else None))
        if is_rehearsal:
            raise _Rehearsed

    with suppress(_Rehearsed):
        services.change_tasks(ws, f"from {connector}", [task.id], change)
    return after[0]


def _ours_after(plan: FieldPlan, ours: Mapping[str, object]) -> object:
    """Our half of the new agreement; where ours changed as well and only a part was taken, the rest goes there."""
    if plan.field == "description" and plan.base is not None and plan.base[0] != plan.ours:
        return UNSEEN
    return ours.get(plan.field)


# there


def _push(
    work: Work, task: LocalTask, plan: Sequence[FieldPlan], theirs: Mapping[str, object], there: RemoteTask | None,
    base: Pairs, done: Done,
) -> tuple[Pairs, str | None]:
    """The new agreements, and the address of the task there if it was told."""
    assert task.link is not None
    pushes = {each.field: each.ours for each in plan if each.step is Step.PUSH}
    if not pushes:
        return base, None
    try:
        answers = _update_together(work, task, pushes, _There(theirs, there), done)
    except AnswerLost as error:
        done.failed = f"{error} The next run says it again."
        answers = []
    url = None
    for fields, answer in answers:
        stands = answer.fields()
        base = {**base, **{name: (value, stands[name]) for name, value in fields.items()}}
        base["key_result"] = (work.translator.text_of_key_result(task), None)
        done.pushed += list(fields)
        done.version = (UNREAD if work.translator.reads_comments else "") + answer.version
        url = answer.url
    return base, url


def _apart(pushes: Mapping[str, object]) -> list[dict[str, object]]:
    """Each field alone, so that one that is refused does not hold the others back; the two days go together."""
    dates = {name: value for name, value in pushes.items() if name in DATES}
    others = [{name: value} for name, value in pushes.items() if name not in DATES]
    return [*others, dates] if dates else others


_Answers = list[tuple[Mapping[str, object], RemoteTask]]


@dataclass(frozen=True, slots=True)
class _There:
    """The counterpart before it is changed."""

    fields: Mapping[str, object]
    """What stands there as far as it was heard."""
    read: RemoteTask | None
    """The whole of it, if it was read in this run."""


def _update_together(
    work: Work, task: LocalTask, pushes: Mapping[str, object], there: _There, done: Done
) -> _Answers:
    try:
        return [(pushes, _update(work, task, pushes, there))]
    except RequestRefused as error:
        done.failed = str(error)
        return _update_each(work, task, _apart(pushes) if len(pushes) > 1 else [], there, done)


def _update_each(
    work: Work, task: LocalTask, groups: Sequence[Mapping[str, object]], there: _There, done: Done
) -> _Answers:
    answers: _Answers = []
    for group in groups:
        try:
            answers.append((group, _update(work, task, group, there)))
        except RequestRefused as error:
            done.failed = str(error)
    return answers


def _update(work: Work, task: LocalTask, pushes: Mapping[str, object], there: _There) -> RemoteTask:
    assert task.link is not None
    identity = str(task.link.external_id)
    fields = {name: work.translator.sent(name, value) for name, value in pushes.items()}
    if DATES & set(fields):
        # remotes take the two days together; the one that stays is said as it stands there
        fields.update({name: there.fields[name] for name in DATES - set(fields) if name in there.fields})
    words = work.translator.text_of_key_result(task)
    is_new = task.link.base.get("key_result", (None, None))[0] != words
    write = TaskWrite(fields, words if is_new else None, work.reference(task))
    try:
        return work.ask(lambda: work.adapter.update(identity, write, there.read))
    except AnswerLost:
        return work.ask(lambda: work.adapter.update(identity, write))  # saying it twice is harmless


# what to say


@dataclass(frozen=True, slots=True)
class Settled:
    """How a task stands after both sides were brought together, or would stand."""

    kept: SyncConnection
    translator: Translator
    task: LocalTask
    """As it is after what was taken; linked."""
    plan: Sequence[FieldPlan]
    """What was left to do after that."""
    done: Done

    @property
    def open_fields(self) -> dict[str, object]:
        """What a person has to settle: fields to their values there."""
        return {
            each.field: each.theirs
            for each in self.plan
            if each.step is Step.CLASH or (each.step is Step.PULL and each.field not in self.done.pulled)
        }

    def _is_conflict(self) -> bool:
        clashes = any(each.step is Step.CLASH for each in self.plan)
        return clashes or any(name in self.done.refused for name in self.open_fields)

    def state(self) -> str:
        """The state of the link."""
        if self._is_conflict():
            return "conflict"
        if self.open_fields:
            return "changed_there"
        if self.done.failed:
            return "changed_here"
        return "synced" if self.translator.knows_owner(self.task) else "unmapped_owner"

    def action(self) -> Action | None:
        """What happened; None where nothing did, or nothing that was not said before."""
        done = self.done
        if done.failed:
            return Action.FAIL
        if not (done.pulled or done.pushed):
            return self._open_action() if self._is_news() else None
        if self._is_conflict():
            return Action.CONFLICT
        return Action.BOTH if done.pulled and done.pushed else Action.PULL if done.pulled else Action.PUSH

    def _open_action(self) -> Action | None:
        if self._is_conflict():
            return Action.CONFLICT
        return Action.CHANGED_THERE if self.open_fields else None

    def _is_news(self) -> bool:
        link = self.task.link
        return link is None or (link.theirs, link.state) != (self.open_fields, self.state())

    def words(self) -> str:
        """What was done, and what was not and why."""
        done, said = self.done, []
        if done.pulled:
            said.append(f"taken: {', '.join(map(in_words, done.pulled))}")
        if done.pushed:
            said.append(f"sent: {', '.join(map(in_words, done.pushed))}")
        clashes = [in_words(each.field) for each in self.plan if each.step is Step.CLASH]
        if clashes:
            said.append(f"both changed {', '.join(clashes)}; settle it: tracker sync resolve {self.task.id}")
        return "; ".join([*said, *self.left()]) or "as here"

    def left(self) -> list[str]:
        """What was not done, and why."""
        done, still = self.done, self.open_fields
        said = [f"{in_words(name)} there is not taken: {words}" for name, words in done.refused.items()
                if name in still]  # fmt: skip
        said += [words for name, words in done.unmapped.items() if name in still]
        if still and not self.kept.takes:
            said.append(f"changed there, not taken: {', '.join(map(in_words, still))}")
        if done.failed:
            said.append(f"not sent: {done.failed}")
        if not self.translator.knows_owner(self.task):
            unknown = f"{self.task.owner} has no counterpart there"
            said.append(f"goes there without its owner: {unknown}" if "owner" in done.pushed else unknown)
        return said


def in_words(field_name: str) -> str:
    """A field as a person calls it."""
    return {"due_on": "due day", "start_on": "start day"}.get(field_name, field_name)
