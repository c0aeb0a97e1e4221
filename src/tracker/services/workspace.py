"""What every service works on: a store, a clock, who acts and the settings."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from tracker.clock import Clock
from tracker.domain.errors import NotFound
from tracker.settings import Settings
from tracker.storage import task_rows
from tracker.storage.store import Store
from tracker.storage.writes import Transaction


@dataclass(frozen=True, slots=True)
class Workspace:
    """One database and the person in front of it."""

    store: Store
    clock: Clock
    actor: str
    """Who acts: the id of a person, or the login name while there is nobody."""
    settings: Settings = field(default_factory=Settings)

    def writing(self, label: str, *, kind: str = "do") -> AbstractContextManager[Transaction]:
        """A transaction that is recorded under `label` for the person who acts."""
        return self.store.writing(
            by=self.actor,
            at=self.clock.now().isoformat(timespec="microseconds"),
            on_date=self.clock.today.isoformat(),
            label=label,
            kind=kind,
        )

    def acting_as(self, person: str) -> Workspace:
        """The same workspace with somebody else in front of it."""
        return replace(self, actor=person)


def acting_person(store: Store, wanted: str | None, login: str) -> str:
    """Who acts: `wanted` by id, else the login name if it is a person's id, else the only person, else the login.

    Raises:
        NotFound: `wanted` is not the id of a person.
    """
    with store.reading() as connection:
        people = task_rows.ids_of(connection, "person", 200)
    if wanted is not None:
        if people and wanted not in people:
            raise NotFound(f"There is no person {wanted!r}; known are {', '.join(people)}.")
        return wanted
    if login in people or len(people) != 1:
        return login
    return str(people[0])
