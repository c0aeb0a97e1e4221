"""The form of a task: every field, messages beside them, nothing lost, nothing overwritten unseen."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from tests.tui.driving import front, press, running, settle, shown, type_in
from textual import events
from textual.pilot import Pilot

from tracker.services import board as reads
from tracker.services import tasks as service
from tracker.services.workspace import Workspace
from tracker.storage.columns import COLUMNS
from tracker.tui.app import TrackerApp
from tracker.tui.screens.task import TaskScreen
from tracker.tui.screens.task_form import TaskFormScreen
from tracker.tui.widgets.form import Form


async def opened(pilot: Pilot[Any], task: str) -> Form:
    cast(TrackerApp, pilot.app).open_task(task, edit=True)
    await settle(pilot)
    return pilot.app.screen.query_one(Form)


def put(form: Form, name: str, text: str) -> None:
    row = form.row(name)
    row.box.focus()
    row.text = text


def fields(ws: Workspace, task: str) -> dict[str, Any]:
    return dict(reads.task_detail(ws, task).fields)


async def test_it_has_every_field_of_a_task(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        assert {field.name for field in form.fields} == {*COLUMNS["task"].names, "also_serves"} - {"number", "id"}


CHANGES = [
    ("title", "Another title", "Another title"),
    ("contribution", "Because", "Because"),
    ("notes", "one\ntwo", "one\ntwo"),
    ("key_result", "6", "KR-10"),
    ("key_result", "signed", "KR-05"),
    ("stage", "dec", "decision"),
    ("kind", "found", "foundational"),
    ("medium", "email", "email"),
    ("channel", "linked", "linkedin"),
    ("channel", "-", None),
    ("journey_step", "2", 2),
    ("shows", "proof", "proof"),
    ("goal_question", "What does it cost?", "What does it cost?"),
    ("owner", "jo", "jonas"),
    ("owner", "fischer", "lena"),
    ("status", "review", "review"),
    ("priority", "low", "low"),
    ("due_on", "fri", "2026-10-23"),
    ("due_on", "", None),
    ("publish_on", "30 oct", "2026-10-30"),
    ("estimate_low_h", "1.5", 1.5),
    ("estimate_high_h", "8", 8),
    ("cost_minor", "12.50", 1250),
    ("blocked_reason", "", None),
    ("learned", "ask first", "ask first"),
    ("created_on", "2026-09-30", "2026-09-30"),
    ("assigned_on", "2026-10-01", "2026-10-01"),
    ("started_on", "2026-10-05", "2026-10-05"),
]


async def test_each_field_is_saved_as_it_is_meant(northlight: Workspace) -> None:
    for changes in _in_forms(CHANGES):
        async with running(northlight) as pilot:
            form = await opened(pilot, "T-043")
            for name, typed, _ in changes:
                put(form, name, typed)
            await press(pilot, "ctrl+s")
            assert front(pilot) is TaskScreen, shown(pilot)
        stored = fields(northlight, "T-043")
        assert {name: stored[name] for name, _, _ in changes} == {name: wanted for name, _, wanted in changes}


def _in_forms(changes: list[tuple[str, str, object]]) -> list[list[tuple[str, str, object]]]:
    """As few forms as there can be: a field has room for one answer in each."""
    forms: list[list[tuple[str, str, object]]] = []
    for change in changes:
        free = next((form for form in forms if all(name != change[0] for name, _, _ in form)), None)
        if free is None:
            forms.append([change])
        else:
            free.append(change)
    return forms


async def test_recurring_work_and_cancelling_need_their_fields_together(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-020")
        put(form, "kind", "foundational")
        put(form, "recurs", "FREQ=MONTHLY")
        put(form, "status", "cancelled")
        put(form, "cancel_reason", "done by another team")
        await press(pilot, "ctrl+s")
        assert front(pilot) is TaskScreen, shown(pilot)
    stored = fields(northlight, "T-020")
    assert (stored["recurs"], stored["status"], stored["cancel_reason"]) == (
        "FREQ=MONTHLY", "cancelled", "done by another team",
    )  # fmt: skip


async def test_further_key_results_are_a_list(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        put(form, "also_serves", "5, signed")
        await press(pilot, "ctrl+s")
        assert front(pilot) is TaskScreen, shown(pilot)
        assert "also serves" in shown(pilot)
    assert reads.task_detail(northlight, "T-043").also_serves == ("KR-09", "KR-05")
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        assert form.row("also_serves").text == "KR-09, KR-05"
        put(form, "also_serves", "")
        put(form, "title", "Another title")
        await press(pilot, "ctrl+s")
    assert reads.task_detail(northlight, "T-043").also_serves == ()
    assert fields(northlight, "T-043")["title"] == "Another title"


async def test_several_fields_are_one_change(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        put(form, "title", "Another title")
        put(form, "owner", "lena")
        await press(pilot, "ctrl+s", "u")
    assert (fields(northlight, "T-043")["title"], fields(northlight, "T-043")["owner"]) == (
        "White paper ad to a lookalike audience", "tomas",
    )  # fmt: skip


WRONG = [
    ("title", "", "Title is needed"),
    ("key_result", "9", "There is no key result"),
    ("owner", "zoe", "There is no owner"),
    ("due_on", "31 nov", "November has 30 days"),
    ("estimate_low_h", "many", "is no number"),
    ("cost_minor", "1.234", "is no sum of money"),
    ("stage", "x", "There is no stage"),
]


async def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_saved(northlight: Workspace) -> None:
    before = fields(northlight, "T-043")
    async with running(northlight, (200, 50)) as pilot:
        form = await opened(pilot, "T-043")
        put(form, "learned", "something")
        for name, typed, message in WRONG:
            stood = form.row(name).text
            assert message not in shown(pilot)
            put(form, name, typed)
            await settle(pilot)
            assert message in shown(pilot)
            form.go(0)
            await press(pilot, "ctrl+s")
            assert front(pilot) is TaskFormScreen
            assert form.current is form.row(name)
            assert form.row("learned").text == "something", "what was typed elsewhere is kept"
            assert fields(northlight, "T-043") == before
            put(form, name, stood)
            await settle(pilot)


async def test_a_rule_between_fields_is_told_in_words(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        put(form, "estimate_low_h", "9")
        await press(pilot, "ctrl+s")
        assert front(pilot) is TaskFormScreen
        assert "x " in shown(pilot).splitlines()[-2]
        assert form.row("estimate_low_h").text == "9"


async def test_enter_tab_and_the_arrows_go_through_the_fields(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        for key, name in (
            ("enter", "contribution"), ("down", "notes"), ("tab", "key_result"), ("up", "notes"),
            ("shift+tab", "contribution"), ("pagedown", "priority" ),
        ):  # fmt: skip
            await press(pilot, key)
            assert form.current is not None
            if key != "pagedown":
                assert form.current.field.name == name, key
        assert form.current is not form.row("contribution")


async def test_restore_puts_back_what_stood_in_the_field(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        await type_in(pilot, "xyz", "ctrl+r")
        assert form.row("title").text == "White paper ad to a lookalike audience"
        assert not form.texts()


async def test_leaving_with_something_unsaved_asks_first(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        await type_in(pilot, "!", "escape")
        assert "1 field is not saved" in shown(pilot)
        await press(pilot, "escape")
        assert front(pilot) is TaskFormScreen
        assert form.row("title").text.endswith("!"), "staying keeps what was typed"
        await type_in(pilot, "!", "escape", "s")
        assert front(pilot) is TaskScreen
    assert fields(northlight, "T-043")["title"].endswith("audience!!")


async def test_dropping_the_changes_leaves_the_task_as_it_was(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await opened(pilot, "T-043")
        await type_in(pilot, "!", "escape", "d")
        assert front(pilot) is TaskScreen
    assert fields(northlight, "T-043")["title"].endswith("audience")


async def test_other_peoples_changes_of_other_fields_are_merged(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        service.set_due(northlight.acting_as("jonas"), ["T-043"], date(2026, 12, 24))
        put(form, "title", "Mine")
        await press(pilot, "ctrl+s")
    stored = fields(northlight, "T-043")
    assert (stored["title"], stored["due_on"]) == ("Mine", "2026-12-24")


@pytest.mark.parametrize(("key", "day"), [("ctrl+o", "2026-10-23"), ("ctrl+t", "2026-12-24")])
async def test_a_field_that_somebody_else_changed_too_is_shown_and_settled(
    northlight: Workspace, key: str, day: str
) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        service.set_due(northlight.acting_as("jonas"), ["T-043"], date(2026, 12, 24))
        put(form, "due_on", "fri")
        put(form, "title", "Mine")
        await press(pilot, "ctrl+s")
        text = shown(pilot)
        assert "theirs 2026-12-24" in text
        assert "was 2026-10-12" in text
        assert "fri" in form.row("due_on").text
        await press(pilot, "ctrl+s")
        assert "Somebody else changed Due too" in shown(pilot), "nothing is saved before it is settled"
        await press(pilot, key, "ctrl+s")
        assert front(pilot) is TaskScreen
    stored = fields(northlight, "T-043")
    assert (stored["due_on"], stored["title"]) == (day, "Mine")


async def test_a_recurrence_is_shown_and_taken_in_words(northlight: Workspace) -> None:
    service.edit_tasks(northlight, ["T-062"], {"recurs": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231"})
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-062")
        assert form.row("recurs").text == "every 2 weeks on Mon, Thu until 31 Dec 2026"
        put(form, "recurs", "every month on the last day")
        await press(pilot, "ctrl+s")
        assert fields(northlight, "T-062")["recurs"] == "FREQ=MONTHLY;BYMONTHDAY=-1"


async def test_what_is_typed_right_behind_tab_and_enter_is_the_next_fields(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        form = await opened(pilot, "T-043")
        for name in ("contribution", "title"):
            put(form, name, "")
        form.go(0)
        for key in ("A", "B", "enter", "C", "D", "shift+tab", "E", "tab", "F"):  # no pause in between, as from a paste
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settle(pilot)
        assert (form.row("title").text, form.row("contribution").text) == ("ABE", "CDF")
