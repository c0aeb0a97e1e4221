"""The numbers a person types."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.domain.errors import WrongUsage
from tracker.domain.numbers import read_number


@pytest.mark.parametrize(
    ("words", "number"),
    [("40", "40"), (" 2.5 ", "2.5"), ("2,5", "2.5"), ("-0,125", "-0.125"), ("1e3", "1E+3"), ("8000", "8000")],
)
def test_digits_with_a_point_or_a_comma_are_a_number(words: str, number: str) -> None:
    assert read_number(words) == Decimal(number)


@pytest.mark.parametrize(
    "words", ["", "many", "8,000", "1,234,567", "nan", "inf", "1e9999999", "0." + "1" * 13, "9" * 16, "١٢.x"]
)
def test_what_is_no_number_or_may_be_two_is_refused_with_its_value(words: str) -> None:
    with pytest.raises(WrongUsage):
        read_number(words)
