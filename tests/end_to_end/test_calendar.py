"""The calendar in a real terminal: opened, turned, tasks moved by key and by mouse, a series that comes round."""

from __future__ import annotations

from tests.end_to_end.machine import Machine, showing
from tests.terminal import Screen

DAYS = "SELECT due_on, publish_on FROM task WHERE id = ?"


def place_of(screen: Screen, text: str) -> tuple[int, int]:
    found = screen.find(text)
    assert found, screen.text
    return found[0] + 1, found[1]


def days_of(machine: Machine, task: str) -> tuple[str, str]:
    return tuple(machine.rows(DAYS, task)[0])


def test_tasks_are_moved_by_keys_and_by_dragging_and_taken_back(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    terminal.press("W")
    screen = terminal.wait_for(showing("CALENDAR", "6 working days without anything published", ">p 42 Blog"))
    terminal.drag(place_of(screen, "d 27 Welcome"), place_of(screen, " 22 ─"))
    terminal.wait_for(">d 27 Welcome")
    northlight_machine.comes_to_hold([("2026-10-22", "2026-10-21")], DAYS, "T-027")
    terminal.press("shift+down")
    terminal.wait_for(showing("due 2026-10-29", ">d 27 Welcome"))
    northlight_machine.comes_to_hold([("2026-10-29", "2026-10-21")], DAYS, "T-027")
    terminal.press("u", "u")
    terminal.wait_for(showing("undone: due 2026-10-22"))
    assert days_of(northlight_machine, "T-027") == ("2026-10-20", "2026-10-21")
    terminal.press("]")
    terminal.wait_for(showing("Nov 2026", "d~62 Answer"))
    terminal.press("escape")
    terminal.wait_for("BACKLOG")


def test_upkeep_that_is_done_comes_round_and_one_key_takes_both_back(northlight_machine: Machine) -> None:
    assert northlight_machine.run("edit", "62", "--recurs", "every Friday until 2026-12-31").returncode == 0
    done = northlight_machine.run("done", "62")
    assert "T-063 comes next, due Fri 06 Nov" in done.stderr
    terminal = northlight_machine.board()
    terminal.press("W", "]")
    terminal.wait_for(showing("d 63 Answer", "d~63 Answer"))
    terminal.press("u")
    terminal.wait_for(">d 62 Answer")
    assert northlight_machine.rows("SELECT status FROM task WHERE id = 'T-062'") == [("doing",)]
    assert northlight_machine.damage() == []
