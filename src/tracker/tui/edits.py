"""What keys can change about tasks: each change is a value that can be done, done again elsewhere, and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tracker.domain.errors import WrongUsage
from tracker.domain.tasks import Status
from tracker.services import tasks as service
from tracker.services.lookup import resolve_task

if TYPE_CHECKING:
    from tracker.services.outcome import Outcome
    from tracker.services.workspace import Workspace
    from tracker.storage.rows import Card
    from tracker.tui.widgets.command_line import Question

Seen = Mapping[str, Mapping[str, object]]
Apply = Callable[["Workspace", Sequence[str], "Seen | None"], "Outcome"]


@dataclass(frozen=True)
class Change:
    """Something to do to one task or several at once."""

    apply: Apply
    """Does it, to these tasks; refuses where they differ from what was seen."""
    fields: tuple[str, ...] = ()
    """What it changes: the values seen on the screen are handed along for these."""
    moves_on: bool = False
    """Whether the task leaves its place, so that the cursor stays for the one that follows."""
    follows: bool = False
    """Whether the cursor goes along with the task."""
    target: Callable[[Card], Status] | None = None
    """Where a move takes a card. Raises Refused: there is no such place."""
    label: str = ""
    """What a move is called when it is done."""
    repeatable: bool = True
    mend: Question | None = None
    """Asked again, with what was typed, when it is refused."""
    again: Callable[[], None] | None = None
    """Does it whatever others changed meanwhile."""

    def seen(self, cards: Sequence[Card]) -> Seen:
        """The values on the screen of what will change, by task."""
        return {card.id: {field: getattr(card, field) for field in self.fields} for card in cards}

    def said_of(self, ids: Sequence[str]) -> str:
        """What is said when a move of these tasks is done."""
        return service.in_words(self.label, ids)


def step(by: int, *, follows: bool = False) -> Change:
    """To the status after or before."""
    return Change(
        lambda ws, ids, seen: service.step_tasks(ws, ids, by, seen=seen), ("status",), moves_on=True, follows=follows,
        target=lambda card: service.neighbour(card.id, Status(card.status), by), label=service.step_label(by),
    )


def move(to: str) -> Change:
    """To a status."""
    return Change(
        lambda ws, ids, seen: service.move_tasks(ws, ids, to, seen=seen), ("status",), moves_on=True,
        target=lambda _: Status(to), label=service.move_label(Status(to)),
    )


def cancel(reason: str) -> Change:
    """Away, with a reason."""
    return Change(
        lambda ws, ids, seen: service.cancel_tasks(ws, ids, reason, seen=seen), ("status",), moves_on=True
    )


def assign(owner: str | None) -> Change:
    """To a person, or to nobody."""
    return Change(lambda ws, ids, seen: service.assign_tasks(ws, ids, owner, seen=seen), ("owner",))


def set_due(due: date | None) -> Change:
    """A due date, or none."""
    return Change(lambda ws, ids, seen: service.set_due(ws, ids, due, seen=seen), ("due_on",))


def cite(key_result: str) -> Change:
    """Another key result."""
    return Change(lambda ws, ids, seen: service.cite(ws, ids, key_result, seen=seen), ("key_result",))


def block(reason: str) -> Change:
    """Blocked for a reason; an empty one takes the block away."""
    return Change(lambda ws, ids, seen: service.block_tasks(ws, ids, reason, seen=seen), ("blocked_reason",))


def wait_for(other: str) -> Change:
    """Not before another task is done."""
    return Change(lambda ws, ids, _: service.wait_for(ws, ids, other))


def stop_waiting() -> Change:
    """For nothing any more."""
    return Change(lambda ws, ids, _: service.stop_waiting(ws, ids))


def comment(body: str) -> Change:
    """A message, on each task."""
    return Change(lambda ws, ids, _: service.comment(ws, ids[0], body), repeatable=False)


def rank(by: int) -> Change:
    """Up or down in the column."""
    return Change(lambda ws, ids, _: service.rank_task(ws, ids[0], by), repeatable=False)


# -- changes that are not made to given tasks


def nothing(_: Workspace, ids: Sequence[str], __: Seen | None) -> Outcome:
    """For changes that cannot be applied to other tasks."""
    raise WrongUsage(f"That cannot be repeated on {', '.join(ids)}.")


def waiting_for_words(ws: Workspace, ids: Sequence[str], words: str) -> Outcome:
    """Wait for the task that a number or an id names."""
    return service.wait_for(ws, ids, resolve_task(ws, words))


def add(ws: Workspace, line: str, cites: str | None) -> Outcome:
    """A new task from a quick-add line; it cites `cites` when the line names no key result."""
    from tracker.services.quick import task_of_line  # imported here: the first screen needs no parser

    return service.add_task(ws, task_of_line(ws, line, key_result=cites))


def keep_idea(ws: Workspace, line: str) -> Outcome:
    """A thought for later; `from:` says where it came from."""
    from tracker.services.ideas import capture_idea, idea_of_line  # imported here: rarely needed

    return capture_idea(ws, *idea_of_line(line))


def undo(ws: Workspace) -> Outcome:
    """Take the last change of the person who acts back."""
    from tracker.services import undo as history  # imported here: rarely needed

    return history.undo(ws)


def redo(ws: Workspace) -> Outcome:
    """Bring back what was undone."""
    from tracker.services import undo as history  # imported here: rarely needed

    return history.redo(ws)
