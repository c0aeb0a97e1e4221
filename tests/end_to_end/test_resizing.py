"""The terminal may get any size at any moment, on every screen."""

from __future__ import annotations

import random
import re

import pytest

from tests.end_to_end.machine import STARTING, Machine
from tests.terminal import Screen, Terminal

CORNERS = ((20, 5), (59, 14), (60, 14), (59, 15), (60, 15), (80, 24), (300, 80), (1, 1))
RESIZES = 24
FITS = (120, 36)

PLACES: dict[str, dict[str, str]] = {
    "board": {},
    "board while it asks": {"n": "new task", "x": "new task x"},
    "triage": {"T": "28 open tasks"},
    "triage while it asks": {"T": "28 open tasks", "a": "T-043 to"},
    "task": {"enter": "MESSAGES"},
    "form": {"enter": "MESSAGES", "e": "Contribution"},
    "strategy": {"S": "OBJECTIVES"},
    "ideas": {"I": "IDEAS AND ARRIVALS"},
    "help": {"?": "Next task"},
    "palette": {":": "Search for commands"},
}
"""Keys that lead to a place, each with what shows that it is there."""


def random_sizes(seed: int) -> list[tuple[int, int]]:
    """Corners and any others, mixed."""
    dice = random.Random(seed)
    return [
        dice.choice(CORNERS) if dice.random() < 0.5 else (dice.randint(1, 300), dice.randint(1, 80))
        for _ in range(RESIZES)
    ]


def shake(terminal: Terminal, seed: int) -> None:
    """Resize it again and again, sometimes before it could answer, sometimes after."""
    for number, size in enumerate(random_sizes(seed)):
        terminal.resize(*size)
        if number % 4 == 0:
            terminal.settle(quiet=0.02)


@pytest.mark.parametrize("place", PLACES)
def test_a_screen_outlives_every_size_and_says_what_it_needs(northlight_machine: Machine, place: str) -> None:
    terminal, sign = northlight_machine.board(), "BACKLOG 6"
    for key, sign in PLACES[place].items():
        terminal.press(key)
        terminal.wait_for(sign)
    shake(terminal, seed=len(place))

    terminal.resize(40, 12)
    terminal.wait_for(re.compile(r"tracker needs 60x15,\s+this is 40x12"))
    terminal.resize(60, 15)
    terminal.wait_until_gone("tracker needs")
    terminal.resize(*FITS)
    terminal.wait_for(sign)
    assert terminal.exit_code is None
    assert b"Traceback" not in terminal.raw


def test_the_wizard_outlives_every_size_with_what_was_typed(machine: Machine) -> None:
    terminal = machine.start()
    terminal.wait_for("What is the goal", STARTING)
    terminal.send("Fill the quiet weekdays")
    shake(terminal, seed=5)
    terminal.resize(40, 12)
    terminal.wait_for(re.compile(r"tracker needs 60x15,\s+this is 40x12"))
    terminal.resize(*FITS)
    terminal.wait_for(re.compile(r"What is the goal.*Fill the quiet weekdays", re.DOTALL))


def test_keys_that_are_pressed_while_it_is_too_small_change_nothing(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    before = northlight_machine.rows("SELECT * FROM task ORDER BY id")
    terminal.resize(20, 5)
    terminal.wait_for("60x15")
    terminal.send("> > x because\r u n T kr:1\r")
    terminal.wait_until_read()
    terminal.resize(40, 12)
    terminal.wait_for("this is 40x12")
    terminal.resize(*FITS)
    terminal.wait_for("▌▲ White paper ad")
    terminal.settle()
    assert northlight_machine.rows("SELECT * FROM task ORDER BY id") == before


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (300, 80)])
def test_a_board_that_starts_in_this_size_is_useful(northlight_machine: Machine, size: tuple[int, int]) -> None:
    terminal = northlight_machine.board(columns=size[0], rows=size[1])
    screen = terminal.wait_for("White paper ad")
    assert screen.line(0).startswith(" S-01"), screen.text
    terminal.press("j", ">")
    terminal.wait_for("next status: T-042")
    assert _is_filled(terminal.screen)


def test_a_start_in_a_terminal_that_is_too_small_waits_for_room(northlight_machine: Machine) -> None:
    terminal = northlight_machine.start(columns=30, rows=8)
    terminal.wait_for(re.compile(r"tracker needs 60x15,\s+this is 30x8"), STARTING)
    terminal.resize(80, 24)
    terminal.wait_for("White paper ad")
    terminal.resize(30, 8)
    terminal.wait_for("tracker needs 60x15")
    terminal.press("q")
    assert terminal.wait_for_exit() == 0


def _is_filled(screen: Screen) -> bool:
    """Whether something stands in the last line and nothing was pushed off it."""
    return bool(screen.line(-1).strip()) and len(screen.lines) == screen.rows
