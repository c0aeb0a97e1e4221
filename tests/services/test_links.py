"""A task that is in several other systems: each link is told, and its mark is the one that needs a person most."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.sync.pretend import STATUSES
from tracker.domain.links import WORST_FIRST
from tracker.services import board, sync, tasks
from tracker.services.sync import NewConnection
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import sync_rows
from tracker.storage.rows import LinkRow
from tracker.storage.sync_rows import Link


@pytest.fixture
def task(begun: Workspace) -> str:
    for id in ("clients", "asana"):
        sync.connect(begun, NewConnection("pretend", f"p-{id}", id=id, statuses=STATUSES))
    new = NewTask("Write the page", "KR-01", owner="mara", contribution="brings calls")
    return tasks.add_task(begun, new).ids[0]


def link(ws: Workspace, task: str, connection: str, state: str, url: str | None = None) -> None:
    with ws.writing("link") as tx:
        sync_rows.put_link(tx.connection, Link(task, connection, f"{connection}-1", state, url=url))


@pytest.mark.parametrize(("worse", "better"), list(combinations(WORST_FIRST, 2)))
@pytest.mark.parametrize("first", [True, False])
def test_the_mark_of_a_card_is_its_worst_state(
    begun: Workspace, task: str, worse: str, better: str, *, first: bool
) -> None:
    link(begun, task, "asana", worse if first else better)
    link(begun, task, "clients", better if first else worse)
    assert board.cards(begun, [task])[0].sync_state == worse


def test_every_state_that_a_link_can_have_has_its_place(begun: Workspace, task: str) -> None:
    for state in WORST_FIRST:
        link(begun, task, "asana", state)
    assert set(WORST_FIRST) == {
        "pending", "synced", "changed_here", "changed_there", "conflict", "unmapped_owner", "gone"}


def test_the_detail_has_every_link_by_its_connection(begun: Workspace, task: str) -> None:
    link(begun, task, "clients", "conflict", "https://clients.example/1")
    link(begun, task, "asana", "synced", "https://asana.example/1")
    detail = board.task_detail(begun, task)
    assert detail.links == (
        LinkRow("asana", "synced", "asana-1", "https://asana.example/1"),
        LinkRow("clients", "conflict", "clients-1", "https://clients.example/1"),
    )
    assert (detail.link, detail.external_id) == ("https://asana.example/1", "asana-1"), "the first of them"
    assert board.task_detail(begun, task).card.sync_state == "conflict"


def test_a_task_that_is_nowhere_else_has_no_links(begun: Workspace, task: str) -> None:
    detail = board.task_detail(begun, task)
    assert (detail.links, detail.link, detail.external_id, detail.card.sync_state) == ((), None, None, None)
