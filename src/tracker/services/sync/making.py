"""A counterpart for a task that has none: found if it was made before, made once if not.

What is about to be made is noted and committed before it is asked for, under the task's reference. Whatever happens
then, the next run finds the note, looks the reference up and takes what it finds before it makes anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from tracker.domain.remote import AnswerLost, NotAllowed, RemoteTask, RequestRefused, TaskWrite, TryLater
from tracker.services.sync import bases
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
        return _adopt(work, task, there, _base_of(work, task, there))
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
            return _adopt(work, task, found, _base_of(work, task, found))  # finished while nobody looked
        if task is not None:
            return _forget(work, task)
        return work.keep_end(intent.key)
    if found is not None:
        return _adopt(work, task, found, _base_of(work, task, found))
    return _create(work, task)


def _base_of(work: Work, task: LocalTask, there: RemoteTask) -> Pairs:
    with work.ws.store.snapshot() as connection:
        return bases.base_known(connection, work.kept.id, task, there.id)


def _earlier(work: Work, task: LocalTask) -> tuple[RemoteTask, Pairs] | None:
    """The counterpart that the task had before it went back to the backlog or was disconnected, or as an arrival."""
    with work.ws.store.snapshot() as connection:
        known = bases.former(connection, work.kept, work.translator, task)
    if known is None:
        return None
    if known.external_id is None:
        found = work.look(work.reference(task), None)
        return (found, known.base) if found else None
    try:
        there = work.ask(partial(work.adapter.read, [known.external_id])).get(known.external_id)
    except RequestRefused:  # an id of another system, under the same name of a connection
        return None
    if there is None or there.is_deleted:
        return None
    return there, bases.base_again(known.base, there)


def _adopt(work: Work, task: LocalTask, there: RemoteTask, base: Pairs) -> None:
    link = bases.link_with(work.translator, work.kept.id, task, there, base)
    if not work.keep(link, ended=key_of(work, task)):
        return work.note(task.id, Action.UNLINK, _LEFT)
    return settle(work, replace(task, link=link), _named(work, task, there), Action.ADOPT)


def _named(work: Work, task: LocalTask, there: RemoteTask) -> RemoteTask:
    """A task of others with our reference on it from now on: a connection that is made anew finds it by that."""
    if there.reference is not None:
        return there
    try:
        return work.ask(lambda: work.adapter.update(there.id, TaskWrite({}, reference=work.reference(task)), there))
    except (AnswerLost, RequestRefused, NotAllowed):  # the link holds by its id; the next change tells it again
        return there


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
