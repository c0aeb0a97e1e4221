"""The commands of the screens beside the board: no key means two things, and each of them is done by its screen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from tests.tui.driving import press, running, shown

from tracker.services.workspace import Workspace
from tracker.settings import Settings
from tracker.tui.commands import Command
from tracker.tui.keys import split_keys
from tracker.tui.screen_commands import (
    CALENDAR,
    CHECK_IN,
    FLOW,
    FORM,
    HISTORY,
    IDEAS,
    PLAN_BACK,
    STRATEGY,
    SYNC,
    TASK,
    TRIAGE,
    WIZARD,
)
from tracker.tui.screens.calendar import CalendarScreen
from tracker.tui.screens.check_in import CheckInScreen
from tracker.tui.screens.flow import FlowScreen
from tracker.tui.screens.forming import FormScreen
from tracker.tui.screens.history import HistoryScreen
from tracker.tui.screens.ideas import IdeasScreen
from tracker.tui.screens.plan_back import PlanBackScreen
from tracker.tui.screens.strategy import StrategyScreen
from tracker.tui.screens.sync import SyncScreen
from tracker.tui.screens.task import TaskScreen
from tracker.tui.screens.triage import TriageScreen
from tracker.tui.screens.wizard import WizardScreen

SCREENS = [
    (TRIAGE, TriageScreen), (TASK, TaskScreen), (FORM, FormScreen), (IDEAS, IdeasScreen), (STRATEGY, StrategyScreen),
    (HISTORY, HistoryScreen), (FLOW, FlowScreen), (WIZARD, WizardScreen),
    (PLAN_BACK, PlanBackScreen), (CHECK_IN, CheckInScreen), (CALENDAR, CalendarScreen),
    (SYNC, SyncScreen),
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


def test_a_command_that_several_screens_have_is_declared_alike() -> None:
    titles: dict[str, set[str]] = {}
    for commands, _ in SCREENS:
        for command in commands:
            titles.setdefault(command.name, set()).add(command.id)
    assert all(len(ids) == 1 for ids in titles.values())


async def test_the_settings_put_other_keys_to_commands_of_every_screen(northlight: Workspace) -> None:
    remapped = replace(northlight, settings=Settings(keys={"estimate": "f8", "assign": "f9"}))
    async with running(remapped, place="triage") as pilot:
        await press(pilot, "f8")
        assert "T-043 takes" in shown(pilot)
        await press(pilot, "escape", "f9")
        assert "T-043 to" in shown(pilot)
        await press(pilot, "escape")
        assert "F9 owner" in shown(pilot)


async def test_help_and_palette_have_the_commands_of_the_screen_in_front(northlight: Workspace) -> None:
    async with running(northlight, place="triage") as pilot:
        await press(pilot, "?")
        assert "Cut line: shows below which row" in shown(pilot)
        await press(pilot, "escape")
        names = [command.title for command in pilot.app.get_system_commands(pilot.app.screen)]
        assert "Estimate  e" in names
        assert "Due date  d" in names
