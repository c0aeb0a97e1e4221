"""Takes records into the database, section by section, inside one transaction.

A record with a new name is made, one that says what is here already is passed over, and one that says something else
is a conflict unless the file is to replace what is here. The database's own rules are on throughout; a record that
breaks one is named with the rule.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tracker.domain.errors import Disagreement
from tracker.domain.plaintext import clean_line
from tracker.services.notices import over_limits
from tracker.services.transfer.arrivals import Arrivals
from tracker.services.transfer.check_ins import CheckInRules
from tracker.services.transfer.comparing import comparable, is_same, listed
from tracker.services.transfer.endings import EndRules
from tracker.services.transfer.events import events_of
from tracker.services.transfer.ledger import Ledger, Steps
from tracker.services.transfer.records import Reading, RecordReader
from tracker.storage import bulk
from tracker.storage.columns import COLUMNS
from tracker.storage.faults import in_words
from tracker.storage.shape import HISTORY, LAST, LATE, Part, Section
from tracker.storage.writes import Row, Transaction

_CHUNK = 500
_MAY_LACK = ("id", "key_result")
"""What a task may lack when it becomes an arrival."""
_TASK_ID = re.compile(r"T-0*([1-9][0-9]{0,9})")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person asked for, and what the file is."""

    replace: bool = False
    makes_events: bool = False
    """The file brings no status history: each new task's is made from its days."""
    keeps_limits: bool = False
    """New work keeps to the limits of started work; a restored workspace is what it was."""
    today: str = ""
    external_source: str = ""
    """What arrivals name as their origin."""
    arrivals_wait: bool = False
    """The file has arrivals of its own; those made from its tasks get their ids after these."""


@dataclass(slots=True)
class _Pending:
    """A record on its way."""

    section: Section
    line: int
    reading: Reading

    @property
    def name(self) -> str:
        return _name_of(self.section, self.reading.row, None)


@dataclass(slots=True)
class _LatePart:
    pending: _Pending
    part: Part
    parent: object
    is_new: bool


@dataclass(slots=True)
class _Section:
    """What is being done about one section."""

    section: Section
    pending: list[_Pending] = field(default_factory=list)
    late_fields: list[tuple[_Pending, Row]] = field(default_factory=list)
    late_parts: list[_LatePart] = field(default_factory=list)


