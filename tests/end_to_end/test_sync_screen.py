"""Sync at a real terminal, on its screen: plan, first push, an edit there, a conflict settled, against the fake."""

from __future__ import annotations

from tests.end_to_end.machine import STARTING, Machine, showing
from tests.sync.fakes.asana import TOKEN, AsanaFake

TITLE = "SELECT title FROM task WHERE id = 'T-001'"


def test_a_first_push_an_edit_there_and_a_conflict_settled_with_a_key(begun_machine: Machine) -> None:
    machine = begun_machine
    machine.environment.update(
        {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "TRACKER_ASANA_TOKEN": TOKEN}
    )
    assert machine.run("person", "edit", "mara", "--email", "ana@corp.example").returncode == 0
    for title in ("Write the page", "Print the poster", "Call the printer"):
        assert machine.run("add", f"{title} @mara kr:1").returncode == 0
    with AsanaFake() as fake:
        connected = machine.run(
            "sync", "connect", "asana", "--workspace", "Corp", "--project", "Launch", "--base-url", fake.url
        )
        assert connected.returncode == 0, connected.stderr
        board = machine.board()
        board.send("Y")
        board.wait_for(showing("SYNC", "never run yet", "3 tasks to be sent"), STARTING)
        board.send("p")
        board.wait_for(showing("MADE THERE", "3 tasks planned; r does it"), STARTING)
        assert fake.in_project() == []
        fake.delay = 0.3
        board.send("r")
        board.wait_for("running", STARTING)
        # the board takes keys while it runs
        board.press("escape")
        board.wait_for("BACKLOG")
        board.send("n")
        board.send("Typed meanwhile kr:1\r")
        board.wait_for("Typed meanwhile")
        assert len(fake.in_project()) < 3
        fake.delay = 0.0
        board.wait_for("sync with asana: 3 made there", STARTING)
        (made,) = [each for each in fake.in_project() if each["name"] == "Write the page"]
        fake.edit(made["gid"], name="Write the long page")
        assert machine.run("edit", "T-001", "--title", "Write the short page").returncode == 0
        board.send("Yr")
        board.wait_for(showing("1 to settle"), STARTING)
        board.send("ct")
        board.wait_for(showing("nothing to settle"), STARTING)
        machine.comes_to_hold([("Write the long page",)], TITLE)
        board.press("escape")
        board.wait_for("BACKLOG")
        board.send("q")
        assert board.wait_for_exit(STARTING) == 0
        assert TOKEN.encode() not in board.raw + machine.database.read_bytes()
        assert len(fake.in_project()) == 3
    assert machine.damage() == []
