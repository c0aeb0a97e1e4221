"""Files for the tests of import and export."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from tracker.services.transfer.exporting import export_json
from tracker.services.transfer.importing import Imported, run_import
from tracker.services.workspace import Workspace

Record = dict[str, Any]


def small() -> dict[str, Any]:
    """The least file with a task, every list in the order of the shape."""
    return {
        "format": "tracker/1",
        "people": [{"id": "mara", "name": "Mara Okafor"}, {"id": "lena", "name": "Lena Fischer"}],
        "channels": [{"id": "email", "name": "Email"}],
        "strategies": [{
            "id": "S-01", "title": "Fill the weekdays", "owner": "mara", "status": "active", "who": "clinics",
            "why": "quiet weekdays", "approach": "be useful", "desired_action": "book a call",
            "horizon_start": "2026-09-01", "horizon_end": "2026-12-31", "channels": ["email"],
        }],
        "cycles": [{
            "id": "2026-10", "strategy": "S-01", "name": "October", "starts_on": "2026-10-01", "ends_on": "2026-10-31",
            "status": "active",
        }],
        "objectives": [{
            "id": "O-01", "strategy": "S-01", "cycle": "2026-10", "title": "Be known", "owner": "mara",
            "status": "active",
        }],
        "key_results": [key_result()],
        "tasks": [task()],
    }


def key_result(**changes: object) -> Record:
    """A key result of `small`, with changes."""
    return {
        "id": "KR-01", "objective": "O-01", "title": "Signed clients", "unit": "clients", "baseline": 0, "target": 10,
        "owner": "mara", "starts_on": "2026-10-01", "due_on": "2026-10-31", "status": "active", **changes,
    }


def task(**changes: object) -> Record:
    """A task of `small`, with changes."""
    made = {"id": "T-001", "title": "Write to ten clinics", "key_result": "KR-01", "created_on": "2026-10-05"}
    return made | changes


def written(path: Path, document: Mapping[str, object]) -> Path:
    """The document in a file."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, default=_plain), encoding="utf-8")
    return path


def _plain(value: object) -> object:
    assert isinstance(value, Decimal)
    return float(value)


def exported(ws: Workspace) -> bytes:
    """The whole workspace as its file."""
    out = io.BytesIO()
    export_json(ws, out)
    return out.getvalue()


def contents(ws: Workspace) -> dict[str, Any]:
    """The whole workspace as its file says it."""
    found: dict[str, Any] = json.loads(exported(ws))
    return found


def imported(ws: Workspace, path: Path, document: Mapping[str, object], *, replace: bool = False) -> Imported:
    """What importing the document did."""
    return run_import(ws, written(path, document), replace=replace)


Open = Callable[..., Workspace]
"""The `open_copy` fixture."""
