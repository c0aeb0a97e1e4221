"""Ideas and arrivals: captured, cited, dropped with a reason."""

from __future__ import annotations

from tests.tui.driving import front, press, running, shown, type_in
from textual.widgets import Input

from tracker.domain.filters import TaskFilter
from tracker.services import board as reads
from tracker.services.board import ideas
from tracker.services.ideas import origins
from tracker.services.workspace import Workspace
from tracker.tui.screens.ideas import IdeasScreen
from tracker.tui.widgets.text_view import TextView


def waiting(ws: Workspace) -> list[str]:
    return [row.id for row in ideas(ws)]


async def test_it_lists_what_waits_with_its_source(northlight: Workspace) -> None:
    async with running(northlight, place="ideas") as pilot:
        text = shown(pilot)
        assert "5 wait for a key result" in text
        assert "Should we be doing podcasts?" in text
        assert "A competitor does" in text
        assert "nothing arrived" in text


async def test_an_idea_is_captured_with_one_key_and_the_cursor_is_on_it(northlight: Workspace) -> None:
    async with running(northlight, place="ideas") as pilot:
        for key in ("i", "n"):
            await press(pilot, key)
            await type_in(pilot, f"Idea by {key}", "enter")
        assert waiting(northlight)[:2] == ["I-07", "I-06"]
        assert pilot.app.screen.query_one(TextView).current == "I-07"
        await press(pilot, "u")
        assert "I-07" not in waiting(northlight)
        await press(pilot, "U")
        assert "I-07" in waiting(northlight)


async def test_citing_a_key_result_makes_a_task_of_it(northlight: Workspace) -> None:
    async with running(northlight, place="ideas") as pilot:
        await press(pilot, "G", "K", "2")
        text = shown(pilot)
        assert "Would our who be there?" in text
        assert "WHO Owner-managers of independent vet clinics" in text
        await press(pilot, "n")
        assert "How does it move Discovery calls booked?" in shown(pilot)
        await type_in(pilot, "listeners book", "enter")
        assert "I-01" not in waiting(northlight)
        assert "our who would not be there: Owner-managers" in shown(pilot)
    made = reads.search(northlight, "podcasts", wanted=TaskFilter(key_result="KR-06"))[0]
    assert (made.title, made.contribution, made.status) == ("Should we be doing podcasts?", "listeners book", "backlog")
    assert origins(northlight, [made.id])[made.id].reaches_who is False


async def test_the_contribution_may_be_left_open_and_escape_keeps_the_idea(northlight: Workspace) -> None:
    async with running(northlight, place="ideas") as pilot:
        await press(pilot, "p", "2", "y", "escape")
        assert len(waiting(northlight)) == 5
        await press(pilot, "p", "2", "-", "enter")
        assert len(waiting(northlight)) == 4


async def test_what_is_captured_says_where_it_came_from(northlight: Workspace) -> None:
    async with running(northlight, place="ideas") as pilot:
        await press(pilot, "i")
        await type_in(pilot, "A waiting-room poster from:visit at Millbrook", "enter")
        assert "from visit at Millbrook" in shown(pilot)
    assert ideas(northlight)[0].source == "visit at Millbrook"


async def test_dropping_asks_why_and_keeps_the_reason(northlight: Workspace) -> None:
    async with running(northlight, place="ideas") as pilot:
        await press(pilot, "j", "x")
        await type_in(pilot, "no budget", "enter")
        assert "I-04" not in waiting(northlight)
        await press(pilot, "u")
        assert "I-04" in waiting(northlight)


async def test_keys_move_the_cursor_and_escape_leaves(northlight: Workspace) -> None:
    async with running(northlight, place="ideas") as pilot:
        view = pilot.app.screen.query_one(TextView)
        for key, idea in (
            ("down", "I-04"), ("j", "I-03"), ("k", "I-04"), ("up", "I-05"), ("G", "I-01"), ("g", "I-05"),
            ("pagedown", "I-01"), ("pageup", "I-05"),
        ):  # fmt: skip
            await press(pilot, key)
            assert view.current == idea, key
        assert "No-shows on a third of calls" in shown(pilot)
        await press(pilot, "H")
        assert "WHO Owner-managers" in shown(pilot)
        await press(pilot, "escape")
        assert front(pilot) is not IdeasScreen


async def test_an_arrival_shows_what_it_brought_along(northlight: Workspace) -> None:
    with northlight.writing("arrive") as tx:
        tx.insert(
            "import_item",
            {"id": "A-01", "connector": "csv:old.csv", "title": "Call the printer", "on": northlight.clock.today,
             "raw": {"title": "Call the printer", "who": "lena", "prio": "3"}},
        )  # fmt: skip
    async with running(northlight, place="ideas") as pilot:
        await press(pilot, "G")
        text = shown(pilot)
        assert "ARRIVALS  1" in text
        assert "from csv:old.csv" in text
        assert "who lena" in text
        await press(pilot, "K", "1", "y", "enter")
        assert "A-01" not in waiting(northlight)


async def test_without_ideas_it_says_how_to_keep_one(begun: Workspace) -> None:
    async with running(begun, (80, 24), place="ideas") as pilot:
        assert "no idea waits; i keeps one" in shown(pilot)
        for key in ("x", "K", "enter"):
            await press(pilot, key)
        assert not pilot.app.screen.query(Input)
        assert "There is no idea under the cursor" in shown(pilot)
