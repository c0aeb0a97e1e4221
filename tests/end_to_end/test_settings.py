"""What the settings file says is what the terminal shows: themes, keys, and a word about what cannot be read."""

from __future__ import annotations

import re

import pytest

from tests.end_to_end.machine import STARTING, Machine, showing
from tests.terminal import Screen

GROUNDS = {"dark": "11141a", "light": "fcfbf8", "high-contrast": "000000"}
"""The background of each theme, in 24-bit colour."""


def ground(screen: Screen) -> str:
    """The background that most cells have."""
    seen = [screen.cell(column, row).background for row in range(screen.rows) for column in range(screen.columns)]
    return max(set(seen), key=seen.count)


@pytest.mark.parametrize("theme", GROUNDS)
def test_the_theme_of_the_settings_is_drawn_and_a_key_brings_the_next(northlight_machine: Machine, theme: str) -> None:
    northlight_machine.settings(f'theme = "{theme}"\n')
    terminal = northlight_machine.board()
    assert ground(terminal.settle()) == GROUNDS[theme]
    names = [*GROUNDS, *GROUNDS]
    following = GROUNDS[names[names.index(theme) + 1]]
    terminal.press("ctrl+t")
    terminal.wait_for(lambda screen: ground(screen) == following)


def test_keys_of_the_settings_are_those_that_work_and_that_are_shown(northlight_machine: Machine) -> None:
    northlight_machine.settings('[keys]\nforward = "f8"\ndown = "ctrl+n,z"\nquit = "Q"\n')
    terminal = northlight_machine.board()
    terminal.wait_for(re.compile(r"Q quit"))
    terminal.press("z")
    terminal.wait_for("T-042 Blog")
    terminal.press("ctrl+n")
    terminal.wait_for(re.compile(r"^ T-027 ", re.MULTILINE))
    terminal.press("f8")
    terminal.wait_for("next status: T-027")
    northlight_machine.comes_to_hold([("review",)], "SELECT status FROM task WHERE id = 'T-027'")
    # the keys that these had before do nothing any more
    terminal.press("j", "q", ">")
    terminal.press("?")
    terminal.wait_for(showing("Ctrl+N z      Next task", "F8            Move on"))
    terminal.press("escape")
    terminal.wait_for("BACKLOG")
    moves = northlight_machine.rows("SELECT label FROM change_batch WHERE label LIKE 'next status%'")
    assert moves == [("next status: T-027",)]
    terminal.press("Q")
    assert terminal.wait_for_exit() == 0


@pytest.mark.parametrize(("text", "words"), [
    ('theme = "neon"\n', ("'neon' is not known", "dark, light, high-contrast")),
    ("theme = \n", ("cannot be read as TOML",)),
    ('colour = "red"\n', ("'colour' is no setting",)),
    ("[keys]\nforward = 7\n", ("keys.forward must be the name of a key",)),
], ids=["theme", "no TOML", "unknown", "no key"])  # fmt: skip
def test_settings_that_cannot_be_read_are_told_before_anything_is_drawn(
    northlight_machine: Machine, text: str, words: tuple[str, ...]
) -> None:
    northlight_machine.settings(text)
    terminal = northlight_machine.start(columns=300, environment={"TRACKER_PERSON": "mara"})
    assert terminal.wait_for_exit(STARTING) == 2
    said = " ".join(terminal.text.split())
    assert "settings.toml" in said
    assert [word for word in words if word not in said] == []
    assert b"Traceback" not in terminal.raw
    assert b"\x1b[?1049h" not in terminal.raw


def test_a_key_for_no_command_is_told_and_the_board_stands(northlight_machine: Machine) -> None:
    northlight_machine.settings('[keys]\nfly = "f"\n')
    northlight_machine.board().wait_for("keys.fly: there is no such command; the help (?) lists them.")
