"""The application: themes, the data thread and which screen is in front. Regions and rules live elsewhere."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import Screen

from tracker.services.workspace import Workspace
from tracker.tui.commands import COMMANDS, Command
from tracker.tui.data import DataThread
from tracker.tui.first import FirstScreen, read_first
from tracker.tui.keys import keymap, label_of
from tracker.tui.leaving import leave_on_signals, wake_on_signals
from tracker.tui.messages import StoreChanged
from tracker.tui.screens.board import BoardScreen
from tracker.tui.themes import DARK, NAMES, PLAIN, THEMES

if TYPE_CHECKING:
    from textual.widgets import Input

    from tracker.services.outcome import Outcome
    from tracker.tui.sync_runs import SyncMoved, SyncRuns
    from tracker.tui.widgets.footer import Footer


__all__ = ["FirstScreen", "TrackerApp", "read_first"]

LEAST_WIDTH, LEAST_HEIGHT = 60, 15
"""The smallest terminal that a board can be drawn in."""
BEHIND_THE_FIRST_FRAME = ("tracker.tui.edits", "tracker.services.foresight", "tracker.tui.questions")
"""Modules that are loaded when it stands: for the first change and the first question."""


def _ignore(_: object) -> None:
    """For jobs whose answer nobody waits for."""


def _declared(wanted: Mapping[str, str]) -> Sequence[Command]:
    """The commands that keys may be put to: every screen's, which are loaded only when somebody wants other keys."""
    if not wanted:
        return COMMANDS
    from tracker.tui.screen_commands import OWN

    return (*COMMANDS, *OWN)


