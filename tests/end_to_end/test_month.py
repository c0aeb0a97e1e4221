"""A month of the demo in a real terminal: from a check-in to the closed cycle, and into the next one."""

from __future__ import annotations

import json

from tests.end_to_end.machine import Machine, showing
from tests.terminal import Terminal

LAST_VALUES = {"KR-05": "8", "KR-06": "38", "KR-07": "65.50", "KR-08": "120", "KR-09": "2500", "KR-11": "0.48",
               "KR-12": "4.7"}
"""What each key result but the milestones came to on the last day."""


def _on(machine: Machine, day: str) -> Terminal:
    machine.environment["TRACKER_TODAY"] = day
    return machine.board(person="mara")


def _says(terminal: Terminal, words: str) -> None:
    terminal.send(words)
    terminal.press("enter")


def _leave(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.wait_for_exit() == 0


def _check_in_and_work(machine: Machine) -> None:
    terminal = _on(machine, "2026-10-26")
    terminal.press("C")
    terminal.wait_for(showing("CHECK IN", "Signed clients"))
    terminal.press("ctrl+u", "6", "tab", "8", "tab")
    _says(terminal, "Two signed after the webinar")
    machine.comes_to_hold(
        [("6", 8, "Two signed after the webinar")],
        "SELECT value, confidence, note FROM check_in WHERE key_result = 'KR-05' AND on_date = '2026-10-26'",
    )
    terminal.press("escape")
    terminal.wait_for(showing("DOING 9/6", "6/10"))
    terminal.press("l", ">")
    machine.comes_to_hold([("done", "2026-10-26")], "SELECT status, done_on FROM task WHERE id = 'T-026'")
    _leave(terminal)


def _last_check_ins(machine: Machine) -> None:
    machine.environment["TRACKER_TODAY"] = "2026-10-31"
    words = ("--confidence", "7", "--note", "The last one of October")
    for key_result, value in LAST_VALUES.items():
        said = machine.run("checkin", key_result, "--value", value, *words, person="mara")
        assert said.returncode == 0, said.stderr
    said = machine.run("checkin", "KR-10", "--tick", "Millbrook", "--tick", "Harbour Road", *words, person="mara")
    assert said.returncode == 0, said.stderr


def _close(machine: Machine) -> None:
    terminal = _on(machine, "2026-10-31")
    terminal.press("R")
    terminal.wait_for(showing("CYCLE", ">grades 0/8", ".tasks 27"))
    terminal.press("f")
    terminal.wait_for("neither graded nor dropped")
    for number in range(1, 9):
        terminal.press("g", "enter")
        terminal.wait_for(f"grades {number}/8")
    terminal.press("home", *"cccccccc")
    terminal.wait_for("decisions 8/8")
    terminal.press("t")
    terminal.wait_for("open tasks: 27 move")
    terminal.press("y")
    terminal.wait_for("tasks 0")
    for key, words in (("w", "The webinar"), ("d", "The ad"), ("l", "Ask earlier")):
        terminal.press(key)
        _says(terminal, words)
        terminal.wait_for(words)
    terminal.press("f")
    terminal.wait_for("close October 2026?")
    terminal.press("y")
    terminal.wait_for(showing("CYCLE  November 2026  active", "October 2026 is closed"))
    terminal.press("escape")
    terminal.wait_for("BACKLOG")
    _leave(terminal)


def _begin_the_next(machine: Machine) -> None:
    machine.environment["TRACKER_TODAY"] = "2026-11-02"
    drafts = [row[0] for row in machine.rows("SELECT id FROM key_result WHERE status = 'draft' ORDER BY id")]
    assert len(drafts) == 8
    said = machine.run("kr", "accept", drafts[0], person="mara")
    assert said.returncode == 0, said.stderr
    said = machine.run("checkin", drafts[0], "--value", "1", "--confidence", "8", "--note", "One from the list",
                       person="mara")
    assert said.returncode == 0, said.stderr
    terminal = _on(machine, "2026-11-02")
    terminal.wait_for(showing("November", "1/10"))
    _leave(terminal)


def test_a_month_is_played_from_a_check_in_to_the_next_cycle(northlight_machine: Machine) -> None:
    machine = northlight_machine
    _check_in_and_work(machine)
    _last_check_ins(machine)
    _close(machine)

    assert machine.rows("SELECT id, status FROM cycle ORDER BY id") == [
        ("2026-09", "closed"), ("2026-10", "closed"), ("2026-11", "active"),
    ]  # fmt: skip
    grades = machine.rows("SELECT key_result, final_score FROM grade WHERE key_result > 'KR-04' ORDER BY key_result")
    assert [(key_result, float(final)) for key_result, final in grades] == [
        ("KR-05", 0.8), ("KR-06", 1.0), ("KR-07", 0.8), ("KR-08", 0.4), ("KR-09", 0.9), ("KR-10", 0.8),
        ("KR-11", 0.8), ("KR-12", 1.0),
    ]  # fmt: skip
    carried = machine.rows(
        "SELECT k.carried_from, k.status, (SELECT count(*) FROM check_in WHERE key_result = k.id), "
        "(SELECT count(*) FROM grade WHERE key_result = k.id) FROM key_result k WHERE k.carried_from >= 'KR-05' "
        "ORDER BY k.carried_from"
    )
    assert carried == [(f"KR-{number:02}", "draft", 0, 0) for number in range(5, 13)]
    open_ones = "status IN ('backlog', 'assigned', 'doing', 'review')"
    assert machine.rows(f"SELECT count(*) FROM task WHERE {open_ones} AND key_result <= 'KR-12'") == [(0,)]
    assert machine.rows(f"SELECT count(*) FROM task WHERE {open_ones}") == [(27,)]

    told = json.loads(machine.run("cycle", "show", "2026-10", "--json").stdout)
    assert "The webinar" in json.dumps(told)
    _begin_the_next(machine)
    assert not machine.damage()
