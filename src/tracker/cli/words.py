"""The words behind a command's name: which are tasks, and what is said about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tracker.domain.errors import WrongUsage
from tracker.services import lookup

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace

_TASK = re.compile(r"(?:[tT]-?)?[0-9]+")
_KEYWORD_VALUE = re.compile(r'(kr|due|stage|medium):([^"]*\s[^"]*)', re.IGNORECASE)


def tasks(ws: Workspace, words: Sequence[str]) -> list[str]:
    """The ids that `words` name, each once; `43`, `t-43`, `T-043` and `T-43,T-44` are understood.

    Raises:
        NotFound: there is no such task.
    """
    named = [part for word in words for part in word.split(",") if part]
    return list(dict.fromkeys(lookup.resolve_task(ws, word) for word in named))


def tasks_and_value(ws: Workspace, words: Sequence[str], wanted: str) -> tuple[list[str], str]:
    """The tasks that the first words name, and the rest as one text. The last word is never taken for a task.

    Raises:
        WrongUsage: there is no task, or nothing behind the tasks; `wanted` says what belongs there.
        NotFound: there is no such task.
    """
    count = next((place for place, word in enumerate(words) if not _is_task(word)), len(words) - 1)
    if count < 1 or count == len(words):
        raise WrongUsage(f"Name one task or more, then {wanted}.")
    return tasks(ws, words[:count]), " ".join(words[count:])


def _is_task(word: str) -> bool:
    return all(_TASK.fullmatch(part) for part in word.split(",") if part)


def quick_add_line(words: Sequence[str]) -> str:
    """The words of a command as one quick-add line; what the shell took the quotes from gets them back."""
    if len(words) == 1:
        return words[0]
    return " ".join(_KEYWORD_VALUE.sub(r'\1:"\2"', word) if _KEYWORD_VALUE.fullmatch(word) else word for word in words)


def whole_number(text: str | None, name: str, *, least: int = 1) -> int | None:
    """The number that an option gives, None when it was not given.

    Raises:
        WrongUsage: it is no whole number, or less than `least`.
    """
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text[:12]) < least:
        raise WrongUsage(f"{name} wants a whole number from {least} up, and {text!r} is none.")
    return int(text[:12])


def task_or_id(ws: Workspace, word: str) -> str:
    """The id of the task that `word` names, or `word` itself when it has the form of another id.

    Raises:
        NotFound: it has the form of a task, and there is none.
    """
    return tasks(ws, [word])[0] if _is_task(word) else word.strip().upper() if "-" in word else word.strip()
