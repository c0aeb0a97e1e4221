"""Loads the demo into a database, through the same door as any import."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from tracker.clock import system_clock
from tracker.demo.shifting import Shift
from tracker.domain.errors import Refused
from tracker.services.transfer.importing import Records, import_source
from tracker.services.transfer.ledger import Ledger
from tracker.services.transfer.taking import Choices
from tracker.services.workspace import Workspace
from tracker.storage import bulk
from tracker.storage.shape import SECTIONS
from tracker.storage.store import Store
from tracker.storage.writes import Transaction

FILE = "northlight.json"
LABEL = "demo"
"""The one change the demo is in the history, and who made it: nobody's undo takes the demo away."""


def load(ws: Workspace, today: date) -> None:
    """Fill an empty database with the demo, so that it stands on `today` as it was written.

    Raises:
        Refused: the database is not empty, or `today` is so far away that its dates cannot be written.
    """
    _fill(ws, _northlight(today))


def build(path: Path, *, today: date) -> None:
    """Make a database with the demo at `path`.

    Raises:
        OutOfReach, Refused: it cannot be made there, or the day is out of range.
    """
    source = _northlight(today)
    store = Store.open(path)
    try:
        _fill(Workspace(store, system_clock(today), LABEL), source)
    finally:
        store.close()


def _fill(ws: Workspace, source: _Northlight) -> None:
    with ws.store.reading() as connection:
        if not bulk.is_empty(connection):
            raise Refused(f"{ws.store.path} holds something already; the demo goes into an empty database.")
    import_source(ws.acting_as(LABEL), source, LABEL)


def _northlight(today: date) -> _Northlight:
    try:
        return _Northlight(today)
    except (OverflowError, ValueError):
        raise Refused(f"The demo cannot be dated around {today}; choose a day nearer to now.") from None


class _Northlight:
    """The demo as a source of records."""

    name = FILE
    unit = "line"
    takes_the_rest = False

    def __init__(self, today: date) -> None:
        text = resources.files("tracker.demo").joinpath(FILE).read_text(encoding="utf-8")
        written: dict[str, Any] = json.loads(text, parse_float=Decimal)
        running = next(cycle for cycle in written["cycles"] if cycle["status"] == "active")
        span = date.fromisoformat(running["starts_on"]), date.fromisoformat(running["ends_on"])
        shift = Shift.between(date.fromisoformat(written["as_of"]), today, span)
        self._records = {
            section.key: [shift.value(record) for record in written.get(section.key, [])] for section in SECTIONS
        }
        self.total: int | None = sum(map(len, self._records.values()))

    def choices(self, *, replace: bool, today: str) -> Choices:
        """It brings the history of its tasks along."""
        return Choices(replace=replace, today=today)

    def has_history(self) -> bool:
        """It was made in one change."""
        return False

    def sections(self, tx: Transaction, ledger: Ledger) -> Iterable[Records]:
        """Everything, in order."""
        for section in SECTIONS:
            records = self._records[section.key]
            if records:
                yield Records(section, len(records), enumerate(records, 1))
