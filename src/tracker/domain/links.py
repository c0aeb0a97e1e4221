"""How a task stands with its counterparts in other systems."""

from __future__ import annotations

from collections.abc import Mapping

WORST_FIRST = ("conflict", "gone", "changed_there", "changed_here", "unmapped_owner", "pending", "synced")
"""States of a link, the one first that needs a person most: of several, it is a task's mark."""
STATE_WORDS: Mapping[str, str] = {
    "synced": "the same", "pending": "to be sent", "changed_here": "changed here", "changed_there": "changed there",
    "conflict": "to be decided", "unmapped_owner": "owner not known there", "gone": "gone there",
}  # fmt: skip
"""How a state reads."""
