"""The audit: where activity moves nothing, where nobody works on the intent, where work piles up.

Pure rules over counts: what is counted comes in as an argument, a finding says which figures triggered it. Where a
threshold is published (DOMAIN.md, section 6) the constant says so; the others are ours, and say why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from tracker.domain.coverage import percent
from tracker.domain.dates import show_day
from tracker.domain.health import Health
from tracker.domain.metrics import is_maintain, round_half_up

DONE_WITHOUT_RESULT = 5
"""Tasks done in the cycle from which an off-track key result is activity without result (DOMAIN.md, 6)."""
DUMPING_SHARE = Fraction(1, 3)
"""A key result that holds more of the open tasks than this is a dumping ground (DOMAIN.md, 6)."""
DUMPING_LEAST_KEY_RESULTS = 4
"""With fewer key results than this an even share is a third already."""
COPIES = 3
"""Tasks of one key result with the same contribution from which it is copied (DOMAIN.md, 6)."""
SKEW_SHARE = Fraction(1, 2)
"""A stage that holds more of the open tasks than this is skewed (DOMAIN.md, 6)."""
LEAST_SAMPLE = 5
"""Open tasks below which a share says nothing: the least sample that a forecast takes, too (DOMAIN.md, 5)."""
LEADING_UP = Decimal("0.10")
LAGGING_FLAT = Decimal("0.02")
"""Progress in two weeks from which a leading key result goes up, and up to which a lagging one is flat. Ours: a month
of even pace gains 0.46 in two weeks, so 0.10 is a move and 0.02 is none."""
FLAT_DAYS = 14
"""How far back that is looked at: two check-ins of the usual weekly cadence."""
DUE_SOON_DAYS = 14
"""Days ahead in which work without an owner is reported (DOMAIN.md, 6)."""


class Rule(StrEnum):
    """What can be found, by the names of DOMAIN.md, section 6; in the order of the report."""

    ACTIVITY_WITHOUT_RESULT = "activity_without_result"
    DUMPING_GROUND = "dumping_ground"
    COPIED_CONTRIBUTION = "copied_contribution"
    OFF_STRATEGY_CHANNEL = "off_strategy_channel"
    LEADING_UP_LAGGING_FLAT = "leading_up_lagging_flat"
    NO_CONTRIBUTION = "no_contribution"
    NO_TACTICS = "no_tactics"
    JOURNEY_STEP_WITHOUT_TACTIC = "journey_step_without_tactic"
    TARGET_BELOW_BACKWARD_PLAN = "target_below_backward_plan"
    STALE_CHECK_IN = "stale_check_in"
    UNREVIEWED_STRATEGY = "unreviewed_strategy"
    STAGE_GAP = "stage_gap"
    STAGE_SKEW = "stage_skew"
    WIP_OVER = "wip_over"
    WIP_OVER_PERSON = "wip_over_person"
    OVERDUE = "overdue"
    DUE_SOON_NO_OWNER = "due_soon_no_owner"


class Group(StrEnum):
    """The parts of the report."""

    TACTICS = "tactics"
    STRATEGY = "strategy"
    COVERAGE = "coverage"
    FLOW = "flow"


GROUP_OF: Mapping[Rule, Group] = {
    **dict.fromkeys((Rule.ACTIVITY_WITHOUT_RESULT, Rule.DUMPING_GROUND, Rule.COPIED_CONTRIBUTION,
                     Rule.OFF_STRATEGY_CHANNEL, Rule.LEADING_UP_LAGGING_FLAT, Rule.NO_CONTRIBUTION), Group.TACTICS),
    **dict.fromkeys((Rule.NO_TACTICS, Rule.JOURNEY_STEP_WITHOUT_TACTIC, Rule.TARGET_BELOW_BACKWARD_PLAN,
                     Rule.STALE_CHECK_IN, Rule.UNREVIEWED_STRATEGY), Group.STRATEGY),
    **dict.fromkeys((Rule.STAGE_GAP, Rule.STAGE_SKEW), Group.COVERAGE),
    **dict.fromkeys((Rule.WIP_OVER, Rule.WIP_OVER_PERSON, Rule.OVERDUE, Rule.DUE_SOON_NO_OWNER), Group.FLOW),
}  # fmt: skip
TITLES: Mapping[Group, tuple[str, str]] = {
    Group.TACTICS: ("TACTICS WITHOUT STRATEGY", "activity that moves nothing"),
    Group.STRATEGY: ("STRATEGY WITHOUT TACTICS", "intent nobody works on"),
    Group.COVERAGE: ("COVERAGE", "stages of the way to the goal"),
    Group.FLOW: ("FLOW", "work that is stuck or alone"),
}
"""What each part is called, and what it is about."""
PASSING = frozenset({"days"})
"""Figures that change by the day alone; a decision about a finding stands all the same."""


class Choice(StrEnum):
    """What a person decides about a finding."""

    KEEP = "keep"
    RECALIBRATE = "recalibrate"
    KILL = "kill"


CAUSES = ("positioning", "targeting", "offer", "channel", "execution", "sales", "measure")
"""What a recalibration puts right (DOMAIN.md, 6)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the audit reports."""

    rule: Rule
    subject: str
    """What it is about; with the rule it names the finding."""
    label: str
    """The subject as people call it: `4 White paper downloads`, `T-047`, `Doing`."""
    sentence: str
    figures: Mapping[str, object]
    """What triggered it: texts and numbers that JSON can hold, decimals as text."""
    tasks: tuple[str, ...] = ()
    """Ids of the tasks it is about, the first ones where there are many."""
    key_result: str | None = None
    """The key result it is about, if it is about one."""

    @property
    def id(self) -> str:
        """How the finding is named: `dumping_ground:KR-08`."""
        return f"{self.rule}:{self.subject}"

    @property
    def group(self) -> Group:
        """The part of the report it belongs to."""
        return GROUP_OF[self.rule]

    @property
    def is_of_task(self) -> bool:
        """Whether it is about one task."""
        return self.tasks == (self.subject,)

    @property
    def words(self) -> str:
        """Label and sentence."""
        return f"{self.label}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class KeyResultFacts:
    """A running key result and the work on it."""

    id: str
    position: int
    title: str
    objective: str
    direction: str
    is_leading: bool
    health: str
    score: Decimal | None
    open_tasks: int
    done_tasks: int
    """Done in its cycle."""
    checked_in_on: date
    """Its last check-in, its first day before there is one."""
    is_checked_in: bool = True
    gained: Decimal | None = None
    """Progress of the last two weeks; None when unknown."""
    pair_of: str | None = None

    @property
    def label(self) -> str:
        """Its digit and title."""
        return f"{self.position} {self.title}"


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the rules say about one task."""

    id: str
    title: str
    owner: str | None = None
    due_on: date | None = None
    key_result: str | None = None
    channel: str | None = None
    """The name of its channel."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of some tasks, and how many there are."""

    first: tuple[TaskFacts, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Copied:
    """A contribution that several tasks of one key result share."""

    key_result: str
    reason: str
    count: int
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step of the way from the first contact to a key result's goal."""

    key_result: str
    """Whose journey it is."""
    position: int
    """0 is the goal."""
    title: str
    tasks: int
    """Open and done ones that serve it."""
    need: int | None = None
    """How many the plan back asks for; None where a rate is not known."""
    linked: str | None = None
    """The key result that counts it."""
    gain: Decimal | None = None
    """What that plans: target less baseline."""
    target: Decimal | None = None
    starts_at_zero: bool = True


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """A limit of started work and how much there is."""

    scope: str
    """`status` or `person`."""
    subject: str
    count: int
    most: int


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the rules look at, as of one day."""

    today: date
    strategy: str
    strategy_title: str = ""
    reviewed_on: date | None = None
    """When the strategy was last reviewed, its first day if it never was."""
    review_every_days: int = 30
    key_results: tuple[KeyResultFacts, ...] = ()
    stages: tuple[str, ...] = ()
    """The stages that customers go through, inner work left out."""
    open_tasks: int = 0
    open_by_stage: Mapping[str, int] = field(default_factory=dict)
    copied: tuple[Copied, ...] = ()
    further_copied: int = 0
    """Copied contributions that are not among them."""
    off_channel: Listed = Listed()
    wordless: Listed = Listed()
    late: Listed = Listed()
    unowned_soon: Listed = Listed()
    steps: tuple[StepFacts, ...] = ()
    limits: tuple[LimitFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What the rules found."""

    findings: tuple[Finding, ...]
    more: Mapping[Rule, int]
    """How many further tasks a rule found than are listed one by one."""

    @property
    def total(self) -> int:
        """All findings, listed or not."""
        return len(self.findings) + sum(self.more.values())

    def counts(self) -> dict[Rule, int]:
        """How many findings of every rule, 0 included."""
        found = dict.fromkeys(Rule, 0)
        for finding in self.findings:
            found[finding.rule] += 1
        for rule, count in self.more.items():
            found[rule] += count
        return found


def audit(situation: Situation) -> Report:
    """Every rule over the situation; findings by group, those of one subject beside each other."""
    found = [finding for rule in Rule for finding in _RULES[rule](situation)]
    further = {
        Rule.COPIED_CONTRIBUTION: situation.further_copied,
        **{rule: listed.total - len(listed.first) for rule, listed in (
            (Rule.OFF_STRATEGY_CHANNEL, situation.off_channel), (Rule.NO_CONTRIBUTION, situation.wordless),
            (Rule.OVERDUE, situation.late), (Rule.DUE_SOON_NO_OWNER, situation.unowned_soon),
        )},
    }  # fmt: skip
    more = {rule: count for rule, count in further.items() if count > 0}
    return Report(tuple(_by_subject(found)), more)


def _by_subject(found: Sequence[Finding]) -> list[Finding]:
    groups = list(Group)
    subjects = list(dict.fromkeys(_about(finding) for finding in found))
    return sorted(found, key=lambda each: (groups.index(each.group), subjects.index(_about(each))))


def _about(finding: Finding) -> tuple[Group, str]:
    by_key_result = finding.group is Group.TACTICS and not finding.subject.startswith("T-")
    return finding.group, (finding.key_result or finding.subject) if by_key_result else finding.subject


def stands(finding: Finding, decided_on: Mapping[str, object]) -> bool:
    """Whether a decision that was taken at these figures still holds: it does until a figure changes."""
    return _lasting(finding.figures) == _lasting(decided_on)


def _lasting(figures: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in figures.items() if name not in PASSING}


# -- tactics without strategy


def activity_without_result(situation: Situation) -> Iterator[Finding]:
    """Five tasks or more were done in the cycle, and the key result is off track."""
    for row in situation.key_results:
        if row.health == Health.OFF_TRACK and row.done_tasks >= DONE_WITHOUT_RESULT:
            yield Finding(
                Rule.ACTIVITY_WITHOUT_RESULT, row.id, row.label,
                f"{row.done_tasks} tasks done, score {_score(row.score)}, off track",
                {"done": row.done_tasks, "score": _score(row.score), "health": row.health}, key_result=row.id,
            )  # fmt: skip


def dumping_ground(situation: Situation) -> Iterator[Finding]:
    """One key result holds more than a third of the open tasks."""
    total = situation.open_tasks
    if total < LEAST_SAMPLE or len(situation.key_results) < DUMPING_LEAST_KEY_RESULTS:
        return
    for row in situation.key_results:
        if Fraction(row.open_tasks, total) > DUMPING_SHARE:
            yield Finding(
                Rule.DUMPING_GROUND, row.id, row.label,
                f"{row.open_tasks} of {total} open tasks ({percent(row.open_tasks, total)}%)",
                {"open": row.open_tasks, "of": total}, key_result=row.id,
            )  # fmt: skip


def copied_contribution(situation: Situation) -> Iterator[Finding]:
    """Three tasks or more of a key result give the same reason."""
    labels = {row.id: row.label for row in situation.key_results}
    taken: set[str] = set()
    for copied in situation.copied:
        if copied.count < COPIES:
            continue
        subject = base = f"{copied.key_result}/{_slug(copied.reason)}"
        number = 2
        while subject in taken:
            subject, number = f"{base}-{number}", number + 1
        taken.add(subject)
        yield Finding(
            Rule.COPIED_CONTRIBUTION, subject, labels.get(copied.key_result, copied.key_result),
            f"same reason on {copied.count} tasks: '{copied.reason}'",
            {"tasks": copied.count, "reason": copied.reason}, copied.tasks, copied.key_result,
        )  # fmt: skip


def off_strategy_channel(situation: Situation) -> Iterator[Finding]:
    """An open task goes through a channel that the strategy does not name."""
    for task in situation.off_channel.first:
        yield _of_task(
            Rule.OFF_STRATEGY_CHANNEL, task, f"{task.channel} is not a channel of this strategy: {task.title}",
            {"channel": task.channel},
        )


def leading_up_lagging_flat(situation: Situation) -> Iterator[Finding]:
    """A leading key result rose while the lagging one that it should move stood still."""
    for lagging in situation.key_results:
        if lagging.is_leading or is_maintain(lagging.direction) or lagging.gained is None:
            continue
        if lagging.gained > LAGGING_FLAT or _is_reached(lagging):
            continue
        risen = [row for row in _leading(situation.key_results, lagging)
                 if row.gained is not None and row.gained >= LEADING_UP]
        if risen:
            first = max(risen, key=lambda row: row.gained or Decimal(0))
            yield Finding(
                Rule.LEADING_UP_LAGGING_FLAT, lagging.id, lagging.label,
                f"stood still for two weeks ({_points(lagging.gained)} points) while {first.label} gained "
                f"{_points(first.gained)}",
                {"lagging": _points(lagging.gained), "leading": _points(first.gained), "leader": first.id},
                key_result=lagging.id,
            )  # fmt: skip


def _leading(rows: Iterable[KeyResultFacts], lagging: KeyResultFacts) -> list[KeyResultFacts]:
    """The leading key results of its pair, else of its objective."""
    leading = [row for row in rows if row.is_leading and not is_maintain(row.direction)]
    paired = [row for row in leading if row.pair_of == lagging.id or lagging.pair_of == row.id]
    return paired or [row for row in leading if row.objective == lagging.objective]


def no_contribution(situation: Situation) -> Iterator[Finding]:
    """Somebody works on a task, and it does not say how it moves its key result."""
    for task in situation.wordless.first:
        yield _of_task(
            Rule.NO_CONTRIBUTION, task, f"does not say how it moves its key result: {task.title}",
            {"owner": task.owner, "key_result": task.key_result},
        )


# -- strategy without tactics


def no_tactics(situation: Situation) -> Iterator[Finding]:
    """A key result without an open task; guardrails need none, nor does one that is reached."""
    for row in situation.key_results:
        if row.open_tasks == 0 and not is_maintain(row.direction) and not _is_reached(row):
            yield Finding(
                Rule.NO_TACTICS, row.id, row.label, f"no open task, {row.health}",
                {"open": 0, "done": row.done_tasks, "health": row.health}, key_result=row.id,
            )  # fmt: skip


def journey_step_without_tactic(situation: Situation) -> Iterator[Finding]:
    """A step of the way to the goal that no task serves; the steps below it lead nowhere."""
    for step in situation.steps:
        if step.tasks == 0 and step.position > 0:
            yield Finding(
                Rule.JOURNEY_STEP_WITHOUT_TACTIC, f"{step.key_result}/{step.position}", f"Step '{step.title}'",
                "no task at all", {"tasks": 0, "step": step.position}, key_result=step.key_result,
            )  # fmt: skip


def target_below_backward_plan(situation: Situation) -> Iterator[Finding]:
    """The key result that counts a step plans less than the plan back needs there."""
    labels = {row.id: row.label for row in situation.key_results}
    for step in situation.steps:
        if step.linked is None or step.linked == step.key_result or step.need is None or step.gain is None:
            continue
        if step.gain >= step.need:
            continue
        plans = f"target {_amount(step.gain)}" if step.starts_at_zero else f"plan {_amount(step.gain)} new"
        yield Finding(
            Rule.TARGET_BELOW_BACKWARD_PLAN, step.linked, labels.get(step.linked, step.linked),
            f"{plans}, the plan back needs {step.need:,}",
            {"need": step.need, "gain": format(step.gain, "f"), "short": format(step.need - step.gain, "f"),
             "target": None if step.target is None else format(step.target, "f")},
            key_result=step.linked,
        )  # fmt: skip


def stale_check_in(situation: Situation) -> Iterator[Finding]:
    """Nobody has said for longer than its cadence and three days where the key result stands."""
    for row in situation.key_results:
        if row.health == Health.STALE:
            days = (situation.today - row.checked_in_on).days
            words = "no check-in" if row.is_checked_in else "no check-in yet, running"
            yield Finding(
                Rule.STALE_CHECK_IN, row.id, row.label, f"{words} for {days} days",
                {"last": row.checked_in_on.isoformat(), "days": days}, key_result=row.id,
            )  # fmt: skip


def unreviewed_strategy(situation: Situation) -> Iterator[Finding]:
    """The strategy was not looked at for longer than it asks for."""
    if situation.reviewed_on is None:
        return
    days = (situation.today - situation.reviewed_on).days
    if days > situation.review_every_days:
        yield Finding(
            Rule.UNREVIEWED_STRATEGY, situation.strategy, f"{situation.strategy} {situation.strategy_title}".strip(),
            f"not reviewed for {days} days, due every {situation.review_every_days}",
            {"reviewed_on": situation.reviewed_on.isoformat(), "every": situation.review_every_days, "days": days},
        )  # fmt: skip


# -- coverage


def stage_gap(situation: Situation) -> Iterator[Finding]:
    """A stage that customers go through without an open task."""
    if situation.open_tasks < LEAST_SAMPLE:
        return
    for stage in situation.stages:
        if not situation.open_by_stage.get(stage, 0):
            yield Finding(
                Rule.STAGE_GAP, stage, stage.capitalize(), f"none of {situation.open_tasks} open tasks",
                {"open": 0, "of": situation.open_tasks},
            )  # fmt: skip


def stage_skew(situation: Situation) -> Iterator[Finding]:
    """A stage that holds more than half of the open tasks."""
    total = situation.open_tasks
    if total < LEAST_SAMPLE:
        return
    for stage in situation.stages:
        count = situation.open_by_stage.get(stage, 0)
        if Fraction(count, total) > SKEW_SHARE:
            yield Finding(
                Rule.STAGE_SKEW, stage, stage.capitalize(),
                f"{percent(count, total)}% of open work ({count} of {total})",
                {"open": count, "of": total},
            )  # fmt: skip


# -- flow


def wip_over(situation: Situation) -> Iterator[Finding]:
    """A status holds more tasks than its limit."""
    yield from _over(situation, Rule.WIP_OVER, "status", lambda limit: limit.subject.capitalize(), "")


def wip_over_person(situation: Situation) -> Iterator[Finding]:
    """Somebody does more at once than their limit."""
    yield from _over(situation, Rule.WIP_OVER_PERSON, "person", lambda limit: limit.subject, " in doing")


def _over(
    situation: Situation, rule: Rule, scope: str, label: Callable[[LimitFacts], str], where: str
) -> Iterator[Finding]:
    for limit in situation.limits:
        if limit.scope == scope and limit.count > limit.most:
            yield Finding(
                rule, limit.subject, label(limit), f"{limit.count} of {limit.most}{where}",
                {"tasks": limit.count, "limit": limit.most},
            )  # fmt: skip


def overdue(situation: Situation) -> Iterator[Finding]:
    """An open task is past its due day."""
    for task in situation.late.first:
        if task.due_on is not None and task.due_on < situation.today:
            days = (situation.today - task.due_on).days
            yield _of_task(
                Rule.OVERDUE, task, f"{days} {'day' if days == 1 else 'days'} late: {task.title}",
                {"due_on": task.due_on.isoformat(), "days": days},
            )


def due_soon_no_owner(situation: Situation) -> Iterator[Finding]:
    """An open task is due within two weeks and nobody has it."""
    for task in situation.unowned_soon.first:
        if task.due_on is not None and 0 <= (task.due_on - situation.today).days <= DUE_SOON_DAYS:
            yield _of_task(
                Rule.DUE_SOON_NO_OWNER, task,
                f"due {show_day(task.due_on, situation.today)}, no owner: {task.title}",
                {"due_on": task.due_on.isoformat()},
            )  # fmt: skip


def _of_task(rule: Rule, task: TaskFacts, sentence: str, figures: Mapping[str, object]) -> Finding:
    return Finding(rule, task.id, task.id, sentence, figures, (task.id,), task.key_result)


_RULES: Mapping[Rule, Callable[[Situation], Iterator[Finding]]] = {
    Rule.ACTIVITY_WITHOUT_RESULT: activity_without_result,
    Rule.DUMPING_GROUND: dumping_ground,
    Rule.COPIED_CONTRIBUTION: copied_contribution,
    Rule.OFF_STRATEGY_CHANNEL: off_strategy_channel,
    Rule.LEADING_UP_LAGGING_FLAT: leading_up_lagging_flat,
    Rule.NO_CONTRIBUTION: no_contribution,
    Rule.NO_TACTICS: no_tactics,
    Rule.JOURNEY_STEP_WITHOUT_TACTIC: journey_step_without_tactic,
    Rule.TARGET_BELOW_BACKWARD_PLAN: target_below_backward_plan,
    Rule.STALE_CHECK_IN: stale_check_in,
    Rule.UNREVIEWED_STRATEGY: unreviewed_strategy,
    Rule.STAGE_GAP: stage_gap,
    Rule.STAGE_SKEW: stage_skew,
    Rule.WIP_OVER: wip_over,
    Rule.WIP_OVER_PERSON: wip_over_person,
    Rule.OVERDUE: overdue,
    Rule.DUE_SOON_NO_OWNER: due_soon_no_owner,
}


# -- words


def _is_reached(row: KeyResultFacts) -> bool:
    return row.score is not None and row.score >= 1


def _score(score: Decimal | None) -> str:
    return "none" if score is None else str(round_half_up(score, 2))


def _points(gained: Decimal | None) -> str:
    return f"{round_half_up(100 * (gained or Decimal(0)), 0):+f}"


def _amount(value: Decimal) -> str:
    whole = value.to_integral_value()
    return f"{int(whole):,}" if value == whole else format(value.normalize(), "f")


def _slug(reason: str) -> str:
    return "-".join(re.findall(r"\w+", reason.lower()))[:60].strip("-") or "same"
