"""The audit as of the workspace's day: findings and what was decided about them, coverage, results against activity."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile
from math import ceil
from typing import Any

from tracker.domain import audit as rules
from tracker.domain import forecast as flow
from tracker.domain import metrics
from tracker.domain.audit import Finding, Group, Report, Rule
from tracker.domain.errors import NotFound, OutOfReach, WrongUsage
from tracker.domain.filters import TaskFilter
from tracker.domain.tasks import MEDIA, OPEN, STAGES
from tracker.services import board
from tracker.services.header import header, objectives_with_figures
from tracker.services.plan_back import counted, members_of
from tracker.services.workspace import Workspace
from tracker.storage import audit_rows as reads
from tracker.storage import journey_rows, queries, strategy_rows, task_rows
from tracker.storage.audit_rows import DecisionRow
from tracker.storage.rows import Card, Header, KeyResultRow

LISTED = 50
"""Tasks that a rule lists one by one beside those that were decided; the others are counted."""
COPIES_LISTED = 5
"""Contributions of one key result that are listed one by one, those that most tasks share."""
SHOWN_TASKS = 200
"""Tasks of one finding that can be chosen from."""
WEEK = 7
DONE_NAMED = 6
"""Done tasks of a key result that are named, newest first."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, and what was decided about it."""

    finding: Finding
    decision: DecisionRow | None = None
    """What stands; None when nobody decided, or its figures changed since."""
    before: DecisionRow | None = None
    """What was decided at other figures: the finding came back."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A key result against the work on it."""

    figures: KeyResultRow
    starts_on: date
    done: int
    """In the cycle."""
    open: int
    change: Decimal | None
    """Of its value within the last week; None when nobody checked in."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Open tasks by stage and medium."""

    stages: tuple[str, ...]
    media: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    by_stage: Mapping[str, int]
    total: int
    foundational: int


@dataclass(frozen=True, slots=True)
class Trend:
    """How many findings there were when they were counted last."""

    on: date
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PastCycle:
    """How the last closed cycle came out."""

    name: str
    score: Decimal | None
    outcome_score: Decimal | None
    """Of those key results alone that measure what changed."""
    outputs: int
    """Key results that measured what was made."""
    key_results: int


@dataclass(frozen=True, slots=True)
class Audit:
    """All that screen, command and report show."""

    header: Header
    judged: tuple[Judged, ...]
    report: Report
    coverage: Coverage
    results: tuple[ResultRow, ...]
    trend: Trend | None
    past: PastCycle | None

    @property
    def today(self) -> date:
        """The day it is reckoned at."""
        return self.header.today

    @property
    def total(self) -> int:
        """All findings, decided or not."""
        return self.report.total

    @property
    def decided(self) -> int:
        """Findings about which a decision stands."""
        return sum(each.decision is not None for each in self.judged)

    def of_group(self, group: Group) -> tuple[Judged, ...]:
        """The findings of one part of the report."""
        return tuple(each for each in self.judged if each.finding.group is group)


def audit(ws: Workspace) -> Audit:
    """Every rule over everything, as of the workspace's day.

    Raises:
        NotFound: there is no active strategy.
    """
    with ws.store.snapshot() as connection:
        figures = header(ws)
        if figures is None:
            raise NotFound("There is no active strategy to hold the work against. Run `tracker init` first.")
        return _Reading(ws, connection, figures).audit()


