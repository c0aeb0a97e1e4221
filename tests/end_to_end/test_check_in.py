"""A check-in in a real pseudo-terminal: typed, previewed, saved; the board, the command and undo agree about it."""

from __future__ import annotations

import json

from tests.end_to_end.machine import Machine, showing


def test_a_check_in_is_seen_by_board_command_and_undo(northlight_machine: Machine) -> None:
    machine = northlight_machine
    terminal = machine.board()
    terminal.press("C")
    terminal.wait_for(showing("CHECK IN", "1 key result is yours, 1 saved", "Four proposals open"))
    terminal.press("ctrl+u", "7", "tab", "8")
    terminal.wait_for(showing("score 0.70 (green)", "not saved", "+ ON TRACK"))
    terminal.press("tab", "ctrl+u")
    terminal.press(*"Two", "space", *"signed", "enter")
    terminal.wait_for("corrected Signed clients")
    terminal.press("escape")
    terminal.wait_for("7/10")

    shown = json.loads(machine.run("checkin", "1", "--json").stdout)["key_result"]
    newest, old = shown["check_ins"][:2]
    assert (newest["value"], newest["confidence"], newest["note"]) == (7, 8, "Two signed")
    assert (old["value"], old["replaced_by"], shown["health"]) == (4, "mara", "on track")

    assert machine.run("undo", person="mara").returncode == 0
    terminal.wait_for("4/10")
    assert machine.rows("SELECT count(*) FROM superseded_check_in") == [(0,)]


def test_what_the_command_checks_in_shows_on_an_open_check_in(northlight_machine: Machine) -> None:
    machine = northlight_machine
    terminal = machine.board()
    terminal.press("C", "pagedown")
    terminal.wait_for("Google rating")
    said = machine.run("checkin", "8", "--value", "4.4", "--confidence", "5", "--note", "One bad week", person="lena")
    assert said.returncode == 0, said.stderr
    terminal.wait_for(showing("One bad week", "at risk"))
