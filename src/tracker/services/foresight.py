"""What a column looks like after a move, before it is written: the rules of the states on the cards at hand.

A screen that shows it answers at once, while the write waits for the disk. It is a guess: the write decides, and what
the screen has to show is read after it. Where the guess would need what only the database knows, there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.domain import tasks as domain
from tracker.domain.errors import Refused
from tracker.domain.filters import TaskFilter
from tracker.domain.tasks import OPEN, Status, Task
from tracker.services.board import View, in_drawing_order
from tracker.services.notices import is_begun, of_limits, still_waiting
from tracker.storage.rows import Board, Card, Count, Held, Page

Target = Callable[[Card], Status]
"""Where a card goes. Raises Refused: there is no such place."""


class Foreseen(NamedTuple):
    """What a move leads to, unless somebody else or a rule that is not known here is in its way."""

    view: View
    notices: tuple[str, ...]
    """What the person should know: limits that are passed, tasks that are waited for."""


def after_move(
    view: View, wanted: TaskFilter, cards: Sequence[Card], to: Target, *, today: date, actor: str | None
) -> Foreseen | None:
    """The view after these cards went elsewhere; None where that cannot be told.

    `view` is what a filter, `wanted`, shows; `actor` takes started work that nobody owns, None when it is no person.
    """
    board, held = view.board, view.board.held
    if held is None or not _is_sure(wanted):
        return None
    try:
        moves = [(card, _moved(card, to(card), today, actor)) for card in cards]
        notices = tuple(_notices(held, moves))
    except Refused:
        return None  # the write says why, in its words
    pages = dict(view.pages)
    for before, after in moves:
        if not _is_plain(before, after) or not _take_out(pages, before):
            return None
        _put_in(pages, after, wanted, board.counts)
    return Foreseen(View(_counted(board, moves), pages), notices)


def _is_sure(wanted: TaskFilter) -> bool:
    """Whether a card that moves matches as it did before."""
    return not (wanted.late or wanted.blocked or wanted.due_by or wanted.unowned or wanted.status)


def _is_plain(before: Card, after: Card) -> bool:
    """Whether something moves, and nothing has to be asked: a contribution may be a condition."""
    begins = before.status == Status.BACKLOG
    return before.status != after.status and after.status in domain.COLUMNS and bool(before.contribution or not begins)


def _moved(card: Card, to: Status, today: date, actor: str | None) -> Card:
    task = Task(
        card.id, card.title, Status(card.status), card.owner, card.created_on, card.assigned_on, card.started_on,
        card.review_on, card.done_on, card.blocked_reason, card.contribution,
    )  # fmt: skip
    changed: dict[str, Any] = {}
    for step in domain.move(task, to, today=today, actor=actor):
        changed.update((name, value) for name, value in step.fields.items() if name in Card._fields)
    return card._replace(**changed)


def _take_out(pages: dict[str, Page], card: Card) -> bool:
    """Leave a card out of its column; false where it is not at hand, for then the column cannot be told."""
    page = pages.get(card.status)
    rest = tuple(each for each in page.cards if each.id != card.id) if page else ()
    if page is None or len(rest) == len(page.cards):
        return False
    pages[card.status] = Page(page.start, rest)
    return True


def _put_in(pages: dict[str, Page], card: Card, wanted: TaskFilter, counts: Mapping[str, Count]) -> None:
    page = pages.get(card.status)
    if page is None:
        return
    cards = in_drawing_order(card.status, wanted, (*page.cards, card))
    place = next(index for index, each in enumerate(cards) if each.id == card.id)
    count = counts.get(card.status, Count(0))
    goes_on = page.start + len(page.cards) < count.n or count.at_least
    if place == 0 and page.start:  # somewhere before the cards at hand
        pages[card.status] = Page(page.start + 1, page.cards)
    elif place < len(page.cards) or not goes_on:  # else somewhere behind them
        pages[card.status] = Page(page.start, cards)


Moves = Sequence[tuple[Card, Card]]


def _counted(board: Board, moves: Moves) -> Board:
    counts, stages = dict(board.counts), Counter(board.stages)
    for before, after in moves:
        for card, by in ((before, -1), (after, 1)):
            count = counts.get(card.status, Count(0))
            counts[card.status] = Count(max(0, count.n + by), count.at_least)
            if card.status in OPEN:
                stages[card.stage] += by
    return board._replace(counts=counts, stages={stage: n for stage, n in stages.items() if n > 0})


def _notices(held: Held, moves: Moves) -> Iterable[str]:
    """Raises Refused: a hard limit is passed."""
    holds, doing = Counter(held.statuses), Counter(held.doing)
    for before, after in moves:
        holds[before.status] -= 1
        holds[after.status] += 1
        for card, by in ((before, -1), (after, 1)):
            if card.status == Status.DOING:
                doing[str(card.owner)] += by
    statuses = {after.status for _, after in moves}
    owners = {str(after.owner) for _, after in moves if after.status == Status.DOING}
    limits = [(limit.scope, limit.subject, limit.max, limit.mode) for limit in held.limits]
    yield from of_limits(limits, statuses, owners, lambda status, owner: doing[owner] if owner else holds[status])
    for before, after in moves:
        if is_begun(before.status, after.status):
            yield from still_waiting(after.id, after.waits)
