"""How a typed line falls into words, and what a word may choose from: shared by quick add and filters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tracker.domain.errors import WrongUsage
from tracker.domain.tasks import STAGE_LETTERS

WORD = r'(?:[@#]|[A-Za-z_]+:)?"[^"]*"[,.;:!?)]*(?=\s|$)|\S+'
"""A word, or words in double quotes; a keyword may stand before the opening quote. A quote that is never closed, or
that stands inside a word (27" posters), is an ordinary character."""


def words_of(line: str) -> Iterator[str]:
    """The words of `line`; those in quotes come as one, with their quotes."""
    return (found.group() for found in re.finditer(WORD, line))


def is_quoted(word: str) -> bool:
    """Whether `word` is literal text because it stands in quotes."""
    return len(word) > 1 and word.startswith('"') and '"' in word[1:]


def value_of(raw: str, end_marks: str = ",;") -> str:
    """What stands after a keyword: without quotes, and without `end_marks` that only close the sentence."""
    quoted = raw.startswith('"')
    value = raw.replace('"', "")
    return value.strip() if quoted else value.rstrip(end_marks)


def choose(value: str, names: Sequence[str], what: str, letters: Mapping[str, str] | None = None) -> str:
    """The one of `names` that `value` is, is the letter of, or begins; upper and lower case are alike.

    Raises:
        WrongUsage: none of them, or the beginning of several; the message lists them.
    """
    wanted = value.lower()
    by_letter = {letter.lower(): name for name, letter in (letters or {}).items() if name in names}
    if wanted in by_letter:
        return by_letter[wanted]
    found = [name for name in names if name.lower() == wanted] or [
        name for name in names if wanted and name.lower().startswith(wanted)
    ]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{name} ({letters[name]})" if letters and name in letters else name for name in names)
    if found:
        raise WrongUsage(f"{what} {value!r} can be {' or '.join(found)}; write more of it.")
    raise WrongUsage(f"There is no {what} {_short(value)!r}; choose one of {known}.")


def choose_stage(value: str, stages: Sequence[str]) -> str:
    """The stage that `value` names, in full, by its beginning or by the letter the board shows.

    Raises:
        WrongUsage: there is no such stage.
    """
    return choose(value, stages, "stage", STAGE_LETTERS)


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:39] + "…"
