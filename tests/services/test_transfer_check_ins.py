"""Check-ins that a file brings keep to the rules of those made here, and come back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.services.transfer_files import contents, exported, imported, key_result, small
from tracker.domain.errors import Refused
from tracker.services.check_ins import NewCheckIn, check_in
from tracker.services.strategy import edit_record
from tracker.services.transfer.importing import plan_import, run_import
from tracker.services.workspace import Workspace
from tracker.storage.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "workspace.json"


def saying(**changes: object) -> dict[str, Any]:
    """A small file with one check-in."""
    said = {"key_result": "KR-01", "on_date": "2026-10-12", "value": 4, "confidence": 6, "author": "mara", "note": "up"}
    return small() | {"check_ins": [said | changes]}


def counting(**changes: object) -> dict[str, Any]:
    """The same of milestones."""
    return saying(**changes) | {"key_results": [key_result(metric_kind="milestone", target=3)]}


def test_a_check_in_inside_the_rules_is_taken(empty: Workspace, file: Path) -> None:
    imported(empty, file, saying())
    assert contents(empty)["check_ins"][0]["value"] == 4


@pytest.mark.parametrize(("document", "words"), [
    (saying(on_date="2026-09-30"), "on_date 30 Sep lies before the cycle: October goes from 01 Oct to 31 Oct"),
    (saying(on_date="2026-10-20"), "on_date 20 Oct is still to come"),
    (saying(value=4.5), "value 4.5 has 1 decimal; it is measured in whole numbers"),
    (counting(value=-1), "the least is 0"), (counting(value=4), "more than the 3"),
    (counting(value=1.5), "counted whole"), (saying(value="four"), "value is 'four', not a number"),
    (saying(confidence=11), "Confidence is 0 to 10"), (saying(note=" "), "note"), (saying(author="nobody"), "author"),
    (saying(health_override="at risk"), "overridden says why"), (saying(key_result="KR-77"), "KR-77"),
])  # fmt: skip
def test_one_against_the_rules_is_refused_in_words_and_nothing_is_taken(
    empty: Workspace, file: Path, document: dict[str, Any], words: str
) -> None:
    before = exported(empty)
    with pytest.raises(Refused, match="line ") as refused:
        imported(empty, file, document)
    assert words in str(refused.value)
    assert exported(empty) == before
    assert plan_import(empty, file).problem_count == 1


def test_a_cycle_that_is_over_brings_its_last_ones_of_a_week_later(empty: Workspace, file: Path) -> None:
    cycle = small()["cycles"][0] | {"starts_on": "2026-09-01", "ends_on": "2026-09-30", "status": "closed"}
    days = {"starts_on": "2026-09-01", "due_on": "2026-09-30", "status": "graded"}
    document = saying(on_date="2026-10-07") | {
        "cycles": [cycle], "key_results": [key_result(**days)], "tasks": [],
        "grades": [{"key_result": "KR-01", "raw_score": 0.4, "final_score": 0.4, "graded_by": "mara",
                    "graded_on": "2026-10-07"}],
        "retrospectives": [{"cycle": "2026-10", "held_on": "2026-10-07", "worked": ["mail"], "did_not": ["ads"],
                            "learned": ["ask"], "decisions": [{"key_result": "KR-01", "decision": "drop"}]}],
    }
    imported(empty, file, document)
    with pytest.raises(Refused, match="more than 7 days after the cycle"):
        imported(empty, file, document | {"check_ins": [document["check_ins"][0] | {"on_date": "2026-10-08"}]})


def test_a_workspace_comes_back_even_where_its_rules_have_changed_since(
    northlight: Workspace, tmp_path: Path, file: Path
) -> None:
    check_in(northlight, NewCheckIn("KR-07", "78.25", "6", "cheaper"))
    edit_record(northlight, "key_result", "KR-07", {"precision": "0"})
    file.write_bytes(exported(northlight))
    another = Workspace(Store.open(tmp_path / "another.sqlite3"), northlight.clock, "mara")
    run_import(another, file)
    assert exported(another) == file.read_bytes()
    assert contents(another)["superseded_check_ins"][0]["value"] == 79
