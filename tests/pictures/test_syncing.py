"""The picture of sync can be drawn: the demo comes to stand as it says."""

from __future__ import annotations

from tests.pictures.syncing import synced
from tracker.services import sync
from tracker.services.workspace import Workspace


def test_the_demo_stands_in_asana_with_one_conflict_and_something_to_send(northlight: Workspace) -> None:
    synced(northlight)
    (stands,) = sync.status(northlight)
    assert {state: stands.links[state] for state in ("conflict", "changed_here", "unmapped_owner")} == {
        "conflict": 1, "changed_here": 1, "unmapped_owner": 1}
    assert (stands.links["synced"], stands.waiting) == (19, 2)
    (conflict,) = sync.conflicts(northlight)
    assert [(each.field, each.ours, each.theirs) for each in conflict.fields] == [
        ("title", "White paper ad, second audience", "White paper ad: practice managers"),
        ("due_on", "2026-10-23", "2026-10-30"),
    ]
