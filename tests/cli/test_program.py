"""The program as a process of its own: what it loads, how it ends, and that both names are the same."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import pytest

from tracker import __version__

SCRIPT = Path(sysconfig.get_path("scripts")) / ("tracker.exe" if os.name == "nt" else "tracker")
HEAVY = {"textual", "httpx", "alembic", "sqlalchemy", "sqlmodel", "pydantic", "rich", "ijson", "dateutil", "asyncio"}
"""Packages that stand between the user and a one-task command: each costs 20 to 500 ms."""

Ended = subprocess.CompletedProcess[str]

COMMANDS = [
    ("--version",),
    ("add", "Write the teaser @lena kr:2 due:fri"),
    ("list",),
    ("list", "late", "@tomas"),
    ("show", "43"),
    ("audit",),
    ("start", "20"),
    ("done", "42"),
    ("assign", "20", "45", "lena"),
]


def environment(db: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "TRACKER_DB": str(db), "TRACKER_TODAY": "2026-10-19", "TRACKER_PERSON": "mara", **more}


def started(command: list[str], db: Path, *, stdout: int | IO[str] = subprocess.PIPE,
            more: Mapping[str, str] | None = None) -> Ended:
    """A process with nothing on standard input, ended."""
    return subprocess.run(
        command, check=False, env=environment(db, **(more or {})), stdin=subprocess.DEVNULL, stdout=stdout,
        stderr=subprocess.PIPE, text=True, encoding="utf-8", timeout=60,
    )


def run(db: Path, *words: str, **more: str) -> Ended:
    """`python -m tracker WORDS`."""
    return started([sys.executable, "-m", "tracker", *words], db, more=more)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:1]))
def test_a_command_of_every_day_loads_nothing_heavy(northlight_path: Path, words: tuple[str, ...]) -> None:
    program = (
        "import sys; from tracker.__main__ import main; code = main(sys.argv[1:]); "
        "print('LOADED', *sorted(name.partition('.')[0] for name in sys.modules), file=sys.stderr); sys.exit(code)"
    )
    done = started([sys.executable, "-c", program, *words], northlight_path)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.rpartition("LOADED")[2].split())
    assert "tracker" in loaded
    assert loaded & HEAVY == set()


def test_the_version_needs_no_typer(northlight_path: Path) -> None:
    program = "import sys; from tracker.__main__ import main; main(['--version']); print('typer' in sys.modules)"
    done = started([sys.executable, "-c", program], northlight_path)
    assert done.stdout.split() == ["tracker", __version__, "False"]


@pytest.mark.skipif(not SCRIPT.exists(), reason="the package is not installed")
def test_the_script_and_the_module_are_the_same_program(northlight_path: Path) -> None:
    script = started([str(SCRIPT), "list"], northlight_path)
    assert script.stdout == run(northlight_path, "list").stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list",), 0),
        (("cancel", "17", "too late"), 1),
        (("lst",), 2),
        ((), 2),
        (("show", "999"), 3),
        (("list", "--db", "/dev/null/x"), 5),
    ],
)
def test_a_process_ends_with_the_code_that_is_written_down(
    northlight_path: Path, words: tuple[str, ...], code: int
) -> None:
    done = run(northlight_path, *words)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (code == 0)


def test_what_is_written_arrives_whole_although_the_process_leaves_at_once(northlight_path: Path) -> None:
    assert len(run(northlight_path, "list", "--all").stdout.splitlines()) == 62
    assert len(json.loads(run(northlight_path, "list", "--all", "--json").stdout)["tasks"]) == 62


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise there")
def test_a_pipe_whose_reader_leaves_is_no_error(northlight_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = started([sys.executable, "-m", "tracker", "list", "--all"], northlight_path, stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_under_the_output_is_out_of_reach(northlight_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = started([sys.executable, "-m", "tracker", "export"], northlight_path, stdout=full)
    assert done.returncode == 5
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals are otherwise there")
def test_an_interrupted_import_leaves_the_database_as_it_was(northlight_path: Path, tmp_path: Path) -> None:
    before = run(northlight_path, "export").stdout
    feed = tmp_path / "endless.json"
    os.mkfifo(feed)
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "import", str(feed)], env=environment(northlight_path),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    with feed.open("w") as writer:  # opens when the program has begun to read
        writer.write('{"format": "tracker/1", "people": [\n')
        writer.flush()
        process.send_signal(signal.SIGINT)
    # The feed ends behind the signal: a read that began just before it came does not notice it while it waits.
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert run(northlight_path, "export").stdout == before


# completion


def completed(db: Path, shell: str, line: str) -> list[str]:
    """What the shell is offered at the end of `line`."""
    words = line.split(" ")
    more = {"_TRACKER_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line, "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1), "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1]}
    done = run(db, **more)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tracker st", ["start", "strategy"]),
        ("tracker strategy a", ["add", "activate", "ask"]),
        ("tracker start T-04", ["T-042", "T-043", "T-044", "T-045", "T-046", "T-047", "T-049"]),
        ("tracker show 5", ["50", "51", "52", "54", "55", "58", "59"]),
        ("tracker assign T-043 to", ["tomas"]),
        ("tracker cite 43 KR-0", ["KR-05", "KR-06", "KR-07", "KR-08", "KR-09"]),
        ("tracker list @p", ["@priya"]),
        ("tracker list la", ["late"]),
        ("tracker move 43 re", ["review"]),
        ("tracker list --j", ["--json"]),
        ("tracker export m", ["markdown"]),
    ],
)
def test_the_shell_is_offered_what_fits(northlight_path: Path, line: str, expected: list[str]) -> None:
    assert completed(northlight_path, "bash", line) == expected


@pytest.mark.parametrize("shell", ["zsh", "fish", "powershell"])
def test_every_shell_sees_titles_that_cannot_be_run(northlight_path: Path, shell: str) -> None:
    run(northlight_path, "add", "$(touch /tmp/owned) `id` \"'; [red] \\ title", "kr:1")
    offered = "\n".join(completed(northlight_path, shell, "tracker show 63"))
    assert "touch tmp owned id red title" in offered
    assert not re.search(r"[`;\[\\]|\$\(", offered.replace("(())", "").replace("_arguments '*: :((", ""))


def test_completion_in_a_database_that_cannot_be_read_offers_nothing(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("dear diary")
    assert completed(file, "bash", "tracker show 4") == []
    assert completed(tmp_path / "none.db", "bash", "tracker show 4") == []
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_for_each_shell_can_be_shown(northlight_path: Path, shell: str) -> None:
    done = run(northlight_path, "--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0, done.stderr
    assert "_TRACKER_COMPLETE" in done.stdout
