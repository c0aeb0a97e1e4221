"""What every adapter promises, written once. Subclass `AdapterContract` and provide `stage`.

A stage is the fake remote seen from both sides: adapters that are opened to it, and what somebody does there by hand.
What a remote cannot hold is left out by its `Capabilities`, never by skipping a promise.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date

import pytest
from tests.sync.fakes.server import FakeServer, Trouble

from tracker.domain.remote import (
    Adapter,
    AnswerLost,
    CursorTooOld,
    NotAllowed,
    RemoteError,
    RemoteTask,
    RequestRefused,
    TaskWrite,
    TryLater,
)

LONG_AGO = "2026-01-01T00:00:00Z"
NAUGHTY = "Ship <b>it</b> & \"that\" 'now' \u202e\x1b[31mred\x07 日本 \U0001f680"
VISIBLE = "Ship <b>it</b> & \"that\" 'now' red 日本 \U0001f680"


class Stage(ABC):
    """One place of a fake remote with an owner's token, and hands there."""

    server: FakeServer
    token: str
    me: str
    """Id of the person whose token it is."""
    other: str
    """Id of somebody else who can be given tasks."""
    elsewhere: str
    """Another place of the account, for `open`."""
    creates: str
    """Method and path of the request that makes a task: an expression for `FakeServer.fail`."""
    comments_path: str
    """Path of the request that makes a comment, the same way."""
    paused: float
    """Seconds that adapters of `open` waited, by the clock of the stage."""

    @abstractmethod
    def open(self, token: str | None = None, *, place: str | None = None) -> Adapter:
        """An adapter as it is after connecting (`prepare` was called), that waits without time passing."""

    @abstractmethod
    def they_add(self, title: str, fields: Mapping[str, object] | None = None) -> str:
        """Somebody makes a task in the place, by the names of `FIELDS`; its id."""

    @abstractmethod
    def they_change(self, id: str, fields: Mapping[str, object]) -> None:
        """Somebody changes fields, by the names of `FIELDS`."""

    @abstractmethod
    def they_say(self, id: str, text: str) -> str:
        """Somebody else than `me` writes on a task; the id of the comment."""

    @abstractmethod
    def they_delete(self, id: str) -> None:
        """Somebody deletes a task."""

    @abstractmethod
    def they_take_out(self, id: str) -> None:
        """Somebody takes a task out of the place."""

    @abstractmethod
    def forget_cursors(self) -> bool:
        """Make every cursor too old; False where the remote has none that can be."""

    @abstractmethod
    def titles(self) -> list[str]:
        """Titles of the tasks of the place."""


