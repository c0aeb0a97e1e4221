"""A plan made backward in words: what each step needs, where it does not add up, what other rates would mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from tracker.domain.metrics import round_half_up
from tracker.domain.rates import show_rate
from tracker.reports.ink import Ink, shown
from tracker.reports.tables import table_lines
from tracker.services.journey import StepDate
from tracker.services.plan_back import Plan, StepRow

HEADER = ("step", "needs", "rate", "stage", "open+done", "counted by", "what somebody does")
ENDLESS = 10**12
"""From here on a number of people is no number of people."""
SHORT_TITLE = 20


def count(number: int | Decimal) -> str:
    """`8,000`; what nobody can count any more with its size alone."""
    return f"{number:,}" if number < ENDLESS else f"{Decimal(number):.1e}"


def compact(number: int) -> str:
    """The same with whole thousands as `200k` where there are many."""
    return f"{number // 1000:,}k" if number >= 100_000 and number % 1000 == 0 and number < ENDLESS else count(number)


def _compact(number: int | None) -> str:
    return "?" if number is None else compact(number)


def need_text(step: StepRow, *, short: bool = False) -> str:
    """`50`, `50 > 60` while other rates are tried out, `?` when nobody knows."""
    said = compact if short else count
    now = "?" if step.needs is None else said(step.needs)
    return now if step.needs_if is None or step.needs_if == step.needs else f"{now} > {said(step.needs_if)}"


def rate_text(step: StepRow) -> str:
    """The share that goes up, with the one that is tried out."""
    now = "?" if step.rate is None else show_rate(step.rate)
    return now if step.rate_if is None else f"{now} > {show_rate(step.rate_if)}"


def goal_text(plan: Plan) -> str:
    """`4 clients, 6 to go, 12 days`."""
    goal, days = plan.goal, (plan.goal.due_on - plan.today).days
    left = f"{days} day{'' if days == 1 else 's'}" if days >= 0 else f"{-days} days over"
    if goal.value is None:
        return f"no check-in yet, {left}"
    now = f"{goal.value:,f} {shown(goal.unit)}"
    if goal.direction != "increase":
        return f"{now}, {left}"
    missing = goal.target - goal.value
    return f"{now}, {f'{missing:,f} to go' if missing > 0 else 'reached'}, {left}"


def warnings(step: StepRow, *, is_goal: bool = False) -> tuple[str, ...]:
    """What is wrong with a step: nothing done for it, a target that cannot add up, something nobody knows."""
    return tuple(_warnings(step, is_goal))


def _warnings(step: StepRow, is_goal: bool) -> Iterator[str]:
    if step.is_missing:
        idea = f". Idea {step.idea.id} '{shown(step.idea.title)}' fits here" if step.idea is not None else ""
        yield f"NO TACTIC{idea}"
    if step.is_thin:
        yield f"{step.open + step.done} of {step.min_pieces} tasks wanted"
    if (short := short_text(step)) is not None:
        yield short
    if step.counted_by is not None and step.counted_by.why_not and not is_goal:
        yield f"{step.counted_by.id} {shown(step.counted_by.title)} {step.counted_by.why_not}"
    if step.needs is None and (is_goal or step.rate is None):
        yield f"what is needed is unknown: {shown(step.why_unknown)}"
    if not step.is_stage_known:
        yield f"'{shown(step.stage)}' is no stage of this strategy"


def short_text(step: StepRow) -> str | None:
    """`target 40 is 10 short of what the plan needs`, or `plan 760 is 40 short` where it does not begin at 0."""
    counted_by = step.counted_by
    if step.short is None or counted_by is None or counted_by.figures is None or counted_by.planned is None:
        return None
    if counted_by.figures.baseline == 0:
        return f"target {counted_by.planned:,f} is {step.short:,f} short of what the plan needs"
    return f"plan {counted_by.planned:,f} is {step.short:,f} short"


def observed_text(step: StepRow) -> str:
    """`so far: 27 calls, 18 came (67%). You assume 80%.`; nothing when nothing is known."""
    seen = step.observed
    if seen is None:
        return ""
    share = f"{round_half_up(100 * seen.rate, 0):f}%"
    came = None if seen.below is None else round_half_up(seen.below * seen.rate, 0)
    said = f"so far: {seen.below:,f} {shown(seen.unit)}, {came:,f} came ({share})." if came is not None \
        else f"so far {share} came."
    return said if seen.assumed is None else f"{said} You assume {show_rate(seen.assumed)}."


def what_if_text(plan: Plan, what_if: Mapping[int, Decimal]) -> str:
    """`what if 67% go up from 2: 2 Books the call 50 > 60, 3 Reads the mails… 400 > 480`; only what changes."""
    tried = ", ".join(f"{_percent(rate)} go up from {position}" for position, rate in sorted(what_if.items()))
    changes = [
        f"{step.position} {short_title(step.title)} {_compact(step.needs)} > {compact(need)}"
        for step, need in zip(plan.steps, plan.needs_with(what_if), strict=False) if need != step.needs
    ]
    return f"what if {tried}: {', '.join(changes) or 'nothing changes'}"


def _percent(rate: Decimal) -> str:
    exact = rate.as_tuple().exponent
    return show_rate(rate) if isinstance(exact, int) and exact >= -4 else f"{round_half_up(100 * rate, 0):f}%"


def short_title(title: str, room: int = SHORT_TITLE) -> str:
    """The first words of a title."""
    words = shown(title)
    return words if len(words) <= room else f"{words[:room].rsplit(' ', 1)[0]}…"


def plan_lines(plan: Plan, *, width: int | None, ink: Ink) -> Iterator[str]:
    """The whole plan: its goal, a line a step, what is wrong, and what other rates would mean."""
    goal = plan.goal
    yield ink.bold(f"{goal.id} {shown(goal.title)}: {goal.target:,f} by {goal.due_on.isoformat()}") + \
        f"  ({goal_text(plan)})"
    if not plan.steps:
        yield f"There is no plan yet; begin with the goal: tracker plan step add {goal.id} \"Signs the contract\""
        return
    rows = [_row(step, is_goal=at == 0) for at, step in enumerate(plan.steps)]
    yield from table_lines(rows, HEADER, width=width, ink=ink)
    for at, step in enumerate(plan.steps):
        for warning in warnings(step, is_goal=at == 0):
            yield ink.warn(f"!! step {step.position}: {warning}")
        if words := observed_text(step):
            yield f"   step {step.position}: {words}"
    for number, tasks in plan.strays.items():
        yield ink.warn(f"!! {tasks:,} task{'s name' if tasks > 1 else ' names'} step {number}, which the plan has not")
    if plan.what_if:
        yield what_if_text(plan, plan.what_if)


def _row(step: StepRow, *, is_goal: bool) -> list[str]:
    rate = "" if is_goal else rate_text(step)
    counted_by = "" if step.counted_by is None else step.counted_by.id
    return [str(step.position), need_text(step), rate, step.stage, f"{step.open}+{step.done}", counted_by, step.title]


def date_lines(days: tuple[StepDate, ...]) -> Iterator[str]:
    """The latest day of each step, and how many tasks it would be given to."""
    for step in days:
        tasks = len(step.tasks)
        named = f"{tasks} undated task{'' if tasks == 1 else 's'}"
        day = "no date" if step.latest is None else step.latest.isoformat()
        late = ", past: they get none" if step.is_past and tasks else ", past" if step.is_past else ""
        yield f"{step.position}  {day}{late}  {named}  {shown(step.title)}"


def record(plan: Plan) -> dict[str, object]:
    """The plan as `--json` writes it."""
    goal = plan.goal
    return {
        "key_result": goal.id, "title": goal.title, "unit": goal.unit, "baseline": goal.baseline,
        "target": goal.target, "value": goal.value, "due_on": goal.due_on, "today": plan.today,
        "what_if": {str(position): rate for position, rate in plan.what_if.items()},
        "steps": [_step_record(step, is_goal=at == 0) for at, step in enumerate(plan.steps)],
        "strays": {str(number): tasks for number, tasks in plan.strays.items()},
    }


def _step_record(step: StepRow, *, is_goal: bool) -> dict[str, object]:
    counted_by = step.counted_by
    figures = counted_by.figures if counted_by is not None else None
    return {
        "position": step.position, "title": step.title, "stage": step.stage, "rate": step.rate,
        "actual_rate": step.actual_rate, "needs": step.needs, "needs_if": step.needs_if,
        "linked_key_result": counted_by.id if counted_by is not None else None,
        "target": figures.target if figures is not None else None,
        "planned_gain": counted_by.planned if counted_by is not None else None,
        "gained": counted_by.gained if counted_by is not None else None,
        "short": step.short, "open": step.open, "done": step.done, "min_pieces": step.min_pieces,
        "idea": step.idea.id if step.idea is not None else None,
        "warnings": warnings(step, is_goal=is_goal),
    }
