"""Our reference as a line of a description, where a remote has no other place for it."""

from __future__ import annotations

import re

_MARKER = re.compile(r"^\[Tracker ID: ([^\]\s]{1,200})\][^\S\n]*$\n?", re.MULTILINE)


def with_marker(text: str, reference: str) -> str:
    """`text` with the reference as its last line."""
    return f"{text}\n\n[Tracker ID: {reference}]" if text else f"[Tracker ID: {reference}]"


def without_marker(text: str) -> tuple[str, str | None]:
    """`text` without the line of the reference, wherever people moved it, and the reference."""
    found = _MARKER.findall(text)
    return (_MARKER.sub("", text).strip("\n"), found[-1]) if found else (text, None)
