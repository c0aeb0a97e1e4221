"""A plan is made backward from an empty key result, in a real terminal, until every step has work and adds up."""

from __future__ import annotations

import json

from tests.end_to_end.machine import Machine, showing
from tests.terminal import Terminal


def says(terminal: Terminal, words: str) -> None:
    """Type words and Enter."""
    terminal.send(words)
    terminal.press("enter")


def test_a_plan_is_made_backward_from_an_empty_key_result(begun_machine: Machine) -> None:
    machine = begun_machine
    assert machine.run("idea", "add", "Reminder the day before the call").returncode == 0
    terminal = machine.board()
    terminal.press("P")
    terminal.wait_for("no key result has a plan yet")
    terminal.press("1")
    terminal.wait_for("KR-01 Signed clients has no steps yet")
    terminal.press("o", "enter")
    terminal.wait_for("step 0 Signed clients added")
    for words, said in (("Attends the call 25%", "step 1"), ("Books the call 80%", "step 2"), ("Reads 10%", "step 3")):
        terminal.press("o")
        terminal.wait_for("just before")
        says(terminal, words)
        terminal.wait_for(f"{said} {words.rsplit(' ', 1)[0]} added")
    terminal.wait_for(showing("NO TACTIC", "500"))
    terminal.press("home", "j", "i", "enter")
    terminal.wait_for("Would our who be there?")
    terminal.press("y")
    terminal.wait_for("How does I-01 move KR-01?")
    says(terminal, "who is reminded comes")
    terminal.wait_for("I-01 is now T-001")
    terminal.press("j", "n")
    terminal.wait_for("new task on step 2")
    says(terminal, "Shorter booking form @mara")
    terminal.wait_for("added T-002")
    terminal.press("w")
    terminal.wait_for("what if, of those at step 2")
    says(terminal, "50%")
    terminal.wait_for(showing("50 > 80", "500 > 800", "Nothing is saved"))
    terminal.press("escape")
    terminal.wait_until_gone("50 > 80")
    terminal.press("u")
    terminal.wait_for("undone: add T-002")
    terminal.press("ctrl+r")
    terminal.wait_for("redone: add T-002")

    told = json.loads(machine.run("plan", "back", "1", "--json").stdout)
    assert [(step["title"], step["needs"], step["open"]) for step in told["steps"]] == [
        ("Signed clients", 10, 0), ("Attends the call", 40, 1), ("Books the call", 50, 1), ("Reads", 500, 0),
    ]  # fmt: skip
    stood = machine.rows("SELECT id, key_result, journey_step, contribution FROM task ORDER BY id")
    assert stood == [("T-001", "KR-01", 1, "who is reminded comes"), ("T-002", "KR-01", 2, "")]
    assert not machine.damage()


def test_two_people_plan_and_see_each_others_steps(northlight_machine: Machine) -> None:
    machine = northlight_machine
    terminal = machine.board()
    terminal.press("P")
    terminal.wait_for("Attends the discovery call")
    added = machine.run("plan", "step", "add", "1", "Gets a reminder", "--below", "1", "--rate", "90%", person="jonas")
    assert added.returncode == 0
    terminal.wait_for("Gets a reminder")
    terminal.press("u")
    terminal.wait_for("nothing of mara's to undo")
    assert machine.run("undo", person="jonas").returncode == 0
    terminal.wait_for(lambda screen: "Gets a reminder" not in screen.text)
    stood = machine.rows("SELECT count(*) FROM task WHERE journey_step = 6")
    assert stood == [(13,)]
