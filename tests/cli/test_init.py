"""`tracker init`: the first run without the wizard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

ANSWERS = {
    "goal": "Fill the quiet weekdays", "who": "Vet clinics", "why": "They lose weekdays", "action": "Book a call",
    "channels": ["Email", "Website"], "owner": "Mara Okafor", "objective": "Be recalled",
    "key_result": "Signed clients", "unit": "clients", "target": 10,
}
FLAGS = [
    "--goal", "Fill the quiet weekdays", "--who", "Vet clinics", "--why", "They lose weekdays", "--action",
    "Book a call", "--channel", "Email", "--channel", "Website", "--owner", "Mara Okafor", "--objective",
    "Be recalled", "--key-result", "Signed clients", "--unit", "clients", "--target", "10",
]


def set_up(tracker: Run, db: Path) -> tuple[object, ...]:
    """What was set up, in short."""
    whole = tracker("strategy", "--json", db=db).json
    key_result = whole["objectives"][0]["key_results"][0]
    return (
        whole["strategy"]["title"], whole["strategy"]["channels"], whole["strategy"]["owner"],
        whole["objectives"][0]["title"], key_result["title"], key_result["target"], key_result["unit"],
    )


EXPECTED = ("Fill the quiet weekdays", ["email", "website"], "mara", "Be recalled", "Signed clients", 10, "clients")


def test_flags_set_up_the_first_strategy_and_then_tasks_are_taken(tracker: Run, empty_path: Path) -> None:
    answer = tracker("init", *FLAGS, db=empty_path)
    assert (answer.code, answer.out) == (0, "S-01\nO-01\nKR-01\n")
    assert set_up(tracker, empty_path) == EXPECTED
    assert tracker("add", "First task kr:1", db=empty_path).code == 0


def test_a_json_file_does(tracker: Run, empty_path: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(ANSWERS), encoding="utf-8")
    assert tracker("init", "--from", str(file), db=empty_path).code == 0
    assert set_up(tracker, empty_path) == EXPECTED


def test_a_toml_file_does(tracker: Run, empty_path: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text("\n".join(f"{name} = {json.dumps(value)}" for name, value in ANSWERS.items()), encoding="utf-8")
    assert tracker("init", "--from", str(file), db=empty_path).code == 0
    assert set_up(tracker, empty_path) == EXPECTED


def test_standard_input_does_and_flags_win(tracker: Run, empty_path: Path) -> None:
    answer = tracker("init", "--from", "-", "--target", "12", db=empty_path, stdin=json.dumps(ANSWERS))
    assert answer.code == 0
    assert set_up(tracker, empty_path)[5] == 12


def test_a_second_time_is_refused(tracker: Run, begun_path: Path) -> None:
    answer = tracker("init", *FLAGS, db=begun_path)
    assert answer.code == 1
    assert "active strategy already" in answer.err


def test_missing_answers_are_named_with_their_questions(tracker: Run, empty_path: Path) -> None:
    answer = tracker("init", "--goal", "Grow", db=empty_path)
    assert answer.code == 2
    assert "--who  Whom do you reach?" in answer.err
    assert "--goal" not in answer.err


def test_nothing_given_and_no_terminal_is_no_prompt(tracker: Run, empty_path: Path) -> None:
    answer = tracker("init", db=empty_path)
    assert answer.code == 2
    assert "--from FILE" in answer.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", b'{"goal": "Gro', "not whole JSON"),
        ("a.toml", b"goal = Grow", "not TOML"),
        ("a.toml", b'mission = "Grow"', "'mission' is no answer"),
        ("a.json", b'["Grow"]', "holds no answers"),
        ("a.json", "goal=Grüße".encode("latin-1"), "UTF-8"),
        ("a.json", "{}".encode("utf-16"), "UTF-8"),
        ("a.json", json.dumps(ANSWERS | {"who": {"a": 1}}).encode(), "who is one text"),
        ("a.json", json.dumps(ANSWERS | {"target": "many"}).encode(), "number"),
        ("a.json", json.dumps(ANSWERS | {"cycle": "fortnight"}).encode(), "no cycle"),
        ("a.json", b"x" * 1_000_001, "larger than answers"),
    ],
)
def test_a_file_that_cannot_be_read_sets_nothing_up(
    tracker: Run, empty_path: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    answer = tracker("init", "--from", str(file), db=empty_path)
    assert answer.code == 2, answer
    assert said in answer.err
    assert tracker("strategy", db=empty_path).code == 3


def test_a_file_that_is_not_there_is_not_found(tracker: Run, empty_path: Path) -> None:
    answer = tracker("init", "--from", "missing.toml", db=empty_path)
    assert answer.code == 3
    assert "missing.toml" in answer.err
