"""`tracker sync` as processes of its own, with the real adapters, against the fakes of Asana and Wrike."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sync.fakes.asana import TOKEN, AsanaFake
from tests.sync.fakes.wrike import TOKEN as WRIKE_TOKEN
from tests.sync.fakes.wrike import WrikeFake

Ended = subprocess.CompletedProcess[str]
Shell = Callable[..., Ended]


def environment(database: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "TRACKER_DB": str(database), "TRACKER_TODAY": "2026-10-19", "TRACKER_PERSON": "mara",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


@pytest.fixture
def shell(begun_path: Path) -> Shell:
    """Runs commands on a database whose one person has an account there; everything written is looked through."""

    def run(*words: str, stdin: str = "") -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", *words], env=environment(begun_path), input=stdin, capture_output=True,
            text=True, timeout=60, check=False)
        assert not any(token in done.stdout + done.stderr for token in (TOKEN, WRIKE_TOKEN))
        assert "Traceback" not in done.stderr, done.stderr
        return done

    assert run("person", "edit", "mara", "--email", "ana@corp.example").returncode == 0
    return run


def read(done: Ended) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def connected(shell: Shell, fake: AsanaFake, *more: str) -> Ended:
    done = shell("sync", "connect", "asana", "--base-url", fake.url, "--workspace", "Corp", "--project", "Launch",
                 "--token-stdin", *more, stdin=f"{TOKEN}\n")
    assert done.returncode == 0, done.stderr
    return done


def test_a_task_lives_in_both_systems_from_connecting_to_letting_go(
    shell: Shell, begun_path: Path, tmp_path: Path
) -> None:
    with AsanaFake() as fake:
        done = connected(shell, fake)
        for words in ("Token of Ana Reyes", "mara         Ana Reyes", "review       Review", "cancelled    Cancelled"):
            assert words in done.stderr
        (task,) = read(shell("add", "Write the page @mara kr:1 due:2026-10-30 why:brings calls", "--json"))["ids"]

        assert f"Made there (1)\n  {task}  Write the page" in shell("sync", "plan").stdout
        assert fake.in_project() == []
        assert shell("sync", "run").stdout == "asana: 1 made there\n"
        (there,) = fake.in_project()
        assert (there["name"], there["due_on"], there["assignee"]["gid"]) == ("Write the page", "2026-10-30", fake.user)

        fake.edit(there["gid"], name="Write the page well")
        fake.drag(there["gid"], fake.section("Doing"))
        assert "here  title       Write the page > Write the page well" in shell("sync", "plan").stdout
        assert shell("sync", "run").returncode == 0
        here = read(shell("show", task, "--json"))["tasks"][0]
        assert (here["title"], here["status"]) == ("Write the page well", "doing")

        fake.edit(there["gid"], due_on="2026-11-05")
        shell("due", task, "2026-11-03")
        assert "1 to be decided" in shell("sync", "run").stdout
        assert "before  2026-10-30\n    ours    2026-11-03\n    theirs  2026-11-05" in shell("sync", "conflicts").stdout
        assert shell("sync", "resolve", task, "due", "--theirs").returncode == 0
        assert shell("sync", "run").returncode == 0
        assert read(shell("show", task, "--json"))["tasks"][0]["due_on"] == "2026-11-05"
        assert "tasks      1 the same" in shell("sync", "status").stdout

        fake.trash(there["gid"])
        assert "1 gone there" in shell("sync", "run").stdout
        assert read(shell("show", task, "--json"))["tasks"][0]["status"] == "doing"
        assert shell("sync", "resolve", task, "--ours").returncode == 0
        assert shell("sync", "run").stdout == "asana: 1 made there\n"

        assert shell("sync", "disconnect", "asana").returncode == 0
        assert len(fake.in_project()) == 1
        assert TOKEN.encode() not in begun_path.read_bytes()
        assert not list(tmp_path.rglob("tokens/*"))


def test_a_token_that_expired_is_one_line_with_what_to_do(shell: Shell) -> None:
    with AsanaFake() as fake:
        connected(shell, fake)
        shell("add", "Write the page @mara kr:1")
        fake.tokens.clear()
        done = shell("sync", "run")
        assert done.returncode == 5
        assert len(done.stderr.splitlines()) == 1
        assert "token" in done.stderr


def test_an_address_in_plain_http_elsewhere_is_refused_before_anything_is_sent(shell: Shell) -> None:
    done = shell("sync", "connect", "asana", "--base-url", "http://asana.example/api", "--token-stdin", stdin=TOKEN)
    assert (done.returncode, done.stdout) == (5, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="signals are otherwise there")
def test_a_run_that_is_interrupted_goes_on_later_with_each_task_there_once(shell: Shell, begun_path: Path) -> None:
    with AsanaFake() as fake:
        connected(shell, fake)
        for number in range(6):
            shell("add", f"Task {number} @mara kr:1")
        fake.delay = 0.05
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "sync", "run"], env=environment(begun_path), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 30
        while len(fake.in_project()) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130, said
        assert "the next run goes on" in said
        assert len(fake.in_project()) < 6
        fake.delay = 0.0
        assert shell("sync", "run").returncode == 0
        assert sorted(task["name"] for task in fake.in_project()) == [f"Task {number}" for number in range(6)]


def test_the_same_commands_work_with_wrike(shell: Shell) -> None:
    with WrikeFake() as fake:
        done = shell("sync", "connect", "wrike", "--name", "clients", "--base-url", fake.url, "--project", "launch",
                     "--token-stdin", stdin=WRIKE_TOKEN)
        assert done.returncode == 0, done.stderr
        assert "Project: Delivery / Launch\n" in done.stderr
        (task,) = read(shell("add", "Write the page @mara kr:1 due:2026-10-30", "--json"))["ids"]
        assert shell("sync", "run").stdout == "clients: 1 made there\n"
        (there,) = fake.tasks
        fake.edit(there, title="Write the page well")
        assert shell("sync", "run").returncode == 0
        assert read(shell("show", task, "--json"))["tasks"][0]["title"] == "Write the page well"
        assert "tasks      1 the same" in shell("sync", "status").stdout
