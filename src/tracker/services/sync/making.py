"""A counterpart for a task that has none: found if it was made before, made once if not.

What is about to be made is noted and committed before it is asked for, under the task's reference. Whatever happens
then, the next run finds the note, looks the reference up and takes what it finds before it makes anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tracker.domain.remote import FIELDS, AnswerLost, RemoteTask, RequestRefused, TaskWrite, TryLater
from tracker.services.sync.mapping import UNSEEN
from tracker.services.sync.settling import settle
from tracker.services.sync.surveying import is_owed
from tracker.services.sync.values import Action
from tracker.services.sync.work import PATIENCE, Work, earlier
from tracker.storage import sync_journal, sync_rows
from tracker.storage.sync_journal import Intent
from tracker.storage.sync_rows import Link, LocalTask, Pairs

CREATE = "create"
_LEFT = "went back to the backlog meanwhile; the task that was made there is left as it is"


def key_of(work: Work, task: LocalTask) -> str:
    """What the intent to make a task is called."""
    return f"{work.kept.id}:{work.reference(task)}"


def _reference_in(work: Work, key: str) -> str:
    return key.removeprefix(f"{work.kept.id}:")


def make(work: Work, task: LocalTask, there: RemoteTask | None = None) -> None:
    """Give a task its counterpart; `there` is one that carries its reference already.

    Raises:
        RemoteError: the remote does not answer, or does not allow it.
    """
    if not is_owed(task):
        return _forget(work, task)
    if there is not None:
        return _adopt(work, task, there, _base_of(work, task) or _base_before(work, task, there))
    earlier_one = _earlier(work, task)
    if earlier_one is not None:
        return _adopt(work, task, *earlier_one)
    return _create(work, task)


def _forget(work: Work, task: LocalTask) -> None:
    """It was never made there, and is over or nobody's now."""
    with work.as_sync.writing("sync") as tx:
        sync_rows.drop_link(tx.connection, work.kept.id, task.id)
        sync_journal.end(tx.connection, key_of(work, task))


def recover(work: Work, intent: Intent) -> None:
    """Find out how the making of a task ended that was cut off."""
    task = work.task(intent.task)
    if task is not None and task.link is not None and task.link.external_id is not None:
        return work.keep_end(intent.key)
    found = work.look(_reference_in(work, intent.key), intent.began_at)
    if task is None or not is_owed(task):
        if found is not None:
            work.note(intent.task, Action.UNLINK, _LEFT)
        if task is not None and found is not None and task.link is not None:
            return _adopt(work, task, found, _base_of(work, task))  # finished while nobody looked
        if task is not None:
            return _forget(work, task)
        return work.keep_end(intent.key)
    if found is not None:
        return _adopt(work, task, found, _base_of(work, task))
    return _create(work, task)


def _base_of(work: Work, task: LocalTask) -> Pairs:
    return dict(task.link.base) if task.link is not None else {}


def _base_before(work: Work, task: LocalTask, there: RemoteTask) -> Pairs:
    """What was agreed on with the same counterpart before the connection was let go."""
    with work.ws.store.snapshot() as connection:
        lost = sync_rows.lost_link(connection, work.kept.id, task.id)
    return dict(lost.base) if lost is not None and lost.external_id == there.id else {}


def _earlier(work: Work, task: LocalTask) -> tuple[RemoteTask, Pairs] | None:
    """The counterpart that the task had before it went back to the backlog or was disconnected, or as an arrival."""
    with work.ws.store.snapshot() as connection:
        lost = sync_rows.lost_link(connection, work.kept.id, task.id)
        arrived = sync_rows.arrival_of_task(connection, work.kept.source, task.id)
    if lost is not None and lost.external_id is None:
        found = work.look(work.reference(task), None)
        return (found, dict(lost.base)) if found else None
    if lost is not None:
        # whoever assigned it again means it: who has it and where it stands goes there
        base = {**lost.base, **{name: (UNSEEN, pair[1]) for name, pair in lost.base.items() if name in _AGAIN}}
        return _read(work, str(lost.external_id), base)
    if arrived is not None:
        external_id, raw = arrived
        return _read(work, external_id, _base_of_arrival(work, task, raw))
    return None