class TrackerApp(App[int]):
    """A strategy header over a task board."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["tracker.tcss", "screens/board.tcss"]
    TITLE = "tracker"
    AUTO_FOCUS = None
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q,ctrl+c", "quit", "Quit", show=False, priority=True)]

    def __init__(self, workspace: Workspace, first: FirstScreen | None) -> None:
        # with any but the terminal's own colours Textual writes shades of grey under NO_COLOR, not none
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.workspace = workspace
        self.remapped, self._wrong_keys = keymap(workspace.settings.keys, _declared(workspace.settings.keys))
        self.data = DataThread(workspace.store.data_version, self._store_changed)
        self._first = first
        self._is_open = False
        self._told_size: Size | None = None
        self._syncing: SyncRuns | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = PLAIN.name if self.no_color else NAMES.get(workspace.settings.theme, DARK.name)
        self.set_keymap(self.remapped)

    def on_load(self) -> None:
        """Leave in order when asked from outside, too."""
        if not self.is_headless:
            wake_on_signals()
            leave_on_signals(lambda code: self.exit(None, code))

    def get_default_screen(self) -> Screen[None]:
        """The board itself: pushed onto an empty screen, it would wait until that one is laid out and painted."""
        return Screen() if self._first is None else self._board(self._first)

    def on_mount(self) -> None:
        """Open the wizard while there is no strategy."""
        if self._first is None:
            self._open_wizard()
        self._is_open = True
        self._mind_size()

    def on_ready(self) -> None:
        """Start what the first frame does not need."""
        if not gc.isenabled():  # as `run` leaves it
            gc.freeze()  # what was loaded stays; collections look at what comes after, and stay short
            gc.enable()
        self.data.start()
        self.data.submit(lambda: None, lambda _: self.call_later(self._catch_up), _ignore)
        for module in BEHIND_THE_FIRST_FRAME:
            self.data.submit(lambda module=module: import_module(module), _ignore, _ignore)  # type: ignore[misc]
        if self._wrong_keys and isinstance(self.screen, BoardScreen):
            self.screen.refuse(" ".join(self._wrong_keys))

    def on_unmount(self) -> None:
        """Finish what was begun."""
        if self._syncing is not None:
            self._syncing.close()
        self.data.stop()

    # -- places

    def _board(self, first: FirstScreen) -> BoardScreen:
        return BoardScreen(self.workspace, first.header, first.picture)

    def _open_wizard(self) -> None:
        from tracker.tui.screens.wizard import WizardScreen  # imported here: once in the life of a workspace

        self.push_screen(WizardScreen(self.workspace), self._wizard_closed)

    def _wizard_closed(self, outcome: Outcome | None) -> None:
        first = read_first(self.workspace)
        if first is None:
            self.exit(0)
        else:
            self.push_screen(self._board(first))

    def open_task(self, task: str, *, edit: bool = False) -> None:
        """Show a task with all its fields, or its form."""
        from tracker.tui.screens.task import TaskScreen  # imported here: the first frame does not need it

        self.push_screen(TaskScreen(self.workspace, task, edit=edit))

    def open_place(self, place: str) -> None:
        """Open "triage", "strategy", "plan_back" or another place: the module of its name has the screen."""
        name = "".join(part.capitalize() for part in place.split("_"))
        screen: type[Screen[None]] = getattr(import_module(f"tracker.tui.screens.{place}"), f"{name}Screen")
        self.push_screen(screen(self.workspace))  # type: ignore[arg-type]  # every place takes the workspace

    def open_help(self) -> None:
        """Show every command of the screen in front with its keys."""
        from tracker.tui.screens.help import HelpScreen  # imported here: the first frame does not need it

        self.push_screen(HelpScreen(self.remapped, self._commands_of(self.screen)))

    # -- sync

    @property
    def syncing(self) -> SyncRuns:
        """Plans and runs of sync, which go on whatever screen is in front."""
        if self._syncing is None:
            from tracker.tui.sync_runs import SyncRuns  # imported here: most never sync

            self._syncing = SyncRuns(self.workspace, self.post_message)
        return self._syncing

    def on_sync_moved(self, message: SyncMoved) -> None:
        """Tell the screens that show it; any other one says in its footer when it is done."""
        ending = self.syncing.take(message)
        for screen in self.screen_stack:
            if (tell := getattr(screen, "sync_moved", None)) is not None:
                tell(ending)
        front = next((screen for screen in reversed(self.screen_stack) if screen.query("Footer")), None)
        if ending is not None and front is not None and not hasattr(front, "sync_moved"):
            footer = cast("Footer", front.query("Footer").first())
            footer.say(f"sync with {message.job.connection}: {ending.words}", ending.kind)

    # -- what happens to the whole application

    def on_resize(self, event: events.Resize) -> None:
        """Say so when the terminal is too small."""
        self._told_size = event.size
        self._mind_size()

    def _has_room(self) -> bool:
        # The newest size: `self.size` becomes it only after this application's handler, and between the two a screen
        # may look.
        width, height = self._told_size or self.size
        return width >= LEAST_WIDTH and height >= LEAST_HEIGHT

    def _mind_size(self) -> None:
        if self._is_open and not self._has_room():
            from tracker.tui.screens.small import SmallScreen  # imported here: rarely needed

            if not isinstance(self.screen, SmallScreen):
                self.push_screen(SmallScreen((LEAST_WIDTH, LEAST_HEIGHT), self._has_room))

    @on(events.DescendantFocus)
    def keep_cursor_still(self, event: events.DescendantFocus) -> None:
        """A cursor that blinks would repaint while nobody types."""
        if getattr(event.widget, "cursor_blink", False):
            cast("Input", event.widget).cursor_blink = False

    def next_theme(self) -> None:
        """From dark to light to high contrast; without colour there is one."""
        names = [PLAIN.name] if self.no_color else list(NAMES.values())
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]

    def fail(self, error: Exception) -> None:
        """Something that nobody foresaw: end, with what is needed to mend it."""
        self._handle_exception(error)

    def _commands_of(self, screen: Screen[object]) -> Sequence[Command]:
        return getattr(screen, "commands", COMMANDS)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every declared command that the screen knows."""
        for command in self._commands_of(screen):
            if hasattr(screen, f"do_{command.id}") and command.id != "palette":
                keys = label_of(self.remapped.get(command.name, command.keys))
                yield SystemCommand(
                    f"{command.title}  {keys}", command.help,
                    lambda command=command: screen.action_do(command.id, command.argument),  # type: ignore[attr-defined]
                )

    def _catch_up(self) -> None:
        """Read again what somebody changed after the first frame was read and before the data thread looked."""
        if self._first is not None and self._first.version != self.workspace.store.data_version():
            self._store_changed()

    def _store_changed(self) -> None:
        """On the data thread: another process committed."""
        for screen in self.screen_stack:
            screen.post_message(StoreChanged())
