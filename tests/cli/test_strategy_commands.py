"""Strategy, objectives, key results, cycles, people and channels."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Answer, Run


def test_strategy_shows_statement_and_figures(cli: Run) -> None:
    out = cli("strategy").out
    for expected in ("S-01  Content marketing that books calls", "score 0.52, net confidence +25",
                     "October 2026 day 19 of 31", "Book a 30-minute discovery call",
                     "4 clients, target 10, score 0.40, at risk, confidence 4, owner mara"):
        assert expected in out


def test_strategy_as_json_has_fields_and_figures(cli: Run) -> None:
    answer = cli("strategy", "--json").json
    assert answer["strategy"]["horizon_end"] == "2026-12-31"
    assert answer["strategy"]["channels"][0] == "website"
    assert answer["cycle"]["day"] == 19
    assert answer["net_confidence"] == 25
    assert [kr["id"] for each in answer["objectives"] for kr in each["key_results"]] == [
        f"KR-{number:02}" for number in range(5, 13)
    ]


def test_strategy_without_one_says_what_to_do(tracker: Run, empty_path: Path) -> None:
    answer = tracker("strategy", db=empty_path)
    assert answer.code == 3
    assert "tracker init" in answer.err


def test_strategy_is_edited_and_its_version_goes_up(cli: Run) -> None:
    assert cli("strategy", "edit", "s-01", "--who", "Everybody", "--channels", "email, website").code == 0
    strategy = cli("strategy", "--json").json["strategy"]
    assert (strategy["who"], strategy["channels"], strategy["version"]) == ("Everybody", ["email", "website"], 2)


def test_a_second_strategy_is_a_draft_until_activated(cli: Run) -> None:
    added = cli("strategy", "add", "Referrals", "--who", "Clients", "--why", "A free month", "--approach", "Ask",
                "--desired-action", "Name a friend", "--channels", "email", "--owner", "jonas")
    assert added.out == "S-02\n"
    assert cli("strategy", "activate", "S-02").code == 0
    assert [line.split()[:3] for line in cli("strategy", "list").out.splitlines()] == [
        ["S-01", "retired", "mara"], ["S-02", "active", "jonas"],
    ]
    assert cli("strategy", "retire", "S-02").code == 0


def test_an_active_strategy_keeps_what_it_must_say(cli: Run) -> None:
    answer = cli("strategy", "edit", "S-01", "--who", "")
    assert answer.code == 1
    assert "active strategy" in answer.err


def test_objectives_and_key_results_are_listed_added_and_changed(cli: Run) -> None:
    assert cli("objective").out.splitlines()[0].split()[:5] == [
        "O-01", "2026-10", "active", "0.47", "at-risk",
    ]
    assert cli("objective", "add", "Keep", "clients", "--weight", "2", "--ambition", "aspirational").out == "O-04\n"
    assert cli("objective", "edit", "O-04", "--owner", "lena").code == 0
    made = next(each for each in cli("objective", "list", "--json").json["objectives"] if each["id"] == "O-04")
    assert (made["weight"], made["ambition"], made["owner"]) == (2, "aspirational", "lena")
    assert cli("kr", "add", "O-04", "Clients", "kept", "--unit", "clients", "--target", "20").out == "KR-13\n"
    assert cli("kr", "edit", "KR-13", "--target", "25", "--cadence-days", "14").code == 0
    made = next(each for each in cli("kr", "list", "--json").json["key_results"] if each["id"] == "KR-13")
    assert (made["target"], made["baseline"], made["cadence_days"], made["title"]) == (25, 0, 14, "Clients kept")
    assert cli("kr", "drop", "KR-13", "measures", "itself").code == 0
    assert "KR-13" not in cli("kr").out
    assert "KR-13" in cli("kr", "list", "--all").out


def test_a_key_result_counts_down_when_its_target_lies_below(cli: Run) -> None:
    assert cli("kr", "add", "O-03", "Cost", "--unit", "EUR", "--baseline", "90", "--target", "60").code == 0
    made = cli("kr", "list", "--json").json["key_results"][-1]
    assert made["direction"] == "decrease"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("kr", "add", "O-01", "Calls"), 2, "--target"),
        (("kr", "add", "O-01"), 2, "what is counted"),
        (("kr", "add", "O-99", "Calls", "--target", "1"), 3, "O-99"),
        (("kr", "add", "O-01", "Calls", "--target", "many"), 2, "number"),
        (("kr", "add", "O-01", "Calls", "--target", "0"), 1, "above its baseline"),
        (("kr", "edit", "KR-99", "--target", "1"), 3, "KR-99"),
        (("kr", "edit", "KR-05"), 2, "--help"),
        (("kr", "edit", "KR-05", "--due-on", "2027-01-01"), 1, "outside its cycle"),
        (("kr", "drop", "KR-08", "busy"), 1, "open tasks"),
        (("objective", "edit", "O-01", "--weight", "0"), 1, ""),
        (("cycle", "add", "fortnight"), 2, "no cycle"),
        (("cycle", "add", "2026-10-15..2026-11-15"), 1, "overlap"),
        (("person", "edit", "nobody", "--active", "no"), 3, "nobody"),
        (("person", "edit", "oskar", "--active", "maybe"), 2, "yes or no"),
        (("person", "add", "Lena", "Ferro"), 1, "--id"),
        (("channel", "add", "Email"), 1, "already"),
        (("strategy", "edit", "S-99", "--who", "x"), 3, "S-99"),
        (("strategy", "edit", "S-01", "--owner", "nobody"), 3, "nobody"),
        (("strategy", "edit", "S-01", "--horizon-end", "2026-02-30"), 2, "2026-02-30"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cli: Run, words: tuple[str, ...], code: int, said: str) -> None:
    answer = cli(*words)
    assert answer.code == code, answer
    assert answer.out == ""
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_cycles_are_listed_added_and_changed(cli: Run) -> None:
    assert cli("cycle", "add", "2026-12-01..2026-12-31", "--name", "December").code == 0
    listed = cli("cycle").out
    assert "2026-12" in listed
    assert cli("cycle", "edit", "2026-12", "--name", "Last").code == 0
    assert cli("cycle", "list", "--json").json["cycles"][-1]["name"] == "Last"
    assert refused(cli("cycle", "activate", "2026-12"), 1)


def refused(answer: Answer, code: int) -> bool:
    return (answer.code, answer.out) == (code, "") and bool(answer.err)


def test_people_are_listed_added_and_changed(cli: Run) -> None:
    assert cli("person", "add", "Lena", "Ferro", "--id", "ferro", "--capacity-h-week", "20").out == "ferro\n"
    assert cli("person", "edit", "ferro", "--active", "no").code == 0
    person = next(each for each in cli("person", "--json").json["people"] if each["id"] == "ferro")
    assert (person["name"], person["capacity_h_week"], person["active"]) == ("Lena Ferro", 20, False)
    assert refused(cli("assign", "20", "ferro"), 3)
    assert cli("person", "edit", "ferro", "--active", "yes").code == 0
    assert cli("assign", "20", "ferro").code == 0


def test_channels_are_listed_added_and_changed(cli: Run) -> None:
    assert cli("channel", "add", "Billboards", "--kind", "paid").out == "billboards\n"
    assert cli("channel", "edit", "billboards", "--name", "Posters").code == 0
    assert "billboards       paid    Posters" in cli("channel").out


@pytest.mark.parametrize("word", ["idea", "objective", "kr", "cycle", "person", "channel"])
def test_an_empty_list_says_so(tracker: Run, empty_path: Path, word: str) -> None:
    answer = tracker(word, db=empty_path)
    assert (answer.code, answer.out) == (0, "")
    assert "nothing to list" in answer.err


def test_versions_of_the_strategy_and_what_differs(cli: Run) -> None:
    assert refused_silently(cli("strategy", "diff"))
    cli("strategy", "edit", "S-01", "--who", "Everybody")
    cli("strategy", "edit", "S-01", "--approach", "Post 3 mails a week")
    assert [line.split()[0] for line in cli("strategy", "versions").out.splitlines()] == ["1", "2", "3"]
    assert cli("strategy", "diff", "1", "2").out.splitlines()[-1] == "  + Everybody"
    assert cli("strategy", "diff", "--json").json["differences"][0]["field"] == "approach"
    assert [each["number"] for each in cli("strategy", "versions", "--json").json["versions"]] == [1, 2, 3]
    assert refused(cli("strategy", "diff", "9"), 3)
    assert refused(cli("strategy", "diff", "first"), 2)
    assert "tactic" in cli("strategy", "questions").out


def refused_silently(answer: Answer) -> bool:
    return (answer.code, answer.out, answer.err) == (0, "", "They say the same.\n")


def test_open_questions_are_listed_asked_and_answered(cli: Run) -> None:
    assert [each["subject"] for each in cli("strategy", "questions", "--json").json["questions"]] == [
        "MQ-1", "MQ-2", "MQ-3", "strengths", "obstacles",
    ]
    assert cli("strategy", "ask", "What", "brings", "them", "back?", "--stage", "conversion").out == "MQ-4\n"
    assert cli("strategy", "reask", "mq-4", "--question", "What makes them stay?").code == 0
    assert "What makes them stay?" in cli("strategy", "questions").out
    assert cli("objective", "edit", "O-02", "--micro-question", "MQ-4").code == 0
    assert "MQ-4" not in cli("strategy", "questions").out
    assert refused(cli("strategy", "ask", " "), 2)


def test_drafts_are_accepted_by_their_owner_or_a_manager(cli: Run) -> None:
    made = cli("--as", "lena", "kr", "add", "O-02", "Calls kept", "--target", "5", "--owner", "priya")
    assert "a draft until priya or a manager accepts it" in made.err
    assert refused(cli("--as", "lena", "kr", "accept", "KR-13"), 1)
    assert cli("--as", "priya", "kr", "accept", "KR-13").code == 0
    assert cli("--as", "lena", "objective", "add", "Keep clients", "--owner", "mara", "--cycle", "2026-11").code == 0
    assert cli("objective", "accept", "O-04").code == 0
    assert cli("objective", "drop", "O-04").code == 0


def test_a_key_result_is_held_against_smart(cli: Run) -> None:
    assert [line.split()[:2] for line in cli("kr", "check", "KR-08").out.splitlines()] == [
        ["S", "+"], ["M", "+"], ["A", "!"], ["R", "+"], ["T", "+"],
    ]
    assert cli("kr", "check", "4", "--json").json["verdicts"][2]["word"] == "needs 19.17 a day, got 3.68"
    assert refused(cli("kr", "check", "KR-99"), 3)
