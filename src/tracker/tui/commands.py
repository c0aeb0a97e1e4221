"""Every command of the screens, declared once: key bindings, footer, help and palette are made from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding

from tracker.tui.keys import label_of

FILTER_DIGITS = 9
"""Key results that a digit filters by."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something a key, the palette or the footer asks for."""

    id: str
    """Its name in the settings' table of keys, and of the method `do_<id>` that does it."""
    keys: str
    """The keys it comes with, separated by spaces, as Textual names them or as the character itself."""
    title: str
    help: str
    group: str
    footer: str = ""
    """Its word in the footer; neighbours with the same word share it."""
    argument: str = ""
    """What `do_<id>` is given."""

    @property
    def name(self) -> str:
        """What the settings call it: the id, with the argument behind it when there is one."""
        return f"{self.id}_{self.argument}" if self.argument else self.id


MOVE, CHANGE, CAPTURE, FILTER, GO = "Move", "Change", "Capture", "Filter", "Go to"
GROUPS = (MOVE, CHANGE, CAPTURE, FILTER, GO)

COMMANDS: tuple[Command, ...] = (
    Command("down", "j down", "Next task", "the next task of the column", MOVE, "move"),
    Command("up", "k up", "Previous task", "the task above", MOVE, "move"),
    Command("left", "h left", "Column to the left", "at the same height", MOVE, "column"),
    Command("right", "l right", "Column to the right", "at the same height", MOVE, "column"),
    Command("page_down", "pagedown ctrl+f", "Page down", "a screenful down", MOVE),
    Command("page_up", "pageup ctrl+b", "Page up", "a screenful up", MOVE),
    Command("first", "g home", "First task", "the top of the column", MOVE),
    Command("last", "end $", "Last task", "the end of the column", MOVE),
    Command("forward", ">", "Move on", "to the next status; the cursor stays, on what follows", CHANGE, "status"),
    Command("back", "<", "Move back", "to the status before; the cursor stays", CHANGE, "status"),
    Command("carry_right", "shift+right", "Carry on", "to the next status, and the cursor goes along", CHANGE),
    Command("carry_left", "shift+left", "Carry back", "to the status before, and the cursor goes along", CHANGE),
    Command("assign", "a", "Assign", "two letters name the person (hours of capacity, begun of limit); - for nobody",
            CHANGE, "owner"),
    Command("due", "d", "Due date", "fri, +3d, 29, 2026-10-30; - takes it away", CHANGE, "due"),
    Command("cite", "K", "Cite another key result", "its digit or letters of its title", CHANGE, "key result"),
    Command("block", "b", "Block or unblock", "asks why; once more takes the block away", CHANGE, "block"),
    Command("wait", "w", "Wait for another task", "its number or words of its title; - waits for nothing", CHANGE),
    Command("cancel", "x", "Cancel the task", "asks why", CHANGE, "cancel"),
    Command("rank_up", "{ alt+up", "To the top", "before all others of its column", CHANGE),
    Command("rank_down", "} alt+down", "To the bottom", "behind all others of its column", CHANGE),
    Command("message", "M", "Write a message", "on the task", CHANGE, "message"),
    Command("edit", "e", "Edit all fields", "the form with every field", CHANGE, "edit"),
    Command("select", "space", "Select", "keys then change every selected task, undone as one", CHANGE, "select"),
    Command("undo", "u", "Undo", "takes the last change back", CHANGE, "undo"),
    Command("redo", "ctrl+r U", "Redo", "brings back what undo took", CHANGE),
    Command("repeat", ".", "Repeat", "the last change, on this task", CHANGE, "repeat"),
    Command("new", "n", "New task", "in one line: title @owner due:fri kr:2 !high ~2-4h why:reason", CAPTURE, "new"),
    Command("idea", "i", "New idea", "a thought without a key result", CAPTURE, "idea"),
    *(
        Command("key_result", str(digit), f"Only key result {digit}", "again shows all", FILTER, "filter", str(digit))
        for digit in range(1, FILTER_DIGITS + 1)
    ),
    Command("all", "0 A", "Show all", "takes every filter away", FILTER),
    Command("mine", "m", "Only mine", "your tasks; again shows all", FILTER, "mine"),
    Command("person", "p", "Only one person's", "two letters name the person; again shows all", FILTER),
    Command("search", "/", "Search", "titles, contributions, notes and messages, as you type", FILTER, "search"),
    Command("late", "L", "Only late", "past their due date; again shows all", FILTER),
    Command("unowned", "O", "Only without owner", "again shows all", FILTER),
    Command("cut", "c", "Cut line", "marks what will not finish by the end of the cycle; again hides it", FILTER),
    Command("clear", "escape", "Clear", "the selection, then the filter", FILTER),
    Command("open", "enter", "Open the task", "all of it, with its history", GO, "open"),
    Command("triage", "T", "Triage", "what needs something, one line a task", GO, "triage"),
    Command("cycle", "R", "Cycle", "scores, and closing it step by step", GO, "cycle"),
    Command("strategy", "S", "Strategy", "statement, objectives, key results", GO, "strategy"),
    Command("check_in", "C", "Check-in", "whose turn it is; value, confidence, note, what it comes to", GO, "check-in"),
    Command("alignment", "G", "Alignment", "what moves nothing, what nobody works on", GO, "alignment"),
    Command("plan_back", "P", "Plan back", "from the goal to the first contact: needs, gaps, what if", GO, "plan back"),
    Command("ideas", "I", "Ideas", "what waits for a key result", GO, "ideas"),
    Command("flow", "F", "Flow", "cycle times, ageing work, throughput, forecast", GO, "flow"),
    Command("calendar", "W", "Calendar", "due and publish days by month and week", GO, "calendar"),
    Command("sync", "Y", "Sync", "with Asana or Wrike: plan, run, conflicts, log", GO, "sync"),
    Command("history", "Z", "History", "who changed what and when", GO),
    Command("fold", "H", "Fold the header", "to one line and back", GO, "header"),
    Command("copy", "y", "Copy", "then i the id, l the link, t the text", GO),
    Command("theme", "ctrl+t", "Next theme", "dark, light, high contrast", GO),
    Command("palette", ": ctrl+p", "All commands", "found by a few letters", GO, "command"),
    Command("help", "? f1", "Help", "every key", GO, "help"),
    Command("quit", "q", "Quit", "everything is saved already", GO, "quit"),
)

