"""The audit of the demo is worked down from 22 findings to none that is undecided, in a real terminal."""

from __future__ import annotations

import json

from tests.end_to_end.machine import Machine, showing
from tests.terminal import Terminal


def says(terminal: Terminal, words: str) -> None:
    """Type words and Enter."""
    terminal.send(words)
    terminal.press("enter")


def test_the_audit_is_worked_down_to_none_undecided(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    terminal.press("G")
    terminal.wait_for(showing("ALIGNMENT", "22 findings, 0 decided", "47 h, 900 EUR"))

    # kill: two tasks on channels of nobody's choice
    terminal.press("tab", "end", "space", "k", "space")
    terminal.wait_for("2 marked")
    terminal.press("x")
    terminal.wait_for("because")
    says(terminal, "not our channels")
    terminal.wait_for("findings, 0 decided")

    # recalibrate: the target that the plan back asks for
    terminal.press("g", "j", "j", "j", "j", "j")
    terminal.wait_for("target below backward plan")
    terminal.press("r", "m", "t")
    terminal.wait_for("now 40 calls")
    says(terminal, "50")
    terminal.wait_for("target of KR-06 is 50, was 40")

    # keep: everything else, for one reason
    terminal.press("g", "K")
    terminal.wait_for("keep, because")
    says(terminal, "looked at it together")
    terminal.wait_for("1 decided")
    for _ in range(40):
        left = json.loads(northlight_machine.run("audit", "--json").stdout)
        if left["decided"] == left["total"]:
            break
        terminal.press(".")
        terminal.wait_for(f"{left['decided'] + 1} decided")
    told = json.loads(northlight_machine.run("audit", "--json", "--fail-on", "any").stdout)
    assert (told["decided"], told["failing"]) == (told["total"], [])
    assert northlight_machine.run("audit", "--fail-on", "any").returncode == 0
    assert northlight_machine.rows("SELECT count(*) FROM task WHERE cancel_reason = 'not our channels'") == [(2,)]
    assert northlight_machine.rows("SELECT target FROM key_result WHERE id = 'KR-06'") == [("50",)]

    # the figures of one change, and it comes back
    terminal.press("escape")
    terminal.wait_for("BACKLOG")
    assert northlight_machine.run("assign", "T-033", "T-034", "lena").returncode == 0
    assert northlight_machine.run("start", "T-034").returncode == 0
    assert northlight_machine.run("audit", "--fail-on", "wip_over").returncode == 6
    assert not northlight_machine.damage()
