"""What `tracker cycle close` is told: grades, decisions and open tasks, in words and from a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.cli import fields as field_options
from tracker.domain.errors import NotFound, WrongUsage
from tracker.domain.numbers import read_number
from tracker.services import lookup
from tracker.services.cycles import Decided, Graded, Orders, TaskPlan

if TYPE_CHECKING:
    from tracker.services.workspace import Workspace

RAW, CARRIED, REST = "raw", "carried", "rest"
MOST_TEXT = 2_000_000
"""Bytes of a file of grades."""


def grade_of(text: str) -> Decimal | None:
    """A grade as it was typed; None for the raw one.

    Raises:
        WrongUsage: it is no number.
    """
    return None if text.strip().lower() == RAW else read_number(text)


def file_lines(name: str) -> list[str]:
    """Lines of a file of grades, without empty ones and comments.

    Raises:
        NotFound: it cannot be read; WrongUsage: it is no text, or larger than any file of grades.
    """
    try:
        raw = sys.stdin.buffer.read(MOST_TEXT + 1) if name == "-" else _head(Path(name))
    except OSError as error:
        raise NotFound(f"{name} cannot be read: {error.strerror or error}.") from error
    if len(raw) > MOST_TEXT:
        raise WrongUsage(f"{name} is too large for a file of grades; one line a key result, like KR-05=0.7:reason.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUsage(f"{name} is no text in UTF-8; write lines like KR-05=0.7:reason.") from None
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_TEXT + 1)


def orders_of(
    ws: Workspace, grades: Sequence[str], decisions: Sequence[str], moves: Sequence[str], cancels: Sequence[str]
) -> Orders:
    """The orders that the options of the command give.

    Raises:
        WrongUsage: one cannot be read; NotFound: a key result is not known.
    """
    graded, rest_raw = _graded(ws, grades)
    decided, rest = _decided(ws, decisions)
    plans: dict[str, TaskPlan] = {}
    others = TaskPlan()
    for text in moves:
        key_result, to = _assignment(text, "--move-to")
        if key_result:
            plans[_key_result(ws, key_result)] = TaskPlan(to=_key_result(ws, to))
        elif to != CARRIED:  # which they do by themselves
            others = TaskPlan(to=_key_result(ws, to))
    for text in cancels:
        key_result, why = _assignment(text, "--cancel")
        if key_result:
            plans[_key_result(ws, key_result)] = TaskPlan(cancel_reason=why)
        else:
            others = TaskPlan(cancel_reason=why)
    return Orders(graded=graded, rest_raw=rest_raw, decided=decided, rest_decided=rest, tasks=plans, rest_tasks=others)


def _assignment(text: str, name: str) -> tuple[str, str]:
    """(key result, value) of KR=VALUE; no key result when the part before the sign is more than one word."""
    before, sign, after = text.partition("=")
    if sign and " " not in before.strip():
        if not after.strip():
            raise WrongUsage(f"{name} {text[:60]!r} says nothing behind the sign =.")
        return before.strip(), after.strip()
    if not text.strip():
        raise WrongUsage(f"{name} is empty.")
    return "", text.strip()


def _named(text: str, name: str, form: str) -> tuple[str, str, str]:
    key_result, sign, rest = text.partition("=")
    value, _, reason = rest.partition(":")
    if not sign or not key_result.strip() or not value.strip():
        raise WrongUsage(f"{name} {text[:60]!r} cannot be read; write {form}.")
    return key_result.strip(), value.strip(), reason.strip()


def _key_result(ws: Workspace, words: str) -> str:
    return lookup.resolve_key_result(ws, words, open_only=False)


def _graded(ws: Workspace, lines: Sequence[str]) -> tuple[list[Graded], bool]:
    found, rest_raw = {}, False
    for line in lines:
        words, value, reason = _named(line, "--grade", "KR=0.7:reason or KR=raw")
        if words.lower() == REST:
            if value.lower() != RAW:
                raise WrongUsage("All others can only be graded raw: rest=raw.")
            rest_raw = True
            continue
        key_result = _key_result(ws, words)
        if key_result in found:
            raise WrongUsage(f"{key_result} is graded twice; once is enough.")
        found[key_result] = Graded(key_result, grade_of(value), reason)
    return list(found.values()), rest_raw


def _decided(ws: Workspace, lines: Sequence[str]) -> tuple[list[Decided], str]:
    found, others = [], ""
    for line in lines:
        words, value, reason = _named(line, "--decide", "KR=continue, KR=drop:reason or KR=change target=150")
        decision, *changes = value.split()
        if words.lower() == REST:
            others = decision
            continue
        fields = dict(_change(each) for each in changes)
        found.append(Decided(_key_result(ws, words), decision, reason, field_options.read(ws, fields)))
    return found, others


def _change(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    name = name.replace("-", "_")
    if not sign or name not in field_options.CARRIED:
        raise WrongUsage(f"{text[:60]!r} is no change; write target=150, owner=lena or the like, without spaces.")
    return name, value