class AdapterContract:
    """The promises."""

    # -- who and where

    def test_the_token_has_an_owner(self, stage: Stage) -> None:
        assert stage.open().whoami().id == stage.me

    def test_places_are_found_by_workspace(self, stage: Stage) -> None:
        adapter = stage.open()
        found = [place for workspace in adapter.workspaces() for place in adapter.places(workspace.id)]
        assert all(place.id and place.name for place in found)
        assert len(found) == len({place.id for place in found}) > 0

    def test_people_can_be_matched_by_mail(self, stage: Stage) -> None:
        people = {person.id: person for person in stage.open().people()}
        assert {stage.me, stage.other} <= set(people)
        assert "@" in (people[stage.me].email or "")

    def test_statuses_say_which_means_done(self, stage: Stage) -> None:
        statuses = stage.open().statuses()
        assert len({status.id for status in statuses}) == len(statuses)
        assert any(status.is_done for status in statuses)
        assert any(not status.is_done and not status.is_cancelled for status in statuses)

    def test_preparing_twice_is_harmless(self, stage: Stage) -> None:
        first = stage.open().prepare([])
        assert stage.open().prepare([]) == first

    # -- making

    def test_a_task_carries_its_reference_and_fields_from_the_first_moment(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-1-T-001")
        assert (made.reference, made.title) == ("trk-1-T-001", "Ship the parser")
        assert adapter.read([made.id]) == {made.id: made}
        assert len(stage.server.requests("POST", stage.creates)) == 1
        assert made.description == "First line\n\nSecond: 1 < 2 & so on"
        assert (made.owner, made.status) == (stage.other, _open_status(adapter))
        assert made.due_on == date(2026, 12, 1)
        if "start_on" in adapter.capabilities.fields:
            assert made.start_on == date(2026, 11, 24)

    def test_fields_come_back_as_iso_text(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-1-T-001")
        assert made.fields()["due_on"] == "2026-12-01"
        again = adapter.update(made.id, TaskWrite(_known(adapter, made.fields())))
        assert again.fields() == made.fields()

    @pytest.mark.parametrize("trouble", [Trouble.DROP_AFTER, Trouble.GARBAGE, Trouble.HALF, Trouble.STATUS_AFTER])
    def test_after_a_lost_answer_the_task_is_found_and_there_once(self, stage: Stage, trouble: Trouble) -> None:
        adapter = stage.open()
        stage.server.fail(trouble, method="POST", path=stage.creates)
        with pytest.raises(AnswerLost):
            adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
        found = adapter.find("trk-1-T-001", since=LONG_AGO)
        assert found is not None
        assert (found.title, found.reference) == ("Ship", "trk-1-T-001")
        assert stage.titles() == ["Ship"]

    def test_what_was_not_made_is_not_found(self, stage: Stage) -> None:
        adapter = stage.open()
        stage.server.fail(Trouble.DROP_BEFORE, method="POST", path=stage.creates)
        with pytest.raises(AnswerLost):
            adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
        assert adapter.find("trk-1-T-001", since=LONG_AGO) is None
        assert adapter.find("trk-1-T-001") is None

    def test_a_reference_is_not_found_by_the_beginning_of_another(self, stage: Stage) -> None:
        adapter = stage.open()
        adapter.create(TaskWrite({"title": "Ten"}), "trk-1-T-010")
        assert adapter.find("trk-1-T-01") is None
        assert adapter.find("trk-1-T-0100") is None

    def test_the_same_reference_in_another_place_is_of_another_connection(self, stage: Stage) -> None:
        here, there = stage.open(), stage.open(place=stage.elsewhere)
        there.prepare([])
        other = there.create(TaskWrite({"title": "Elsewhere"}), "trk-1-T-001")
        assert here.find("trk-1-T-001", since=LONG_AGO) is None
        assert here.find("trk-1-T-001") is None
        made = here.create(TaskWrite({"title": "Here"}), "trk-1-T-001")
        found = [each.find("trk-1-T-001", since=LONG_AGO) for each in (here, there)]
        assert [task and task.id for task in found] == [made.id, other.id]

    def test_a_create_above_the_rate_is_sent_again_and_made_once(self, stage: Stage) -> None:
        adapter = stage.open()
        stage.server.fail(Trouble.STATUS_BEFORE, method="POST", path=stage.creates, status=429, retry_after="7")
        before = stage.paused
        adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
        assert stage.paused - before >= 7
        assert stage.titles() == ["Ship"]

    # -- changing

    def test_only_what_is_given_is_changed(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-1-T-001")
        changed = adapter.update(made.id, TaskWrite({"title": "Ship the lexer"}))
        assert changed.fields() == {**made.fields(), "title": "Ship the lexer"}
        assert changed.reference == "trk-1-T-001"
        assert adapter.read([made.id]) == {made.id: changed}

    @pytest.mark.parametrize("told", [None, "trk-1-T-001"])
    def test_a_new_description_keeps_the_reference(self, stage: Stage, told: str | None) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-1-T-001")
        changed = adapter.update(made.id, TaskWrite({"description": "Anew"}, reference=told))
        assert (changed.description, changed.reference) == ("Anew", "trk-1-T-001")
        assert adapter.read([made.id]) == {made.id: changed}

    @pytest.mark.parametrize("is_read", [True, False])
    @pytest.mark.parametrize("fields", [{"title": "Ours"}, {"description": "Ours"}, {"due_on": "2026-12-02"}, {}])
    def test_a_task_of_theirs_is_given_the_reference_it_is_told(
        self, stage: Stage, fields: dict[str, object], is_read: bool
    ) -> None:
        adapter = stage.open()
        id = stage.they_add("Theirs", {"description": "a < b\n\nc", "owner": stage.me, "due_on": "2026-12-01"})
        there = _read(adapter, id)
        changed = adapter.update(id, TaskWrite(fields, reference="trk-1-T-001"), there if is_read else None)
        assert changed.fields() == {**there.fields(), **fields}
        found = adapter.find("trk-1-T-001")
        assert found == changed == _read(adapter, id)
        before = len(stage.server.log)
        again = adapter.update(id, TaskWrite({"title": "Again"}, reference="trk-1-T-001"), found if is_read else None)
        assert len(stage.server.log) == before + 1
        assert again.fields() == {**changed.fields(), "title": "Again"}

    @pytest.mark.parametrize("is_read", [True, False])
    @pytest.mark.parametrize("fields", [{"title": "Ours"}, {"description": "Ours"}])
    def test_another_reference_is_never_overwritten(
        self, stage: Stage, fields: dict[str, object], is_read: bool
    ) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-2-T-007")
        changed = adapter.update(made.id, TaskWrite(fields, reference="trk-1-T-001"), made if is_read else None)
        assert (changed.reference, changed.fields()) == ("trk-2-T-007", {**made.fields(), **fields})
        assert adapter.find("trk-1-T-001") is None
        assert adapter.find("trk-2-T-007") == changed

    def test_fields_can_be_emptied(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-1-T-001")
        empty = _known(adapter, {"description": None, "owner": None, "start_on": None, "due_on": None})
        emptied = adapter.update(made.id, TaskWrite(empty))
        assert (emptied.description, emptied.owner, emptied.start_on, emptied.due_on) == ("", None, None, None)
        assert emptied.title == made.title

    def test_every_status_can_be_given_and_is_read_back(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
        for status in adapter.statuses():
            assert adapter.update(made.id, TaskWrite({"status": status.id})).status == status.id
            assert adapter.read([made.id])[made.id].status == status.id  # type: ignore[union-attr]

    def test_saying_the_same_twice_is_harmless(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-1-T-001")
        same = TaskWrite(_known(adapter, made.fields()))
        assert adapter.update(made.id, same).fields() == adapter.update(made.id, same).fields() == made.fields()

    def test_a_task_that_was_read_a_moment_ago_is_changed_to_the_same_end(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-1-T-001")
        there = _read(adapter, made.id)
        stage.they_change(made.id, {"owner": stage.me, "title": "Theirs"})  # since then
        wanted = _known(adapter, {"owner": stage.other, "due_on": "2026-12-02", "description": "Anew"})
        changed = adapter.update(made.id, TaskWrite(wanted), there)
        assert changed == _read(adapter, made.id)
        assert changed.fields() == {**made.fields(), **wanted, "title": "Theirs"}
        assert changed.reference == "trk-1-T-001"

    def test_a_change_gives_another_version(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-1-T-001")
        seen = {made.version}
        done = next(status.id for status in adapter.statuses() if status.is_done)
        for fields in ({"title": "Other"}, {"status": done}):
            stage.they_change(made.id, fields)
            task = _read(adapter, made.id)
            assert task.version not in seen
            seen.add(task.version)

    # -- reading

    def test_what_is_deleted_is_positively_gone(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
        stage.they_delete(made.id)
        found = adapter.read([made.id])
        assert set(found) == {made.id}
        assert found[made.id] is None or found[made.id].is_deleted  # type: ignore[union-attr]

    def test_what_was_taken_out_of_the_place_is_gone_from_it(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
        stage.they_take_out(made.id)
        found = adapter.read([made.id])[made.id]
        assert found is None or found.is_deleted

    def test_a_read_that_fails_says_nothing_is_gone(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
        stage.server.fail(Trouble.STATUS_BEFORE, status=503, times=50)
        with pytest.raises(TryLater):
            adapter.read([made.id])

    def test_changes_since_a_cursor_are_all_there_and_no_others(self, stage: Stage) -> None:
        adapter = stage.open()
        ids = [stage.they_add(f"Task {number}") for number in range(5)]
        assert {task.id for task in adapter.changes(None).tasks} == set(ids)
        cursor = adapter.next_cursor()
        new = stage.they_add("New")
        done = next(status.id for status in adapter.statuses() if status.is_done)
        stage.they_change(ids[0], {"title": "Edited"})
        stage.they_change(ids[1], {"status": done})
        stage.they_say(ids[2], "A word")
        stage.they_delete(ids[3])
        later = stage.open()
        changes = later.changes(cursor)
        found = {task.id: task for task in changes.tasks}
        assert {ids[0], ids[1], ids[2], new} <= set(found)
        assert (found[ids[0]].title, found[ids[1]].status) == ("Edited", done)
        assert ids[3] not in found
        after = stage.open().changes(later.next_cursor())
        assert {task.id for task in after.tasks} <= set(found)

    def test_a_cursor_that_is_too_old_says_so(self, stage: Stage) -> None:
        adapter = stage.open()
        stage.they_add("Task")
        list(adapter.changes(None).tasks)
        if stage.forget_cursors():
            with pytest.raises(CursorTooOld):
                list(adapter.changes(adapter.next_cursor()).tasks)
        assert [task.title for task in adapter.changes(None).tasks] == ["Task"]

    def test_more_than_a_page_is_read_to_its_end(self, stage: Stage) -> None:
        adapter = stage.open()
        ids = {stage.they_add(f"Task {number}") for number in range(230)}
        found = [task.id for task in adapter.changes(None).tasks]
        assert len(found) == 230
        assert set(found) == ids
        assert set(adapter.read(sorted(ids))) == ids

    def test_days_are_plain_dates_whatever_the_zone(self, stage: Stage) -> None:
        adapter = stage.open()
        for day in ("2026-01-01", "2026-03-29", "2026-10-25", "2028-02-29", "2026-12-31"):
            made = adapter.create(TaskWrite({"title": day, "due_on": day}), f"trk-1-{day}")
            assert made.due_on == date.fromisoformat(day)
            assert adapter.update(made.id, TaskWrite({"title": "x"})).due_on == made.due_on

    def test_text_of_others_is_read_without_what_must_not_be_shown(self, stage: Stage) -> None:
        adapter = stage.open()
        id = stage.they_add(NAUGHTY, {"description": f"{NAUGHTY}\nsecond"})
        task = _read(adapter, id)
        assert (task.title, task.description) == (VISIBLE, f"{VISIBLE}\nsecond")
        stage.they_say(id, NAUGHTY)
        assert [comment.text for comment in adapter.comments(id)] == [VISIBLE]

    def test_markup_in_our_own_text_comes_back_as_it_went(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(TaskWrite({"title": VISIBLE, "description": f"<i>1</i> &amp;\n{VISIBLE}"}), "trk-1-T-1")
        assert (made.title, made.description) == (VISIBLE, f"<i>1</i> &amp;\n{VISIBLE}")

    # -- comments

    def test_comments_are_what_people_wrote_oldest_first(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(_write(adapter, stage), "trk-1-T-001")
        adapter.update(made.id, TaskWrite({"title": "Other", "owner": stage.me}))
        mine = adapter.comment(made.id, "Is it ready?\n1 < 2")
        theirs = stage.they_say(made.id, "Nearly.")
        found = list(adapter.comments(made.id))
        assert [(one.id, one.text) for one in found] == [(mine.id, "Is it ready?\n1 < 2"), (theirs, "Nearly.")]
        assert found[0].author is not None
        assert found[0].author.id == stage.me

    def test_messages_that_are_listed_apart_are_those_that_were_written_since(self, stage: Stage) -> None:
        adapter = stage.open()
        ids = [stage.they_add(title) for title in ("One", "Two")]
        list(adapter.changes(None).tasks)
        written = {(id, stage.they_say(id, "A word")) for id in ids}
        changes = adapter.changes(adapter.next_cursor())
        list(changes.tasks)
        assert set(changes.commented) <= written  # those of this second may come the next time

    def test_a_comment_whose_answer_is_lost_is_there_to_be_looked_up(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001")
        stage.server.fail(Trouble.DROP_AFTER, method="POST", path=stage.comments_path)
        with pytest.raises(AnswerLost):
            adapter.comment(made.id, "Once")
        assert [comment.text for comment in adapter.comments(made.id)] == ["Once"]

    # -- errors

    def test_an_unknown_person_is_refused_and_changes_nothing(self, stage: Stage) -> None:
        adapter = stage.open()
        made = adapter.create(TaskWrite({"title": "Ship", "owner": stage.me}), "trk-1-T-001")
        with pytest.raises(RequestRefused):
            adapter.update(made.id, TaskWrite({"owner": "nobody-of-that-id"}))
        assert _read(adapter, made.id).owner == stage.me

    def test_a_wrong_token_is_not_allowed(self, stage: Stage) -> None:
        with pytest.raises(NotAllowed):
            stage.open("0/wrong-token").whoami()

    def test_an_unknown_place_is_refused(self, stage: Stage) -> None:
        with pytest.raises((RequestRefused, NotAllowed)):
            list(stage.open(place="9999999999").changes(None).tasks)

    @pytest.mark.parametrize(("status", "error"), [
        (400, RequestRefused), (402, NotAllowed), (403, NotAllowed), (500, TryLater), (503, TryLater),
    ])  # fmt: skip
    def test_errors_of_the_remote_are_told_apart(self, stage: Stage, status: int, error: type[RemoteError]) -> None:
        adapter = stage.open()
        stage.server.fail(Trouble.STATUS_BEFORE, status=status, times=50)
        with pytest.raises(error) as caught:
            adapter.whoami()
        assert "\n" not in str(caught.value)

    def test_a_redirect_is_refused_and_not_followed(self, stage: Stage) -> None:
        adapter = stage.open()
        stage.server.fail(Trouble.REDIRECT, times=50)
        with pytest.raises(RequestRefused, match=r"elsewhere\.example"):
            adapter.whoami()

    def test_a_page_that_repeats_ends_in_words(self, stage: Stage) -> None:
        adapter = stage.open()
        for number in range(230):
            stage.they_add(f"Task {number}")
        stage.server.fail(Trouble.REPEAT, method="GET", path="tasks", after=2, times=5)
        with pytest.raises(RequestRefused):
            list(adapter.changes(None).tasks)

    @pytest.mark.parametrize("trouble", [*list(Trouble)[:4], Trouble.GARBAGE, Trouble.REDIRECT])
    def test_the_token_is_in_no_word(self, stage: Stage, trouble: Trouble) -> None:
        adapter = stage.open()
        stage.server.fail(trouble, times=50, status=403, location=f"https://elsewhere.example/?t={stage.token}")
        with pytest.raises(RemoteError) as caught:
            adapter.whoami()
        links = (caught.value, caught.value.__cause__, caught.value.__context__)
        words = "".join(repr(each) + str(each) for each in (*links, adapter, vars(adapter)))
        assert stage.token not in words


def _write(adapter: Adapter, stage: Stage) -> TaskWrite:
    fields = {
        "title": "Ship the parser", "description": "First line\n\nSecond: 1 < 2 & so on", "owner": stage.other,
        "status": _open_status(adapter), "start_on": "2026-11-24", "due_on": "2026-12-01",
    }  # fmt: skip
    return TaskWrite(_known(adapter, fields))


def _known(adapter: Adapter, fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if name in adapter.capabilities.fields}


def _open_status(adapter: Adapter) -> str:
    """One that is not the first, so that it has to be given."""
    return [status.id for status in adapter.statuses() if not status.is_done and not status.is_cancelled][-1]


def _read(adapter: Adapter, id: str) -> RemoteTask:
    task = adapter.read([id])[id]
    assert task is not None
    return task
