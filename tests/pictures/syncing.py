"""The demo in a project of the fake Asana: most of it the same, one task changed here, one that both sides changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.sync.fakes.asana import PROJECT, TOKEN, WORKSPACE, AsanaFake
from tracker.domain.remote import Connection
from tracker.services import sync, tasks
from tracker.services.strategy import edit_record
from tracker.services.sync import NewConnection
from tracker.services.sync.connecting import survey
from tracker.services.workspace import Workspace
from tracker_sync.asana.adapter import KIND
from tracker_sync.http import Waiting

THERE = {
    "5505": ("Mara Okafor", "mara@northlight.example"), "5506": ("Tomás Rey", "tomas@northlight.example"),
    "5507": ("Priya Nair", "priya@northlight.example"), "5508": ("Lena Fischer", "lena@northlight.example"),
    "5509": ("Jonas Lind", "jonas@northlight.example"),
}  # fmt: skip
NO_WAITING = Waiting(lambda: 0.0, lambda _: None)
SERVER_TIME = datetime(2026, 10, 19, 9, 30, tzinfo=UTC)


def synced(ws: Workspace) -> None:
    """Connect, run, change on both sides, run again; afterwards nothing is asked of the fake any more."""
    for each in sync.connections(ws):
        sync.disconnect(ws, each.id)
    for _, mail in THERE.values():
        edit_record(ws, "person", mail.partition("@")[0], {"email": mail})
    with AsanaFake(lambda: SERVER_TIME) as fake:
        _name(fake)
        adapter = KIND.open(TOKEN, Connection(PROJECT, WORKSPACE, fake.url), waiting=NO_WAITING)
        found = survey(ws, adapter)
        options = adapter.prepare(())
        adapter.close()
        sync.connect(ws, NewConnection(
            "asana", PROJECT, workspace=WORKSPACE, base_url=fake.url, place_name="Northlight October",
            options=options, people=found.people.people, statuses=found.mapped, names=found.names,
        ))  # fmt: skip
        _run(ws, fake)
        (theirs,) = (each["gid"] for each in fake.in_project() if each["name"].startswith("White paper ad"))
        fake.edit(theirs, by="5506", name="White paper ad: practice managers", due_on="2026-10-30")
        tasks.edit_tasks(ws, ["T-043"], {"title": "White paper ad, second audience", "due_on": date(2026, 10, 23)})
        _run(ws, fake)
    tasks.edit_tasks(ws, ["T-030"], {"due_on": date(2026, 10, 23)})
    tasks.assign_tasks(ws, ["T-033"], "lena")


def _name(fake: AsanaFake) -> None:
    for gid, (name, mail) in THERE.items():
        fake.users[gid] = {"gid": gid, "resource_type": "user", "name": name, "email": mail}


def _run(ws: Workspace, fake: AsanaFake) -> None:
    kept = sync.connection(ws, "asana")
    adapter = KIND.open(TOKEN, kept.remote(), waiting=NO_WAITING)
    try:
        report = sync.run(ws, kept.id, adapter, wait=lambda _: None)
    finally:
        adapter.close()
    assert report.outcome == "done", report
