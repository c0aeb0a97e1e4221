"""The fake Asana as a stage of the contract suite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.sync.contract import Stage
from tests.sync.fakes.asana import ANA, BEN, OTHER_PROJECT, PROJECT, TOKEN, WORKSPACE, AsanaFake

from tracker.domain.remote import Connection
from tracker_sync.asana.adapter import KIND, AsanaAdapter
from tracker_sync.http import Waiting

_NAMES = {"title": "name", "description": "notes", "owner": "assignee", "start_on": "start_on", "due_on": "due_on"}


class AsanaStage(Stage):
    """`PROJECT` of the fake."""

    token, me, other, elsewhere = TOKEN, ANA, BEN, OTHER_PROJECT
    creates, comments_path = "^/tasks$", "/stories$"

    def __init__(self, fake: AsanaFake) -> None:
        self.server = self.fake = fake
        self.paused = 0.0
        self.time = 0.0
        self.options: Mapping[str, str] | None = None
        self._opened: list[AsanaAdapter] = []

    def _sleep(self, seconds: float) -> None:
        self.time += seconds
        self.paused += seconds

    def raw(self, token: str | None = None, **options: str) -> AsanaAdapter:
        """An adapter with these options, nothing prepared."""
        return self._open(token, PROJECT, options)

    def open(self, token: str | None = None, *, place: str | None = None) -> AsanaAdapter:
        if self.options is None:
            self.options = self._open(None, PROJECT, {}).prepare([])
        return self._open(token, place or PROJECT, self.options)

    def _open(self, token: str | None, place: str, options: Mapping[str, str]) -> AsanaAdapter:
        connection = Connection(place, WORKSPACE, self.fake.url, options)
        adapter = KIND.open(token or TOKEN, connection, waiting=Waiting(lambda: self.time, self._sleep))
        self._opened.append(adapter)
        return adapter

    def close(self) -> None:
        for adapter in self._opened:
            adapter.close()

    def they_add(self, title: str, fields: Mapping[str, object] | None = None) -> str:
        id = self.fake.add(title)
        self.they_change(id, fields or {})
        return id

    def they_change(self, id: str, fields: Mapping[str, object]) -> None:
        data: dict[str, Any] = {_NAMES[name]: value for name, value in fields.items() if name in _NAMES}
        if "status" in fields:
            section = str(fields["status"])
            self.fake.drag(id, section)
            data["completed"] = self.fake.sections[section]["name"] in ("Done", "Cancelled")
        if data:
            self.fake.edit(id, **data)

    def they_say(self, id: str, text: str) -> str:
        return self.fake.say(id, text)

    def they_delete(self, id: str) -> None:
        self.fake.trash(id)

    def they_take_out(self, id: str) -> None:
        self.fake.take_out(id)

    def forget_cursors(self) -> bool:
        self.fake.forget_tokens()
        return True

    def titles(self) -> list[str]:
        return [task["name"] for task in self.fake.in_project()]
