"""How well two texts fit by their words, for suggestions."""

from __future__ import annotations

import unicodedata
from itertools import takewhile

SHORTEST = 4
"""Letters of the shortest word that says what a text is about."""
LONGEST_ENDING = 3
"""Letters that an ending adds to a word: call, calls; book, booking."""
_EMPTY = frozenset({"that", "this", "with", "from", "into", "they", "them", "their", "what", "when", "each", "over",
                    "before", "after", "should", "would", "have", "been", "than", "then", "your", "more", "most"})


def words_of(text: str) -> frozenset[str]:
    """The words of a text that say what it is about, without case and accents."""
    plain = "".join(
        letter if letter.isalnum() else " "
        for letter in unicodedata.normalize("NFKD", text[:2000]).casefold() if not unicodedata.combining(letter)
    )
    return frozenset(word for word in plain.split() if len(word) >= SHORTEST and word not in _EMPTY)


def shared_words(one: frozenset[str], other: frozenset[str]) -> int:
    """How many words of `one` are in `other`, whatever the ending."""
    return sum(any(_is_same(word, each) for each in other) for word in one)


def _is_same(one: str, other: str) -> bool:
    """Whether two words differ by no more than a short ending each."""
    stem = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return stem >= SHORTEST and max(len(one), len(other)) - stem <= LONGEST_ENDING
