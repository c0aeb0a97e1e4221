"""The adapter of Asana: the contract in both ways of keeping the reference, and what is Asana's own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.sync.asana_stage import AsanaStage
from tests.sync.contract import AdapterContract
from tests.sync.fakes.asana import ANA, PROJECT, TOKEN, WORKSPACE, AsanaFake
from tests.sync.fakes.server import Reply, Trouble

from tracker.domain.remote import AnswerLost, Connection, NotAllowed, RequestRefused, TaskWrite
from tracker_sync.asana.adapter import KIND
from tracker_sync.asana.mapping import COMPLETED, with_marker, without_marker


@pytest.fixture
def fake() -> Iterator[AsanaFake]:
    with AsanaFake() as made:
        yield made


@pytest.fixture
def stage(fake: AsanaFake) -> Iterator[AsanaStage]:
    made = AsanaStage(fake)
    yield made
    made.close()


class TestAsana(AdapterContract):
    """Everything that every adapter promises, with the reference in a custom field."""


class TestAsanaWithoutCustomFields(AdapterContract):
    """The same on a plan without custom fields, with the reference in the notes."""

    @pytest.fixture
    def stage(self, fake: AsanaFake) -> Iterator[AsanaStage]:
        fake.paid = False
        made = AsanaStage(fake)
        yield made
        made.close()


# -- preparing


def test_the_field_and_the_missing_sections_are_made_once(stage: AsanaStage) -> None:
    options = stage.raw().prepare(["Doing", "Blocked"])
    assert stage.raw().prepare(["doing", "blocked"]) == options
    assert [each["name"] for each in stage.fake.fields.values()] == ["Tracker ID"]
    assert [status.name for status in stage.raw().statuses()].count("Blocked") == 1
    assert len(stage.server.requests("POST", "sections")) == 1


def test_a_field_of_the_workspace_is_used_not_made_again(stage: AsanaStage) -> None:
    field = stage.fake.new_field("Tracker ID", "text")
    assert stage.raw().prepare([])["reference_field"] == field["gid"]
    assert stage.server.requests("POST", "custom_fields$") == []


def test_preparing_goes_on_after_a_lost_answer(stage: AsanaStage) -> None:
    stage.server.fail(Trouble.DROP_AFTER, method="POST", path="^/custom_fields$")
    with pytest.raises(AnswerLost):
        stage.raw().prepare([])
    assert stage.raw().prepare([])["reference_field"] in stage.fake.fields
    assert len(stage.fake.fields) == 1


def test_without_custom_fields_the_notes_hold_the_reference(stage: AsanaStage) -> None:
    stage.fake.paid = False
    assert stage.raw().prepare([]) == {"reference_in": "notes"}
    made = stage.open().create(TaskWrite({"title": "Ship", "description": "Words"}), "trk-1-T-001")
    assert stage.fake.tasks[made.id]["notes"] == "Words\n\n[Tracker ID: trk-1-T-001]"
    assert (made.description, made.reference) == ("Words", "trk-1-T-001")


@pytest.mark.parametrize("notes", ["", "Words", "Two\n\nlines", "[x]"])
def test_a_marker_goes_in_and_out(notes: str) -> None:
    assert without_marker(with_marker(notes, "trk-1-T-001")) == (notes, "trk-1-T-001")


@pytest.mark.parametrize(("paid", "is_read", "requests"), [(True, False, 1), (True, True, 1), (False, True, 1),
                                                            (False, False, 2)])  # fmt: skip
def test_a_new_description_takes_a_look_only_where_the_notes_hold_a_reference_that_is_not_known(
    stage: AsanaStage, paid: bool, is_read: bool, requests: int
) -> None:
    stage.fake.paid = paid
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship", "description": "Words"}), "trk-1-T-001")
    before = len(stage.server.requests())
    write = TaskWrite({"description": "Anew"}, reference="trk-1-T-001")
    changed = adapter.update(made.id, write, made if is_read else None)
    assert (changed.description, changed.reference) == ("Anew", "trk-1-T-001")
    assert len(stage.server.requests()) == before + requests


@pytest.mark.parametrize("how", ["locked", "taken off the project"])
def test_where_the_field_is_refused_the_reference_of_a_change_goes_into_the_notes(stage: AsanaStage, how: str) -> None:
    adapter = stage.open()
    id = stage.they_add("Theirs", {"description": "As it is"})
    if how == "locked":
        stage.fake.locked.update(stage.fake.fields)
    else:
        stage.fake.hide_field(*stage.fake.fields)
    changed = adapter.update(id, TaskWrite({"title": "Ours"}, reference="trk-1-T-001"))
    assert (changed.title, changed.description, changed.reference) == ("Ours", "As it is", "trk-1-T-001")
    assert stage.fake.tasks[id]["notes"] == "As it is\n\n[Tracker ID: trk-1-T-001]"
    assert adapter.find("trk-1-T-001") == changed


def test_a_change_is_done_also_where_no_reference_is_taken(stage: AsanaStage) -> None:
    adapter = stage.open()
    id = stage.they_add("Theirs")
    stage.server.fail(Trouble.STATUS_BEFORE, method="PUT", status=403, after=1, times=5)
    changed = adapter.update(id, TaskWrite({"title": "Ours"}, reference="trk-1-T-001"))
    assert (changed.title, changed.reference) == ("Ours", None)


def test_a_reference_that_only_the_notes_held_moves_into_its_field(stage: AsanaStage) -> None:
    stage.fake.paid = False
    made = stage.open().create(TaskWrite({"title": "Ship", "description": "Words"}), "trk-1-T-001")
    stage.fake.paid = True
    adapter = stage.raw(**stage.raw().prepare([]))
    changed = adapter.update(made.id, TaskWrite({"description": "Anew"}, reference="trk-1-T-001"))
    assert (changed.description, changed.reference) == ("Anew", "trk-1-T-001")
    assert stage.fake.tasks[made.id]["notes"] == "Anew"
    assert adapter.find("trk-1-T-001") == changed


def test_a_marker_is_found_where_people_moved_it() -> None:
    assert without_marker("[Tracker ID: trk-1-T-001] \nBelow") == ("Below", "trk-1-T-001")
    assert without_marker("Say [Tracker ID: x] here") == ("Say [Tracker ID: x] here", None)


def test_a_locked_field_leads_to_the_notes(stage: AsanaStage) -> None:
    adapter = stage.open()
    stage.fake.locked.update(stage.fake.fields)
    made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
    assert made.reference == "trk-1-T-001"
    assert adapter.find("trk-1-T-001") == made
    assert stage.titles() == ["Ship"]


def test_what_is_forbidden_altogether_stays_forbidden(stage: AsanaStage) -> None:
    adapter = stage.open()
    stage.server.fail(Trouble.STATUS_BEFORE, method="POST", path="^/tasks$", status=403, times=50)
    with pytest.raises(NotAllowed):
        adapter.create(TaskWrite({"title": "Ship", "start_on": "2026-11-01", "due_on": "2026-12-01"}), "trk-1-T-001")
    assert len(stage.server.requests("POST", "^/tasks$")) == 4


@pytest.mark.parametrize("words", ["0", "1501", "many", "-1", "٣"])
def test_a_rate_that_cannot_be_is_refused(words: str) -> None:
    with pytest.raises(RequestRefused, match="requests_per_minute"):
        KIND.open(TOKEN, Connection(PROJECT, options={"requests_per_minute": words}))


# -- statuses


def test_a_task_ticked_in_any_section_is_done(stage: AsanaStage) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship", "status": stage.fake.section("Doing")}), "trk-1-T-001")
    stage.fake.edit(made.id, completed=True)
    assert adapter.read([made.id])[made.id].status == stage.fake.section("Done")  # type: ignore[union-attr]


def test_done_and_cancelled_tasks_are_completed_and_come_back_open(stage: AsanaStage) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship", "status": stage.fake.section("Done")}), "trk-1-T-001")
    task = stage.fake.tasks[made.id]
    assert task["completed"] is True
    for name, completed in (("Doing", False), ("Cancelled", True), ("Review", False)):
        adapter.update(made.id, TaskWrite({"status": stage.fake.section(name)}))
        assert (task["completed"], task["memberships"][0]["section"]["name"]) == (completed, name)


def test_without_a_done_section_completing_is_the_status(stage: AsanaStage) -> None:
    for gid in (stage.fake.section("Done"), stage.fake.section("Cancelled")):
        stage.fake.sections[gid]["name"] = "Later"
    adapter = stage.open()
    done = next(status for status in adapter.statuses() if status.is_done)
    assert done.id == COMPLETED
    made = adapter.create(TaskWrite({"title": "Ship", "status": done.id}), "trk-1-T-001")
    assert (made.status, stage.fake.tasks[made.id]["completed"]) == (COMPLETED, True)


def test_a_task_that_is_there_already_is_not_put_there_again(stage: AsanaStage) -> None:
    adapter = stage.open()
    doing = stage.fake.section("Doing")
    made = adapter.create(TaskWrite({"title": "Ship", "status": doing}), "trk-1-T-001")
    adapter.update(made.id, TaskWrite({"title": "Other", "status": doing}))
    assert len(stage.server.requests("POST", "addTask")) == 1


def test_a_section_that_is_gone_is_said_before_anything_is_made(stage: AsanaStage) -> None:
    with pytest.raises(RequestRefused, match="map the statuses anew"):
        stage.open().create(TaskWrite({"title": "Ship", "status": "4711"}), "trk-1-T-001")
    assert stage.titles() == []


def test_a_task_made_but_not_placed_is_found_again(stage: AsanaStage) -> None:
    adapter = stage.open()
    stage.server.fail(Trouble.STATUS_BEFORE, path="addTask", status=400)
    with pytest.raises(AnswerLost, match="not put into its section"):
        adapter.create(TaskWrite({"title": "Ship", "status": stage.fake.section("Doing")}), "trk-1-T-001")
    assert adapter.find("trk-1-T-001") is not None


# -- days


def test_a_start_alone_is_sent_with_the_due_day_that_stands_there(stage: AsanaStage) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship", "due_on": "2026-12-01"}), "trk-1-T-001")
    changed = adapter.update(made.id, TaskWrite({"start_on": "2026-11-24"}))
    assert (changed.start_on, changed.due_on) == (date(2026, 11, 24), date(2026, 12, 1))
    assert adapter.update(made.id, TaskWrite({"start_on": None})).start_on is None


def test_a_start_without_a_due_day_stays_here(stage: AsanaStage) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship", "start_on": "2026-11-24"}), "trk-1-T-001")
    assert made.start_on is None
    assert adapter.update(made.id, TaskWrite({"start_on": "2026-11-24"})).start_on is None


def test_a_plan_without_start_dates_keeps_the_rest(stage: AsanaStage) -> None:
    adapter = stage.open()
    stage.fake.has_starts = False
    write = TaskWrite({"title": "Ship", "start_on": "2026-11-24", "due_on": "2026-12-01"})
    made = adapter.create(write, "trk-1-T-001")
    assert (made.start_on, made.due_on, made.reference) == (None, date(2026, 12, 1), "trk-1-T-001")
    assert adapter.update(made.id, write).due_on == date(2026, 12, 1)
    assert stage.titles() == ["Ship"]


@pytest.mark.parametrize(("zone", "day"), [("America/Los_Angeles", 30), ("UTC", 1), ("Pacific/Auckland", 1)])
def test_a_due_moment_is_the_day_where_the_user_is(
    stage: AsanaStage, monkeypatch: pytest.MonkeyPatch, zone: str, day: int
) -> None:
    adapter = stage.open()
    id = stage.they_add("Ship")
    stage.fake.edit(id, due_at="2026-12-01T03:00:00Z")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        task = adapter.read([id])[id]
        assert task is not None
        assert task.due_on == date(2026, 12 if day == 1 else 11, day)
        adapter.update(id, TaskWrite({"title": "Other"}))
        assert stage.fake.tasks[id]["due_at"] == "2026-12-01T03:00:00Z"
        adapter.update(id, TaskWrite({"due_on": "2026-12-05"}))
        assert (stage.fake.tasks[id]["due_on"], stage.fake.tasks[id]["due_at"]) == ("2026-12-05", None)
    finally:
        monkeypatch.undo()
        time.tzset()


# -- finding and changes


def test_a_clock_that_is_ahead_does_not_hide_a_task(stage: AsanaStage) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
    ahead = stage.fake._last + timedelta(hours=20)
    assert adapter.find("trk-1-T-001", since=ahead.isoformat()) == made


def test_of_copies_with_one_reference_the_oldest_is_ours(stage: AsanaStage) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
    gid = next(iter(stage.fake.fields))
    copy = stage.fake.add("Ship (copy)", custom_fields={gid: "trk-1-T-001"})
    assert adapter.find("trk-1-T-001") == made
    assert adapter.read([copy])[copy].reference == "trk-1-T-001"  # type: ignore[union-attr]


def test_a_task_that_the_list_shows_late_is_found_then(stage: AsanaStage) -> None:
    adapter = stage.open()
    stage.server.late_reads = 2
    adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
    found = [adapter.find("trk-1-T-001") is not None for _ in range(3)]
    assert found == [False, False, True]


def test_being_dragged_to_another_section_is_a_change(stage: AsanaStage) -> None:
    adapter = stage.open()
    id = stage.they_add("Ship")
    (before,) = adapter.changes(None).tasks
    stage.fake.drag(id, stage.fake.section("Review"))
    (after,) = adapter.changes(adapter.next_cursor()).tasks
    assert (before.version != after.version, after.status) == (True, stage.fake.section("Review"))


def test_nothing_new_is_one_request_however_many_tasks(stage: AsanaStage) -> None:
    adapter = stage.open()
    for number in range(300):
        stage.they_add(f"Task {number}")
    list(adapter.changes(None).tasks)
    before = len(stage.server.log)
    assert list(adapter.changes(adapter.next_cursor()).tasks) == []
    assert len(stage.server.log) == before + 1


def test_many_changes_are_read_by_pages(stage: AsanaStage) -> None:
    adapter = stage.open()
    list(adapter.changes(None).tasks)
    for number in range(300):
        stage.they_add(f"Task {number}")
    before = len(stage.server.log)
    assert len(list(adapter.changes(adapter.next_cursor()).tasks)) == 300
    assert len(stage.server.log) - before <= 3 + 4  # pages of events, and of tasks


def test_a_few_changes_among_many_are_two_requests(stage: AsanaStage) -> None:
    adapter = stage.open()
    ids = [stage.they_add(f"Task {number}") for number in range(150)]
    list(adapter.changes(None).tasks)
    stage.fake._clock_of_records = lambda: datetime.now(UTC) + timedelta(days=1)
    for id in ids[:4]:
        stage.fake.edit(id, name="Edited")
    stage.fake.drag(ids[4], stage.fake.section("Doing"))
    before = len(stage.server.log)
    found = {task.id for task in adapter.changes(adapter.next_cursor()).tasks}
    assert found == set(ids[:5])
    assert len(stage.server.log) - before == 3  # events, what was modified, and the one that was only moved


def test_what_left_the_project_is_only_perhaps_gone(stage: AsanaStage) -> None:
    adapter = stage.open()
    kept, deleted, out = (stage.they_add(name) for name in ("Kept", "Deleted", "Out"))
    list(adapter.changes(None).tasks)
    stage.fake.edit(kept, name="Still")
    stage.they_delete(deleted)
    stage.they_take_out(out)
    changes = adapter.changes(adapter.next_cursor())
    assert [task.title for task in changes.tasks] == ["Still"]
    assert sorted(changes.maybe_gone) == sorted([deleted, out])


def test_an_expired_page_is_said(stage: AsanaStage) -> None:
    adapter = stage.open()
    for number in range(150):
        stage.they_add(f"Task {number}")
    tasks = adapter.changes(None).tasks
    next(tasks)
    stage.fake.forget_offsets()
    with pytest.raises(RequestRefused, match="expired"):
        list(tasks)


@pytest.mark.parametrize("body", [
    b"[]", b"null", b'{"data":{}}', b'{"data":[1]}', b'{"data":[{}],"next_page":{}}', b'{"data":[],"next_page":"x"}',
    b'{"data":[{"gid":"1","due_on":"soon"}]}', b'{"data":[{"gid":"1","due_at":5}]}',
    b'{"data":[{"gid":"1","memberships":[],"custom_fields":[7]}]}', b'{"data":[{"gid":7}]}',
])  # fmt: skip
def test_an_answer_of_another_form_is_refused_in_words(
    stage: AsanaStage, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = stage.open()
    stage.they_add("Task")

    def handle(_: object) -> Any:
        return Reply(200, body)

    tasks = adapter.changes(None).tasks
    monkeypatch.setattr(stage.fake, "handle", handle)
    with pytest.raises(RequestRefused, match="not understood"):
        list(tasks)


# -- fields that a project may have


def test_priority_and_key_result_go_where_the_project_has_fields_for_them(stage: AsanaStage) -> None:
    choices = [{"name": name} for name in ("Low", "Medium", "High")]
    priority = stage.fake.new_field("Priority", "enum", choices, PROJECT)
    key_result = stage.fake.new_field("Key result", "text", project=PROJECT)
    options = stage.raw().prepare([])
    adapter = stage.raw(**options)
    assert "priority" in adapter.capabilities.fields
    made = adapter.create(TaskWrite({"title": "Ship", "priority": "high"}, "Signed clients"), "trk-1-T-001")
    assert (made.priority, made.reference) == ("high", "trk-1-T-001")
    values = {each["gid"]: each for each in stage.fake.tasks[made.id]["custom_fields"]}
    assert values[priority["gid"]]["enum_value"]["name"] == "High"
    assert values[key_result["gid"]]["text_value"] == "Signed clients"
    assert adapter.update(made.id, TaskWrite({"priority": "normal"})).priority == "normal"
    assert adapter.update(made.id, TaskWrite({"priority": None})).priority is None
    assert adapter.find("trk-1-T-001") is not None


def test_without_such_fields_nothing_of_them_is_sent(stage: AsanaStage) -> None:
    adapter = stage.open()
    assert "priority" not in adapter.capabilities.fields
    made = adapter.create(TaskWrite({"title": "Ship", "priority": "high"}, "Signed clients"), "trk-1-T-001")
    assert made.priority is None


def test_the_kind_says_how_to_get_a_token() -> None:
    assert (KIND.name, KIND.title) == ("asana", "Asana")
    assert "token" in KIND.token_help
    adapter = KIND.open(TOKEN, Connection(PROJECT, WORKSPACE))
    assert TOKEN not in repr(adapter)
    assert adapter.capabilities.requests_per_minute == 150
    adapter.close()


def test_people_without_an_address_are_people_too(stage: AsanaStage) -> None:
    stage.fake.users[ANA]["email"] = None
    assert {person.email for person in stage.raw().people()} == {None, "Ben@corp.example"}
