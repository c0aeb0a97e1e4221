"""A command is declared once: bindings, footer and remapped keys come from the declaration."""

from __future__ import annotations

import pytest

from tracker.tui.commands import COMMANDS, GROUPS, bindings
from tracker.tui.keys import keymap, label_of, split_keys
from tracker.tui.screens.board import BoardScreen


def test_every_command_can_be_done_on_the_board() -> None:
    missing = [command.id for command in COMMANDS if not callable(getattr(BoardScreen, f"do_{command.id}", None))]
    assert missing == []


def test_every_command_is_told_and_belongs_to_a_group_of_the_help() -> None:
    assert all(command.title and command.help and command.group in GROUPS for command in COMMANDS)


def test_no_key_has_two_commands() -> None:
    keys = [key for command in COMMANDS for key in split_keys(command.keys)]
    assert sorted(keys) == sorted(set(keys))


def test_names_are_unique_so_that_the_settings_can_use_them() -> None:
    names = [command.name for command in COMMANDS]
    assert len(names) == len(set(names))


def test_a_binding_carries_the_name_that_remaps_it() -> None:
    assert {binding.id for binding in bindings()} == {command.name for command in COMMANDS}


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("j", "j"), ("ctrl+r U", "Ctrl+R U"), ("alt+up", "Alt+↑"), ("shift+right", "Shift+→"), ("question_mark", "?"),
     ("f1", "F1"), (">", ">"), ("greater_than_sign", ">"), (",", ","), ("space", "space")],
)  # fmt: skip
def test_keys_are_shown_as_people_write_them(keys: str, shown: str) -> None:
    assert label_of(keys) == shown


def test_settings_may_give_several_keys_separated_by_commas() -> None:
    assert keymap({"down": "ctrl+n, f2"}, COMMANDS) == ({"down": "ctrl+n,f2"}, [])


def test_an_unknown_command_in_the_settings_is_told_and_the_others_count() -> None:
    remapped, wrong = keymap({"fly": "f2", "down": "f3"}, COMMANDS)
    assert remapped == {"down": "f3"}
    assert wrong == ["keys.fly: there is no such command; the help (?) lists them."]


def test_one_key_for_two_commands_is_told() -> None:
    remapped, wrong = keymap({"down": "f3", "up": "f3"}, COMMANDS)
    assert remapped == {"down": "f3"}
    assert "f3 is already the key of down" in wrong[0]
