"""A board that is killed in the middle of changes: what it showed as done is done, and nothing is half done."""

from __future__ import annotations

import signal

import pytest

from tests.end_to_end.machine import Machine, count_of

TYPED = 200
"""Tasks that are typed ahead: more than are written before the end, and no more than a terminal holds (4 kB)."""
HAD = 6
"""Tasks in the backlog before."""


@pytest.mark.parametrize("after", [1, 12])
def test_a_killed_board_loses_no_task_that_it_showed(northlight_machine: Machine, after: int) -> None:
    terminal = northlight_machine.board()
    terminal.send("".join(f"nsudden {number} kr:1\r" for number in range(TYPED)))
    terminal.wait_for(lambda screen: count_of(screen, "BACKLOG") >= HAD + after)
    terminal.signal(signal.SIGKILL)
    assert terminal.wait_for_exit() == -signal.SIGKILL
    said = count_of(terminal.screen, "BACKLOG") - HAD
    rows = northlight_machine.rows("SELECT title FROM task WHERE number > 62 ORDER BY number")
    assert said <= len(rows)
    assert len(rows) < TYPED, "it was over before it was killed"
    # in the order they were typed, none left out, none half there
    assert [title for (title,) in rows] == [f"sudden {number}" for number in range(len(rows))]
    recorded = northlight_machine.rows(
        "SELECT count(DISTINCT batch) FROM change WHERE entity = 'task' AND id IN "
        "(SELECT id FROM task WHERE number > 62)"
    )
    assert recorded == [(len(rows),)]
    assert northlight_machine.damage() == []
    assert northlight_machine.run("doctor", person="mara").returncode == 0


def test_what_was_killed_goes_on_where_it_was(northlight_machine: Machine) -> None:
    first = northlight_machine.board()
    first.press(">")
    first.wait_for("next status: T-043")
    first.send("nhalf typed")
    first.wait_for("half typed")
    first.signal(signal.SIGKILL)
    assert first.wait_for_exit() == -signal.SIGKILL
    again = northlight_machine.board()
    again.wait_for("REVIEW 5/3")
    again.press("u")  # the history is there too
    again.wait_for("undone: next status: T-043")
    assert northlight_machine.rows("SELECT status FROM task WHERE id = 'T-043'") == [("doing",)]
    assert northlight_machine.rows("SELECT count(*) FROM task WHERE title LIKE 'half%'") == [(0,)]
