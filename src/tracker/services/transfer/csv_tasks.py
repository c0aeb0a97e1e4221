"""A CSV table of tasks in. Columns are matched by their headers; what a row leaves out is filled in where harmless.

* A row that cites no key result, an unknown one or (while open) one that is closed, becomes an arrival.
* A row with an id of ours (`T-043`) is that task; other ids are left out.
* A row without such an id that has title and key result of a task that is here already is that task: the same table
  can be imported again once its rows are corrected, and only the missing ones are added.
* A person or channel that is not known refuses the row: whose work it is must not get lost silently.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType

from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.plaintext import clean_line, csv_plain
from tracker.domain.tasks import OPEN
from tracker.services.transfer.csv_cells import DAYS, CellError, DayOrder, Known, day_order, hours, read_cell
from tracker.services.transfer.csv_directory import KeyResults, known_words
from tracker.services.transfer.csv_settling import settle
from tracker.services.transfer.csv_table import CsvTable, Row
from tracker.services.transfer.csv_words import FIELD_OF_COLUMN, NO, YES, plain
from tracker.services.transfer.importing import Records
from tracker.services.transfer.ledger import Ledger
from tracker.services.transfer.opening import shown
from tracker.services.transfer.records import TableRecord
from tracker.services.transfer.taking import Choices
from tracker.services.workspace import Workspace
from tracker.storage import bulk, task_rows
from tracker.storage.shape import SECTIONS
from tracker.storage.strategy_rows import next_task_number
from tracker.storage.writes import Row as StoredRow
from tracker.storage.writes import Transaction

Fields = dict[str, object]
Faults = list[tuple[str, str]]
"""(field, what is wrong with it)"""
_TASKS = next(section for section in SECTIONS if section.key == "tasks")
_TASK_ID = re.compile(r"t-0*([1-9][0-9]{0,9})", re.IGNORECASE)


@dataclass(slots=True)
class _Survey:
    """What a first look at all rows tells."""

    rows: int = 0
    order: DayOrder = DayOrder.UNKNOWN
    titles: set[int] = field(default_factory=set)
    """Hashes of the titles of rows without an id."""


class CsvSource:
    """A table of tasks, as a source of records."""

    unit = "row"
    takes_the_rest = True

    def __init__(self, ws: Workspace, path: Path) -> None:
        """Opens the table and looks through it once.

        Raises:
            WrongUsage: it is no text, no table, or has no column of titles.
            OutOfReach: it cannot be read.
        """
        self.name = shown(Path(path.name))
        self._today = ws.clock.today
        self._table = CsvTable(path, lambda header: sum(plain(cell) in FIELD_OF_COLUMN for cell in header))
        try:
            self._columns, self._left_out = _match(self._table.header)
            if "title" not in self._columns:
                found = ", ".join(repr(cell) for cell in self._table.header[:12])
                raise WrongUsage(
                    f"{shown(path)} has no column of titles; its first row reads {found}. Call one of them title "
                    "(or task, name, summary). Nothing was imported."
                )
            self._survey = self._look_through()
        except BaseException:
            self._table.close()
            raise
        self.total: int | None = self._survey.rows

    def __enter__(self) -> CsvSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._table.close()

    def choices(self, *, replace: bool, today: str) -> Choices:
        """Tables bring no history."""
        return Choices(
            replace=replace, today=today, makes_events=True, keeps_limits=True, external_source=f"csv:{self.name}"
        )

    def has_history(self) -> bool:
        """Tables bring no history."""
        return False

    def sections(self, tx: Transaction, ledger: Ledger) -> Iterable[Records]:
        """One section: the tasks."""
        for words in self._table.notices:
            ledger.notice(words)
        for header in self._left_out:
            ledger.notice(f"column {header!r} is not a field of a task and was left out (arrivals keep it)")
        reader = _RowReader(self, tx, ledger)
        yield Records(_TASKS, self._survey.rows, reader.records(self._table.rows()))

    def _look_through(self) -> _Survey:
        survey = _Survey()
        days = [self._columns[name] for name in DAYS if name in self._columns]
        title, id_ = self._columns["title"], self._columns.get("id")
        for row in self._table.rows():
            survey.rows += 1
            for place in days:
                if place < len(row.cells):
                    survey.order = day_order(survey.order, row.cells[place])
            if title < len(row.cells) and not _own_id(row, id_):
                survey.titles.add(hash(_title(row.cells[title])))
        return survey


class _RowReader:
    """Turns rows into task records, inside the transaction that takes them."""

    def __init__(self, source: CsvSource, tx: Transaction, ledger: Ledger) -> None:
        self._tx = tx
        self._ledger = ledger
        self._name = source.name
        self._today: date = source._today
        self._columns = source._columns
        self._header = source._table.header
        self._known: Known = known_words(tx.connection, source._survey.order, source._today)
        self._key_results = KeyResults(tx.connection)
        self._next_number = next_task_number(tx.connection)
        self._here = Counter(
            hash((title, key_result))
            for title, key_result in bulk.titles_with_key_result(tx.connection)
            if hash(title) in source._survey.titles
        )
        self._origins: Counter[str] = Counter()

    def records(self, rows: Iterable[Row]) -> Iterator[tuple[int, object]]:
        """(row, record) of each row that can be read; the others are refused."""
        for row in rows:
            record, faults = self._read(row)
            if faults:
                self._ledger.refuse("tasks", row.number, "", faults)
            elif record is not None:
                yield row.number, record

    def _read(self, row: Row) -> tuple[TableRecord | None, Faults]:
        if row.fault or len(row.cells) > len(self._header):
            too_many = f"has {len(row.cells)} cells and the header {len(self._header)}; is a quote missing?"
            return None, [("", row.fault or too_many)]
        fields, faults = self._fields(row)
        here = self._tx.get("task", fields["id"]) if "id" in fields else None
        if here is not None:
            return self._as_existing(fields, here, faults)
        if not fields.get("title") and not faults:
            faults.append(("title", "is empty; a task needs one"))
        return (None, faults) if faults else self._as_new(row, fields)

    def _as_existing(self, fields: Fields, here: StoredRow, faults: Faults) -> tuple[TableRecord | None, Faults]:
        """A task that is here: only what the row says counts, empty cells leave things as they are."""
        if "key_result" in fields and self._key_results.find(str(fields["key_result"])) is None:
            faults.append(("key_result", f"{str(fields['key_result'])[:50]!r} is no key result here"))
        fields["key_result"] = self._key_results.find(str(fields.get("key_result", ""))) or here["key_result"]
        if fields.get("status") == "todo":
            del fields["status"]
        for name in ("title", "created_on"):
            fields.setdefault(name, here[name])
        return (None, faults) if faults else (TableRecord(fields), [])

    def _as_new(self, row: Row, fields: Fields) -> tuple[TableRecord | None, Faults]:
        key_result = self._key_result(fields)
        if key_result is not None and self._is_here(fields, key_result):
            return None, []
        try:
            settle(fields, self._today, self._name, self._ledger.notice)
        except CellError as error:
            if key_result is not None:  # an arrival is settled when it gets a key result
                return None, [("", str(error))]
        if key_result and fields["status"] in OPEN and not self._key_results.is_open(key_result):
            self._ledger.notice(f"open rows that cite {key_result}, which is closed: {{n}}")
            key_result = None
        return self._as_task(fields, key_result) if key_result else self._as_arrival(row, fields), []

    def _fields(self, row: Row) -> tuple[Fields, Faults]:
        fields: Fields = {}
        faults: Faults = []
        for name, place in self._columns.items():
            cell = csv_plain(row.cells[place]).strip() if place < len(row.cells) else ""
            if not cell:
                continue
            try:
                self._put(fields, name, cell)
            except CellError as error:
                faults.append((f"column {self._header[place]!r}", f"- {error}"))
        return fields, faults

    def _put(self, fields: Fields, name: str, cell: str) -> None:
        if name == "estimate":
            low, high = hours(cell)
            fields.setdefault("estimate_low_h", low)
            fields.setdefault("estimate_high_h", high)
        elif name in ("done_on", "cancelled_on") and cell.casefold() in YES | NO:
            # a column of ticks
            if cell.casefold() in YES:
                fields.setdefault("status", "done" if name == "done_on" else "cancelled")
        elif name == "blocked_reason" and cell.casefold() in YES | NO:
            if cell.casefold() in YES:
                fields[name] = "blocked"
        elif name == "id":
            if found := _TASK_ID.fullmatch(cell):
                fields["id"] = f"T-{int(found[1]):03d}"
            else:
                self._ledger.notice("ids that are not of the form T-043 and were left out: {n}")
        elif name == "also_serves":
            fields[name] = self._also_serves(cell)
        else:
            fields[name] = read_cell(name, cell, self._known)

    def _also_serves(self, cell: str) -> list[str]:
        found = []
        for words in re.split(r"[,;]", cell):
            if words.strip():
                key_result = self._key_results.find(words)
                if key_result is None:
                    raise CellError(f"{words.strip()[:50]!r} is no key result here")
                found.append(key_result)
        return list(dict.fromkeys(found))

    def _key_result(self, fields: Fields) -> str | None:
        words = str(fields.get("key_result") or "")
        found = self._key_results.find(words)
        if found is None:
            shown = f"that cite {words[:40]!r}, which is no key result here" if words else "without a key result"
            self._ledger.notice(f"rows {shown}: {{n}}")
        return found

    def _is_here(self, fields: Fields, key_result: str) -> bool:
        """Whether a row without an id is a task that is here already; each of these is one row."""
        same = hash((_title(str(fields["title"])), key_result))
        if "id" in fields or self._here[same] <= 0:
            return False
        self._here[same] -= 1
        self._ledger.tally("tasks").unchanged += 1
        return True

    def _as_task(self, fields: Fields, key_result: str) -> TableRecord:
        fields["key_result"] = key_result
        if "id" not in fields:
            fields["id"] = f"T-{self._next_number:03d}"
            self._next_number += 1
        else:
            self._next_number = max(self._next_number, int(str(fields["id"])[2:]) + 1)
        if "added_mid_cycle" not in fields:
            began = task_rows.cycle_began_before(self._tx.connection, key_result, str(fields["created_on"]))
            fields["added_mid_cycle"] = began
        return TableRecord(fields)

    def _as_arrival(self, row: Row, fields: Fields) -> TableRecord:
        record = TableRecord({name: value for name, value in fields.items() if name not in ("key_result", "id")})
        record.setdefault("created_on", self._today.isoformat())
        taken = set(self._columns.values())
        record.extra = {
            header: cell for place, (header, cell) in enumerate(zip(self._header, row.cells, strict=False))
            if cell.strip() and (place not in taken or place == self._columns.get("key_result"))
        }
        told = hashlib.sha256("\x1f".join(row.cells).encode("utf-8", "replace")).hexdigest()[:24]
        self._origins[told] += 1
        record.origin = f"{told}-{self._origins[told]}"
        return record


def _match(header: list[str]) -> tuple[dict[str, int], list[str]]:
    """Which column holds which field, and the headers of those that hold none."""
    columns: dict[str, int] = {}
    left_out = []
    for place, cell in enumerate(header):
        name = FIELD_OF_COLUMN.get(plain(cell))
        if name is None or name in columns:
            left_out += [cell] if cell else []
        else:
            columns[name] = place
    return columns, left_out


def _own_id(row: Row, place: int | None) -> bool:
    return place is not None and place < len(row.cells) and bool(_TASK_ID.fullmatch(row.cells[place].strip()))


def _title(cell: str) -> str:
    try:
        return clean_line(csv_plain(cell))
    except Refused:
        return ""
