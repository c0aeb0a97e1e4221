"""The commands of every day, on the demo at 2026-10-19."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run


def line_of(out: str, task: str) -> list[str]:
    """The columns of a task's line, as a script would split them."""
    return next(line.split() for line in out.splitlines() if line.startswith(task))


def test_add_reads_the_quick_add_words_and_prints_the_task(cli: Run) -> None:
    answer = cli("add", "Write the teaser @lena kr:2 due:fri !high stage:A #linkedin ~2-4h why:the list needs a reason")
    assert answer.code == 0
    assert answer.out == "T-063  assigned  KR-06 A lena     2026-10-23 high     Write the teaser\n"


def test_add_takes_its_words_one_by_one(cli: Run) -> None:
    answer = cli("add", "Write", "the", "teaser", "kr:white paper", "due:21 oct", "--json")
    task = answer.json["tasks"][0]
    assert (task["title"], task["key_result"], task["due_on"]) == ("Write the teaser", "KR-08", "2026-10-21")


def test_add_without_a_key_result_refuses_with_the_open_ones(cli: Run) -> None:
    answer = cli("add", "Write the teaser")
    assert answer.code == 2
    assert answer.out == ""
    assert "kr:1  Signed clients (KR-05)" in answer.err
    assert "kr:8  Google rating (KR-12)" in answer.err


def test_list_shows_open_work_in_plain_columns(cli: Run) -> None:
    answer = cli("list")
    assert answer.code == 0
    assert len(answer.out.splitlines()) == 28
    assert line_of(answer.out, "T-043")[:7] == [
        "T-043", "doing", "KR-08", "A", "tomas", "2026-10-12", "late:7d,blocked,high,changed:there",
    ]
    assert "\x1b" not in answer.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["late"], {"T-043", "T-026", "T-042", "T-046"}),
        (["@lena", "doing"], {"T-044", "T-030", "T-062"}),
        (["unowned", "kr:2"], {"T-033", "T-034"}),
        (["blocked"], {"T-043"}),
        (["kr:4", "status:review"], {"T-046", "T-052"}),
        (["white", "pap"], {"T-043", "T-049"}),
        (["#tiktok"], {"T-047"}),
        (["mine"], {"T-018", "T-021"}),
    ],
)
def test_list_filters_as_the_board_does(cli: Run, words: list[str], expected: set[str]) -> None:
    assert {line.split()[0] for line in cli("list", *words).out.splitlines()} == expected


def test_list_all_has_done_and_cancelled_work_too(cli: Run) -> None:
    cli("cancel", "47", "no channel of ours")
    listed = cli("list", "--all").out.splitlines()
    assert len(listed) == 62
    assert line_of("\n".join(listed), "T-047")[1] == "cancelled"


def test_list_says_when_there_is_more(cli: Run) -> None:
    answer = cli("list", "--limit", "3")
    assert len(answer.out.splitlines()) == 3
    assert "there are more" in answer.err


def test_list_says_when_nothing_matches(cli: Run) -> None:
    answer = cli("list", "@oskar", "late")
    assert (answer.code, answer.out) == (0, "")
    assert "No task matches: oskar, late" in answer.err


def test_search_finds_without_accents_and_says_when_it_finds_nothing(cli: Run) -> None:
    cli("add", "Café opening kr:1")
    assert "Café opening" in cli("search", "cafe").out
    assert "Nothing says 'zebra'" in cli("search", "zebra").err


def test_show_has_every_field_and_the_comments(cli: Run) -> None:
    shown = cli("show", "43").out
    assert "Ad account review pending since 12 October" in shown
    assert "Ad account went into review this morning." in shown


def test_why_goes_up_to_the_strategy_with_figures(cli: Run) -> None:
    out = cli("why", "T-043").out
    for expected in ("T-043", "KR-08  White paper downloads", "70 downloads, target 300, score 0.23, off track",
                     "O-02", "score 0.33, off track", "S-01  Content marketing that books calls", "score 0.52"):
        assert expected in out


def test_several_tasks_are_one_change_and_one_undo(cli: Run) -> None:
    assert cli("assign", "33", "T-034", "t-59", "lena").code == 0
    undone = cli("undo")
    assert undone.code == 0
    assert {line.split()[1] for line in undone.out.splitlines()} == {"backlog"}
    assert len(undone.out.splitlines()) == 3
    redone = cli("redo")
    assert [line.split()[4] for line in redone.out.splitlines()] == ["lena"] * 3


def test_start_review_done_move_through_the_states(cli: Run) -> None:
    assert line_of(cli("start", "20").out, "T-020")[1:5] == ["doing", "KR-05", "$", "mara"]
    assert line_of(cli("review", "20").out, "T-020")[1] == "review"
    assert line_of(cli("done", "20").out, "T-020")[1] == "done"
    assert line_of(cli("move", "20", "to", "doing").out, "T-020")[1] == "doing"


def test_a_passed_limit_is_said_beside_the_data(cli: Run) -> None:
    answer = cli("start", "20")
    assert "doing holds 10 of 6" in answer.err
    assert "holds" not in answer.out


def test_due_sets_and_clears(cli: Run) -> None:
    assert line_of(cli("due", "20", "45", "+3d").out, "T-045")[5] == "2026-10-22"
    assert line_of(cli("due", "20", "21 oct").out, "T-020")[5] == "2026-10-21"
    assert line_of(cli("due", "20", "none").out, "T-020")[5] == "-"


