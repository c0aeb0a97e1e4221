"""The steps of a plan back, a line each or with what is wrong beneath: pure functions from figures to lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.cells import cell_len

from tracker.domain.dates import show_day
from tracker.domain.rates import show_rate
from tracker.reports.plan_back_text import goal_text, need_text, rate_text, warnings
from tracker.services.journey import StepDate
from tracker.services.plan_back import Plan, StepRow
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import FINE, Glyphs
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.text_view import Row, wrapped

ROOMY = 110
"""From this width on a rate is said in words and a key result has a title."""
WIDE = 160
STAGE_WIDTH = 13


@dataclass(frozen=True)
class View:
    """How the plan is looked at."""

    is_full: bool = True
    """With what is wrong beneath each step, else one line a step."""
    dates: Mapping[int, StepDate] = field(default_factory=dict)
    """Latest days that are proposed, by position."""


@dataclass(frozen=True)
class _Widths:
    title: int
    needs: int
    rate: int
    counted: int
    tasks: int


def _widths(plan: Plan, width: int, view: View) -> _Widths:
    needs = max([5, *(len(need_text(step, short=bool(plan.what_if))) for step in plan.steps)])
    rate = 21 if width >= ROOMY else max([4, *(len(rate_text(step)) for step in plan.steps)])
    counted = 44 if width >= WIDE else 20 if width >= ROOMY else 8
    if view.dates:
        counted = max(counted, 18)
    tasks = max([9 if width >= ROOMY else 5, *(len(_tasks(step)) for step in plan.steps)])
    needs, rate = min(needs, 21), min(rate, 21)
    room = max(8, width - 6 - 1 - STAGE_WIDTH - 1 - needs - 2 - rate - 1 - counted - 1 - tasks - 1)
    longest = max([24, *(cell_len(clean(step.title)) for step in plan.steps)])
    return _Widths(min(room, longest + 2), needs, rate, counted, tasks)


def head_rows(plan: Plan | None, width: int, view: View) -> list[Row]:
    """The names of the columns."""
    if plan is None or not plan.steps:
        return [Row()]
    room = _widths(plan, width, view)
    rate = "rate to the step above" if room.rate > 21 else "rate to the one above" if width >= ROOMY else "rate"
    counted = "latest" if view.dates else "counted by" if width >= ROOMY else "counted"
    tasks = "open+done" if width >= ROOMY else "tasks"
    words = (
        f"      {fit('step', room.title)} {fit('stage', STAGE_WIDTH)} {fit('needs', room.needs, right=True)}  "
        f"{fit(rate, room.rate)} {fit(counted, room.counted)} {fit(tasks, room.tasks, right=True)}"
    )
    return [Row(((words, "muted"),))]


def fits(plan: Plan, height: int) -> bool:
    """Whether so many lines hold the plan with everything beneath its steps."""
    return len(plan_rows(plan, 10_000, View())) <= height


def plan_rows(plan: Plan, width: int, view: View, glyphs: Glyphs = FINE) -> list[Row]:
    """The steps, from the goal down; first contact at the bottom."""
    if not plan.steps:
        return _begin(plan, width)
    room = _widths(plan, width, view)
    rows: list[Row] = []
    for at, step in enumerate(plan.steps):
        key = str(step.position)
        if at and view.is_full:
            rows.append(Row((("    ^", "faint"),)))
        rows.append(Row(_step(plan, step, room, width, view), key))
        if view.is_full:
            rows += _beneath(plan, step, width, is_goal=at == 0)
    return rows + _strays(plan, width)


def _begin(plan: Plan, width: int) -> list[Row]:
    goal = plan.goal
    words = (
        f"{goal.id} {clean(goal.title)} has no steps yet. The plan begins with the goal and goes backward: what must "
        "be true just before? and before that? down to the first contact."
    )
    keys = "o names the goal as what somebody does (Signs as a client), o once more the step just before it." \
        if plan.is_open else f"It is {goal.status}, so nothing is planned any more."
    return [Row(), *wrapped(words, width), Row(), *wrapped(keys, width, role="muted"),
            *wrapped("K chooses another key result.", width, role="muted")]


def _step(plan: Plan, step: StepRow, room: _Widths, width: int, view: View) -> Line:
    is_goal = step is plan.steps[0]
    found = warnings(step, is_goal=is_goal)
    sign = "!!" if found and not view.is_full else "  "
    needs = need_text(step, short=bool(plan.what_if))
    is_tried = step.needs_if is not None and step.needs_if != step.needs
    return (
        (f"{sign} ", "bad" if step.is_missing else "warn"), (f"{step.position:>2} ", "muted"),
        (f"{fit(step.title, room.title)} ", "title" if is_goal else "text"),
        (f"{fit(step.stage, STAGE_WIDTH)} ", "muted" if step.is_stage_known else "warn"),
        (f"{fit(needs, room.needs, right=True)}  ", "warn" if is_tried or step.needs is None else "text"),
        (f"{fit('' if is_goal else _rate(step, width), room.rate)} ", "warn" if step.rate is None else "muted"),
        *_counted(plan, step, room, width, view),
        (f" {fit(_tasks(step), room.tasks, right=True)}", "bad" if step.is_missing else "text"),
    )  # fmt: skip


def _tasks(step: StepRow) -> str:
    return f"{step.open:,}+{step.done:,}"


def _rate(step: StepRow, width: int) -> str:
    if width < ROOMY or step.rate_if is not None:
        return rate_text(step)
    if step.rate is None:
        return "? of these go up"
    if step.actual_rate is not None and step.actual_rate != step.rate:
        return f"{show_rate(step.rate)} go up, {show_rate(step.actual_rate)} do"
    return f"{show_rate(step.rate)} of these go up"


def _counted(plan: Plan, step: StepRow, room: _Widths, width: int, view: View) -> Line:
    day = view.dates.get(step.position)
    if view.dates:
        return _dated(plan, day, room.counted)
    counted_by = step.counted_by
    if counted_by is None:
        return ((" " * room.counted, "text"),)
    figures = counted_by.figures
    number = counted_by.id if figures is None else str(figures.position)
    role = "warn" if step.short is not None or counted_by.why_not else "accent"
    if width < ROOMY:
        return ((fit(number, room.counted), role),)
    words = f"{number} {clean(counted_by.title)}"
    if width >= WIDE and figures is not None and figures.value is not None:
        ends = f" {figures.value:,f} of {figures.target:,f}"
        return ((fit(words, room.counted - len(ends)), role), (ends, "muted"))
    return ((fit(words, room.counted), role),)


def _dated(plan: Plan, day: StepDate | None, room: int) -> Line:
    if day is None or day.latest is None:
        return ((fit("", room), "faint"),)
    shown = show_day(day.latest, plan.today)
    tasks = f" {len(day.tasks)} task{'' if len(day.tasks) == 1 else 's'}" if day.tasks else ""
    words = f"{shown} past" if day.is_past else f"{shown}{tasks}"
    return ((fit(words, room), "late" if day.is_past else "key" if day.tasks else "muted"),)


def _beneath(plan: Plan, step: StepRow, width: int, *, is_goal: bool) -> list[Row]:
    key = str(step.position)
    found = warnings(step, is_goal=is_goal)
    lines: list[Line] = [((f"         {goal_text(plan)}", "muted"),)] if is_goal else []
    for words in found:
        role = "bad" if words.startswith("NO TACTIC") else "warn"
        lines.append((("         !! ", role), (fit(words, max(8, width - 13)).rstrip(), role)))
    return [Row(line, key) for line in lines]


def _strays(plan: Plan, width: int) -> list[Row]:
    if not plan.strays:
        return []
    said = ", ".join(f"{tasks:,} on step {number}" for number, tasks in list(plan.strays.items())[:8])
    words = f"!! tasks name steps that the plan does not have: {said}"
    return [Row(), *wrapped(words, width, role="warn")]
