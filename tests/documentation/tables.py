"""The README's tables of keys and commands, made from where they are declared.

`python -m tests.documentation.tables` writes them into the README; a test holds the README against them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from tracker.cli.tree import COMMANDS as SHELL_COMMANDS
from tracker.tui.commands import COMMANDS as SCREEN_COMMANDS
from tracker.tui.keys import label_of

README = Path(__file__).parents[2] / "README.md"


def keys() -> str:
    """One row a command of the screens; the nine digits share one."""
    rows = ["| name | keys | what it does |", "| --- | --- | --- |"]
    for command in SCREEN_COMMANDS:
        if command.id == "key_result":
            if command.argument == "1":
                rows.append("| `key_result_1` … `key_result_9` | `1` … `9` | Only that key result: again shows all |")
            continue
        shown = " ".join(f"`{key}`" for key in label_of(command.keys).split())
        rows.append(f"| `{command.name}` | {shown.replace('|', chr(92) + '|')} | {command.title}: {command.help} |")
    return "\n".join(rows)


def commands() -> str:
    """One row a command of the shell, by section."""
    sections: dict[str, list[str]] = defaultdict(list)
    for name, entry in SHELL_COMMANDS.items():
        sections[entry.section].append(f"| `tracker {name}` | {entry.summary} |")
    parts = []
    for section, rows in sections.items():
        parts.append("\n".join([f"| {section} | |", "| --- | --- |", *rows]))
    return "\n\n".join(parts)


def with_tables(text: str) -> str:
    """The README's text with both tables as they should be."""
    for name, table in (("keys", keys()), ("commands", commands())):
        pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        text = re.sub(pattern, lambda found, table=table: f"{found[1]}{table}\n{found[2]}", text, flags=re.S)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
