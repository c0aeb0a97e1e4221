"""A file keeps to the rules of closing a cycle, too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tracker.domain.errors import Refused
from tracker.services import cycles
from tracker.services.cycles import Decided, Orders, TaskPlan
from tracker.services.strategy import records
from tracker.services.transfer.exporting import export_json
from tracker.services.transfer.importing import plan_import, run_import
from tracker.services.workspace import Workspace


def exported(ws: Workspace, path: Path) -> dict[str, Any]:
    with path.open("wb") as out:
        export_json(ws, out)
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    found.pop("change_batches", None)  # else it is a backup, and what was once allowed stays
    found.pop("changes", None)
    return found


def refused(ws: Workspace, path: Path, content: dict[str, Any]) -> str:
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(Refused) as caught:
        run_import(ws, path)
    assert records(ws, "cycle") == []
    assert plan_import(ws, path).is_refused
    return str(caught.value)


def _of(content: dict[str, Any], section: str, identity: str) -> dict[str, Any]:
    return next(row for row in content[section] if row["id"] == identity)


def test_a_file_with_a_cycle_that_was_closed_here_is_taken(
    northlight: Workspace, empty: Workspace, tmp_path: Path
) -> None:
    cycles.close_cycle(northlight, None, Orders(
        rest_raw=True, rest_decided="continue", decided=(Decided("KR-12", "drop", "nobody looks"),),
        tasks={"KR-12": TaskPlan(cancel_reason="dropped with it")}, worked=["a"], did_not=["b"], learned=["c"],
    ))
    path = tmp_path / "out.json"
    path.write_text(json.dumps(exported(northlight, path)), "utf-8")
    run_import(empty, path)
    assert [row["status"] for row in records(empty, "cycle")] == ["closed", "closed", "active"]


@pytest.mark.parametrize(
    ("section", "words"),
    [("grades", "cycle 2026-09 status - cannot be closed: neither graded nor dropped: KR-01, KR-02, KR-03, KR-04"),
     ("retrospectives", "does not say what worked, what did not, what was learned")],
)  # fmt: skip
def test_a_closed_cycle_without_grades_or_retrospective_is_refused(
    northlight: Workspace, empty: Workspace, tmp_path: Path, section: str, words: str
) -> None:
    content = exported(northlight, tmp_path / "out.json")
    content[section] = []
    assert words in refused(empty, tmp_path / "in.json", content)


def test_a_cycle_closed_over_open_tasks_is_refused(northlight: Workspace, empty: Workspace, tmp_path: Path) -> None:
    content = exported(northlight, tmp_path / "out.json")
    _of(content, "cycles", "2026-10")["status"] = "closed"
    said = refused(empty, tmp_path / "in.json", content)
    assert "cycle 2026-10 status - cannot be closed: neither graded nor dropped: KR-05" in said
    assert "28 open tasks on KR-05" in said


def test_a_key_result_outside_its_cycle_is_refused(northlight: Workspace, empty: Workspace, tmp_path: Path) -> None:
    content = exported(northlight, tmp_path / "out.json")
    _of(content, "key_results", "KR-05")["due_on"] = "2026-11-15"
    said = refused(empty, tmp_path / "in.json", content)
    assert "key result KR-05 - 2026-10-01 to 2026-11-15 lies outside its cycle, 2026-10-01 to 2026-10-31" in said


@pytest.mark.parametrize(
    ("section", "identity", "field", "value", "words"),
    [
        ("cycles", "2026-11", "starts_on", "2026-10-20", "overlap"),
        ("cycles", "2026-11", "status", "grading", "active or being graded"),
        ("key_results", "KR-05", "target", -1, "above its baseline"),
    ],
)  # fmt: skip
def test_what_the_database_holds_is_said_of_a_file_too(
    northlight: Workspace, empty: Workspace, tmp_path: Path, section: str, identity: str, field: str, value: object,
    words: str,
) -> None:
    content = exported(northlight, tmp_path / "out.json")
    _of(content, section, identity)[field] = value
    assert words in refused(empty, tmp_path / "in.json", content)


def test_a_grade_without_a_reason_is_refused(northlight: Workspace, empty: Workspace, tmp_path: Path) -> None:
    content = exported(northlight, tmp_path / "out.json")
    next(row for row in content["grades"] if row["key_result"] == "KR-02")["rationale"] = ""
    assert "needs a reason of 10 characters" in refused(empty, tmp_path / "in.json", content)


def test_weights_of_zero_everywhere_are_taken_and_their_score_is_unknown(
    northlight: Workspace, empty: Workspace, tmp_path: Path
) -> None:
    from tracker.services.closing import closing

    content = exported(northlight, tmp_path / "out.json")
    for row in content["key_results"]:
        row["weight"] = 0
    path = tmp_path / "in.json"
    path.write_text(json.dumps(content), "utf-8")
    run_import(empty, path)
    assert closing(empty).scores.all is None
