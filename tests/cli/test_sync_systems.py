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


def test_a_connection_goes_to_another_address_once_that_knows_the_token(shell: Shell) -> None:
    def address() -> Any:
        return read(shell("sync", "list", "--json"))["connections"][0]["base_url"]

    with AsanaFake() as fake, AsanaFake() as other:
        connected(shell, fake)
        for refused in ("http://asana.example/api", "ftp://asana.example", "asana"):
            done = shell("sync", "set", f"base_url={refused}")
            assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (5, "", 1), refused
            assert address() == fake.url
        assert shell("sync", "set", f"base_url={other.url}").returncode == 0
        assert address() == other.url
        assert other.log
        other.tokens.clear()
        assert shell("sync", "set", f"base_url={other.url}").returncode == 5
        assert shell("sync", "run").returncode == 5


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


def without(fake: AsanaFake, *sections: str) -> None:
    for name in sections:
        del fake.sections[fake.section(name)]


def test_statuses_that_are_missing_in_asana_are_made_as_sections(shell: Shell) -> None:
    with AsanaFake() as fake:
        without(fake, "Doing", "Review")
        done = connected(shell, fake, "--add-statuses", "--status", "cancelled=none")
        for words in ("  doing        is made there: Doing\n", "  done         Done\n", "Made there: Doing, Review.\n"):
            assert words in done.stderr
        (kept,) = read(shell("sync", "list", "--json"))["connections"]
        assert {ours: kept["names"][there] for ours, there in kept["statuses"].items()} == {
            "assigned": "To do", "doing": "Doing", "review": "Review", "done": "Done"}
        (task,) = read(shell("add", "Write the page @mara kr:1", "--json"))["ids"]
        assert shell("move", task, "doing").returncode == 0
        assert shell("sync", "run").returncode == 0
        (there,) = fake.in_project()
        assert there["memberships"][0]["section"]["name"] == "Doing"


def test_a_status_that_a_person_mapped_is_not_made(shell: Shell) -> None:
    with AsanaFake() as fake:
        without(fake, "Doing", "Review")
        done = connected(shell, fake, "--add-statuses", "--status", "review=Done")
        assert "Made there: Doing.\n" in done.stderr
        assert "Review" not in {each["name"] for each in fake.sections.values()}


def test_a_status_that_is_mapped_with_others_is_not_said_to_be_made(shell: Shell) -> None:
    with AsanaFake() as fake:
        without(fake, "Review")
        done = connected(shell, fake)
        assert "Made there" not in done.stderr
        assert "  review       Doing\n" in done.stderr


def test_where_statuses_cannot_be_made_it_says_what_to_do(shell: Shell) -> None:
    with WrikeFake() as fake:
        del fake.statuses[fake.status("Review")]
        done = shell("sync", "connect", "wrike", "--base-url", fake.url, "--project", "launch", "--add-statuses",
                     "--token-stdin", stdin=WRIKE_TOKEN)
        assert done.returncode == 0, done.stderr
        assert "Made there" not in done.stderr
        assert (
            "Not made there: Review, for Wrike lets nobody make it from here; its tasks share the status Doing there. "
            "Add it to the workflow there, then: tracker sync set wrike status.review=Review\n"
        ) in done.stderr


def test_key_results_are_goals_in_asana_and_tasks_support_them(shell: Shell) -> None:
    with AsanaFake() as fake:
        connected(shell, fake, "--goals")
        (task,) = read(shell("add", "Write the page @mara kr:1", "--json"))["ids"]
        assert shell("sync", "run").stdout == "asana: 1 made there, 1 goal\n"
        titles = {row["id"]: row["title"] for row in read(shell("kr", "list", "--json"))["key_results"]}
        cited = read(shell("show", task, "--json"))["tasks"][0]["key_result"]
        (goal,) = fake.goals.values()
        assert goal["name"] == titles[cited]
        assert goal["metric"]["progress_source"] == "manual"
        (support,) = fake.supports
        assert (support["goal"], support["supporting_resource"]["name"]) == (goal["gid"], "Write the page")
        assert shell("sync", "run").stdout == "asana: nothing had to change\n"
        assert len(fake.supports) == len(fake.goals) == 1


def test_goals_are_refused_where_there_are_none(shell: Shell) -> None:
    with WrikeFake() as fake:
        where = ("--base-url", fake.url, "--project", "launch", "--token-stdin")
        done = shell("sync", "connect", "wrike", *where, "--goals", stdin=WRIKE_TOKEN)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.endswith("Wrike has no goals that key results could be.\n"), done.stderr
        assert shell("sync", "connect", "wrike", *where, stdin=WRIKE_TOKEN).returncode == 0
        assert "has no goals" in shell("sync", "set", "goals=yes").stderr


def test_options_of_connecting_do_what_they_say(shell: Shell) -> None:
    with AsanaFake() as fake:
        connected(shell, fake, "--name", "main", "--direction", "push", "--policy", "ours", "--no-comments",
                  "--deletions", "3", "--person", "mara=Ben", "--arrivals")
        (kept,) = read(shell("sync", "list", "--json"))["connections"]
        assert (kept["id"], kept["direction"], kept["policy"], kept["sends_comments"], kept["deletions"]) == (
            "main", "push", "ours", False, 3)
        (task,) = read(shell("add", "Write the page @mara kr:1", "--json"))["ids"]
        assert shell("comment", task, "a word").returncode == 0
        fake.add("Somebody else's")
        assert shell("sync", "run").returncode == 0
        there = next(each for each in fake.in_project() if each["name"] == "Write the page")
        assert there["assignee"]["name"] == "Ben Ito"
        assert "a word" not in [each.get("text") for each in fake.stories[there["gid"]]]
        assert "Somebody else's" in shell("idea", "list", "--json").stdout