class _Reading:
    """One audit, read from one state of the database."""

    def __init__(self, ws: Workspace, connection: sqlite3.Connection, figures: Header) -> None:
        self._ws = ws
        self._connection = connection
        self._header = figures
        self._today = figures.today
        self._cycle = strategy_rows.running_cycle(connection, figures.strategy.id)
        stored: list[Row] = strategy_rows.key_results_of(connection, [each.id for each in figures.objectives])
        self._stored = {str(row["id"]): row for row in stored}
        self._checked_in = _last_check_ins(connection, self._stored, self._today)
        self._decisions = reads.decisions(connection)

    def audit(self) -> Audit:
        """Facts first, then the rules over them."""
        coverage, results = self._coverage(), self._results()
        report = rules.audit(self._situation(coverage, results))
        return Audit(
            header=self._header, judged=_judged(report.findings, self._decisions), report=report, coverage=coverage,
            results=results, trend=self._trend(), past=self._past(),
        )

    # -- the work

    def _coverage(self) -> Coverage:
        connection = self._connection
        cells = {
            (stage, medium): count for subject, count in reads.open_by(connection, "coverage").items()
            for stage, _, medium in [subject.partition("|")]
        }  # fmt: skip
        own_stages, own_media = (task_rows.own_list(connection, each) for each in ("stages", "media"))
        return Coverage(
            stages=tuple(own_stages or (stage for stage in STAGES if stage != STAGES[-1])),
            media=tuple(own_media or MEDIA), cells=cells, by_stage=reads.open_by(connection, "stage"),
            total=strategy_rows.open_tasks(connection),
            foundational=reads.open_by(connection, "kind").get("foundational", 0),
        )

    def _results(self) -> tuple[ResultRow, ...]:
        before = self._figures_as_of(self._today - timedelta(days=WEEK))
        return tuple(self._result(row, before.get(row.id)) for row in self._header.key_results)

    def _result(self, row: KeyResultRow, before: KeyResultRow | None) -> ResultRow:
        starts = date.fromisoformat(str(self._stored[row.id]["starts_on"]))
        cycle = self._header.cycle
        first, last = (cycle.starts_on, cycle.ends_on) if cycle is not None else (starts, row.due_on)
        return ResultRow(
            row, starts, reads.done_of(self._connection, row.id, first, last),
            reads.open_of(self._connection, row.id), self._change(row, before),
        )

    def _change(self, row: KeyResultRow, before: KeyResultRow | None) -> Decimal | None:
        last = self._checked_in.get(row.id)
        if last is None or last <= self._today - timedelta(days=WEEK) or row.value is None:
            return None
        was = before.value if before is not None else None
        start = was if was is not None else row.baseline
        return None if start is None else row.value - start

    def _figures_as_of(self, day: date) -> dict[str, KeyResultRow]:
        objectives = objectives_with_figures(self._connection, self._cycle, day)
        return {row.id: row for objective in objectives for row in objective.key_results}

    # -- what the rules look at

    def _situation(self, coverage: Coverage, results: Sequence[ResultRow]) -> rules.Situation:
        connection, today, strategy = self._connection, self._today, self._header.strategy
        stored = strategy_rows.rows_of(connection, "strategy", "id = ?", (strategy.id,))[0]
        copied, further_copied = self._copied(results)
        soon = today + timedelta(days=rules.DUE_SOON_DAYS)
        return rules.Situation(
            today=today, strategy=strategy.id, strategy_title=strategy.title,
            reviewed_on=date.fromisoformat(str(stored["reviewed_on"] or stored["horizon_start"])),
            review_every_days=int(str(stored["review_every_days"])),
            key_results=self._key_results(results), stages=coverage.stages,
            open_tasks=coverage.total, open_by_stage=coverage.by_stage, copied=copied, further_copied=further_copied,
            off_channel=self._off_channel(),
            wordless=_listed(*reads.wordless(connection, self._room(Rule.NO_CONTRIBUTION))),
            late=_listed(*reads.late(connection, today, self._room(Rule.OVERDUE))),
            unowned_soon=_listed(
                *reads.unowned_until(connection, today, soon, self._room(Rule.DUE_SOON_NO_OWNER))
            ),
            steps=self._steps(), limits=self._limits(),
        )

    def _room(self, rule: Rule) -> int:
        """How many tasks of a rule to list: those that were decided do not push others out of sight."""
        return LISTED + len({each.subject for each in self._decisions if each.rule == rule})

    def _key_results(self, results: Sequence[ResultRow]) -> tuple[rules.KeyResultFacts, ...]:
        before = self._figures_as_of(self._today - timedelta(days=rules.FLAT_DAYS))
        return tuple(
            self._facts(row, before.get(row.figures.id)) for row in results if row.figures.status == "active"
        )

    def _facts(self, row: ResultRow, before: KeyResultRow | None) -> rules.KeyResultFacts:
        figures, stored = row.figures, self._stored[row.figures.id]
        last = self._checked_in.get(figures.id)
        was = before.progress if before is not None and before.progress is not None else metrics.ZERO
        is_young = (self._today - row.starts_on).days < rules.FLAT_DAYS
        return rules.KeyResultFacts(
            id=figures.id, position=figures.position, title=figures.title, objective=figures.objective,
            direction=figures.direction, is_leading=stored["indicator"] == "leading", health=figures.health,
            score=figures.score, open_tasks=row.open, done_tasks=row.done,
            checked_in_on=last or row.starts_on, is_checked_in=last is not None,
            gained=None if figures.progress is None or is_young else figures.progress - was,
            pair_of=stored["pair_of"],
        )

    def _copied(self, results: Sequence[ResultRow]) -> tuple[tuple[rules.Copied, ...], int]:
        """The contributions that most tasks share, and how many further ones there are."""
        found, more = [], 0
        room = COPIES_LISTED + self._room(Rule.COPIED_CONTRIBUTION) - LISTED
        for row in results:
            key_result = row.figures.id
            copied, total = reads.copied_reasons(self._connection, key_result, room)
            if not copied:
                continue
            more += total - len(copied)
            tasks = reads.tasks_saying(self._connection, key_result, [reason for reason, _ in copied])
            for reason, count in copied:
                said = tasks[reason][0][1].strip() if tasks[reason] else reason
                found.append(rules.Copied(key_result, said, count, tuple(task for task, _ in tasks[reason][:LISTED])))
        return tuple(found), more

    def _off_channel(self) -> rules.Listed:
        names = reads.channel_names(self._connection)
        others = [channel for channel in names if channel not in self._header.strategy.channels]
        lines, total = reads.off_channel(self._connection, others, self._room(Rule.OFF_STRATEGY_CHANNEL))
        return _listed([line._replace(channel=names.get(str(line.channel), line.channel)) for line in lines], total)

    def _steps(self) -> tuple[rules.StepFacts, ...]:
        return tuple(
            step for row in self._header.key_results
            for step in self._steps_of(row, journey_rows.steps_of(self._connection, row.id))
        )

    def _steps_of(self, goal: KeyResultRow, steps: Sequence[Mapping[str, object]]) -> list[rules.StepFacts]:
        if not steps or self._cycle is None:
            return []
        figures = {row.id: row for row in self._header.key_results}
        members = members_of(self._connection, str(self._cycle["id"]), goal.id)
        tasks = journey_rows.tasks_by_step(self._connection, members)
        planned = counted(goal.id, goal).planned
        rates = [None if step["rate"] is None else Decimal(str(step["rate"])) for step in steps[1:]]
        known = [rate for rate in takewhile(lambda rate: rate is not None, rates) if rate is not None]
        needs = () if planned is None else flow.plan_back(ceil(planned), known)
        found = []
        for at, step in enumerate(steps):
            position = int(str(step["position"]))
            statuses = tasks.get(position, {})
            linked = None if step["linked_key_result"] is None else str(step["linked_key_result"])
            row = figures.get(linked) if linked is not None else None
            found.append(rules.StepFacts(
                goal.id, position, str(step["title"]),
                sum(count for status, count in statuses.items() if status in OPEN or status == "done"),
                needs[at] if at < len(needs) else None, linked,
                None if row is None else counted(row.id, row).planned,
                None if row is None else row.target, row is None or not row.baseline,
            ))  # fmt: skip
        return found

    def _limits(self) -> tuple[rules.LimitFacts, ...]:
        limits = task_rows.limits(self._connection)
        counts, doing = reads.by_status(self._connection), queries.doing_by_person(self._connection)
        personal = {subject: most for scope, subject, most, _ in limits if scope == "person_doing"}
        found = [
            rules.LimitFacts("status", subject, counts.get(subject, 0), most)
            for scope, subject, most, _ in limits if scope == "status"
        ]  # fmt: skip
        for person, count in sorted(doing.items(), key=lambda each: (-each[1], each[0])):
            most = personal.get(person, personal.get("*"))
            if person and most is not None:
                found.append(rules.LimitFacts("person", person, count, most))
        return tuple(found)

    # -- looking back

    def _trend(self) -> Trend | None:
        found = reads.snapshot_before(self._connection, self._today)
        return None if found is None else Trend(found[0], sum(found[1].values()), found[1])

    def _past(self) -> PastCycle | None:
        cycle = reads.last_closed_cycle(self._connection, self._header.strategy.id, self._today)
        if cycle is None:
            return None
        ended = date.fromisoformat(str(cycle["ends_on"]))
        objectives = objectives_with_figures(self._connection, cycle, ended)
        scores = {row.id: row.score for objective in objectives for row in objective.key_results}
        stored: list[Row] = strategy_rows.key_results_of(self._connection, [each.id for each in objectives])
        weighted = [(scores.get(row["id"]), Decimal(row["weight"]), row["result_kind"]) for row in stored]
        return PastCycle(
            name=str(cycle["name"]),
            score=metrics.rollup((score, weight) for score, weight, _ in weighted),
            outcome_score=metrics.rollup((score, weight) for score, weight, kind in weighted if kind == "outcome"),
            outputs=sum(kind == "output" for *_, kind in weighted), key_results=len(weighted),
        )


