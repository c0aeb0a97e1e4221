"""Tasks out as a CSV table that spreadsheets open without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from tracker.domain.filters import TaskFilter
from tracker.domain.plaintext import csv_safe
from tracker.services.transfer.ledger import Progress, Steps
from tracker.services.workspace import Workspace
from tracker.storage.columns import COLUMNS
from tracker.storage.dump import count_tasks, task_rows

FIELDS = (*(name for name in COLUMNS["task"].names if name != "number"), "also_serves", "waits_for")
"""The columns of the table, by their names in the domain; several ids in a cell have commas between."""
_CHUNK = 500


def export_csv(
    ws: Workspace, out: BinaryIO, progress: Progress | None = None, *, wanted: TaskFilter | None = None
) -> int:
    """Write every field of every task, or of those a filter wants, and return how many there were.

    UTF-8, commas, one header row. A cell that a spreadsheet might run as a formula begins with an apostrophe, which
    an import takes away again. Memory does not grow with the number of tasks.

    Raises:
        OutOfReach: the database cannot be read.
        OSError: `out` cannot be written to.
    """
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    try:
        with ws.store.snapshot() as connection:
            steps = Steps(progress, None if wanted else count_tasks(connection))
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(FIELDS)
            written = 0
            if wanted is None:
                tables: Iterable[Iterable[tuple[object, ...]]] = [task_rows(connection, FIELDS)]
            else:
                tables = (task_rows(connection, FIELDS, ids) for ids in _ids(ws, wanted))
            for rows in tables:
                for chunk in _chunks(rows):
                    writer.writerows([_safe(row) for row in chunk])
                    written += len(chunk)
                    steps.step(len(chunk))
            steps.finish()
    finally:
        text.detach()  # flushes, and leaves `out` open
    return written


def _ids(ws: Workspace, wanted: TaskFilter) -> Iterator[list[str]]:
    from tracker.services.board import iterate

    cards = iterate(ws, wanted)
    while some := [card.id for card in islice(cards, _CHUNK)]:
        yield some


def _chunks(rows: Iterable[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    stream = iter(rows)
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk


def _safe(row: tuple[object, ...]) -> list[object]:
    return [csv_safe(cell) if isinstance(cell, str) else cell for cell in row]
