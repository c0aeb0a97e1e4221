"""What a check-in is made on: each key result with its history, plan and activity, and what a draft would come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from sqlite3 import Connection
from typing import NamedTuple

from tracker.domain import check_ins as rules
from tracker.domain import health, metrics
from tracker.domain.check_ins import Terms
from tracker.domain.health import Health, Standing
from tracker.services.check_ins import milestones_of, target_changes_of
from tracker.services.header import header as read_header
from tracker.services.workspace import Workspace
from tracker.storage import check_in_rows as rows
from tracker.storage import strategy_rows
from tracker.storage.check_in_rows import Activity, CheckInRow, MilestoneRow, TargetChange
from tracker.storage.rows import Header, KeyResultRow, ObjectiveRow

COMING = 4
"""Open tasks of a key result that are named."""


@dataclass(frozen=True)
class Page:
    """All that one check-in is made on."""

    row: KeyResultRow
    """The figures as of today."""
    objective: ObjectiveRow
    place: int
    """Place of the objective in the header, from 1."""
    terms: Terms
    weight: Decimal
    indicator: str
    result_kind: str
    cadence_days: int
    starts_on: date
    stretch: Decimal | None
    points: tuple[tuple[date, Decimal], ...]
    check_ins: tuple[CheckInRow, ...]
    """Those that count, oldest first."""
    superseded: tuple[CheckInRow, ...]
    milestones: tuple[MilestoneRow, ...]
    changes: tuple[TargetChange, ...]
    activity: Activity

    @property
    def figures(self) -> health.KeyResultFigures:
        """What the formulas take."""
        row = self.row
        return health.KeyResultFigures(
            row.direction, row.metric_kind, row.baseline, row.target, row.target_max, self.starts_on, row.due_on,
            self.cadence_days, self.points,
        )

    @property
    def turn_on(self) -> date:
        """The day on which the next check-in is due."""
        last = self.check_ins[-1].on_date if self.check_ins else None
        return rules.turn_on(last, self.starts_on, self.cadence_days)

    def on(self, day: date) -> CheckInRow | None:
        """The check-in of a day."""
        return next((each for each in self.check_ins if each.on_date == day), None)

    def before(self, day: date) -> CheckInRow | None:
        """The last check-in before a day."""
        return next((each for each in reversed(self.check_ins) if each.on_date < day), None)

    def ticked(self, day: date) -> frozenset[int]:
        """The milestones that were reached on a day, by position."""
        return frozenset(each.position for each in self.milestones if each.done_on and each.done_on <= day)

    def history(self) -> list[CheckInRow]:
        """Every check-in, newest first; a corrected one stands behind the one that counts."""
        return sorted(
            (*self.check_ins, *reversed(self.superseded)),
            key=lambda each: (each.on_date, each.replaced_on is None), reverse=True,
        )


@dataclass(frozen=True)
class Turns:
    """Whose turn it is: the key results of the running cycle, those of who acts first."""

    header: Header
    pages: tuple[Page, ...]
    actor: str
    today: date

    @property
    def mine(self) -> tuple[Page, ...]:
        """The pages of who acts."""
        return tuple(page for page in self.pages if page.row.owner == self.actor)

    def state(self, page: Page) -> str:
        """`now`, `late 3d`, `saved`, or the state that keeps anybody from checking it in."""
        if rules.state_fault(page.terms) is not None:
            return page.terms.status if page.terms.status != "active" else page.terms.cycle_status
        late = (self.today - page.turn_on).days
        if late < 0:
            return "saved"
        return f"late {late}d" if late > 0 else "now"


def turns(ws: Workspace) -> Turns | None:
    """Every key result of the running cycle with all that its check-in is made on; None without a strategy."""
    with ws.store.snapshot() as connection:
        header = read_header(ws)
        if header is None:
            return None
        ids = [row.id for row in header.key_results]
        records = {
            str(row["id"]): row
            for row in strategy_rows.key_results_of(connection, [each.id for each in header.objectives])
        }
        pages = [
            _page(connection, header, place, objective, row, records[row.id])
            for place, objective in enumerate(header.objectives, 1)
            for row in objective.key_results
            if row.id in ids
        ]
    pages.sort(key=lambda page: (page.row.owner != ws.actor, page.row.position))
    return Turns(header, tuple(pages), ws.actor, header.today)


def _page(
    connection: Connection, header: Header, place: int, objective: ObjectiveRow, row: KeyResultRow,
    record: Mapping[str, object],
) -> Page:
    terms = rows.terms_of(connection, row.id)
    assert terms is not None  # the same snapshot has just listed it
    return Page(
        row=row, objective=objective, place=place, terms=terms, weight=Decimal(str(record["weight"])),
        indicator=str(record["indicator"]), result_kind=str(record["result_kind"]),
        cadence_days=int(str(record["cadence_days"])), starts_on=date.fromisoformat(str(record["starts_on"])),
        stretch=Decimal(str(record["stretch"])) if record["stretch"] is not None else None,
        points=rows.points(connection, row.id), check_ins=rows.check_ins(connection, row.id),
        superseded=rows.superseded(connection, row.id), milestones=milestones_of(connection, row.id),
        changes=target_changes_of(connection, row.id),
        activity=rows.activity(connection, row.id, terms.starts_on, header.today, COMING),
    )


@dataclass(frozen=True)
class Draft:
    """A check-in before it is saved; what is None was not said yet."""

    day: date
    value: Decimal | None = None
    confidence: int | None = None
    health: str | None = None


@dataclass(frozen=True)
class Preview:
    """What a key result comes to with a check-in that is not saved yet."""

    check_ins: tuple[health.CheckInFigures, ...]
    """Those that count, with the draft, oldest first."""
    standing: Standing
    pace: Health
    confidence: Health
    aim: Decimal | None
    """The value that is expected in the end; None for guardrails."""
    projection: Decimal | None
    projected_score: Decimal | None
    needed: Decimal | None
    """What each day left must add to reach the aim."""


def preview(page: Page, draft: Draft, today: date) -> Preview:
    """What the key result would come to as of today."""
    seen = _with_draft(page, draft)
    ambition = page.objective.ambition
    standing = health.standing(page.figures, seen, today, ambition)
    told = [each for each in seen if each.on_date <= today]
    row = page.row
    is_guardrail = metrics.is_maintain(row.direction)
    baseline, value = row.baseline, standing.value
    aim = rules.aim(baseline, row.target, ambition) if baseline is not None and not is_guardrail else None
    projection = projected = needed = None
    if baseline is not None and value is not None and aim is not None:
        projection = metrics.projection(value, baseline, today, page.starts_on, row.due_on)
        if projection is not None:
            projected = metrics.score(metrics.progress(
                row.direction, row.metric_kind, baseline, row.target, None, [projection]))
        needed = metrics.needed_a_day(value, aim, today, row.due_on)
    is_said = bool(told) and (draft.confidence is not None or bool(page.check_ins))
    return Preview(
        tuple(told), standing, _pace(page, told, standing),
        health.confidence_health(told[-1].confidence) if is_said else Health.UNKNOWN,
        aim, projection, projected, needed,
    )


def _with_draft(page: Page, draft: Draft) -> list[health.CheckInFigures]:
    kept = [
        health.CheckInFigures(each.on_date, each.value, each.confidence, each.health_override)
        for each in page.check_ins if each.on_date != draft.day
    ]
    here = page.on(draft.day)
    last = here or page.before(draft.day)
    value = draft.value if draft.value is not None else here.value if here else None
    if value is None:
        return kept
    # as long as nobody has said how sure they are, the pace alone says how it stands
    confidence = draft.confidence if draft.confidence is not None else last.confidence if last else rules.MOST_CONFIDENT
    return sorted(
        (*kept, health.CheckInFigures(draft.day, value, confidence, draft.health)), key=lambda each: each.on_date
    )


def _pace(page: Page, told: Sequence[health.CheckInFigures], standing: Standing) -> Health:
    row = page.row
    if metrics.is_maintain(row.direction):
        return health.guardrail_health(
            [metrics.is_inside(row.direction, row.target, row.target_max, each.value) for each in told]
        )
    return Health.UNKNOWN if standing.gap is None else health.pace_health(standing.gap)


class Totals(NamedTuple):
    """What a draft makes of the figures above its key result."""

    objective: Decimal | None
    objective_health: str
    strategy: Decimal | None
    net: int | None
    on: int
    off: int
    of: int


def totals(found: Turns, page: Page, seen: Preview) -> Totals:
    """Objective, strategy and confidence as they would be."""
    standing = {each.row.id: _Short(each.row.score, each.row.health, each.row.confidence) for each in found.pages}
    standing[page.row.id] = _Short(
        seen.standing.score, seen.standing.health.value, seen.standing.confidence
    )
    weights = {each.row.id: each.weight for each in found.pages}
    scores = {
        each.id: metrics.rollup((standing[row.id].score, weights[row.id]) for row in each.key_results)
        for each in found.header.objectives
    }
    fresh = [
        health.confidence_health(each.confidence) for each in standing.values()
        if each.confidence is not None and each.health != Health.STALE
    ]
    signs = Counter(fresh)
    return Totals(
        scores[page.objective.id],
        health.objective_health(standing[row.id].health for row in page.objective.key_results).value,
        metrics.rollup((scores[each.id], each.weight) for each in found.header.objectives),
        health.net_confidence((each.confidence, each.health == Health.STALE) for each in standing.values()),
        signs[Health.ON_TRACK], signs[Health.OFF_TRACK], len(standing),
    )


class _Short(NamedTuple):
    score: Decimal | None
    health: str
    confidence: int | None


def since(page: Page, day: date) -> tuple[date, int, Decimal | None]:
    """The day of the check-in before `day` (or the first day), tasks done after it, and the value it had."""
    last = page.before(day)
    began = last.on_date if last else page.starts_on - timedelta(days=1)
    done = sum(tasks for on, tasks in page.activity.done.items() if began < on <= day)
    return began, done, last.value if last else page.row.baseline
