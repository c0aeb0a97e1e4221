"""What a task in another system is, and what an adapter to one must be able to do.

An adapter speaks one system's language and decides nothing: the engine tells it what to make or change and compares.
It runs on one thread, keeps no state but its connection, and raises `RemoteError`s only. Ids are the remote's own, as
text. Fields are what the remote shows after it stored them; the engine keeps what both sides held when they last
agreed (see `merge`), so that a remote that stores text a little differently does not look as if somebody had edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from tracker.domain.errors import OutOfReach

FIELDS = ("title", "description", "status", "owner", "start_on", "due_on", "priority")
"""What is kept the same on both sides. Completion and cancellation are statuses."""


class RemoteError(OutOfReach):
    """A remote did not do what was asked; the message is one line that says what to do."""


class TryLater(RemoteError):
    """Too many requests, or the remote is down: the same request may succeed after a while."""

    def __init__(self, message: str, *, wait_seconds: float | None = None) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds
        """How long the remote asks to wait; None when it does not say."""


class AnswerLost(RemoteError):
    """Nobody knows whether the request was carried out: no answer came, or none that can be read.

    A create is never simply repeated after it: look the reference up first.
    """


class NotAllowed(RemoteError):
    """The token, the rights or the plan do not allow it; only a person can mend that."""


class RequestRefused(RemoteError):
    """This one request can never succeed as it is; the others can go on."""


class CursorTooOld(RemoteError):
    """The remote no longer knows what changed since then; everything has to be read again."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the remote that a person chooses by name: a workspace, a project, a status."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class RemoteStatus:
    """A status that tasks may have there: a section, or a step of a workflow."""

    id: str
    name: str
    is_done: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class RemotePerson:
    """Somebody there; people are matched by e-mail."""

    id: str
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteComment:
    """A message on a task there."""

    id: str
    author: RemotePerson | None
    written_at: str
    """UTC, ISO 8601."""
    text: str


@dataclass(frozen=True, slots=True)
class RemoteTask:
    """A task as the remote shows it."""

    id: str
    title: str
    description: str
    """Plain text with line ends; the adapter turns the remote's markup into it."""
    status: str | None
    """Id of one of `Adapter.statuses`; None when it has none of them."""
    owner: str | None
    """Id of the remote person; None when nobody has it."""
    start_on: date | None
    due_on: date | None
    priority: str | None
    """low, normal or high; None where the remote does not keep it."""
    version: str
    """Something that is another one when the task was changed, such as the moment of its last change."""
    url: str | None = None
    reference: str | None = None
    """Our own name for it, if it carries one that we put there."""
    created_at: str | None = None
    is_deleted: bool = False
    """It lies in the trash, or was taken out of the project: a positive answer, never a guess from its absence."""
    details: Mapping[str, object] = field(default_factory=dict, compare=False)
    """What else of it the adapter wants to see when it changes the task; nobody else looks into it."""

    def fields(self) -> dict[str, object]:
        """What of it is kept the same on both sides, by name; days as ISO text."""
        return {
            name: value.isoformat() if isinstance(value := getattr(self, name), date) else value for name in FIELDS
        }


@dataclass(frozen=True, slots=True)
class TaskWrite:
    """What a remote task is to hold; only the fields that are given are written. None empties a field."""

    fields: Mapping[str, object]
    """By the names of `FIELDS`; `status` and `owner` are ids of the remote, days are ISO text."""
    key_result: str | None = None
    """Text of the key result it moves, for remotes with a field for it."""
    reference: str | None = None
    """Of a change: our own name for the task, which a task without any is given."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed there since a cursor."""

    tasks: Iterator[RemoteTask]
    """Every changed task (or, without a cursor, every task of the project); read page by page."""
    maybe_gone: Sequence[str] = ()
    """Ids that the remote reports as removed; the engine asks for each before it believes it."""
    commented: Iterable[tuple[str, str]] = ()
    """Ids of tasks and of messages written on them, where the remote lists those apart; read after `tasks`. Without
    it the messages of a task are read when its version is another one."""


