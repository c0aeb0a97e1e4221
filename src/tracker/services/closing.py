"""A cycle with what its end asks for: figures, grades, decisions, open tasks, retrospective; read, never written."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tracker.domain import cycles as rules
from tracker.domain.check_ins import GRADING_DAYS
from tracker.domain.cycles import Scores
from tracker.domain.errors import NotFound
from tracker.domain.metrics import rollup
from tracker.services.header import objectives_with_figures
from tracker.services.workspace import Workspace
from tracker.storage import cycle_rows, strategy_rows
from tracker.storage.rows import KeyResultRow
from tracker.storage.writes import Row

STEPS = ("check-ins", "grades", "decisions", "tasks", "retrospective", "next cycle")
"""The order of closing."""
RUNNING = ("active", "grading")
LISTS = ("worked", "did_not", "learned")
"""What a retrospective is asked, by the names of its columns."""


@dataclass(frozen=True, slots=True)
class KeyResultEnd:
    """A key result at the end of its cycle."""

    id: str
    objective: str
    title: str
    status: str
    result_kind: str
    owner: str
    weight: Decimal
    figures: KeyResultRow | None
    """None when it was dropped."""
    last_check_in: date | None
    lacks_check_in: bool
    score: Decimal | None
    """Exact, from the check-ins; None when nothing was measured."""
    raw: Decimal
    """That with one decimal, 0 when nothing was measured: what a grade stands beside."""
    final: Decimal | None
    rationale: str
    decision: str
    """continue, change, drop, or "" while nobody decided."""
    into: str | None
    """The key result of the next cycle that carries it on."""
    reason: str
    open_tasks: Mapping[str, int]
    """By status."""
    tasks_to: str | None
    """The key result its open tasks go to, None when they are cancelled or nobody decided."""
    cancel_reason: str
    """Why its open tasks are cancelled."""

    @property
    def open_count(self) -> int:
        """How many open tasks cite it."""
        return sum(self.open_tasks.values())

    @property
    def is_settled(self) -> bool:
        """Graded or dropped, or dropped when the cycle is closed."""
        return self.final is not None or self.status in ("graded", "dropped") or self.decision == rules.Decision.DROP

    @property
    def has_task_plan(self) -> bool:
        """Whether it is known what becomes of its open tasks."""
        return not self.open_count or bool(self.tasks_to or self.cancel_reason)


@dataclass(frozen=True, slots=True)
class ObjectiveEnd:
    """An objective at the end of its cycle."""

    id: str
    title: str
    ambition: str
    weight: Decimal
    status: str
    score: Decimal | None
    final: Decimal | None
    """From the grades that there are; None while there is none, or when all weights are 0."""
    comes_to: str
    """achieved, partial, missed or dropped, as the grades stand; "" while some are missing."""
    key_results: tuple[KeyResultEnd, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """Everything about a cycle and its end."""

    id: str
    strategy: str
    name: str
    starts_on: date
    ends_on: date
    status: str
    today: date
    next_id: str | None
    next_name: str
    """Of the planned cycle that follows; "" when there is none yet."""
    objectives: tuple[ObjectiveEnd, ...]
    scores: Scores
    final: Scores
    """From the grades, of the key results that have one."""
    started: tuple[tuple[str, str], ...]
    """Id and title of the key results that were begun for the next cycle beside the carried ones."""
    worked: tuple[str, ...] = ()
    did_not: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    in_the_way: tuple[str, ...] = ()
    """Why it cannot be closed as things stand, once the plan for its tasks is done."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Of the key results that are named as destinations, by id."""

    @property
    def key_results(self) -> tuple[KeyResultEnd, ...]:
        """Those of all objectives, in order."""
        return tuple(row for objective in self.objectives for row in objective.key_results)

    @property
    def open_tasks(self) -> int:
        """How many open tasks cite its key results."""
        return sum(row.open_count for row in self.key_results)

    @property
    def step(self) -> int:
        """The step of closing that comes next, an index of `STEPS`; check-ins may be left out, so they never hold."""
        live = [row for row in self.key_results if row.status != "dropped"]
        lacking = [row for row in live if row.lacks_check_in and row.final is None]
        waits = (
            bool(lacking) and self.status == "active",
            any(not row.is_settled for row in live),
            any(not row.decision for row in live),
            any(not row.has_task_plan for row in self.key_results),
            bool(rules.retrospective_lacks(self.worked, self.did_not, self.learned)),
        )
        return waits.index(True) if True in waits else len(waits)


