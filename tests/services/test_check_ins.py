"""Check-ins: written, corrected, taken back; what they are made on, and what a draft would come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.test_query_plans import slow_parts
from tracker.clock import stopped_clock
from tracker.domain.errors import Conflict, NotFound, Refused, WrongUsage
from tracker.domain.health import Health
from tracker.domain.metrics import round_half_up
from tracker.services import undo as history
from tracker.services.check_in_pages import Draft, Page, Turns, preview, since, totals, turns
from tracker.services.check_ins import NewCheckIn, check_in, target_changes
from tracker.services.header import header
from tracker.services.milestones import milestones, set_milestones
from tracker.services.strategy import add_key_result, edit_record, records
from tracker.services.tasks import assign_tasks, move_tasks
from tracker.services.workspace import Workspace
from tracker.storage.rows import KeyResultRow

TODAY = date(2026, 10, 19)


def found(ws: Workspace) -> Turns:
    seen = turns(ws)
    assert seen is not None
    return seen


def page_of(ws: Workspace, key_result: str) -> Page:
    return next(page for page in found(ws).pages if page.row.id == key_result)


def row_of(ws: Workspace, key_result: str) -> KeyResultRow:
    seen = header(ws)
    assert seen is not None
    return next(row for row in seen.key_results if row.id == key_result)


def said(ws: Workspace, key_result: str) -> list[tuple[str, str, int, str]]:
    return [(str(row["on_date"]), str(row["value"]), int(str(row["confidence"])), str(row["note"]))
            for row in records(ws, "check_in", {"key_result": key_result})]


def new(
    key_result: str, value: str | None = None, confidence: str | None = None, note: str | None = None
) -> NewCheckIn:
    return NewCheckIn(key_result, value, confidence, note)


def changed(ws: Workspace, key_result: str) -> list[tuple[date, str, str]]:
    return [(each.day, str(each.old), str(each.new)) for each in target_changes(ws, key_result)]


@pytest.fixture
def later(open_copy: Callable[..., Workspace], northlight_file: Path, northlight: Workspace) -> Workspace:
    """The demo on Monday the 26th; jonas acts."""
    return open_copy(northlight_file, actor="jonas", now=datetime(2026, 10, 26, 9, tzinfo=UTC))


# -- writing


def test_a_check_in_moves_the_header(later: Workspace) -> None:
    before = row_of(later, "KR-06")
    outcome = check_in(later, new("KR-06", "38", "9", "Webinar filled the week"))
    after = row_of(later, "KR-06")
    assert (before.value, after.value, after.score) == (Decimal(27), Decimal(38), Decimal("0.95"))
    assert (outcome.ids, outcome.notices) == (("KR-06",), ())
    assert said(later, "KR-06")[-1] == ("2026-10-26", "38", 9, "Webinar filled the week")


def test_it_is_taken_back_and_brought_back_as_one(later: Workspace) -> None:
    before = found(later).pages
    check_in(later, NewCheckIn("KR-10", None, "8", "Two at once", tick=("Millbrook", "4")))
    changed = found(later).pages
    history.undo(later)
    assert found(later).pages == before
    history.redo(later)
    assert found(later).pages == changed


def test_a_correction_keeps_the_old_one_and_undo_brings_it_back(northlight: Workspace) -> None:
    before = said(northlight, "KR-08")
    outcome = check_in(northlight, new("KR-08", "75"))
    check_in(northlight, new("KR-08", confidence="4", note="recounted"))
    assert said(northlight, "KR-08")[-1] == ("2026-10-19", "75", 4, "recounted")
    assert outcome.notices == ("it replaces the check-in of 19 Oct, which the history keeps",)
    kept = records(northlight, "superseded_check_in", {"key_result": "KR-08"})
    assert [(row["seq"], row["value"], row["confidence"], row["author"], row["replaced_by"]) for row in kept] == [
        (1, "70", 3, "jonas", "mara"), (2, "75", 3, "mara", "mara"),
    ]
    assert records(northlight, "check_in", {"key_result": "KR-08", "on_date": "2026-10-19"})[0]["supersedes"]
    history.undo(northlight)
    history.undo(northlight)
    assert said(northlight, "KR-08") == before
    assert not records(northlight, "superseded_check_in")


def test_saying_the_same_again_changes_nothing(northlight: Workspace) -> None:
    outcome = check_in(northlight, new("KR-07", "79", "6", "Gains slowing, no further test planned"))
    assert outcome.batch is None
    assert not records(northlight, "superseded_check_in")


def test_the_history_shows_the_corrected_one_behind_the_one_that_counts(northlight: Workspace) -> None:
    check_in(northlight, new("KR-08", "71"))
    check_in(northlight, new("KR-08", "72"))
    shown = [(each.on_date.day, int(each.value), each.replaced_on) for each in page_of(northlight, "KR-08").history()]
    assert shown == [(19, 72, None), (19, 71, TODAY), (19, 70, TODAY), (12, 55, None), (5, 20, None)]


def test_a_late_one_of_a_past_day_leaves_the_figures_to_the_last(northlight: Workspace) -> None:
    outcome = check_in(northlight, NewCheckIn("KR-06", "20", "7", "forgot", on=date(2026, 10, 15)))
    assert outcome.notices == ("the figures go by the later check-in of 19 Oct",)
    assert row_of(northlight, "KR-06").value == 27


@pytest.mark.parametrize(("change", "error", "words"), [
    ({"on": date(2026, 10, 20)}, Refused, "still to come"), ({"on": date(2026, 9, 30)}, Refused, "before the cycle"),
    ({"value": "x"}, WrongUsage, "no number"), ({"value": "1.5"}, Refused, "whole numbers"),
    ({"confidence": "12"}, WrongUsage, "0 to 10"), ({"note": " \t"}, Refused, "needs a note"),
    ({"note": "\u200b\u202e"}, Refused, "needs a note"),
    ({"health": "off track"}, Refused, "needs a reason"), ({"reason": "why"}, WrongUsage, "give the health too"),
    ({"tick": ("1",)}, Refused, "no milestones to tick"), ({"key_result": "KR-99"}, NotFound, "no key result"),
    ({"key_result": "KR-01"}, Refused, "is graded"),
])  # fmt: skip
def test_what_is_against_the_rules_is_refused_and_nothing_is_written(
    northlight: Workspace, change: dict[str, object], error: type[Exception], words: str
) -> None:
    before = northlight.store.connection.execute("SELECT count(*) FROM change").fetchone()
    plain: dict[str, object] = {"key_result": "KR-06", "value": "28", "confidence": "8", "note": "up"}
    with pytest.raises(error, match=words):
        check_in(northlight, NewCheckIn(**{**plain, **change}))  # type: ignore[arg-type]
    assert northlight.store.connection.execute("SELECT count(*) FROM change").fetchone() == before


def test_a_stranger_cannot_check_in(northlight: Workspace) -> None:
    with pytest.raises(NotFound, match="--as PERSON"):
        check_in(northlight.acting_as("root"), new("KR-06", "28"))


def test_after_the_end_only_while_the_cycle_is_graded_and_for_a_week(
    northlight: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    third = open_copy(northlight_file, now=datetime(2026, 11, 3, tzinfo=UTC))
    with pytest.raises(Refused, match="begin grading"):
        check_in(third, new("KR-05", "8", "2", "two more"))
    check_in(third, NewCheckIn("KR-05", "7", "2", "late", on=date(2026, 10, 31)))
    with northlight.writing("grade") as tx:
        tx.update("cycle", tx.require("cycle", "2026-10"), {"status": "grading"})
    check_in(third, new("KR-05", "8", "2", "two more"))
    ninth = open_copy(northlight_file, now=datetime(2026, 11, 9, tzinfo=UTC))
    with pytest.raises(Refused, match="more than 7 days after"):
        check_in(ninth, new("KR-05", "9", "2", "one more"))


def test_an_override_lasts_until_the_next_check_in(later: Workspace) -> None:
    check_in(later, NewCheckIn("KR-08", "80", "3", "slow", health="at risk", reason="the ad is back"))
    assert row_of(later, "KR-08").health == "at risk"
    check_in(later, NewCheckIn("KR-08", health="none"))
    assert row_of(later, "KR-08").health == "off track"
    check_in(later, NewCheckIn("KR-08", health="at", reason="the ad is back"))
    next_day = Workspace(later.store, stopped_clock(datetime(2026, 10, 27, tzinfo=UTC)), "jonas")
    check_in(next_day, new("KR-08", "82", "3", "still slow"))
    assert row_of(next_day, "KR-08").health == "off track"


def test_guardrails_count_how_often_they_were_kept(later: Workspace) -> None:
    check_in(later, new("KR-11", "0.52", "8", "over again"))
    check_in(later, NewCheckIn("KR-11", "0.55", "8", "and again", on=date(2026, 10, 24)))
    row = row_of(later, "KR-11")
    assert (row.value, row.score, row.health) == (Decimal("0.52"), Decimal(2) / 5, "off track")


def test_a_stretch_or_falling_one_may_go_past_its_target(later: Workspace) -> None:
    check_in(later, new("KR-07", "55", "9", "below the target"))
    row = row_of(later, "KR-07")
    assert (row.score, row.progress) == (Decimal(1), (Decimal(55) - 95) / (60 - 95))


# -- two at once


def test_somebody_elses_check_in_of_the_same_day_is_a_conflict(later: Workspace) -> None:
    check_in(later.acting_as("mara"), new("KR-06", "30", "8", "hers"), seen={})
    with pytest.raises(Conflict) as caught:
        check_in(later, new("KR-06", "31", "7", "mine"), seen={})
    assert [(each.field, each.ours, each.theirs) for each in caught.value.disagreements] == [
        ("value", "31", "30"), ("confidence", "7", 8), ("note", "mine", "hers"),
    ]
    assert said(later, "KR-06")[-1][3] == "hers"
    check_in(later, new("KR-06", "31", "7", "mine"))
    assert said(later, "KR-06")[-1] == ("2026-10-26", "31", 7, "mine")


def test_corrections_of_different_fields_come_together_and_of_one_are_a_conflict(northlight: Workspace) -> None:
    seen = {"value": "70", "confidence": 3, "note": "Much posting, few downloads", "blocks": None}
    check_in(northlight, new("KR-08", confidence="5"), seen=seen)
    check_in(northlight.acting_as("jonas"), new("KR-08", "71"), seen=seen)
    assert said(northlight, "KR-08")[-1][1:3] == ("71", 5)
    with pytest.raises(Conflict, match="confidence was changed by somebody else"):
        check_in(northlight.acting_as("jonas"), new("KR-08", confidence="4"), seen=seen)


# -- milestones


def test_ticks_set_their_day_and_are_the_value(later: Workspace) -> None:
    check_in(later, NewCheckIn("KR-10", None, "7", "up", tick=("harbour",)))
    assert [str(each.done_on) for each in milestones(later, "KR-10")] == [
        "2026-10-12", "None", "2026-10-26", "None",
    ]
    assert row_of(later, "KR-10").value == 2
    check_in(later, NewCheckIn("KR-10", "1", untick=("harbour road",)))
    assert row_of(later, "KR-10").value == 1
    with pytest.raises(Refused, match=r"not the 1 of 4 .* 2 Millbrook Animal Care"):
        check_in(later, new("KR-10", "3"))
    with pytest.raises(WrongUsage, match="named for both"):
        check_in(later, NewCheckIn("KR-10", tick=("2",), untick=("mill",)))
    with pytest.raises(NotFound, match="several milestones"):
        check_in(later, NewCheckIn("KR-10", tick=("r",)))


def test_a_past_check_in_counts_the_ticks_of_its_day(later: Workspace) -> None:
    check_in(later, NewCheckIn("KR-10", None, "7", "up", tick=("2", "3")))
    check_in(later, NewCheckIn("KR-10", None, "7", "earlier", on=date(2026, 10, 20)))
    assert [row[:2] for row in said(later, "KR-10")[-2:]] == [("2026-10-20", "1"), ("2026-10-26", "3")]


def test_without_titles_a_number_is_typed(northlight: Workspace) -> None:
    add_key_result(northlight, "O-02", "Chapters", {"metric_kind": "milestone", "target": "3", "unit": "chapters"})
    with pytest.raises(Refused, match="no milestones yet"):
        check_in(northlight, NewCheckIn("KR-13", "1", "5", "x", tick=("1",)))
    check_in(northlight, new("KR-13", "2", "5", "two are written"))
    assert row_of(northlight, "KR-13").value == 2
    set_milestones(northlight, "KR-13", ["One", "Two", "Three"])
    assert [each.done_on is not None for each in milestones(northlight, "KR-13")] == [True, True, False]


def test_milestones_are_named_renamed_moved_and_taken_away_as_one_change(northlight: Workspace) -> None:
    old = [each.title for each in milestones(northlight, "KR-10")]
    set_milestones(northlight, "KR-10", ["Two Oaks", "Bridge Street", "Millbrook Animal Care"], seen=old)
    assert [(each.title, str(each.done_on)) for each in milestones(northlight, "KR-10")] == [
        ("Two Oaks", "None"), ("Bridge Street", "2026-10-12"), ("Millbrook Animal Care", "None"),
    ]
    history.undo(northlight)
    assert [each.title for each in milestones(northlight, "KR-10")] == old
    renamed = ["Bridge Street", *old[1:]]
    set_milestones(northlight, "KR-10", renamed, seen=old)
    assert milestones(northlight, "KR-10")[0].done_on == date(2026, 10, 12)
    with pytest.raises(Refused, match="Bridge Street is ticked"):
        set_milestones(northlight, "KR-10", old[1:])
    with pytest.raises(Conflict, match="changed by somebody else"):
        set_milestones(northlight, "KR-10", old[1:], seen=old)


@pytest.mark.parametrize(("key_result", "titles", "words"), [
    ("KR-10", ["a", "b", "c", "d", "e"], "more than the target"), ("KR-10", ["a", "a"], "there twice"),
    ("KR-06", ["a"], "counts calls and not milestones"), ("KR-02", ["a"], "is graded"),
])  # fmt: skip
def test_milestones_keep_to_their_rules(
    northlight: Workspace, key_result: str, titles: list[str], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        set_milestones(northlight, key_result, titles)


# -- what it is made on


def test_the_published_figures_of_the_case_studies(northlight: Workspace) -> None:
    seen = found(northlight)
    page = page_of(northlight, "KR-10")
    figures = preview(page, Draft(TODAY), TODAY)
    assert figures.standing.score == Decimal("0.25")
    assert round_half_up(figures.projection or Decimal(0), 1) == Decimal("1.6")
    assert round_half_up(figures.projected_score or Decimal(0), 2) == Decimal("0.41")
    assert round_half_up(figures.standing.gap or Decimal(0), 0) == 18
    assert (figures.needed, figures.aim) == (Decimal("0.15"), Decimal("2.8"))
    assert (figures.pace, figures.confidence, figures.standing.health) == (Health.AT_RISK,) * 3
    sums = totals(seen, page, figures)
    assert (round_half_up(sums.objective or Decimal(0), 2), sums.objective_health) == (Decimal("0.33"), "off track")
    assert (round_half_up(sums.strategy or Decimal(0), 2), sums.net) == (Decimal("0.52"), 25)
    assert (sums.on, sums.off, sums.of) == (3, 1, 8)


def test_mine_come_first_and_each_says_whose_turn_it_is(northlight: Workspace, later: Workspace) -> None:
    jonas = found(northlight.acting_as("jonas"))
    assert [page.row.position for page in jonas.pages] == [2, 4, 6, 1, 3, 5, 7, 8]
    assert [jonas.state(page) for page in jonas.pages] == ["saved"] * 7 + ["late 7d"]
    week = found(later)
    assert {week.state(page) for page in week.mine} == {"now"}
    check_in(later, new("KR-06", "30", "8", "on"))
    assert [found(later).state(page) for page in found(later).mine] == ["saved", "now", "now"]


def test_activity_counts_what_was_done_after_the_check_in_before(northlight: Workspace) -> None:
    assert since(page_of(northlight, "KR-08"), TODAY) == (date(2026, 10, 12), 1, Decimal(55))
    assert since(page_of(northlight, "KR-08"), date(2026, 10, 12))[:2] == (date(2026, 10, 5), 4)
    move_tasks(northlight, ["T-042"], "done")
    assert since(page_of(northlight, "KR-08"), TODAY)[1] == 2
    made = page_of(northlight, "KR-10").activity
    assert (made.assigned, made.started, made.unowned) == (1, 0, 1)
    assert [task.id for task in made.coming] == ["T-058", "T-059"]
    assign_tasks(northlight, ["T-059"], "jonas")
    assert page_of(northlight, "KR-10").activity.unowned == 0


def test_planned_points_bend_the_even_pace(northlight: Workspace) -> None:
    with northlight.writing("plan") as tx:
        tx.insert("planned_point", {"key_result": "KR-10", "on_date": "2026-10-19", "expected": Decimal("0.3")})
    figures = preview(page_of(northlight, "KR-10"), Draft(TODAY), TODAY)
    assert (figures.standing.expected, figures.pace) == (Decimal("0.21"), Health.ON_TRACK)


def test_target_changes_of_an_active_key_result_are_told_by_day(
    northlight: Workspace, later: Workspace
) -> None:
    edit_record(northlight, "key_result", "KR-08", {"target": "280"})
    edit_record(northlight, "key_result", "KR-08", {"target": "250"})
    edit_record(northlight, "key_result", "KR-08", {"title": "Downloads"})
    edit_record(later, "key_result", "KR-08", {"target": "200"})
    assert changed(later, "KR-08") == [(TODAY, "300", "250"), (date(2026, 10, 26), "250", "200")]
    history.undo(later)
    assert changed(later, "KR-08") == [(TODAY, "300", "250")]
    assert changed(later, "KR-06") == []


def test_a_draft_changes_its_target_without_notice(northlight: Workspace) -> None:
    add_key_result(northlight, "O-02", "Readers", {"target": "100", "status": "draft"})
    edit_record(northlight, "key_result", "KR-13", {"target": "120"})
    with northlight.writing("accept") as tx:
        tx.update("key_result", tx.require("key_result", "KR-13"), {"status": "active"})
    edit_record(northlight, "key_result", "KR-13", {"target": "150"})
    assert changed(northlight, "KR-13") == [(TODAY, "120", "150")]


# -- whatever the order


@given(st.lists(
    st.tuples(st.integers(1, 19), st.integers(0, 60), st.integers(0, 10)), min_size=1, max_size=6
))  # fmt: skip
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_days_are_checked_in_the_last_word_of_each_day_counts(
    northlight: Workspace, given_days: list[tuple[int, int, int]]
) -> None:
    started = found(northlight).pages
    for day, value, confidence in given_days:
        check_in(northlight, NewCheckIn("KR-06", str(value), str(confidence), "n", on=date(2026, 10, day)))
    expected = {5: 9, 12: 18, 19: 27} | {day: value for day, value, _ in given_days}
    page = page_of(northlight, "KR-06")
    assert {each.on_date.day: each.value for each in page.check_ins} == expected
    assert row_of(northlight, "KR-06").value == expected[max(expected)]
    draft = Draft(TODAY, Decimal(33), 5)
    seen = preview(page, draft, TODAY)
    check_in(northlight, new("KR-06", "33", "5", "n"))
    row = row_of(northlight, "KR-06")
    assert (row.score, row.health) == (seen.standing.score, seen.standing.health)  # what was shown is what it is
    while found(northlight).pages != started:
        history.undo(northlight)


# -- at any size


def test_pages_and_check_ins_read_indexes_only(northlight: Workspace) -> None:
    assert slow_parts(northlight, turns, sorts=False) == []
    assert slow_parts(northlight, lambda ws: check_in(ws, new("KR-06", "28", "8", "x")), sorts=False) == []
    assert slow_parts(northlight, lambda ws: target_changes(ws, "KR-06"), sorts=False) == []
