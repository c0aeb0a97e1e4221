"""How connections stand, what runs did, and conflicts with their settlement: all of it from this database alone."""

from __future__ import annotations

from dataclasses import replace

from tracker.domain.errors import NotFound, Refused
from tracker.domain.merge import FieldPlan, Step
from tracker.domain.remote import FIELDS, Capabilities
from tracker.domain.tasks import Status
from tracker.services import tasks as services
from tracker.services.outcome import Outcome
from tracker.services.sync.connections import SyncConnection, connection, connections
from tracker.services.sync.mapping import UNSEEN, Translator, Unmapped
from tracker.services.sync.settling import in_words, take
from tracker.services.sync.surveying import is_owed
from tracker.services.sync.values import ConnectionStatus, FieldConflict, RunRow, SyncNote, TaskConflict
from tracker.services.workspace import Workspace
from tracker.storage import sync_journal, sync_rows
from tracker.storage.sync_rows import Link, LocalTask

_ALL = Capabilities(frozenset(FIELDS))
_TO_SETTLE = ("conflict", "changed_there", "gone")


def status(ws: Workspace) -> tuple[ConnectionStatus, ...]:
    """How every connection stands."""
    found = []
    for kept in connections(ws):
        with ws.store.snapshot() as database:
            _, since = sync_journal.state(database, kept.id)
            found.append(ConnectionStatus(
                kept.id, kept.settings.kind, sync_rows.states(database, kept.id),
                sync_rows.count_of_changed_tasks(database, kept.id, since),
                len(sync_journal.intents(database, kept.id)),
                next(iter(log(ws, kept.id, 1)), None),
            ))  # fmt: skip
    return tuple(found)


def log(ws: Workspace, id: str | None = None, limit: int = 10) -> tuple[RunRow, ...]:
    """The newest runs, newest first, each with its notes; of one connection or of all."""
    with ws.store.snapshot() as database:
        return tuple(
            RunRow(
                number, connector, began, ended, outcome, words or "",
                tuple(SyncNote(*row) for row in sync_journal.notes(database, number)),
            )
            for number, connector, began, ended, outcome, words in sync_journal.runs(database, id, limit)
        )  # fmt: skip


def conflicts(ws: Workspace, id: str | None = None) -> tuple[TaskConflict, ...]:
    """Tasks that a person must settle; of one connection or of all. What is over here may be gone there."""
    found = []
    for kept in [connection(ws, id)] if id is not None else connections(ws):
        with ws.store.snapshot() as database:
            for link in sync_rows.links_in(database, kept.id, _TO_SETTLE):
                task = sync_rows.task_of(database, kept.id, link.task)
                assert task is not None
                if link.state == "gone" and Status(task.status) in (Status.DONE, Status.CANCELLED):
                    continue  # over here as well
                words = sync_journal.last_words(database, kept.id, link.task)
                found.append(TaskConflict(
                    task.id, task.title, kept.id, link.state, tuple(_fields(kept, task, link)), words, link.url
                ))  # fmt: skip
    return tuple(found)


def _fields(kept: SyncConnection, task: LocalTask, link: Link) -> list[FieldConflict]:
    translator = Translator(kept, _ALL)
    ours = translator.ours(task)
    ours["owner"] = task.owner  # also somebody whom nobody there is
    return [
        FieldConflict(
            name, _shown(link.base.get(name, (None, None))[0]), _shown(ours.get(name)), translator.shown(name, theirs)
        )
        for name, theirs in link.theirs.items()
    ]


def _shown(value: object) -> str:
    return "" if value is None or value is UNSEEN else str(value)


def resolve(ws: Workspace, task: str, id: str, field: str | None = None, *, mine: bool) -> Outcome:
    """Settle one field of a task, or all of them (None), with our value or with theirs.

    Theirs is written here at once, by the person who acts and under every rule; ours goes there with the next run.
    Of a task that is gone there: mine makes it anew with the next run unless it is over here, theirs cancels it here.

    Raises:
        NotFound: the task has no such link, or there is nothing to settle.
        Refused: a rule here forbids their value; the conflict stays.
    """
    kept = connection(ws, id)
    with ws.store.snapshot() as database:
        found = sync_rows.task_of(database, id, task)
    if found is None or found.link is None:
        raise NotFound(f"{task} has no counterpart in {id}. `tracker sync status` shows what there is to settle.")
    if found.link.state == "gone":
        return _resolve_gone(ws, found, id, mine=mine)
    fields = [name for name in found.link.theirs if field in (None, name)]
    if not fields:
        raise NotFound(f"{task} has nothing to settle in {field or id}.")
    said = ", ".join(map(in_words, fields))
    if mine:
        return _keep_ours(ws, found, fields, f"{task} keeps its {said}; the next run says so there")
    return _take_theirs(ws, kept, found, fields, f"{task} takes {said} from {id}")


def _resolve_gone(ws: Workspace, task: LocalTask, id: str, *, mine: bool) -> Outcome:
    if not mine:
        return services.cancel_tasks(ws, [task.id], f"deleted in {id}")
    with ws.writing(f"make {task.id} anew") as tx:
        sync_rows.drop_link(tx.connection, id, task.id)
        sync_rows.look_at_all(tx.connection, id)
    if is_owed(task):
        return Outcome(None, f"the next run makes {task.id} in {id} anew", (task.id,))
    words = f"{task.id} is {task.status} here and is not made in {id} again; its counterpart is forgotten"
    return Outcome(None, words, (task.id,))


def _keep_ours(ws: Workspace, task: LocalTask, fields: list[str], words: str) -> Outcome:
    link = task.link
    assert link is not None
    left = {name: value for name, value in link.theirs.items() if name not in fields}
    base = {**link.base, **{name: (UNSEEN, link.theirs[name]) for name in fields}}
    state = "changed_here" if not left else link.state
    with ws.writing(words) as tx:
        sync_rows.put_link(tx.connection, replace(link, base=base, theirs=left, state=state))
        if left:
            sync_rows.look_at_all(tx.connection, link.connector)  # a conflict that stays is not looked at by itself
    return Outcome(None, words, (task.id,))


def _take_theirs(ws: Workspace, kept: SyncConnection, task: LocalTask, fields: list[str], words: str) -> Outcome:
    link, translator = task.link, Translator(kept, _ALL)
    assert link is not None
    plans = [FieldPlan(name, Step.PULL, translator.ours(task).get(name), link.theirs[name], link.base.get(name))
             for name in fields]  # fmt: skip
    try:
        now = take(ws, kept.id, translator, task, plans)
    except Unmapped as error:
        raise Refused(f"{task.id} {error}; map it first (tracker sync connect), or keep ours.") from error
    if now.link is not None and not now.link.theirs:
        with ws.writing(words) as tx:
            sync_rows.put_link(tx.connection, replace(now.link, state="synced"), ws.clock.today.isoformat())
    return Outcome(None, words, (task.id,))