def running(connection: sqlite3.Connection) -> Row | None:
    """The active strategy's cycle that is active or being graded."""
    strategy = strategy_rows.active_strategy(connection)
    return strategy_rows.running_cycle(connection, str(strategy["id"])) if strategy is not None else None


def cycle_of(connection: sqlite3.Connection, words: str | None) -> Row:
    """The cycle that an id or a name means; the running one when nothing is said.

    Raises:
        NotFound: there is none.
    """
    if words is None or not words.strip():
        found = running(connection)
        if found is None:
            raise NotFound("No cycle is running; name one (`tracker cycle list`), or activate a planned one.")
        return found
    named = cycle_rows.cycle_named(connection, words.strip())
    if not named:
        known = ", ".join(str(row["id"]) for row in strategy_rows.rows_of(connection, "cycle", order="starts_on"))
        raise NotFound(f"There is no cycle {words.strip()[:40]!r}; known are {known or 'none yet'}.")
    return named[0]


def closing(ws: Workspace, words: str | None = None) -> Closing:
    """A cycle as it stands, by id or name; the running one when nothing is said.

    Raises:
        NotFound: there is none.
    """
    with ws.store.snapshot() as connection:
        return read_closing(connection, cycle_of(connection, words), ws.clock.today)


def destinations(ws: Workspace, found: Closing) -> tuple[tuple[str, str], ...]:
    """Id and title of the key results of the next cycle that open tasks can move to."""
    if found.next_id is None:
        return ()
    with ws.store.snapshot() as connection:
        rows = cycle_rows.key_results_in(connection, found.next_id)
    return tuple((str(row["id"]), str(row["title"])) for row in rows if row["status"] in ("draft", "active"))


def cycle_scores(ws: Workspace) -> dict[str, Scores]:
    """The scores of every cycle of the active strategy, by id: of the grades once it is closed, else as of today."""
    with ws.store.snapshot() as connection:
        strategy = strategy_rows.active_strategy(connection)
        found = cycle_rows.cycles_of(connection, str(strategy["id"])) if strategy is not None else []
        read = [read_closing(connection, row, ws.clock.today) for row in found if row["status"] != "planned"]
    return {each.id: each.final if each.status == "closed" else each.scores for each in read}


def read_closing(connection: sqlite3.Connection, cycle: Row, today: date) -> Closing:
    """The same inside a transaction."""
    reader = _Reader(connection, cycle, today)
    return reader.closing()


