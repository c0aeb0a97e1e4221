"""What key results are for: their objective and strategy, with the figures of the cycle they run in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.domain.metrics import rollup
from tracker.services.header import cycle_row, objectives_with_figures, strategy_row
from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows as rows
from tracker.storage.rows import CycleRow, KeyResultRow, ObjectiveRow, StrategyRow

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Purpose:
    """A key result and all above it."""

    id: str
    title: str
    status: str
    key_result: KeyResultRow | None
    """Its figures; None when it or its objective was dropped."""
    grade: Decimal | None
    """The final score it got when its cycle was closed."""
    objective: ObjectiveRow | None
    cycle: CycleRow
    strategy: StrategyRow
    score: Decimal | None
    """The strategy's, over the objectives of this cycle."""


def purposes(ws: Workspace, key_results: Iterable[str]) -> dict[str, Purpose]:
    """What each of these key results is for, by id; figures as of today, of an ended cycle as of its last day."""
    found: dict[str, Purpose] = {}
    with ws.store.snapshot() as connection:
        cycles: dict[str, _Cycle] = {}
        for id_ in key_results:
            row = _one(connection, "key_result", id_)
            objective = _one(connection, "objective", row["objective"])
            cycle = cycles.get(objective["cycle"])
            if cycle is None:
                cycle = cycles[objective["cycle"]] = _Cycle(connection, objective["cycle"], ws.clock.today)
            found[id_] = cycle.purpose(row, _grade(connection, id_))
    return found


class _Cycle:
    """The figures of one cycle, read once."""

    def __init__(self, connection: sqlite3.Connection, id_: str, today: date) -> None:
        row = _one(connection, "cycle", id_)
        as_of = min(today, date.fromisoformat(row["ends_on"]))
        self._objectives = objectives_with_figures(connection, row, as_of)
        cycle, strategy = cycle_row(row, today), rows.strategy_of(connection, row["strategy"])
        assert cycle is not None
        assert strategy is not None, "a foreign key holds it"
        self._cycle, self._strategy = cycle, strategy_row(strategy)

    def purpose(self, row: Row, grade: Decimal | None) -> Purpose:
        """What a key result of this cycle is for."""
        objective, figures = next(
            ((objective, each) for objective in self._objectives for each in objective.key_results
             if each.id == row["id"]),
            (None, None),
        )
        return Purpose(
            row["id"], row["title"], row["status"], figures, grade, objective, self._cycle, self._strategy,
            rollup((each.score, each.weight) for each in self._objectives),
        )


def _one(connection: sqlite3.Connection, table: str, id_: str) -> Row:
    found: list[Row] = rows.rows_of(connection, table, "id = ?", (id_,))
    return found[0]


def _grade(connection: sqlite3.Connection, key_result: str) -> Decimal | None:
    found = rows.rows_of(connection, "grade", "key_result = ?", (key_result,))
    return Decimal(str(found[0]["final_score"])) if found else None