@dataclass(frozen=True, slots=True)
class KeyResultMirror:
    """A key result as a goal of the remote shows it."""

    reference: str
    title: str
    unit: str
    baseline: Decimal
    target: Decimal
    value: Decimal
    due_on: date
    percent: bool = False
    currency: str | None = None
    parent: str | None = None
    """Id of the goal of its objective."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a remote can hold; the engine leaves out what it cannot."""

    fields: frozenset[str]
    """Of `FIELDS`."""
    can_comment: bool = True
    has_goals: bool = False
    computes_dates: bool = False
    """Its scheduler sets the dates: they are read, never written."""
    reads_together: bool = False
    """`Adapter.read` takes one request for many tasks: those that are about to be changed are looked at before."""
    requests_per_minute: int = 60
    """The published limit."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Where an adapter works, as a person chose it while connecting."""

    place: str
    """Id of the project or folder."""
    workspace: str | None = None
    base_url: str | None = None
    """Another address of the service; None for its own."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What `Adapter.prepare` found or made there, such as the id of the field that holds our reference."""


class Adapter(Protocol):
    """What the engine needs from a remote system. Every method raises `RemoteError`s and nothing else."""

    capabilities: Capabilities

    def whoami(self) -> RemotePerson:
        """Whose token it is; the first thing that is asked."""

    def workspaces(self) -> Sequence[Named]:
        """Where projects may be."""

    def places(self, workspace: str) -> Iterator[Named]:
        """Projects or folders of a workspace."""

    def people(self) -> Iterator[RemotePerson]:
        """Everybody who can be given a task."""

    def statuses(self) -> Sequence[RemoteStatus]:
        """The statuses of the connection's place, in order."""

    def prepare(self, wanted_statuses: Sequence[str]) -> Mapping[str, str]:
        """Make what is needed there (a field for our reference, missing statuses); what to keep as `options`."""

    def changes(self, cursor: str | None) -> Changes:
        """What changed since `cursor`; everything when it is None.

        Raises:
            CursorTooOld: ask again with None.
        """

    def next_cursor(self) -> str | None:
        """The cursor for the next run; valid once the last `changes` was read to its end."""

    def read(self, ids: Sequence[str]) -> Mapping[str, RemoteTask | None]:
        """The tasks with these ids; None only where the remote answers that there is none."""

    def find(self, reference: str, *, since: str | None = None) -> RemoteTask | None:
        """The task that carries our reference, looked up where a create is seen at once.

        `since` (UTC, ISO 8601) is a moment before it may have been made.
        """

    def create(self, task: TaskWrite, reference: str) -> RemoteTask:
        """Make a task that carries `reference` from its first moment; how it stands there.

        Raises:
            AnswerLost: it may have been made.
        """

    def update(self, id: str, task: TaskWrite, there: RemoteTask | None = None) -> RemoteTask:
        """Change fields; how it stands there afterwards. Saying the same twice is harmless.

        `there` is the task as it was read a moment ago; None: look, where the change depends on it.
        """

    def comments(self, id: str) -> Iterator[RemoteComment]:
        """What people wrote on a task, oldest first."""

    def comment(self, id: str, text: str) -> RemoteComment:
        """Write on a task.

        Raises:
            AnswerLost: it may be there; look before writing again.
        """

    def close(self) -> None:
        """Let go of the network."""


class GoalKeeper(Protocol):
    """What an adapter has besides where `Capabilities.has_goals`: key results as goals, tasks as supporting work."""

    def put_goal(self, goal: KeyResultMirror, id: str | None) -> str:
        """Make the goal, or renew it and its current value; its id there.

        With no id it first looks for a goal that carries the reference: an earlier answer may have been lost.
        """

    def support(self, goal: str, task: str) -> None:
        """Link a task to the goal it supports; linking twice is harmless."""

    def no_longer_support(self, goal: str, task: str) -> None:
        """Take the link away again; one that is not there is harmless."""


class AdapterKind(Protocol):
    """What an entry point of the group `tracker.sync_adapters` names: how to make adapters of one system."""

    name: str
    """As people type it: asana."""
    title: str
    token_help: str
    """Where a person finds a token, in one line."""

    def open(self, token: str, connection: Connection) -> Adapter:
        """An adapter at work."""
