"""Changing a plan made backward: its steps, what counts them, the work on them and its dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from tracker.domain.errors import Conflict, NotFound, Refused, WrongUsage
from tracker.domain.plaintext import TITLE_LIMIT, clean_line
from tracker.domain.rates import checked_rate, read_rate, show_rate
from tracker.domain.tasks import OPEN, STAGES
from tracker.services.ideas import promote
from tracker.services.outcome import Outcome
from tracker.services.plan_back import Plan, members_of, plan_back
from tracker.services.quick import task_of_line
from tracker.services.records import checked_record
from tracker.services.strategy import edit_record, records
from tracker.services.tasks import NewTask, add_task
from tracker.services.workspace import Workspace
from tracker.storage import journey_rows, task_rows
from tracker.storage.writes import Row, Transaction

FIELDS = ("title", "stage", "rate", "actual_rate", "linked_key_result", "min_pieces")
"""What a step says beside where it stands."""
GOAL_STAGE = STAGES[3]
MOST_PIECES = 10_000
LONGEST_LEAD = 3_650
"""Days; ten years before the goal is no plan."""
MOST_DATED = 1_000
"""Tasks of one step that are dated in one go."""
_RATE_DIGITS = Decimal(1).scaleb(-12)

Seen = Mapping[str, object]


def add_step(
    ws: Workspace, key_result: str, title: str, fields: Mapping[str, object] | None = None, *,
    below: int | None = None, above: int | None = None,
) -> Outcome:
    """Add a step below or above another one; without either at the bottom, and as the goal when there is none yet.

    Steps further down move on by one, and with them the number of the step on their tasks, all as one change.

    Raises:
        NotFound: the key result, the other step or the linked key result is not known.
        Refused: the key result is over, a rate is no share, or something would stand above the goal.
        WrongUsage: a field cannot be read.
    """
    with ws.writing(f"plan {key_result}: add a step") as tx:
        goal = _open_goal(tx, key_result)
        steps = _steps(tx, key_result)
        place = _place(steps, key_result, below, above)
        beside = steps.get(place if below is None and above is not None else place - 1)
        values: dict[str, object] = {"stage": beside["stage"] if beside is not None else GOAL_STAGE}
        if not steps:
            values |= {"linked_key_result": key_result, "title": goal["title"]}
        given = {name: value for name, value in (fields or {}).items() if value not in (None, "")}
        if clean_line(title) or steps:
            given["title"] = title
        values |= _checked(tx, goal, place, place == 0, given, steps)
        tx.relabel(f"plan {key_result}: add step {place} {values['title']}"[:200])
        notices = _insert(tx, key_result, place, values, steps)
    return Outcome(tx.batch, f"step {place} {values['title']} added", (key_result,), notices)


def edit_step(
    ws: Workspace, key_result: str, position: int, fields: Mapping[str, object], *, seen: Seen | None = None
) -> Outcome:
    """Change a step; a rate may be `25%`, an empty value takes it away.

    Raises:
        NotFound: there is no such step or key result.
        Refused: the key result is over, a rate is no share, or a key result cannot count this step.
        Conflict: somebody else changed the field since `seen`, or another step stands there now.
        WrongUsage: a field is not known or cannot be read.
    """
    with ws.writing(f"plan {key_result}: change step {position}") as tx:
        goal = _open_goal(tx, key_result)
        steps = _steps(tx, key_result)
        row = _step(steps, key_result, position, seen)
        values = _checked(tx, goal, position, position == min(steps), fields, steps)
        tx.update("journey_step", row, values, seen=seen)
    return Outcome(tx.batch, f"step {position} {row['title']}: {_said(values)}", (key_result,))


def remove_step(ws: Workspace, key_result: str, position: int, *, seen: Seen | None = None) -> Outcome:
    """Take a step out; what it stood for is kept by the rate of the step below, which now goes up all the way.

    Its tasks stay, on no step; steps further down move up by one with their tasks, all as one change.

    Raises:
        NotFound: there is no such step or key result.
        Refused: it is the goal and other steps lead to it, or the key result is over.
        Conflict: another step stands there now.
    """
    with ws.writing(f"plan {key_result}: remove step {position}") as tx:
        _open_goal(tx, key_result)
        steps = _steps(tx, key_result)
        row = _step(steps, key_result, position, seen)
        if position == min(steps) and len(steps) > 1:
            raise Refused(f"Step {position} {row['title']} is the goal, and {len(steps) - 1} steps lead to it; "
                          "remove those first, or give the goal another name.")
        title = row["title"]
        tx.relabel(f"plan {key_result}: remove step {position} {title}"[:200])
        notices = _take_out(tx, key_result, row, steps)
    return Outcome(tx.batch, f"step {position} {title} removed", (key_result,), notices)


def set_target(ws: Workspace, key_result: str, position: int, *, seen: Seen | None = None) -> Outcome:
    """Set the target of the key result that counts a step to what the plan needs there.

    Raises:
        NotFound: there is no such step.
        Refused: nothing counts the step, the need is not known, or the target is enough already.
        Conflict: somebody else changed the target meanwhile, or another step stands there now.
    """
    plan = plan_back(ws, key_result)
    step = plan.step(position)
    _require_same(position, step.title, seen)
    counted_by = step.counted_by
    if counted_by is None:
        raise Refused(f"No key result counts step {position} {step.title}; say which one does first.")
    if step is plan.steps[0] or counted_by.id == key_result:
        raise Refused(f"The target of {key_result} is what the plan begins with; change it as a key result.")
    if counted_by.planned is None or counted_by.figures is None or counted_by.figures.baseline is None:
        raise Refused(f"{counted_by.id} {counted_by.title} {counted_by.why_not}, so it has no target for this step.")
    if step.needs is None:
        raise Refused(f"It is not known what step {position} needs: {step.why_unknown}.")
    if step.short is None:
        raise Refused(f"{counted_by.id} plans {counted_by.planned:,f} already, and the plan needs {step.needs:,}.")
    target = counted_by.figures.baseline + step.needs
    before = counted_by.figures.target
    outcome = edit_record(ws, "key_result", counted_by.id, {"target": target}, seen={"target": before})
    return replace(outcome, label=f"{counted_by.id} {counted_by.title}: target {before:,f} is now {target:,f}")


# work on a step


def task_on_step(
    ws: Workspace, key_result: str, position: int, line: str, *, seen: Seen | None = None
) -> Outcome:
    """Add a task from a quick-add line, with the step, its stage and its key result filled in.

    Raises:
        NotFound: there is no such step, or the line names somebody or something that is not known.
        Refused: it cites a key result whose tasks are not of this plan.
        WrongUsage: the line cannot be read.
        Conflict: another step stands there now.
    """
    plan = plan_back(ws, key_result)
    _require_same(position, plan.step(position).title, seen)
    new = task_of_line(ws, line, key_result=plan.cited_on(position))
    return add_task(ws, _on_step(ws, plan, position, new))


def idea_on_step(
    ws: Workspace, key_result: str, position: int, idea: str, contribution: str = "", *,
    reaches_who: bool | None = None, seen: Seen | None = None,
) -> Outcome:
    """Make a task of an idea or arrival, with key result, step and stage filled in.

    `reaches_who`: whether those whom the strategy is for would be there; None leaves it open.

    Raises:
        NotFound: there is no such step or idea.
        Refused: it was promoted or dropped before.
        Conflict: another step stands there now.
    """
    plan = plan_back(ws, key_result)
    _require_same(position, plan.step(position).title, seen)
    identity = idea.strip().upper()
    found = [row for table in ("idea", "import_item") for row in records(ws, table, {"id": identity})]
    if not found:
        raise NotFound(f"There is no idea or arrival {idea[:20]!r}; `tracker idea list` shows what waits.")
    new = NewTask(str(found[0]["title"]), plan.cited_on(position), contribution=clean_line(contribution) or None)
    return promote(ws, identity, _on_step(ws, plan, position, new), reaches_who=reaches_who)


def _on_step(ws: Workspace, plan: Plan, position: int, new: NewTask) -> NewTask:
    step = plan.step(position)
    with ws.store.snapshot() as connection:
        cycle = journey_rows.cycle_of(connection, plan.goal.id)
        members = members_of(connection, str(cycle["id"]), plan.goal.id) if cycle else ()
    if new.key_result not in members:
        raise Refused(f"Tasks of {new.key_result} are not of this plan: it has one of its own, or another cycle. "
                      f"Cite one of {', '.join(members)}.")
    stage = new.stage or (step.stage if step.is_stage_known else None)
    return replace(new, stage=stage, journey_step=position)


# dates


@dataclass(frozen=True, slots=True)
class StepDate:
    """The latest day of a step."""

    position: int
    title: str
    latest: date | None
    """None below the last lead time that was given."""
    tasks: tuple[str, ...]
    """Its open tasks without a due date."""
    is_past: bool
    """Too late already; nothing is dated then."""


def read_lead_times(words: str) -> tuple[int, ...]:
    """Days from each step up to the one above, from the goal down: `3 7 14 14 21 30`.

    Raises:
        WrongUsage: something is no whole number of days, or nothing was given.
    """
    parts = words.replace(",", " ").split()
    wrong = [part for part in parts if not (part.isascii() and part.isdigit() and int(part[:9]) <= LONGEST_LEAD)]
    if wrong or not parts:
        what = f"{wrong[0][:20]!r} is no number of days up to {LONGEST_LEAD:,}" if wrong else "No lead time was given"
        raise WrongUsage(f"{what}; write the days from step to step, from the goal down, like 3 7 14.")
    return tuple(int(part) for part in parts)


def dates_back(ws: Workspace, key_result: str, lead_times: Sequence[int]) -> tuple[StepDate, ...]:
    """What the dates would be: the day the goal is due, less the lead times down to each step. Changes nothing.

    Raises:
        Refused: more lead times were given than there are steps below the goal.
    """
    plan = plan_back(ws, key_result)
    if not plan.steps:
        raise Refused(f"{key_result} has no plan yet; begin with the goal.")
    below = len(plan.steps) - 1
    if len(lead_times) > below:
        raise Refused(f"{len(lead_times)} lead times were given, and {below} steps lead to the goal; give one for "
                      "each, from the goal down.")
    with ws.store.snapshot() as connection:
        cycle = journey_rows.cycle_of(connection, key_result)
        members = members_of(connection, str(cycle["id"]), key_result) if cycle else ()
        return tuple(
            _step_date(step.position, step.title, _latest(plan, lead_times[:at]) if at <= len(lead_times) else None,
                       journey_rows.undated_on_step(connection, members, step.position, MOST_DATED), plan.today)
            for at, step in enumerate(plan.steps)
        )


def _latest(plan: Plan, lead_times: Sequence[int]) -> date | None:
    try:
        return plan.goal.due_on - timedelta(days=sum(lead_times))
    except OverflowError:
        return None


def _step_date(position: int, title: str, latest: date | None, tasks: Sequence[str], today: date) -> StepDate:
    return StepDate(position, title, latest, tuple(tasks), latest is not None and latest < today)


def set_dates_back(ws: Workspace, key_result: str, lead_times: Sequence[int]) -> Outcome:
    """Give the open tasks that have no due date the latest day of their step, all as one change.

    Raises:
        Refused: more lead times were given than there are steps below the goal.
    """
    days = dates_back(ws, key_result, lead_times)
    dated: list[str] = []
    with ws.writing(f"plan {key_result}: dates back from the goal") as tx:
        for step in days:
            if step.latest is not None and not step.is_past:
                rows = [tx.require("task", task) for task in step.tasks]
                for row in rows:
                    if row["due_on"] is None and row["status"] in OPEN:
                        tx.update("task", row, {"due_on": step.latest})
                        dated.append(str(row["id"]))
    notices = tuple(f"step {step.position} {step.title} had to be done by {step.latest}, so its tasks got no date"
                    for step in days if step.is_past and step.tasks)
    named = "1 task has" if len(dated) == 1 else f"{len(dated)} tasks have"
    return Outcome(tx.batch, f"{named} a date now", tuple(dated), notices)


# what is written


def _open_goal(tx: Transaction, key_result: str) -> Row:
    row = tx.require("key_result", key_result)
    if row["status"] not in ("draft", "active"):
        raise Refused(f"{key_result} {row['title']} is {row['status']}; its plan stays as it was.")
    return row


def _steps(tx: Transaction, key_result: str) -> dict[int, Row]:
    return {int(str(row["position"])): row for row in journey_rows.steps_of(tx.connection, key_result)}


def _step(steps: Mapping[int, Row], key_result: str, position: int, seen: Seen | None) -> Row:
    row = steps.get(position)
    if row is None:
        known = ", ".join(f"{at} {each['title']}" for at, each in steps.items()) or "none yet"
        raise NotFound(f"The plan of {key_result} has no step {position}; its steps are {known}.")
    _require_same(position, str(row["title"]), seen)
    return row


def _require_same(position: int, title: str, seen: Seen | None) -> None:
    """Somebody else may have put another step in its place."""
    if seen is not None and seen.get("title", title) != title:
        raise Conflict(f"Step {position} was {seen['title']!r} when you looked, and is {title!r} now. "
                       "Nothing was changed; look at it and decide.")


def _place(steps: Mapping[int, Row], key_result: str, below: int | None, above: int | None) -> int:
    """The position of a new step."""
    if not steps:
        return 0
    if above is not None:
        _step(steps, key_result, above, None)
        if above == min(steps):
            raise Refused("Nothing stands above the goal; add a step below it.")
        return above
    if below is not None:
        _step(steps, key_result, below, None)
        return below + 1
    return max(steps) + 1


def _checked(
    tx: Transaction, goal: Row, position: int, is_goal: bool, fields: Mapping[str, object], steps: Mapping[int, Row]
) -> dict[str, object]:
    unknown = [name for name in fields if name not in FIELDS]
    if unknown:
        raise WrongUsage(f"A step has no field {unknown[0]!r}; it has {', '.join(FIELDS)}.")
    read = {name: _rate(value) if name in ("rate", "actual_rate") else value for name, value in fields.items()}
    values = checked_record("journey_step", read)
    if "title" in values:
        values["title"] = clean_line(str(values["title"] or ""), TITLE_LIMIT)
        if not values["title"]:
            raise Refused("A step needs a name: say what somebody does there.")
    if is_goal and (values.get("rate") is not None or values.get("actual_rate") is not None):
        raise Refused("The goal has no rate: nothing goes up from there. Give it to the step below.")
    _require_stage(tx, values)
    _require_link(tx, goal, position, is_goal, values, steps)
    _require_pieces(values)
    return values


def _rate(value: object) -> object:
    if value in (None, ""):
        return None
    return checked_rate(value) if isinstance(value, Decimal) else read_rate(str(value))


def _require_stage(tx: Transaction, values: Mapping[str, object]) -> None:
    if "stage" not in values:
        return
    own = task_rows.own_list(tx.connection, "stages")
    known = (*own, STAGES[-1]) if own else STAGES
    if values["stage"] not in known:
        raise WrongUsage(f"stage is one of {', '.join(known)}, not {str(values['stage'])[:40]!r}.")


def _require_link(
    tx: Transaction, goal: Row, position: int, is_goal: bool, values: Mapping[str, object], steps: Mapping[int, Row]
) -> None:
    """The key result that counts a step is of the plan's cycle and counts no other step."""
    linked = values.get("linked_key_result")
    if linked is None:
        return
    row = tx.require("key_result", linked)
    if (linked == goal["id"]) != is_goal:
        what = "only its own key result counts the goal" if is_goal else "it is the goal and cannot count a step to it"
        raise Refused(f"{linked} {row['title']}: {what}.")
    ours, theirs = (journey_rows.cycle_of(tx.connection, str(each["id"])) for each in (goal, row))
    if ours != theirs:
        raise Refused(f"{linked} {row['title']} is of another cycle than {goal['id']}; a plan is made for one cycle.")
    other = next((at for at, step in steps.items() if step["linked_key_result"] == linked and at != position), None)
    if other is not None:
        raise Refused(f"{linked} {row['title']} counts step {other} {steps[other]['title']} already.")


