"""Messages of Wrike: those of a task, and those of the account that were written since the last run."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.sync.fakes.server import Trouble
from tests.sync.fakes.wrike import BEN, FOLDER, TOKEN, WrikeFake
from tests.sync.wrike_stage import Hours, WrikeStage

from tracker.domain.remote import RequestRefused
from tracker_sync.http import Http
from tracker_sync.wrike.adapter import WrikeAdapter


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def timed(hours: Hours) -> Iterator[WrikeStage]:
    with WrikeFake(hours) as fake:
        stage = WrikeStage(fake)
        yield stage
        stage.close()


def test_comments_of_a_list_that_begins_with_the_newest_are_turned_round(timed: WrikeStage, hours: Hours) -> None:
    timed.fake.newest_comments_first = True
    id = timed.fake.add("Ship")
    for words in ("one", "two <b>", "three"):
        timed.fake.say(id, words)
        hours.pass_by(5)
    found = list(timed.open().comments(id))
    assert [each.text for each in found] == ["one", "two <b>", "three"]
    assert found[0].author is not None
    assert (found[0].author.name, found[0].written_at) == ("Ben Ito", "2026-11-21T09:00:00Z")


def commented(adapter: WrikeAdapter, cursor: str | None) -> list[tuple[str, str]]:
    """What was written since, and the cursor moves on."""
    changes = adapter.changes(cursor)
    list(changes.tasks)
    return list(changes.commented)


def test_a_message_in_the_second_of_a_task_that_was_read_is_listed_apart(timed: WrikeStage, hours: Hours) -> None:
    first, second = timed.fake.add("First"), timed.fake.add("Second")
    adapter = timed.open()
    assert commented(adapter, None) == []
    assert timed.fake.requests("GET", "^/comments$") == []  # everything is read anyway
    cursor = adapter.next_cursor()
    same_second = timed.fake.say(first, "In the same second")
    hours.pass_by(3600)
    later = timed.fake.say(second, "Later")
    hours.pass_by(60)
    assert commented(adapter, cursor) == [(first, same_second), (second, later)]
    (asked,) = timed.fake.requests("GET", "^/comments$")
    assert json.loads(asked.query["createdDate"]) == {"start": "2026-11-21T08:59:00Z", "end": "2026-11-21T10:01:00Z"}
    assert asked.query["limit"] == "1000"


def test_of_messages_only_those_since_the_last_run_are_listed_again(timed: WrikeStage, hours: Hours) -> None:
    id = timed.fake.add("Ship")
    adapter = timed.open()
    commented(adapter, None)
    for _ in range(30):  # the task does not change for a month
        hours.pass_by(86_400)
        said = timed.fake.say(id, "A word")
        timed.fake.tasks[id]["updatedDate"] = "2026-11-21T09:00:00Z"  # comments may well not count as changes
        hours.pass_by(90)
        assert commented(adapter, adapter.next_cursor()) == [(id, said)]
        assert [task.id for task in adapter.changes(adapter.next_cursor()).tasks] == [id]


@pytest.mark.parametrize("days", [6.9, 8, 400])
def test_messages_of_more_than_a_week_ago_are_not_asked_for(timed: WrikeStage, hours: Hours, days: float) -> None:
    id = timed.fake.add("Ship")
    adapter = timed.open()
    commented(adapter, None)
    hours.pass_by(86_400 * days)
    said = timed.fake.say(id, "A word")
    hours.pass_by(90)
    found = commented(adapter, adapter.next_cursor())
    assert found == ([(id, said)] if days < 7 else [])
    assert len(timed.fake.requests("GET", "^/comments$")) == len(found)
    said = timed.fake.say(id, "Another")
    hours.pass_by(5)
    assert (id, said) in commented(adapter, adapter.next_cursor())


def test_messages_that_may_not_be_listed_are_left_to_their_tasks(timed: WrikeStage) -> None:
    adapter = timed.open()
    commented(adapter, None)
    timed.fake.say(timed.fake.add("Ship"), "A word")
    timed.fake.may_list_comments = False
    assert commented(adapter, adapter.next_cursor()) == []
    timed.fake.fail(Trouble.STATUS_BEFORE, path="^/comments$", status=400)
    assert commented(adapter, adapter.next_cursor()) == []


def test_a_message_on_a_folder_belongs_to_no_task(timed: WrikeStage, hours: Hours) -> None:
    adapter = timed.open()
    commented(adapter, None)
    id = timed.fake.add("Ship")
    said = timed.fake.say(id, "A word")
    timed.fake.told["folder"] = [{"id": "IEAACMNT1", "authorId": BEN, "folderId": FOLDER, "text": "On the folder",
                                  "createdDate": "2026-11-21T09:00:00Z"}]  # fmt: skip
    hours.pass_by(1)
    assert commented(adapter, adapter.next_cursor()) == [(id, said)]


def test_a_cursor_of_one_moment_is_still_known(timed: WrikeStage, hours: Hours) -> None:
    id = timed.fake.add("Ship")
    said = timed.fake.say(id, "A word")
    hours.pass_by(60)
    assert commented(timed.open(), "2026-11-21T09:00:00Z") == [(id, said)]


@pytest.mark.parametrize("span", [
    '{"start":"2026-11-01T00:00:00Z","end":"2026-11-08T00:00:01Z"}', '{"start":"2026-11-01T00:00:00Z"}',
    '{"start":"2026-11-01","end":"2026-11-02"}', '{"start":"2026-11-02T00:00:00Z","end":"2026-11-01T00:00:00Z"}',
])  # fmt: skip
def test_the_fake_lists_messages_of_a_week_at_most(timed: WrikeStage, span: str) -> None:
    raw = Http("Wrike", timed.fake.url, TOKEN, requests_per_minute=100_000)
    raw.get("/comments", query={"createdDate": '{"start":"2026-11-01T00:00:00Z","end":"2026-11-08T00:00:00Z"}'})
    for query in ({"createdDate": span}, {"updatedDate": span}, {"limit": "1001"}, {"pageSize": "10"}):
        with pytest.raises(RequestRefused):
            raw.get("/comments", query=query)
    raw.close()
