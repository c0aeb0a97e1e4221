"""The shares that a person types and reads: `25%`, `0.25`, `12,5 %`."""

from __future__ import annotations

from decimal import Decimal

from tracker.domain.errors import Refused
from tracker.domain.numbers import read_number


def read_rate(words: str) -> Decimal:
    """The share that `words` mean, over 0 and up to 1; with a percent sign it is a hundredth of the number.

    Raises:
        WrongUsage: it is no number.
        Refused: it is no share: 0, less, or over 1.
    """
    text = words.strip()
    in_percent = text.endswith("%")
    number = read_number(text.removesuffix("%").strip())
    return checked_rate(number.scaleb(-2) if in_percent else number, text)


def checked_rate(rate: Decimal, words: str = "") -> Decimal:
    """The rate itself, when it is a share.

    Raises:
        Refused: it is 0, less, or over 1; `words` is how it was typed.
    """
    if 0 < rate <= 1:
        return rate
    said = (words or f"{rate:f}")[:40]
    meant = f"; {said} of a hundred is {said}%" if 1 < rate <= 100 and not said.endswith("%") else ""
    raise Refused(f"A rate is a share over 0 and up to 1, and {said} is not; write 25% or 0.25 for one in four{meant}.")


def show_rate(rate: Decimal) -> str:
    """`12.5%`, with every digit that it has."""
    return f"{rate.scaleb(2).normalize():f}%"


def split_rate(words: str) -> tuple[str, Decimal | None]:
    """What stands before a share at the end of `words`, and the share: `Opens the mail 40%`.

    Raises:
        WrongUsage, Refused: the last word ends in a percent sign and is no share.
    """
    text, _, last = words.strip().rpartition(" ")
    return (text.strip(), read_rate(last)) if last.endswith("%") and len(last) > 1 else (words.strip(), None)
