"""What the shell is offered behind `tracker sync`: connections, kinds, what there is to decide; none is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.test_program import completed


@pytest.mark.parametrize("verb", ["plan", "run", "log", "conflicts", "disconnect", "token", "set"])
def test_connections_are_offered_by_name(northlight_path: Path, verb: str) -> None:
    assert completed(northlight_path, "bash", f"tracker sync {verb} as") == ["asana-main"]
    assert completed(northlight_path, "bash", f"tracker sync {verb} x") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tracker sync connect ", ["asana", "wrike"]),
        ("tracker sync connect w", ["wrike"]),
        ("tracker sync connect wrike a", []),
        ("tracker sync connect asana --policy ", ["ask", "ours", "theirs"]),
        ("tracker sync connect asana --direction p", ["push"]),
        ("tracker sync resolve T-04", ["T-043"]),
        ("tracker sync resolve 4", ["43"]),
        ("tracker sync resolve 43 d", ["description", "due"]),
        ("tracker sync resolve 43 --connection a", ["asana-main"]),
        ("tracker sync set asana-main pol", ["policy="]),
        ("tracker sync set pe", ["people=match", "person."]),
    ],
)
def test_what_comes_behind_is_offered(northlight_path: Path, line: str, expected: list[str]) -> None:
    assert completed(northlight_path, "bash", line) == expected


def test_a_name_comes_with_its_place(northlight_path: Path) -> None:
    assert "Northlight October" in "\n".join(completed(northlight_path, "fish", "tracker sync plan a"))


def test_offering_loads_no_adapter(northlight_path: Path) -> None:
    program = (
        "import os, sys; os.environ.update(_TRACKER_COMPLETE='complete_bash', COMP_WORDS='tracker sync plan a', "
        "COMP_CWORD='3'); sys.argv = ['tracker']\n"
        "from tracker.__main__ import main\n"
        "try: main([])\n"
        "except SystemExit: pass\n"
        "print('LOADED', *sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={"TRACKER_DB": str(northlight_path)}, capture_output=True, text=True,
        timeout=60, check=True)
    names = set(done.stderr.rpartition("LOADED")[2].split())
    assert done.stdout.split() == ["asana-main"]
    assert not names & {"httpx", "tracker_sync", "keyring", "sqlalchemy", "textual"}
