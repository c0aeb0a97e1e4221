"""From a thought to a task: kept with its source, cited, asked whether our who would be there, told by `why`."""

from __future__ import annotations

from tests.end_to_end.machine import STARTING, Machine, showing


def test_an_idea_becomes_a_task_on_the_board(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board(columns=80, rows=24)
    terminal.press("i")
    terminal.send("Poster for waiting rooms from:visit at Millbrook\r")
    terminal.wait_for("kept I-06")
    terminal.press("I")
    terminal.wait_for(showing("6 wait for a key result", "visit at Millbrook"))
    terminal.press("K", "2")
    terminal.wait_for(showing("Would our who be there?", "WHO Owner-managers"))
    terminal.press("n")
    terminal.wait_for("How does it move")
    terminal.send("people ask for the call\r")
    terminal.wait_for(showing("I-06 is now T-063", "our who would not be there"))
    assert northlight_machine.rows("SELECT outcome, source, task FROM idea WHERE id = 'I-06'") == [
        ("promoted: our who would not be there", "visit at Millbrook", "T-063")
    ]


def test_a_command_in_a_terminal_asks_what_it_was_not_told(northlight_machine: Machine) -> None:
    terminal = northlight_machine.start("idea", "promote", "I-05", "kr:2", environment={"TRACKER_PERSON": "mara"})
    terminal.wait_for(showing("WHO Owner-managers", "Would they be there?"), STARTING)
    terminal.send("yes\r")
    terminal.wait_for("Reminder message the day before")
    assert terminal.wait_for_exit() == 0
    assert northlight_machine.rows("SELECT outcome FROM idea WHERE id = 'I-05'") == [
        ("promoted: our who would be there",)
    ]
