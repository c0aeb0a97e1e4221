"""The whole workspace as one JSON file, streamed: one record a line, always in the same order."""

from __future__ import annotations

import json
from typing import BinaryIO

from tracker.services.transfer.ledger import Progress, Steps
from tracker.services.workspace import Workspace
from tracker.storage.dump import count_records, dump_records
from tracker.storage.shape import FORMAT, SECTIONS


def export_json(ws: Workspace, out: BinaryIO, progress: Progress | None = None) -> int:
    """Write everything that people made, history included, and return the number of records.

    Imported into an empty database and exported again, it gives the same bytes. Memory does not grow with the
    database; all records are of one moment, whatever others write meanwhile.

    Raises:
        OutOfReach: the database cannot be read.
        OSError: `out` cannot be written to.
    """
    written = 0
    with ws.store.snapshot() as connection:
        steps = Steps(progress, sum(count_records(connection, section) for section in SECTIONS))
        out.write(f'{{\n"format": {json.dumps(FORMAT)}'.encode())
        for section in SECTIONS:
            out.write(f',\n"{section.key}": ['.encode())
            before = "\n"
            for texts in dump_records(connection, section):
                out.write((before + ",\n".join(texts)).encode())
                before = ",\n"
                written += len(texts)
                steps.step(len(texts))
            out.write(b"\n]" if before != "\n" else b"]")
        out.write(b"\n}\n")
        steps.finish()
    return written
