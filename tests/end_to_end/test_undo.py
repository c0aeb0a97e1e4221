"""A change of several tasks is one change: taken back as one, brought back as one, told as one."""

from __future__ import annotations

from tests.end_to_end.machine import Machine, showing

CHOSEN = ("T-032", "T-028", "T-050")
"""The first three of the column ASSIGNED."""


def owners(machine: Machine) -> list[str]:
    marks = ", ".join("?" for _ in CHOSEN)
    return [owner for (owner,) in machine.rows(f"SELECT owner FROM task WHERE id IN ({marks}) ORDER BY id", *CHOSEN)]


def test_a_bulk_edit_is_undone_and_redone_as_one(northlight_machine: Machine) -> None:
    machine = northlight_machine
    before = owners(machine)
    assert before == ["priya", "lena", "tomas"]
    terminal = machine.board()
    terminal.press("h", "space", "space", "space")
    terminal.wait_for("3 selected")
    terminal.press("a", "j", "o")
    terminal.wait_for("assign to jonas: 3 tasks")
    assert owners(machine) == ["jonas"] * 3

    terminal.press("u")
    terminal.wait_for("undone: assign to jonas: 3 tasks")
    assert owners(machine) == before

    terminal.press("ctrl+r")
    terminal.wait_for("redone: assign to jonas: 3 tasks")
    assert owners(machine) == ["jonas"] * 3

    told = machine.run("log").stdout.splitlines()
    assert [line.split("mara", 1)[1].strip() for line in told if "mara" in line] == [
        "assign to jonas: 3 tasks", "undo assign to jonas: 3 tasks", "redo assign to jonas: 3 tasks",
    ]  # fmt: skip
    of_one = machine.run("log", "T-050").stdout
    assert of_one.count("tomas") >= 3, of_one
    assert "priya" not in of_one


def test_what_the_board_changed_the_command_takes_back(northlight_machine: Machine) -> None:
    machine = northlight_machine
    terminal = machine.board()
    terminal.press("space", "space", ">")
    terminal.wait_for("REVIEW 6")
    undone = machine.run("undo", person="mara")
    assert undone.returncode == 0
    assert "2 tasks" in undone.stdout + undone.stderr
    terminal.wait_for(showing("DOING 9", "REVIEW 4"))
    assert machine.rows("SELECT status FROM task WHERE id IN ('T-042', 'T-043')") == [("doing",), ("doing",)]


def test_undo_never_takes_away_what_somebody_else_put_there(northlight_machine: Machine) -> None:
    machine = northlight_machine
    terminal = machine.board()
    terminal.press("b")
    terminal.wait_for("unblock: T-043")
    terminal.press("a", "j", "o")
    terminal.wait_for("assign to jonas: T-043")
    assert machine.run("assign", "T-043", "lena", person="tomas").returncode == 0
    terminal.press("u")
    terminal.wait_for("T-043: owner was changed since, to 'lena'; taking the change back would make it 'tomas'")
    assert machine.rows("SELECT owner FROM task WHERE id = 'T-043'") == [("lena",)]
    # the next one goes on to the change before
    terminal.press("u")
    terminal.wait_for("undone: unblock: T-043")
    assert machine.rows("SELECT owner, blocked_reason IS NULL FROM task WHERE id = 'T-043'") == [("lena", 0)]
