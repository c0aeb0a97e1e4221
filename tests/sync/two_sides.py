"""A database and a fake service that are connected, for runs of the engine here and of the program in a process."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.sync.asana_stage import AsanaStage
from tests.sync.fakes.asana import AsanaFake
from tests.sync.fakes.server import FakeServer, Reply, Request, Trouble
from tests.sync.fakes.wrike import WrikeFake
from tests.sync.fakes.wrike_rules import as_plain
from tests.sync.wrike_stage import WrikeStage

from tracker.clock import system_clock
from tracker.domain.remote import Adapter
from tracker.plugins import adapter_kind
from tracker.services import sync, tasks
from tracker.services.strategy import add_person, edit_record
from tracker.services.sync import NewConnection, SyncReport, connecting
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.store import Store
from tracker_sync.http import Waiting

TODAY = "2026-10-19"
SECONDS = 60
"""For one process, on a machine that is busy."""
KINDS = ("asana", "wrike")
PLACES = {"asana": ("2202", "1101"), "wrike": ("IEAAFLDR", "IEAASPACE")}
QUICK = """
import time
begun, passed = time.monotonic, [0.0]
def sleep(seconds):
    passed[0] += seconds
time.sleep, time.monotonic = sleep, lambda: begun() + passed[0]
from tracker.__main__ import main
raise SystemExit(main())
"""
"""The program, but its pauses between requests take no time."""


@dataclass(frozen=True)
class Shown:
    """A task as people see it in the service."""

    title: str
    owner: str | None
    """The beginning of the address."""
    status: str
    due_on: str | None
    text: str
    comments: tuple[str, ...] = ()


@dataclass
class Ending:
    """How a process ended."""

    code: int
    out: str
    err: str


@dataclass
class Sides:
    """One database, one fake."""

    kind: str
    fake: AsanaFake | WrikeFake
    stage: AsanaStage | WrikeStage
    database: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keep = ("PATH", "LANG", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT", "PYTHONPYCACHEPREFIX")
        self.environment = {
            **{name: os.environ[name] for name in keep if name in os.environ},
            "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_DATA_HOME": str(self.home / "data"), "XDG_STATE_HOME": str(self.home / "state"),
            "TRACKER_DB": str(self.database), "TRACKER_TODAY": TODAY, "TRACKER_PERSON": "mara",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            f"TRACKER_{self.kind.upper()}_TOKEN": self.stage.token,
        }  # fmt: skip

    # here

    def here(self) -> Workspace:
        """The database, with a clock that goes; close its store."""
        return Workspace(Store.open(self.database), system_clock(date.fromisoformat(TODAY)), "mara")

    def doing(self, act: Callable[[Workspace], Any]) -> Any:
        """Do something here, as mara."""
        ws = self.here()
        try:
            return act(ws)
        finally:
            ws.store.close()

    def add(self, title: str, **fields: Any) -> str:
        """Work of mara's, assigned at once."""
        new = NewTask(title, "KR-01", **{"owner": "mara", "contribution": "brings calls", **fields})
        return str(self.doing(lambda ws: tasks.add_task(ws, new)).ids[0])

    def rows(self, query: str, *values: object) -> list[Any]:
        """Rows of the database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def tasks_here(self) -> dict[str, dict[str, Any]]:
        """Every task, whole."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return {row["id"]: dict(row) for row in connection.execute("SELECT * FROM task")}

    def states(self) -> dict[str, str]:
        """Task to the state of its link."""
        return dict(self.rows("SELECT task, state FROM external_link"))

    def open(self, token: str | None = None) -> Adapter:
        """The adapter of the connection, which waits without time passing."""
        kept = self.doing(lambda ws: sync.connection(ws, self.kind))
        kind: Any = adapter_kind(self.kind)
        adapter: Adapter = kind.open(token or self.stage.token, kept.remote(), waiting=waiting_in_no_time())
        return adapter

    def sync(self, token: str | None = None, **more: Any) -> SyncReport:
        """A run in this process; waiting takes no time."""
        adapter, ws = self.open(token), self.here()
        try:
            return sync.run(ws, self.kind, adapter, wait=lambda _: None, **more)
        finally:
            adapter.close()
            ws.store.close()

    # there

    def there(self) -> list[Shown]:
        """The tasks of the place, by title."""
        fake = self.fake
        with fake.state:
            found = _in_asana(fake) if isinstance(fake, AsanaFake) else _in_wrike(fake)
        return sorted(found, key=lambda task: task.title)

    def id_of(self, title: str) -> str:
        """Id there of the task with that title."""
        name = "name" if self.kind == "asana" else "title"
        return next(id for id, task in self.fake.tasks.items() if task[name] == title)

    # the program

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The program as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-c", QUICK, *words], env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def run(self, *words: str) -> Ending:
        """The program to its end."""
        return ended(self.start(*words))


def waiting_in_no_time() -> Waiting:
    """A clock that goes by what is waited only."""
    passed = [0.0]

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    return Waiting(lambda: passed[0], sleep)


def ended(process: subprocess.Popen[str]) -> Ending:
    """How it ended; it is killed when it does not."""
    try:
        out, err = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    return Ending(process.returncode, out, err)


def _in_asana(fake: AsanaFake) -> list[Shown]:
    return [
        Shown(
            task["name"], _name((task["assignee"] or {}).get("email")), task["memberships"][0]["section"]["name"],
            task["due_on"], task["notes"],
            tuple(one["text"] for one in fake.stories[task["gid"]] if one["resource_subtype"] == "comment_added"),
        )
        for task in fake.in_project()
    ]  # fmt: skip


def _in_wrike(fake: WrikeFake) -> list[Shown]:
    mails = {id: each["profiles"][0]["email"] for id, each in fake.contacts.items() if each["profiles"]}
    return [
        Shown(
            task["title"], _name(mails[task["responsibleIds"][0]] if task["responsibleIds"] else None),
            fake.statuses[task["customStatusId"]]["name"], (task["dates"].get("due") or "")[:10] or None,
            as_plain(task["description"]), tuple(as_plain(one["text"]) for one in fake.told.get(task["id"], ())),
        )
        for task in fake.tasks.values() if task["scope"] == "WsTask"
    ]  # fmt: skip


def _name(mail: str | None) -> str | None:
    return mail.partition("@")[0].lower() if mail else None


def connected(kind: str, begun_file: Path, folder: Path, fake: FakeServer, **more: Any) -> Sides:
    """A copy of the database, connected to a fake that was started: mara is ana there, lena is ben."""
    folder.mkdir(exist_ok=True)
    database = folder / "tracker.sqlite3"
    shutil.copy(begun_file, database)
    stage: Any = AsanaStage(fake) if isinstance(fake, AsanaFake) else WrikeStage(fake)  # type: ignore[arg-type]
    sides = Sides(kind, stage.fake, stage, database, folder)
    sides.doing(lambda ws: _connect(ws, sides, more))
    with fake.state:
        fake.log.clear()
    return sides


def _connect(ws: Workspace, sides: Sides, more: Mapping[str, Any]) -> None:
    edit_record(ws, "person", "mara", {"email": "ana@corp.example"})
    add_person(ws, "Lena Vogt", {"email": "ben@corp.example"})
    place, workspace = PLACES[sides.kind]
    adapter = sides.stage.open()
    found = connecting.survey(ws, adapter)
    sides.stage.close()
    sync.connect(ws, NewConnection(
        sides.kind, place, workspace=workspace, base_url=sides.fake.url, people=found.people.people,
        statuses=found.mapped, names=found.names, options=dict(sides.stage.options or {}), **more,
    ))  # fmt: skip


class Guillotine:
    """Holds request number `at` of a fake before or after its effect, until it is let go; no answer is given to it."""

    def __init__(self, fake: FakeServer, at: int, *, after: bool) -> None:
        self._fake, self._at, self._after = fake, at, after
        self._count = 0
        self._lock = threading.Lock()
        self._answer = fake.answer
        self.reached, self._released = threading.Event(), threading.Event()
        fake.answer = self._held  # type: ignore[method-assign]  # this fake's alone

    def _held(self, request: Request) -> tuple[Reply | None, Trouble | None]:
        with self._lock:
            self._count += 1
            is_it = self._count == self._at
        if not is_it:
            return self._answer(request)
        if self._after:
            self._answer(request)
        self.reached.set()
        self._released.wait(SECONDS)
        return None, Trouble.DROP_AFTER if self._after else Trouble.DROP_BEFORE

    def kills(self, process: subprocess.Popen[str]) -> bool:
        """Kill the process at the request; False when it ends before it gets there."""
        try:
            while not self.reached.wait(0.01):
                if process.poll() is not None:
                    return False
            return True
        finally:
            process.kill()
            process.communicate(timeout=SECONDS)
            self._released.set()
            self._fake.answer = self._answer  # type: ignore[method-assign]
