"""Connections to remote systems: where, which way, whose counterpart is who. Tokens are never kept here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import blake2s

from tracker.domain import remote
from tracker.domain.errors import NotFound, Refused, WrongUsage
from tracker.domain.merge import Policy
from tracker.domain.plaintext import clean_line
from tracker.domain.tasks import Status
from tracker.services.workspace import Workspace
from tracker.storage import sync_rows

DIRECTIONS = ("push", "both")
DELETIONS = 5
"""How many tasks a run may find deleted there before it stops and asks."""


MARK_BYTES = 3
"""Of the instant at which a task was made: enough, as it is told apart only from one of the same id."""


@dataclass(frozen=True, slots=True)
class NewConnection:
    """What a person chose while connecting."""

    kind: str
    """Name of the adapter kind: asana."""
    place: str
    """Id of the project or folder."""
    id: str | None = None
    """What it is called here; the kind when it is not given."""
    place_name: str = ""
    workspace: str | None = None
    base_url: str | None = None
    direction: str = "both"
    """push: what changes there is shown, never taken; both."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Person here to the id of the same person there."""
    statuses: Mapping[str, str] = field(default_factory=dict)
    """Our status to the id of the status there; several may share one."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Id there (status, person) to its name there, for showing."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What `Adapter.prepare` answered."""
    policy: str = Policy.ASK.value
    """Who wins where both changed the same field: ask, ours or theirs."""
    takes_arrivals: bool = False
    sends_goals: bool = False
    sends_comments: bool = True
    """Messages go both ways (with direction push: only there)."""
    deletions: int = DELETIONS


@dataclass(frozen=True, slots=True)
class SyncConnection:
    """A connection as it is kept."""

    id: str
    database: str
    """Short id of this database, part of every reference."""
    settings: NewConnection

    @property
    def actor(self) -> str:
        """Who the history says it was."""
        return f"sync:{self.id}"

    @property
    def source(self) -> str:
        """Where its arrivals say they come from."""
        return f"connector:{self.id}"

    @property
    def takes(self) -> bool:
        """Whether changes there are taken."""
        return self.settings.direction == "both"

    def reference(self, id: str, made_at: str | None) -> str:
        """Our name for a task there: of this database, its id, and a mark of when it was made.

        Copies of a database go on apart, and each calls its next task T-044; those are two tasks there.
        """
        mark = blake2s((made_at or "").encode(), digest_size=MARK_BYTES).hexdigest()
        return f"trk-{self.database}-{id}-{mark}"

    def task_of(self, reference: str | None) -> str | None:
        """The id in a reference of this database or of a copy of it, None when it is none."""
        prefix = f"trk-{self.database}-"
        if not reference or not reference.startswith(prefix):
            return None
        return reference.removeprefix(prefix).rpartition("-")[0] or None

    def remote(self) -> remote.Connection:
        """What `AdapterKind.open` wants to know."""
        chosen = self.settings
        return remote.Connection(chosen.place, chosen.workspace, chosen.base_url, dict(chosen.options))


def connections(ws: Workspace) -> tuple[SyncConnection, ...]:
    """Every connection, by id."""
    with ws.store.snapshot() as connection:
        return tuple(_of_row(row) for row in sync_rows.connectors(connection))


def connection(ws: Workspace, id: str) -> SyncConnection:
    """One connection.

    Raises:
        NotFound: there is none with that id.
    """
    found = next((each for each in connections(ws) if each.id == id), None)
    if found is None:
        known = ", ".join(each.id for each in connections(ws))
        more = f"there is {known}" if known else "connect with: tracker sync connect asana|wrike"
        raise NotFound(f"There is no connection {id!r}; {more}.")
    return found


def connect(ws: Workspace, new: NewConnection) -> SyncConnection:
    """Keep a new connection. Nothing is asked of the remote.

    Raises:
        Refused: there is one with that id, or to that place, already.
        WrongUsage: a direction, policy, status, person or id is not known.
    """
    identity = new.id or new.kind
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", identity):
        raise WrongUsage(f"{identity[:40]!r} is no name for a connection; use small letters, digits and - (asana-2).")
    with ws.writing(f"connect {identity}") as tx:
        for row in sync_rows.connectors(tx.connection):
            if row["id"] == identity:
                raise Refused(f"There is a connection {identity} already; give this one another name (--name).")
            if (row["kind"], row["project"]) == (new.kind, new.place):
                raise Refused(f"{row['id']} is connected to that place already; a task would be there twice.")
        made = SyncConnection(identity, sync_rows.database_id(tx.connection), replace(new, id=identity))
        _check(made.settings, sync_rows.people(tx.connection))
        sync_rows.put_connector(tx.connection, _row_of(made))
    return made


