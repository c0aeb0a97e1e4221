"""The numbers a person types: `40`, `2.5`, `2,5`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from tracker.domain.errors import WrongUsage

LARGEST_DIGITS, SMALLEST_DIGITS = 15, 12
"""Digits before and after the point; more is a slip of the finger."""


def read_number(words: str) -> Decimal:
    """The number that `words` mean; a comma is a decimal point.

    Raises:
        WrongUsage: it is no number, has more digits than anybody means, or may mean two: 8,000 is 8 or 8000.
    """
    text = words.strip()
    whole, comma, part = text.partition(",")
    if comma and len(part) == 3 and whole.lstrip("+-").strip("0"):
        raise WrongUsage(f"{text[:40]!r} may mean {whole[:20]}{part} or {whole[:20]}.{part}; write one of these.")
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise WrongUsage(f"{text[:40]!r} is no number; write digits, like 40 or 2.5.") from None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise WrongUsage(f"{text[:40]!r} is no number; write digits, like 40 or 2.5.")
    # looked at by its digits: a sum or a power of such a number may overflow or take all memory
    if max(number.adjusted(), exponent) >= LARGEST_DIGITS:
        raise WrongUsage(f"{text[:40]} is too large.")
    if exponent < -SMALLEST_DIGITS:
        raise WrongUsage(f"{text[:40]} has more than {SMALLEST_DIGITS} digits after the point.")
    return number