class Taker:
    """Takes sections in the order of the exchange shape."""

    def __init__(self, tx: Transaction, ledger: Ledger, steps: Steps, choices: Choices, *, recorded: bool) -> None:
        """`recorded`: whether each row is written to the history of changes as part of this transaction's batch."""
        self._tx = tx
        self._ledger = ledger
        self._steps = steps
        self._choices = choices
        self._recorded = recorded
        self._into_empty = bulk.is_empty(tx.connection)
        self._arrivals = Arrivals(tx, ledger, choices.external_source, choices.today, recorded=recorded)
        self._check_ins = CheckInRules(tx.connection, choices.today)
        self._ends = EndRules(tx.connection, ledger)
        self._numbers: dict[str, int] = {}
        self._new_tasks: set[str] = set()
        self._last_fields: list[tuple[_Pending, Row]] = []
        self._started: set[tuple[str, str]] = set()
        """(status, owner) of tasks that were made."""

    def take(self, section: Section, records: Iterable[tuple[int, object]], expected: int = 0) -> None:
        """Take every (line, record) of a section, of which there are about as many as `expected`."""
        if section.key in HISTORY and not self._ledger.restores_history:
            self._ledger.notice("the file's history of changes stays out; this import is one change of its own")
            return
        if section.key == "comment_links" and not self._into_empty:
            if expected:
                self._ledger.notice("twins of comments stay out: comments get other numbers here than in the file")
            return
        reader = RecordReader(section, allow_missing=_MAY_LACK if section.key == "tasks" else ())
        work = _Section(section)
        if section.key == "tasks":
            with bulk.many_tasks(self._tx, expected):
                self._take_in_chunks(work, reader, records)
        else:
            self._take_in_chunks(work, reader, records)
        self._finish(work)

    def _take_in_chunks(
        self, work: _Section, reader: RecordReader, records: Iterable[tuple[int, object]]
    ) -> None:
        stream = iter(records)
        while chunk := list(islice(stream, _CHUNK)):
            for line, record in chunk:
                self._sort_out(work, line, record, reader.read(record))
            self._make_pending(work)
            if not self._choices.arrivals_wait:
                self._arrivals.make()
            self._steps.step(len(chunk))

    def finish(self) -> None:
        """All sections were taken.

        Raises:
            Refused: a hard limit of started work is passed.
        """
        self._arrivals.make()
        for pending, values in self._last_fields:
            self._set_late(pending, values)
        self._ends.look()
        if self._choices.keeps_limits:
            # one row stands for all of a status and owner: limits are counted in the database
            rows: list[Row] = [{"id": "", "status": status, "owner": owner} for status, owner in sorted(self._started)]
            for words in over_limits(self._tx, rows, None):
                self._ledger.notice(words)

    # one record

    def _sort_out(self, work: _Section, line: int, record: object, reading: Reading) -> None:
        section, ledger = work.section, self._ledger
        for unknown in reading.unknown:
            ledger.notice(f"{section.key}: field {unknown[:60]!r} is not known and was left out, records: {{n}}")
        if section.key == "tasks":
            _check_task_id(reading)
            if reading.row.get("recurs") and "series" not in reading.given:
                reading.row["series"] = reading.row["id"]  # the first of its series, as far as the file knows
        if not ledger.restores_history:  # what was allowed when it was said stays said, whatever changed since
            reading.problems += self._check_ins.problems(section, reading)
            self._ends.note(section, line, reading)
        if reading.problems:
            ledger.refuse(section.key, line, _name_of(section, reading.row, record), reading.problems)
        elif section.key == "tasks" and not reading.row["key_result"]:
            self._arrivals.add(line, record, reading)
        elif not self._arrivals.concern(section, reading):
            self._route(work, _Pending(section, line, reading))

    def _route(self, work: _Section, pending: _Pending) -> None:
        section, row = work.section, pending.reading.row
        if section.table is None:
            work.late_parts.append(_LatePart(pending, section.parts[0], row[section.parts[0].parent], False))
        elif self._into_empty:
            self._number(section.table, row, given=row.get("number"))
            work.pending.append(pending)
        elif section.table == "task_event" and row["task"] not in self._new_tasks:
            # the history of a task that is here already is append only, and its own
            self._ledger.tally(section.key).unchanged += 1
        elif not section.name:
            self._add_unless_same(work, section.table, pending)
        else:
            self._add_or_compare(work, section.table, pending)

    def _add_unless_same(self, work: _Section, table: str, pending: _Pending) -> None:
        if bulk.holds_same(self._tx.connection, table, pending.reading.row):
            self._ledger.tally(work.section.key).unchanged += 1
        else:
            self._number(table, pending.reading.row, given=None)
            work.pending.append(pending)

    def _add_or_compare(self, work: _Section, table: str, pending: _Pending) -> None:
        row = pending.reading.row
        here = self._tx.get(table, *(row[name] for name in COLUMNS[table].key))
        if here is None:
            self._number(table, row, given=None)
            work.pending.append(pending)
            return
        differing = {
            name: value
            for name, value in pending.reading.said.items()
            if not is_same(table, name, here[name], value)
        }
        parts = [part for part in work.section.parts if part.key in pending.reading.parts]
        for part in [part for part in parts if self._has_same_part(part, row, table, pending)]:
            del pending.reading.parts[part.key]
        self._replace(work, table, pending, here, differing)

    def _has_same_part(self, part: Part, row: Row, table: str, pending: _Pending) -> bool:
        here = bulk.rows_of_part(self._tx.connection, part, row[COLUMNS[table].key[0]])
        wanted = pending.reading.parts[part.key]
        return comparable(part, here) == comparable(part, wanted)

    def _replace(
        self, work: _Section, table: str, pending: _Pending, here: Row, differing: Mapping[str, object]
    ) -> None:
        tally, parts = self._ledger.tally(work.section.key), pending.reading.parts
        if not differing and not parts:
            tally.unchanged += 1
        elif not self._choices.replace:
            self._disagree(work.section, pending, here, differing)
        elif self._update(work.section, table, pending, here, differing):
            tally.changed += 1
            for part in work.section.parts:
                if part.key in parts:
                    work.late_parts.append(_LatePart(pending, part, here[COLUMNS[table].key[0]], False))

    def _disagree(self, section: Section, pending: _Pending, here: Row, differing: Mapping[str, object]) -> None:
        names = [*differing, *pending.reading.parts]
        if self._ledger.takes_the_rest:
            what = f"differs from the one that is here in {', '.join(names)}; ask for it to be replaced if you mean it"
            self._ledger.refuse(section.key, pending.line, pending.name, [("", what)])
            return
        self._ledger.tally(section.key).refused += 1
        key = "/".join(str(here[name]) for name in section.name)
        found = [
            Disagreement(section.entity, key, name, None, value, here[name]) for name, value in differing.items()
        ]
        for part in section.parts:
            if part.key in pending.reading.parts:
                theirs = bulk.rows_of_part(self._tx.connection, part, here[section.name[0]])
                ours = pending.reading.parts[part.key]
                found.append(
                    Disagreement(section.entity, key, part.key, None, listed(part, ours), listed(part, theirs))
                )
        self._ledger.conflict(found)

    def _update(
        self, section: Section, table: str, pending: _Pending, here: Row, differing: Mapping[str, object]
    ) -> bool:
        try:
            self._tx.update(table, here, differing)
        except sqlite3.IntegrityError as error:
            self._ledger.refuse(section.key, pending.line, pending.name, [("", _rule(error))])
            return False
        return True

    def _number(self, table: str, row: Row, *, given: object) -> None:
        """Give a row of a counted table its number: the one its id holds, the one given, or the next."""
        if "number" not in COLUMNS[table].names:
            return
        if table == "task":
            found = _TASK_ID.fullmatch(str(row["id"]))
            row["number"] = int(found[1]) if found else None
        elif given is not None:
            row["number"] = given
        else:
            if table not in self._numbers:
                self._numbers[table] = bulk.last_number(self._tx.connection, table)
            self._numbers[table] += 1
            row["number"] = self._numbers[table]

    # many records

    def _make_pending(self, work: _Section) -> None:
        """Make the new rows of a chunk, then what hangs on them."""
        pending, section = work.pending, work.section
        work.pending = []
        if not pending or section.table is None:
            return
        late = LATE.get(section.table, {})
        later = [{name: each.reading.row[name] for name in late} for each in pending]
        for each in pending:
            each.reading.row.update(late)
        made = self._insert(section, section.table, pending, [each.reading.row for each in pending])
        self._ledger.tally(section.key).added += sum(made)
        taken = [each for each, is_made in zip(pending, made, strict=True) if is_made]
        work.late_fields += [
            (each, values)
            for each, values, is_made in zip(pending, later, made, strict=True)
            if is_made and values != late
        ]
        self._make_parts(work, taken)
        if section.table == "task":
            self._begin_history(section, taken)

    def _make_parts(self, work: _Section, taken: list[_Pending]) -> None:
        for part in work.section.parts:
            owning = [each for each in taken if each.reading.parts.get(part.key)]
            if part.is_late:
                parent = COLUMNS[str(work.section.table)].key[0]
                work.late_parts += [_LatePart(each, part, each.reading.row[parent], True) for each in owning]
            else:
                owners = [each for each in owning for _ in each.reading.parts[part.key]]
                rows = [row for each in owning for row in each.reading.parts[part.key]]
                self._insert(work.section, part.table, owners, rows, part.key)

    def _begin_history(self, section: Section, taken: list[_Pending]) -> None:
        if not self._into_empty:
            self._new_tasks.update(str(each.reading.row["id"]) for each in taken)
        self._started.update((str(each.reading.row["status"]), str(each.reading.row["owner"])) for each in taken)
        if self._recorded and not self._into_empty:
            for each in taken:
                self._arrivals.promote(str(each.reading.row["title"]), str(each.reading.row["id"]))
        if self._choices.makes_events:
            found = [(each, event) for each in taken for event in events_of(each.reading.row, self._tx.by)]
            rows = [event for _, event in found]
            self._insert(section, "task_event", [each for each, _ in found], rows, recorded=False)

    def _insert(
        self, section: Section, table: str, owners: list[_Pending], rows: list[Row], what: str = "", *,
        recorded: bool = True,
    ) -> list[bool]:
        """Which of the rows were made; those that break a rule are refused under the name of their owner."""
        # status events belong to their task: they come and go with it and are no change of their own
        recorded = recorded and self._recorded and table != "task_event"
        made = [True] * len(rows)
        for fault in bulk.insert_rows(self._tx, table, rows, recorded=recorded):
            made[fault.index] = False
            owner = owners[fault.index]
            self._ledger.refuse(section.key, owner.line, owner.name, [(fault.field or what, f"- {fault.message}")])
        return made

    # the end of a section

    def _finish(self, work: _Section) -> None:
        for late in work.late_parts:
            self._arrivals.leave_out(late.part, late.pending.reading)
            if late.is_new:
                rows = late.pending.reading.parts[late.part.key]
                self._insert(work.section, late.part.table, [late.pending] * len(rows), rows, late.part.key)
            else:
                self._set_part(work.section, late)
        for pending, values in work.late_fields:
            self._set_late(pending, {name: value for name, value in values.items() if name not in LAST})
            last = {name: value for name, value in values.items() if name in LAST}
            if last:
                self._last_fields.append((pending, last))

    def _set_late(self, pending: _Pending, values: Row) -> None:
        section = pending.section
        table = str(section.table)
        key = tuple(pending.reading.row[name] for name in COLUMNS[table].key)
        fault = bulk.set_fields(self._tx, table, key, values, recorded=self._recorded)
        if fault is not None:
            self._ledger.tally(section.key).added -= 1
            faults = [(fault.field or "", f"- {fault.message}")]
            self._ledger.refuse(section.key, pending.line, pending.name, faults)

    def _set_part(self, section: Section, late: _LatePart) -> None:
        """Make the list of a record that is here what the file says."""
        part, wanted = late.part, late.pending.reading.parts.get(late.part.key, [])
        here = bulk.rows_of_part(self._tx.connection, part, late.parent)
        if section.table is None and not self._may_set(section, late, here, wanted):
            return
        key = COLUMNS[part.table].key
        by_key = {tuple(row[name] for name in key): row for row in here}
        try:
            for row in wanted:
                existing = by_key.pop(tuple(row[name] for name in key), None)
                if existing is None:
                    faults = bulk.insert_rows(self._tx, part.table, [row], recorded=self._recorded)
                    for fault in faults:
                        self._refuse_part(section, late, f"- {fault.message}")
                else:
                    self._tx.update(part.table, existing, row)
            for row in by_key.values():
                self._tx.delete(part.table, row)
        except sqlite3.IntegrityError as error:
            self._refuse_part(section, late, _rule(error))

    def _refuse_part(self, section: Section, late: _LatePart, message: str) -> None:
        self._ledger.refuse(section.key, late.pending.line, late.pending.name, [(late.part.key, message)])

    def _may_set(self, section: Section, late: _LatePart, here: list[Row], wanted: list[Row]) -> bool:
        """Count a record that is nothing but its list; False when there is nothing to do about it."""
        tally = self._ledger.tally(section.key)
        if comparable(late.part, here) == comparable(late.part, wanted):
            tally.unchanged += 1
        elif not here:
            tally.added += 1
            return True
        elif self._choices.replace:
            tally.changed += 1
            return True
        else:
            tally.refused += 1
            ours, theirs = listed(late.part, wanted), listed(late.part, here)
            self._ledger.conflict(
                [Disagreement(section.entity, str(late.parent), late.part.key, None, ours, theirs)]
            )
        return False


def _check_task_id(reading: Reading) -> None:
    id_ = reading.row.get("id")
    if reading.row and reading.row["key_result"] and not id_:
        reading.problems.append(("id", "is missing"))
    elif id_ and not _TASK_ID.fullmatch(str(id_)):
        reading.problems.append(("id", f"is {str(id_)[:40]!r}; a task's id is T- and a number, like T-043"))


def _name_of(section: Section, row: Mapping[str, object], record: object) -> str:
    known = [str(row[name])[:40] for name in section.name if row.get(name) not in (None, "")]
    if not known and isinstance(record, dict):
        known = [str(record[name])[:40] for name in ("id", "task", "title") if isinstance(record.get(name), str)][:1]
    return clean_line(" ".join([section.entity, "/".join(known)]))


def _rule(error: sqlite3.IntegrityError) -> str:
    return f"- {in_words(error, Path())}"

