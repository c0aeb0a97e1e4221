"""The commands of triage: most are the board's, some keys mean what is needed more often here."""

from __future__ import annotations

from dataclasses import replace

from tracker.tui.commands import BY_NAME, CHANGE, FILTER, GO, MOVE, Command


def _board(name: str, footer: str = "", help: str = "", keys: str = "") -> Command:
    command = BY_NAME[name]
    return replace(command, footer=footer, help=help or command.help, keys=keys or command.keys)


TRIAGE: tuple[Command, ...] = (
    _board("assign", "owner"),
    _board("due", "due"),
    Command(
        "estimate", "e", "Estimate", "hours from low to high: 2-4, 3, 30m, 1d; - takes it away", CHANGE, "estimate"
    ),
    _board("cite", "key result"),
    _board("cancel", "cancel"),
    _board("forward", "start or next", "to the next status"),
    _board("back", "", "to the status before"),
    _board("block", "block"),
    _board("repeat", "repeat", "the last change once more, on this row"),
    _board("select", "mark", "the next key then acts on every marked row, undone as one"),
    Command("skip", "z", "Skip", "leave the row as it is", MOVE, "skip"),
    _board("undo", "undo"),
    _board("redo"),
    _board("wait"),
    _board("message"),
    Command("cut", "g", "Cut line", "shows below which row work will not finish at our pace", FILTER, "cut line"),
    Command(
        "sort", "s", "Sort again", "what needs something first; rows never move while you act on them", FILTER, "sort"
    ),
    _board("mine", "mine"),
    _board("person"),
    _board("unowned"),
    _board("late"),
    *(_board(f"key_result_{digit}") for digit in range(1, 10)),
    _board("all"),
    _board("search"),
    _board("down", "", "the next row"),
    _board("up", "", "the row above"),
    _board("page_down"),
    _board("page_up"),
    _board("first", "", "the first row", "home"),
    _board("last", "", "the last row"),
    _board("new"),
    _board("idea"),
    _board("edit", "", "the form with every field", "E"),
    _board("fold"),
    _board("copy"),
    _board("theme"),
    _board("palette"),
    _board("help", "help"),
    _board("open", "open"),
    Command("leave", "escape q", "Back to the board", "first takes marks and filter away", GO, "board"),
)
"""In the order of the footer."""
