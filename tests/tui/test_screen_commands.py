"""The commands of the screens beside the board: no key means two things, and each of them is done by its screen."""

from __future__ import annotations

from collections import Counter

import pytest

from tracker.tui.commands import Command
from tracker.tui.keys import split_keys
from tracker.tui.screen_commands import FORM, HISTORY, IDEAS, STRATEGY, TASK, TRIAGE, WIZARD
from tracker.tui.screens.forming import FormScreen
from tracker.tui.screens.history import HistoryScreen
from tracker.tui.screens.ideas import IdeasScreen
from tracker.tui.screens.strategy import StrategyScreen
from tracker.tui.screens.task import TaskScreen
from tracker.tui.screens.triage import TriageScreen
from tracker.tui.screens.wizard import WizardScreen

SCREENS = [
    (TRIAGE, TriageScreen), (TASK, TaskScreen), (FORM, FormScreen), (IDEAS, IdeasScreen), (STRATEGY, StrategyScreen),
    (HISTORY, HistoryScreen), (WIZARD, WizardScreen),
]  # fmt: skip
NAMES = [screen.__name__ for _, screen in SCREENS]


@pytest.mark.parametrize(("commands", "screen"), SCREENS, ids=NAMES)
def test_no_key_means_two_things(commands: tuple[Command, ...], screen: type) -> None:
    keys = Counter(key for command in commands for key in split_keys(command.keys))
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize(("commands", "screen"), SCREENS, ids=NAMES)
def test_every_command_is_done_by_its_screen(commands: tuple[Command, ...], screen: type) -> None:
    assert [command.id for command in commands if not hasattr(screen, f"do_{command.id}")] == []


@pytest.mark.parametrize(("commands", "screen"), SCREENS, ids=NAMES)
def test_every_command_says_what_it_is(commands: tuple[Command, ...], screen: type) -> None:
    assert all(command.title and command.group for command in commands)
