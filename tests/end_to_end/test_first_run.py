"""From an empty home to the first task."""

from __future__ import annotations

import re

from tests.end_to_end.machine import STARTING, Machine, showing
from tests.terminal import Terminal

FIRST_HALF = ("Fill the quiet weekdays", "owner-managers of vet clinics", "no time to learn marketing", "book a call")
SECOND_HALF = ("website, email", "Mara Okafor", "", "Be the first call in town", "Signed clients", "clients", "", "10")
QUESTIONS = len(FIRST_HALF) + len(SECOND_HALF)


def answer(terminal: Terminal, place: int, words: str) -> None:
    """Answer question number `place`, once it is asked."""
    terminal.wait_for(asked(place), STARTING)
    terminal.send(words)
    terminal.press("enter")


def asked(place: int) -> re.Pattern[str]:
    """What stands at the right edge while that question is asked."""
    return re.compile(rf" {place} of {QUESTIONS}$", re.MULTILINE)


def test_an_empty_home_has_its_first_task_after_a_dozen_answers(machine: Machine) -> None:
    terminal = machine.start()
    for place, words in enumerate(FIRST_HALF, start=1):
        answer(terminal, place, words)

    # Esc half-way: nothing is lost, and until there is a strategy an idea is all that can be captured
    terminal.wait_for(asked(len(FIRST_HALF) + 1))
    terminal.press("escape")
    terminal.wait_for("Still missing: channels, owner, objective, key result, target.")
    terminal.press("i")
    terminal.wait_for(re.compile(r"^ idea", re.MULTILINE))
    terminal.send("A podcast for clinic owners\r")
    terminal.wait_for("kept I-01")
    terminal.press("ctrl+q")
    assert terminal.wait_for_exit() == 0

    refused = machine.run("add", "Write the teaser")
    assert refused.returncode == 1
    assert "no active strategy" in refused.stderr
    assert "A podcast for clinic owners" in machine.run("idea", "list").stdout

    terminal = machine.start()
    terminal.wait_for(showing(*FIRST_HALF), STARTING)
    for place, words in enumerate(SECOND_HALF, start=len(FIRST_HALF) + 1):
        answer(terminal, place, words)
    terminal.wait_for(showing("BACKLOG 0", "Fill the quiet weekdays", "Signed clients", "DO book a call", "OWNER mara"))

    terminal.press("n")
    terminal.wait_for("new task")
    terminal.send("Write the teaser kr:1 due:fri why:the list needs a reason to open\r")
    terminal.wait_for(showing("BACKLOG 1", "Write the teaser", "23 Oct", "the list needs a reason to open"))

    # another process sees it while the board is open
    listed = machine.run("list")
    assert listed.returncode == 0
    assert re.search(r"^T-001 +backlog +KR-01 .*Write the teaser$", listed.stdout, re.MULTILINE), listed.stdout
    terminal.press("q")
    assert terminal.wait_for_exit() == 0


def test_answers_that_are_typed_ahead_go_to_their_questions(machine: Machine) -> None:
    terminal = machine.start(columns=80, rows=24)
    terminal.wait_for(asked(1), STARTING)
    terminal.send("".join(f"{words}\r" for words in (*FIRST_HALF, *SECOND_HALF)))
    terminal.wait_for(re.compile(r"BACKLOG 0.*\n.*nothing here"))
    strategy = machine.rows("SELECT title, who, why, desired_action, owner FROM strategy")
    assert strategy == [(*FIRST_HALF, "mara")]
    assert machine.rows("SELECT title, target FROM key_result") == [("Signed clients", "10")]


def test_a_wrong_answer_is_said_at_once_and_asked_again(machine: Machine) -> None:
    terminal = machine.start()
    for place, words in enumerate((*FIRST_HALF, *SECOND_HALF[:-1]), start=1):
        answer(terminal, place, words)
    answer(terminal, QUESTIONS, "ten or so")
    terminal.wait_for("'ten or so' is no number")
    terminal.press("ctrl+u")
    terminal.wait_until_gone("ten or so")
    terminal.send("10\r")
    terminal.wait_for("BACKLOG 0")
