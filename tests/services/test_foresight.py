"""What is foreseen of a move is what it then leads to, or nothing is foreseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tracker.domain.errors import Refused
from tracker.domain.filters import TaskFilter
from tracker.domain.tasks import COLUMNS, Status
from tracker.services import tasks as service
from tracker.services.board import View, view
from tracker.services.foresight import Foreseen, after_move
from tracker.services.undo import undo
from tracker.services.workspace import Workspace
from tracker.storage.rows import Card

ALL = 100
"""More cards than any column of the demo has."""


def foreseen(ws: Workspace, seen: View, cards: list[Card], by: int, wanted: TaskFilter) -> Foreseen | None:
    """What the board would show."""
    return after_move(
        seen, wanted, cards, lambda card: service.neighbour(card.id, Status(card.status), by),
        today=ws.clock.today, actor=ws.actor,
    )


def as_shown(card: Card) -> Card:
    """A card without what other rows know about it: links are undone, and others begin to wait no longer."""
    return card._replace(sync_state=None)


def cards_of(seen: View, *, but: str = "") -> list[Card]:
    return [card for status in COLUMNS if status != but for card in seen.pages[status].cards]


@pytest.mark.parametrize("by", [1, -1])
@pytest.mark.parametrize("wanted", [TaskFilter(), TaskFilter(key_result="KR-08"), TaskFilter(text="a")])
def test_every_step_of_every_card_leads_to_what_was_foreseen(
    northlight: Workspace, by: int, wanted: TaskFilter
) -> None:
    told = refused = 0
    before = view(northlight, wanted, ALL)
    for card in cards_of(before):
        ahead = foreseen(northlight, before, [card], by, wanted)
        try:
            outcome = service.step_tasks(northlight, [card.id], by)
        except Refused:
            refused += 1
            continue  # by the states, which are foreseen, or by the database: a screen takes back what it showed
        after = view(northlight, wanted, ALL)
        undo(northlight)
        if ahead is None:
            continue
        told += 1
        assert {**ahead.view.board.counts} == {**after.board.counts}, card.id
        assert ahead.view.board.stages == after.board.stages
        freed = [notice for notice in outcome.notices if "waits no longer" in notice]
        assert list(ahead.notices) == [notice for notice in outcome.notices if notice not in freed]
        if not freed:
            for status in COLUMNS:
                ours, theirs = ahead.view.pages[status].cards, after.pages[status].cards
                assert list(map(as_shown, ours)) == list(map(as_shown, theirs)), f"{card.id} in {status}"
    assert told > 3
    assert told + refused >= len(cards_of(before)) - 1, "it is told wherever it happens"


@pytest.mark.parametrize("by", [1, -1])
def test_a_run_out_of_a_column_stays_a_run_of_it(northlight: Workspace, by: int) -> None:
    runs = {str(status): (1, 3) for status in COLUMNS}
    before = view(northlight, TaskFilter(), runs)
    for card in cards_of(before):
        ahead = foreseen(northlight, before, [card], by, TaskFilter())
        if ahead is None:
            continue
        service.step_tasks(northlight, [card.id], by)
        whole = view(northlight, TaskFilter(), ALL)
        undo(northlight)
        for status, page in ahead.view.pages.items():
            real = whole.pages[status].cards[page.start : page.start + len(page.cards)]
            assert [each.id for each in page.cards] == [each.id for each in real], f"{card.id} in {status}"


def test_several_cards_are_foreseen_together(northlight: Workspace) -> None:
    before = view(northlight, TaskFilter(), ALL)
    cards = list(before.pages["doing"].cards[:3])
    ahead = foreseen(northlight, before, cards, 1, TaskFilter())
    outcome = service.step_tasks(northlight, [card.id for card in cards], 1)
    after = view(northlight, TaskFilter(), ALL)
    assert ahead is not None
    assert ahead.notices == outcome.notices
    assert {**ahead.view.board.counts} == {**after.board.counts}
    assert [card.id for card in ahead.view.pages["review"].cards] == [card.id for card in after.pages["review"].cards]


def test_a_hard_limit_is_not_foreseen_to_be_passed(northlight: Workspace) -> None:
    before = view(northlight, TaskFilter(), ALL)
    held = before.board.held
    assert held is not None
    hard = held._replace(limits=tuple(limit._replace(mode="hard") for limit in held.limits))
    card = before.pages["doing"].cards[0]
    assert foreseen(northlight, before, [card], 1, TaskFilter()) is not None
    assert foreseen(
        northlight, View(before.board._replace(held=hard), before.pages), [card], 1, TaskFilter()
    ) is None


CANNOT_TELL: list[tuple[str, Callable[[View, Card], tuple[View, Card, TaskFilter]]]] = [
    ("a filter that a move may leave", lambda seen, card: (seen, card, TaskFilter(late=True))),
    ("a card that is not at hand", lambda seen, card: (
        View(seen.board, {**seen.pages, "doing": seen.pages["doing"]._replace(cards=())}), card, TaskFilter())),
    ("counts that were not read", lambda seen, card: (
        View(seen.board._replace(held=None), seen.pages), card, TaskFilter())),
]  # fmt: skip


@pytest.mark.parametrize("change", [change for _, change in CANNOT_TELL], ids=[name for name, _ in CANNOT_TELL])
def test_nothing_is_foreseen_of(
    northlight: Workspace, change: Callable[[View, Card], tuple[View, Card, TaskFilter]]
) -> None:
    seen = view(northlight, TaskFilter(), ALL)
    shown, card, wanted = change(seen, seen.pages["doing"].cards[0])
    assert foreseen(northlight, shown, [card], 1, wanted) is None


def test_work_that_nobody_owns_is_taken_by_somebody_who_is_known(northlight: Workspace) -> None:
    before = view(northlight, TaskFilter(), ALL)
    card = next(card for card in before.pages["backlog"].cards if card.owner is None and card.contribution)
    ahead = foreseen(northlight, before, [card], 1, TaskFilter())
    assert ahead is not None
    assert next(each for each in ahead.view.pages["assigned"].cards if each.id == card.id).owner == northlight.actor
    assert after_move(
        before, TaskFilter(), [card], lambda _: Status.ASSIGNED, today=northlight.clock.today, actor=None
    ) is None


def test_what_has_no_contribution_is_left_to_the_write(northlight: Workspace) -> None:
    before = view(northlight, TaskFilter(), ALL)
    card = next(card for card in before.pages["backlog"].cards if card.owner is None)
    service.edit_tasks(replace(northlight), [card.id], {"contribution": ""})
    again = view(northlight, TaskFilter(), ALL)
    assert foreseen(northlight, again, [card._replace(contribution="")], 1, TaskFilter()) is None
