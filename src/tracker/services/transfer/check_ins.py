"""Check-ins in a file keep to the rules of those that are made here: their day, and the kind of value they may say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from sqlite3 import Connection

from tracker.domain.check_ins import Terms, day_fault, value_fault
from tracker.services.transfer.records import Problem, Reading
from tracker.storage.check_in_rows import terms_of
from tracker.storage.shape import Section

_TABLES = ("check_in", "superseded_check_in")


class CheckInRules:
    """Looks at each check-in of a file; the key results are there by then."""

    def __init__(self, connection: Connection, today: str) -> None:
        self._connection = connection
        self._today = date.fromisoformat(today) if today else None
        self._terms: dict[str, Terms | None] = {}

    def problems(self, section: Section, reading: Reading) -> list[Problem]:
        """What is wrong with a record that can be read, when it is a check-in of a key result that is known."""
        if section.table not in _TABLES or reading.problems:
            return []
        terms = self._of(str(reading.row["key_result"]))
        if terms is None or self._today is None:
            return []  # the database says what is wrong with that
        faults = {
            "on_date": day_fault(terms, date.fromisoformat(str(reading.row["on_date"])), self._today),
            "value": value_fault(terms, Decimal(str(reading.row["value"]))),
        }
        return [(name, fault) for name, fault in faults.items() if fault is not None]

    def _of(self, key_result: str) -> Terms | None:
        if key_result not in self._terms:
            self._terms[key_result] = terms_of(self._connection, key_result)
        return self._terms[key_result]
