"""A column knows a run of its list; cursor and view never leave the list, and cards are asked for in time."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.tui.widgets.test_card import card

from tracker.storage.rows import Count, Page
from tracker.tui.widgets.columns.window import Window


def window(total: int, *, start: int = 0, at_hand: int | None = None, capacity: int = 10) -> Window:
    made = Window(capacity=capacity)
    cards = tuple(card(number=at + 1, id=f"T-{at + 1:03}") for at in range(start, start + (at_hand or total)))
    made.take(Page(start, cards), Count(total))
    return made


def test_the_view_moves_by_half_when_the_cursor_leaves_it() -> None:
    list_ = window(100)
    assert not list_.move(9)
    assert list_.move(10)
    assert list_.top == 5


def test_the_cursor_stops_at_the_ends() -> None:
    list_ = window(5)
    list_.move(99)
    assert list_.cursor == 4
    list_.move(-3)
    assert list_.cursor == 0


def test_an_empty_list_has_no_card_under_the_cursor() -> None:
    list_ = window(0, at_hand=0)
    list_.move(3)
    assert list_.current is None
    assert list(list_.in_view()) == []


def test_cards_are_asked_for_before_the_view_reaches_them_and_once() -> None:
    list_ = window(1000, at_hand=30)
    list_.wanted()
    assert not list_.needs_cards()
    list_.move(21)
    assert list_.needs_cards()
    list_.wanted()
    assert not list_.needs_cards(), "the same run is asked for once"


def test_a_list_that_is_shorter_than_its_count_is_not_asked_for_for_ever() -> None:
    list_ = window(50, at_hand=20)
    list_.move(49)
    start, _ = list_.wanted()
    list_.take(Page(start, ()), Count(50))
    assert not list_.needs_cards()


def test_a_count_that_stopped_early_grows_with_what_is_seen() -> None:
    list_ = Window(capacity=10)
    list_.take(Page(990, tuple(card(number=at) for at in range(30))), Count(1000, at_least=True))
    assert list_.total == 1020


def test_the_cursor_keeps_its_place_when_a_card_leaves() -> None:
    list_ = window(5)
    list_.move(2)
    list_.take(Page(0, list_.cards[:2] + list_.cards[3:]), Count(4))
    assert list_.current is not None
    assert list_.current.id == "T-004"


STEPS = st.one_of(
    st.tuples(st.just("move"), st.integers(-80, 80)),
    st.tuples(st.just("scroll"), st.integers(-9, 9)),
    st.tuples(st.just("resize"), st.integers(1, 30)),
)


@given(total=st.integers(0, 60), capacity=st.integers(1, 20), steps=st.lists(STEPS))
def test_cursor_and_view_stay_inside_the_list(total: int, capacity: int, steps: list[tuple[str, int]]) -> None:
    list_: Any = window(total, at_hand=total, capacity=capacity)
    for name, value in steps:
        getattr(list_, name)(value)
        assert 0 <= list_.cursor <= max(0, total - 1)
        assert 0 <= list_.top <= max(0, total - list_.capacity)
        if name != "scroll":
            assert total == 0 or list_.top <= list_.cursor < list_.top + list_.capacity
