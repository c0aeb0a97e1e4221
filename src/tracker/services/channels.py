"""Channels: the ways to reach people that strategies and tasks name."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.domain.errors import Refused, WrongUsage
from tracker.services.outcome import Outcome
from tracker.services.records import make
from tracker.services.strategy import slug
from tracker.services.workspace import Workspace


def add_channel(ws: Workspace, name: str, fields: Mapping[str, object] | None = None) -> Outcome:
    """Add a channel; without an `id` one is made of its name.

    Raises:
        WrongUsage: the name has no letter.
        Refused: there is one with that id already.
    """
    given = dict(fields or {})
    identity = slug(str(given.pop("id", None) or name))
    if not identity:
        raise WrongUsage("A channel needs a name.")
    with ws.writing(f"add channel {identity}") as tx:
        if tx.get("channel", identity) is not None:
            raise Refused(f"There is a channel {identity!r} already; give another id with --id.")
        make(tx, "channel", {"id": identity, "name": name, **given})
    return Outcome(tx.batch, f"added {identity}", (identity,))
