"""Shares as people type them, and how well texts fit by their words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.likeness import shared_words, words_of
from tracker.domain.rates import checked_rate, read_rate, show_rate, split_rate


@pytest.mark.parametrize(
    ("words", "rate"), [("25%", "0.25"), ("0.25", "0.25"), (" 12,5 % ", "0.125"), ("1", "1"), ("100%", "1"),
     (".04", "0.04")],
)
def test_a_rate_is_a_percentage_or_a_share(words: str, rate: str) -> None:
    assert read_rate(words) == Decimal(rate)


@pytest.mark.parametrize("words", ["0", "0%", "-5%", "1.2", "101%", "67"])
def test_what_is_no_share_is_refused_with_how_to_write_it(words: str) -> None:
    with pytest.raises(Refused, match=r"write 25% or 0\.25"):
        read_rate(words)


def test_a_number_that_may_be_meant_in_percent_is_told_so() -> None:
    with pytest.raises(Refused, match="67 of a hundred is 67%"):
        read_rate("67")


@pytest.mark.parametrize("words", ["", "%", "many", "1e400", "nan", "8,000%"])
def test_what_is_no_number_is_wrong_usage(words: str) -> None:
    with pytest.raises(WrongUsage):
        read_rate(words)


@given(st.decimals(min_value="0.000001", max_value=1, places=6))
def test_a_rate_is_read_as_it_is_shown(rate: Decimal) -> None:
    assert read_rate(show_rate(rate)) == checked_rate(rate) == rate


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("Opens the mail 40%", ("Opens the mail", Decimal("0.4"))), ("Reads 3 mails", ("Reads 3 mails", None)),
        ("Books", ("Books", None)), ("40%", ("", Decimal("0.4"))), ("  ", ("", None)), ("A %", ("A %", None)),
    ],
)  # fmt: skip
def test_a_share_may_stand_behind_the_name_of_a_step(words: str, read: tuple[str, Decimal | None]) -> None:
    assert split_rate(words) == read


def test_texts_fit_by_the_words_they_share_whatever_the_ending() -> None:
    call = words_of("Attends the discovery call")
    assert shared_words(call, words_of("No-shows on a third of calls")) == 1
    assert shared_words(call, words_of("Chat widget on the booking page")) == 0
    assert shared_words(words_of("Books the call"), words_of("BOOKING, by CÁLL")) == 2
    assert words_of("the and for with this") == frozenset()
