"""A move is shown before it is written, and taken back, cursor and selection with it, when it comes to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from tests.tui.driving import press, running, settle, shown
from tests.tui.screens.board_driving import at, board, card, ids, notice, until
from textual.pilot import Pilot

from tracker.domain.errors import Refused
from tracker.services import tasks as service
from tracker.services.workspace import Workspace
from tracker.tui.app import TrackerApp, read_first
from tracker.tui.painting import Lines


@contextmanager
def writing_held_up(pilot: Pilot[Any]) -> Iterator[None]:
    """While the disk does not answer."""
    go_on = Event()
    pilot.app.data.submit(lambda: go_on.wait(10), lambda _: None, lambda _: None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        go_on.set()


def without_footer(pilot: Pilot[Any]) -> str:
    """The screen without its notice; the header's figures come later by design."""
    return "\n".join(shown(pilot).splitlines()[:-2])


async def test_a_move_is_shown_before_it_is_written_and_drawn_once(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(northlight) as pilot:
        painted: list[object] = []
        display = pilot.app._display

        def noted(screen: Any, update: Any) -> None:
            painted.append(update)
            display(screen, update)

        monkeypatch.setattr(pilot.app, "_display", noted)
        with writing_held_up(pilot):
            await pilot.press(">")
            assert card(northlight, "T-043").status == "doing"
            assert "T-043" in ids(pilot, "review")
            assert at(pilot) == "T-042"
            assert "REVIEW 5/3 OVER" in shown(pilot)
            assert notice(pilot) == "", "nothing is said to be done that is not written"
            ahead = without_footer(pilot)
        await until(pilot, lambda: card(northlight, "T-043").status == "review")
        assert len([update for update in painted if isinstance(update, Lines)]) == 1
        await settle(pilot)
        assert "T-043" in notice(pilot)
        assert without_footer(pilot) == ahead


@pytest.mark.parametrize(("key", "status"), [("shift+right", "review"), ("shift+left", "assigned")])
async def test_the_cursor_goes_along_at_once(northlight: Workspace, key: str, status: str) -> None:
    async with running(northlight) as pilot:
        with writing_held_up(pilot):
            await pilot.press(key)
            assert at(pilot) == "T-043"
            assert board(pilot).columns.at == status
        await settle(pilot)
        assert at(pilot) == "T-043"
        assert card(northlight, "T-043").status == status


@pytest.mark.parametrize("key", ["greater_than_sign", "less_than_sign", "shift+right", "shift+left"])
async def test_a_refused_move_is_taken_back_with_the_reason(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Refused("The rule that only the database knows.")

    monkeypatch.setattr(service, "step_tasks", refuse)
    async with running(northlight) as pilot:
        await press(pilot, "j")
        before, task = without_footer(pilot), at(pilot)
        with writing_held_up(pilot):
            await pilot.press(key)
            assert without_footer(pilot) != before, "it was shown"
        await settle(pilot)
        assert "only the database knows" in notice(pilot)
        assert without_footer(pilot) == before
        assert at(pilot) == task
        await press(pilot, "k")
        assert at(pilot) == "T-043"


async def test_finished_work_of_a_closed_key_result_stays_where_it_is(northlight: Workspace) -> None:
    async with running(northlight, (200, 50)) as pilot:
        await press(pilot, "l", "l")
        while at(pilot) != "T-014":
            await press(pilot, "j")
        before = without_footer(pilot)
        await press(pilot, "<")
        assert "graded or dropped" in notice(pilot)
        assert without_footer(pilot) == before
        assert (at(pilot), card(northlight, "T-014").status) == ("T-014", "done")


async def test_selected_cards_are_shown_moved_and_when_refused_are_selected_again(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "space", "space")
        before = without_footer(pilot)
        assert "2 selected" in before
        with monkeypatch.context() as broken:
            def refuse(*_: object, **__: object) -> None:
                raise Refused("No.")

            broken.setattr(service, "step_tasks", refuse)
            with writing_held_up(pilot):
                await pilot.press(">")
                assert {"T-043", "T-042"} <= set(ids(pilot, "review"))
                assert "selected" not in shown(pilot)
            await settle(pilot)
        assert without_footer(pilot) == before
        await press(pilot, ">")
        assert {card(northlight, task).status for task in ("T-043", "T-042")} == {"review"}


async def test_a_move_that_somebody_else_has_crossed_is_taken_back_and_both_versions_are_shown(
    northlight: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    other = open_copy(northlight_file, "jonas")
    async with running(northlight) as pilot:
        with writing_held_up(pilot):
            await pilot.press(">")
            assert "T-043" in ids(pilot, "review")
            service.cancel_tasks(other, ["T-043"], "the account is gone")
        await settle(pilot)
        assert "was doing, theirs cancelled" in shown(pilot)
        assert all("T-043" not in ids(pilot, status) for status in ("doing", "review"))
        await press(pilot, "t")
        assert card(northlight, "T-043").status == "cancelled"


async def test_a_write_that_takes_long_is_not_said_to_be_done(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        with writing_held_up(pilot):
            await pilot.press(">")
            await until(pilot, lambda: "not written yet" in notice(pilot))
        await settle(pilot)
        assert "next status: T-043" in notice(pilot)


async def test_what_is_typed_behind_a_move_waits_for_it(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        with writing_held_up(pilot):
            await pilot.press(">")
            await pilot.press("u")
            await pilot.press("j")
            assert "T-043" in ids(pilot, "review")
        await settle(pilot)
        assert card(northlight, "T-043").status == "doing"
        assert at(pilot) == "T-042"


async def test_leaving_right_after_a_move_loses_nothing(northlight: Workspace) -> None:
    app = TrackerApp(northlight, read_first(northlight))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press(">", "ctrl+q")
    assert card(northlight, "T-043").status == "review"


async def test_in_a_searched_and_filtered_board_it_is_the_same(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "4")
        with writing_held_up(pilot):
            await pilot.press(">")
            ahead = without_footer(pilot)
        await settle(pilot)
        assert without_footer(pilot) == ahead
        assert at(pilot) != "T-043"
