"""Connecting, planning and running at a real terminal, against the fake of Asana."""

from __future__ import annotations

import json
import re

from tests.end_to_end.machine import STARTING, Machine
from tests.sync.fakes.asana import TOKEN, AsanaFake

NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


def test_a_person_connects_by_answering_and_stops_a_run_with_ctrl_c(begun_machine: Machine) -> None:
    machine = begun_machine
    machine.environment.update(NO_KEYRING)
    assert machine.run("person", "edit", "mara", "--email", "ana@corp.example").returncode == 0
    for number in range(8):
        assert machine.run("add", f"Task {number} @mara kr:1").returncode == 0
    with AsanaFake() as fake:
        asking = machine.start("sync", "connect", "asana", "--base-url", fake.url, columns=80)
        asking.wait_for("Token (it is not shown):", STARTING)
        asking.send(f"{TOKEN}\r")
        asking.wait_for("Which project? Number or name:", STARTING)
        asking.send("nowhere\r")
        asking.wait_for("There is no project like that.")
        asking.send("launch\r")
        asking.wait_for("Connect? (Y/n)")
        assert "mara         Ana Reyes" in asking.text
        asking.send("\r")
        assert asking.wait_for_exit(STARTING) == 0
        assert TOKEN.encode() not in asking.raw

        plan = machine.start("sync", "plan", columns=60)
        assert plan.wait_for_exit(STARTING) == 0
        assert "Task 7" in plan.text

        fake.delay = 0.1
        run = machine.start("sync", "run", columns=80)
        run.wait_for(re.compile(r"\[#*\.+\] +\d+% \d of 8"), STARTING)
        run.press("ctrl+c")
        assert run.wait_for_exit(STARTING) == 130
        assert "the next run goes on: tracker sync run asana" in " ".join(run.text.split())
        assert len(fake.in_project()) < 8
        fake.delay = 0.0
        assert machine.run("sync", "run").returncode == 0
        assert sorted(task["name"] for task in fake.in_project()) == [f"Task {number}" for number in range(8)]
        status = json.loads(machine.run("sync", "status", "--json").stdout)
        assert status["connections"][0]["links"]["synced"] == 8
        assert TOKEN.encode() not in run.raw + plan.raw + machine.database.read_bytes()
