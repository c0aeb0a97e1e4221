"""Strategy first, every answer changed later, and each rule said in words before anything is kept."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import FIRST
from tracker.domain.errors import Conflict, NotFound, OutOfReach, Refused, TrackerError, WrongUsage
from tracker.services import cycles, strategy, tasks, undo
from tracker.services import records as record_rules
from tracker.services.header import header
from tracker.services.strategy import FirstStrategy
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.faults import rule_in_words

Open = Callable[..., Workspace]


def row(ws: Workspace, table: str, key: str) -> dict[str, object]:
    return strategy.records(ws, table, {"id": key})[0]



# the first run


def test_the_first_answers_make_an_active_strategy_with_a_header(empty: Workspace) -> None:
    outcome = strategy.strategy_first(empty, FIRST)
    assert outcome.ids == ("S-01", "O-01", "KR-01")
    found = header(empty)
    assert found is not None
    assert (found.strategy.title, found.strategy.owner, found.strategy.who, found.strategy.why) == (
        "Fill the quiet weekdays", "mara", "Owner-managers of vet clinics", "They lose quiet weekdays to chains",
    )
    assert (found.strategy.desired_action, found.strategy.channels) == ("Book a call", ("email", "website"))
    assert found.strategy.approach == "By way of Email, Website"
    assert found.cycle is not None
    assert (found.cycle.name, found.cycle.day, found.cycle.days) == ("October 2026", 19, 31)
    assert [(kr.id, kr.title, kr.target, kr.baseline, kr.due_on, kr.health) for kr in found.key_results] == [
        ("KR-01", "Signed clients", 10, 0, date(2026, 10, 31), "unknown")
    ]


def test_the_first_key_result_begins_on_the_day_it_was_made(empty: Workspace) -> None:
    strategy.strategy_first(empty, FIRST)
    assert row(empty, "key_result", "KR-01")["starts_on"] == "2026-10-19"


@pytest.mark.parametrize("name", ["goal", "who", "why", "action", "owner", "objective", "key_result", "target"])
def test_each_missing_answer_is_asked_for_and_nothing_is_kept(empty: Workspace, name: str) -> None:
    for answer in ("", "  ", "\u200b", "\x1b[2J"):
        with pytest.raises(WrongUsage, match=re.escape(strategy.QUESTIONS[name])):
            strategy.strategy_first(empty, replace(FIRST, **{name: answer}))  # type: ignore[arg-type]
    assert undo.history(empty) == ()


@pytest.mark.parametrize("channels", [(), ("",), (" ", "\u200b")])
def test_a_strategy_without_a_channel_is_asked_for_one(empty: Workspace, channels: tuple[str, ...]) -> None:
    with pytest.raises(WrongUsage, match="channels is not answered"):
        strategy.strategy_first(empty, replace(FIRST, channels=channels))


def test_a_channel_named_twice_is_one(empty: Workspace) -> None:
    strategy.strategy_first(empty, replace(FIRST, channels=("Email", "", "email", "Blog & News")))
    found = header(empty)
    assert found is not None
    assert found.strategy.channels == ("email", "blog_news")


@pytest.mark.parametrize(
    ("words", "first", "last", "name"),
    [
        ("month", "2026-10-01", "2026-10-31", "October 2026"),
        ("", "2026-10-01", "2026-10-31", "October 2026"),
        ("Quarter", "2026-10-01", "2026-12-31", "2026-10-01 to 2026-12-31"),
        ("2026-10-05 .. 2026-10-25", "2026-10-05", "2026-10-25", "October 2026"),
        ("2026-10-01..2027-10-31", "2026-10-01", "2027-10-31", "2026-10-01 to 2027-10-31"),
        ("2026-10-19..2026-10-19", "2026-10-19", "2026-10-19", "October 2026"),
    ],
)
def test_the_first_cycle_is_a_month_a_quarter_or_two_days(
    empty: Workspace, words: str, first: str, last: str, name: str
) -> None:
    strategy.strategy_first(empty, replace(FIRST, cycle=words))
    cycle = strategy.records(empty, "cycle")[0]
    assert (cycle["starts_on"], cycle["ends_on"], cycle["name"], cycle["status"]) == (first, last, name, "active")


@pytest.mark.parametrize(
    ("today", "words", "days"),
    [
        (date(2028, 2, 29), "month", (date(2028, 2, 1), date(2028, 2, 29))),
        (date(2026, 12, 31), "quarter", (date(2026, 10, 1), date(2026, 12, 31))),
        (date(2026, 1, 1), "quarter", (date(2026, 1, 1), date(2026, 3, 31))),
    ],
)
def test_months_and_quarters_end_with_the_calendar(today: date, words: str, days: tuple[date, date]) -> None:
    assert strategy.cycle_days(words, today) == days


@pytest.mark.parametrize("words", ["week", "2026-10-01", "2026-11-31..2026-12-01", "..", "2026-10-31..2026-10-01"])
def test_a_cycle_that_is_none_is_refused(empty: Workspace, words: str) -> None:
    with pytest.raises(WrongUsage, match="cycle"):
        strategy.strategy_first(empty, replace(FIRST, cycle=words))


@pytest.mark.parametrize(
    ("answers", "direction"),
    [({"baseline": "95", "target": "60"}, "decrease"), ({"target": "12,5"}, "increase"),
     ({"baseline": "", "target": "0.5", "direction": "maintain_below"}, "maintain_below")],
)
def test_the_direction_follows_the_numbers_unless_it_is_said(
    empty: Workspace, answers: dict[str, str], direction: str
) -> None:
    strategy.strategy_first(empty, replace(FIRST, **answers))  # type: ignore[arg-type]
    assert row(empty, "key_result", "KR-01")["direction"] == direction


@pytest.mark.parametrize(
    ("target", "words"),
    [("many", "is no number"), ("nan", "is no number"), ("inf", "is no number"), ("1e9999999", "too large"),
     ("1e-50", "digits after the point"), ("8,000", "8000 or 8.000"), ("9" * 50, "too large"), ("0", "increase")],
)
def test_a_target_that_cannot_be_meant_is_refused(empty: Workspace, target: str, words: str) -> None:
    with pytest.raises(TrackerError, match=words):
        strategy.strategy_first(empty, replace(FIRST, target=target))
    assert undo.history(empty) == ()


def test_a_second_first_strategy_is_refused_and_names_the_active_one(begun: Workspace) -> None:
    with pytest.raises(Refused, match="S-01 Fill the quiet weekdays"):
        strategy.strategy_first(begun, FIRST)


def test_the_next_first_strategy_keeps_people_and_channels(begun: Workspace) -> None:
    strategy.retire_strategy(begun, "S-01")
    strategy.strategy_first(begun, replace(FIRST, owner="MARA OKAFOR", channels=("website", "Radio")))
    found = header(begun)
    assert found is not None
    assert (found.strategy.id, found.strategy.owner, found.strategy.channels) == ("S-02", "mara", ("website", "radio"))
    assert [person["id"] for person in strategy.records(begun, "person")] == ["mara"]


def test_two_people_of_one_first_name_are_two(begun: Workspace) -> None:
    strategy.retire_strategy(begun, "S-01")
    strategy.strategy_first(begun, replace(FIRST, owner="Mara Lund"))
    assert {str(person["id"]): person["name"] for person in strategy.records(begun, "person")} == {
        "mara": "Mara Okafor", "mara_lund": "Mara Lund",
    }


def test_hostile_answers_are_kept_without_control_characters(empty: Workspace) -> None:
    strategy.strategy_first(empty, replace(FIRST, goal="\x1b[31mRed\x07 [bold]", who="a\u202eb\nc"))
    found = header(empty)
    assert found is not None
    assert (found.strategy.title, found.strategy.who) == ("Red [bold]", "ab c")


# changed later


@pytest.mark.parametrize(
    ("table", "key", "fields"),
    [
        ("strategy", "S-01", {"title": "Other goal", "who": "Everybody", "why": "Because", "desired_action": "Call",
                              "approach": "By phone", "budget_minor": 465000, "currency": "EUR",
                              "meta_question": "How?", "horizon_end": "2027-12-31", "contribution_required": 1}),
        ("person", "mara", {"name": "Mara O.", "role": "member", "capacity_h_week": 20, "active": 0}),
        ("channel", "email", {"name": "Mail", "kind": "paid"}),
        ("cycle", "2026-10", {"name": "Autumn", "starts_on": "2026-09-15", "ends_on": "2026-11-15"}),
        ("objective", "O-01", {"title": "Other", "ambition": "aspirational", "weight": "2.5"}),
        ("key_result", "KR-01", {"title": "Calls", "unit": "calls", "baseline": "2", "target": "40", "precision": 2,
                                 "stretch": "50", "weight": "3", "indicator": "leading", "result_kind": "output",
                                 "cadence_days": 14, "due_on": "2026-10-30"}),
    ],
)
def test_every_answer_can_be_changed_later_and_taken_back(
    begun: Workspace, table: str, key: str, fields: dict[str, object]
) -> None:
    before = row(begun, table, key)
    strategy.edit_record(begun, table, key, fields)
    assert {name: row(begun, table, key)[name] for name in fields} == fields
    undo.undo(begun)
    assert row(begun, table, key) == before


def test_the_version_counts_changes_and_only_changes(begun: Workspace) -> None:
    strategy.edit_record(begun, "strategy", "S-01", {"who": "Clinics"})
    assert row(begun, "strategy", "S-01")["version"] == 2
    assert strategy.edit_record(begun, "strategy", "S-01", {"who": "Clinics"}).batch is None
    assert strategy.edit_record(begun, "strategy", "S-01", {"channels": ["Email", "Website"]}).batch is None
    assert row(begun, "strategy", "S-01")["version"] == 2
    strategy.edit_record(begun, "strategy", "S-01", {"channels": ["Radio", "Email"]})
    assert row(begun, "strategy", "S-01")["version"] == 3
    found = header(begun)
    assert found is not None
    assert found.strategy.channels == ("radio", "email")


def test_two_people_changing_other_fields_of_a_strategy_both_win(begun: Workspace) -> None:
    seen = row(begun, "strategy", "S-01")
    strategy.edit_record(begun.acting_as("lena"), "strategy", "S-01", {"who": "Hers"}, seen=seen)
    strategy.edit_record(begun, "strategy", "S-01", {"why": "Mine", "version": seen["version"]}, seen=seen)
    now = row(begun, "strategy", "S-01")
    assert (now["who"], now["why"], now["version"]) == ("Hers", "Mine", 3)


def test_two_people_changing_one_field_of_a_record_is_a_conflict(begun: Workspace) -> None:
    seen = row(begun, "objective", "O-01")
    strategy.edit_record(begun.acting_as("lena"), "objective", "O-01", {"title": "Hers"}, seen=seen)
    with pytest.raises(Conflict, match="Hers"):
        strategy.edit_record(begun, "objective", "O-01", {"title": "Mine"}, seen=seen)


def test_an_active_strategy_follows_another(begun: Workspace) -> None:
    made = strategy.add_strategy(begun, {"title": "Next", "who": "a", "why": "b", "approach": "c",
                                         "desired_action": "d", "channels": ["Radio"]}).ids[0]
    assert row(begun, "strategy", made)["status"] == "draft"
    strategy.activate_strategy(begun, made)
    assert (row(begun, "strategy", "S-01")["status"], row(begun, "strategy", made)["status"]) == ("retired", "active")
    assert strategy.activate_strategy(begun, made).batch is None
    undo.undo(begun)
    assert (row(begun, "strategy", "S-01")["status"], row(begun, "strategy", made)["status"]) == ("active", "draft")


def test_without_an_active_strategy_there_is_no_header_and_no_new_task(begun: Workspace) -> None:
    strategy.retire_strategy(begun, "S-01")
    assert header(begun) is None
    with pytest.raises(Refused, match="no active strategy"):
        tasks.add_task(begun, NewTask("Too late", "KR-01"))
    with pytest.raises(Refused, match="no active strategy"):
        strategy.add_objective(begun, "Too late")
    with pytest.raises(Refused, match="no active strategy"):
        cycles.add_cycle(begun, "quarter")


def test_the_next_cycle_is_planned_and_runs_when_none_does(begun: Workspace) -> None:
    planned = cycles.add_cycle(begun, "2026-11-01..2026-11-30", "  Novem\x1b[1mber ").ids[0]
    assert (planned, row(begun, "cycle", planned)["status"]) == ("2026-11", "planned")
    assert row(begun, "cycle", planned)["name"] == "November"
    with begun.writing("close") as tx:
        tx.update("cycle", tx.require("cycle", "2026-10"), {"status": "closed"})
    running = cycles.add_cycle(begun, "2026-12-01..2026-12-31").ids[0]
    assert (row(begun, "cycle", running)["status"], row(begun, "cycle", running)["name"]) == ("active", "December 2026")


def test_a_key_result_gets_the_days_of_its_cycle_and_an_owner(begun: Workspace) -> None:
    lena = begun.acting_as("nobody-here")
    made = strategy.add_key_result(lena, "O-01", "Calls", {"target": "1.5", "baseline": ""}).ids[0]
    found = row(begun, "key_result", made)
    assert (made, found["starts_on"], found["due_on"], found["owner"], found["baseline"], found["target"]) == (
        "KR-02", "2026-10-01", "2026-10-31", "mara", "0", "1.5",
    )


def test_a_key_result_with_days_outside_its_cycle_can_still_be_renamed(begun: Workspace) -> None:
    begun.store.connection.execute("UPDATE key_result SET due_on = '2026-12-24'")
    strategy.edit_record(begun, "key_result", "KR-01", {"title": "Renamed"})
    assert row(begun, "key_result", "KR-01")["title"] == "Renamed"


# the rules


def _open_task(ws: Workspace) -> str:
    return tasks.add_task(ws, NewTask("Open", "KR-01")).ids[0]


def _strategy(ws: Workspace, **fields: object) -> str:
    whole = {"title": "Next", "who": "a", "why": "b", "approach": "c", "desired_action": "d", "channels": ["Radio"]}
    return strategy.add_strategy(ws, {**whole, **fields}).ids[0]


def _key_result(**fields: object) -> Callable[[Workspace], object]:
    return lambda ws: strategy.add_key_result(ws, "O-01", "Calls", {"target": "10", **fields})


def _edit(table: str, key: str, **fields: object) -> Callable[[Workspace], object]:
    return lambda ws: strategy.edit_record(ws, table, key, fields)


def _drop_with_open_task(ws: Workspace) -> object:
    _open_task(ws)
    return strategy.edit_record(ws, "key_result", "KR-01", {"status": "dropped", "drop_reason": "no"})


def _cite_a_dropped_one(ws: Workspace) -> object:
    strategy.edit_record(ws, "key_result", "KR-01", {"status": "dropped", "drop_reason": "no use"})
    return _open_task(ws)


def _second_running_cycle(ws: Workspace) -> object:
    cycles.add_cycle(ws, "2026-11-01..2026-11-30")
    return cycles.activate_cycle(ws, "2026-11")


def _objective_in_a_cycle_of_another_strategy(ws: Workspace) -> object:
    strategy.activate_strategy(ws, _strategy(ws))
    cycles.add_cycle(ws, "2026-11-01..2026-11-30")
    return strategy.edit_record(ws, "objective", "O-01", {"cycle": "2026-11"})


RULES: list[tuple[str, Callable[[Workspace], object], type[TrackerError]]] = [
    ("no key result 'KR-99'", lambda ws: tasks.add_task(ws, NewTask("A", "KR-99")), NotFound),
    ("draft or active key result", _cite_a_dropped_one, Refused),
    ("still has open tasks", _drop_with_open_task, Refused),
    ("dropped for a reason", _edit("key_result", "KR-01", status="dropped"), Refused),
    ("target above its baseline", _key_result(baseline="10"), Refused),
    ("target below its baseline", _key_result(direction="decrease", baseline="5"), Refused),
    ("has no baseline", _key_result(direction="maintain_above", baseline="5"), Refused),
    ("two bounds", _key_result(direction="maintain_between"), Refused),
    ("two bounds", _key_result(direction="maintain_between", target_max="9"), Refused),
    ("two bounds", _key_result(target_max="20"), Refused),
    ("from 0 to a whole number", _key_result(metric_kind="milestone", target="2.5"), Refused),
    ("from 0 to a whole number", _key_result(metric_kind="milestone", baseline="1"), Refused),
    ("currency", _key_result(metric_kind="currency"), Refused),
    ("currency", _key_result(currency="EUR"), Refused),
    ("metric_kind is one of number", _key_result(metric_kind="feeling"), WrongUsage),
    ("0 to 6 decimals", _key_result(precision=7), Refused),
    ("1 to 92 days", _key_result(cadence_days=0), Refused),
    ("0 or more", _key_result(weight="-1"), Refused),
    ("due before it starts", _key_result(starts_on="2026-10-20", due_on="2026-10-19"), Refused),
    ("outside its cycle", _key_result(due_on="2026-11-01"), Refused),
    ("outside its cycle", _edit("key_result", "KR-01", starts_on=date(2026, 9, 30)), Refused),
    ("not a real day", _edit("key_result", "KR-01", due_on="2026-11-31"), WrongUsage),
    ("no person 'nobody'", _key_result(owner="nobody"), NotFound),
    ("key result needs target", _edit("key_result", "KR-01", target=None), Refused),
    ("no objective O-77", lambda ws: strategy.add_key_result(ws, "O-77", "Calls", {"target": "1"}), NotFound),
    ("KR-01 Signed clients runs from", _edit("cycle", "2026-10", ends_on="2026-10-25"), Refused),
    ("overlaps October", lambda ws: cycles.add_cycle(ws, "month"), Refused),
    ("overlaps October", lambda ws: cycles.add_cycle(ws, "2026-10-31..2026-11-30"), Refused),
    ("is active; close it first", _second_running_cycle, Refused),
    ("ends before it starts", _edit("cycle", "2026-10", ends_on="2026-09-01"), Refused),
    ("above 0", _edit("objective", "O-01", weight="0"), Refused),
    ("ambition is one of", _edit("objective", "O-01", ambition="wild"), WrongUsage),
    ("objective needs title", _edit("objective", "O-01", title=" "), Refused),
    ("refers to", _objective_in_a_cycle_of_another_strategy, Refused),
    ("says who, why, approach", _edit("strategy", "S-01", who=""), Refused),
    ("says who, why, approach", lambda ws: strategy.activate_strategy(ws, _strategy(ws, why="")), Refused),
    ("at least one channel", lambda ws: strategy.activate_strategy(ws, _strategy(ws, channels=[])), Refused),
    ("at least one channel", _edit("strategy", "S-01", channels=[]), Refused),
    ("Another strategy is active", lambda ws: _edit("strategy", _strategy(ws), status="active")(ws), Refused),
    ("no strategy S-77", lambda ws: strategy.activate_strategy(ws, "S-77"), NotFound),
    ("has no field 'colour'", _edit("strategy", "S-01", colour="red"), WrongUsage),
    ("never changed", _edit("strategy", "S-01", id="S-09"), Refused),
    ("role is one of", lambda ws: strategy.add_person(ws, "Lena", {"role": "boss"}), WrongUsage),
    ("already", lambda ws: strategy.add_person(ws, "Mara Lund"), Refused),
    ("needs a name", lambda ws: strategy.add_person(ws, "\u200b"), WrongUsage),
    ("whole number", _edit("person", "mara", capacity_h_week="lots"), WrongUsage),
    ("not negative", _edit("person", "mara", capacity_h_week=-1), Refused),
    ("yes or no", _edit("person", "mara", active="maybe"), WrongUsage),
    ("low estimate is above", lambda ws: tasks.edit_tasks(
        ws, [_open_task(ws)], {"estimate_low_h": 5, "estimate_high_h": 2}), Refused),
    ("Only foundational work recurs", lambda ws: tasks.edit_tasks(ws, [_open_task(ws)], {"recurs": "daily"}), Refused),
    ("can be blocked", lambda ws: tasks.block_tasks(ws, [_open_task(ws)], "waiting"), Refused),
    ("needs a reason", lambda ws: tasks.cancel_tasks(ws, [_open_task(ws)], " "), Refused),
    ("if and only if", lambda ws: tasks.edit_tasks(ws, [_open_task(ws)], {"done_on": "2026-10-19"}), Refused),
]


@pytest.mark.parametrize(("words", "attempt", "error"), RULES, ids=[f"{n} {rule[0]}" for n, rule in enumerate(RULES)])
def test_a_rule_is_said_in_words(
    begun: Workspace, words: str, attempt: Callable[[Workspace], object], error: type[TrackerError]
) -> None:
    with pytest.raises(TrackerError, match=re.escape(words)) as caught:
        attempt(begun)
    assert type(caught.value) is error
    batches = {change.batch for change in undo.history(begun)}
    assert len(batches) == begun.store.connection.execute("SELECT count(*) FROM change_batch").fetchone()[0]


def test_every_rule_of_the_database_has_words(empty: Workspace) -> None:
    schema = " ".join(sql or "" for sql, in empty.store.connection.execute("SELECT sql FROM sqlite_master"))
    names = set(re.findall(r'CONSTRAINT "?(\w+)"? CHECK|\'rule: (\w+)\'', schema))
    rules = {first or second for first, second in names}
    assert len(rules) > 60
    # numbers and names of the exchange with other systems are nothing that a person writes
    assert {name for name in rules if rule_in_words(name).startswith("The database holds")} <= {
        "number_is_positive", "override_is_a_health"
    }


def test_the_words_of_a_field_are_those_of_the_database() -> None:
    from tracker.storage.field_rules import field_rules

    for table, fields in record_rules.WORDS.items():
        known = {name: rule.words for name, rule in field_rules(table).items() if rule.words}
        assert {name: set(words) for name, words in fields.items()} == {
            name: set(words) for name, words in known.items()
        }, table


def test_the_references_of_a_record_are_those_of_the_database(empty: Workspace) -> None:
    for table in ("strategy", "cycle", "objective", "key_result", "micro_question", "budget_line"):
        found = {
            column: parent for _, _, parent, column, *_ in
            empty.store.connection.execute(f'PRAGMA foreign_key_list("{table}")')
        }
        if table == "objective":
            found["strategy"] = "strategy"  # by way of the cycle, which has the same one
        assert {column: record_rules.REFERENCES[column] for column in found} == found, table


# unfinished answers


def test_unfinished_answers_are_kept_privately_and_come_back(empty: Workspace) -> None:
    answers = {"goal": "Fill it\n\U0001f680", "who": "", "why": "“quoted” \ud800"}
    strategy.keep_draft(empty, {"goal": "first"})
    file = Path(f"{empty.store.path}.draft.json")
    file.chmod(0o644)
    strategy.keep_draft(empty, answers)
    assert strategy.draft(empty) == answers
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {each.name for each in file.parent.iterdir() if "draft" in each.name} == {file.name}
    strategy.keep_draft(empty, {})
    assert strategy.draft(empty) == {}
    assert not file.exists()
    strategy.keep_draft(empty, {})


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b'"text"', b"[" * 100_000, b'{"goal": {"a": 1}}'])
def test_a_broken_draft_is_no_draft(empty: Workspace, content: bytes) -> None:
    Path(f"{empty.store.path}.draft.json").write_bytes(content)
    found = strategy.draft(empty)
    assert all(isinstance(answer, str) for answer in found.values())


def test_a_folder_that_cannot_be_written_to_is_said(empty: Workspace) -> None:
    Path(f"{empty.store.path}.draft.json.new").mkdir()
    with pytest.raises(OutOfReach, match="cannot be kept"):
        strategy.keep_draft(empty, {"goal": "x"})


def test_the_first_strategy_has_a_question_for_every_answer_that_must_be_given() -> None:
    asked = set(strategy.QUESTIONS)
    assert asked <= set(FirstStrategy.__dataclass_fields__)
    assert {"goal", "who", "why", "action", "channels", "owner", "objective", "key_result", "target"} <= asked


@pytest.mark.parametrize("table", ["audit_snapshot", "strategy_channel", "check_in", "milestone"])
def test_records_of_every_table_can_be_read(northlight: Workspace, table: str) -> None:
    assert isinstance(strategy.records(northlight, table), list)
