"""What a task and a counterpart that it is given agree on from the start; a run and its plan ask the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Connection

from tracker.domain.remote import FIELDS, RemoteTask
from tracker.services.sync.connections import SyncConnection
from tracker.services.sync.mapping import UNSEEN, Translator
from tracker.storage import sync_rows
from tracker.storage.sync_rows import Link, LocalTask, Pairs

_UNSAID: Mapping[str, object] = {"start_on": None, "due_on": None, "priority": "normal"}
_AGAIN = ("owner", "status")


@dataclass(frozen=True, slots=True)
class Former:
    """The counterpart that a task had before it went back to the backlog or was disconnected, or as an arrival."""

    external_id: str | None
    """None: nobody knows whether it was made; it is looked for by its reference."""
    base: Pairs
    """What was agreed on with it."""


def base_known(database: Connection, connector: str, task: LocalTask, external_id: str) -> Pairs:
    """What was agreed on with something there that carries the task's reference."""
    if task.link is not None and task.link.base:
        return dict(task.link.base)
    lost = sync_rows.lost_link(database, connector, task.id)
    return dict(lost.base) if lost is not None and lost.external_id == external_id else {}


def former(database: Connection, kept: SyncConnection, translator: Translator, task: LocalTask) -> Former | None:
    """The counterpart that a task without one had before, unless it is another task's by now."""
    known = _former(database, kept, translator, task)
    if known is not None and known.external_id is not None:
        other = sync_rows.task_linked_to(database, kept.id, known.external_id)
        if other is not None and other.id != task.id:
            return None
    return known


def _former(database: Connection, kept: SyncConnection, translator: Translator, task: LocalTask) -> Former | None:
    lost = sync_rows.lost_link(database, kept.id, task.id)
    if lost is not None and lost.external_id is None:
        return Former(None, dict(lost.base))
    if lost is not None:
        # whoever assigned it again means it: who has it and where it stands goes there
        again: Pairs = {name: (UNSEEN, pair[1]) for name, pair in lost.base.items() if name in _AGAIN}
        return Former(str(lost.external_id), {**lost.base, **again})
    arrived = sync_rows.arrival_of_task(database, kept.source, task.id)
    return Former(arrived[0], _base_of_arrival(translator, task, arrived[1])) if arrived is not None else None


def _base_of_arrival(translator: Translator, task: LocalTask, raw: Mapping[str, object]) -> Pairs:
    """What was said here when it became a task goes there; what was left unsaid is taken from there."""
    ours = translator.ours(task)
    base: Pairs = {name: (UNSEEN, value) for name, value in raw.items() if name in FIELDS}
    base.update({name: (ours[name], UNSEEN) for name, unsaid in _UNSAID.items() if ours.get(name, False) == unsaid})
    if not task.notes:
        base["description"] = ("", "")  # their words come here, and what the plan says goes below them
    return base


def base_again(base: Pairs, there: RemoteTask) -> Pairs:
    """The base with a former counterpart, now that it was read: who has it and where it stands is said anew."""
    fields = there.fields()
    return {**base, **{name: (UNSEEN, fields[name]) for name in _AGAIN}}


def link_with(translator: Translator, connector: str, task: LocalTask, there: RemoteTask, base: Pairs) -> Link:
    """The link to what was found there, before both sides are brought together."""
    fields, ours, agreed = there.fields(), translator.ours(task), dict(base)
    for name, (here, seen) in base.items():
        if seen is UNSEEN and name in fields and here is not UNSEEN and translator.same(name, here, fields[name]):
            agreed[name] = (here, fields[name])
    agreed.update({name: (None, value) for name, value in fields.items() if name not in ours})
    return Link(task.id, connector, there.id, "pending", agreed, {}, None, there.url)
