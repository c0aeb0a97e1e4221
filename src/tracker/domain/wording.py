"""Strategy fields that are written as tactics: pointed out, never refused.

A strategy says whom we reach and why they care. What we post, send or launch for it, where, and how often, is a task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LOOKED_AT = ("approach", "why", "perception", "differentiator")
"""The fields that say how and why, where tactics creep in."""
_DOING = frozenset({
    "post", "posting", "publish", "publishing", "send", "sending", "run", "running", "launch", "launching", "write",
    "writing", "email", "emailing", "mail", "tweet", "blog", "blogging", "film", "record", "advertise", "design",
    "print", "schedule", "call", "host", "upload", "boost", "share", "create", "build", "produce", "buy",
})
"""Verbs that begin a task, not a reason."""
_PIECES = (
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|daily|weekly|monthly)\s+(?:[\w-]+\s+)?"
    r"(?:posts?|mails?|e-?mails?|newsletters?|articles?|videos?|ads?|stories|reels?|tweets?|webinars?|calls?|campaigns?|"
    r"blogs?|podcasts?|flyers?|events?|pages?|white\s*papers?|case\s*stud(?:y|ies))\b"
)
"""So many of something that is made."""


def tactic_in(text: str, channels: Iterable[str] = ()) -> str | None:
    """Why a strategy field reads like a tactic, None when it does not; `channels` are names of channels."""
    plain = " ".join(text.split())
    first = re.match(r"\W*([\w-]+)", plain)
    if first and first[1].casefold() in _DOING:
        return f"begins with {first[1]!r}, which is something to do: a task"
    if found := re.search(_PIECES, plain, re.IGNORECASE):
        return f"counts pieces ({' '.join(found[0].split())[:40]}): a task or a key result"
    for name in channels:
        words = name.replace("_", " ").strip()
        if words and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", plain, re.IGNORECASE):
            return f"names the channel {words[:40]}: channels have a field of their own"
    return None
