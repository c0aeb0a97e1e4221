"""Undo beyond one task: what hangs together goes and comes back together, and what others did is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection

import pytest

from tests.conftest import FIRST
from tracker.domain.errors import Conflict, Refused
from tracker.domain.filters import TaskFilter
from tracker.services import board, strategy, tasks, undo
from tracker.services.header import header
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import history
from tracker.storage.columns import COLUMNS
from tracker.storage.history import GOES_ALONG, LETS_GO

Open = Callable[..., Workspace]


def test_the_first_strategy_is_taken_back_whole_and_comes_back_whole(empty: Workspace) -> None:
    strategy.strategy_first(empty, FIRST)
    before = header(empty)
    undo.undo(empty)
    assert header(empty) is None
    assert strategy.records(empty, "person") == []
    undo.redo(empty)
    assert header(empty) == before


def test_undo_of_add_leaves_a_task_that_somebody_else_wrote_a_message_on(begun: Workspace, open_copy: Open) -> None:
    task = tasks.add_task(begun, NewTask("Mine", "KR-01")).ids[0]
    tasks.comment(begun.acting_as("lena"), task, "I have a question")
    with pytest.raises(Conflict, match="got a comment by lena"):
        undo.undo(begun)
    assert [comment.body for comment in board.task_detail(begun, task).comments] == ["I have a question"]


def test_undo_of_add_leaves_a_task_that_somebody_elses_waits_for(begun: Workspace) -> None:
    lena = begun.acting_as("lena")
    mine = tasks.add_task(begun, NewTask("Mine", "KR-01")).ids[0]
    hers = tasks.add_task(lena, NewTask("Hers", "KR-01")).ids[0]
    tasks.wait_for(lena, [hers], mine)
    with pytest.raises(Conflict, match="lena"):
        undo.undo(begun)
    assert board.cards(begun, [hers])[0].waits == 1


def _evidence(ws: Workspace, task: str) -> None:
    with ws.writing("evidence") as tx:
        tx.insert("evidence", {"id": "E-01", "strategy": "S-01", "field": "why", "text": "They said so", "task": task})


def test_undo_of_add_leaves_a_task_that_somebody_elses_record_names(begun: Workspace) -> None:
    task = tasks.add_task(begun, NewTask("Mine", "KR-01")).ids[0]
    _evidence(begun.acting_as("lena"), task)
    with pytest.raises(Conflict, match="lena"):
        undo.undo(begun)
    assert strategy.records(begun, "evidence")[0]["task"] == task


def test_what_names_a_task_that_is_taken_back_names_it_again_when_it_comes_back(begun: Workspace) -> None:
    _evidence(begun.acting_as("lena"), tasks.add_task(begun, NewTask("Not to be", "KR-01")).ids[0])
    task = tasks.add_task(begun, NewTask("Mine", "KR-01")).ids[0]
    begun.store.connection.execute("UPDATE evidence SET task = ?", (task,))  # as an import without history leaves it
    undo.undo(begun)
    assert strategy.records(begun, "evidence")[0]["task"] is None
    undo.redo(begun)
    assert strategy.records(begun, "evidence")[0]["task"] == task


def test_what_hangs_on_a_message_comes_back_with_the_task(northlight: Workspace) -> None:
    task = tasks.add_task(northlight, NewTask("Mine", "KR-05")).ids[0]
    run = northlight.store.connection.execute  # as somebody's import without history leaves it
    connector, = run("SELECT id FROM connector").fetchone()
    run('INSERT INTO comment (number, task, "on", "by", body) VALUES (900, ?, ?, ?, ?)',
        (task, "2026-10-19T09:00:00+00:00", "mara", "Words"))
    run("INSERT INTO comment_link VALUES (900, ?, '7')", (connector,))
    undo.undo(northlight)
    assert strategy.records(northlight, "comment_link", {"comment": 900}) == []
    undo.redo(northlight)
    assert [row["external_id"] for row in strategy.records(northlight, "comment_link", {"comment": 900})] == ["7"]


def test_two_people_changing_a_strategy_take_back_their_own_fields(begun: Workspace) -> None:
    lena = begun.acting_as("lena")
    strategy.edit_record(begun, "strategy", "S-01", {"who": "Clinics"})
    strategy.edit_record(lena, "strategy", "S-01", {"why": "No time"})
    undo.undo(begun)
    row = strategy.records(begun, "strategy")[0]
    assert (row["who"], row["why"], row["version"]) == (FIRST.who, "No time", 3)


def test_the_same_person_at_two_keyboards_takes_back_one_change_each(
    begun: Workspace, open_copy: Open, begun_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second keyboard looks for its change only after the first one is through."""
    ids = [tasks.add_task(begun, NewTask(title, "KR-01")).ids[0] for title in ("One", "Two")]
    other = open_copy(begun_file)
    find = history.last_undoable
    monkeypatch.setattr(history, "last_undoable", lambda connection, by: _in_transaction(connection, find, by))
    undo.undo(begun)
    undo.undo(other)
    assert board.cards(begun, ids) == ()


