"""The mouse, as a terminal reports it: click, double click, wheel, and a card dragged to another column."""

from __future__ import annotations

import re

from tests.end_to_end.machine import Machine, showing
from tests.terminal import Screen
from tests.terminal.keys import click


def place_of(screen: Screen, text: str) -> tuple[int, int]:
    """A cell in the middle of `text`."""
    found = screen.find(text)
    assert found, screen.text
    return found[0] + 1, found[1]


def assert_comes_to_stand_in(machine: Machine, task: str, status: str) -> None:
    machine.comes_to_hold([(status,)], "SELECT status FROM task WHERE id = ?", task)


def detail_of(task: str) -> re.Pattern[str]:
    """The detail line below the columns speaks of the task."""
    return re.compile(rf"^ {task} ", re.MULTILINE)


def test_a_click_puts_the_cursor_on_a_card_and_keys_act_on_it(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    terminal.click(*place_of(terminal.settle(), "52 4C"))
    terminal.wait_for(detail_of("T-052"))
    terminal.press("<")
    terminal.wait_for("T-052")
    terminal.wait_for(showing("DOING 10/6", "REVIEW 3/3"))
    assert_comes_to_stand_in(northlight_machine, "T-052", "doing")


def test_a_double_click_opens_the_task(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    place = place_of(terminal.settle(), "52 4C")
    terminal.send(click(*place) * 2)
    terminal.wait_for(showing("MESSAGES", "T-052"))
    terminal.press("escape")
    terminal.wait_for("BACKLOG")


def test_the_wheel_moves_the_column_under_it_and_leaves_the_cursor(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board(columns=80, rows=24)
    screen = terminal.wait_for("DONE 33")
    heads = place_of(screen, "DONE 33")
    first = screen.line(heads[1] + 1)[heads[0] - 1 :].strip()
    assert first
    terminal.wheel(heads[0], heads[1] + 3, 4)
    terminal.wait_until_gone(first)
    terminal.wheel(heads[0], heads[1] + 3, -4)
    terminal.wait_for(first)
    terminal.wait_for(detail_of("T-043"))


def test_a_card_dragged_to_another_column_moves_there_and_comes_back_with_one_key(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    screen = terminal.settle()
    terminal.drag(place_of(screen, "43 4A"), place_of(screen, "REVIEW 4"))
    terminal.wait_for(showing("DOING 8/6", "REVIEW 5/3"))
    assert_comes_to_stand_in(northlight_machine, "T-043", "review")
    terminal.press("u")
    terminal.wait_for(showing("DOING 9/6", "REVIEW 4/3"))
    assert_comes_to_stand_in(northlight_machine, "T-043", "doing")


def test_a_card_dragged_over_several_columns_goes_through_the_states_between(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    screen = terminal.settle()
    terminal.drag(place_of(screen, "33 2C"), place_of(screen, "DONE 33"))
    terminal.wait_for(showing("BACKLOG 5", "DONE 34"))
    northlight_machine.comes_to_hold(
        [("backlog",), ("assigned",), ("doing",), ("done",)],
        "SELECT to_status FROM task_event WHERE task = 'T-033' ORDER BY seq",
    )
    assert northlight_machine.damage() == []


def test_a_card_let_go_where_no_column_is_stays(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    screen = terminal.settle()
    before = northlight_machine.rows("SELECT count(*) FROM change_batch")
    terminal.drag(place_of(screen, "43 4A"), (5, 0))
    terminal.settle()
    terminal.press("j")
    terminal.wait_for(detail_of("T-042"))
    assert northlight_machine.rows("SELECT count(*) FROM change_batch") == before


def test_a_click_on_a_key_result_shows_only_its_tasks(northlight_machine: Machine) -> None:
    terminal = northlight_machine.board()
    place = place_of(terminal.settle(), "4x White paper")
    terminal.click(*place)
    terminal.wait_for(showing("filter: 4", "DOING 4"))
    terminal.click(*place)
    terminal.wait_for(showing("filter: all", "DOING 9/6"))
