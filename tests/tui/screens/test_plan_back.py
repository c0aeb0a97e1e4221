"""Plan back: every key of it, on the demo, on an empty key result and in terminals of all sizes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from tests.tui.driving import front, press, running, settle, shown, type_in
from textual.pilot import Pilot

from tracker.domain.errors import Refused
from tracker.services import board as reads
from tracker.services import journey
from tracker.services.board import ideas
from tracker.services.ideas import origins
from tracker.services.plan_back import Plan, StepRow, plan_back
from tracker.services.strategy import records
from tracker.services.undo import undo
from tracker.services.workspace import Workspace
from tracker.tui.screens.board import BoardScreen
from tracker.tui.screens.plan_back import PlanBackScreen
from tracker.tui.widgets.text_view import TextView

GOAL = "KR-05"
TITLES = ["Signs as a client", "Attends the discovery call", "Books the call", "Reads the mails and the offer",
          "Joins the email list", "Lands on an article or the white-paper page",
          "Sees a post or an ad (first contact)"]


@asynccontextmanager
async def planning(ws: Workspace, *keys: str, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Pilot[Any]]:
    async with running(ws, size, place="plan_back") as pilot:
        await press(pilot, *keys)
        yield pilot


def plan(ws: Workspace) -> Plan:
    return plan_back(ws, GOAL)


def step(ws: Workspace, position: int) -> StepRow:
    return plan(ws).step(position)


def titles(ws: Workspace) -> list[str]:
    return [each.title for each in plan(ws).steps]


def cursor(pilot: Pilot[Any]) -> str | None:
    return pilot.app.screen.query_one("#steps", TextView).current


def text_of(pilot: Pilot[Any], region: str) -> str:
    return pilot.app.screen.query_one(f"#{region}", TextView).text


def notice(pilot: Pilot[Any]) -> str:
    return cast(PlanBackScreen, pilot.app.screen).footer.notice


# what is seen


async def test_it_shows_the_plan_of_the_demo_as_the_domain_draws_it(northlight: Workspace) -> None:
    async with planning(northlight) as pilot:
        lines = text_of(pilot, "steps").splitlines()
        found = [line.split() for line in lines if line[:8].strip().isdigit() or line.strip()[:1].isdigit()]
        assert [line[0] for line in found if line[0] in "0123456" and line[-1].count("+")] == list("0123456")
        for needs, tasks in (("10", "4+1"), ("40", "0+0"), ("50", "3+2"), ("400", "4+4"), ("800", "2+1"),
                             ("8,000", "4+2"), ("200,000", "7+6")):  # fmt: skip
            assert any(needs in line and line[-1] == tasks for line in found), needs
        text = shown(pilot)
        for words in (
            "PLAN BACK from 1 Signed clients: 10 by 31 Oct", "what must be true just before?",
            "4 clients, 6 to go, 12 days", "25% of these go up", "12.5% of these go up",
            "!! NO TACTIC. Idea I-05 'Reminder message the day before the call' fits here",
            "!! target 40 is 10 short of what the plan needs", "!! plan 760 is 40 short", "2 Discovery calls",
        ):  # fmt: skip
            assert words in text


async def test_keys_move_the_cursor_and_the_panel_speaks_of_the_step(northlight: Workspace) -> None:
    async with planning(northlight) as pilot:
        for key, position in (
            ("j", "1"), ("down", "2"), ("k", "1"), ("up", "0"), ("end", "6"), ("home", "0"), ("pagedown", "6"),
            ("pageup", "0"),
        ):  # fmt: skip
            await press(pilot, key)
            assert cursor(pilot) == position, key
        await press(pilot, "j")
        panel = text_of(pilot, "panel")
        assert "STEP 1 Attends the discovery call" in panel
        assert "No task serves this step. A missing step breaks the ones below it: 50 at step 2 give 40 here" in panel
        assert "new task here (KR-05, decision, step 1)" in panel
        assert "take idea I-05 Reminder message" in panel
        await press(pilot, "j")
        assert "aims at 40, and the plan needs 50: t sets that" in text_of(pilot, "panel")


async def test_p_opens_it_from_the_board_and_escape_goes_back(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "P")
        assert front(pilot) is PlanBackScreen
        await press(pilot, "H")
        assert "WHO Owner-managers" in shown(pilot)
        await press(pilot, "H", "escape")
        assert front(pilot) is BoardScreen


async def test_p_opens_the_plan_of_the_selected_cards_key_result_when_it_has_one(northlight: Workspace) -> None:
    journey.add_step(northlight, "KR-08", "Asks for the paper")
    async with running(northlight) as pilot:
        await press(pilot, "4", "P")
        assert "PLAN BACK from 4 White paper" in shown(pilot)


async def test_v_shows_one_line_a_step_and_back(northlight: Workspace) -> None:
    async with planning(northlight, "v") as pilot:
        lines = text_of(pilot, "steps").splitlines()
        assert len(lines) == 7
        assert [line[:2] for line in lines] == ["  ", "!!", "!!", "  ", "!!", "  ", "  "]
        await press(pilot, "v")
        assert len(text_of(pilot, "steps").splitlines()) == 17


async def test_a_low_terminal_has_one_line_a_step_by_itself(northlight: Workspace) -> None:
    async with planning(northlight, "j", size=(80, 24)) as pilot:
        assert len(text_of(pilot, "steps").splitlines()) == 7
        assert "No task serves this step" in shown(pilot)
        await press(pilot, "v")
        assert len(text_of(pilot, "steps").splitlines()) == 17
        assert "NO TACTIC" in shown(pilot)


async def test_a_tall_terminal_lists_the_tasks_of_the_step(northlight: Workspace) -> None:
    async with planning(northlight, "j", "j", size=(200, 50)) as pilot:
        panel = text_of(pilot, "panel")
        assert [line.split()[0] for line in panel.splitlines() if line.strip().startswith("T-")] == [
            "T-034", "T-031", "T-028", "T-023", "T-022",
        ]  # fmt: skip
        assert "2,230 of 2,600" in shown(pilot)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "T-034" not in text_of(pilot, "panel")


# what if


async def test_w_tries_a_rate_on_all_steps_below_and_saves_nothing(northlight: Workspace) -> None:
    async with planning(northlight, "j", "j", "w") as pilot:
        await type_in(pilot, "67%")
        assert "needs  2: 60   3: 480   4: 960   5: 9,600   6: 240k" in shown(pilot)
        await press(pilot, "enter")
        text = shown(pilot)
        for words in ("50 > 60", "400 > 480", "800 > 960", "8,000 > 9,600", "200k > 240k", "80% > 67%",
                      "what if 67% go up from 2: 2 Books the call 50 > 60", "Nothing is saved."):  # fmt: skip
            assert words in text
        assert step(northlight, 2).rate == Decimal("0.8")
        await press(pilot, "escape")
        assert front(pilot) is PlanBackScreen
        assert "50 > 60" not in shown(pilot)
        await press(pilot, "escape")
        assert front(pilot) is BoardScreen


async def test_a_dash_takes_what_is_tried_away(northlight: Workspace) -> None:
    async with planning(northlight, "j", "w") as pilot:
        await type_in(pilot, "50%", "enter")
        assert "40 > 20" in shown(pilot)
        await press(pilot, "w")
        await type_in(pilot, "-", "enter")
        assert "40 > 20" not in shown(pilot)


async def test_what_really_came_stands_beside_what_is_assumed_and_is_tried_with_enter(northlight: Workspace) -> None:
    async with planning(northlight, "j", "j", "a") as pilot:
        await type_in(pilot, "67%", "enter")
        assert step(northlight, 2).actual_rate == Decimal("0.67")
        assert "80% go up, 67% do" in shown(pilot)
        await press(pilot, "k")
        panel = text_of(pilot, "panel")
        assert "so far: 27 calls, 18 came (67%). You assume 80%." in panel
        assert "what if 67% go up from 2" in panel
        await press(pilot, "j", "w", "enter")
        assert "50 > 60" in shown(pilot)


@pytest.mark.parametrize("words", ["1.5", "0", "67", "many", "120%"])
async def test_what_is_no_share_keeps_the_question_and_says_why(northlight: Workspace, words: str) -> None:
    for key in ("r", "w", "a"):
        async with planning(northlight, "j", "j", key) as pilot:
            await type_in(pilot, words, "enter")
            text = shown(pilot)
            assert "share over 0 and up to 1" in text or "is no number" in text
    assert (step(northlight, 2).rate, step(northlight, 2).actual_rate) == (Decimal("0.8"), None)


# changing steps


async def test_r_changes_the_rate_and_u_takes_it_back(northlight: Workspace) -> None:
    async with planning(northlight, "j", "j", "r") as pilot:
        assert "now 80%" in shown(pilot)
        await type_in(pilot, "0.5", "enter")
        assert step(northlight, 2).needs == 80
        await press(pilot, "u")
        assert step(northlight, 2).needs == 50
        await press(pilot, "U")
        assert step(northlight, 2).needs == 80


async def test_a_rate_that_nobody_knows_leaves_the_needs_below_unknown_in_words(northlight: Workspace) -> None:
    async with planning(northlight, "j", "j", "r") as pilot:
        await type_in(pilot, "-", "enter")
        assert "!! what is needed is unknown: nobody said how many go up from here" in shown(pilot)
        await press(pilot, "j")
        assert "What is needed here is unknown: step 2 has no rate." in text_of(pilot, "panel")


async def test_o_adds_a_step_below_with_its_share_and_the_cursor_goes_there(northlight: Workspace) -> None:
    async with planning(northlight, "j", "o") as pilot:
        assert "just before 'Attends the discovery call' somebody" in shown(pilot)
        await type_in(pilot, "Gets a reminder 90%", "enter")
        assert titles(northlight) == [*TITLES[:2], "Gets a reminder", *TITLES[2:]]
        assert cursor(pilot) == "2"
        assert "35 tasks below moved along" in notice(pilot)
        assert [each.open + each.done for each in plan(northlight).steps] == [5, 0, 0, 5, 8, 3, 6, 13]
        await press(pilot, "u")
        assert titles(northlight) == TITLES


async def test_capital_o_adds_a_step_above(northlight: Workspace) -> None:
    async with planning(northlight, "O") as pilot:
        assert "Nothing stands above the goal" in notice(pilot)
        await press(pilot, "j", "O")
        await type_in(pilot, "Gets an offer", "enter")
        assert titles(northlight)[:3] == ["Signs as a client", "Gets an offer", "Attends the discovery call"]
        assert cursor(pilot) == "1"


async def test_e_names_g_stages_and_m_wants_tasks(northlight: Workspace) -> None:
    async with planning(northlight, "j", "j", "e") as pilot:
        await type_in(pilot, " online", "enter")
        await press(pilot, "g", "c")
        await press(pilot, "m", "6", "enter")
        assert (step(northlight, 2).title, step(northlight, 2).stage) == ("Books the call online", "consideration")
        assert "!! 5 of 6 tasks wanted" in shown(pilot)
        await press(pilot, "m", "minus", "enter")
        assert step(northlight, 2).min_pieces is None
        await press(pilot, "g")
        await type_in(pilot, "nowhere", "enter")
        assert "is not one of awareness, consideration" in shown(pilot)


async def test_l_says_which_key_result_counts_the_step(northlight: Workspace) -> None:
    async with planning(northlight, "end", "L", "4") as pilot:
        counted_by = step(northlight, 6).counted_by
        assert counted_by is not None
        assert counted_by.id == "KR-08"
        assert "plan 300 is 199,700 short" in shown(pilot) or "target 300 is 199,700 short" in shown(pilot)
        await press(pilot, "L", "minus")
        assert step(northlight, 6).counted_by is None
        await press(pilot, "L", "2")
        assert "counts step 2 Books the call already" in notice(pilot)
        await press(pilot, "L")
        await type_in(pilot, "nobody", "enter")
        assert "is none of 1 Signed clients" in shown(pilot)


async def test_t_lets_the_key_result_aim_at_what_the_plan_needs(northlight: Workspace) -> None:
    async with planning(northlight, "j", "j", "t") as pilot:
        assert "KR-06 Discovery calls booked: target 40 is now 50" in notice(pilot)
        assert records(northlight, "key_result", {"id": "KR-06"})[0]["target"] == "50"
        assert step(northlight, 2).short is None
        await press(pilot, "t")
        assert "plans 50 already" in notice(pilot)
        await press(pilot, "u", "k", "t")
        assert step(northlight, 2).short == 10
        assert "No key result counts step 1" in notice(pilot)


async def test_x_removes_a_step_and_its_tasks_stay(northlight: Workspace) -> None:
    async with planning(northlight, "x") as pilot:
        assert "6 steps lead to it" in notice(pilot)
        await press(pilot, "j", "j", "x")
        assert titles(northlight) == [*TITLES[:2], *TITLES[3:]]
        assert "5 tasks stand on no step now" in notice(pilot)
        await press(pilot, "u")
        assert titles(northlight) == TITLES
        assert [each.open + each.done for each in plan(northlight).steps] == [5, 0, 5, 8, 3, 6, 13]


async def test_the_goal_has_no_rate(northlight: Workspace) -> None:
    async with planning(northlight) as pilot:
        for key in ("r", "w", "a"):
            await press(pilot, key)
            assert "Nothing goes up from the goal" in notice(pilot)


async def test_somebody_elses_step_is_not_overwritten(
    northlight: Workspace, northlight_file: Path, open_copy: Callable[..., Workspace]
) -> None:
    async with planning(northlight, "j", "j", "r") as pilot:
        other = open_copy(northlight_file, actor="jonas")
        journey.add_step(other, GOAL, "Gets a reminder", below=1)
        await type_in(pilot, "50%", "enter")
        assert "Step 2 was 'Books the call' when you looked" in notice(pilot)
        assert step(northlight, 3).rate == Decimal("0.8")


# work


async def test_n_makes_a_task_with_key_result_stage_and_step(northlight: Workspace) -> None:
    async with planning(northlight, "j", "n") as pilot:
        await type_in(pilot, "Ring those who booked @jonas", "enter")
        assert "added T-063" in notice(pilot)
        assert "NO TACTIC" not in shown(pilot)
        fields = reads.task_detail(northlight, "T-063").fields
        assert [fields[name] for name in ("key_result", "stage", "journey_step")] == [GOAL, "decision", 1]
        await press(pilot, "u")
        assert "NO TACTIC" in shown(pilot)


async def test_a_task_that_cannot_be_read_can_be_mended(northlight: Workspace) -> None:
    async with planning(northlight, "j", "n") as pilot:
        await type_in(pilot, "Ring @nobody", "enter")
        assert "is nobody here" in shown(pilot)
        assert "Ring @nobody" in shown(pilot)


async def test_i_takes_the_idea_that_fits_best(northlight: Workspace) -> None:
    async with planning(northlight, "j", "i") as pilot:
        assert "I-05 Reminder message the day before the call   I-04" in shown(pilot)
        await press(pilot, "enter")
        assert "Would our who be there?" in shown(pilot)
        await press(pilot, "n")
        assert "How does I-05 move KR-05?" in shown(pilot)
        await type_in(pilot, "who is reminded comes", "enter")
        fields = reads.task_detail(northlight, "T-063").fields
        assert [fields[name] for name in ("title", "stage", "journey_step", "contribution")] == [
            "Reminder message the day before the call", "decision", 1, "who is reminded comes",
        ]  # fmt: skip
        assert origins(northlight, ["T-063"])["T-063"].reaches_who is False
        await press(pilot, "u")
        assert "I-05" in {row.id for row in ideas(northlight)}
        await press(pilot, "i")
        await type_in(pilot, "3", "enter")
        await press(pilot, "-", "enter")
        assert "I-03" not in {row.id for row in ideas(northlight)}


async def test_d_shows_the_dates_before_it_sets_them(northlight: Workspace) -> None:
    async with planning(northlight, "D") as pilot:
        assert "up to 6 of them: 3 7 14" in shown(pilot)
        await type_in(pilot, "3 7 14", "enter")
        text = shown(pilot)
        assert "give 1 undated task the latest day?" in text
        for words in ("latest", "31 Oct 1 task", "28 Oct", "21 Oct", "7 Oct past"):
            assert words in text
        await press(pilot, "n")
        assert "7 Oct past" not in shown(pilot)
        assert reads.cards(northlight, ["T-020"])[0].due_on is None
        await press(pilot, "D")
        await type_in(pilot, "3", "enter")
        await press(pilot, "y")
        assert reads.cards(northlight, ["T-020"])[0].due_on == date(2026, 10, 31)
        await press(pilot, "D")
        await type_in(pilot, "3", "enter")
        assert "nothing to set" in notice(pilot)
        await press(pilot, "escape", "u")
        assert reads.cards(northlight, ["T-020"])[0].due_on is None


async def test_lead_times_that_are_too_many_or_no_days_are_refused(northlight: Workspace) -> None:
    async with planning(northlight, "D") as pilot:
        await type_in(pilot, "soon", "enter")
        assert "is no number of days" in shown(pilot)
        await press(pilot, "escape", "D")
        await type_in(pilot, "1 1 1 1 1 1 1", "enter")
        assert "6 steps lead to the goal" in notice(pilot)


# a plan from nothing


async def test_a_plan_is_made_backward_from_an_empty_key_result(begun: Workspace) -> None:
    async with running(begun) as pilot:
        await press(pilot, "P")
        assert "no key result has a plan yet" in shown(pilot)
        await press(pilot, "1")
        assert "KR-01 Signed clients has no steps yet" in shown(pilot)
        await press(pilot, "o", "enter", "o")
        await type_in(pilot, "Attends 25%", "enter")
        await press(pilot, "o")
        await type_in(pilot, "Books", "enter")
        assert cursor(pilot) == "2"
        await press(pilot, "r")
        await type_in(pilot, "80%", "enter")
    made = plan_back(begun, "KR-01")
    assert [(each.title, each.needs) for each in made.steps] == [("Signed clients", 10), ("Attends", 40), ("Books", 50)]
    for _ in range(4):
        undo(begun)
    assert plan_back(begun, "KR-01").steps == ()


async def test_without_a_plan_no_key_does_anything_but_ask(begun: Workspace) -> None:
    async with running(begun, place="plan_back") as pilot:
        await press(pilot, "escape")
        for key in ("e", "g", "r", "L", "n", "i", "w", "t", "x", "a", "m", "D", "v"):
            await press(pilot, key)
            assert not cast(PlanBackScreen, pilot.app.screen).command_line.question, key
        assert records(begun, "journey_step") == []
        await press(pilot, "o")
        assert "plan back from" in shown(pilot)


async def test_k_shows_the_plan_of_another_key_result(northlight: Workspace) -> None:
    async with planning(northlight, "K", "4") as pilot:
        assert "PLAN BACK from 4 White paper" in shown(pilot)
        assert "KR-08 White paper downloads has no steps yet" in shown(pilot)
        await press(pilot, "K", "1")
        assert cursor(pilot) == "0"


async def test_a_plan_that_is_over_is_shown_and_not_changed(northlight: Workspace) -> None:
    with northlight.writing("October is over") as tx:
        for row in records(northlight, "task", {"key_result": "KR-09"}):
            if row["status"] in ("assigned", "doing"):
                tx.update("task", tx.require("task", row["id"]), {"status": "cancelled", "cancel_reason": "over"})
        tx.insert("journey_step", {"key_result": "KR-09", "position": 0, "title": "Joins", "stage": "decision"})
        tx.update("key_result", tx.require("key_result", "KR-09"), {"status": "graded"})
    async with planning(northlight, "K", "5") as pilot:
        await press(pilot, "e")
        await type_in(pilot, "!", "enter")
        assert "is graded; its plan stays as it was" in notice(pilot)
    with pytest.raises(Refused):
        journey.add_step(northlight, "KR-09", "x")


async def test_hostile_words_are_drawn_as_they_are(northlight: Workspace) -> None:
    with northlight.writing("hostile") as tx:
        tx.update("journey_step", tx.require("journey_step", GOAL, 1), {"title": "[red]x[/] \x1b[2J" + "y" * 300})
    async with planning(northlight, "j") as pilot:
        text = shown(pilot)
        assert "[red]x[/]" in text
        assert "\x1b" not in text
