"""Alignment: findings with a cursor, decisions with one key, the tasks behind a finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from tests.tui.driving import burst, front, press, running, settle, shown, type_in
from textual.pilot import Pilot

from tracker.services.audit import audit
from tracker.services.strategy import records
from tracker.services.tasks import move_tasks
from tracker.services.workspace import Workspace
from tracker.tui.screens.alignment import AlignmentScreen
from tracker.tui.screens.plan_back import PlanBackScreen
from tracker.tui.screens.record_form import RecordFormScreen
from tracker.tui.screens.task import TaskScreen
from tracker.tui.widgets.text_view import TextView


def screen(pilot: Pilot[Any]) -> AlignmentScreen:
    return cast(AlignmentScreen, pilot.app.screen)


def at(pilot: Pilot[Any]) -> str | None:
    return screen(pilot).query_one("#findings", TextView).current


async def go(pilot: Pilot[Any], finding: str) -> None:
    screen(pilot).query_one("#findings", TextView).go(finding)
    await settle(pilot)


def decided(ws: Workspace) -> list[tuple[str, str, str]]:
    return [(str(row["choice"]), str(row["rule"]), str(row["reason"])) for row in records(ws, "decision")]


async def test_g_on_the_board_opens_it_with_all_findings(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "G")
        assert front(pilot) is AlignmentScreen
        text = shown(pilot)
        assert "ALIGNMENT  22 findings, 0 decided" in text
        for words in (
            "TACTICS WITHOUT STRATEGY 6", "STRATEGY WITHOUT TACTICS 5", "FLOW 11", "4 White paper downloads",
            "10 of 28 open tasks (36%)", "3 Cost per booked call: no open task, at risk", "no audit before",
            "Step 'Attends the discovery call': no task at all", "8 Google rating: no check-in for 14 days",
            "28 open, 12 days left: 6 finish (85%), 9 (50%)", "36% of open work is awareness. 4 foundational of 28.",
            "Planned 300, holds 70, needs 19 a day and gets 4; goes on to 114 (score 0.4).",
            "10 open, 47 h, 900 EUR  done T-037 T-038 T-039",
            "what if: cancel the 8 awareness tasks here -> 20 open, frees 42 h; awareness 36 -> 10%",
            "September 2026: score 0.7, results only 0.3.",
        ):  # fmt: skip
            assert words in text, words


@pytest.mark.parametrize(("key", "finding"), [
    ("j", "dumping_ground:KR-08"), ("down", "dumping_ground:KR-08"), ("G", "due_soon_no_owner:T-059"),
    ("end", "due_soon_no_owner:T-059"), ("k", "activity_without_result:KR-08"), ("up", "activity_without_result:KR-08"),
])  # fmt: skip
async def test_keys_move_the_cursor(northlight: Workspace, key: str, finding: str) -> None:
    async with running(northlight, place="alignment") as pilot:
        await press(pilot, key)
        assert at(pilot) == finding
        await press(pilot, "g")
        assert at(pilot) == "activity_without_result:KR-08"


async def test_pages_and_the_header(northlight: Workspace) -> None:
    async with running(northlight, (80, 24), place="alignment") as pilot:
        await press(pilot, "pagedown")
        assert at(pilot) != "activity_without_result:KR-08"
        await press(pilot, "pageup")
        assert at(pilot) == "activity_without_result:KR-08"
        await press(pilot, "H")
        assert "O1 Acquire 10 new" in shown(pilot)


async def test_keeping_asks_why_goes_on_and_is_undone(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await press(pilot, "j", "K")
        await type_in(pilot, "push ends on the 24th", "enter")
        assert decided(northlight) == [("keep", "dumping_ground", "push ends on the 24th")]
        assert at(pilot) == "copied_contribution:KR-08/seen-in-the-feed-link-in-the-comment"
        assert "22 findings, 1 decided" in shown(pilot)
        assert " k 4 White paper downloads: 10 of 28" in shown(pilot)
        await go(pilot, "dumping_ground:KR-08")
        assert "decided: keep, mara 19 Oct: push ends on the 24th" in shown(pilot)
        await press(pilot, "u")
        assert decided(northlight) == []
        assert "22 findings, 0 decided" in shown(pilot)
        await press(pilot, "U")
        assert len(decided(northlight)) == 1


async def test_the_last_reason_is_repeated_with_a_dot(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await press(pilot, ".")
        assert "Nothing was kept yet" in shown(pilot)
        await press(pilot, "K")
        await type_in(pilot, "looked at it", "enter")
        for _ in range(21):
            await press(pilot, ".")
        found = audit(northlight)
        assert (found.total, found.decided) == (22, 22)
        assert "22 findings, 22 decided" in shown(pilot)


async def test_leaving_the_question_keeps_nothing(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await press(pilot, "K", "x", "escape")
        assert decided(northlight) == []
        assert front(pilot) is AlignmentScreen


async def test_a_task_that_is_late_is_cancelled_at_once(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await go(pilot, "overdue:T-046")
        await press(pilot, "x")
        await type_in(pilot, "stale story", "enter")
        assert decided(northlight) == [("kill", "overdue", "stale story")]
        assert records(northlight, "task", {"id": "T-046"})[0]["status"] == "cancelled"
        await press(pilot, "u")
        assert records(northlight, "task", {"id": "T-046"})[0]["status"] == "review"
        assert decided(northlight) == []


async def test_tasks_of_a_finding_are_chosen_with_space_and_cancelled_as_one(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await press(pilot, "j", "x")
        text = shown(pilot)
        assert "TASKS of 4 White paper downloads" in text
        assert "Mark the tasks to cancel with space" in text
        tasks = screen(pilot).query_one("#tasks", TextView)
        tasks.go("T-045")
        await press(pilot, "space", "space")
        assert "2 marked" in shown(pilot)
        assert "what if: cancel the 2 marked -> 26 open, frees 14 h" in shown(pilot)
        await press(pilot, "x")
        await type_in(pilot, "they move nothing", "enter")
        assert decided(northlight) == [("kill", "dumping_ground", "they move nothing")]
        gone = {row["id"] for row in records(northlight, "task", {"cancel_reason": "they move nothing"})}
        assert gone == {"T-045", "T-047"}
        assert "marked" not in shown(pilot).splitlines()[1]
        await press(pilot, "u")
        assert audit(northlight).total == 22


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_keys_that_are_typed_ahead_find_the_tasks(northlight: Workspace, size: tuple[int, int]) -> None:
    async with running(northlight, size, place="alignment") as pilot:
        await burst(pilot, "tab", "end", "space", "k", "space", "escape", "j")
        assert set(screen(pilot)._marked) == {"T-045", "T-047"}
        assert at(pilot) == "dumping_ground:KR-08"


async def test_space_on_a_finding_marks_all_its_tasks_and_once_more_none(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await press(pilot, "space")
        assert "10 marked" in shown(pilot)
        assert "what if: cancel the 10 marked -> 18 open, frees 47 h" in shown(pilot)
        await press(pilot, "space")
        assert "marked" not in shown(pilot).splitlines()[1]
        await go(pilot, "no_tactics:KR-07")
        await press(pilot, "space")
        assert "no open task here" in shown(pilot)


async def test_recalibrating_with_a_new_target(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await go(pilot, "target_below_backward_plan:KR-06")
        await press(pilot, "r")
        assert "positioning   targeting   offer   channel   execution   sales   measure" in shown(pilot)
        await press(pilot, "m", "t")
        assert "now 40 calls" in shown(pilot)
        await type_in(pilot, "many", "enter")
        assert "target" in shown(pilot)
        await press(pilot, *["backspace"] * 4)
        await type_in(pilot, "50", "enter")
        decision = records(northlight, "decision")[0]
        assert (decision["cause"], decision["reason"]) == ("measure", "target of KR-06 is 50, was 40")
        assert records(northlight, "key_result", {"id": "KR-06"})[0]["target"] == "50"


async def test_recalibrating_by_moving_a_task(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await go(pilot, "off_strategy_channel:T-045")
        await press(pilot, "r", "c", "5")
        decision = records(northlight, "decision")[0]
        assert (decision["choice"], decision["cause"]) == ("recalibrate", "channel")
        assert records(northlight, "task", {"id": "T-045"})[0]["key_result"] == "KR-09"


async def test_m_moves_the_marked_tasks_without_a_decision(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await press(pilot, "m")
        assert "Mark the tasks to move" in shown(pilot)
        screen(pilot).query_one("#tasks", TextView).go("T-050")
        await press(pilot, "space", "m", "3")
        assert records(northlight, "task", {"id": "T-050"})[0]["key_result"] == "KR-07"
        assert decided(northlight) == []
        assert "no_tactics:KR-07" not in {each.finding.id for each in audit(northlight).judged}


async def test_somebody_elses_change_is_shown_before_a_task_is_cancelled(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await go(pilot, "overdue:T-046")
        await press(pilot, "x")
        move_tasks(northlight.acting_as("lena"), ["T-046"], "doing")
        await type_in(pilot, "stale story", "enter")
        assert decided(northlight) == []
        assert "theirs" in shown(pilot)
        await press(pilot, "o")
        assert decided(northlight) == [("kill", "overdue", "stale story")]


async def test_enter_opens_what_the_finding_is_about(northlight: Workspace) -> None:
    async with running(northlight, place="alignment") as pilot:
        await press(pilot, "enter")
        assert front(pilot) is RecordFormScreen
        await press(pilot, "escape")
        await go(pilot, "overdue:T-043")
        await press(pilot, "enter")
        assert front(pilot) is TaskScreen
        await press(pilot, "escape")
        await go(pilot, "journey_step_without_tactic:KR-05/1")
        await press(pilot, "enter")
        assert front(pilot) is PlanBackScreen
        assert "Attends the discovery call" in shown(pilot)
        await press(pilot, "escape")
        await go(pilot, "wip_over:doing")
        await press(pilot, "enter")
        assert "TASKS of Doing" in shown(pilot)
        await press(pilot, "enter")
        assert front(pilot) is TaskScreen


async def test_tab_and_v_bring_tasks_and_coverage_to_the_front_and_escape_goes_back(northlight: Workspace) -> None:
    async with running(northlight, (80, 24), place="alignment") as pilot:
        assert "COVERAGE" not in shown(pilot)
        await press(pilot, "v")
        assert "awareness" in shown(pilot)
        assert "4x White paper downloads" in shown(pilot)
        assert "TACTICS WITHOUT" not in shown(pilot)
        await press(pilot, "v")
        assert "TACTICS WITHOUT" in shown(pilot)
        await press(pilot, "tab")
        assert "TASKS of 4 White paper downloads" in shown(pilot)
        await press(pilot, "escape")
        assert "TACTICS WITHOUT" in shown(pilot)
        await press(pilot, "space", "escape")
        assert front(pilot) is AlignmentScreen
        assert "10 marked" not in shown(pilot)
        await press(pilot, "escape")
        assert front(pilot) is not AlignmentScreen


async def test_w_writes_the_report_into_a_file(
    northlight: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(northlight, place="alignment") as pilot:
        await press(pilot, "w", "enter")
        assert "wrote alignment-2026-10-19.md" in shown(pilot)
        assert (tmp_path / "alignment-2026-10-19.md").read_text("utf-8").startswith("# Alignment: Content marketing")
        await press(pilot, "w", *["backspace"] * 40)
        await type_in(pilot, "nowhere/report.md", "enter")
        assert "cannot be written" in shown(pilot)


async def test_the_first_look_of_a_week_is_counted(northlight: Workspace) -> None:
    async with running(northlight, place="alignment"):
        pass
    total = northlight.store.connection.execute("SELECT sum(count) FROM audit_snapshot").fetchone()[0]
    assert total == 22


async def test_where_nothing_is_found_it_says_so(begun: Workspace) -> None:
    with begun.writing("reach it") as tx:
        tx.update("key_result", tx.require("key_result", "KR-01"), {"status": "draft"})
    async with running(begun, place="alignment") as pilot:
        text = shown(pilot)
        assert "0 findings, 0 decided" in text
        assert "Nothing found: activity and strategy meet." in text
        for key in ("K", "r", "x", "m", "space", "enter", "tab", "v", "."):
            await press(pilot, key)
            await press(pilot, "escape") if front(pilot) is AlignmentScreen and key in ("tab", "v", "x", "m") else None
        assert decided(begun) == []


async def test_hostile_titles_are_drawn_as_text(northlight: Workspace) -> None:
    with northlight.writing("rename") as tx:
        tx.update("task", tx.require("task", "T-043"), {"title": "[bold]x[/bold] \u202eevil\u202c"})
    async with running(northlight, place="alignment") as pilot:
        await go(pilot, "overdue:T-043")
        text = shown(pilot)
        assert "[bold]x[/bold] evil" in text
        assert "\u202e" not in text