def _require_pieces(values: Mapping[str, object]) -> None:
    pieces = values.get("min_pieces")
    if pieces is not None and not 0 < int(str(pieces)) <= MOST_PIECES:
        raise Refused(f"{pieces} tasks cannot be wanted; write a number from 1 to {MOST_PIECES:,}, or nothing.")


def _said(values: Mapping[str, object]) -> str:
    words = {
        name: "none" if value is None else show_rate(value) if isinstance(value, Decimal) else str(value)
        for name, value in values.items()
    }
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in words.items()) or "nothing"


# Steps keep the key they have, and what they say moves from one to the next: each change is one of a field, which
# history, undo and everybody who looks at the same plan understand.


def _content(row: Mapping[str, object]) -> dict[str, object]:
    return {name: row.get(name) for name in FIELDS}


def _arrange(
    tx: Transaction, key_result: str, steps: Mapping[int, Row], wanted: Mapping[int, Mapping[str, object]]
) -> None:
    """Let the steps be the wanted ones, by position."""
    for position in sorted({*steps, *wanted}):
        if position not in steps:
            tx.insert("journey_step", {"key_result": key_result, "position": position, **wanted[position]})
        elif position not in wanted:
            tx.delete("journey_step", steps[position])
        else:
            tx.update("journey_step", steps[position], wanted[position])


