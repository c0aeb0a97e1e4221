"""Keys as people write them: their names in the settings, and how footer and help show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from textual.keys import format_key

if TYPE_CHECKING:
    from tracker.tui.commands import Command

SHOWN = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "enter": "Enter", "escape": "Esc", "space": "space",
    "pagedown": "PgDn", "pageup": "PgUp", "home": "Home", "end": "End", "tab": "Tab", "backspace": "Backspace",
}  # fmt: skip
MODIFIERS = {"ctrl": "Ctrl", "shift": "Shift", "alt": "Alt"}


def split_keys(keys: str) -> list[str]:
    """The single keys of a list that is separated by spaces or commas; a lone comma is the comma key."""
    return [part for word in keys.split() for part in ([word] if word == "," else word.split(",")) if part]


def label_of(keys: str) -> str:
    """`keys` as the footer and the help show them: `Ctrl+R`, `↑`, `>`."""
    return " ".join(_label(key) for key in split_keys(keys))


def _label(key: str) -> str:
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    shown = SHOWN.get(last) or (last if len(last) == 1 else format_key(last))
    if (modifiers and len(shown) == 1) or (last[0] == "f" and last[1:].isdigit()):
        shown = shown.upper()
    return "+".join([*(MODIFIERS.get(each, each) for each in modifiers), shown])


def keymap(wanted: Mapping[str, str], commands: Iterable[Command]) -> tuple[dict[str, str], list[str]]:
    """The keys to put in by command name, and what is wrong with the others, in words."""
    by_name = {command.name: command for command in commands}
    taken: dict[str, str] = {}
    remapped: dict[str, str] = {}
    wrong: list[str] = []
    for name, keys in wanted.items():
        if name not in by_name:
            wrong.append(f"keys.{name}: there is no such command; the help (?) lists them.")
            continue
        again = next((key for key in split_keys(keys) if key in taken), None)
        if again:
            wrong.append(f"keys.{name}: {again} is already the key of {taken[again]}.")
            continue
        taken.update(dict.fromkeys(split_keys(keys), name))
        remapped[name] = ",".join(split_keys(keys))
    return remapped, wrong
