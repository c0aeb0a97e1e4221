"""The page about files names every array and every header."""

from __future__ import annotations

from importlib import resources

from tracker.services.transfer.csv_words import FIELD_OF_COLUMN
from tracker.storage.shape import FORMAT, SECTIONS

PAGE = resources.files("tracker.services.transfer").joinpath("FILES.md").read_text(encoding="utf-8")


def _between(mark: str) -> list[str]:
    return PAGE.split(f"<!-- {mark} -->\n")[1].split(f"<!-- /{mark} -->")[0].splitlines()


def test_every_array_is_named_in_its_order() -> None:
    expected = [
        f"| `{section.key}` | {section.entity} | {', '.join(f'`{part.key}`' for part in section.parts)} |"
        for section in SECTIONS
    ]
    assert [line.replace("|  |", "| |") for line in expected] == _between("arrays")
    assert f"`{FORMAT}`" in PAGE


def test_every_header_is_named() -> None:
    headers: dict[str, list[str]] = {}
    for word, field in FIELD_OF_COLUMN.items():
        headers.setdefault(field, []).append(word)
    assert _between("columns") == [f"| `{field}` | {', '.join(words)} |" for field, words in headers.items()]
