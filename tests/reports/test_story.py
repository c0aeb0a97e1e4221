"""History as sentences."""

from __future__ import annotations

import pytest

from tracker.reports.story import sentence, story_lines
from tracker.storage.rows import ChangeRow


def change(field: str, old: object, new: object, *, entity: str = "task", id_: str = "T-043", kind: str = "do",
           batch: int = 1) -> ChangeRow:
    return ChangeRow(batch, "2026-10-19T09:30:00.000000+00:00", "mara", "a label", kind, entity, id_, field, old, new)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (change("status", "backlog", "doing"), "moved it from backlog to doing"),
        (change("owner", None, "lena"), "gave it to lena"),
        (change("owner", "tomas", "lena"), "gave it to lena (was tomas's)"),
        (change("owner", "tomas", None), "took it from tomas"),
        (change("due_on", None, "2026-10-30"), "made it due on 2026-10-30"),
        (change("due_on", "2026-10-12", "2026-10-30"), "moved the due date from 2026-10-12 to 2026-10-30"),
        (change("due_on", "2026-10-12", None), "took the due date away (was 2026-10-12)"),
        (change("blocked_reason", None, "no room"), "blocked it: no room"),
        (change("blocked_reason", "no room", None), "unblocked it (was: no room)"),
        (change("key_result", "KR-05", "KR-06"), "made it cite KR-06 instead of KR-05"),
        (change("title", "Old", "New"), "renamed it from 'Old' to 'New'"),
        (change("cancel_reason", None, "too late"), "cancelled it: too late"),
        (change("contribution", "", "it helps"), "said why: it helps"),
        (change("estimate_low_h", None, 2), "set estimate low h to 2"),
        (change("stage", "awareness", "decision"), "changed stage from awareness to decision"),
        (change("publish_on", "2026-10-12", None), "cleared publish (was 2026-10-12)"),
        (change("*", None, None), "made the task T-043"),
        (change("*", {"id": "T-043"}, None), "removed the task T-043"),
        (change("*", None, None, entity="check_in", id_="KR-06/2026-10-19"), "checked in, 2026-10-19"),
        (change("*", {}, None, entity="check_in", id_="KR-06/2026-10-19"), "took the check-in of 2026-10-19 away"),
        (change("supersedes", None, "2026-10-19", entity="check_in", id_="KR-06/2026-10-19"),
         "kept the check-in of 2026-10-19 beside it, as it was"),
        (change("*", None, None, entity="comment", id_="7"), "wrote a message"),
        (change("*", None, None, entity="task_dependency", id_="T-043/T-012"), "made it wait for T-012"),
        (change("*", {}, None, entity="task_dependency", id_="T-043/T-012"), "stopped it waiting for T-012"),
        (change("*", None, None, entity="task_also_serves", id_="T-043/KR-06"), "said that it also serves KR-06"),
    ],
)
def test_a_change_is_a_sentence(row: ChangeRow, said: str) -> None:
    assert sentence(row) == said


def test_days_that_follow_from_a_new_status_are_not_told_beside_it() -> None:
    rows = [change("status", "doing", "done"), change("done_on", None, "2026-10-19")]
    assert [line.split("  ", 2)[2] for line in story_lines(rows, of_one=True, width=None)] == [
        "moved it from doing to done",
    ]


def test_undo_is_told_as_taking_back() -> None:
    lines = list(story_lines([change("owner", "lena", "tomas", kind="undo")], of_one=True, width=None))
    assert lines[0].endswith("took back: gave it to tomas (was lena's)")


def test_the_story_of_everything_has_one_line_a_batch() -> None:
    owners = [change("owner", None, "lena"), change("owner", None, "lena", id_="T-044")]
    rows = [*owners, change("title", "a", "b", batch=2)]
    assert len(list(story_lines(rows, of_one=False, width=None))) == 2


def test_a_story_on_a_terminal_is_cut_to_its_width_and_cannot_steer_it() -> None:
    rows = [change("title", "\x1b[2J" + "a" * 100, "b" * 100)]
    (line,) = story_lines(rows, of_one=True, width=60)
    assert len(line) == 60
    assert "\x1b" not in line