def _last_check_ins(connection: sqlite3.Connection, ids: Iterable[str], today: date) -> dict[str, date]:
    found: dict[str, date] = {}
    for row in strategy_rows.check_ins_of(connection, ids):
        day = date.fromisoformat(str(row["on_date"]))
        if day <= today:
            found[str(row["key_result"])] = day
    return found


def _listed(lines: Sequence[reads.TaskLine], total: int) -> rules.Listed:
    return rules.Listed(tuple(rules.TaskFacts(*line) for line in lines), total)


def _judged(findings: Iterable[Finding], decisions: Iterable[DecisionRow]) -> tuple[Judged, ...]:
    latest: dict[tuple[str, str], DecisionRow] = {}
    for decision in decisions:
        latest.setdefault((decision.rule, decision.subject), decision)
    judged = []
    for finding in findings:
        last = latest.get((finding.rule, finding.subject))
        holds = last is not None and rules.stands(finding, last.figures)
        judged.append(Judged(finding, last if holds else None, None if holds else last))
    return tuple(judged)


# -- the weekly count


def is_snapshot_due(ws: Workspace) -> bool:
    """Whether nobody has audited since Monday."""
    with ws.store.reading() as connection:
        today = ws.clock.today
        return not reads.has_snapshot(connection, today - timedelta(days=today.weekday()), today)


