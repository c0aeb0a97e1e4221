"""A remote system in memory, with faults on demand: what the engine is tried against without any HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from tracker.domain.remote import (
    FIELDS,
    AnswerLost,
    Capabilities,
    Changes,
    CursorTooOld,
    KeyResultMirror,
    Named,
    NotAllowed,
    RemoteComment,
    RemotePerson,
    RemoteStatus,
    RemoteTask,
    RequestRefused,
    TaskWrite,
    TryLater,
)

Answer = TypeVar("Answer")
STATUSES = {"assigned": "s-todo", "doing": "s-doing", "review": "s-review", "done": "s-done"}
"""As the tests map them; cancelled has no status of its own."""


class Killed(BaseException):
    """The process ended here."""


ERRORS: Mapping[str, Callable[[], BaseException]] = {
    "lost": lambda: AnswerLost("No answer came."),
    "later": lambda: TryLater("Too many requests.", wait_seconds=1.0),
    "refused": lambda: RequestRefused("The remote says no: bad value."),
    "not allowed": lambda: NotAllowed("The token is not valid; run: tracker sync connect pretend"),
    "moved": lambda: RequestRefused("The token was not sent to elsewhere.example."),
    "killed": Killed,
}


@dataclass
class Pretend:
    """The adapter and its remote in one; a second one of the same `Pretend.other()` shares what is stored."""

    capabilities: Capabilities = field(default_factory=lambda: Capabilities(frozenset(FIELDS), has_goals=True))
    tasks: dict[str, RemoteTask] = field(default_factory=dict)
    written: dict[str, list[RemoteComment]] = field(default_factory=dict)
    goals: dict[str, KeyResultMirror] = field(default_factory=dict)
    supports: set[tuple[str, str]] = field(default_factory=set)
    events: list[str] = field(default_factory=list)
    """Ids of tasks in the order they were changed; a cursor is a place in it."""
    oldest_cursor: int = 0
    calls: list[str] = field(default_factory=list)
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Number of a call (from 0) to what goes wrong with it: before or after its effect, and how."""
    next_faults: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Method to what goes wrong with its next calls."""
    unseen_finds: int = 0
    """How many lookups do not show what was made yet."""
    hides_fresh: bool = False
    """Whether lists of changes do not show yet what was made through the adapter."""
    fresh: set[str] = field(default_factory=set)
    short_by: int = 0
    """How many tasks a full list leaves out at its end."""
    repeats: bool = False
    """Whether lists say everything twice."""
    alters_text: bool = False
    """Whether texts are stored a little differently."""
    lists_messages: bool = False
    """Whether messages are listed apart from the tasks they are written on."""
    was_read: dict[str, RemoteTask | None] = field(default_factory=dict)
    """Id of a task to how it was read before it was changed last, as the engine said."""
    on_update: Callable[[str], None] | None = None
    _number: int = 0

    # what the tests do there

    def edit(self, id: str, **fields: object) -> None:
        """Somebody changes a task there."""
        self.tasks[id] = replace(self.tasks[id], **fields, version=self._touch(id))  # type: ignore[arg-type]

    def make(self, title: str, **fields: object) -> str:
        """Somebody makes a task there."""
        id = self._new_id()
        task = RemoteTask(id, title, "", "s-todo", None, None, None, "normal", "v0")
        self.tasks[id] = replace(task, **fields, version=self._touch(id))  # type: ignore[arg-type]
        return id

    def delete(self, id: str) -> None:
        """Somebody deletes a task there: it is not in any list any more."""
        del self.tasks[id]
        self.events.append(id)

    def say(self, id: str, text: str, who: str = "u-lena", *, is_seen: bool = True) -> None:
        """Somebody writes on a task there; not `is_seen`: within the moment of the task's last change."""
        self._comment(id, text, RemotePerson(who, "Lena There"))
        if is_seen:
            self.tasks[id] = replace(self.tasks[id], version=self._touch(id))

    def of(self, task: str) -> list[RemoteTask]:
        """The tasks there that carry the reference of one of ours."""
        return [each for each in self.tasks.values() if f"-{task}-" in (each.reference or "")]

    def one(self, task: str) -> RemoteTask:
        """The only one."""
        (found,) = self.of(task)
        return found

    def count(self) -> Counter[str]:
        """How often each method was called."""
        return Counter(self.calls)

    # the adapter

    def whoami(self) -> RemotePerson:
        return self._call("whoami", lambda: RemotePerson("u-mara", "Mara", "mara@example.org"))

    def workspaces(self) -> Sequence[Named]:
        return self._call("workspaces", lambda: [Named("w", "Work")])

    def places(self, workspace: str) -> Iterator[Named]:
        return iter(self._call("places", lambda: [Named("p", "Project")]))

    def people(self) -> Iterator[RemotePerson]:
        return iter(self._call("people", lambda: [RemotePerson("u-mara", "Mara", "mara@example.org")]))

    def statuses(self) -> Sequence[RemoteStatus]:
        return self._call("statuses", lambda: [RemoteStatus(id, id, id == "s-done") for id in STATUSES.values()])

    def prepare(self, wanted_statuses: Sequence[str]) -> Mapping[str, str]:
        return self._call("prepare", dict)

    def changes(self, cursor: str | None) -> Changes:
        return self._call("changes", lambda: self._changes(cursor))

    def _changes(self, cursor: str | None) -> Changes:
        if cursor is not None and int(cursor) < self.oldest_cursor:
            raise CursorTooOld("too old")
        touched = dict.fromkeys(self.events[int(cursor) :]) if cursor is not None else dict.fromkeys(self.tasks)
        self._cursor = str(len(self.events))
        hidden = self.fresh if self.hides_fresh else set()
        there = [self.tasks[id] for id in touched if id in self.tasks and id not in hidden]
        if cursor is None and self.short_by:
            there = there[: -self.short_by]
        gone = [id for id in touched if id not in self.tasks]
        said = [(id, each.id) for id, written in self.written.items() for each in written]
        return Changes(iter(there * 2 if self.repeats else there), gone, said if self.lists_messages else ())

    def next_cursor(self) -> str | None:
        return self._cursor

    def read(self, ids: Sequence[str]) -> Mapping[str, RemoteTask | None]:
        return self._call("read", lambda: {id: self.tasks.get(id) for id in ids})

    def find(self, reference: str, *, since: str | None = None) -> RemoteTask | None:
        def effect() -> RemoteTask | None:
            if self.unseen_finds:
                self.unseen_finds -= 1
                return None
            return next((each for each in self.tasks.values() if each.reference == reference), None)

        return self._call("find", effect)

    def create(self, task: TaskWrite, reference: str) -> RemoteTask:
        def effect() -> RemoteTask:
            id = self._new_id()
            made = RemoteTask(id, "", "", None, None, None, None, "normal", "", f"https://there/{id}", reference)
            self.tasks[id] = self._stored(made, task)
            self.fresh.add(id)
            return self.tasks[id]

        return self._call("create", effect)

    def update(self, id: str, task: TaskWrite, there: RemoteTask | None = None) -> RemoteTask:
        def effect() -> RemoteTask:
            if self.on_update is not None:
                self.on_update(id)
            self.was_read[id] = there
            if id not in self.tasks:
                raise RequestRefused("There is no such task there.")
            stored = self._stored(self.tasks[id], task)
            self.tasks[id] = replace(stored, reference=stored.reference or task.reference)
            return self.tasks[id]

        return self._call("update", effect)

    def comments(self, id: str) -> Iterator[RemoteComment]:
        return iter(self._call("comments", lambda: list(self.written.get(id, []))))

    def comment(self, id: str, text: str) -> RemoteComment:
        def effect() -> RemoteComment:
            made = self._comment(id, text, RemotePerson("u-mara", "Mara"))
            self.tasks[id] = replace(self.tasks[id], version=self._touch(id))
            return made

        return self._call("comment", effect)

    def put_goal(self, goal: KeyResultMirror, id: str | None) -> str:
        def effect() -> str:
            known = id or next((each for each, old in self.goals.items() if old.reference == goal.reference), None)
            known = known or f"g{len(self.goals)}"
            self.goals[known] = goal
            return known

        return self._call("put_goal", effect)

    def support(self, goal: str, task: str) -> None:
        self._call("support", lambda: self.supports.add((goal, task)))

    def no_longer_support(self, goal: str, task: str) -> None:
        self._call("no_longer_support", lambda: self.supports.discard((goal, task)))

    def close(self) -> None:
        """Nothing to let go of."""

    # inside

    def _call(self, name: str, effect: Callable[[], Answer]) -> Answer:
        number = len(self.calls)
        self.calls.append(name)
        waiting = self.next_faults.get(name)
        when, what = waiting.pop(0) if waiting else self.faults.get(number, ("", ""))
        if when == "before":
            raise ERRORS[what]()
        answer = effect()
        if when == "after":
            raise ERRORS[what]()
        return answer

    def _stored(self, task: RemoteTask, write: TaskWrite) -> RemoteTask:
        fields = dict(write.fields)
        unknown = set(fields) - set(FIELDS)
        assert not unknown, unknown
        assert fields.get("status") in {None, *STATUSES.values()}, fields
        for name in ("start_on", "due_on"):
            if isinstance(day := fields.get(name), str):
                fields[name] = date.fromisoformat(day)
        if self.alters_text and "description" in fields:
            fields["description"] = str(fields["description"]).replace("\n", "  \n") + "\n"
        return replace(task, **fields, version=self._touch(task.id))  # type: ignore[arg-type]

    def _touch(self, id: str) -> str:
        self.events.append(id)
        return f"v{len(self.events)}"

    def _new_id(self) -> str:
        self._number += 1
        return f"r{self._number}"

    def _comment(self, id: str, text: str, who: RemotePerson) -> RemoteComment:
        self._number += 1
        made = RemoteComment(f"c{self._number}", who, "2026-10-19T09:30:00+00:00", text)
        self.written.setdefault(id, []).append(made)
        return made