def _in_transaction(connection: Connection, find: Callable[..., object], by: str) -> object:
    assert connection.in_transaction, "what is found may be taken back by somebody else before it is"
    return find(connection, by)


def test_undo_of_a_message_names_its_task(begun: Workspace) -> None:
    task = tasks.add_task(begun, NewTask("Mine", "KR-01")).ids[0]
    tasks.comment(begun, task, "Words")
    assert undo.undo(begun).ids == (task,)
    assert undo.redo(begun).ids == (task,)


def test_nothing_to_undo_is_said_and_leaves_no_trace(begun: Workspace) -> None:
    before = undo.history(begun)
    with pytest.raises(Refused, match="nothing of lena's to undo"):
        undo.undo(begun.acting_as("lena"))
    with pytest.raises(Refused, match="nothing of lena's to redo"):
        undo.redo(begun.acting_as("lena"))
    assert undo.history(begun) == before


def test_a_key_result_that_got_tasks_is_not_taken_back(begun: Workspace) -> None:
    key_result = strategy.add_key_result(begun, "O-01", "Calls", {"target": "40"}).ids[0]
    tasks.add_task(begun.acting_as("lena"), NewTask("Call", key_result))
    with pytest.raises(Refused, match="Tasks cite the key result"):
        undo.undo(begun)
    assert board.board(begun, TaskFilter(key_result=key_result)).counts["backlog"].n == 1


def test_every_row_that_the_database_takes_along_or_empties_is_recorded_first(empty: Workspace) -> None:
    """GOES_ALONG and LETS_GO agree with the foreign keys, but for events, which are their task's own record."""
    along: dict[str, set[tuple[str, str]]] = {}
    empties: dict[str, set[tuple[str, str]]] = {}
    for table in COLUMNS:
        for _, _, parent, column, _, _, on_delete, _ in empty.store.connection.execute(
            f'PRAGMA foreign_key_list("{table}")'
        ):
            if on_delete == "CASCADE" and table != "task_event":
                along.setdefault(parent, set()).add((table, column))
            elif on_delete == "SET NULL":
                empties.setdefault(parent, set()).add((table, column))
    assert {table: set(found) for table, found in GOES_ALONG.items()} == along
    assert {table: set(found) for table, found in LETS_GO.items()} == empties


# -- what somebody else changed since


def test_undo_goes_on_to_the_change_before_one_that_stays(northlight: Workspace) -> None:
    lena = northlight.acting_as("lena")
    tasks.comment(northlight, "T-043", "Before")
    tasks.assign_tasks(northlight, ["T-043"], "priya")
    tasks.assign_tasks(lena, ["T-043"], "lena")
    with pytest.raises(Conflict) as caught:
        undo.undo(northlight)
    assert str(caught.value) == (
        "T-043: owner was changed since, to 'lena'; taking the change back would make it 'tomas'. "
        "'assign to priya: T-043' stays; the next undo takes back 'comment on T-043'."
    )
    assert [each.theirs for each in caught.value.disagreements] == ["lena"]
    assert undo.undo(northlight).label == "undone: comment on T-043"
    assert board.cards(northlight, ["T-043"])[0].owner == "lena"
    # only what was taken back comes back
    assert undo.redo(northlight).label == "redone: comment on T-043"
    with pytest.raises(Refused, match="nothing of mara's to redo"):
        undo.redo(northlight)


def test_a_change_that_stays_with_none_before_it_says_so_once(begun: Workspace) -> None:
    mine = tasks.add_task(begun.acting_as("ana"), NewTask("Mine", "KR-01")).ids[0]
    tasks.comment(begun, mine, "Words")
    with pytest.raises(Conflict, match=f"{mine} got a comment by mara .* stays; nothing is left before it"):
        undo.undo(begun.acting_as("ana"))
    with pytest.raises(Refused, match="nothing of ana's to undo"):
        undo.undo(begun.acting_as("ana"))
    assert len(board.task_detail(begun, mine).comments) == 1


def test_the_note_that_a_change_stays_is_no_change(begun: Workspace) -> None:
    """Neither the story nor a redo knows of it, and the file that is exported is taken in again."""
    ana = begun.acting_as("ana")
    mine = tasks.add_task(ana, NewTask("Mine", "KR-01")).ids[0]
    tasks.comment(begun, mine, "Words")
    before = undo.history(begun)
    with pytest.raises(Conflict):
        undo.undo(ana)
    assert undo.history(begun) == before
    with pytest.raises(Refused, match="nothing of ana's to redo"):
        undo.redo(ana)


def test_another_keyboard_that_was_quicker_is_not_passed_over_twice(northlight: Workspace) -> None:
    """Two undos at once of a change that stays leave one note, and the change before it can still be taken back."""
    tasks.comment(northlight, "T-043", "Before")
    tasks.assign_tasks(northlight, ["T-043"], "priya")
    tasks.assign_tasks(northlight.acting_as("lena"), ["T-043"], "lena")
    stays = history.last_undoable(northlight.store.connection, "mara")
    assert stays is not None
    for _ in range(2):
        undo._passed_over(northlight, stays, Refused("No."))
    assert undo.undo(northlight).label == "undone: comment on T-043"
