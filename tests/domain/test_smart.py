"""S M A R T: a mark and a word for each letter, whatever is typed so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.smart import Draft, smart

TODAY = date(2026, 10, 19)
GOOD = Draft(
    title="Discovery calls booked", unit="calls", baseline=Decimal(0), target=Decimal(40), objective="O-01",
    starts_on=date(2026, 10, 1), due_on=date(2026, 10, 31), value=Decimal(27),
)


def said(draft: Draft) -> dict[str, tuple[str, str]]:
    return {each.letter: (each.mark, each.word) for each in smart(draft, TODAY)}


def test_a_good_one_has_five_plus_signs() -> None:
    assert [each.letter + each.mark for each in smart(GOOD, TODAY)] == ["S+", "M+", "A+", "R+", "T+"]
    assert said(GOOD)["A"] == ("+", "needs 1.08 a day, got 1.42")


def test_an_empty_form_says_what_is_missing() -> None:
    assert said(Draft()) == {
        "S": ("x", "say what is counted"), "M": ("x", "no target"), "A": ("x", "no target"),
        "R": ("x", "which objective does it show?"), "T": ("x", "no dates"),
    }


@pytest.mark.parametrize(
    ("letter", "changes", "mark", "words"),
    [
        ("S", {"title": "Improve retention"}, "!", "'improve' is vague"),
        ("S", {"title": "Calls"}, "!", "short"),
        ("M", {"unit": " "}, "x", "no unit"),
        ("M", {"unit": "count"}, "!", "in what unit"),
        ("M", {"baseline": None}, "x", "no baseline"),
        ("M", {"baseline": Decimal(40)}, "x", "the same"),
        ("M", {"baseline": Decimal(50)}, "x", "wrong side of the baseline"),
        ("M", {"direction": "decrease"}, "x", "wrong side of the baseline"),
        ("M", {"direction": "maintain_below", "baseline": None}, "+", "a bound in calls"),
        ("M", {"direction": "maintain_between", "target_max": Decimal(3)}, "x", "upper bound"),
        ("A", {"value": Decimal(4)}, "!", "needs 3 a day, got 0.21"),
        ("A", {"value": Decimal(-4)}, "!", "got -0.21"),
        ("A", {"value": Decimal(41)}, "+", "reached already"),
        ("A", {"value": None}, "+", "1.29 a day, from the first on"),
        ("A", {"stretch": Decimal(30)}, "!", "stretch is not beyond"),
        ("A", {"due_on": date(2026, 10, 19)}, "x", "no day is left"),
        ("A", {"direction": "maintain_below", "value": Decimal(41)}, "!", "does not hold"),
        ("A", {"direction": "maintain_below"}, "+", "it holds now"),
        ("T", {"due_on": date(2026, 9, 1)}, "x", "due before it starts"),
        ("T", {"starts_on": date(2026, 9, 1), "due_on": date(2026, 9, 30)}, "!", "in the past"),
        ("T", {"due_on": date(2028, 10, 1)}, "!", "no cycle"),
    ],
)  # fmt: skip
def test_each_letter_says_what_it_lacks(letter: str, changes: dict[str, object], mark: str, words: str) -> None:
    found = said(replace(GOOD, **changes))[letter]  # type: ignore[arg-type]
    assert found[0] == mark, found
    assert words in found[1]


NUMBERS = st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-10**12, max_value=10**12, places=3)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
DIRECTIONS = st.sampled_from(["increase", "decrease", "maintain_above", "maintain_below", "maintain_between", "other"])


@given(st.text(max_size=40), st.text(max_size=10), DIRECTIONS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, DAYS, DAYS)
def test_whatever_is_typed_gets_five_answers(
    title: str, unit: str, direction: str, baseline: Decimal | None, target: Decimal | None,
    target_max: Decimal | None, stretch: Decimal | None, value: Decimal | None, starts: date | None, due: date | None,
) -> None:
    draft = Draft(title, unit, direction, "number", baseline, target, target_max, stretch, "O-01", starts, due, value)
    found = smart(draft, TODAY)
    assert [each.letter for each in found] == list("SMART")
    assert all(each.mark in "+!x" and each.word for each in found)
