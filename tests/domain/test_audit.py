"""Every rule just under its threshold and just over it, and when a decision stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tracker.domain import audit
from tracker.domain.audit import (
    GROUP_OF,
    TITLES,
    Copied,
    Finding,
    Group,
    KeyResultFacts,
    LimitFacts,
    Listed,
    Rule,
    Situation,
    StepFacts,
    TaskFacts,
    stands,
)
from tracker.domain.coverage import Weight, percent, what_if

TODAY = date(2026, 10, 19)


def key_result(position: int = 1, **changes: Any) -> KeyResultFacts:
    usual = KeyResultFacts(
        id=f"KR-{position:02}", position=position, title=f"Result {position}", objective="O-01", direction="increase",
        is_leading=False, health="on track", score=Decimal("0.5"), open_tasks=1, done_tasks=0, checked_in_on=TODAY,
        gained=Decimal("0.2"),
    )  # fmt: skip
    return replace(usual, **changes)


def situation(*key_results: KeyResultFacts, **changes: Any) -> Situation:
    """Nothing is found in it."""
    usual = Situation(
        today=TODAY, strategy="S-01", strategy_title="Calls", reviewed_on=TODAY, key_results=key_results,
        stages=("awareness", "decision"), open_tasks=10, open_by_stage={"awareness": 5, "decision": 5},
    )  # fmt: skip
    return replace(usual, **changes)


def found(given: Situation) -> list[Finding]:
    return list(audit.audit(given).findings)


def rules(given: Situation) -> list[str]:
    return [finding.rule for finding in found(given)]


def task(number: int = 1, **facts: Any) -> Listed:
    return Listed((TaskFacts(f"T-{number:03}", "A task", key_result="KR-01", **facts),), 1)


def four(**first: Any) -> tuple[KeyResultFacts, ...]:
    return (key_result(1, **first), *(key_result(each) for each in (2, 3, 4)))


CASES: dict[str, tuple[Rule, Situation, Situation]] = {
    "5 done, off track": (
        Rule.ACTIVITY_WITHOUT_RESULT,
        situation(key_result(done_tasks=4, health="off track")),
        situation(key_result(done_tasks=5, health="off track")),
    ),
    "at risk is not off track": (
        Rule.ACTIVITY_WITHOUT_RESULT,
        situation(key_result(done_tasks=9, health="at risk")),
        situation(key_result(done_tasks=9, health="off track")),
    ),
    "over a third of the open tasks": (
        Rule.DUMPING_GROUND,
        situation(*four(open_tasks=4), open_tasks=12),
        situation(*four(open_tasks=5), open_tasks=12),
    ),
    "an even share of three is no dumping ground": (
        Rule.DUMPING_GROUND,
        situation(*four(open_tasks=5)[:3], open_tasks=12),
        situation(*four(open_tasks=5), open_tasks=12),
    ),
    "the share of four tasks says nothing": (
        Rule.DUMPING_GROUND,
        situation(*four(open_tasks=4), open_tasks=4, open_by_stage={"awareness": 2, "decision": 2}),
        situation(*four(open_tasks=4), open_tasks=5),
    ),
    "three alike": (
        Rule.COPIED_CONTRIBUTION,
        situation(key_result(), copied=(Copied("KR-01", "Seen in the feed", 2),)),
        situation(key_result(), copied=(Copied("KR-01", "Seen in the feed", 3),)),
    ),
    "off the strategy's channels": (
        Rule.OFF_STRATEGY_CHANNEL,
        situation(key_result()),
        situation(key_result(), off_channel=task(channel="TikTok")),
    ),
    "leading up 10 points": (
        Rule.LEADING_UP_LAGGING_FLAT,
        situation(key_result(gained=Decimal(0)), key_result(2, is_leading=True, gained=Decimal("0.099"))),
        situation(key_result(gained=Decimal(0)), key_result(2, is_leading=True, gained=Decimal("0.1"))),
    ),
    "lagging flat up to 2 points": (
        Rule.LEADING_UP_LAGGING_FLAT,
        situation(key_result(gained=Decimal("0.021")), key_result(2, is_leading=True, gained=Decimal("0.3"))),
        situation(key_result(gained=Decimal("0.02")), key_result(2, is_leading=True, gained=Decimal("0.3"))),
    ),
    "leading of another objective is no matter": (
        Rule.LEADING_UP_LAGGING_FLAT,
        situation(key_result(gained=Decimal(0)), key_result(2, objective="O-02", is_leading=True)),
        situation(key_result(gained=Decimal(0)), key_result(2, objective="O-02", is_leading=True, pair_of="KR-01")),
    ),
    "work without words": (
        Rule.NO_CONTRIBUTION, situation(key_result()), situation(key_result(), wordless=task(owner="lena")),
    ),
    "no open task": (
        Rule.NO_TACTICS, situation(key_result(open_tasks=1)), situation(key_result(open_tasks=0)),
    ),
    "a guardrail needs no tactics": (
        Rule.NO_TACTICS,
        situation(key_result(open_tasks=0, direction="maintain_below")),
        situation(key_result(open_tasks=0, direction="decrease")),
    ),
    "a reached target needs no more": (
        Rule.NO_TACTICS,
        situation(key_result(open_tasks=0, score=Decimal(1))),
        situation(key_result(open_tasks=0, score=Decimal("0.99"))),
    ),
    "a step no task serves": (
        Rule.JOURNEY_STEP_WITHOUT_TACTIC,
        situation(key_result(), steps=(StepFacts("KR-01", 1, "Attends", 1),)),
        situation(key_result(), steps=(StepFacts("KR-01", 1, "Attends", 0),)),
    ),
    "the goal itself needs no task": (
        Rule.JOURNEY_STEP_WITHOUT_TACTIC,
        situation(key_result(), steps=(StepFacts("KR-01", 0, "Signs", 0),)),
        situation(key_result(), steps=(StepFacts("KR-01", 1, "Signs", 0),)),
    ),
    "plans one less than is needed": (
        Rule.TARGET_BELOW_BACKWARD_PLAN,
        situation(key_result(), key_result(2), steps=(StepFacts("KR-01", 2, "Books", 1, 50, "KR-02", Decimal(50)),)),
        situation(key_result(), key_result(2), steps=(StepFacts("KR-01", 2, "Books", 1, 50, "KR-02", Decimal(49)),)),
    ),
    "nobody checked in": (
        Rule.STALE_CHECK_IN, situation(key_result(health="at risk")), situation(key_result(health="stale")),
    ),
    "not reviewed for longer than it asks for": (
        Rule.UNREVIEWED_STRATEGY,
        situation(reviewed_on=TODAY - timedelta(days=30)),
        situation(reviewed_on=TODAY - timedelta(days=31)),
    ),
    "a stage without work": (
        Rule.STAGE_GAP,
        situation(open_tasks=5, open_by_stage={"awareness": 1, "decision": 2}),
        situation(open_tasks=5, open_by_stage={"awareness": 2}),
    ),
    "four tasks leave gaps": (
        Rule.STAGE_GAP,
        situation(open_tasks=4, open_by_stage={"awareness": 2}),
        situation(open_tasks=5, open_by_stage={"awareness": 2}),
    ),
    "more than half in one stage": (
        Rule.STAGE_SKEW,
        situation(open_tasks=10, open_by_stage={"awareness": 5, "decision": 5}),
        situation(open_tasks=11, open_by_stage={"awareness": 6, "decision": 5}),
    ),
    "inner work is no stage that could be skewed": (
        Rule.STAGE_SKEW,
        situation(open_tasks=10, open_by_stage={"enabling": 6, "awareness": 2, "decision": 2}),
        situation(open_tasks=10, open_by_stage={"awareness": 6, "decision": 2}),
    ),
    "a status over its limit": (
        Rule.WIP_OVER,
        situation(limits=(LimitFacts("status", "doing", 6, 6),)),
        situation(limits=(LimitFacts("status", "doing", 7, 6),)),
    ),
    "somebody over their limit": (
        Rule.WIP_OVER_PERSON,
        situation(limits=(LimitFacts("person", "lena", 2, 2),)),
        situation(limits=(LimitFacts("person", "lena", 3, 2),)),
    ),
    "past the due day": (
        Rule.OVERDUE,
        situation(late=task(due_on=TODAY)),
        situation(late=task(due_on=TODAY - timedelta(days=1))),
    ),
    "due within two weeks and nobody's": (
        Rule.DUE_SOON_NO_OWNER,
        situation(unowned_soon=task(due_on=TODAY + timedelta(days=15))),
        situation(unowned_soon=task(due_on=TODAY + timedelta(days=14))),
    ),
    "what is late is told as late alone": (
        Rule.DUE_SOON_NO_OWNER,
        situation(unowned_soon=task(due_on=TODAY - timedelta(days=1))),
        situation(unowned_soon=task(due_on=TODAY)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "under", "over"), CASES.values(), ids=CASES)
def test_a_rule_speaks_up_just_over_its_threshold(rule: Rule, under: Situation, over: Situation) -> None:
    assert rule not in rules(under)
    assert rules(over).count(rule) == 1


def test_every_rule_is_tried_has_a_group_and_every_group_a_title() -> None:
    assert {rule for rule, _, _ in CASES.values()} == set(Rule) == set(GROUP_OF)
    assert set(TITLES) == set(Group) == set(GROUP_OF.values())


def test_nothing_is_found_where_there_is_nothing() -> None:
    assert found(Situation(today=TODAY, strategy="S-01")) == []


@pytest.mark.parametrize("given", [case[2] for case in CASES.values()], ids=CASES)
def test_figures_are_what_json_can_hold_and_the_name_is_unique(given: Situation) -> None:
    everything = found(given)
    for finding in everything:
        assert finding.figures
        assert all(isinstance(value, str | int | type(None)) for value in finding.figures.values())
        assert finding.sentence
        assert finding.label
    assert len({finding.id for finding in everything}) == len(everything)


SENTENCES: dict[str, tuple[Callable[[], Situation], str]] = {
    "activity": (lambda: CASES["5 done, off track"][2], "1 Result 1: 5 tasks done, score 0.50, off track"),
    "dumping": (lambda: CASES["over a third of the open tasks"][2], "1 Result 1: 5 of 12 open tasks (42%)"),
    "late": (lambda: CASES["past the due day"][2], "T-001: 1 day late: A task"),
    "soon": (lambda: CASES["due within two weeks and nobody's"][2], "T-001: due 02 Nov, no owner: A task"),
    "plan": (lambda: CASES["plans one less than is needed"][2], "2 Result 2: target 49, the plan back needs 50"),
    "flat": (
        lambda: CASES["lagging flat up to 2 points"][2],
        "1 Result 1: stood still for two weeks (+2 points) while 2 Result 2 gained +30",
    ),
    "review": (
        lambda: CASES["not reviewed for longer than it asks for"][2],
        "S-01 Calls: not reviewed for 31 days, due every 30",
    ),
}


@pytest.mark.parametrize(("given", "words"), SENTENCES.values(), ids=SENTENCES)
def test_a_finding_says_which_numbers_triggered_it(given: Callable[[], Situation], words: str) -> None:
    assert words in [finding.words for finding in found(given())]


def test_a_plan_that_does_not_begin_at_zero_is_told_as_what_is_new() -> None:
    step = StepFacts("KR-01", 4, "Joins", 2, 800, "KR-02", Decimal(760), Decimal(2600), starts_at_zero=False)
    given = situation(key_result(), key_result(2), steps=(step,))
    assert found(given)[0].sentence == "plan 760 new, the plan back needs 800"


def test_findings_of_one_subject_stand_beside_each_other_and_groups_in_their_order() -> None:
    rows = (
        key_result(1, done_tasks=5, health="off track", open_tasks=5), key_result(2, done_tasks=5, health="off track"),
        key_result(3, open_tasks=0), key_result(4, health="stale"),
    )  # fmt: skip
    given = situation(
        *rows, open_tasks=10, copied=(Copied("KR-02", "a", 3), Copied("KR-01", "b", 3)),
        late=task(due_on=TODAY - timedelta(days=3)),
    )
    assert [(finding.group, finding.id) for finding in found(given)] == [
        ("tactics", "activity_without_result:KR-01"), ("tactics", "dumping_ground:KR-01"),
        ("tactics", "copied_contribution:KR-01/b"), ("tactics", "activity_without_result:KR-02"),
        ("tactics", "copied_contribution:KR-02/a"), ("strategy", "no_tactics:KR-03"),
        ("strategy", "stale_check_in:KR-04"), ("flow", "overdue:T-001"),
    ]  # fmt: skip


def test_copied_reasons_that_look_alike_in_a_name_stay_apart() -> None:
    copied = (Copied("KR-01", "Seen in the feed!", 3), Copied("KR-01", "Seen, in the feed", 4), Copied("KR-01", "…", 3))
    names = [finding.subject for finding in found(situation(key_result(), copied=copied))]
    assert names == ["KR-01/seen-in-the-feed", "KR-01/seen-in-the-feed-2", "KR-01/same"]


def test_what_is_not_listed_is_counted() -> None:
    given = situation(late=replace(task(due_on=TODAY - timedelta(days=2)), total=951))
    report = audit.audit(given)
    assert (len(report.findings), report.more, report.total) == (1, {Rule.OVERDUE: 950}, 951)
    assert report.counts()[Rule.OVERDUE] == 951
    assert report.counts()[Rule.STAGE_GAP] == 0


def test_a_decision_stands_until_a_figure_changes_but_not_by_the_day_alone() -> None:
    late = found(situation(late=task(due_on=TODAY - timedelta(days=1))))[0]
    tomorrow = found(situation(late=task(due_on=TODAY - timedelta(days=1)), today=TODAY + timedelta(days=1)))[0]
    put_off = found(situation(late=task(due_on=TODAY - timedelta(days=2))))[0]
    assert tomorrow.sentence != late.sentence
    assert stands(tomorrow, late.figures)
    assert not stands(put_off, late.figures)


def test_what_if_takes_the_tasks_out_of_their_stages() -> None:
    lies = what_if({"awareness": 10, "decision": 7, "conversion": 3}, 20, [Weight("awareness", 5.25)] * 8)
    assert (lies.cancelled, lies.open_tasks, lies.hours) == (8, 12, 42.0)
    assert lies.after == {"awareness": 2, "decision": 7, "conversion": 3}
    assert [lies.share(stage) for stage in lies.after] == [17, 58, 25]
    assert what_if({}, 0, []).share("awareness") is None


@pytest.mark.parametrize(("count", "total", "shown"), [(10, 28, 36), (1, 200, 1), (1, 201, 0), (0, 0, 0), (5, 5, 100)])
def test_shares_are_rounded_half_up(count: int, total: int, shown: int) -> None:
    assert percent(count, total) == shown
