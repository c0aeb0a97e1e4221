"""Two boards and a command on one file see each other's changes, and lose none."""

from __future__ import annotations

import pytest

from tests.end_to_end.machine import Machine, showing
from tests.terminal import Terminal

SEEN_WITHIN = 2.0
"""Seconds; the promise is one, and the machine may be busy."""


@pytest.fixture
def boards(northlight_machine: Machine) -> tuple[Terminal, Terminal]:
    """One of mara's and one of jonas's, on the same file; both show the whole board."""
    here = northlight_machine.start(environment={"TRACKER_PERSON": "mara"})
    there = northlight_machine.board(person="jonas")
    here.wait_for("BACKLOG", 40)
    return here, there


def test_a_change_appears_on_the_other_board(boards: tuple[Terminal, Terminal]) -> None:
    here, there = boards
    here.press(">")
    here.wait_for("next status: T-043")
    there.wait_for(showing("DOING 8/6", "REVIEW 5/3"), SEEN_WITHIN)
    there.press("u")
    there.wait_for("nothing of jonas's to undo")  # nobody takes back another's change by a key
    there.press("n")
    there.send("Ask the lawyer kr:1\r")
    there.wait_for("added T-063")
    here.wait_for(showing("BACKLOG 7"), SEEN_WITHIN)


def test_what_a_command_did_appears_on_the_boards(
    northlight_machine: Machine, boards: tuple[Terminal, Terminal]
) -> None:
    assert northlight_machine.run("done", "T-042", person="lena").returncode == 0
    for board in boards:
        board.wait_for(showing("DOING 8/6", "DONE 34"), SEEN_WITHIN)


def test_the_same_field_changed_twice_shows_both_versions_and_asks(
    northlight_machine: Machine, boards: tuple[Terminal, Terminal]
) -> None:
    here, there = boards
    for board in boards:
        board.press("d")
        board.wait_for("T-043 due")
    there.send("27 Oct\r")
    there.wait_for("due 2026-10-27: T-043")
    here.send("30 Oct\r")
    here.wait_for(showing("was 2026-10-12", "theirs, 2026-10-27", "ours, 2026-10-30"))
    assert northlight_machine.rows("SELECT due_on FROM task WHERE id = 'T-043'") == [("2026-10-27",)]
    here.press("o")
    here.wait_for("due 2026-10-30: T-043")
    there.wait_for("due 30 Oct", SEEN_WITHIN)


def test_different_fields_changed_at_once_are_merged(
    northlight_machine: Machine, boards: tuple[Terminal, Terminal]
) -> None:
    here, there = boards
    here.press("d")
    here.wait_for("T-043 due")
    there.press("a")
    there.wait_for("T-043 to")
    there.send("le")
    there.wait_for("assign to lena: T-043")
    here.send("30 Oct\r")
    here.wait_for("due 2026-10-30: T-043")
    for board in boards:
        board.wait_for(showing("lena   due 30 Oct"), SEEN_WITHIN)
    assert northlight_machine.rows("SELECT owner, due_on FROM task WHERE id = 'T-043'") == [("lena", "2026-10-30")]


def test_two_people_who_type_at_once_lose_nothing(
    northlight_machine: Machine, boards: tuple[Terminal, Terminal]
) -> None:
    each = 12
    for number in range(each):
        for board, name in zip(boards, ("mara", "jonas"), strict=True):
            board.send(f"n{name} {number} kr:1\r")
    for board in boards:
        board.wait_for(f"BACKLOG {6 + 2 * each}", 20)
    titles = {title for (title,) in northlight_machine.rows("SELECT title FROM task")}
    assert titles >= {f"{name} {number}" for name in ("mara", "jonas") for number in range(each)}
    assert northlight_machine.damage() == []
