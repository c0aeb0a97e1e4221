"""The README says what there is, and every command in it runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.documentation.tables import README, with_tables

from tracker.settings import EXPLAINED

TEXT = README.read_text(encoding="utf-8")


def test_every_key_and_every_command_is_in_the_readme() -> None:
    assert with_tables(TEXT) == TEXT, "run: python -m tests.documentation.tables"


@pytest.mark.parametrize("name", EXPLAINED)
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert re.search(rf"^\| `{name}` \| ", TEXT, re.M)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", TEXT))))
def test_every_link_of_the_readme_leads_somewhere(link: str) -> None:
    assert (README.parent / link).exists()


def test_the_everyday_commands_of_the_readme_run(tmp_path: Path) -> None:
    block = next(block for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) if "tracker add" in block)
    environment = {**os.environ, "HOME": str(tmp_path), "COLUMNS": "100"}
    for line in block.splitlines():
        if line.startswith("export "):
            environment.update(word.split("=", 1) for word in shlex.split(line)[1:])
            continue
        command = [sys.executable, "-m", *shlex.split(line)]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60, check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def test_the_two_commands_stand_at_the_top() -> None:
    top = TEXT[: TEXT.index("## What it is like")]
    assert "tracker demo" in top
    assert ".venv/bin/pytest" in top
