"""The fake Wrike as a stage of the contract suite."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any

from tests.sync.contract import Stage
from tests.sync.fakes.wrike import ANA, BEN, FOLDER, OTHER, SPACE, TOKEN, WrikeFake
from tests.sync.fakes.wrike_rules import Record

from tracker.domain.remote import Connection
from tracker_sync.http import Waiting
from tracker_sync.wrike.adapter import KIND, WrikeAdapter


class Hours:
    """A clock of the fake that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class WrikeStage(Stage):
    """`FOLDER` of the fake."""

    token, me, other, elsewhere = TOKEN, ANA, BEN, OTHER
    creates, comments_path = "^/folders/[^/]+/tasks$", "/comments$"

    def __init__(self, fake: WrikeFake) -> None:
        self.server = self.fake = fake
        self.paused = 0.0
        self.time = 0.0
        self.options: Mapping[str, str] | None = None
        self._opened: list[WrikeAdapter] = []

    def _sleep(self, seconds: float) -> None:
        self.time += seconds
        self.paused += seconds

    def raw(self, token: str | None = None, *, place: str = FOLDER, **options: str) -> WrikeAdapter:
        """An adapter with these options, nothing prepared."""
        connection = Connection(place, SPACE, self.fake.url, options)
        adapter = KIND.open(token or TOKEN, connection, waiting=Waiting(lambda: self.time, self._sleep))
        self._opened.append(adapter)
        return adapter

    def open(self, token: str | None = None, *, place: str | None = None) -> WrikeAdapter:
        if self.options is None:
            self.options = self.raw().prepare([])
        options = {name: value for name, value in self.options.items() if place is None or name != "workflow"}
        return self.raw(token, place=place or FOLDER, **options)

    def close(self) -> None:
        for adapter in self._opened:
            adapter.close()

    def task(self, id: str) -> Record:
        """A task as the fake holds it."""
        with self.fake.state:
            return dict(self.fake.tasks[id])

    def they_add(self, title: str, fields: Mapping[str, object] | None = None) -> str:
        id = self.fake.add(title)
        self.they_change(id, fields or {})
        return id

    def they_change(self, id: str, fields: Mapping[str, object]) -> None:
        data: dict[str, Any] = {}
        for name, value in fields.items():
            if name == "description":
                data["description"] = escape(str(value or ""), quote=False)
            elif name == "status":
                data["customStatus"] = value
            elif name == "priority":
                data["importance"] = str(value).title()
            elif name == "owner":
                data["removeResponsibles"] = self.task(id)["responsibleIds"]
                data["addResponsibles"] = [value] if value else []
            elif name == "title":
                data["title"] = value
        if {"start_on", "due_on"} & set(fields):
            data["dates"] = _dates(self.task(id)["dates"], fields)
        self.fake.edit(id, **data)

    def they_say(self, id: str, text: str) -> str:
        return self.fake.say(id, text)

    def they_delete(self, id: str) -> None:
        self.fake.trash(id)

    def they_take_out(self, id: str) -> None:
        self.fake.edit(id, addParents=[OTHER], removeParents=[FOLDER])

    def forget_cursors(self) -> bool:
        return False

    def titles(self) -> list[str]:
        with self.fake.state:
            return [task["title"] for task in self.fake.tasks.values() if task["scope"] == "WsTask"]


def _dates(held: Record, fields: Mapping[str, object]) -> Record:
    """What the date picker leaves: a day without an hour, a task without a start on one day."""
    due = fields["due_on"] if "due_on" in fields else str(held.get("due", ""))[:10]
    start = fields["start_on"] if "start_on" in fields else str(held.get("start", ""))[:10]
    if not due:
        return {"type": "Backlog"}
    first, last = date.fromisoformat(str(start or due)), date.fromisoformat(str(due))
    return {"type": "Planned", "start": f"{first}T09:00:00", "due": f"{last}T17:00:00"}