def _members(tx: Transaction, key_result: str) -> tuple[str, ...]:
    cycle = journey_rows.cycle_of(tx.connection, key_result)
    return members_of(tx.connection, str(cycle["id"]), key_result) if cycle else ()


def _insert(
    tx: Transaction, key_result: str, place: int, values: Mapping[str, object], steps: Mapping[int, Row]
) -> tuple[str, ...]:
    members = _members(tx, key_result)
    tasks = journey_rows.tasks_by_step(tx.connection, members)
    taken = {*steps, *tasks} if place in steps else set(steps)
    last = place
    while last in taken:  # as far as the first number that is free
        last += 1
    wanted = {at + (1 if place <= at < last else 0): _content(row) for at, row in steps.items()}
    wanted[place] = _content({**dict.fromkeys(FIELDS), **values})
    moved = journey_rows.move_tasks(tx, members, place, last - 1, 1) if last > place else 0
    notices = _notices_of_insert(place, moved, steps, tasks)
    _arrange(tx, key_result, steps, wanted)
    return notices


def _notices_of_insert(
    place: int, moved: int, steps: Mapping[int, Row], tasks: Mapping[int, Mapping[str, int]]
) -> tuple[str, ...]:
    notices = []
    named = sum(sum(statuses.values()) for statuses in tasks.values())
    if not steps and named:  # they named steps of another plan, as long as there was no other
        notices.append(f"{named:,} tasks that name a step are counted in this plan from now on")
    below = steps.get(place)
    if below is not None and below["rate"] is not None:
        rate = show_rate(Decimal(str(below["rate"])))
        notices.append(f"{rate} of those at {below['title']} go up to it now; r there changes that")
    if moved:
        notices.append(f"{moved:,} task{'s' if moved > 1 else ''} below moved along")
    elif steps and tasks.get(place) and place not in steps:
        notices.append(f"{sum(tasks[place].values()):,} tasks that name step {place} stand on it now")
    return tuple(notices)