class _Reader:
    """What is known of a cycle, read once."""

    def __init__(self, connection: sqlite3.Connection, cycle: Row, today: date) -> None:
        self._connection, self._cycle, self._today = connection, cycle, today
        self._ends_on = date.fromisoformat(str(cycle["ends_on"]))
        as_of = min(today, self._ends_on + timedelta(days=GRADING_DAYS))
        self._figures = {
            row.id: row for objective in objectives_with_figures(connection, cycle, as_of)
            for row in objective.key_results
        }
        self._rows = cycle_rows.key_results_in(connection, str(cycle["id"]))
        ids = [str(row["id"]) for row in self._rows]
        self._grades = cycle_rows.grades_of(connection, ids)
        self._last = cycle_rows.last_check_ins(connection, ids)
        self._open = cycle_rows.open_counts(connection, ids)
        self._retrospective = cycle_rows.retrospective_of(connection, str(cycle["id"])) or {}
        entries = entries_of(self._retrospective)
        self._decisions = {str(each["key_result"]): each for each in entries if each.get("key_result")}
        self._started = [str(each["into"]) for each in entries if not each.get("key_result") and each.get("into")]

    def closing(self) -> Closing:
        """All of it."""
        ends = [self._end(row) for row in self._rows]
        found = cycle_rows.objectives_in(self._connection, str(self._cycle["id"]))
        objectives = tuple(
            _objective(row, [each for each in ends if each.objective == row["id"]]) for row in found
        )
        following = cycle_rows.next_planned(self._connection, self._cycle)
        lists = {name: tuple(str(line) for line in self._retrospective.get(name) or ()) for name in LISTS}
        planned = [
            rules.Ending(row.id, row.is_settled, 0 if row.has_task_plan else row.open_count) for row in ends
        ]
        return Closing(
            id=str(self._cycle["id"]), strategy=str(self._cycle["strategy"]), name=str(self._cycle["name"]),
            starts_on=date.fromisoformat(str(self._cycle["starts_on"])), ends_on=self._ends_on,
            status=str(self._cycle["status"]), today=self._today,
            next_id=str(following["id"]) if following else None, next_name=str(following["name"]) if following else "",
            objectives=objectives,
            scores=_scores(objectives, final=False), final=_scores(objectives, final=True),
            started=tuple((id_, self._title(id_)) for id_ in self._started), **lists,
            in_the_way=rules.in_the_way(planned, rules.retrospective_lacks(**lists)),
            titles={id_: self._title(id_) for each in ends for id_ in (each.into, each.tasks_to) if id_},
        )

    def _title(self, key_result: str) -> str:
        found = strategy_rows.rows_of(self._connection, "key_result", "id = ?", (key_result,))
        return str(found[0]["title"]) if found else ""

    def _end(self, row: Row) -> KeyResultEnd:
        id_ = str(row["id"])
        figures, grade, decided = self._figures.get(id_), self._grades.get(id_), self._decisions.get(id_, {})
        last = date.fromisoformat(self._last[id_]) if id_ in self._last else None
        score = figures.score if figures else None
        into, cancelled = decided.get("into") or None, str(decided.get("tasks_cancelled") or "")
        return KeyResultEnd(
            id=id_, objective=str(row["objective"]), title=str(row["title"]), status=str(row["status"]),
            result_kind=str(row["result_kind"]), owner=str(row["owner"]), weight=Decimal(str(row["weight"])),
            figures=figures, last_check_in=last,
            lacks_check_in=row["status"] in ("draft", "active") and rules.lacks_check_in(
                last, int(str(row["cadence_days"])), self._today, self._ends_on),
            score=score, raw=Decimal(str(grade["raw_score"])) if grade else rules.raw_grade(score),
            final=Decimal(str(grade["final_score"])) if grade else None,
            rationale=str(grade["rationale"] or "") if grade else "",
            decision=str(decided.get("decision") or ""), into=into,
            reason=str(decided.get("reason") or row["drop_reason"] or ""), open_tasks=self._open.get(id_, {}),
            tasks_to=None if cancelled else decided.get("tasks_to") or into, cancel_reason=cancelled,
        )


def entries_of(retrospective: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The decisions that a retrospective holds, one a key result; whatever else a file brought there is left out."""
    found = retrospective.get("decisions")
    return [dict(each) for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _objective(row: Row, ends: Sequence[KeyResultEnd]) -> ObjectiveEnd:
    live = [each for each in ends if each.status != "dropped"]
    graded = [each for each in live if each.final is not None]
    final = rollup((each.final, each.weight) for each in graded)
    ambition = str(row["ambition"])
    if row["status"] not in ("draft", "active"):
        comes_to = str(row["status"])
    elif not all(each.is_settled for each in live) or (graded and final is None):
        comes_to = ""
    else:
        comes_to = rules.objective_status(final, ambition)
    return ObjectiveEnd(
        id=str(row["id"]), title=str(row["title"]), ambition=ambition, weight=Decimal(str(row["weight"])),
        status=str(row["status"]), score=rollup((each.score, each.weight) for each in live), final=final,
        comes_to=comes_to, key_results=tuple(ends),
    )


def _scores(objectives: Sequence[ObjectiveEnd], *, final: bool) -> Scores:
    return rules.scores(
        rules.Weighed(objective.id, objective.weight, row.weight, row.result_kind, row.final if final else row.score)
        for objective in objectives if objective.status != "dropped"
        for row in objective.key_results if row.status != "dropped" and (not final or row.final is not None)
    )
