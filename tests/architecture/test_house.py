"""The house: the one-way rule, small rooms, and a map that is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.drawing import MAP, with_drawing

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "tracker"
CODE = sorted(path for top in ("src", "sync", "tests") for path in (ROOT / top).rglob("*.py"))


def test_imports_go_one_way() -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_600_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


def test_the_map_is_true() -> None:
    text = MAP.read_text(encoding="utf-8")
    assert with_drawing(text) == text, "run: python -m tests.architecture.drawing"


def test_nobody_reads_the_clock_but_the_clock() -> None:
    callers = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"\b(?:datetime\.now|date\.today|time\.time|utcnow)\(", path.read_text(encoding="utf-8"))
    ]
    # a backup's name and a crash report carry the machine's time; no reckoning rests on either
    assert set(callers) <= {"clock.py", "storage/schema.py", "cli/failures.py"}


def test_no_sql_outside_storage() -> None:
    statement = re.compile(r"[\"'](?:SELECT|INSERT INTO|UPDATE|DELETE FROM) ")
    guilty = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "storage" not in path.parts and statement.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []
