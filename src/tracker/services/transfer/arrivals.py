"""Work that cites no known key result: it waits outside the board, with all that the file said about it."""

from __future__ import annotations

from tracker.services.transfer.ledger import Ledger
from tracker.services.transfer.records import Reading, TableRecord, as_json
from tracker.storage import bulk
from tracker.storage.shape import Part, Section
from tracker.storage.strategy_rows import next_id
from tracker.storage.writes import Row, Transaction

_PREFIX = "A-"


class Arrivals:
    """Collects arrivals and makes them."""

    def __init__(self, tx: Transaction, ledger: Ledger, source: str, today: str, *, recorded: bool) -> None:
        self._tx = tx
        self._ledger = ledger
        self._source = source
        self._today = today
        self._recorded = recorded
        self._waiting: list[tuple[int, Row]] = []
        self._ids: set[str] = set()
        self._last = 0
        self._open: dict[str, list[str]] | None = None
        """Ids of earlier arrivals that still wait, by title."""

    def add(self, line: int, record: object, reading: Reading) -> None:
        """A task record that cites nothing becomes an arrival."""
        row = reading.row
        external_id = str(row["id"]) if row.get("id") else None
        raw = record
        if external_id:
            self._ids.add(external_id)
        if isinstance(record, TableRecord):
            external_id, raw = record.origin, {**record, **record.extra}
        if external_id and bulk.holds_arrival(self._tx.connection, self._source, external_id):
            self._ledger.tally("arrivals").unchanged += 1
            return
        made: Row = {
            "connector": self._source, "external_id": external_id, "title": row["title"], "raw": as_json(raw),
            "on": self._today, "outcome": None, "task": None,
        }
        self._waiting.append((line, made))

    def concern(self, section: Section, reading: Reading) -> bool:
        """Whether a record hangs on a task that became an arrival; then it is left out, and that is said."""
        if not self._ids or section.key == "tasks" or reading.row.get("task") not in self._ids:
            return False
        spoken = section.key.replace("_", " ")
        self._ledger.notice(f"{spoken} left out because their task became an arrival: {{n}}")
        return True

    def leave_out(self, part: Part, reading: Reading) -> None:
        """Take arrivals out of the tasks that a record waits for."""
        rows = reading.parts.get(part.key)
        if not rows or not self._ids or part.key != "waits_for":
            return
        kept = [row for row in rows if row["waits_for"] not in self._ids]
        if len(kept) < len(rows):
            left_out = len(rows) - len(kept)
            self._ledger.notice("tasks that waited for one that became an arrival, and do not any more: {n}", left_out)
            reading.parts[part.key] = kept

    def promote(self, title: str, task: str) -> None:
        """A task was made; the arrival of the same name that came from the same place before needs no answer now."""
        if self._open is None:
            self._open = bulk.waiting_arrivals(self._tx.connection, self._source)
        waiting = self._open.get(title)
        if waiting:
            arrival = self._tx.require("import_item", waiting.pop())
            self._tx.update("import_item", arrival, {"outcome": "promoted", "task": task})
            self._ledger.notice("arrivals of an earlier import that are tasks now: {n}")

    def make(self) -> None:
        """Make the arrivals that were added so far."""
        if not self._waiting:
            return
        if not self._last:
            self._last = int(next_id(self._tx.connection, "import_item", _PREFIX, 2).removeprefix(_PREFIX)) - 1
        for _, row in self._waiting:
            self._last += 1
            row["id"] = f"{_PREFIX}{self._last:02d}"
        rows = [row for _, row in self._waiting]
        faults = bulk.insert_rows(self._tx, "import_item", rows, recorded=self._recorded)
        for fault in faults:
            line, row = self._waiting[fault.index]
            self._ledger.refuse("arrivals", line, f"task {row['title']}", [("", f"- {fault.message}")])
        made = len(rows) - len(faults)
        self._ledger.arrivals += made
        self._waiting = []