def _base_of_arrival(work: Work, task: LocalTask, raw: Mapping[str, object]) -> Pairs:
    """What was said here when it became a task goes there; what was left unsaid is taken from there."""
    ours = work.translator.ours(task)
    base: Pairs = {name: (UNSEEN, value) for name, value in raw.items() if name in FIELDS}
    base.update({name: (ours[name], UNSEEN) for name, unsaid in _UNSAID.items() if ours.get(name, False) == unsaid})
    if not task.notes:
        base["description"] = ("", "")  # their words come here, and what the plan says goes below them
    return base


_UNSAID: Mapping[str, object] = {"start_on": None, "due_on": None, "priority": "normal"}


_AGAIN = ("owner", "status")


def _read(work: Work, external_id: str, base: Pairs) -> tuple[RemoteTask, Pairs] | None:
    try:
        there = work.ask(lambda: work.adapter.read([external_id])).get(external_id)
    except RequestRefused:  # an id of another system, under the same name of a connection
        return None
    if there is None or there.is_deleted:
        return None
    again = {name: (UNSEEN, there.fields()[name]) for name in _AGAIN}
    return there, {**base, **again}


def _adopt(work: Work, task: LocalTask, there: RemoteTask, base: Pairs) -> None:
    fields, ours = there.fields(), work.translator.ours(task)
    for name, (here, seen) in list(base.items()):
        if seen is UNSEEN and name in fields and here is not UNSEEN and work.translator.same(name, here, fields[name]):
            base[name] = (here, fields[name])
    base.update({name: (None, value) for name, value in fields.items() if name not in ours})
    link = Link(task.id, work.kept.id, there.id, "pending", base, {}, None, there.url)
    if not work.keep(link, ended=key_of(work, task)):
        return work.note(task.id, Action.UNLINK, _LEFT)
    return settle(work, replace(task, link=link), there, Action.ADOPT)


def _create(work: Work, task: LocalTask) -> None:
    ours = work.translator.ours(task)
    key, began = key_of(work, task), work.now()
    link = Link(task.id, work.kept.id, None, "pending", {name: (value, UNSEEN) for name, value in ours.items()})
    with work.as_sync.writing("sync") as tx:
        if not sync_rows.put_link(tx.connection, link):
            return None  # back in the backlog since it was read
        sync_journal.begin(tx.connection, work.kept.id, task.id, CREATE, key, began)
    words = work.translator.text_of_key_result(task)
    write = TaskWrite(work.translator.sendable(ours), words)
    try:
        there, is_certain = _ask_for(work, task, write, began)
    except RequestRefused as error:
        work.keep(link, Action.FAIL, str(error), ended=key)
        return None
    if not is_certain:
        return _adopt(work, task, there, dict(link.base))
    return _keep_made(work, task, there, ours, key)


def _keep_made(work: Work, task: LocalTask, there: RemoteTask, ours: Mapping[str, object], key: str) -> None:
    stands = there.fields()
    base: Pairs = {name: (ours.get(name), value) for name, value in stands.items()}
    base["key_result"] = (work.translator.text_of_key_result(task), None)
    is_known = work.translator.knows_owner(task)
    made = Link(task.id, work.kept.id, there.id, "synced" if is_known else "unmapped_owner", base, {}, there.version,
                there.url)  # fmt: skip
    words = "made there" if is_known else f"made there without its owner: {task.owner} has no counterpart there"
    if not work.keep(made, Action.CREATE if is_known else Action.UNMAPPED_OWNER, words, ended=key):
        work.note(task.id, Action.UNLINK, _LEFT)


def _ask_for(work: Work, task: LocalTask, write: TaskWrite, began: str) -> tuple[RemoteTask, bool]:
    """The task that was made, and whether that is certain; else it was found, and may be what others made of it.

    Raises:
        AnswerLost: nobody knows, and it is not found either; the next run looks again.
        RequestRefused: it was not made.
    """
    reference = work.reference(task)
    for pause in PATIENCE:
        try:
            return work.adapter.create(write, reference), True
        except AnswerLost:
            found = work.look(reference, began)
            if found is None:
                raise
            return found, False
        except TryLater as error:
            work.pause(error, pause)
        found = work.ask(lambda: work.adapter.find(reference, since=earlier(began)))
        if found is not None and not found.is_deleted:
            return found, False
    raise TryLater(f"The remote stays too busy to make {task.id}; run it again later.")
