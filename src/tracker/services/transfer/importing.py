"""Importing a file: a plan that touches nothing, and the run that does what the plan says, all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tracker.domain.errors import Conflict, Refused, WrongUsage
from tracker.services.transfer.json_file import Contents, JsonFile
from tracker.services.transfer.ledger import Ledger, Progress, Steps
from tracker.services.transfer.opening import shown
from tracker.services.transfer.plan import ImportPlan
from tracker.services.transfer.taking import Choices, Taker
from tracker.services.workspace import Workspace
from tracker.storage import bulk
from tracker.storage.shape import FORMAT, SECTIONS, Section
from tracker.storage.writes import Transaction

_READ = frozenset({FORMAT, "tracker-example/1"})
_ABOUT = frozenset({"format", "note", "as_of", "team"})
"""Keys that speak about the file and are not kept."""
_SHOWN = 20
"""Problems in the message of a refusal; the plan has more."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    batch: int | None
    """The change it is in the history, None when there was nothing to do or the file brought its own history."""
    label: str
    plan: ImportPlan

    @property
    def notices(self) -> tuple[str, ...]:
        """What the person should know."""
        return self.plan.notices


@dataclass(frozen=True, slots=True)
class Records:
    """What a source gives for one section."""

    section: Section
    expected: int
    stream: Iterable[tuple[int, object]]
    """(line, record)"""


class Source(Protocol):
    """Something that records come from."""

    name: str
    unit: str
    takes_the_rest: bool
    total: int | None

    def choices(self, *, replace: bool, today: str) -> Choices:
        """How the records are to be taken."""

    def has_history(self) -> bool:
        """Whether it brings the history of changes along."""

    def sections(self, tx: Transaction, ledger: Ledger) -> Iterable[Records]:
        """The records of each section, in the order of the exchange shape."""


class JsonSource:
    """A JSON file of the exchange shape."""

    unit = "line"
    takes_the_rest = False

    def __init__(self, file: JsonFile) -> None:
        """Looks through the file.

        Raises:
            WrongUsage: it is no JSON in UTF-8, or no file of a known format.
            Refused: a newer program wrote it.
        """
        self.name = shown(Path(file.path.name))
        self._file = file
        self._contents = file.contents()
        _check_format(file.path, self._contents)
        self.total: int | None = sum(place.records for place in self._contents.arrays.values())

    def choices(self, *, replace: bool, today: str) -> Choices:
        """As the file's sections say."""
        arrays = self._contents.arrays
        return Choices(
            replace=replace, today=today, makes_events="task_events" not in arrays,
            external_source=f"json:{self.name}", arrivals_wait="import_items" in arrays,
        )

    def has_history(self) -> bool:
        """Whether it brings change batches along."""
        place = self._contents.arrays.get("change_batches")
        return place is not None and place.records > 0

    def sections(self, tx: Transaction, ledger: Ledger) -> Iterable[Records]:
        """Each array that is known, in the order its records need each other."""
        known = {section.key for section in SECTIONS}
        for key in self._contents.arrays:
            if key not in known:
                ledger.notice(f"{key[:60]!r} is not known and was left out")
        for key, value in self._contents.values.items():
            if key in known and value is not None:
                ledger.refuse(key, 1, key, [("", "is not a list of records")])
            elif key not in known and key not in _ABOUT:
                ledger.notice(f"{key[:60]!r} is not known and was left out")
        for section in SECTIONS:
            if section.key in self._contents.arrays:
                place = self._contents.arrays[section.key]
                yield Records(section, place.records, self._file.records(place))


def plan_import(
    ws: Workspace, path: Path, *, replace: bool = False, progress: Progress | None = None
) -> ImportPlan:
    """What importing a JSON file or a CSV table of tasks would do.

    The import is rehearsed in a transaction that is taken back, so that every rule of the database has its say: what
    the plan shows is what the run does.

    Raises:
        WrongUsage: the file cannot be read as either.
        Refused: a newer program wrote it.
        OutOfReach: the file or the database cannot be used.
    """
    try:
        _run(ws, path, replace=replace, progress=progress, rehearsal=True)
    except _RehearsedError as rehearsed:
        return rehearsed.plan
    raise AssertionError("a rehearsal ends by being taken back")


