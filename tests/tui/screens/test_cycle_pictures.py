"""The cycle screen in three terminals: before the close, in the middle of it, and a closed one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.tui.driving import settle
from tests.tui.screens.test_pictures import looks_as_before, place, sizes
from textual.pilot import Pilot

from tracker.services import cycles
from tracker.services.workspace import Workspace
from tracker.tui.widgets.text_view import TextView


def half_closed(ws: Workspace) -> None:
    cycles.grade(ws, "KR-05", Decimal("0.5"), "One more signed on the last day")
    for key_result in ("KR-06", "KR-07", "KR-08", "KR-09"):
        cycles.grade(ws, key_result)
    for key_result in ("KR-05", "KR-06", "KR-09"):
        cycles.decide(ws, key_result, "continue")
    cycles.decide(ws, "KR-08", "change", fields={"target": "150"}, reason="The right people, too few of them")
    cycles.decide(ws, "KR-12", "drop", reason="Nobody looks at it")
    cycles.plan_tasks(ws, "KR-12", cycles.TaskPlan(cancel_reason="Dropped with it"))
    cycles.start(ws, "O-03", "Reviews answered", {"target": "20", "unit": "reviews"})
    cycles.write_retrospective(ws, worked=["The list answers within a day"])


@sizes
def test_cycle(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, place("cycle"))


@sizes
def test_cycle_half_closed(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    half_closed(northlight)
    assert looks_as_before(snap_compare, northlight, size, place("cycle"))


@sizes
def test_cycle_while_a_grade_is_given(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    assert looks_as_before(snap_compare, northlight, size, place("cycle", "g", *"0.9", "enter"))


@sizes
def test_closed_cycle(snap_compare: Any, northlight: Workspace, size: tuple[int, int]) -> None:
    async def prepare(pilot: Pilot[Any]) -> None:
        await place("cycle")(pilot)
        pilot.app.screen.query_one(TextView).go("cycle/2026-09")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        pilot.app.screen.query_one(TextView).go("key_result/KR-02")
        await settle(pilot)

    assert looks_as_before(snap_compare, northlight, size, prepare)
