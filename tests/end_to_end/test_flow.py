"""Flow in a real terminal: the forecast follows what others finish; a small one without colour shows it all, too."""

from __future__ import annotations

from tests.end_to_end.machine import Machine, showing


def test_the_forecast_is_asked_and_follows_what_others_finish(northlight_machine: Machine) -> None:
    machine = northlight_machine
    terminal = machine.board()
    terminal.press("F")
    terminal.wait_for(showing("6 of 28 by 31 Oct at 85%", "13 in work, 7 for longer than 7 days", "all 28"))
    terminal.press("w")
    terminal.wait_for("20 by 15 nov")
    terminal.send("20 by 28 nov")
    terminal.wait_for("that 20 are done by 28 Nov")
    terminal.press("enter")
    terminal.wait_for("what if  ")
    assert machine.run("done", "43", "26", person="jonas").returncode == 0
    terminal.wait_for(showing("of 26 by 31 Oct", "11 in work, 2 for longer than 8 days", "22 done since 1 Oct"))
    terminal.press("escape")
    terminal.wait_until_gone("that 20 are done")
    terminal.press("j", "enter")
    terminal.wait_for("One-page price explainer")
    terminal.press("escape")
    terminal.wait_for("AGEING WORK")
    terminal.press("escape")
    terminal.wait_for("BACKLOG")


def test_a_small_terminal_without_colour_shows_one_panel_after_the_other(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board(columns=80, rows=24, environment={"NO_COLOR": "1"})
    terminal.press("F")
    terminal.wait_for(showing("CUMULATIVE FLOW", "░ done 20", "█ review 4", "▓ doing 9", "▒ assigned 9", "· backlog 6"))
    terminal.press("tab")
    terminal.wait_for("85% 7d ━")
    terminal.press("j")
    terminal.wait_for("! longer than 85% took")
    terminal.press("4")
    terminal.wait_for("THROUGHPUT by day")


def test_the_cut_line_is_drawn_on_the_board(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    terminal.press("c")
    terminal.wait_for("6 of 28 finish by 31 Oct (85%)")
    terminal.wait_for(lambda screen: screen.text.count("╎") == 2 * 20)  # two lines a card
    terminal.press("c")
    terminal.wait_until_gone("╎")
