"""The first run: short questions, nothing lost, then the board."""

from __future__ import annotations

from typing import Any

import pytest
from tests.tui.driving import burst, front, press, running, settle, shown, type_in
from textual.pilot import Pilot
from textual.widgets import Input

from tracker.services.board import ideas
from tracker.services.header import header
from tracker.services.strategy import draft, records
from tracker.services.workspace import Workspace
from tracker.tui.screens.board import BoardScreen
from tracker.tui.screens.ideas import IdeasScreen
from tracker.tui.screens.wizard import WizardScreen
from tracker.tui.widgets.wizard import STEPS

ANSWERS = {
    "goal": "Fill the quiet weekdays",
    "who": "vet clinics",
    "why": "no time for marketing",
    "action": "book a call",
    "channels": "Website, Email",
    "owner": "Mara Okafor",
    "cycle": "",
    "objective": "Be the first call",
    "key_result": "Calls booked",
    "unit": "calls",
    "baseline": "",
    "target": "40",
}


def box(pilot: Pilot[Any]) -> Input:
    return pilot.app.screen.query_one("#answer", Input)


async def answer(pilot: Pilot[Any], *names: str) -> None:
    for name in names:
        box(pilot).value = ANSWERS[name]
        await press(pilot, "enter")


async def test_without_a_strategy_the_program_opens_it(empty: Workspace) -> None:
    async with running(empty) as pilot:
        assert front(pilot) is WizardScreen
        assert "What is the goal, in a few words?" in shown(pilot)
        assert "for example:" in shown(pilot)
        assert "1 of 12" in shown(pilot)


async def test_the_answers_become_strategy_cycle_objective_and_key_result_and_the_board_opens(empty: Workspace) -> None:
    async with running(empty) as pilot:
        await answer(pilot, *(step.name for step in STEPS))
        assert front(pilot) is BoardScreen
        assert "Fill the quiet weekdays" in shown(pilot)
    stands = header(empty)
    assert stands is not None
    assert stands.strategy.channels == ("website", "email")
    assert (stands.strategy.who, stands.strategy.desired_action) == ("vet clinics", "book a call")
    assert stands.cycle is not None
    assert (stands.cycle.starts_on.isoformat(), stands.cycle.ends_on.isoformat()) == ("2026-10-01", "2026-10-31")
    row = stands.key_results[0]
    assert (row.title, row.unit, str(row.target)) == ("Calls booked", "calls", "40")
    assert draft(empty) == {}
    assert [person["name"] for person in records(empty, "person")] == ["Mara Okafor"]


async def test_the_keyboard_alone_is_enough(empty: Workspace) -> None:
    async with running(empty, (80, 24)) as pilot:
        for step in STEPS:
            await type_in(pilot, ANSWERS[step.name].replace(",", " , "), "enter")
        assert front(pilot) is BoardScreen


WRONG = [
    ("goal", "", "Say it in a few words"),
    ("channels", " , ,", "Name one channel"),
    ("cycle", "2026-10-31..2026-10-01", "swap the days"),
    ("cycle", "soon", "is no cycle"),
    ("baseline", "many", "is no number"),
    ("target", "0", "The target is where it stands today"),
    ("target", "", "Say it in a few words"),
]


@pytest.mark.parametrize(("name", "typed", "message"), WRONG)
async def test_an_answer_that_cannot_be_is_told_in_words_and_asked_again(
    empty: Workspace, name: str, typed: str, message: str
) -> None:
    async with running(empty) as pilot:
        names = [step.name for step in STEPS]
        await answer(pilot, *names[: names.index(name)])
        box(pilot).value = typed
        await press(pilot, "enter")
        assert message in shown(pilot)
        assert front(pilot) is WizardScreen
        assert header(empty) is None


async def test_what_is_understood_is_said_while_one_types(empty: Workspace) -> None:
    async with running(empty) as pilot:
        await answer(pilot, "goal", "who", "why", "action")
        await type_in(pilot, "a,b", "left")
        assert "2 channels: a, b" in shown(pilot)
        await answer(pilot, "channels", "owner")
        await type_in(pilot, "quarter", "left")
        assert "01 Oct to 31 Dec, 92 days" in shown(pilot)
        await answer(pilot, "cycle", "objective", "key_result", "unit", "baseline")
        await type_in(pilot, "40", "left")
        assert "from 0 up to 40 calls" in shown(pilot)


async def test_back_shows_the_answer_and_it_can_be_changed(empty: Workspace) -> None:
    async with running(empty) as pilot:
        await answer(pilot, "goal", "who")
        await press(pilot, "shift+tab")
        assert box(pilot).value == "vet clinics"
        await press(pilot, "up")
        assert box(pilot).value == ANSWERS["goal"]
        await type_in(pilot, "!", "enter")
        assert draft(empty)["goal"] == ANSWERS["goal"] + "!"
        assert box(pilot).value == "vet clinics"


async def test_every_answer_is_kept_as_soon_as_it_is_given(empty: Workspace) -> None:
    async with running(empty) as pilot:
        await answer(pilot, "goal", "who")
    assert draft(empty) == {"goal": ANSWERS["goal"], "who": "vet clinics"}
    async with running(empty) as pilot:
        assert "3 of 12" in shown(pilot), "it goes on where it was left"
        assert ANSWERS["goal"] in shown(pilot)


async def test_escape_keeps_what_was_typed_and_lets_ideas_be_captured(empty: Workspace) -> None:
    async with running(empty) as pilot:
        await answer(pilot, "goal")
        await type_in(pilot, "half an ans", "escape")
        assert front(pilot) is IdeasScreen
        assert "Still missing: why, action" in shown(pilot)
        await press(pilot, "i")
        await type_in(pilot, "A podcast", "enter")
        assert [row.title for row in ideas(empty)] == ["A podcast"]
        await press(pilot, "K")
        assert "no active strategy" in shown(pilot)
        await press(pilot, "escape")
        assert front(pilot) is WizardScreen
        assert box(pilot).value == "half an ans"
    assert draft(empty)["who"] == "half an ans"


async def test_a_draft_that_somebody_broke_is_begun_anew(empty: Workspace) -> None:
    empty.store.path.with_name(empty.store.path.name + ".draft.json").write_text("{", encoding="utf-8")
    async with running(empty) as pilot:
        assert "1 of 12" in shown(pilot)


async def test_a_strategy_that_somebody_else_made_meanwhile_is_told(empty: Workspace) -> None:
    from tests.conftest import FIRST

    from tracker.services.strategy import strategy_first

    async with running(empty) as pilot:
        await answer(pilot, *(step.name for step in STEPS[:-1]))
        strategy_first(empty, FIRST)
        await answer(pilot, "target")
        await settle(pilot)
        assert "There is an active strategy already" in shown(pilot)


async def test_resizing_keeps_what_is_typed(empty: Workspace) -> None:
    async with running(empty) as pilot:
        await type_in(pilot, "half")
        for size in ((80, 24), (60, 15), (200, 50)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert box(pilot).value == "half"
            assert "What is the goal" in shown(pilot), size


async def test_answers_that_are_typed_ahead_are_not_mixed_up(empty: Workspace) -> None:
    async with running(empty) as pilot:
        keys: list[str] = []
        for step in STEPS:
            keys += ["space" if char == " " else char for char in ANSWERS[step.name]] + ["enter"]
        await burst(pilot, *keys)
        assert front(pilot) is BoardScreen
    stands = header(empty)
    assert stands is not None
    assert (stands.strategy.title, stands.strategy.why) == (ANSWERS["goal"], ANSWERS["why"])