def _take_out(tx: Transaction, key_result: str, row: Row, steps: Mapping[int, Row]) -> tuple[str, ...]:
    place, members = int(str(row["position"])), _members(tx, key_result)
    last = place
    while last + 1 in steps:
        last += 1
    wanted = {at - (1 if place < at <= last else 0): _content(each) for at, each in steps.items() if at != place}
    notices = []
    below = next((at for at in sorted(steps) if at > place), None)
    if below is not None:
        follower = wanted[place if below == place + 1 else below]
        follower |= _rates_over_both(row, steps[below])
        if follower["rate"] is not None:
            notices.append(f"{show_rate(Decimal(str(follower['rate'])))} of those at {follower['title']} go up now")
    freed = journey_rows.move_tasks(tx, members, place, place, None)
    journey_rows.move_tasks(tx, members, place + 1, last, -1)
    _arrange(tx, key_result, steps, wanted)
    if freed:
        notices.append(f"{freed:,} task{'s stand' if freed > 1 else ' stands'} on no step now")
    return tuple(notices)


def _rates_over_both(removed: Row, below: Row) -> dict[str, object]:
    """The share that goes up from the step below all the way, where both shares are known."""
    rates: dict[str, object] = {}
    for name in ("rate", "actual_rate"):
        one, other = removed[name], below[name]
        whole = None if one is None or other is None else Decimal(str(one)) * Decimal(str(other))
        if whole is not None and whole.as_tuple().exponent < _RATE_DIGITS.as_tuple().exponent:  # type: ignore[operator]
            whole = whole.quantize(_RATE_DIGITS) or None
        rates[name] = whole if whole is None else whole.normalize()
    return rates