def run_import(
    ws: Workspace, path: Path, *, replace: bool = False, progress: Progress | None = None
) -> Imported:
    """Import a JSON file or a CSV table of tasks in one transaction: all of it or, when stopped, nothing.

    A JSON file is taken whole or refused. Of a table, rows that cannot be taken are left out and named in the plan.

    Raises:
        Refused: records of a JSON file break rules.
        Conflict: records say something else than those here, and `replace` was not asked for.
        WrongUsage, OutOfReach: as for `plan_import`.
    """
    return _run(ws, path, replace=replace, progress=progress, rehearsal=False)


def import_source(
    ws: Workspace, source: Source, label: str, *, replace: bool = False, progress: Progress | None = None,
    rehearsal: bool = False,
) -> Imported:
    """Import what a source gives, under a label in the history; a rehearsal ends in `_RehearsedError`."""
    ledger = Ledger(source.name, unit=source.unit, takes_the_rest=source.takes_the_rest)
    steps = Steps(progress, source.total)
    with ws.writing(label) as tx:
        ledger.restores_history = source.has_history() and bulk.is_empty(tx.connection)
        choices = source.choices(replace=replace, today=ws.clock.today.isoformat())
        taker = Taker(tx, ledger, steps, choices, recorded=not ledger.restores_history)
        for records in source.sections(tx, ledger):
            taker.take(records.section, records.stream, records.expected)
        taker.finish()
        plan = ledger.plan()
        if rehearsal:
            raise _RehearsedError(plan)
        if plan.is_refused:
            raise _refusal(plan)
        batch = tx.batch
    steps.finish()
    return Imported(batch, label, plan)


def _run(ws: Workspace, path: Path, *, replace: bool, progress: Progress | None, rehearsal: bool) -> Imported:
    label = f"import {shown(Path(path.name))}"[:200]
    if is_json(path):
        file = JsonFile(path)
        try:
            if progress is not None:
                progress(0, None)
            source = JsonSource(file)
            return import_source(ws, source, label, replace=replace, progress=progress, rehearsal=rehearsal)
        finally:
            file.close()
    from tracker.services.transfer.csv_tasks import CsvSource

    with CsvSource(ws, path) as table:
        return import_source(ws, table, label, replace=replace, progress=progress, rehearsal=rehearsal)


def is_json(path: Path) -> bool:
    """Whether the file is to be read as JSON: by its name, else by how it begins."""
    suffix = path.suffix.lower()
    if suffix in (".json", ".csv", ".tsv") or not path.is_file():
        return suffix not in (".csv", ".tsv")
    with path.open("rb") as file:
        return file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _check_format(path: Path, contents: Contents) -> None:
    named = contents.values.get("format")
    if named in _READ:
        return
    if isinstance(named, str) and re.fullmatch(r"tracker/[0-9]{1,6}", named):
        raise Refused(
            f"{shown(path)} is {named}, written by a newer tracker; this one reads {FORMAT}. Nothing was imported; "
            "upgrade with: pip install --upgrade strategy-tracker"
        )
    what = f"says it is {str(named)[:60]!r}" if named is not None else "does not say its format"
    raise WrongUsage(f'{shown(path)} {what}; a tracker file has "format": "{FORMAT}". Nothing was imported.')


class _RehearsedError(Exception):
    """Ends a rehearsal, so that its transaction is taken back."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__("rehearsed")
        self.plan = plan


def _refusal(plan: ImportPlan) -> Refused | Conflict:
    if plan.problem_count:
        lines = [f"  {problem}" for problem in plan.problems[:_SHOWN]]
        more = plan.problem_count - len(lines)
        lines += [f"  and {more:,} more"] if more > 0 else []
        count = f"{plan.problem_count:,} {'problem' if plan.problem_count == 1 else 'problems'}"
        return Refused("\n".join([f"{plan.source} was not imported, nothing was changed; {count}:", *lines]))
    lines = [
        f"  {each.entity} {each.id} {each.field}: here {each.theirs!r}, in the file {each.ours!r}"[:300]
        for each in plan.conflicts[:_SHOWN]
    ]
    more = plan.conflict_count - len(lines)
    lines += [f"  and {more:,} more"] if more > 0 else []
    count = f"{plan.conflict_count:,} {'field differs' if plan.conflict_count == 1 else 'fields differ'}"
    head = f"{plan.source} was not imported, nothing was changed; {count} from what is here:"
    return Conflict(
        "\n".join([head, *lines, "Ask for them to be replaced (--replace) if the file is right."]), plan.conflicts
    )
