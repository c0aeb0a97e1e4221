"""Every command with its keys, and what the marks on cards mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from textwrap import wrap
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
from tracker.tui.widgets.painted import Line, Painted, width_of

MARKS = (
    ("+ ! x ?", "a key result is on track, at risk, off track, not checked in for too long"),
    ("! ~", "behind a date: late; due within three days"),
    ("14d", "underlined: in work for longer than 85% of the tasks took"),
    ("╎", "below the cut line (c): will not finish by the end of the cycle, with 85% confidence"),
    ("B w", "blocked; waits for another task"),
    ("▲ ▽", "high, low priority"),
    ("↑ = ↓ ≠ ? ∅", "other tool: to be sent, the same, changed there, both changed, owner unknown, gone"),
    ("A C D $ .", "stage: awareness, consideration, decision, conversion, enabling"),
    ("● ▌", "selected; under the cursor"),
)
CURSOR = (
    "After > and < the cursor stays in its place, on the task that follows: one key a task. Shift+→ and Shift+← take "
    "the cursor along. After every other change it stays with the task. In triage each key goes on to the next row."
)
KEYS_WIDTH = 15
NARROWEST = 40
"""Laid out no narrower; a smaller terminal shows what it needs instead, but the help behind it has to stand."""
TWO_COLUMNS = 100
"""From this width the groups stand in two columns."""
GAP = 4


def help_lines(keys: Mapping[str, str], width: int, commands: Sequence[Command] = COMMANDS) -> list[Line]:
    """All of the help at a width."""
    width = max(width, NARROWEST)
    half = (width - GAP) // 2 if width >= TWO_COLUMNS else width
    groups = [group for group in GROUPS if any(command.group == group for command in commands)]
    blocks = [_block(group, _entries(group, keys, commands), half) for group in groups]
    blocks.append(_block("Marks", ((sign, "", words) for sign, words in MARKS), half))
    blocks.append([(("Cursor", "head"),), *(((f" {line}", "muted"),) for line in wrap(CURSOR, half - 2)), ()])
    if half == width:
        return [line for block in blocks for line in block]
    at = _middle([len(block) for block in blocks])
    left = [line for block in blocks[:at] for line in block]
    right = [line for block in blocks[at:] for line in block]
    nothing: Line = ()
    return [(*_filled(a, half + GAP), *b) for a, b in zip_longest(left, right, fillvalue=nothing)]


def _middle(heights: Sequence[int]) -> int:
    """After which block the second column begins, for columns of most equal height."""
    return min(range(1, len(heights)), key=lambda at: abs(sum(heights[:at]) - sum(heights[at:])))


def _block(group: str, entries: Iterable[tuple[str, str, str]], width: int) -> list[Line]:
    lines: list[Line] = [((group, "head"),)]
    for keys, title, words in entries:
        lines += _entry(keys, title, words, width)
    return [*lines, ()]


def _entries(group: str, keys: Mapping[str, str], commands: Sequence[Command]) -> Iterator[tuple[str, str, str]]:
    is_numbered_told = False
    for command in commands:
        if command.group != group or (command.argument and is_numbered_told):
            continue
        if command.argument:
            is_numbered_told = True
            yield "1-9", "Only that key result", "the same digit again shows all"
        else:
            yield label_of(keys.get(command.name, command.keys)), command.title, command.help


def _entry(keys: str, title: str, words: str, width: int) -> Iterator[Line]:
    """Keys, title and explanation; what does not fit goes on below."""
    lines = wrap(f"{title}: {words}" if title and words else title or words, width - KEYS_WIDTH) or [""]
    for at, line in enumerate(lines):
        told = line[: len(title)] if at == 0 else ""
        yield ((fit(f" {keys}" if at == 0 else "", KEYS_WIDTH), "key"), (told, "text"), (line[len(told) :], "muted"))


def _filled(line: Line, width: int) -> Line:
    return (*line, (" " * (width - width_of(line)), "text"))


class HelpText(ScrollView, Painted, can_focus=True):
    """The help, scrolled by keys and wheel."""

    DEFAULT_CSS = """
    HelpText {
        width: 1fr;
        height: 1fr;
        padding: 1 2;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """
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
