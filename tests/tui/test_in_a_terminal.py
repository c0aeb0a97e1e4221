"""From the keyboard to the glass: the program in a real pseudo-terminal, as a person would use it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from tests.terminal import Screen, Terminal

from tracker.services import tasks as service
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace

TODAY = "2026-10-19"


def program(file: Path, *, person: str = "mara", columns: int = 120, rows: int = 36) -> Terminal:
    command = [sys.executable, "-m", "tracker", "--db", str(file), "--today", TODAY, "--as", person]
    return Terminal.spawn(command, columns=columns, rows=rows)


def rows_of(file: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(file)
    try:
        return [tuple(row) for row in connection.execute(sql)]
    finally:
        connection.close()


def saying(*words: str) -> Callable[[Screen], bool]:
    def holds(screen: Screen) -> bool:
        text = "\n".join(screen.line(y) for y in range(screen.rows))
        return all(word in text for word in words)

    return holds


def test_from_the_first_run_to_the_first_task(empty: Workspace) -> None:
    file = empty.store.path
    empty.store.close()
    answers = (
        "Fill the quiet weekdays", "owner-managers of vet clinics", "no time to learn marketing", "book a call",
        "website, email", "Mara Okafor", "", "Be the first call", "Calls booked", "calls", "", "40",
    )  # fmt: skip
    with program(file) as terminal:
        terminal.wait_for("What is the goal, in a few words?")
        for place, answer in enumerate(answers, 1):
            terminal.wait_for(f"{place} of 12")
            terminal.send(answer + "\r")
        terminal.wait_for(saying("BACKLOG", "Fill the quiet weekdays", "Calls booked"))
        terminal.press("n")
        terminal.wait_for("new task")
        terminal.send("Write the teaser @mara kr:1 due:fri ~2-4h why:the list needs a reason\r")
        terminal.wait_for(saying("T-001", "Write the teaser"))
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    assert rows_of(file, "SELECT title, key_result, owner, due_on, status FROM task") == [
        ("Write the teaser", "KR-01", "mara", "2026-10-23", "assigned")
    ]


def test_escape_in_the_first_run_keeps_the_answers_for_the_next_time(empty: Workspace) -> None:
    file = empty.store.path
    empty.store.close()
    with program(file, columns=80, rows=24) as terminal:
        terminal.wait_for("1 of 12")
        terminal.send("Fill the quiet weekdays\rvet cli")
        terminal.wait_for("vet cli")
        terminal.press("escape")
        terminal.wait_for("Still missing: why")
        terminal.press("i")
        terminal.send("A podcast\r")
        terminal.wait_for("kept I-01")
        terminal.press("ctrl+q")
        assert terminal.wait_for_exit() == 0
    with program(file, columns=80, rows=24) as terminal:
        terminal.wait_for(saying("3 of 12", "Fill the quiet weekdays", "vet cli"))
        terminal.press("ctrl+q")
        assert terminal.wait_for_exit() == 0


def test_triage_gives_twenty_tasks_owner_and_date_and_a_bulk_edit_is_undone_as_one(begun: Workspace) -> None:
    for number in range(20):
        service.add_task(begun, NewTask(f"Piece of work {number}", "KR-01"))
    file = begun.store.path
    begun.store.close()
    with program(file) as terminal:
        terminal.wait_for("BACKLOG 20")
        terminal.press("T")
        terminal.wait_for(saying("20 open tasks", "20 need something"))
        for number in range(10):
            terminal.send("amafri\r")
            terminal.wait_for(f"{10 - number + 9} need something")
        terminal.press(*["space"] * 10)
        terminal.wait_for("10 marked")
        terminal.send("ama+3d\r")
        terminal.wait_for("0 need something")
        terminal.press("u", "u")
        terminal.wait_for("10 need something")
        terminal.press("escape")
        terminal.wait_for("BACKLOG 10")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    assert rows_of(file, "SELECT owner, due_on, count(*) FROM task GROUP BY 1, 2 ORDER BY 3, 1") == [
        (None, None, 10), ("mara", "2026-10-23", 10),
    ]  # fmt: skip
