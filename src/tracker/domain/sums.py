"""The distribution of a sum of days, each drawn from the same history: exact, and quick enough for a key press.

Numbers are polynomials: a history in which c_k days finished k tasks is the sum of c_k x^k, and its d-th power holds
the counts for d days. Two ways to that power:

* Exactly, coefficient by coefficient, by the recurrence of J. C. P. Miller (Knuth, TAOCP 2, 4.7, eq. 9).
* As probabilities in units of 2**-bits, each rounded down, all packed into one integer, which Python multiplies in C
  (Kronecker substitution). What rounding took away is known to the unit, because probabilities sum to 1: so every
  answer has a lower and an upper bound. Where both say the same it is the exact answer; where they do not, more
  bits decide, and in the end the exact way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import accumulate
from math import gcd

_LEVELS = (31, 63)
"""Bits of a probability, coarse first; one more than each must fill whole bytes."""


@dataclass(frozen=True, slots=True)
class _Packed:
    """Probabilities of the numbers from `first` up, in units of 2**-bits, each in a slot of twice bits + 1."""

    first: int
    packed: int
    bits: int

    @property
    def _slot(self) -> int:
        return (self.bits + 1) // 4

    def __add__(self, other: _Packed) -> _Packed:
        """The distribution of the sum of both."""
        product = (self.packed * other.packed) >> self.bits
        slots = -(-product.bit_length() // (8 * self._slot))
        half = self._slot // 2
        kept = product & int.from_bytes((b"\xff" * half + b"\0" * half) * slots, "little")
        empty = ((kept & -kept).bit_length() - 1) // (8 * self._slot)
        return _Packed(self.first + other.first + empty, kept >> (8 * self._slot * empty), self.bits)

    def units(self) -> list[int]:
        """The probabilities, from `first` up."""
        slots = -(-self.packed.bit_length() // (8 * self._slot))
        raw = self.packed.to_bytes(slots * self._slot, "little")
        return [int.from_bytes(raw[at : at + self._slot], "little") for at in range(0, len(raw), self._slot)]


class SumOfDays:
    """What any number of days adds up to, when every day is one of the history's."""

    def __init__(self, counts: Mapping[int, int]) -> None:
        """`counts`: how many days of the history had each number, which is 0 or more."""
        common = reduce(gcd, counts.values())
        self._counts = {number: days // common for number, days in sorted(counts.items())}
        self._days = sum(self._counts.values())
        self._packed: dict[tuple[int, int], _Packed] = {}
        self.ever_adds = max(self._counts) > 0

    def below(self, wanted: Mapping[int, int], days: int) -> Fraction:
        """How probable a sum below the wanted number is, exactly; `wanted` gives numbers and how likely each is."""
        ways = list(accumulate(self._exact(days, max(wanted)), initial=0))
        return Fraction(
            sum(weight * ways[max(number, 0)] for number, weight in wanted.items()),
            self._days**days * sum(wanted.values()),
        )

    def is_below(self, wanted: Mapping[int, int], days: int, bound: Fraction) -> bool:
        """Whether a sum below the wanted number is no more probable than `bound`."""
        for bits in _LEVELS:
            low, high = self._bounds(wanted, days, bits)
            if (low <= bound) == (high <= bound):
                return low <= bound
        return self.below(wanted, days) <= bound

    def largest_with_below(self, days: int, bound: Fraction) -> int:
        """The largest number for which a smaller sum is no more probable than `bound`, which is less than 1."""
        for bits in _LEVELS:
            packed = self._over(days, bits)
            units = packed.units()
            lost = (1 << bits) - sum(units)
            most = int(bound * (1 << bits))
            least, greatest = _passed(units, most - lost), _passed(units, most)
            if least == greatest:
                return packed.first + least
        ways = self._exact(days, packed.first + greatest + 1)
        return _passed(ways, int(bound * self._days**days))

    def probabilities(self, days: int) -> dict[int, Fraction]:
        """How probable each sum is, exactly."""
        whole = self._days**days
        ways = self._exact(days, max(self._counts) * days + 1)
        return {number: Fraction(count, whole) for number, count in enumerate(ways) if count}

    def _bounds(self, wanted: Mapping[int, int], days: int, bits: int) -> tuple[Fraction, Fraction]:
        packed = self._over(days, bits)
        units = packed.units()
        so_far = list(accumulate(units, initial=0))
        places = {number: min(max(number - packed.first, 0), len(units)) for number in wanted}
        low = sum(weight * so_far[places[number]] for number, weight in wanted.items())
        whole = sum(wanted.values())
        lost = ((1 << bits) - so_far[-1]) * whole
        return Fraction(low, whole << bits), Fraction(low + lost, whole << bits)

    def _over(self, days: int, bits: int) -> _Packed:
        """The distribution over `days` days: a power of two doubled from its half, any other from its bits."""
        known = self._packed.get((days, bits))
        if known is None:
            lowest = days & -days
            if days <= 1:
                known = self._one(bits) if days else _Packed(0, 1 << bits, bits)
            elif lowest == days:
                known = self._over(days // 2, bits) + self._over(days // 2, bits)
            else:
                known = self._over(days - lowest, bits) + self._over(lowest, bits)
            self._packed[days, bits] = known
        return known

    def _one(self, bits: int) -> _Packed:
        first, last = min(self._counts), max(self._counts)
        slot = (bits + 1) // 4
        units = ((self._counts.get(number, 0) << bits) // self._days for number in range(first, last + 1))
        return _Packed(first, int.from_bytes(b"".join(unit.to_bytes(slot, "little") for unit in units), "little"), bits)

    def _exact(self, days: int, stop: int) -> list[int]:
        """In how many ways `days` days sum to each number below `stop`; all ways are history days ** `days`."""
        first = min(self._counts)
        leading, *others = ((number - first, count) for number, count in self._counts.items())
        if not days:
            return [1] + [0] * (stop - 1) if stop > 0 else []
        ways = [0] * min(first * days, max(stop, 0))
        powers = [leading[1] ** days]
        for k in range(1, stop - first * days):
            total = sum(
                ((days + 1) * j - k) * count * powers[k - j] for j, count in others if j <= k and powers[k - j]
            )
            powers.append(total // (k * leading[1]))
        return ways + powers if len(ways) < stop else ways


def _passed(units: list[int], most: int) -> int:
    """How many of the leading units together stay within `most`."""
    return sum(so_far <= most for so_far in accumulate(units))
