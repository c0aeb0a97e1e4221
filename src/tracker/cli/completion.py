"""Words the shell offers behind a command: tasks, people and key results, straight from the database.

Shells evaluate what they are given, so the explanation beside a word is cut down to letters, digits and spaces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

from tracker.cli.invocation import Invocation
from tracker.cli.output import Output
from tracker.domain.errors import TrackerError

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace
    from tracker.storage.rows import Card

MOST = 40
"""Words offered at once."""
Offer = tuple[str, str]


def task_ids(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Open tasks whose number begins as typed (`43` and `T-43` alike), with their titles."""
    typed = incomplete.upper().removeprefix("T-").lstrip("0")
    if typed and not (typed.isascii() and typed.isdigit()):
        return []
    return _offered(ctx, lambda ws: [
        (card.id if incomplete[:1] in ("", "T", "t") else str(card.number), harmless(card.title))
        for card in _cards(ws, typed)
    ][:MOST])


def _cards(ws: Workspace, typed: str) -> Sequence[Card]:
    """Open tasks by the first digits of their number; looks at a fixed number of rows, however many there are."""
    from tracker.domain.filters import TaskFilter
    from tracker.domain.tasks import OPEN
    from tracker.services import board

    still_open = frozenset(status.value for status in OPEN)
    if not typed:
        return board.list_page(ws, TaskFilter(status=still_open), 0, MOST).cards
    first = int(typed[:12])
    numbers = [first, *range(first * 10, first * 10 + 10), *range(first * 100, first * 100 + 100)]
    return [card for card in board.cards(ws, [f"T-{number:03}" for number in numbers]) if card.status in still_open]


def person_ids(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """People, with their names."""
    from tracker.services import board

    return _offered(ctx, lambda ws: [
        (person.id, harmless(person.name)) for person in board.people(ws)
        if person.active and person.id.startswith(incomplete)
    ])


def key_result_ids(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """The key results of the header, with their titles."""
    from tracker.services.header import header as header_of

    def of_header(ws: Workspace) -> list[Offer]:
        header = header_of(ws)
        rows = header.key_results if header else ()
        return [(row.id, harmless(row.title)) for row in rows if row.id.startswith(incomplete.upper())]

    return _offered(ctx, of_header)


def task_then_person(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """People, or tasks when it looks like one."""
    return _either(ctx, incomplete, person_ids(ctx, incomplete))


def task_then_key_result(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Key results, or tasks when it looks like one."""
    return _either(ctx, incomplete, key_result_ids(ctx, incomplete))


def _either(ctx: typer.Context, incomplete: str, offered: list[Offer]) -> list[Offer]:
    return offered + task_ids(ctx, incomplete)


def connection_ids(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Connections of sync, with their places."""
    from tracker.services import sync

    return _offered(ctx, lambda ws: [
        (each.id, harmless(each.settings.place_name or each.settings.place)) for each in sync.connections(ws)
        if each.id.startswith(incomplete)
    ])


def undecided_ids(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Tasks of sync that a person has to decide about, typed as `43` or as `T-043`, with their titles."""
    from tracker.services import sync

    def of_conflicts(ws: Workspace) -> list[Offer]:
        titles = {each.task: harmless(each.title) for each in sync.conflicts(ws)}
        by_number = incomplete[:1].isdigit()
        named = ((task.removeprefix("T-").lstrip("0") if by_number else task, title) for task, title in titles.items())
        return [(word, title) for word, title in named if word.startswith(incomplete.upper())][:MOST]

    return _offered(ctx, of_conflicts)


FILTERS = ("mine", "late", "unowned", "blocked", "open", "backlog", "assigned", "doing", "review", "done", "cancelled",
           "kr:", "due:", "stage:", "medium:", "status:")


def filter_words(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """The words of the filter, and @people."""
    if incomplete.startswith("@"):
        return [(f"@{id_}", name) for id_, name in person_ids(ctx, incomplete[1:])]
    return [(word, "") for word in FILTERS if word.startswith(incomplete)]


def harmless(text: str) -> str:
    """`text` with nothing in it that a shell could take for a command."""
    kept = "".join(character if character.isalnum() else " " for character in text[:120])
    return " ".join(kept.split())[:60]


def _offered(ctx: typer.Context, ask: Callable[[Workspace], list[Offer]]) -> list[Offer]:
    """What `ask` finds in the database that the words before the cursor name; nothing when it cannot be read."""
    typed = ctx.find_root().params
    given = {name: str(typed[key]) for name, key in (("--db", "db"), ("--today", "today")) if typed.get(key)}
    invocation = Invocation.of(Output.of_process(), given)
    try:
        return ask(invocation.workspace(create=False))
    except TrackerError:
        return []
    finally:
        invocation.close()


def task_then_status(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """The columns of the board and cancelled, or tasks when it looks like one."""
    from tracker.domain.tasks import Status

    return [(status.value, "") for status in Status if status.value.startswith(incomplete)] + task_ids(ctx, incomplete)
