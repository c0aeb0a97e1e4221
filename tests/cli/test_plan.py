"""`tracker plan`: back from the goal, what if, steps, targets, dates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run

from tracker.__main__ import main


def steps(cli: Run, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cli("plan", "back", "KR-05", *words, "--json").json["steps"]
    return found


def test_it_shows_what_each_step_needs_and_what_is_wrong(cli: Run) -> None:
    out = cli("plan", "back", "KR-05").out.splitlines()
    assert out[0] == "KR-05 Signed clients: 10 by 2026-10-31  (4 clients, 6 to go, 12 days)"
    assert [line.split()[:2] for line in out[1:8]] == [
        ["0", "10"], ["1", "40"], ["2", "50"], ["3", "400"], ["4", "800"], ["5", "8,000"], ["6", "200,000"],
    ]  # fmt: skip
    assert out[3] == "2  50       80%    decision       3+2  KR-06  Books the call"
    assert out[8:] == [
        "!! step 1: NO TACTIC. Idea I-05 'Reminder message the day before the call' fits here",
        "!! step 2: target 40 is 10 short of what the plan needs",
        "!! step 4: plan 760 is 40 short",
    ]


def test_the_goal_may_be_named_by_number_or_letters_and_alone_it_is_the_plan_of_the_cycle(cli: Run) -> None:
    assert cli("plan", "back", "1").out == cli("plan", "back", "signed").out == cli("plan").out


def test_what_if_shows_both_and_saves_nothing(cli: Run) -> None:
    out = cli("plan", "back", "1", "--what-if", "2=67%").out
    for expected in ("50 > 60", "400 > 480", "800 > 960", "8,000 > 9,600", "200,000 > 240,000", "80% > 67%",
                     "what if 67% go up from 2: 2 Books the call 50 > 60, 3 Reads the mails and… 400 > 480"):
        assert expected in out
    assert [step["needs_if"] for step in steps(cli, "--what-if", "2=0.67")] == [10, 40, 60, 480, 960, 9600, 240000]
    two = steps(cli, "--what-if", "2=67%", "--what-if", "6=8%")
    assert two[6]["needs_if"] == 120000
    assert steps(cli)[2]["rate"] == 0.8


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("2=1.5", 1, "share over 0 and up to 1"), ("2=0", 1, "share over 0"), ("2", 2, "write --what-if 2=67%"),
        ("x=50%", 2, "no number of a step"), ("9=50%", 3, "has no step 9"), ("0=50%", 3, "is the goal"),
        ("2=many", 2, "no number"),
    ],
)  # fmt: skip
def test_what_cannot_be_tried_is_said(cli: Run, words: str, code: int, said: str) -> None:
    answer = cli("plan", "back", "KR-05", "--what-if", words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_as_json_it_has_every_figure(cli: Run) -> None:
    answer = cli("plan", "--json").json
    assert (answer["tracker"], answer["kind"], answer["key_result"]) == (1, "plan_back", "KR-05")
    assert answer["steps"][4] == {
        "position": 4, "title": "Joins the email list", "stage": "consideration", "rate": 0.5, "actual_rate": None,
        "needs": 800, "needs_if": None, "linked_key_result": "KR-09", "target": 2600, "planned_gain": 760,
        "gained": 390, "short": 40, "open": 2, "done": 1, "min_pieces": None, "idea": None,
        "warnings": ["plan 760 is 40 short"],
    }


def test_steps_are_added_changed_and_removed_and_each_is_undone(cli: Run) -> None:
    before = steps(cli)
    added = cli("plan", "step", "add", "1", "Gets a reminder", "--below", "1", "--rate", "90%", "--stage", "decision")
    assert (added.code, added.out) == (0, "KR-05\n")
    assert "35 tasks below moved along" in added.err
    assert [step["title"] for step in steps(cli)][1:4] == [before[1]["title"], "Gets a reminder", before[2]["title"]]
    assert cli("plan", "step", "edit", "1", "2", "--rate", "50%", "--min-pieces", "2", "--title", "Is told").code == 0
    changed = steps(cli)[2]
    assert [changed[name] for name in ("title", "rate", "needs", "min_pieces")] == ["Is told", 0.5, 80, 2]
    assert "5 tasks stand on no step now" in cli("plan", "step", "remove", "KR-05", "3").err
    for _ in range(3):
        assert cli("undo").code == 0
    assert steps(cli) == before


def test_a_key_result_counts_a_step_or_no_longer(cli: Run) -> None:
    assert cli("plan", "step", "edit", "1", "6", "--counted-by", "4").code == 0
    assert steps(cli)[6]["linked_key_result"] == "KR-08"
    assert cli("plan", "step", "edit", "1", "6", "--counted-by", "").code == 0
    assert steps(cli)[6]["linked_key_result"] is None
    refused = cli("plan", "step", "edit", "1", "6", "--counted-by", "KR-01")
    assert (refused.code, "another cycle" in refused.err) == (1, True)


def test_a_target_is_set_to_what_the_plan_needs(cli: Run) -> None:
    assert cli("plan", "target", "KR-05", "4").out == "KR-09\n"
    assert steps(cli)[4]["short"] is None
    assert cli("plan", "target", "KR-05", "4").code == 1


def test_dates_are_shown_first_and_set_when_asked(cli: Run) -> None:
    shown = cli("plan", "dates", "KR-05", "3", "7", "14").out.splitlines()
    assert shown[0] == "0  2026-10-31  1 undated task  Signs as a client"
    assert shown[3] == "3  2026-10-07, past  0 undated tasks  Reads the mails and the offer"
    assert shown[6] == "6  no date  2 undated tasks  Sees a post or an ad (first contact)"
    assert cli("plan", "dates", "KR-05", "3", "--json").json["steps"][1]["latest"] == "2026-10-28"
    assert cli("show", "T-020", "--json").json["tasks"][0]["due_on"] is None
    assert cli("plan", "dates", "KR-05", "3", "7", "--set").out.split()[0] == "T-020"
    assert cli("show", "T-020", "--json").json["tasks"][0]["due_on"] == "2026-10-31"


@pytest.mark.parametrize("words", [("KR-05",), ("KR-05", "soon"), ("KR-05", "3.5")])
def test_lead_times_are_whole_days(cli: Run, words: tuple[str, ...]) -> None:
    assert cli("plan", "dates", *words).code == 2


def test_work_is_put_on_a_step(cli: Run) -> None:
    made = cli("plan", "task", "1", "1", "Ring", "them", "@jonas", "--json").json["tasks"][0]
    assert [made[name] for name in ("title", "key_result", "stage", "owner")] == ["Ring them", "KR-05", "decision",
                                                                                "jonas"]
    answer = cli("plan", "take", "1", "1", "i-05", "it reminds them", "--who", "no", "--json").json
    taken = answer["tasks"][0]
    assert any("our who" in notice for notice in answer["notices"])
    assert [taken[name] for name in ("key_result", "contribution")] == ["KR-05", "it reminds them"]
    assert (steps(cli)[1]["open"], steps(cli)[1]["warnings"]) == (2, [])
    for words, code in ((("task", "1", "1"), 2), (("take", "1", "1"), 2), (("take", "1", "1", "I-05"), 1)):
        assert cli("plan", *words).code == code


def test_a_plan_is_made_from_nothing(tracker: Run, begun_path: Path) -> None:
    def run(*words: str) -> Any:
        return tracker("--today", "2026-10-19", "--as", "mara", "plan", *words, db=begun_path)

    alone = run()
    assert (alone.code, "tracker plan step add" in alone.err) == (3, True)
    assert "There is no plan yet" in run("back", "1").out
    assert run("step", "add", "KR-01", "Signs").code == 0
    assert run("step", "add", "KR-01", "Attends", "--rate", "25%").code == 0
    assert run("step", "add", "KR-01", "Books").code == 0
    out = run("back", "KR-01").out
    assert "!! step 2: what is needed is unknown: nobody said how many go up from here" in out
    assert run("step", "edit", "KR-01", "2", "--rate", "2").code == 1
    assert [step["needs"] for step in run("--json").json["steps"]] == [10, 40, None]


def test_below_and_above_are_not_both(cli: Run) -> None:
    assert cli("plan", "step", "add", "1", "x", "--below", "1", "--above", "2").code == 2


def test_a_step_without_a_change_is_wrong_usage(cli: Run) -> None:
    assert cli("plan", "step", "edit", "1", "2").code == 2


@pytest.mark.parametrize("verb", ["add", "edit", "remove"])
def test_the_commands_for_steps_have_a_help_with_an_example(tracker: Run, verb: str) -> None:
    answer = tracker("plan", "step", verb, "--help")
    assert answer.code == 0
    assert f"tracker plan step {verb} KR-05" in answer.out


@pytest.mark.parametrize("columns", [80, 120])
def test_a_line_is_as_wide_as_the_terminal_at_most(
    northlight_path: Path, on_terminal: Callable[..., Any], columns: int
) -> None:
    with on_terminal(columns, 24) as screen:
        assert main(["--db", str(northlight_path), "--today", "2026-10-19", "plan", "back", "1"]) == 0
        lines = screen.getvalue().replace("\x1b[0m", "").splitlines()[1:9]
    assert all(len(line.replace("\x1b[2m", "")) <= columns for line in lines)
    assert "Attends the disc" in lines[2]
