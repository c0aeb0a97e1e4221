"""The adapter of Wrike: the contract, and what is Wrike's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sync.contract import LONG_AGO, AdapterContract
from tests.sync.fakes.server import Trouble
from tests.sync.fakes.wrike import (
    ANA,
    BELOW,
    BEN,
    BIN,
    FLOW,
    FOLDER,
    GONE,
    OTHER,
    OTHER_APP_TOKEN,
    SPACE,
    STANDARD_FLOW,
    TEAM,
    TOKEN,
    WrikeFake,
)
from tests.sync.wrike_stage import Hours, WrikeStage

from tracker.domain.plaintext import clean_text
from tracker.domain.remote import CursorTooOld, NotAllowed, RequestRefused, TaskWrite, TryLater
from tracker_sync.http import Http
from tracker_sync.wrike import mapping
from tracker_sync.wrike.settings import DATA_CENTRES


@pytest.fixture
def stage() -> Iterator[WrikeStage]:
    with WrikeFake() as fake:
        fake.rows_of_a_page = 100
        stage = WrikeStage(fake)
        yield stage
        stage.close()


class TestWrike(AdapterContract):
    """Everything that every adapter promises."""


class TestWrikeWithoutFields(AdapterContract):
    """The same where the plan has no custom fields: a line of the description holds our reference too."""

    @pytest.fixture
    def stage(self) -> Iterator[WrikeStage]:
        with WrikeFake() as fake:
            fake.may_make_fields, fake.rows_of_a_page = False, 100
            stage = WrikeStage(fake)
            yield stage
            stage.close()


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def timed(hours: Hours) -> Iterator[WrikeStage]:
    with WrikeFake(hours) as fake:
        stage = WrikeStage(fake)
        yield stage
        stage.close()


@pytest.fixture
def raw(stage: WrikeStage) -> Iterator[Http]:
    """Requests as they are, to try the fake itself."""
    http = Http("Wrike", stage.fake.url, TOKEN, requests_per_minute=100_000)
    yield http
    http.close()


# -- the wire


def test_a_new_task_is_one_form_with_lists_as_json_text(stage: WrikeStage) -> None:
    options = stage.raw().prepare([])
    adapter = stage.open()
    fields = {"title": "Ship & sail", "owner": BEN, "start_on": "2026-11-24", "due_on": "2026-12-01",
              "priority": "high", "status": stage.fake.status("Doing")}  # fmt: skip
    adapter.create(TaskWrite(fields, key_result="KR-3.2"), "trk-1-T-118")
    (sent,) = stage.fake.requests("POST", stage.creates)
    pairs = {name: value for name, (value,) in parse_qs(sent.body.decode(), strict_parsing=True).items()}
    assert pairs.pop("title") == "Ship & sail"
    assert (pairs.pop("importance"), pairs.pop("customStatus")) == ("High", stage.fake.status("Doing"))
    assert {name: json.loads(value) for name, value in pairs.items()} == {
        "dates": {"type": "Planned", "start": "2026-11-24", "due": "2026-12-01"},
        "responsibles": [BEN],
        "metadata": [{"key": "tracker_id", "value": "trk-1-T-118"}],
        "customFields": [{"id": options["reference_field"], "value": "trk-1-T-118"},
                         {"id": options["key_result_field"], "value": "KR-3.2"}],
    }  # fmt: skip


def test_the_fake_ignores_a_json_body(raw: Http, stage: WrikeStage) -> None:
    with pytest.raises(RequestRefused, match="'title' is required"):
        raw.send("POST", f"/folders/{FOLDER}/tasks", body={"title": "Ship"}, repeatable=False)
    id = stage.fake.add("Ship")
    raw.send("PUT", f"/tasks/{id}", body={"title": "Sail"}, repeatable=True)
    assert stage.task(id)["title"] == "Ship"


@pytest.mark.parametrize(("name", "value"), [
    ("colour", "red"), ("responsibles", BEN), ("responsibles", '["KUAANOBODY"]'), ("dates", '{"start":"2026-11-24"}'),
    ("dates", '{"type":"Planned","due":"2026-11-24"}'), ("dates", '{"type":"Milestone","start":"2026-11-24"}'),
    ("dates", '{"type":"Planned","start":"2100-01-01","due":"2100-01-01"}'),
    ("metadata", '[{"key":"tracker id","value":"x"}]'), ("metadata", f'[{{"key":"{"k" * 50}","value":"x"}}]'),
    ("metadata", f'[{{"key":"k","value":"{"v" * 1000}"}}]'), ("importance", "high"), ("customStatus", "IEAANONE"),
    ("customFields", '[{"id":"IEAANONE","value":"x"}]'), ("addResponsibles", f'["{BEN}"]'),
])  # fmt: skip
def test_the_fake_refuses_what_the_reference_does(raw: Http, stage: WrikeStage, name: str, value: str) -> None:
    with pytest.raises(RequestRefused):
        raw.send("POST", f"/folders/{FOLDER}/tasks", form={"title": "Ship", name: value}, repeatable=False)
    assert stage.titles() == []


def test_the_fake_shows_in_lists_what_is_asked_for_and_by_id_refuses_to_be_asked(raw: Http, stage: WrikeStage) -> None:
    id = stage.fake.add("Ship")
    (listed,) = raw.get("/tasks").body["data"]
    (asked,) = raw.get("/tasks", query={"fields": '["responsibleIds"]'}).body["data"]
    assert ("responsibleIds" in listed, "responsibleIds" in asked, "description" in asked) == (False, True, False)
    assert "description" in raw.get(f"/tasks/{id}").body["data"][0]
    with pytest.raises(RequestRefused):
        raw.get(f"/tasks/{id}", query={"fields": '["responsibleIds"]'})
    with pytest.raises(RequestRefused):
        raw.get("/tasks", query={"pageSize": "1001"})


# -- dates


@pytest.mark.parametrize(("start", "due"), [
    (None, "2026-12-01"), ("2026-11-24", "2026-12-01"), (None, None),
    (None, "2026-11-28"), ("2026-11-22", "2026-11-28"),  # weekends
])  # fmt: skip
def test_days_come_back_as_they_went(stage: WrikeStage, start: str | None, due: str | None) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship", "start_on": start, "due_on": due}), "trk-1-T-1")
    assert (made.fields()["start_on"], made.fields()["due_on"]) == (start, due)
    assert stage.task(made.id)["dates"]["type"] == ("Backlog" if due is None else "Planned")


def test_one_end_is_changed_and_the_other_stays(stage: WrikeStage) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship", "start_on": "2026-11-24", "due_on": "2026-12-01"}), "trk-1-T-1")
    later = adapter.update(made.id, TaskWrite({"due_on": "2026-12-08"}))
    assert (later.start_on, later.due_on) == (date(2026, 11, 24), date(2026, 12, 8))
    assert adapter.update(made.id, TaskWrite({"start_on": None})).due_on == date(2026, 12, 8)
    assert adapter.update(made.id, TaskWrite({"due_on": None})).due_on is None


def test_a_start_alone_makes_up_no_due_date(stage: WrikeStage) -> None:
    made = stage.open().create(TaskWrite({"title": "Ship", "start_on": "2026-11-24"}), "trk-1-T-1")
    assert (made.start_on, made.due_on) == (None, None)


def test_a_milestone_stays_one(stage: WrikeStage) -> None:
    id = stage.fake.add("Launch", dates={"type": "Milestone", "due": "2026-12-01T17:00:00"})
    assert stage.open().update(id, TaskWrite({"due_on": "2026-12-02"})).due_on == date(2026, 12, 2)
    assert stage.task(id)["dates"]["type"] == "Milestone"


@pytest.mark.parametrize(("fields", "words"), [
    ({"due_on": "2100-01-01"}, "1970 to 2099"),
    ({"start_on": "2026-12-02", "due_on": "2026-12-01"}, "starts on 2026-12-02"),
    ({"title": " \u200b"}, "without a title"),
])  # fmt: skip
def test_what_cannot_be_kept_there_is_said_before_it_is_sent(
    stage: WrikeStage, fields: dict[str, object], words: str
) -> None:
    adapter = stage.open()
    with pytest.raises(RequestRefused, match=words):
        adapter.create(TaskWrite({"title": "Ship", **fields}), "trk-1-T-1")
    assert stage.fake.requests("POST", stage.creates) == []


# -- statuses, people, priority


def test_statuses_are_those_of_the_folder_without_hidden_ones(stage: WrikeStage) -> None:
    found = stage.open().statuses()
    assert [each.name for each in found] == ["To do", "Doing", "Review", "Done", "Dropped"]
    assert [each.name for each in found if each.is_done] == ["Done"]
    assert [each.name for each in found if each.is_cancelled] == ["Dropped"]
    assert next(each.name for each in stage.open(place=OTHER).statuses()) == "New"


def test_the_workflow_is_kept_so_that_a_run_asks_for_no_folder(stage: WrikeStage) -> None:
    adapter = stage.open()
    before = len(stage.fake.log)
    assert [each.name for each in adapter.statuses()] == ["To do", "Doing", "Review", "Done", "Dropped"]
    assert [each.path for each in stage.fake.log[before:]] == ["/workflows"]


def test_a_folder_without_a_workflow_of_its_own_is_asked_again(stage: WrikeStage) -> None:
    options = stage.raw(place=OTHER).prepare([])
    assert "workflow" not in options
    assert next(each.name for each in stage.raw(place=OTHER, **options).statuses()) == "New"


@pytest.mark.parametrize("how", ["deleted", "changed"])
def test_a_folder_that_has_another_workflow_now_is_seen(stage: WrikeStage, how: str) -> None:
    id = stage.fake.add("Ship", customStatus=stage.fake.status("New"))
    options = {**stage.raw().prepare([]), **({"workflow": "IEAAGONE"} if how == "deleted" else {})}
    stage.fake.folders[FOLDER]["workflowId"] = STANDARD_FLOW
    adapter = stage.raw(**options)
    task = adapter.read([id])[id]
    assert task is not None
    assert task.status == stage.fake.status("New")
    assert [each.name for each in adapter.statuses()] == ["New", "Completed", "On Hold", "Cancelled"]
    assert len(stage.fake.requests("GET", "^/workflows$")) == 1


def test_statuses_of_other_workflows_ask_for_the_folder_once(stage: WrikeStage) -> None:
    for name in ("On Hold", "New", "Old"):
        stage.fake.add("Ship", customStatus=stage.fake.status(name))
    adapter = stage.open()
    before = len(stage.fake.requests("GET", f"^/folders/{FOLDER}$"))
    assert {task.status for task in [*adapter.changes(None).tasks, *adapter.changes(None).tasks]} == {None}
    assert len(stage.fake.requests("GET", f"^/folders/{FOLDER}$")) == before + 1


@pytest.mark.parametrize(("there", "ours"), [("Completed", "Done"), ("Cancelled", "Dropped"), ("On Hold", None)])
def test_a_status_of_another_workflow_says_at_least_whether_it_is_over(
    stage: WrikeStage, there: str, ours: str | None
) -> None:
    id = stage.fake.add("Ship", customStatus=stage.fake.status(there))
    task = stage.open().read([id])[id]
    assert task is not None
    assert task.status == (stage.fake.status(ours) if ours else None)


def test_groups_and_who_left_are_given_no_tasks(stage: WrikeStage) -> None:
    people = {each.id: each.email for each in stage.open().people()}
    assert people == {ANA: "ana@corp.example", BEN: "Ben@corp.example"}
    assert {TEAM, GONE}.isdisjoint(people)


def test_a_new_owner_takes_the_place_of_all_who_had_it(stage: WrikeStage) -> None:
    id = stage.fake.add("Ship", addResponsibles=[ANA, TEAM])
    assert stage.open().update(id, TaskWrite({"owner": BEN})).owner == BEN
    (sent,) = stage.fake.requests("PUT")
    pairs = {name: json.loads(value) for name, (value,) in parse_qs(sent.body.decode()).items()}
    assert pairs == {"addResponsibles": [BEN], "removeResponsibles": [ANA, TEAM]}


def test_the_same_owner_is_not_written_again(stage: WrikeStage) -> None:
    id = stage.fake.add("Ship", addResponsibles=[BEN])
    assert stage.open().update(id, TaskWrite({"owner": BEN})).owner == BEN
    assert stage.fake.requests("PUT") == []


# -- changing what was read a moment ago


def test_a_task_read_a_moment_ago_is_changed_without_another_look(stage: WrikeStage) -> None:
    milestone = {"type": "Milestone", "due": "2026-12-01T17:00:00"}
    id = stage.fake.add("Launch", dates=milestone, addResponsibles=[ANA, TEAM])
    adapter = stage.open()
    for there in (adapter.read([id])[id], *adapter.changes(None).tasks):
        stage.they_change(id, {"owner": ANA})
        stage.fake.edit(id, addResponsibles=[TEAM])
        before = len(stage.fake.log)
        changed = adapter.update(id, TaskWrite({"owner": BEN, "due_on": "2026-12-02"}), there)
        assert [each.method for each in stage.fake.log[before:]] == ["PUT"]
        assert (changed.owner, changed.due_on) == (BEN, date(2026, 12, 2))
        assert (stage.task(id)["responsibleIds"], stage.task(id)["dates"]["type"]) == ([BEN], "Milestone")
    asked = len(stage.fake.log)
    assert adapter.update(id, TaskWrite({"owner": BEN}), changed) == changed
    assert len(stage.fake.log) == asked


@pytest.mark.parametrize("fields", [{"owner": BEN}, {"owner": BEN, "title": "Sail"}, {"owner": None, "title": "Sail"}])
def test_who_was_added_meanwhile_is_taken_off_before_anything_is_refused(
    stage: WrikeStage, fields: dict[str, object]
) -> None:
    adapter = stage.open()
    id = stage.fake.add("Ship", addResponsibles=[ANA])
    there = adapter.read([id])[id]
    stage.fake.edit(id, addResponsibles=[TEAM])
    assert adapter.update(id, TaskWrite(fields), there).owner == fields["owner"]
    assert stage.task(id)["responsibleIds"] == [each for each in [fields["owner"]] if each]
    assert [len(stage.fake.requests(each, "^/tasks/")) for each in ("GET", "PUT")] == [1, 2]


def test_the_owner_who_was_taken_off_meanwhile_is_given_it_again(stage: WrikeStage) -> None:
    adapter = stage.open()
    id = stage.fake.add("Ship", addResponsibles=[BEN])
    there = adapter.read([id])[id]
    stage.they_change(id, {"owner": ANA})
    assert adapter.update(id, TaskWrite({"owner": BEN, "title": "Sail"}), there).owner == BEN
    assert stage.task(id)["responsibleIds"] == [BEN]


def test_an_owner_that_is_not_taken_is_tried_once_more_and_then_said(stage: WrikeStage) -> None:
    adapter = stage.open()
    id = stage.fake.add("Ship", addResponsibles=[ANA])
    there = adapter.read([id])[id]
    stage.fake.locked.add("addResponsibles")
    with pytest.raises(RequestRefused, match="did not take the owner"):
        adapter.update(id, TaskWrite({"owner": BEN}), there)
    assert len(stage.fake.requests("PUT")) == 2


@pytest.mark.parametrize("priority", ["high", "normal", "low"])
def test_priorities_are_importances(stage: WrikeStage, priority: str) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship", "priority": priority}), "trk-1-T-1")
    assert made.priority == priority
    assert adapter.update(made.id, TaskWrite({"priority": None})).priority == "normal"


@pytest.mark.parametrize(("name", "fields"), [
    ("title", {"title": "Sail"}), ("importance", {"priority": "high"}), ("customStatus", {"status": "Done"}),
    ("addResponsibles", {"owner": BEN}),
])  # fmt: skip
def test_a_change_that_was_not_carried_out_is_said(stage: WrikeStage, name: str, fields: dict[str, object]) -> None:
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-1")
    stage.fake.locked.add(name)
    fields = {key: stage.fake.status("Done") if key == "status" else value for key, value in fields.items()}
    with pytest.raises(RequestRefused, match="Wrike did not take the"):
        adapter.update(made.id, TaskWrite(fields))


# -- the reference


def test_another_application_finds_its_task_by_the_custom_field(stage: WrikeStage) -> None:
    made = stage.open().create(TaskWrite({"title": "Ship"}), "trk-1-T-1")
    found = stage.open(OTHER_APP_TOKEN).find("trk-1-T-1")
    assert found is not None
    assert (found.id, found.reference) == (made.id, "trk-1-T-1")
    assert stage.raw(OTHER_APP_TOKEN).find("trk-1-T-1") is None


def test_without_leave_to_make_fields_the_metadata_is_found_first(stage: WrikeStage) -> None:
    stage.fake.may_make_fields = False
    options = stage.raw().prepare([])
    assert options == {"recycle_bin": BIN, "workflow": FLOW}
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship"}, key_result="KR-1"), "trk-1-T-1")
    assert (made.reference, adapter.find("trk-1-T-1")) == ("trk-1-T-1", made)


def test_without_fields_another_application_finds_its_task_by_a_line_of_the_description(stage: WrikeStage) -> None:
    stage.fake.may_make_fields = False
    made = stage.open().create(TaskWrite({"title": "Ship", "description": "Soon <b>"}), "trk-1-T-1")
    assert stage.task(made.id)["description"] == "Soon &lt;b&gt;<br /><br />[Tracker ID: trk-1-T-1]"
    other = stage.open(OTHER_APP_TOKEN)
    (listed,) = other.changes(None).tasks
    assert (listed.reference, listed.description) == ("trk-1-T-1", "Soon <b>")
    assert other.find("trk-1-T-1", since=LONG_AGO) == listed
    assert (other.find("trk-1-T-1"), other.find("trk-1-T-12", since=LONG_AGO)) == (None, None)


@pytest.mark.parametrize("words", ["Anew", "", None])
@pytest.mark.parametrize("is_read", [True, False])
def test_the_line_stays_when_the_description_is_changed(stage: WrikeStage, words: str | None, is_read: bool) -> None:
    stage.fake.may_make_fields = False
    id = stage.open().create(TaskWrite({"title": "Ship", "description": "Soon"}), "trk-1-T-1").id
    stage.fake.may_make_fields, stage.options = True, None  # it has a field since, and the task was made before
    adapter = stage.open(OTHER_APP_TOKEN)
    there = adapter.read([id])[id] if is_read else None
    changed = adapter.update(id, TaskWrite({"description": words}), there)
    assert (changed.reference, changed.description) == ("trk-1-T-1", words or "")
    assert stage.task(id)["description"].endswith("[Tracker ID: trk-1-T-1]")


def test_with_a_field_the_description_holds_nothing_of_ours(stage: WrikeStage) -> None:
    made = stage.open().create(TaskWrite({"title": "Ship"}), "trk-1-T-1")
    assert stage.task(made.id)["description"] == ""


def test_a_new_task_that_the_index_does_not_show_yet_is_found_in_the_folder(stage: WrikeStage) -> None:
    stage.fake.late_reads = 2
    adapter = stage.open()
    made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-1")
    assert adapter.find("trk-1-T-1", since=LONG_AGO) == made


def test_a_deleted_task_is_not_found_by_its_reference(stage: WrikeStage) -> None:
    adapter = stage.open()
    stage.fake.trash(adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-1").id)
    assert adapter.find("trk-1-T-1", since=LONG_AGO) is None


# -- what is gone


def test_the_recycle_bin_is_a_deletion_and_so_is_what_was_erased(stage: WrikeStage) -> None:
    adapter = stage.open()
    kept, binned, erased = (stage.fake.add(title) for title in ("Kept", "Binned", "Erased"))
    stage.fake.trash(binned)
    stage.fake.erase(erased)
    found = adapter.read([kept, binned, erased])
    assert found[erased] is None
    assert [each.is_deleted for id in (kept, binned) if (each := found[id]) is not None] == [False, True]


def test_what_is_left_out_of_an_answer_is_not_taken_for_deleted(stage: WrikeStage) -> None:
    stage.fake.leaves_out_unknown = True
    kept = stage.fake.add("Kept")
    assert set(stage.open().read([kept, "IEAAUNKNOWN"])) == {kept}


def test_the_bin_hints_at_what_is_gone_since(stage: WrikeStage) -> None:
    adapter = stage.open()
    id = stage.fake.add("Ship")
    list(adapter.changes(None).tasks)
    stage.fake.trash(id)
    assert list(adapter.changes(adapter.next_cursor()).maybe_gone) == [id]
    stage.fake.fail(Trouble.STATUS_BEFORE, path=BIN, status=403)
    assert list(adapter.changes(adapter.next_cursor()).maybe_gone) == []


def test_a_folder_below_and_a_task_above_still_belong_to_the_place(stage: WrikeStage) -> None:
    adapter = stage.open()
    below = stage.fake.add("Below", folder=BELOW)
    sub = stage.fake.add("Sub", folder=OTHER, superTasks=[below])
    elsewhere = stage.fake.add("Elsewhere", folder=OTHER)
    gone = {id: task.is_deleted for id, task in adapter.read([below, sub, elsewhere]).items() if task}
    assert gone == {below: False, sub: False, elsewhere: True}
    assert len(stage.fake.requests("GET", f"^/folders/{FOLDER}/folders$")) == 1


# -- what changed


def test_changes_overlap_by_a_minute_and_no_more(timed: WrikeStage, hours: Hours) -> None:
    adapter = timed.open()
    old = timed.fake.add("Old")
    hours.pass_by(30)
    recent = timed.fake.add("Recent")
    hours.pass_by(40)
    newest = timed.fake.add("Newest")
    list(adapter.changes(None).tasks)
    assert str(adapter.next_cursor()).split() == ["2026-11-21T09:01:10Z", "2026-11-21T09:01:10Z"]
    assert [task.id for task in adapter.changes(adapter.next_cursor()).tasks] == [recent, newest]
    hours.pass_by(3600)
    timed.fake.edit(old, title="Anew")
    assert old in {task.id for task in adapter.changes("2026-11-21T09:01:10Z").tasks}


def test_a_task_that_changes_between_two_pages_comes_once_and_is_not_missed(timed: WrikeStage, hours: Hours) -> None:
    timed.fake.rows_of_a_page = 10
    ids = [timed.fake.add(f"Task {number}") for number in range(25)]
    adapter = timed.open()
    hours.pass_by(600)
    reading = adapter.changes(None).tasks
    first = next(reading)
    timed.fake.edit(first.id, title="Changed while it was read")
    timed.fake.edit(ids[24], title="Too")
    assert sorted([first.id, *(task.id for task in reading)]) == sorted(ids)
    again = {task.id: task.title for task in adapter.changes(adapter.next_cursor()).tasks}
    assert again[first.id] == "Changed while it was read"


def test_an_empty_folder_gives_a_cursor_that_misses_nothing(timed: WrikeStage) -> None:
    adapter = timed.open()
    assert list(adapter.changes(None).tasks) == []
    id = timed.fake.add("First")
    assert [task.id for task in adapter.changes(adapter.next_cursor()).tasks] == [id]


def test_a_cursor_that_is_no_moment_asks_for_everything(stage: WrikeStage) -> None:
    with pytest.raises(CursorTooOld):
        stage.open().changes("tok0")


def test_nothing_new_takes_two_requests(timed: WrikeStage, hours: Hours) -> None:
    for number in range(300):
        timed.fake.add(f"Task {number}")
    adapter = timed.open()
    list(adapter.changes(None).tasks)
    cursor = adapter.next_cursor()
    hours.pass_by(3600)
    timed.fake.add("New")
    list(adapter.changes(cursor).tasks)
    before = len(timed.fake.log)
    list(adapter.changes(adapter.next_cursor()).tasks)
    assert len(timed.fake.log) - before == 2


# -- text


@pytest.mark.parametrize(("markup", "words"), [
    ("one<br />two<br>three", "one\ntwo\nthree"),
    ("<p>one</p><p>two &amp; &lt;three&gt;</p>", "one\ntwo & <three>"),
    ("<div>Do:</div><ul><li>this</li><li><b>that</b></li></ul>", "Do:\n- this\n- that"),
    ('see <a href="https://x.example/1">https://x.example/1</a> and <a href="https://y.example">y</a>',
     "see https://x.example/1 and y (https://y.example)"),
    ('<a href="javascript:alert(1)">tap</a><script>alert(2)</script>', "tap"),
    ("a\n  b&nbsp;&nbsp;c", "a b  c"),
    ("<table><tr><td>1</td><td>2</td></tr></table>end", "1 | 2\nend"),
    ("<b>not closed", "not closed"), ("plain  text\n", "plain text"), ("", ""), ("1 < 2 & 3", "1 < 2 & 3"),
    ("\x1b[31mred\x07<br/>\u202ex", "red\nx"),
])  # fmt: skip
def test_descriptions_are_read_as_plain_text(markup: str, words: str) -> None:
    assert mapping.plain(markup) == words


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_comes_back_from_its_markup(words: str) -> None:
    assert mapping.plain(mapping.rich(words)) == clean_text(clean_text(words).replace("\xa0", " "))


@pytest.mark.parametrize("words", ["a\n\nb", "  in\n    deeper  still", "<b>&amp;</b>", "- one\n- two", "x" * 3_000])
def test_our_text_comes_back_as_it_went(words: str) -> None:
    assert mapping.plain(mapping.rich(words)) == clean_text(words)


# -- limits and errors


def test_the_published_limit_is_never_reached(stage: WrikeStage) -> None:
    adapter = stage.open()
    stage.fake.limit(400, lambda: stage.time)
    for number in range(900):
        adapter.create(TaskWrite({"title": "Ship"}), f"trk-1-T-{number}")
    assert {each.status for each in stage.fake.log} == {200}
    assert stage.time <= 1.2 * 60 * 900 / 400


def test_too_many_requests_without_a_time_to_wait_are_backed_off(stage: WrikeStage) -> None:
    adapter = stage.open()
    before = stage.paused
    stage.fake.fail(Trouble.STATUS_BEFORE, status=429, times=3)
    assert adapter.whoami().id == ANA
    assert stage.paused - before >= 1 + 2 + 4
    stage.fake.fail(Trouble.STATUS_BEFORE, status=429, times=50)
    with pytest.raises(TryLater):
        adapter.whoami()


@pytest.mark.parametrize(("answer", "error"), [(401, NotAllowed), (300, RequestRefused)])
def test_a_wrong_data_centre_is_said_with_the_right_ones(
    stage: WrikeStage, answer: int, error: type[Exception]
) -> None:
    adapter = stage.open()
    stage.fake.wrong_centre = answer
    with pytest.raises(error) as caught:
        adapter.whoami()
    assert all(address in str(caught.value) for address in DATA_CENTRES)


def test_places_are_named_by_their_paths(stage: WrikeStage) -> None:
    adapter = stage.open()
    assert [each.name for each in adapter.workspaces()] == ["Delivery"]
    assert {each.id: each.name for each in adapter.places(SPACE)}[BELOW] == "Delivery / Launch / Parser"


def test_a_request_that_is_not_known_there_does_not_mean_that_a_task_is_gone(stage: WrikeStage) -> None:
    adapter = stage.open()
    adapter.statuses()
    stage.fake.fail(Trouble.STATUS_BEFORE, path="^/tasks/", status=404)
    with pytest.raises(RequestRefused):
        adapter.read(["IEAATASK1"])
