"""Rules between the records of a file that only the services hold: closed cycles are complete, key results stay inside.

They are looked at when everything was taken, for a cycle is closed before its key results are read.
"""

from __future__ import annotations

from sqlite3 import Connection

from tracker.domain import cycles as rules
from tracker.services.closing import LISTS
from tracker.services.transfer.ledger import Ledger
from tracker.services.transfer.records import Reading
from tracker.storage import cycle_rows
from tracker.storage.shape import Section
from tracker.storage.writes import Row

_KEPT = 10_000
"""Lines of key results that are remembered; a file with more of them is told where the first are."""


class EndRules:
    """Remembers where cycles and key results stand in the file, and looks at them at the end."""

    def __init__(self, connection: Connection, ledger: Ledger) -> None:
        self._connection = connection
        self._ledger = ledger
        self._lines: dict[tuple[str, str], int] = {}

    def note(self, section: Section, line: int, reading: Reading) -> None:
        """A record was read."""
        if section.table in ("cycle", "key_result") and len(self._lines) < _KEPT:
            self._lines[section.table, str(reading.row.get("id"))] = line

    def look(self) -> None:
        """Name every cycle and key result of the file that breaks a rule."""
        if not self._lines:
            return
        for row in cycle_rows.closed_cycles(self._connection):
            self._look_at_closed(row)
        for key_result, starts, due, first, last in cycle_rows.outside_their_cycle(self._connection):
            if line := self._lines.get(("key_result", key_result)):
                self._ledger.problem(
                    line, f"key result {key_result}", "",
                    f"- {starts} to {due} lies outside its cycle, {first} to {last}.")

    def _look_at_closed(self, cycle: Row) -> None:
        found = cycle_rows.key_results_in(self._connection, str(cycle["id"]))
        lines = [self._lines.get(("cycle", str(cycle["id"])))]
        lines += [self._lines.get(("key_result", str(row["id"]))) for row in found]
        line = next((each for each in lines if each), None)
        if line is None:
            return  # the file says nothing about it
        counts = cycle_rows.open_counts(self._connection, [str(row["id"]) for row in found])
        grades = cycle_rows.grades_of(self._connection, [str(row["id"]) for row in found])
        endings = [
            rules.Ending(str(row["id"]), row["status"] == "dropped" or (
                row["status"] == "graded" and str(row["id"]) in grades), sum(counts.get(str(row["id"]), {}).values()))
            for row in found
        ]
        said = cycle_rows.retrospective_of(self._connection, str(cycle["id"])) or {}
        missing = rules.in_the_way(endings, rules.retrospective_lacks(*(said.get(name) or () for name in LISTS)))
        if missing:
            self._ledger.problem(line, f"cycle {cycle['id']}", "status", f"- cannot be closed: {'; '.join(missing)}.")
