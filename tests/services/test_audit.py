"""The audit of the demo, what is decided about it, and that it reads counts, not tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.services.test_query_plans import slow_parts, statements
from tests.services.transfer_files import exported
from tracker.domain.audit import Finding, Rule
from tracker.domain.errors import Conflict, NotFound, Refused, WrongUsage
from tracker.services import audit as reads
from tracker.services import tasks
from tracker.services.audit import Judged, about, audit, failing, finding_named, keep_snapshot
from tracker.services.decisions import Recalibration, keep, kill, recalibrate
from tracker.services.strategy import edit_record, records
from tracker.services.tasks import NewTask
from tracker.services.transfer.importing import run_import
from tracker.services.undo import history, undo
from tracker.services.workspace import Workspace

FINDINGS = {
    "activity_without_result:KR-08", "dumping_ground:KR-08",
    "copied_contribution:KR-08/seen-in-the-feed-link-in-the-comment",
    "copied_contribution:KR-08/search-traffic-meets-the-form", "off_strategy_channel:T-047",
    "off_strategy_channel:T-045", "no_tactics:KR-07", "journey_step_without_tactic:KR-05/1",
    "target_below_backward_plan:KR-06", "target_below_backward_plan:KR-09", "stale_check_in:KR-12",
    "wip_over:doing", "wip_over:review", "wip_over_person:priya", "wip_over_person:lena", "overdue:T-043",
    "overdue:T-026", "overdue:T-042", "overdue:T-046", "due_soon_no_owner:T-033", "due_soon_no_owner:T-034",
    "due_soon_no_owner:T-059",
}  # fmt: skip
"""The 22 findings that are published for the demo at 2026-10-19."""


def named(ws: Workspace, id_: str) -> Finding:
    return judged(ws, id_).finding


def judged(ws: Workspace, id_: str) -> Judged:
    return finding_named(audit(ws), id_)


def later(ws: Workspace, days: int) -> Workspace:
    clock = ws.clock
    return replace(ws, clock=replace(clock, today=clock.today + timedelta(days=days)))


def test_the_demo_has_the_22_findings_that_are_published(northlight: Workspace) -> None:
    found = audit(northlight)
    assert {each.finding.id for each in found.judged} == FINDINGS
    assert (found.total, found.decided, dict(found.report.more)) == (22, 0, {})
    assert Counter(each.finding.group.value for each in found.judged) == {"tactics": 6, "strategy": 5, "flow": 11}


def test_the_demo_findings_say_the_published_numbers(northlight: Workspace) -> None:
    words = {each.finding.words for each in audit(northlight).judged}
    assert words >= {
        "4 White paper downloads: 6 tasks done, score 0.23, off track",
        "4 White paper downloads: 10 of 28 open tasks (36%)",
        "4 White paper downloads: same reason on 3 tasks: 'Search traffic meets the form'",
        "3 Cost per booked call: no open task, at risk",
        "Step 'Attends the discovery call': no task at all",
        "2 Discovery calls booked: target 40, the plan back needs 50",
        "5 Email subscribers: plan 760 new, the plan back needs 800",
        "8 Google rating: no check-in for 14 days",
        "Doing: 9 of 6",
        "priya: 3 of 2 in doing",
        "T-043: 7 days late: White paper ad to a lookalike audience",
    }


def test_coverage_and_results_against_activity_are_the_published_ones(northlight: Workspace) -> None:
    found = audit(northlight)
    coverage = found.coverage
    assert (coverage.total, coverage.foundational) == (28, 4)
    stages = {"awareness": 10, "consideration": 7, "decision": 7, "conversion": 3, "enabling": 1}
    assert dict(coverage.by_stage) == stages
    assert coverage.cells["awareness", "social"] == 4
    assert coverage.cells["conversion", "outreach"] == 2
    assert sum(coverage.cells.values()) == 28
    rows = [(row.figures.position, row.done, row.open, row.change) for row in found.results]
    assert rows == [
        (1, 3, 4, Decimal(1)), (2, 5, 8, Decimal(9)), (3, 2, 0, Decimal("-5.5")), (4, 6, 10, Decimal(15)),
        (5, 1, 2, Decimal(180)), (6, 2, 2, Decimal(0)), (7, 0, 1, Decimal("-0.14")), (8, 1, 1, None),
    ]  # fmt: skip


def test_the_last_cycle_is_told_by_score_and_by_results_alone(northlight: Workspace) -> None:
    past = audit(northlight).past
    assert past is not None
    assert (past.name, past.outputs, past.key_results, past.outcome_score) == ("September 2026", 3, 4, Decimal("0.3"))
    assert past.score is not None
    assert round(past.score, 4) == Decimal("0.7417")


def test_one_finding_in_detail(northlight: Workspace) -> None:
    found = audit(northlight)
    finding = named(northlight, "activity_without_result:KR-08")
    behind = about(northlight, finding, found.results[3])
    assert behind.done == ("T-037", "T-038", "T-039", "T-040", "T-041", "T-048")
    assert (behind.total, behind.hours, behind.cost_minor, behind.currency) == (10, 47.0, 90_000, "EUR")
    assert behind.needed_a_day is not None
    assert behind.ends_at is not None
    assert behind.ends_score is not None
    assert (round(behind.needed_a_day), round(behind.ends_at), round(behind.ends_score, 1)) == (19, 114, Decimal("0.4"))


@pytest.mark.parametrize(
    ("finding", "tasks_behind"),
    [
        ("wip_over:review", {"T-019", "T-026", "T-046", "T-052"}),
        ("wip_over_person:lena", {"T-030", "T-044", "T-062"}),
        ("overdue:T-043", {"T-043"}), ("no_tactics:KR-07", set()), ("journey_step_without_tactic:KR-05/1", set()),
        ("copied_contribution:KR-08/search-traffic-meets-the-form", {"T-040", "T-041", "T-042"}),
        ("stale_check_in:KR-12", {"T-062"}),
    ],
)  # fmt: skip
def test_the_tasks_behind_a_finding(northlight: Workspace, finding: str, tasks_behind: set[str]) -> None:
    behind = about(northlight, named(northlight, finding), None)
    assert {card.id for card in behind.cards} == tasks_behind
    assert behind.total == len(tasks_behind)


def test_work_without_words_is_found_where_somebody_has_it(northlight: Workspace) -> None:
    made = tasks.add_task(northlight, NewTask("Wordless", "KR-06", owner="mara", due_on=date(2026, 10, 30)))
    tasks.add_task(northlight, NewTask("Wordless and nobody's", "KR-06"))
    found = [each.finding for each in audit(northlight).judged if each.finding.rule is Rule.NO_CONTRIBUTION]
    assert [finding.subject for finding in found] == list(made.ids)
    tasks.edit_tasks(northlight, made.ids, {"contribution": "fills the webinar"})
    assert Rule.NO_CONTRIBUTION not in reads.by_rule(audit(northlight).judged)


def test_a_stage_that_holds_more_than_half_is_found_and_one_without_work(northlight: Workspace) -> None:
    for number in range(12):
        tasks.add_task(northlight, NewTask(f"Post {number}", "KR-06", stage="awareness"))
    tasks.cancel_tasks(northlight, ["T-018", "T-020", "T-021"], "not now")
    found = {each.finding.id for each in audit(northlight).judged}
    assert {"stage_skew:awareness", "stage_gap:conversion"} <= found


def test_more_late_tasks_than_are_listed_are_counted_and_decided_ones_push_none_out(northlight: Workspace) -> None:
    for number in range(60):
        tasks.add_task(northlight, NewTask(f"Late {number}", "KR-06", due_on=date(2026, 10, 18)))
    found = audit(northlight)
    assert len(reads.by_rule(found.judged)[Rule.OVERDUE]) == reads.LISTED
    assert found.report.more == {Rule.OVERDUE: 14}
    keep(northlight, named(northlight, "overdue:T-043"), "ad review")
    found = audit(northlight)
    assert len(reads.by_rule(found.judged)[Rule.OVERDUE]) == reads.LISTED + 1
    assert found.report.more == {Rule.OVERDUE: 13}


def test_leading_up_and_lagging_flat_is_read_from_the_check_ins(northlight: Workspace) -> None:
    with northlight.writing("flat") as tx:
        for day in ("2026-10-12", "2026-10-19"):
            tx.update("check_in", tx.require("check_in", "KR-05", day), {"value": Decimal(1)})
    found = named(northlight, "leading_up_lagging_flat:KR-05")
    assert found.figures == {"lagging": "+0", "leading": "+45", "leader": "KR-06"}


def test_without_a_strategy_there_is_nothing_to_hold_work_against(empty: Workspace) -> None:
    with pytest.raises(NotFound, match="tracker init"):
        audit(empty)


def test_a_young_workspace_has_no_findings_but_that_nobody_works_on_it(begun: Workspace) -> None:
    assert {each.finding.id for each in audit(begun).judged} == {"no_tactics:KR-01"}


# -- decisions


def test_keeping_says_why_and_is_one_step_of_undo(northlight: Workspace) -> None:
    finding = named(northlight, "dumping_ground:KR-08")
    with pytest.raises(Refused, match="reason"):
        keep(northlight, finding, "  ")
    keep(northlight, finding, "the push ends on the 24th")
    stands = judged(northlight, finding.id).decision
    assert stands is not None
    assert (stands.choice, stands.by, stands.on, stands.reason) == (
        "keep", "mara", date(2026, 10, 19), "the push ends on the 24th")
    assert stands.figures == {"open": 10, "of": 28}
    assert audit(northlight).decided == 1
    undo(northlight)
    assert audit(northlight).decided == 0


def test_a_kept_finding_returns_when_its_figures_change(northlight: Workspace) -> None:
    keep(northlight, named(northlight, "dumping_ground:KR-08"), "the push ends on the 24th")
    keep(northlight, named(northlight, "overdue:T-043"), "ad review")
    tasks.add_task(northlight, NewTask("One more post", "KR-08"))
    back = judged(northlight, "dumping_ground:KR-08")
    assert back.decision is None
    assert back.before is not None
    assert back.before.reason == "the push ends on the 24th"
    tomorrow = later(northlight, 1)
    assert judged(tomorrow, "overdue:T-043").decision is not None, "that a day passed is no new figure"


def test_killing_cancels_the_chosen_tasks_and_records_why_as_one_change(northlight: Workspace) -> None:
    finding = named(northlight, "dumping_ground:KR-08")
    outcome = kill(northlight, finding, ["T-045", "T-047"], "they move nothing")
    assert set(outcome.ids) == {"T-045", "T-047"}
    reasons = {row["id"]: row["cancel_reason"] for row in records(northlight, "task", {"status": "cancelled"})}
    assert reasons["T-045"] == reasons["T-047"] == "they move nothing"
    decision = records(northlight, "decision")[-1]
    assert (decision["choice"], decision["rule"], decision["subject"]) == ("kill", "dumping_ground", "KR-08")
    assert len({change.batch for change in history(northlight, limit=12) if change.batch == outcome.batch}) == 1
    assert {each.finding.id for each in audit(northlight).judged} == FINDINGS - {
        "off_strategy_channel:T-045", "off_strategy_channel:T-047", "dumping_ground:KR-08"}
    undo(northlight)
    assert {each.finding.id for each in audit(northlight).judged} == FINDINGS
    assert records(northlight, "decision") == []


def test_a_kill_that_is_refused_leaves_no_decision(northlight: Workspace) -> None:
    finding = named(northlight, "overdue:T-043")
    with pytest.raises(WrongUsage, match="Choose the tasks"):
        kill(northlight, finding, [], "why not")
    with pytest.raises(NotFound):
        kill(northlight, finding, ["T-043", "T-999"], "why not")
    with pytest.raises(Conflict):
        kill(northlight, finding, ["T-043"], "why not", seen={"T-043": {"status": "assigned"}})
    assert records(northlight, "decision") == []
    assert audit(northlight).total == 22


def test_recalibrating_gives_a_new_target_with_its_cause(northlight: Workspace) -> None:
    finding = named(northlight, "target_below_backward_plan:KR-06")
    recalibrate(northlight, finding, Recalibration("measure", target="50", reason="as planned back"))
    assert "target_below_backward_plan:KR-06" not in {each.finding.id for each in audit(northlight).judged}
    decision = records(northlight, "decision")[-1]
    assert (decision["cause"], decision["reason"]) == ("measure", "target of KR-06 is 50, was 40: as planned back")
    undo(northlight)
    assert "target_below_backward_plan:KR-06" in {each.finding.id for each in audit(northlight).judged}


def test_recalibrating_moves_tasks_to_another_key_result(northlight: Workspace) -> None:
    finding = named(northlight, "no_tactics:KR-07")
    recalibrate(northlight, finding, Recalibration("execution", tasks=("T-050",), to="KR-07"))
    assert "no_tactics:KR-07" not in {each.finding.id for each in audit(northlight).judged}
    assert records(northlight, "task", {"key_result": "KR-07", "status": "assigned"})[0]["id"] == "T-050"


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (Recalibration("luck", target="50"), "is no cause"),
        (Recalibration("offer"), "Say what changes"),
        (Recalibration("offer", target="50", tasks=("T-050",), to="KR-07"), "Say what changes"),
        (Recalibration("offer", to="KR-07"), "Choose the tasks"),
        (Recalibration("offer", target="many"), "target"),
        (Recalibration("offer", target="0"), "target"),
        (Recalibration("offer", target="300"), "already"),
        (Recalibration("offer", tasks=("T-050",), to="KR-99"), "KR-99"),
    ],
)
def test_a_recalibration_that_says_too_little_changes_nothing(
    northlight: Workspace, new: Recalibration, says: str
) -> None:
    finding = named(northlight, "activity_without_result:KR-08")
    with pytest.raises((Refused, WrongUsage, NotFound), match=says):
        recalibrate(northlight, finding, new)
    assert records(northlight, "decision") == []


def test_a_finding_about_a_task_has_no_target(northlight: Workspace) -> None:
    with pytest.raises(Refused, match="no single key result"):
        recalibrate(northlight, named(northlight, "overdue:T-043"), Recalibration("offer", target="50"))


def test_every_finding_can_be_worked_down_to_none_undecided(northlight: Workspace) -> None:
    for id_ in sorted(FINDINGS):
        keep(northlight, named(northlight, id_), f"looked at {id_}")
    found = audit(northlight)
    assert (found.total, found.decided) == (22, 22)
    assert failing(found, ["any"]) == ()


# -- by name


def test_a_finding_is_named_by_its_id_or_a_subject_that_is_unambiguous(northlight: Workspace) -> None:
    found = audit(northlight)
    assert finding_named(found, "t-043").finding.id == "overdue:T-043"
    assert finding_named(found, "KR-07").finding.id == "no_tactics:KR-07"
    with pytest.raises(NotFound, match="may be"):
        finding_named(found, "KR-08")
    with pytest.raises(NotFound, match="is no finding"):
        finding_named(found, "T-001")


@pytest.mark.parametrize(
    ("wanted", "count"),
    [(["overdue"], 4), (["tactics"], 6), (["any"], 22), (["stage_gap"], 0), (["flow", "overdue"], 11)],
)
def test_what_a_script_may_fail_on(northlight: Workspace, wanted: list[str], count: int) -> None:
    assert len(failing(audit(northlight), wanted)) == count


def test_a_word_that_names_no_rule_is_told_which_there_are(northlight: Workspace) -> None:
    with pytest.raises(WrongUsage, match="overdue"):
        failing(audit(northlight), ["late"])


# -- the weekly count


def counted(ws: Workspace) -> dict[str, int]:
    """Findings of each count that was kept, by day."""
    return dict(ws.store.connection.execute('SELECT "on", sum(count) FROM audit_snapshot GROUP BY "on"').fetchall())


def test_findings_are_counted_once_a_week_and_the_next_audit_shows_the_trend(
    northlight: Workspace, northlight_file: Path, open_copy: Callable[..., Workspace]
) -> None:
    assert audit(northlight).trend is None
    assert keep_snapshot(northlight, audit(northlight))
    assert not keep_snapshot(northlight, audit(northlight)), "once a week"
    assert counted(northlight) == {"2026-10-19": 22}
    next_week = open_copy(northlight_file, now=NOW + timedelta(days=7))
    kill(northlight, named(northlight, "overdue:T-046"), ["T-046"], "stale story")
    found = audit(next_week)
    assert found.trend is not None
    assert (found.trend.on, found.trend.total) == (date(2026, 10, 19), 22)
    assert keep_snapshot(next_week, found)
    assert counted(northlight) == {"2026-10-19": 22, "2026-10-26": found.total}


def test_the_weekly_count_is_no_change_that_undo_takes_back(northlight: Workspace) -> None:
    tasks.cancel_tasks(northlight, ["T-047"], "not our channel")
    keep_snapshot(northlight, audit(northlight))
    assert "T-047" in undo(northlight).ids
    assert len(counted(northlight)) == 1


# -- at any size


def test_the_audit_reads_every_large_table_on_an_index(northlight: Workspace) -> None:
    assert statements(northlight, audit)
    # the index of the tasks without words holds nothing else, and is read as far as the limit
    assert [part for part in slow_parts(northlight, audit, sorts=False) if "INDEX task_wordless" not in part] == []


def test_what_is_behind_a_finding_is_read_on_an_index(northlight: Workspace) -> None:
    found = audit(northlight)
    for each in found.judged:
        assert not slow_parts(northlight, lambda ws, one=each: about(ws, one.finding, found.results[3]), sorts=False)


def test_the_audit_runs_as_many_statements_with_more_tasks(northlight: Workspace) -> None:
    before = len(statements(northlight, audit))
    for number in range(150):
        tasks.add_task(northlight, NewTask(f"More {number}", "KR-06", contribution=f"because {number}"))
    assert len(statements(northlight, audit)) == before


def test_a_strategy_nobody_reviewed_is_found_the_day_it_is_due(northlight: Workspace) -> None:
    edit_record(northlight, "strategy", "S-01", {"reviewed_on": date(2026, 9, 18)})
    assert named(northlight, "unreviewed_strategy:S-01").figures["days"] == 31


def test_between_cycles_the_work_is_audited_all_the_same(northlight: Workspace) -> None:
    with northlight.writing("no cycle runs") as tx:
        tx.update("cycle", tx.require("cycle", "2026-10"), {"status": "planned"})
    found = audit(northlight)
    assert found.results == ()
    assert {each.finding.rule for each in found.judged} == {
        Rule.OFF_STRATEGY_CHANNEL, Rule.WIP_OVER, Rule.WIP_OVER_PERSON, Rule.OVERDUE, Rule.DUE_SOON_NO_OWNER}


def test_a_strategy_with_stages_of_its_own_is_held_against_those(northlight: Workspace) -> None:
    edit_record(northlight, "strategy", "S-01", {"stages": ["awareness", "trial"]})
    found = audit(northlight)
    assert found.coverage.stages == ("awareness", "trial")
    assert "stage_gap:trial" in {each.finding.id for each in found.judged}


def test_decisions_go_along_in_an_export(northlight: Workspace, empty: Workspace, tmp_path: Path) -> None:
    keep(northlight, named(northlight, "overdue:T-043"), "ad review")
    keep_snapshot(northlight, audit(northlight))
    path = tmp_path / "whole.json"
    path.write_bytes(exported(northlight))
    run_import(empty, path)
    again = audit(replace(empty, actor="mara"))
    assert (again.total, again.decided) == (22, 1)
    assert counted(empty) == {"2026-10-19": 22}


def test_a_contribution_is_copied_whatever_its_case_and_counts_done_work_too(northlight: Workspace) -> None:
    for words in ("fills THE webinar", " Fills the webinar "):
        tasks.add_task(northlight, NewTask("Post", "KR-06", contribution=words))
    copied = named(northlight, "copied_contribution:KR-06/fills-the-webinar")
    assert copied.figures["tasks"] == 3
    tasks.move_tasks(northlight, [copied.tasks[-1]], "done")
    assert named(northlight, copied.id).figures["tasks"] == 3
    tasks.cancel_tasks(northlight, [copied.tasks[0]], "one post is enough")
    assert copied.id not in {each.finding.id for each in audit(northlight).judged}
