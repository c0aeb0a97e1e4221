"""The map of the code: every folder and module with the first sentence of its docstring.

`python -m tests.architecture.drawing` draws it into ARCHITECTURE.md; a test holds the page against it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAP = ROOT / "src" / "tracker" / "ARCHITECTURE.md"
HOUSES = (ROOT / "src" / "tracker", ROOT / "sync" / "tracker_sync")
WIDTH = 40


def drawing() -> str:
    """The tree of both packages."""
    lines: list[str] = []
    for house in HOUSES:
        lines += [f"{house.relative_to(ROOT)}/", *_folder(house, 1)]
    return "\n".join(lines)


def _folder(folder: Path, depth: int) -> Iterator[str]:
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    packages = [path for path in folder.iterdir() if (path / "__init__.py").exists()]
    for path in sorted(modules):
        yield _line(path.name, path, depth)
    for path in sorted(packages):
        yield _line(f"{path.name}/", path / "__init__.py", depth)
        yield from _folder(path, depth + 1)


def _line(name: str, module: Path, depth: int) -> str:
    said = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    sentence = re.split(r"(?<=[.;])\s", " ".join(said.split()), maxsplit=1)[0].rstrip(".;")
    return f"{'  ' * depth + name:<{WIDTH}} {sentence}".rstrip()


def with_drawing(text: str) -> str:
    """The page's text with the map as it should be."""
    return re.sub(r"(<!-- map -->\n```\n).*?(```\n<!-- /map -->)", lambda found: f"{found[1]}{drawing()}\n{found[2]}",
                  text, flags=re.S)


if __name__ == "__main__":
    MAP.write_text(with_drawing(MAP.read_text(encoding="utf-8")), encoding="utf-8")
