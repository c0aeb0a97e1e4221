"""Every command with its keys, and what the marks on cards mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tracker.tui.cells import fit
from tracker.tui.commands import COMMANDS, GROUPS, Command
from tracker.tui.keys import label_of
from tracker.tui.widgets.painted import Line, Painted

MARKS = (
    ("+ ! x ?", "a key result is on track, at risk, off track, not checked in for too long"),
    ("! ~", "behind a date: late; due within three days"),
    ("14d", "underlined: in work for longer than 85% of the tasks took"),
    ("B w", "blocked; waits for another task"),
    ("▲ ▽", "high, low priority"),
    ("↑ = ↓ ≠ ? ∅", "other tool: to be sent, the same, changed there, both changed, owner unknown, gone"),
    ("A C D $ .", "stage: awareness, consideration, decision, conversion, enabling"),
    ("● ▌", "selected; under the cursor"),
)
KEYS_WIDTH = 14
TWO_COLUMNS = 110
"""From this width the commands stand in two columns."""


def help_lines(keys: Mapping[str, str], width: int, commands: Sequence[Command] = COMMANDS) -> list[Line]:
    """All of the help at a width."""
    groups = [group for group in GROUPS if any(command.group == group for command in commands)]
    blocks = [_block(group, keys, commands) for group in groups]
    blocks.append([(("Marks", "head"),), *(_entry(sign, words) for sign, words in MARKS)])
    if width < TWO_COLUMNS:
        return [_padded(line, width) for block in blocks for line in (*block, ())]
    half = (width - 3) // 2
    left = [line for block in (blocks[0], blocks[1]) for line in (*block, ())]
    right = [line for block in blocks[2:] for line in (*block, ())]
    lines = max(len(left), len(right))
    left += [()] * (lines - len(left))
    right += [()] * (lines - len(right))
    return [(*_padded(a, half), ("   ", "muted"), *_padded(b, half)) for a, b in zip(left, right, strict=True)]


def _block(group: str, keys: Mapping[str, str], commands: Sequence[Command]) -> list[Line]:
    return [((group, "head"),), *(_entry(label, words) for label, words in _entries(group, keys, commands))]


def _entries(group: str, keys: Mapping[str, str], commands: Sequence[Command]) -> Iterator[tuple[str, str]]:
    numbered: list[Command] = []
    for command in commands:
        if command.group != group:
            continue
        if command.argument:
            numbered.append(command)
            if len(numbered) > 1:
                continue
            yield "1-9", "Only that key result: the same digit again shows all"
        else:
            words = f"{command.title}: {command.help}" if command.help else command.title
            yield label_of(keys.get(command.name, command.keys)), words


def _entry(keys: str, words: str) -> Line:
    return ((fit(f" {keys}", KEYS_WIDTH), "key"), (words, "text"))


def _padded(line: Line, width: int) -> Line:
    if not line:
        return ((" " * width, "text"),)
    lead = line[:-1]
    room = width - sum(len(text) for text, _ in lead)
    return (*lead, (fit(line[-1][0], room), line[-1][1]))


class HelpText(ScrollView, Painted, can_focus=True):
    """The help, scrolled by keys and wheel."""

    DEFAULT_CSS = "HelpText { width: 1fr; height: 1fr; padding: 1 2; scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("j", "scroll_down", ""), ("k", "scroll_up", ""), ("g", "scroll_home", ""), ("G", "scroll_end", ""),
        ("space", "page_down", ""), ("b", "page_up", ""),
    ]  # fmt: skip

    def __init__(self, keys: Mapping[str, str], commands: Sequence[Command]) -> None:
        super().__init__()
        self._keys, self._commands = keys, commands
        self._lines: list[Line] = []

    def on_resize(self) -> None:
        """Lay the help out again."""
        width = self.scrollable_content_region.width
        self._lines = help_lines(self._keys, width, self._commands)
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of the help."""
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        return self.paint(self._lines[at] if at < len(self._lines) else (), width)


class HelpScreen(Screen[None]):
    """Leaves with any of the usual keys."""

    AUTO_FOCUS = "HelpText"
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,question_mark,enter,f1", "dismiss", "Back")]

    def __init__(self, keys: Mapping[str, str], commands: Sequence[Command] = COMMANDS) -> None:
        """`keys` are the remapped ones by command name, `commands` those of the screen behind."""
        super().__init__()
        self._keys, self._commands = keys, commands

    def compose(self) -> ComposeResult:
        """The text."""
        yield HelpText(self._keys, self._commands)
