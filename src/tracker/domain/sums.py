"""The distribution of a sum of days, each drawn from the same history: exact, and quick enough for a key press.

A history in which c_k days finished k tasks is the polynomial of the c_k x^k; its d-th power counts the ways in which
d days come to each sum. Two roads lead to that power:

* Exactly, one coefficient after the other, by the recurrence of J. C. P. Miller (Knuth, TAOCP 2, 4.7, eq. 9).
* As probabilities in units of 2**-bits, each rounded down, all packed into one integer, which Python multiplies in C
  (Kronecker substitution). What rounding took away is known to the unit, because probabilities sum to 1: so every
  answer has a lower and an upper bound. Where both say the same, that is the exact answer; where they do not, more
  bits decide, and in the end the exact road.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import accumulate
from math import gcd
from typing import TypeVar

_LEVELS = (31, 63)
"""Bits of a probability, coarse first; with one more they fill whole bytes."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Packed:
    """Probabilities of the numbers from `first` up, in units of 2**-bits.

    Each has a slot wide enough for the sum of all products of two of them, which is at most 2**(2*bits).
    """

    first: int
    packed: int
    bits: int

    @property
    def _slot_bits(self) -> int:
        return 2 * self.bits + 2

    def plus(self, other: _Packed, ceiling: int) -> _Packed:
        """The distribution of the sum of both; what passes the ceiling is added to the ceiling's own."""
        first, product = self.first + other.first, self.packed * other.packed
        if first > ceiling:
            first, product = ceiling, self._all(product)
        room = (ceiling - first) * self._slot_bits
        above = product >> room
        if above:
            product = (product & ((1 << room) - 1)) | self._all(above) << room
        kept = (product >> self.bits) & self._lower_halves(product)
        empty = max((kept & -kept).bit_length() - 1, 0) // self._slot_bits
        return _Packed(first + empty, kept >> empty * self._slot_bits, self.bits)

    def _all(self, packed: int) -> int:
        """All slots added up: the base leaves 1 when divided by one less than itself, and so do its powers."""
        return packed % ((1 << self._slot_bits) - 1)

    def _lower_halves(self, packed: int) -> int:
        half = (self.bits + 1) // 8
        slots = -(-packed.bit_length() // self._slot_bits)
        return int.from_bytes((b"\xff" * half + b"\0" * half) * slots, "little")

    def units(self) -> list[int]:
        """The probabilities, from that of `first` up."""
        width = self._slot_bits // 8
        size = -(-self.packed.bit_length() // self._slot_bits) * width
        raw = self.packed.to_bytes(size, "little")
        return [int.from_bytes(raw[at : at + width], "little") for at in range(0, size, width)]


class SumOfDays:
    """What any number of days comes to when each is like one of the history's.

    Answers hold for numbers up to the ceiling; what lies above it counts as the ceiling.
    """

    def __init__(self, counts: Mapping[int, int], ceiling: int) -> None:
        """`counts` says how many days of the history, one at least, had each number, 0 or more."""
        capped: Counter[int] = Counter()
        for number, days in counts.items():
            capped[min(number, ceiling)] += days
        common = reduce(gcd, capped.values())
        self._counts = {number: capped[number] // common for number in sorted(capped)}
        self._history = sum(self._counts.values())
        self._ceiling = ceiling
        self._known: dict[tuple[int, int], _Packed] = {}

    def below(self, wanted: Mapping[int, int], days: int) -> Fraction:
        """How probable a sum below the wanted number is, exactly; `wanted` has numbers and how likely each is."""
        ways = list(accumulate(self._ways(days, max(wanted)), initial=0))
        return Fraction(
            sum(weight * ways[max(number, 0)] for number, weight in wanted.items()),
            self._history**days * sum(wanted.values()),
        )

    def decide(self, wanted: Mapping[int, int], days: int, answer: Callable[[Fraction], T]) -> T:
        """What `answer` says to `below`; as it goes up or goes down by it, both bounds saying the same is enough."""
        for bits in _LEVELS:
            low, high = self._bounds(wanted, days, bits)
            said = answer(low)
            if said == answer(high):
                return said
        return answer(self.below(wanted, days))

    def largest(self, days: int, doubt: Fraction) -> int:
        """The largest number, the ceiling at most, for which a smaller sum is no more probable than `doubt` (< 1)."""
        greatest = min(max(self._counts) * days, self._ceiling)
        for bits in _LEVELS:
            over = self._over(days, bits)
            units = over.units()
            lost = (1 << bits) - sum(units)
            most = int(doubt * (1 << bits))
            within = _within(units, most)
            if within < len(units):
                greatest = over.first + within
                if lost <= most and within == _within(units, most - lost):
                    return greatest
        return _within(self._ways(days, greatest), int(doubt * self._history**days))

    def probabilities(self, days: int) -> dict[int, Fraction]:
        """How probable each sum is, exactly."""
        ways = self._ways(days, max(self._counts) * days + 1)
        return {number: Fraction(count, self._history**days) for number, count in enumerate(ways) if count}

    def _bounds(self, wanted: Mapping[int, int], days: int, bits: int) -> tuple[Fraction, Fraction]:
        over = self._over(days, bits)
        so_far = list(accumulate(over.units(), initial=0))
        at = {number: min(max(number - over.first, 0), len(so_far) - 1) for number in wanted}
        low = sum(weight * so_far[at[number]] for number, weight in wanted.items())
        whole = sum(wanted.values())
        lost = ((1 << bits) - so_far[-1]) * whole
        return Fraction(low, whole << bits), Fraction(low + lost, whole << bits)

    def _over(self, days: int, bits: int) -> _Packed:
        """The distribution over so many days; powers of two are doubled, and others put together from them."""
        known = self._known.get((days, bits))
        if known is None:
            known = self._known[days, bits] = self._put_together(days, bits)
        return known

    def _put_together(self, days: int, bits: int) -> _Packed:
        if days == 0:
            return _Packed(0, 1 << bits, bits)
        if days == 1:
            return self._one_day(bits)
        last = days & -days if days & (days - 1) else days // 2
        return self._over(days - last, bits).plus(self._over(last, bits), self._ceiling)

    def _one_day(self, bits: int) -> _Packed:
        first, last = min(self._counts), max(self._counts)
        units = ((self._counts.get(number, 0) << bits) // self._history for number in range(first, last + 1))
        packed = b"".join(unit.to_bytes((bits + 1) // 4, "little") for unit in units)
        return _Packed(first, int.from_bytes(packed, "little"), bits)

    def _ways(self, days: int, stop: int) -> list[int]:
        """In how many ways so many days come to each sum below `stop`; all ways are the history's days ** `days`."""
        if days == 0:
            return [1, *[0] * (stop - 1)][: max(stop, 0)]
        first = min(self._counts)
        start = self._counts[first]
        others = [(number - first, count) for number, count in self._counts.items() if number > first]
        nothing = [0] * min(first * days, max(stop, 0))
        ways = [start**days] if stop > first * days else []
        for k in range(1, stop - first * days):
            terms = (((days + 1) * j - k) * count * ways[k - j] for j, count in others if j <= k)
            ways.append(sum(terms) // (k * start))
        return nothing + ways


def _within(units: list[int], most: int) -> int:
    """How many of the leading units together stay within `most`."""
    return sum(so_far <= most for so_far in accumulate(units))