def keep_snapshot(ws: Workspace, found: Audit) -> bool:
    """Count the findings of the week, once a week, for the trend; whether it was done.

    It is the program's note, not a change of the person's: taking back one's last change leaves it alone. A database
    that cannot be written to keeps none, and can be audited all the same.
    """
    if not is_snapshot_due(ws):
        return False
    try:
        with ws.acting_as(AUDITOR).writing("count the findings of the week") as tx:
            today = ws.clock.today
            if reads.has_snapshot(tx.connection, today - timedelta(days=today.weekday()), today):
                return False  # another process was quicker
            for rule, count in found.report.counts().items():
                tx.insert("audit_snapshot", {"on": today, "rule": rule.value, "count": count})
    except OutOfReach:
        return False
    return True


AUDITOR = "audit"
"""Who counts the findings of the week, in the history."""


# -- asking for findings by name


def finding_named(found: Audit, words: str) -> Judged:
    """The finding that an id (`dumping_ground:KR-08`) names, or a subject that only one finding is about.

    Raises:
        NotFound: none is called that, or several are.
    """
    wanted = words.strip()
    exact = [each for each in found.judged if each.finding.id == wanted]
    some = exact or [each for each in found.judged if wanted.casefold() in _names(each.finding)]
    if len(some) == 1:
        return some[0]
    known = ", ".join(each.finding.id for each in some or found.judged[:40]) or "none"
    raise NotFound(f"{wanted[:60]!r} {'may be' if some else 'is no finding; there are'} {known}.")


def _names(finding: Finding) -> tuple[str, ...]:
    return finding.subject.casefold(), finding.rule.casefold()


