"""Cycles: planned, active, grading, closed. Each step of closing is saved by itself, or all of them are one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.domain import cycles as rules
from tracker.domain.cycles import Decision
from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.plaintext import TEXT_LIMIT, clean_line
from tracker.services import carrying
from tracker.services.closing import LISTS, Closing, KeyResultEnd, cycle_of, entries_of, read_closing
from tracker.services.closing_tasks import Settled, require_destination, settle_tasks
from tracker.services.outcome import Outcome
from tracker.services.strategy import cycle_days, insert_cycle
from tracker.services.workspace import Workspace
from tracker.storage import cycle_rows, strategy_rows
from tracker.storage.writes import Row, Transaction

RAW = None
"""The final grade that is the raw one."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A final grade for a key result."""

    key_result: str
    final: Decimal | None = RAW
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of a key result; `fields` are what changes in the one that carries it on."""

    key_result: str
    decision: str
    reason: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """A new key result of the next cycle, under an objective of this cycle (carried on) or of the next."""

    objective: str
    title: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """What becomes of the open tasks of a key result: another one they cite, or a reason to cancel them."""

    to: str | None = None
    cancel_reason: str = ""


@dataclass(frozen=True, slots=True)
class Orders:
    """Everything that is said at once about the end of a cycle. What was saved before stands."""

    graded: Sequence[Graded] = ()
    rest_raw: bool = False
    """Whoever has no grade yet gets the raw one."""
    decided: Sequence[Decided] = ()
    rest_decided: str = ""
    """The decision for whoever has none yet."""
    started: Sequence[Started] = ()
    tasks: Mapping[str, TaskPlan] = field(default_factory=dict)
    """By key result."""
    rest_tasks: TaskPlan = field(default_factory=TaskPlan)
    """For the open tasks that nobody said anything about and that no carried key result takes."""
    worked: Sequence[str] = ()
    did_not: Sequence[str] = ()
    learned: Sequence[str] = ()


# -- the life of a cycle


def add_cycle(ws: Workspace, days: str = "", name: str | None = None) -> Outcome:
    """Add a cycle to the active strategy, active when none is running, else planned.

    `days` is month, quarter, next (the one after the last there is) or two days.

    Raises:
        Refused: it overlaps another cycle, or there is no active strategy.
        WrongUsage: the days cannot be read.
    """
    with ws.writing(f"add cycle {clean_line(days)[:60] or 'next'}") as tx:
        strategy = _active_strategy(tx)
        starts, ends = _days_of(tx, strategy, days, ws.clock.today)
        _require_apart(tx, strategy, starts, ends)
        running = strategy_rows.running_cycle(tx.connection, strategy)
        row = insert_cycle(tx, strategy, starts, ends, name=name, status="planned" if running else "active")
    return Outcome(tx.batch, f"added cycle {row['id']}, {row['status']}", (str(row["id"]),))


def _active_strategy(tx: Transaction) -> str:
    strategy = strategy_rows.active_strategy(tx.connection)
    if strategy is None:
        raise Refused("There is no active strategy yet. Run `tracker init` (or `tracker`) first.")
    return str(strategy["id"])


def _days_of(tx: Transaction, strategy: str, days: str, today: date) -> tuple[date, date]:
    there = cycle_rows.cycles_of(tx.connection, strategy)
    if days.strip().lower() in ("", "next") and there:
        last = max(there, key=lambda row: str(row["ends_on"]))
        return rules.next_days(date.fromisoformat(str(last["starts_on"])), date.fromisoformat(str(last["ends_on"])))
    return cycle_days("month" if days.strip().lower() == "next" else days, today)


def _require_apart(tx: Transaction, strategy: str, starts: date, ends: date) -> None:
    for row in cycle_rows.cycles_of(tx.connection, strategy):
        if str(row["starts_on"]) <= ends.isoformat() and str(row["ends_on"]) >= starts.isoformat():
            raise Refused(f"{starts} to {ends} overlaps {row['name']} ({row['id']}), {row['starts_on']} to "
                          f"{row['ends_on']}; give it other days, or edit that one first.")


def activate_cycle(ws: Workspace, words: str) -> Outcome:
    """Make a planned cycle the running one.

    Raises:
        NotFound: there is none of that name.
        Refused: it is not planned, or another one is running.
    """
    with ws.writing(f"activate cycle {clean_line(words)[:60]}") as tx:
        row = cycle_of(tx.connection, words)
        if row["status"] != "planned":
            raise Refused(f"{row['name']} is {row['status']}; only a planned cycle is activated.")
        running = strategy_rows.running_cycle(tx.connection, str(row["strategy"]))
        if running is not None:
            raise Refused(f"{running['name']} ({running['id']}) is {running['status']}; close it first "
                          "(`tracker cycle close`).")
        tx.update("cycle", row, {"status": "active"})
    return Outcome(tx.batch, f"{row['name']} is active", (str(row["id"]),), _early(row, ws.clock.today, "starts_on"))


def begin_grading(ws: Workspace, words: str | None = None) -> Outcome:
    """The active cycle is being graded from now on; check-ins are taken up to a week after its end.

    Raises:
        Refused: it is planned or closed.
    """
    with ws.writing("begin grading") as tx:
        row = cycle_of(tx.connection, words)
        tx.relabel(f"begin grading {row['name']}"[:200])
        _, *notices = _grading(tx, row, ws.clock.today) or ("",)
    return Outcome(tx.batch, f"{row['name']} is being graded", (str(row["id"]),), tuple(notices))


def _grading(tx: Transaction, row: Row, today: date) -> tuple[str, ...]:
    """Make an active cycle one that is being graded; a step of closing asks for it."""
    if row["status"] in ("planned", "closed"):
        raise Refused(f"{row['name']} is {row['status']}; only the running cycle is graded and closed.")
    if not tx.update("cycle", row, {"status": "grading"}):
        return ()
    return (f"{row['name']} is being graded from now on", *_early(row, today, "ends_on"))


def _early(row: Row, today: date, name: str) -> tuple[str, ...]:
    days = (date.fromisoformat(str(row[name])) - today).days
    if days <= 0:
        return ()
    return (f"it {name.partition('_')[0]} only on {row[name]}, in {days} day{'s' if days > 1 else ''}",)


# -- the steps of closing


def grade(ws: Workspace, key_result: str, final: Decimal | None = RAW, rationale: str = "") -> Outcome:
    """Grade a key result of the running cycle: the raw score, or another one with a reason of 10 characters.

    Raises:
        Refused: the reason is missing, the grade no share, or the cycle not the running one.
    """
    return _step(ws, key_result, "grade", lambda tx, row: _grade(tx, ws, row, Graded(key_result, final, rationale)))


def decide(
    ws: Workspace, key_result: str, decision: str, *, reason: str = "", fields: Mapping[str, object] | None = None
) -> Outcome:
    """Decide what becomes of a key result: continue it, change it (with the `fields` that change), or drop it.

    The one that carries it on is made at once: a draft of the next cycle, which is planned when there is none yet.

    Raises:
        Refused: a new target or a reason is missing, or the one that carried it on is in use already.
    """
    made = Decided(key_result, decision, reason, fields or {})
    return _step(ws, key_result, clean_line(decision)[:20], lambda tx, row: _decide(tx, ws, row, made))


def plan_tasks(ws: Workspace, key_result: str, plan: TaskPlan) -> Outcome:
    """Say what becomes of the open tasks of a key result when they are settled; nothing happens to them yet.

    Raises:
        Refused: the destination is not open, or is itself of the cycle that ends.
    """
    return _step(ws, key_result, "plan tasks of", lambda tx, row: _plan(tx, row, plan))


def start(ws: Workspace, objective: str, title: str, fields: Mapping[str, object]) -> Outcome:
    """Start a new key result in the cycle after the running one.

    Raises:
        NotFound: the objective is not known.
        Refused: a rule between its numbers is broken.
    """
    with ws.writing(f"start {clean_line(title)}"[:200]) as tx:
        row = cycle_of(tx.connection, None)
        notices = _grading(tx, row, ws.clock.today)
        made, more = _start(tx, ws, row, Started(objective, title, fields))
    return Outcome(tx.batch, f"started {made}, a draft", (made,), (*notices, *more))


def settle(ws: Workspace, words: str | None = None) -> Outcome:
    """Do with the open tasks what was planned: all of them as one change; each keeps its history.

    Raises:
        Refused: for some key result nothing is planned.
    """
    with ws.writing("settle open tasks") as tx:
        row = cycle_of(tx.connection, words)
        notices = _grading(tx, row, ws.clock.today)
        done = _settle(tx, ws, read_closing(tx.connection, row, ws.clock.today))
    return Outcome(tx.batch, _of_tasks(done), tuple(done.key_results), notices)


def write_retrospective(
    ws: Workspace, words: str | None = None, *, worked: Sequence[str] | None = None,
    did_not: Sequence[str] | None = None, learned: Sequence[str] | None = None,
) -> Outcome:
    """Write down what a cycle taught; None leaves a list as it is. A closed cycle can still learn.

    Raises:
        Refused: the cycle is planned.
    """
    given = {"worked": worked, "did_not": did_not, "learned": learned}
    with ws.writing("write the retrospective") as tx:
        row = cycle_of(tx.connection, words)
        tx.relabel(f"write the retrospective of {row['name']}"[:200])
        if row["status"] == "planned":
            raise Refused(f"{row['name']} has not begun; its retrospective is written when it ends.")
        _write(tx, ws, row, {name: lines for name, lines in given.items() if lines is not None})
    return Outcome(tx.batch, f"the retrospective of {row['name']} is saved", (str(row["id"]),))


def close_cycle(ws: Workspace, words: str | None = None, orders: Orders | None = None) -> Outcome:
    """Carry out what is ordered, then close the cycle and make the next one active: all of it, or nothing.

    Raises:
        Refused: a key result is neither graded nor dropped or is not decided on, an open task is not planned, the
            retrospective is not written, or all weights of an objective are 0; the message says all that is missing.
    """
    with ws.writing("close a cycle") as tx:
        row = cycle_of(tx.connection, words)
        tx.relabel(f"close {row['name']}"[:200])
        notices = _carry_out(tx, ws, row, orders or Orders())
        found = read_closing(tx.connection, row, ws.clock.today)
        _require_complete(found)
        done = _settle(tx, ws, found)
        following, more = _close(tx, ws, row, found)
    label = f"{row['name']} is closed" + (f", {following['name']} is active" if following else "")
    told = (*notices, *((_of_tasks(done),) if done.count else ()), *more)
    return Outcome(tx.batch, label, (str(row["id"]), *((str(following["id"]),) if following else ())), told)


class _OnlyPlannedError(Exception):
    """Takes back what a plan tried out."""


def plan_close(ws: Workspace, words: str | None = None, orders: Orders | None = None) -> Closing:
    """What the cycle would be if the orders were carried out, with what would still stand in the way; changes nothing.

    Raises:
        Refused: an order breaks a rule.
    """
    found: list[Closing] = []
    try:
        with ws.writing("plan closing") as tx:
            row = cycle_of(tx.connection, words)
            if orders is not None and orders != Orders():
                _carry_out(tx, ws, row, orders)
            found.append(read_closing(tx.connection, row, ws.clock.today))
            raise _OnlyPlannedError
    except _OnlyPlannedError:
        return found[0]


# -- how each is done, inside a transaction


def _step(ws: Workspace, key_result: str, what: str, do: Any) -> Outcome:
    with ws.writing(f"{what} {key_result}") as tx:
        row = tx.require("key_result", key_result)
        tx.relabel(f"{what} {key_result} {row['title']}"[:200])
        cycle = tx.require("cycle", tx.require("objective", row["objective"])["cycle"])
        notices = _grading(tx, cycle, ws.clock.today)
        label, ids, more = do(tx, row)
    return Outcome(tx.batch, label, ids, (*notices, *more))


_Done = tuple[str, tuple[str, ...], tuple[str, ...]]
"""What was done, the ids it was done to, and notices."""


def _grade(tx: Transaction, ws: Workspace, row: Row, given: Graded) -> _Done:
    if row["status"] == "dropped":
        raise Refused(f"{row['id']} was dropped, so it gets no grade.")
    end = _end_of(tx, ws, row)
    raw = rules.raw_grade(end.score)
    final = raw if given.final is None else given.final
    rationale = clean_line(given.rationale, TEXT_LIMIT)
    rules.require_grade(raw, final, rationale)
    values = {"raw_score": raw, "final_score": final, "rationale": rationale or None,
              "graded_by": ws.actor, "graded_on": ws.clock.today}
    there = tx.get("grade", row["id"])
    if there is None:
        tx.insert("grade", {"key_result": row["id"], **values})
    elif (Decimal(str(there["final_score"])), there["rationale"]) != (final, values["rationale"]):
        tx.update("grade", there, values)
    notices = (f"nobody ever checked {row['id']} in, so its raw score is 0",) if end.score is None else ()
    return f"{row['id']} {row['title']}: raw {raw}, final {final}", (str(row["id"]),), notices


def _end_of(tx: Transaction, ws: Workspace, row: Row) -> KeyResultEnd:
    cycle = tx.require("cycle", tx.require("objective", row["objective"])["cycle"])
    found = read_closing(tx.connection, cycle, ws.clock.today)
    return next(each for each in found.key_results if each.id == row["id"])


def _decide(tx: Transaction, ws: Workspace, row: Row, given: Decided) -> _Done:
    id_, decision = str(row["id"]), given.decision.strip().lower()
    if decision not in (Decision.CONTINUE, Decision.CHANGE, Decision.DROP):
        raise WrongUsage(f"{given.decision[:40]!r} is no decision about a key result; there are continue, change and "
                         "drop, and start for a new one.")
    reason = clean_line(given.reason, TEXT_LIMIT)
    if decision == Decision.DROP and not reason:
        raise Refused(f"Dropping {id_} needs a reason: say why in a few words.")
    if decision == Decision.CHANGE and not given.fields:
        raise Refused(f"Changing {id_} needs what changes: a new target, weight, owner or other field.")
    objective = tx.require("objective", row["objective"])
    cycle = tx.require("cycle", objective["cycle"])
    entry = _entry(tx, cycle, id_)
    notices: tuple[str, ...] = ()
    into = entry.get("into")
    if decision == Decision.DROP:
        if into:
            carrying.take_back(tx, str(into))
        entry.update(into=None, tasks_to=None)
    else:
        following, notices = next_cycle(tx, cycle)
        value = _end_of(tx, ws, row).figures
        into = carrying.carry(
            tx, row, following, given.fields, into=into, value=value.value if value else None,
            keeps_terms=decision == Decision.CONTINUE, siblings=_entries(tx, cycle),
        )
        entry.update(into=into)
    entry.update(key_result=id_, decision=decision, reason=reason or None)
    _keep_entry(tx, ws, cycle, entry)
    label = f"{id_} {row['title']}: {decision}" + (f", as {into}, a draft" if decision != Decision.DROP else "")
    return label, (id_, *((str(into),) if into and decision != Decision.DROP else ())), notices


def _start(tx: Transaction, ws: Workspace, cycle: Row, given: Started) -> tuple[str, tuple[str, ...]]:
    following, notices = next_cycle(tx, cycle)
    made = carrying.start(tx, given.objective, given.title, given.fields, following, _entries(tx, cycle), ws.actor)
    _keep_entry(tx, ws, cycle, {"decision": Decision.START.value, "into": made})
    return made, notices


def _plan(tx: Transaction, row: Row, given: TaskPlan) -> _Done:
    objective = tx.require("objective", row["objective"])
    cycle = tx.require("cycle", objective["cycle"])
    reason = clean_line(given.cancel_reason)
    if given.to:
        require_destination(tx, given.to, str(cycle["id"]))
    elif not reason:
        raise Refused(f"Say where the open tasks of {row['id']} go, or why they are cancelled.")
    entry = _entry(tx, cycle, str(row["id"]))
    entry.update(key_result=row["id"], tasks_to=given.to, tasks_cancelled=None if given.to else reason)
    _keep_entry(tx, None, cycle, entry)
    what = f"move to {given.to}" if given.to else f"are cancelled: {reason}"
    return f"open tasks of {row['id']} {row['title']} {what}", (str(row["id"]),), ("planned, not done yet",)


def _carry_out(tx: Transaction, ws: Workspace, cycle: Row, orders: Orders) -> tuple[str, ...]:
    notices = [*_grading(tx, cycle, ws.clock.today)]
    for given in _with_rest_graded(tx, ws, cycle, orders):
        notices += _grade(tx, ws, _of_cycle(tx, cycle, given.key_result), given)[2]
    for started in orders.started:
        notices += _start(tx, ws, cycle, started)[1]
    for decided in _with_rest_decided(tx, ws, cycle, orders):
        notices += _decide(tx, ws, _of_cycle(tx, cycle, decided.key_result), decided)[2]
    for key_result, plan in _with_rest_planned(tx, ws, cycle, orders).items():
        _plan(tx, _of_cycle(tx, cycle, key_result), plan)
    lists = {name: lines for name in LISTS if (lines := getattr(orders, name))}
    if lists:
        _write(tx, ws, cycle, lists)
    return tuple(dict.fromkeys(notices))


def _of_cycle(tx: Transaction, cycle: Row, key_result: str) -> Row:
    row = tx.require("key_result", key_result)
    if tx.require("objective", row["objective"])["cycle"] != cycle["id"]:
        raise Refused(f"{key_result} {row['title']} is not of {cycle['name']}.")
    return row


def _live(tx: Transaction, ws: Workspace, cycle: Row) -> list[KeyResultEnd]:
    found = read_closing(tx.connection, cycle, ws.clock.today)
    return [row for row in found.key_results if row.status != "dropped"]


def _with_rest_graded(tx: Transaction, ws: Workspace, cycle: Row, orders: Orders) -> list[Graded]:
    named = {given.key_result for given in orders.graded}
    if not orders.rest_raw:
        return list(orders.graded)
    rest = [row.id for row in _live(tx, ws, cycle) if row.final is None and row.id not in named]
    return [*orders.graded, *map(Graded, rest)]


def _with_rest_decided(tx: Transaction, ws: Workspace, cycle: Row, orders: Orders) -> list[Decided]:
    """In the order of the header, so that the next cycle has its objectives in that order too."""
    named = {given.key_result: given for given in orders.decided}
    live = _live(tx, ws, cycle)
    unknown = [given for id_, given in named.items() if id_ not in {row.id for row in live}]
    rest = orders.rest_decided
    return unknown + [
        named.get(row.id) or Decided(row.id, rest) for row in live if row.id in named or (rest and not row.decision)
    ]


def _with_rest_planned(tx: Transaction, ws: Workspace, cycle: Row, orders: Orders) -> dict[str, TaskPlan]:
    plans = dict(orders.tasks)
    if orders.rest_tasks != TaskPlan():
        found = read_closing(tx.connection, cycle, ws.clock.today)
        plans |= {row.id: orders.rest_tasks for row in found.key_results
                  if not row.has_task_plan and row.id not in plans}
    return plans


def _write(tx: Transaction, ws: Workspace, cycle: Row, lists: Mapping[str, Sequence[str]]) -> None:
    row = _retrospective(tx, ws, cycle)
    cleaned = {
        name: [line for each in lines if (line := clean_line(each, TEXT_LIMIT))] for name, lines in lists.items()
    }
    tx.update("retrospective", row, cleaned)


def _retrospective(tx: Transaction, ws: Workspace | None, cycle: Row) -> Row:
    row = tx.get("retrospective", cycle["id"])
    if row is not None:
        return row
    facilitator = tx.by if tx.get("person", tx.by) is not None else None
    tx.insert("retrospective", {"cycle": cycle["id"], "held_on": tx.on_date, "facilitator": facilitator,
                                "worked": [], "did_not": [], "learned": [], "decisions": []})
    return tx.require("retrospective", cycle["id"])


def _entries(tx: Transaction, cycle: Row) -> list[dict[str, Any]]:
    return entries_of(cycle_rows.retrospective_of(tx.connection, str(cycle["id"])) or {})


def _entry(tx: Transaction, cycle: Row, key_result: str) -> dict[str, Any]:
    return next((each for each in _entries(tx, cycle) if each.get("key_result") == key_result), {})


def _keep_entry(tx: Transaction, ws: Workspace | None, cycle: Row, entry: Mapping[str, Any]) -> None:
    """Keep one decision beside the others, without what it does not say."""
    said = {name: value for name, value in entry.items() if value is not None}
    entries = _entries(tx, cycle)
    place = next((at for at, each in enumerate(entries) if said.get("key_result")
                  and each.get("key_result") == said["key_result"]), len(entries))
    entries[place:place + 1] = [said]
    tx.update("retrospective", _retrospective(tx, ws, cycle), {"decisions": entries})


def next_cycle(tx: Transaction, cycle: Row) -> tuple[Row, tuple[str, ...]]:
    """The planned cycle after this one; it is made when there is none."""
    following = cycle_rows.next_planned(tx.connection, cycle)
    if following is not None:
        return following, ()
    starts, ends = rules.next_days(
        date.fromisoformat(str(cycle["starts_on"])), date.fromisoformat(str(cycle["ends_on"])))
    _require_apart(tx, str(cycle["strategy"]), starts, ends)
    made = insert_cycle(tx, str(cycle["strategy"]), starts, ends, status="planned")
    return made, (f"planned {made['name']} ({made['id']})",)


def _settle(tx: Transaction, ws: Workspace, found: Closing) -> Settled:
    busy = [row for row in found.key_results if row.open_count]
    unplanned = [row for row in busy if not row.has_task_plan]
    if unplanned:
        raise Refused("What becomes of the open tasks of "
                      + ", ".join(f"{row.id} ({row.open_count:,})" for row in unplanned)
                      + "? Move them to another key result, or cancel them with a reason.")
    return settle_tasks(tx, ws.clock.today, [(row.id, row.tasks_to, row.cancel_reason) for row in busy])


def _of_tasks(done: Settled) -> str:
    words = [f"moved {done.moved:,}"] if done.moved else []
    words += [f"cancelled {done.cancelled:,}"] if done.cancelled else []
    return f"open tasks: {', '.join(words)}" if words else "no open tasks"


def _require_complete(found: Closing) -> None:
    missing = list(found.in_the_way)
    undecided = [row.id for row in found.key_results if row.status != "dropped" and not row.decision]
    if undecided:
        missing.insert(min(1, len(missing)), f"not decided (continue, change or drop): {', '.join(undecided)}")
    if missing:
        raise Refused(f"{found.name} cannot be closed yet; " + "; ".join(missing) + ". Nothing was changed.")
    for objective in found.objectives:
        graded = [row for row in objective.key_results if row.status != "dropped" and row.final is not None]
        if graded and objective.final is None:
            raise Refused(f"The score of {objective.id} {objective.title} is unknown: every key result of it weighs 0. "
                          f"Give one a weight, like `tracker kr edit {graded[0].id} --weight 1`. Nothing was changed.")


def _close(tx: Transaction, ws: Workspace, cycle: Row, found: Closing) -> tuple[Row | None, tuple[str, ...]]:
    for objective in found.objectives:
        for end in objective.key_results:
            if end.status in ("draft", "active"):
                change = ({"status": "graded"} if end.final is not None
                          else {"status": "dropped", "drop_reason": end.reason})
                tx.update("key_result", tx.require("key_result", end.id), change)
        if objective.status in ("draft", "active"):
            tx.update("objective", tx.require("objective", objective.id), {"status": objective.comes_to})
    tx.update("cycle", cycle, {"status": "closed"})
    strategy = tx.require("strategy", cycle["strategy"])
    planned = cycle_rows.next_planned(tx.connection, cycle)
    if planned is None and str(strategy["horizon_end"]) <= str(cycle["ends_on"]):
        return None, (f"no cycle follows: the strategy's horizon ends on {strategy['horizon_end']}",)
    following, notices = next_cycle(tx, cycle)
    tx.update("cycle", following, {"status": "active"})
    drafts = len([row for row in cycle_rows.key_results_in(tx.connection, str(following["id"]))
                  if row["status"] == "draft"])
    waiting = (f"{drafts} key results wait for their owners to accept them",) if drafts else ()
    return following, (*notices, *_early(following, ws.clock.today, "starts_on"), *waiting)
