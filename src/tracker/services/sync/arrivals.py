"""Tasks that others made there: they wait as arrivals until somebody here cites a key result for them."""

from __future__ import annotations

from tracker.domain.plaintext import TITLE_LIMIT, clean_line
from tracker.domain.remote import RemoteTask
from tracker.services.sync.values import Action
from tracker.services.sync.work import Work
from tracker.storage import sync_rows
from tracker.storage.strategy_rows import next_id


def arrive(work: Work, there: RemoteTask) -> None:
    """Keep a task of others as an arrival, once."""
    title = arrival_title(there)
    fields = there.fields()
    with work.as_sync.writing(f"arrived: {title}"[:200]) as tx:
        if sync_rows.arrival(tx.connection, work.kept.source, there.id) is not None:
            return
        tx.insert("import_item", {
            "id": next_id(tx.connection, "import_item", "A-", 2), "connector": work.kept.source,
            "external_id": there.id, "title": title, "raw": {**fields, "notes": there.description, "url": there.url},
            "on": work.ws.clock.today,
        })  # fmt: skip
    work.note(None, Action.ARRIVE, f"arrived: {title}")


def arrival_title(there: RemoteTask) -> str:
    """Its title as it can be kept."""
    return clean_line(there.title[:TITLE_LIMIT]) or "(no title)"