BY_NAME = {command.name: command for command in COMMANDS}


def bindings(commands: Iterable[Command] = COMMANDS, *, at_once: bool = False) -> list[Binding]:
    """The key bindings of `commands`; their ids let the settings put other keys in.

    `at_once` spares a key its way through the widgets, half a millisecond; only for screens whose widgets say which
    keys they take themselves (`check_consume_key`).
    """
    return [
        Binding(
            ",".join(command.keys.split()), f"do('{command.id}', '{command.argument}')", command.title,
            show=bool(command.footer), priority=at_once, id=command.name,
        )
        for command in commands
    ]


def footer_words(keys: dict[str, str], commands: Iterable[Command] = COMMANDS) -> list[tuple[str, str]]:
    """Keys and word of each entry of the footer, in order; `keys` are the remapped ones by command name."""
    words: list[tuple[str, str]] = []
    for command in commands:
        if not command.footer:
            continue
        first = label_of(keys.get(command.name, command.keys)).split()[0]
        if words and words[-1][1] == command.footer:
            words[-1] = (_joined(words[-1][0], first), command.footer)
        else:
            words.append((first, command.footer))
    return words


def _joined(before: str, key: str) -> str:
    if before[-1].isdigit() and key.isdigit():
        return f"{before[0]}-{key}"
    return f"{before} {key}" if not key.isalnum() else f"{before}/{key}"