def change_connection(ws: Workspace, id: str, changes: Mapping[str, object]) -> SyncConnection:
    """Change fields of a connection by their names in `NewConnection`; the next run looks at every task anew.

    Raises:
        NotFound, WrongUsage: as `connect`.
        Refused: kind, place and id stay as they are; disconnect and connect instead.
    """
    kept = connection(ws, id)
    unknown = sorted(set(changes) - {each.name for each in fields(NewConnection)})
    if unknown:
        raise WrongUsage(f"A connection has no {unknown[0]!r}.")
    if fixed := sorted({"kind", "place", "id"} & set(changes)):
        raise Refused(f"The {fixed[0]} of {id} stays as it is; disconnect it and connect anew.")
    changed = replace(kept, settings=replace(kept.settings, **changes))  # type: ignore[arg-type]  # checked below
    with ws.writing(f"change {id}") as tx:
        _check(changed.settings, sync_rows.people(tx.connection))
        sync_rows.put_connector(tx.connection, _row_of(changed))
        sync_rows.look_at_all(tx.connection, id)
    return changed


def disconnect(ws: Workspace, id: str) -> int:
    """Let go of a connection and its links; nothing is changed there, and the tasks here stay. How many links it had.

    The history keeps the links, so that a connection of that name to the same place goes on where this one ended.

    Raises:
        NotFound: there is none with that id.
    """
    kept = connection(ws, id)
    with ws.acting_as(kept.actor).writing(f"disconnect {id}") as tx:
        count = 0
        for row in sync_rows.link_rows(tx.connection, id):
            tx.delete("external_link", row)
            count += 1
        sync_rows.forget(tx.connection, id)
        return count


def _check(settings: NewConnection, people: set[str]) -> None:
    if settings.direction not in DIRECTIONS:
        raise WrongUsage(f"direction is one of {', '.join(DIRECTIONS)}, not {settings.direction!r}.")
    if settings.policy not in set(Policy):
        raise WrongUsage(f"policy is one of {', '.join(Policy)}, not {settings.policy!r}.")
    if strange := sorted(set(settings.statuses) - set(Status)):
        raise WrongUsage(f"{strange[0]!r} is no status; there are {', '.join(Status)}.")
    if strange := sorted(set(settings.people) - people):
        raise NotFound(f"There is no person {strange[0]!r}.")
    if not clean_line(settings.place):
        raise WrongUsage("Name the project or folder to connect to.")
    if settings.deletions < 0:
        raise WrongUsage("deletions is 0 or more.")


_IN_SETTINGS = ("place_name", "workspace", "base_url", "statuses", "names", "options", "policy", "takes_arrivals",
                "sends_goals", "sends_comments", "deletions")  # fmt: skip


def _row_of(kept: SyncConnection) -> dict[str, object]:
    chosen = kept.settings
    values = {name: getattr(chosen, name) for name in _IN_SETTINGS}
    values = {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}
    return {
        "id": kept.id, "kind": chosen.kind, "project": chosen.place, "direction": chosen.direction,
        "maps": dict(chosen.people), "settings": {"database": kept.database, **values},
    }  # fmt: skip


def _of_row(row: Mapping[str, object]) -> SyncConnection:
    kept = row["settings"] if isinstance(row["settings"], dict) else {}
    people = row["maps"] if isinstance(row["maps"], dict) else {}
    chosen = {name: kept[name] for name in _IN_SETTINGS if name in kept}
    settings = NewConnection(
        kind=str(row["kind"]), place=str(row["project"] or ""), id=str(row["id"]), direction=str(row["direction"]),
        people=people, **chosen,
    )  # fmt: skip
    return SyncConnection(str(row["id"]), str(kept.get("database") or "0"), settings)
