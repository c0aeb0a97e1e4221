"""The figures of the strategy header, as of the workspace's day."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.domain import forecast as flow
from tracker.domain import health, metrics
from tracker.services.pace import cycle_times, pace
from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows as rows
from tracker.storage.rows import CycleRow, Forecast, Header, KeyResultRow, ObjectiveRow, StrategyRow

Row = dict[str, Any]


def header(ws: Workspace) -> Header | None:
    """Everything the strategy header shows; None while there is no active strategy."""
    today = ws.clock.today
    with ws.store.snapshot() as connection:
        strategy = rows.active_strategy(connection)
        if strategy is None:
            return None
        cycle = rows.running_cycle(connection, str(strategy["id"]))
        objectives = objectives_with_figures(connection, cycle, today)
        key_results = [kr for objective in objectives for kr in objective.key_results]
        spent, planned = rows.money(connection, str(strategy["id"]), [kr.id for kr in key_results])
        times = cycle_times(connection, today)
        return Header(
            today=today,
            strategy=strategy_row(strategy),
            cycle=cycle_row(cycle, today),
            objectives=tuple(objectives),
            score=metrics.rollup((objective.score, objective.weight) for objective in objectives),
            net_confidence=health.net_confidence(
                (kr.confidence, kr.health == health.Health.STALE) for kr in key_results
            ),
            spent_minor=spent,
            planned_minor=planned,
            forecast=_forecast(connection, cycle, today),
            sle_days=flow.service_level(times) if times else None,
        )


def strategy_row(row: Mapping[str, Any]) -> StrategyRow:
    """A strategy, read with its channels, as headers show it."""
    return StrategyRow(
        id=row["id"], title=row["title"], owner=row["owner"], who=row["who"] or "", why=row["why"] or "",
        desired_action=row["desired_action"] or "", approach=row["approach"] or "",
        meta_question=row["meta_question"], channels=row["channels"], budget_minor=row["budget_minor"],
        currency=row["currency"], contribution_required=bool(row["contribution_required"]),
    )


def cycle_row(row: Mapping[str, Any] | None, today: date) -> CycleRow | None:
    """A cycle as of a day; None for none."""
    if row is None:
        return None
    starts, ends = date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"])
    return CycleRow(
        row["id"], row["name"], starts, ends, row["status"], (today - starts).days + 1, (ends - starts).days + 1
    )


def objectives_with_figures(
    connection: sqlite3.Connection, cycle: Mapping[str, Any] | None, today: date
) -> list[ObjectiveRow]:
    """The objectives of a cycle that were not dropped, with the figures of their key results as of a day."""
    if cycle is None:
        return []
    found: list[Row] = rows.objectives_of(connection, cycle["id"])
    key_results: list[Row] = rows.key_results_of(connection, [row["id"] for row in found])
    standing = _Standings(connection, [row["id"] for row in key_results], today)
    ambition = {row["id"]: row["ambition"] for row in found}
    of_objective: dict[str, list[Row]] = defaultdict(list)
    for row in key_results:
        of_objective[row["objective"]].append(row)
    ordered = [row for objective in found for row in of_objective[objective["id"]]]
    position = {row["id"]: number for number, row in enumerate(ordered, 1)}
    return [
        _objective(row, [
            (key_result, standing.key_result(key_result, position[key_result["id"]], ambition[row["id"]]))
            for key_result in of_objective[row["id"]]
        ])
        for row in found
    ]


def _objective(row: Row, key_results: Sequence[tuple[Row, KeyResultRow]]) -> ObjectiveRow:
    return ObjectiveRow(
        id=row["id"], title=row["title"], ambition=row["ambition"], owner=row["owner"],
        weight=Decimal(row["weight"]), status=row["status"],
        score=metrics.rollup((figures.score, Decimal(kr["weight"])) for kr, figures in key_results),
        health=health.objective_health(figures.health for _, figures in key_results),
        key_results=tuple(figures for _, figures in key_results),
    )


class _Standings:
    """Key results with their figures, from the check-ins and planned points of all of them, read once."""

    def __init__(self, connection: sqlite3.Connection, ids: Sequence[str], today: date) -> None:
        self._today = today
        self._check_ins: dict[str, list[health.CheckInFigures]] = defaultdict(list)
        for row in _typed(rows.check_ins_of(connection, ids)):
            self._check_ins[row["key_result"]].append(
                health.CheckInFigures(
                    date.fromisoformat(row["on_date"]), Decimal(row["value"]), row["confidence"],
                    row["health_override"],
                )
            )
        self._targets = rows.first_targets(connection, ids)
        self._points: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        for row in _typed(rows.planned_points_of(connection, ids)):
            self._points[row["key_result"]].append((date.fromisoformat(row["on_date"]), Decimal(row["expected"])))

    def key_result(self, row: Row, position: int, ambition: str) -> KeyResultRow:
        """The key result as the header draws it."""
        due = date.fromisoformat(row["due_on"])
        figures = health.KeyResultFigures(
            direction=row["direction"], metric_kind=row["metric_kind"], baseline=_number(row["baseline"]),
            target=Decimal(row["target"]), target_max=_number(row["target_max"]),
            starts_on=date.fromisoformat(row["starts_on"]), due_on=due, cadence_days=row["cadence_days"],
            planned_points=self._points[row["id"]],
        )
        was = _number(self._targets.get(row["id"]))
        stands = health.standing(figures, self._check_ins[row["id"]], self._today, ambition)
        return KeyResultRow(
            position=position, id=row["id"], objective=row["objective"], title=row["title"],
            metric_kind=row["metric_kind"], direction=row["direction"], unit=row["unit"], currency=row["currency"],
            precision=row["precision"], baseline=figures.baseline, target=figures.target,
            target_max=figures.target_max, owner=row["owner"], status=row["status"], due_on=due,
            value=stands.value, confidence=stands.confidence, progress=stands.progress, score=stands.score,
            expected=stands.expected, health=stands.health.value,
            target_was=None if was is None or was == figures.target or row["status"] == "draft" else was,
        )


def _typed(found: list[dict[str, object]]) -> list[Row]:
    return found


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _forecast(connection: sqlite3.Connection, cycle: Mapping[str, Any] | None, today: date) -> Forecast | None:
    if cycle is None:
        return None
    ends = date.fromisoformat(cycle["ends_on"])
    sample, open_tasks = pace(connection, today), rows.open_tasks(connection)
    days_left = max((ends - today).days, 0)
    if not sample.is_enough:
        return Forecast(open_tasks, ends, None, None, sample.days, sample.done)
    at_85, at_50 = (min(flow.how_many_by(sample.daily, days_left, confidence), open_tasks) for confidence in (85, 50))
    return Forecast(open_tasks, ends, at_85, at_50, sample.days, sample.done)
