"""A line of text with a caret, and what the usual keys do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

LONGEST = 100_000
"""Characters; what a title or a message may have at most is for the services to say."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Text and the place of the caret in it."""

    text: str = ""
    caret: int = 0

    def insert(self, more: str) -> Typed:
        """With `more` at the caret; line breaks become spaces, what is beyond the longest line is dropped."""
        more = " ".join(more.splitlines())[: LONGEST - len(self.text)]
        return Typed(self.text[: self.caret] + more + self.text[self.caret :], self.caret + len(more))

    def cut(self, start: int, end: int) -> Typed:
        """Without the characters from `start` to `end`."""
        return Typed(self.text[:start] + self.text[end:], start)

    def word_start(self) -> int:
        """Where the word before the caret begins."""
        before = self.text[: self.caret].rstrip()
        return before.rfind(" ") + 1


KEYS: dict[str, Callable[[Typed], Typed]] = {
    "left": lambda typed: replace(typed, caret=max(0, typed.caret - 1)),
    "right": lambda typed: replace(typed, caret=min(len(typed.text), typed.caret + 1)),
    "home": lambda typed: replace(typed, caret=0),
    "end": lambda typed: replace(typed, caret=len(typed.text)),
    "backspace": lambda typed: typed.cut(max(0, typed.caret - 1), typed.caret),
    "delete": lambda typed: typed.cut(typed.caret, typed.caret + 1),
    "ctrl+w": lambda typed: typed.cut(typed.word_start(), typed.caret),
    "ctrl+u": lambda typed: typed.cut(0, typed.caret),
    "ctrl+k": lambda typed: typed.cut(typed.caret, len(typed.text)),
    "ctrl+left": lambda typed: replace(typed, caret=typed.word_start()),
}
KEYS |= {
    "ctrl+a": KEYS["home"], "ctrl+e": KEYS["end"], "ctrl+h": KEYS["backspace"], "ctrl+d": KEYS["delete"],
    "alt+backspace": KEYS["ctrl+w"], "ctrl+backspace": KEYS["ctrl+w"],
}  # fmt: skip
