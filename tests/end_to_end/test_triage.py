"""Twenty tasks get owner and date at the keyboard."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.machine import TODAY, Machine, showing
from tests.terminal import Terminal

TASKS = 20
MOST_KEYS = 8
"""A task; twenty of them in two minutes is six seconds each."""
TYPED_AHEAD = 4
"""Tasks whose keys all arrive before the first of them is answered."""


class Hand:
    """Presses keys one by one and counts them."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.pressed = 0

    def press(self, *keys: str) -> None:
        self.terminal.press(*keys)
        self.pressed += len(keys)


@pytest.fixture
def team_machine(begun_machine: Machine, tmp_path: Path) -> Machine:
    """Twenty tasks in the backlog that came as a table, without owner or date, and two people to do them."""
    table = tmp_path / "plan.csv"
    lines = [f'"Piece of work, number {number}",KR-01,2-4' for number in range(1, TASKS + 1)]
    table.write_text("\n".join(["Title,Key result,Estimate", *lines]), encoding="utf-8")
    assert begun_machine.run("person", "add", "Jonas Weber").returncode == 0
    imported = begun_machine.run("import", str(table))
    assert imported.returncode == 0, imported.stderr
    assert begun_machine.rows("SELECT count(*) FROM task WHERE owner IS NULL AND due_on IS NULL") == [(TASKS,)]
    return begun_machine


def test_twenty_tasks_get_owner_and_date_with_few_keys_each(team_machine: Machine) -> None:
    terminal = team_machine.board()
    hand = Hand(terminal)
    terminal.press("T")
    terminal.wait_for(showing(f"{TASKS} open tasks", f"{TASKS} need something"))
    people = ("ma", "jo")
    for number in range(TASKS):
        hand.press("a", *people[number % 2], "+", str(number % 9 + 1), "d", "enter")
        terminal.wait_for(re.compile(rf"\b{TASKS - 1 - number} need something"))
    assert hand.pressed <= MOST_KEYS * TASKS

    today = date.fromisoformat(TODAY)
    wanted = {
        f"Piece of work, number {number + 1}":
            (("mara", "jonas")[number % 2], (today + timedelta(number % 9 + 1)).isoformat(), "assigned")
        for number in range(TASKS)
    }  # fmt: skip
    given = {row[0]: row[1:] for row in team_machine.rows("SELECT title, owner, due_on, status FROM task")}
    assert given == wanted

    # the last task's date and owner come off again, one key each
    terminal.press("u")
    terminal.wait_for("1 need something")
    terminal.press("u")
    terminal.wait_for("owner, date")
    assert team_machine.rows("SELECT count(*) FROM task WHERE owner IS NULL AND due_on IS NULL") == [(1,)]
    terminal.press("ctrl+r", "ctrl+r")
    terminal.wait_for("0 need something")
    given = {row[0]: row[1:] for row in team_machine.rows("SELECT title, owner, due_on, status FROM task")}
    assert given == wanted


def test_the_load_of_a_person_is_seen_while_choosing(team_machine: Machine) -> None:
    for words in (("assign", "T-001", "T-002", "mara"), ("due", "T-001", "T-002", "T-003", "fri")):
        assert team_machine.run(*words).returncode == 0
    terminal = team_machine.board()
    terminal.press("T")
    terminal.wait_for(re.compile(r"LOAD next 2 weeks.*^.* mara +6 of", re.DOTALL | re.MULTILINE))
    terminal.press("a")
    terminal.wait_for(re.compile(r"^ - nobody +mara 6h +jonas 0h", re.MULTILINE))
    terminal.press("m")
    # the bar beside the rows counts the task that is being given
    terminal.wait_for(re.compile(r"›mara +9 of"))


def test_hands_that_are_faster_than_the_disk_lose_no_key(team_machine: Machine) -> None:
    terminal = team_machine.board()
    terminal.press("T")
    terminal.wait_for(f"{TASKS} need something")
    for done in range(0, TASKS, TYPED_AHEAD):
        terminal.send("".join(f"a{('ma', 'jo')[number % 2]}fri\r" for number in range(TYPED_AHEAD)))
        terminal.wait_for(re.compile(rf"\b{TASKS - done - TYPED_AHEAD} need something"))
    given = team_machine.rows("SELECT owner, due_on, count(*) FROM task GROUP BY 1, 2 ORDER BY 1")
    assert given == [("jonas", "2026-10-23", TASKS // 2), ("mara", "2026-10-23", TASKS // 2)]
