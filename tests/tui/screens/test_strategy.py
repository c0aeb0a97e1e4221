"""The strategy screen: everything the wizard asked can be changed, and more be added."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest
from tests.tui.driving import front, press, running, settle, shown, type_in
from textual.pilot import Pilot

from tracker.services.header import header
from tracker.services.strategy import add_key_result, edit_record, records
from tracker.services.workspace import Workspace
from tracker.storage.columns import COLUMNS
from tracker.tui.screens.record_form import RecordFormScreen
from tracker.tui.screens.strategy import StrategyScreen
from tracker.tui.widgets.form import Form
from tracker.tui.widgets.strategy.fields import Choices, fields_of
from tracker.tui.widgets.text_view import TextView


async def form_of(pilot: Pilot[Any], key: str) -> Form:
    pilot.app.screen.query_one(TextView).go(key)
    await press(pilot, "enter")
    return pilot.app.screen.query_one(Form)


def put(form: Form, name: str, text: str) -> None:
    row = form.row(name)
    row.box.focus()
    row.text = text


def record(ws: Workspace, table: str, identity: str) -> dict[str, Any]:
    return dict(records(ws, table, {"id": identity})[0])


async def test_it_shows_all_of_the_strategy(northlight: Workspace) -> None:
    async with running(northlight, (120, 36), place="strategy") as pilot:
        text = pilot.app.screen.query_one(TextView).text
        for words in (
            "Owner-managers of independent vet clinics", "website, email, linkedin", "12,000 EUR",
            "not answered yet: strengths, obstacles", "October 2026", "O2 Become the name clinic owners recall",
            "2230/2600 subscribers", "Oskar Brandt", "not in this strategy",
        ):  # fmt: skip
            assert words in text, words


CHANGES = [
    ("strategy/S-01", "title", "Another goal", "Another goal"),
    ("strategy/S-01", "who", "everybody", "everybody"),
    ("strategy/S-01", "why", "because", "because"),
    ("strategy/S-01", "desired_action", "call", "call"),
    ("strategy/S-01", "approach", "ads", "ads"),
    ("strategy/S-01", "owner", "jonas", "jonas"),
    ("strategy/S-01", "obstacles", "time", "time"),
    ("strategy/S-01", "horizon_end", "2027-03-31", "2027-03-31"),
    ("strategy/S-01", "budget_minor", "15000", 1500000),
    ("strategy/S-01", "reviewed_on", "t", "2026-10-19"),
    ("strategy/S-01", "contribution_required", "yes", 1),
    ("strategy/S-01", "stages", "first, second", '["first", "second"]'),
    ("cycle/2026-10", "name", "Autumn", "Autumn"),
    ("cycle/2026-11", "ends_on", "2026-11-29", "2026-11-29"),
    ("objective/O-01", "title", "Ten clients", "Ten clients"),
    ("objective/O-01", "weight", "2.5", "2.5"),
    ("objective/O-01", "ambition", "asp", "aspirational"),
    ("key_result/KR-06", "target", "50", "50"),
    ("key_result/KR-06", "unit", "talks", "talks"),
    ("key_result/KR-06", "owner", "lena", "lena"),
    ("key_result/KR-06", "due_on", "30 oct", "2026-10-30"),
    ("person/lena", "capacity_h_week", "20", 20),
    ("person/lena", "email", "lena@example.org", "lena@example.org"),
    ("channel/email", "name", "Newsletter", "Newsletter"),
]


async def test_each_answer_can_be_changed(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        for key, changes in groupby(CHANGES, lambda change: change[0]):
            wanted = {}
            form = await form_of(pilot, key)
            for _, name, typed, stored in changes:
                put(form, name, typed)
                wanted[name] = stored
            await press(pilot, "ctrl+s")
            assert front(pilot) is StrategyScreen, shown(pilot)
            table, _, identity = key.partition("/")
            found = record(northlight, table, identity)
            assert {name: found[name] for name in wanted} == wanted


async def test_the_channels_are_changed_as_a_list(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        form = await form_of(pilot, "strategy/S-01")
        put(form, "channels", "email, website, Podcast")
        await press(pilot, "ctrl+s")
    stands = header(northlight)
    assert stands is not None
    assert stands.strategy.channels == ("email", "website", "podcast")


async def test_a_change_shows_at_once_and_is_undone(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        form = await form_of(pilot, "strategy/S-01")
        put(form, "title", "Another goal")
        await press(pilot, "ctrl+s")
        assert "Another goal" in shown(pilot).splitlines()[0]
        await press(pilot, "u")
        assert "Another goal" not in shown(pilot)
        await press(pilot, "ctrl+r")
        assert "Another goal" in shown(pilot)


async def test_a_new_objective_and_a_key_result_under_it(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        await press(pilot, "o")
        assert "NEW OBJECTIVE" in shown(pilot)
        await type_in(pilot, "Be found", "ctrl+s")
        assert front(pilot) is StrategyScreen, shown(pilot)
        made = records(northlight, "objective")[-1]
        pilot.app.screen.query_one(TextView).go(f"objective/{made['id']}")
        await press(pilot, "n")
        form = pilot.app.screen.query_one(Form)
        assert form.row("objective").text == made["id"]
        put(form, "title", "Visits from search")
        put(form, "unit", "visits")
        put(form, "target", "500")
        await press(pilot, "ctrl+s")
        assert front(pilot) is StrategyScreen, shown(pilot)
        assert "9? Visits from search" in pilot.app.screen.query_one(TextView).text
    made_kr = records(northlight, "key_result")[-1]
    assert (made_kr["objective"], made_kr["starts_on"], made_kr["due_on"]) == (made["id"], "2026-10-19", "2026-10-31")


async def test_a_new_person(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        await press(pilot, "p")
        await type_in(pilot, "Nils Holm", "ctrl+s")
        assert front(pilot) is StrategyScreen, shown(pilot)
    assert record(northlight, "person", "nils")["name"] == "Nils Holm"


async def test_a_new_record_without_what_it_needs_is_not_made(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        await press(pilot, "n")
        assert "needed" in shown(pilot)
        await type_in(pilot, "Visits", "ctrl+s")
        assert front(pilot) is RecordFormScreen
        assert "Target is needed" in shown(pilot)
    assert len(records(northlight, "key_result")) == 12


RULES = [
    ("key_result/KR-06", "target", "-5", ""),
    ("key_result/KR-06", "due_on", "2026-12-24", "lies outside its cycle"),
    ("cycle/2026-10", "ends_on", "2026-11-05", ""),
    ("strategy/S-01", "horizon_end", "2026-01-01", ""),
]


@pytest.mark.parametrize(("key", "name", "typed", "words"), RULES)
async def test_a_rule_refuses_in_words_and_keeps_what_was_typed(
    northlight: Workspace, key: str, name: str, typed: str, words: str
) -> None:
    async with running(northlight, place="strategy") as pilot:
        form = await form_of(pilot, key)
        put(form, name, typed)
        await press(pilot, "ctrl+s")
        assert front(pilot) is RecordFormScreen
        assert form.row(name).text == typed
        assert shown(pilot).splitlines()[-2].startswith(" x ")
        assert words in shown(pilot)


async def test_a_conflict_in_a_record_is_settled_field_by_field(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        form = await form_of(pilot, "person/lena")
        edit_record(northlight.acting_as("jonas"), "person", "lena", {"title": "Designer"})
        put(form, "title", "Artist")
        await press(pilot, "ctrl+s")
        assert "theirs Designer" in shown(pilot)
        await press(pilot, "ctrl+o", "ctrl+s")
        await settle(pilot)
        assert front(pilot) is StrategyScreen, shown(pilot)
    assert record(northlight, "person", "lena")["title"] == "Artist"


async def test_keys_go_through_the_entries_and_escape_leaves(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        view = pilot.app.screen.query_one(TextView)
        await press(pilot, "G")
        assert (view.current or "").startswith("channel/")
        for key, entry in (
            ("g", "strategy/S-01"),
            ("j", "micro_question/MQ-1"),
            ("down", "micro_question/MQ-2"),
            ("k", "micro_question/MQ-1"),
        ):
            await press(pilot, key)
            assert view.current == entry, key
        await press(pilot, "pagedown", "pageup", "q")
        assert front(pilot) is not StrategyScreen


@pytest.mark.parametrize(
    "table", ["strategy", "cycle", "objective", "key_result", "person", "channel", "micro_question"]
)
def test_the_forms_name_fields_that_exist(table: str) -> None:
    names = {field.name for field in fields_of(table, Choices())}
    assert names <= {*COLUMNS[table].names, "channels"}


async def test_a_draft_is_accepted_with_one_key_and_a_key_result_dropped_with_a_reason(northlight: Workspace) -> None:
    add_key_result(northlight, "O-03", "Reviews answered", {"target": "20", "status": "draft"})
    async with running(northlight, place="strategy") as pilot:
        view = pilot.app.screen.query_one(TextView)
        assert "draft: a accepts" in view.text
        view.go("key_result/KR-13")
        await press(pilot, "a")
        assert record(northlight, "key_result", "KR-13")["status"] == "active"
        assert "draft: a accepts" not in view.text
        await press(pilot, "x")
        await type_in(pilot, "nobody answers", "enter")
        dropped = record(northlight, "key_result", "KR-13")
        assert (dropped["status"], dropped["drop_reason"]) == ("dropped", "nobody answers")
        await press(pilot, "u")
        assert record(northlight, "key_result", "KR-13")["status"] == "active"
        view.go("objective/O-03")
        await press(pilot, "x", "y")
        assert record(northlight, "objective", "O-03")["status"] == "dropped"
        view.go("person/lena")
        await press(pilot, "a")
        assert "Put the cursor on an objective or a key result first" in shown(pilot)
        await press(pilot, "x")
        assert "Put the cursor on an objective or a key result first" in shown(pilot)


async def test_who_is_neither_owner_nor_manager_cannot_accept(northlight: Workspace) -> None:
    add_key_result(northlight, "O-03", "Reviews answered", {"target": "20", "status": "draft"})
    async with running(northlight.acting_as("lena"), place="strategy") as pilot:
        pilot.app.screen.query_one(TextView).go("key_result/KR-13")
        await press(pilot, "a")
        assert "is accepted by its owner, mara, or by a manager" in shown(pilot)
        assert record(northlight, "key_result", "KR-13")["status"] == "draft"


async def test_open_questions_are_listed_asked_changed_and_answered(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        view = pilot.app.screen.query_one(TextView)
        assert view.text.count("no objective answers it") == 3
        await press(pilot, "w")
        put(pilot.app.screen.query_one(Form), "question", "What brings them back?")
        await press(pilot, "ctrl+s")
        assert record(northlight, "micro_question", "MQ-4")["question"] == "What brings them back?"
        form = await form_of(pilot, "micro_question/MQ-4")
        put(form, "question", "What makes them stay?")
        await press(pilot, "ctrl+s")
        assert "What makes them stay?" in pilot.app.screen.query_one(TextView).text
        edit_record(northlight, "objective", "O-02", {"micro_question": "MQ-4"})
        await press(pilot, "escape")
        await press(pilot, "S")
        assert "answered by O-02" in pilot.app.screen.query_one(TextView).text


async def test_a_tactic_is_pointed_out_and_versions_are_listed(northlight: Workspace) -> None:
    edit_record(northlight, "strategy", "S-01", {"approach": "Post twice a week"})
    async with running(northlight, place="strategy") as pilot:
        text = pilot.app.screen.query_one(TextView).text
        assert "! approach begins with 'Post', which is something to do: a task" in text
        assert "VERSIONS" in text
        assert "2  " in text.partition("VERSIONS")[2]
        assert "approach" in text.partition("VERSIONS")[2]


async def test_a_target_changed_while_active_is_marked_with_what_it_was(northlight: Workspace) -> None:
    edit_record(northlight, "key_result", "KR-08", {"target": "150"})
    async with running(northlight, place="strategy") as pilot:
        text = pilot.app.screen.query_one(TextView).text
        assert "70/150^ downloads" in text
        assert "target was 300" in text
        await press(pilot, "escape")
        assert "70/150^" in shown(pilot)
    edit_record(northlight, "key_result", "KR-08", {"target": "300"})
    found = header(northlight)
    assert found is not None
    assert [row.target_was for row in found.key_results] == [None] * 8


async def test_the_target_of_a_draft_is_nobodys_promise(northlight: Workspace) -> None:
    add_key_result(northlight, "O-03", "Reviews answered", {"target": "20", "status": "draft"})
    edit_record(northlight, "key_result", "KR-13", {"target": "30"})
    edit_record(northlight, "key_result", "KR-13", {"status": "active"})
    found = header(northlight)
    assert found is not None
    assert found.key_results[-1].target_was is None


async def test_smart_is_said_while_one_types(northlight: Workspace) -> None:
    async with running(northlight, place="strategy") as pilot:
        form = await form_of(pilot, "key_result/KR-08")
        assert "A! needs 19.17 a day, got 3.68" in shown(pilot)
        put(form, "title", "Improve reach")
        await settle(pilot)
        assert "S! M+ A! R+ T+" in shown(pilot)
        assert "S: 'improve' is vague: say what is counted" in shown(pilot)
        put(form, "target", "")
        await settle(pilot)
        assert "Mx no target" in shown(pilot)
        put(form, "target", "many")
        await settle(pilot)
        assert "Mx no target" in shown(pilot)


async def test_smart_of_a_new_key_result_in_a_narrow_terminal(northlight: Workspace) -> None:
    async with running(northlight, (80, 24), place="strategy") as pilot:
        pilot.app.screen.query_one(TextView).go("objective/O-03")
        await press(pilot, "n")
        assert "Sx Mx Ax R+ T+" in shown(pilot)
        assert "S: say what is counted" in shown(pilot)