def failing(found: Audit, wanted: Sequence[str]) -> tuple[Finding, ...]:
    """The undecided findings of the rules and groups that are named; `any` names all.

    Raises:
        WrongUsage: there is no such rule or group.
    """
    known = (*Rule, *Group, "any")
    for word in wanted:
        if word not in known:
            raise WrongUsage(f"{word[:40]!r} is no rule and no group; there are {', '.join(known)}.")
    asked = frozenset(wanted)
    return tuple(
        each.finding for each in found.judged
        if each.decision is None and not asked.isdisjoint({each.finding.rule, each.finding.group, "any"})
    )


# -- one finding in detail


@dataclass(frozen=True, slots=True)
class About:
    """What is behind one finding."""

    finding: str
    """Its id."""
    cards: tuple[Card, ...]
    """The tasks to choose from, the first ones where there are many."""
    total: int
    owner: str | None = None
    done: tuple[str, ...] = ()
    """The newest done tasks of its key result."""
    hours: float | None = None
    """What the open tasks of its key result take."""
    cost_minor: int = 0
    currency: str | None = None
    needed_a_day: Decimal | None = None
    gained_a_day: Decimal | None = None
    ends_at: Decimal | None = None
    """Where the value ends when it goes on like this."""
    ends_score: Decimal | None = None


def about(ws: Workspace, finding: Finding, result: ResultRow | None) -> About:
    """The tasks of a finding, and how its key result goes on; `result` is the row of that key result."""
    with ws.store.snapshot() as connection:
        cards, total = _tasks_of(ws, finding)
        if result is None:
            return About(finding.id, cards, total)
        row = result.figures
        hours, cost = reads.weight_of(connection, row.id)
        today = ws.clock.today
        needed = gained = ends = score = None
        if row.baseline is not None and row.value is not None:
            needed = metrics.needed_a_day(row.value, row.target, today, row.due_on)
            days = metrics.days_since_start(today, result.starts_on)
            gained = (row.value - row.baseline) / days if days else None
            ends = metrics.projection(row.value, row.baseline, today, result.starts_on, row.due_on)
            score = None if ends is None else metrics.score(metrics.progress(
                row.direction, "number", row.baseline, row.target, row.target_max, [ends]))
        return About(
            finding.id, cards, total, row.owner, reads.newest_done(connection, row.id, DONE_NAMED), hours, cost,
            _currency(connection), needed, gained, ends, score,
        )  # fmt: skip


def _currency(connection: sqlite3.Connection) -> str | None:
    strategy = strategy_rows.active_strategy(connection)
    return None if strategy is None else str(strategy["currency"] or "") or None


_OPEN = frozenset(status.value for status in OPEN)


def _tasks_of(ws: Workspace, finding: Finding) -> tuple[tuple[Card, ...], int]:
    if finding.tasks:
        cards = board.cards(ws, finding.tasks[:SHOWN_TASKS])
        return cards, len(cards)
    wanted = _filter_of(finding)
    if wanted is None:
        return (), 0
    page = board.list_page(ws, wanted, 0, SHOWN_TASKS + 1)
    return page.cards[:SHOWN_TASKS], len(page.cards)


def _filter_of(finding: Finding) -> TaskFilter | None:
    filters = {
        Rule.STAGE_SKEW: TaskFilter(stage=finding.subject, status=_OPEN),
        Rule.WIP_OVER: TaskFilter(status=frozenset({finding.subject})),
        Rule.WIP_OVER_PERSON: TaskFilter(owner=finding.subject, status=frozenset({"doing"})),
    }
    if finding.rule in filters:
        return filters[finding.rule]
    of_key_result = finding.rule not in (Rule.JOURNEY_STEP_WITHOUT_TACTIC, Rule.UNREVIEWED_STRATEGY, Rule.STAGE_GAP)
    if finding.key_result is not None and of_key_result:
        return TaskFilter(key_result=finding.key_result, status=_OPEN)
    return None


def by_rule(findings: Iterable[Judged]) -> dict[Rule, list[Judged]]:
    """Findings by rule, in their order."""
    found: dict[Rule, list[Judged]] = defaultdict(list)
    for each in findings:
        found[each.finding.rule].append(each)
    return found
