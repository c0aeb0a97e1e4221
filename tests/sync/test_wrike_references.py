"""How a task that others made in Wrike comes to carry our reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from tests.sync.fakes.server import Trouble
from tests.sync.fakes.wrike import ANA, BEN, OTHER_APP_TOKEN, WrikeFake
from tests.sync.wrike_stage import WrikeStage

from tracker.domain.remote import RequestRefused, TaskWrite


@pytest.fixture
def stage() -> Iterator[WrikeStage]:
    with WrikeFake() as fake:
        stage = WrikeStage(fake)
        yield stage
        stage.close()


def sent(stage: WrikeStage) -> list[dict[str, str]]:
    """The forms of all changes."""
    bodies = (each.body.decode() for each in stage.fake.requests("PUT"))
    return [{name: value for name, (value,) in parse_qs(body).items()} for body in bodies]


def test_it_goes_with_the_change_of_a_task_that_was_read(stage: WrikeStage) -> None:
    adapter = stage.open()
    options = stage.options or {}
    id = stage.fake.add("Theirs", metadata=[{"key": "other", "value": "stays"}])
    there = adapter.read([id])[id]
    adapter.update(id, TaskWrite({"title": "Ours"}, key_result="KR-1", reference="trk-1-T-1"), there)
    (form,) = sent(stage)
    assert json.loads(form["metadata"]) == [{"key": "tracker_id", "value": "trk-1-T-1"}]
    assert json.loads(form["customFields"]) == [
        {"id": options["reference_field"], "value": "trk-1-T-1"}, {"id": options["key_result_field"], "value": "KR-1"},
    ]  # fmt: skip
    raw = {each["key"]: each["value"] for each in stage.fake.shown(stage.task(id))["metadata"]}
    assert raw == {"other": "stays", "tracker_id": "trk-1-T-1"}


@pytest.mark.parametrize("is_read", [True, False])
def test_an_owner_who_has_it_already_leaves_only_the_reference_to_be_written(stage: WrikeStage, is_read: bool) -> None:
    adapter = stage.open()
    id = stage.fake.add("Theirs", addResponsibles=[BEN])
    there = adapter.read([id])[id]
    write = TaskWrite({"owner": BEN}, reference="trk-1-T-1")
    changed = adapter.update(id, write, there if is_read else None)
    assert [set(form) for form in sent(stage)] == [{"metadata", "customFields"}]
    assert adapter.update(id, write, changed) == changed
    assert len(sent(stage)) == 1


@pytest.mark.parametrize("is_read", [True, False])
def test_a_field_that_was_deleted_holds_neither_change_nor_reference_back(stage: WrikeStage, is_read: bool) -> None:
    adapter = stage.open()
    stage.fake.fields.clear()
    id = stage.fake.add("Theirs")
    there = adapter.read([id])[id] if is_read else None
    changed = adapter.update(id, TaskWrite({"title": "Ours"}, reference="trk-1-T-1"), there)
    assert (changed.title, changed.reference) == ("Ours", "trk-1-T-1")
    assert adapter.find("trk-1-T-1") == changed


def test_a_change_is_done_also_where_no_reference_is_taken(stage: WrikeStage) -> None:
    adapter = stage.open()
    id = stage.fake.add("Theirs")
    stage.fake.fail(Trouble.STATUS_BEFORE, method="PUT", status=403, after=1, times=5)
    changed = adapter.update(id, TaskWrite({"title": "Ours"}, reference="trk-1-T-1"))
    assert (changed.title, changed.reference) == ("Ours", None)


def test_what_is_refused_without_the_reference_too_is_said(stage: WrikeStage) -> None:
    adapter = stage.open()
    id = stage.fake.add("Theirs", addResponsibles=[ANA])
    there = adapter.read([id])[id]
    with pytest.raises(RequestRefused, match="addResponsibles"):
        adapter.update(id, TaskWrite({"owner": "KUAANOBODY"}, reference="trk-1-T-1"), there)
    assert stage.task(id)["responsibleIds"] == [ANA]


def test_without_a_field_a_new_description_holds_it_too(stage: WrikeStage) -> None:
    stage.fake.may_make_fields = False
    adapter = stage.open()
    id = stage.fake.add("Theirs")
    changed = adapter.update(id, TaskWrite({"description": "Soon"}, reference="trk-1-T-1"))
    assert (changed.description, len(sent(stage))) == ("Soon", 1)
    (seen,) = stage.open(OTHER_APP_TOKEN).changes(None).tasks
    assert (seen.reference, seen.description) == ("trk-1-T-1", "Soon")


def test_an_answer_that_shows_no_metadata_does_not_say_that_there_is_none(stage: WrikeStage) -> None:
    adapter = stage.open()
    id = stage.fake.add("Theirs", metadata=[{"key": "tracker_id", "value": "trk-2-T-9"}])
    stage.fake.shows_metadata = False
    adapter.update(id, TaskWrite({"title": "Ours"}, reference="trk-1-T-1"))
    assert [set(form) for form in sent(stage)] == [{"title"}]