def test_cite_block_wait_and_their_opposites(cli: Run) -> None:
    assert line_of(cli("cite", "47", "45", "2").out, "T-045")[2] == "KR-06"
    assert "blocked" in cli("block", "42", "waits", "for", "legal").out
    assert "blocked" not in cli("block", "42", "--clear").out
    assert "waits:1" in cli("wait", "59", "58").out
    assert "waits" not in cli("wait", "59", "--stop-for", "58").out
    assert cli("wait", "59", "58").code == 0
    assert "waits" not in cli("wait", "59", "--stop").out


def test_assign_to_nobody(cli: Run) -> None:
    assert line_of(cli("assign", "21", "--nobody").out, "T-021")[1:5] == ["backlog", "KR-05", "$", "-"]


def test_edit_changes_any_field(cli: Run) -> None:
    answer = cli(
        "edit", "45", "--title", "Guest article", "--why", "they read it", "--notes", "two pages", "--kr", "2",
        "--owner", "priya", "--due", "fri", "--publish", "2026-11-02", "--priority", "low", "--stage", "C",
        "--medium", "email", "--channel", "email", "--estimate", "2-4", "--kind", "foundational", "--shows", "proof",
        "--journey-step", "3", "--cost", "1200", "--learned", "much",
    )
    assert answer.code == 0, answer.err
    task = cli("show", "45", "--json").json["tasks"][0]
    expected = {
        "title": "Guest article", "contribution": "they read it", "notes": "two pages", "key_result": "KR-06",
        "owner": "priya", "status": "assigned", "due_on": "2026-10-23", "publish_on": "2026-11-02", "priority": "low",
        "stage": "consideration", "medium": "email", "channel": "email", "estimate_low_h": 2, "estimate_high_h": 4,
        "kind": "foundational", "shows": "proof", "journey_step": 3, "cost_minor": 1200, "learned": "much",
    }
    assert {name: task[name] for name in expected} == expected
    cli("edit", "45", "--due", "", "--channel", "", "--estimate", "")
    task = cli("show", "45", "--json").json["tasks"][0]
    assert (task["due_on"], task["channel"], task["estimate_low_h"]) == (None, None, None)


def test_comment_is_kept_with_its_author(cli: Run) -> None:
    assert cli("comment", "26", "please", "read", "@jonas").code == 0
    comment = cli("show", "26", "--json").json["tasks"][0]["comments"][-1]
    assert (comment["by"], comment["body"]) == ("mara", "please read @jonas")


def test_log_tells_the_story_in_sentences(cli: Run) -> None:
    cli("due", "20", "fri")
    cli("start", "20")
    cli("block", "20", "no room")
    cli("undo")
    story = cli("log", "20").out
    assert [line.split("  ", 2)[2] for line in story.splitlines()[-6:]] == [
        "made it due on 2026-10-23",
        "moved it from backlog to assigned",
        "gave it to mara",
        "moved it from assigned to doing",
        "blocked it: no room",
        "took back: unblocked it (was: no room)",
    ]


def test_log_of_everything_has_a_line_a_change(cli: Run) -> None:
    cli("due", "20", "fri")
    cli("assign", "20", "45", "lena")
    last = cli("log").out.splitlines()[-2:]
    assert [line.split("  ", 2)[1:] for line in last] == [
        ["mara", "due 2026-10-23: T-020"], ["mara", "assign to lena: 2 tasks"],
    ]


def test_ideas_wait_until_they_cite_or_are_dropped(cli: Run) -> None:
    added = cli("idea", "add", "Record", "a", "podcast", "--source", "a client")
    assert added.out == "I-06\n"
    assert "Record a podcast" in cli("idea").out
    promoted = cli("idea", "promote", "i-06", "kr:2", "@priya")
    assert "whether our who would be there was not said" in promoted.err
    assert line_of(promoted.out, "T-063")[7:] == ["Record", "a", "podcast"]
    renamed = cli("idea", "promote", "I-05", "Call the day before kr:2")
    assert line_of(renamed.out, "T-064")[7:] == ["Call", "the", "day", "before"]
    assert cli("idea", "drop", "I-01", "no room this cycle").code == 0
    assert "I-01" not in cli("idea", "list").out


def test_promoting_says_whether_our_who_would_be_there(cli: Run) -> None:
    assert cli("idea", "add", "A fair", "from:a", "client").code == 0
    refused = cli("idea", "promote", "I-06", "kr:2", "--who", "perhaps")
    assert (refused.code, "neither yes nor no" in refused.err) == (2, True)
    told = cli("idea", "promote", "I-06", "kr:2", "--who", "no")
    assert (told.code, "our who would not be there: Owner-managers" in told.err) == (0, True)
    assert cli("idea", "promote", "I-05", "kr:2", "--who", "yes").err == ""


def test_ideas_need_no_strategy_and_tasks_do(tracker: Run, empty_path: Path) -> None:
    assert tracker("idea", "add", "A thought", db=empty_path).code == 0
    refused = tracker("add", "A task kr:1", db=empty_path)
    assert refused.code == 1
    assert "tracker init" in refused.err
