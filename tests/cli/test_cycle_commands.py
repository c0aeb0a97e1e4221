"""`tracker cycle`: the whole close without a terminal, step by step or at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

WHOLE = (
    "cycle", "close", "--grade", "rest=raw", "--grade", "KR-08=0.5:right people, too few", "--decide", "rest=continue",
    "--decide", "4=change target=150:a target for people who read", "--decide", "KR-12=drop:nobody looks at it",
    "--cancel", "KR-12=dropped with it", "--worked", "The list answers", "--did-not", "The ad", "--learned", "Ask",
)


def states(cli: Run) -> list[str]:
    return [each["status"] for each in cli("cycle", "list", "--json").json["cycles"]]


def test_cycles_are_listed_with_output_and_outcome_score_side_by_side(cli: Run) -> None:
    assert cli("cycle").out.splitlines()[0].split() == [
        "2026-09", "S-01", "closed", "2026-09-01", "2026-09-30", "0.55", "0.30", "0.63", "September", "2026",
    ]
    september, october, november = cli("cycle", "list", "--json").json["cycles"]
    assert (september["outcome_score"], september["output_score"]) == (0.3, pytest.approx(0.6333, abs=0.001))
    assert october["score"] == pytest.approx(0.5246, abs=0.0001)
    assert november["score"] is None


def test_a_closed_cycle_shows_grades_decisions_and_what_it_taught(cli: Run) -> None:
    out = cli("cycle", "show", "september 2026").out
    for words in ("by check-ins: score 0.74, outcomes 0.30, outputs 0.89", "by grades: score 0.55",
                  "KR-02 graded 0.5: Live, but it reached pet lovers", "change    KR-07",
                  "What was learned\n  A finished tactic is not a result"):
        assert words in out
    answer = cli("cycle", "show", "2026-09", "--json").json
    assert (answer["tracker"], answer["kind"], answer["cycle"]["status"]) == (1, "cycle", "closed")
    assert answer["objectives"][0]["key_results"][1]["final_score"] == 0.5
    assert answer["retrospective"]["worked"][0] == "Referral closed without an ad"


def test_the_running_cycle_says_what_closing_it_still_asks_for(cli: Run) -> None:
    out = cli("cycle", "show").out
    assert "Closing: check-ins comes next" in out
    assert "no check-in of late: KR-12" in out
    assert "28 open tasks on KR-05" in out


def test_a_plan_shows_what_would_happen_and_changes_nothing(cli: Run) -> None:
    before = cli("export", "json").out
    plan = cli(*WHOLE, "--plan")
    assert plan.code == 0
    assert "KR-05 4 open tasks move to KR-13 Signed clients" in plan.out
    assert "KR-12 1 open task is cancelled: dropped with it" in plan.out
    assert "Closing: nothing is missing; close it" in plan.out
    as_data = cli(*WHOLE, "--plan", "--json").json
    assert (as_data["in_the_way"], as_data["open_tasks"]) == ([], 28)
    assert cli("export", "json").out == before


def test_the_whole_close_is_one_command_and_one_undo(cli: Run) -> None:
    done = cli(*WHOLE)
    assert (done.code, done.out) == (0, "2026-10\n2026-11\n")
    assert "October 2026 is closed, November 2026 is active" in done.err
    assert "open tasks: moved 27, cancelled 1" in done.err
    assert states(cli) == ["closed", "closed", "active"]
    assert "KR-16" in cli("log", "T-043").out  # where it came from, and where it went
    assert cli("undo").code == 0
    assert states(cli) == ["closed", "active", "planned"]


def test_each_step_is_saved_and_the_last_one_closes(cli: Run) -> None:
    assert cli("cycle", "grade").code == 0
    assert states(cli)[1] == "grading"
    for place in range(1, 9):
        assert cli("cycle", "grade", str(place), "raw").code == 0
    assert cli("cycle", "grade", "KR-05", "0.5", "one", "more", "on", "the", "last", "day").code == 0
    for place in range(1, 8):
        assert cli("cycle", "decide", str(place), "continue").code == 0
    assert cli("cycle", "decide", "8", "drop", "nobody", "looks").code == 0
    made = cli("cycle", "start", "O-03", "Reviews", "answered", "--target", "20", "--unit", "reviews")
    assert cli("cycle", "tasks", "8", "--move-to", made.out.strip()).code == 0
    assert "moved 28" in cli("cycle", "tasks").err
    assert cli("cycle", "retro", "--worked", "a", "--did-not", "b", "--learned", "c").code == 0
    assert cli("cycle", "close").code == 0
    assert states(cli) == ["closed", "closed", "active"]


def test_grades_come_from_a_file_or_from_standard_input(cli: Run, tmp_path: Path) -> None:
    file = tmp_path / "grades.txt"
    file.write_text("# October\nKR-05=0.5:one more on the last day\n\nrest=raw\n", "utf-8")
    plan = cli("cycle", "close", "--plan", "--grades", str(file), "--json").json
    first, second = plan["objectives"][0]["key_results"][:2]
    assert (first["raw_score"], first["final_score"], second["final_score"]) == (0.4, 0.5, 0.7)
    plan = cli("cycle", "close", "--plan", "--grades", "-", "--json", stdin="2=0.9:three came in late").json
    assert plan["objectives"][0]["key_results"][1]["final_score"] == 0.9


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("cycle", "close"), 1, "cannot be closed yet"),
        (("cycle", "close", "--grade", "KR-05=0.9"), 1, "say why, in 10 characters"),
        (("cycle", "close", "--grade", "KR-05"), 2, "KR=0.7:reason"),
        (("cycle", "close", "--grade", "KR-05=much"), 2, "no number"),
        (("cycle", "close", "--grade", "rest=0.5"), 2, "only be graded raw"),
        (("cycle", "close", "--grade", "1=raw", "--grade", "KR-05=raw"), 2, "graded twice"),
        (("cycle", "close", "--grade", "KR-99=raw"), 3, "KR-99"),
        (("cycle", "close", "--grades", "nowhere.txt"), 3, "nowhere.txt cannot be read"),
        (("cycle", "close", "--decide", "KR-05=pause"), 2, "continue, change and drop"),
        (("cycle", "close", "--decide", "KR-05=change status=active"), 2, "is no change"),
        (("cycle", "close", "--decide", "KR-05=drop"), 1, "needs a reason"),
        (("cycle", "close", "--move-to", "KR-05=KR-06"), 1, "ends with the same cycle"),
        (("cycle", "close", "--cancel", "KR-05="), 2, "says nothing"),
        (("cycle", "close", "2026-11"), 1, "planned"),
        (("cycle", "close", "2026-09"), 1, "closed"),
        (("cycle", "show", "2031-01"), 3, "known are 2026-09"),
        (("cycle", "grade", "KR-05"), 2, "number from 0 to 1, or raw"),
        (("cycle", "grade", "KR-01", "raw"), 1, "closed"),
        (("cycle", "decide", "KR-05"), 2, "continue, change or drop"),
        (("cycle", "start", "O-03"), 2, "what is counted"),
        (("cycle", "tasks", "KR-12"), 2, "one of them"),
        (("cycle", "tasks"), 1, "What becomes of the open tasks"),
        (("cycle", "tasks", "--cancel", "over"), 2, "Name the key result"),
        (("cycle", "retro"), 2, "what was learned"),
        (("cycle", "add", "2026-10-15..2026-11-15"), 1, "overlaps October 2026"),
        (("cycle", "activate", "2026-11"), 1, "close it first"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_half_done(
    cli: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    before = cli("export", "json").out
    answer = cli(*words)
    assert (answer.code, answer.out) == (code, ""), answer
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert cli("export", "json").out == before


def test_a_refusal_as_json_is_one_object_on_standard_error(cli: Run) -> None:
    answer = cli("cycle", "close", "--json")
    assert json.loads(answer.err)["error"]["exit_code"] == 1
