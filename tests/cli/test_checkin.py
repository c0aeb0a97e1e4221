"""`tracker checkin` and `tracker milestone`: the same rules and figures as the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Answer, Run


def as_jonas(cli: Run, *words: str) -> Answer:
    return cli("--as", "jonas", *words)


def test_alone_it_lists_whose_turn_it_is_mine_first(cli: Run) -> None:
    answer = as_jonas(cli, "checkin")
    assert [line.split()[:4] for line in answer.out.splitlines()] == [
        ["2", "KR-06", "jonas", "saved"], ["4", "KR-08", "jonas", "saved"], ["6", "KR-10", "jonas", "saved"],
        ["1", "KR-05", "mara", "saved"], ["3", "KR-07", "tomas", "saved"], ["5", "KR-09", "priya", "saved"],
        ["7", "KR-11", "tomas", "saved"], ["8", "KR-12", "lena", "late-7d"],
    ]
    assert answer.err == "3 key results are yours, 3 saved.\n"


def test_whose_turn_it_is_as_json(cli: Run) -> None:
    answer = as_jonas(cli, "checkin", "--json").json
    assert (answer["kind"], answer["today"]) == ("check_in_turns", "2026-10-19")
    google = answer["key_results"][-1]
    names = ("id", "is_mine", "turn", "turn_on", "last_on", "health")
    assert [google[name] for name in names] == ["KR-12", False, "late 7d", "2026-10-12", "2026-10-05", "stale"]


def test_a_key_result_shows_figures_milestones_and_history(cli: Run) -> None:
    assert cli("checkin", "6").out.splitlines() == [
        "6 Case-study library  KR-10, owner jonas",
        "1 stories, target 4 by 31 Oct, weight 1, output, leading, every 7 days",
        "score 0.25 (red), at risk: pace at risk, 18 points behind the pace; confidence 5 at risk",
        "at this pace 1.6 stories, 0.41; for 0.7 you need 1 every 7 days",
        "since 12 Oct: 0 done, result 0; open now: 1 assigned, 0 begun, 1 without owner",
        "[x] 1 Bridge Street Vets  12 Oct",
        "[ ] 2 Millbrook Animal Care",
        "[ ] 3 Harbour Road",
        "[ ] 4 Two Oaks",
        "19 Oct  1  conf 5  Millbrook moved the shoot  jonas",
        "12 Oct  1  conf 6  Bridge Street published  jonas",
        "05 Oct  0  conf 7  First interview booked  jonas",
    ]


def test_a_check_in_shows_the_new_figures_and_the_header_has_them(cli: Run) -> None:
    answer = cli("checkin", "8", "--value", "4.5", "--confidence", "6", "--note", "Two bad reviews", "--blocks",
                 "no time")
    assert (answer.code, answer.err) == (0, "checked in Google rating, 19 Oct\n")
    assert "19 Oct  4.5  conf 6  Two bad reviews  blocks: no time  mara" in answer.out
    row = next(each for each in cli("kr", "list", "--json").json["key_results"] if each["id"] == "KR-12")
    assert (row["value"], row["confidence"], row["score"], row["health"]) == (4.5, 6, 0.5, "at risk")


def test_a_correction_keeps_what_is_not_given_and_the_old_one(cli: Run) -> None:
    answer = as_jonas(cli, "checkin", "4", "--value", "75")
    assert "19 Oct  75  conf 3  Much posting, few downloads  jonas" in answer.out
    assert "  was 19 Oct  70  conf 3  Much posting, few downloads  jonas, corrected 19 Oct by jonas" in answer.out
    assert "it replaces the check-in of 19 Oct, which the history keeps" in answer.err
    assert as_jonas(cli, "undo").code == 0
    assert "was" not in cli("checkin", "4").out


def test_milestones_are_ticked_by_words_or_number(cli: Run) -> None:
    assert "[x] 2 Millbrook Animal Care  19 Oct" in cli("checkin", "6", "--tick", "mill").out
    assert "score 0.75" in cli("checkin", "6", "--tick", "3").out
    assert "score 0.50" in cli("checkin", "6", "--untick", "Harbour Road").out


def test_a_past_day_is_named_as_people_name_it(cli: Run) -> None:
    for words, day in (("14 oct", "14 Oct"), ("15", "15 Oct"), ("2026-10-16", "16 Oct"), ("yesterday", "18 Oct"),
                       ("sat", "17 Oct")):
        answer = cli("checkin", "2", "--on", words, "--value", "20", "--confidence", "8", "--note", "late")
        assert f"{day}  20  conf 8  late  mara" in answer.out, words
        assert "the figures go by the later check-in of 19 Oct" in answer.err


def test_an_override_needs_a_reason_and_lasts_until_the_next_check_in(cli: Run) -> None:
    refused = cli("checkin", "4", "--health", "at risk")
    assert (refused.code, "needs a reason" in refused.err) == (1, True)
    said = cli("checkin", "4", "--health", "at-risk", "--reason", "the ad is back")
    assert "said to be at risk: the ad is back" in said.out
    assert "score 0.23 (red), at risk:" in said.out


def test_json_of_a_check_in_has_change_and_figures(cli: Run) -> None:
    answer = cli("checkin", "3", "--value", "70 EUR", "--confidence", "9", "--note", "new ad", "--json").json
    assert (answer["kind"], answer["ids"], answer["key_result"]["value"]) == ("change", ["KR-07"], 70)
    newest, corrected = answer["key_result"]["check_ins"][:2]
    assert (newest["is_correction"], corrected["replaced_by"], corrected["value"]) == (True, "mara", 79)


@pytest.mark.parametrize(("words", "code", "said"), [
    (("2", "--value", "nan"), 2, "is no number"),
    (("2", "--value", "twenty"), 2, "is no number"),
    (("2", "--value", "27.5"), 1, "has 1 decimal; it is measured in whole numbers"),
    (("3", "--value", "79.123"), 1, "3 decimals"),
    (("6", "--value", "2"), 1, "not the 1 of 4 milestones that are ticked"),
    (("6", "--value", "-1"), 1, "the least is 0"),
    (("6", "--value", "5"), 1, "more than the 4"),
    (("6", "--tick", "Nowhere"), 3, "names no milestone"),
    (("2", "--tick", "1"), 1, "has no milestones to tick"),
    (("8", "--value", "4.7"), 1, "needs a note"),
    (("8", "--value", "4.7", "--note", "x"), 2, "needs a confidence"),
    (("8", "--note", "x", "--confidence", "5"), 2, "needs a value"),
    (("8", "--value", "4.7", "--note", "x", "--confidence", "11"), 2, "from 0 to 10"),
    (("2", "--value", "27", "--on", "30 sep"), 1, "lies before the cycle"),
    (("2", "--value", "27", "--on", "tomorrow"), 1, "still to come"),
    (("2", "--value", "27", "--on", "soon"), 2, "is not a day"),
    (("KR-01", "--value", "4", "--note", "x", "--confidence", "5"), 1, "is graded"),
    (("2", "--on", "12 oct"), 2, "Say what to check in"),
    (("2", "--reason", "x"), 2, "give the health too"),
    (("2", "--health", "splendid", "--reason", "x"), 2, "on track, at risk, off track or none"),
    (("nothing", "--value", "1"), 3, "names no open key result"),
    (("--value", "1"), 2, "Name the key result first"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_words_and_nothing_is_written(
    cli: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    before = cli("export", "json").out
    answer = cli("checkin", *words)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert cli("export", "json").out == before


def test_nobody_here_cannot_check_in(tracker: Run, northlight_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "stranger")
    monkeypatch.setenv("LOGNAME", "stranger")
    answer = tracker("--today", "2026-10-19", "checkin", "2", "--value", "28", db=northlight_path)
    assert (answer.code, "is nobody here" in answer.err) == (3, True)


def test_without_a_strategy_it_says_what_to_do(tracker: Run, empty_path: Path) -> None:
    answer = tracker("checkin", db=empty_path)
    assert (answer.code, "tracker init" in answer.err) == (3, True)


def test_milestones_are_listed_renamed_removed_and_added(cli: Run) -> None:
    assert cli("milestone", "rename", "6", "mill", "Millbrook").code == 0
    assert cli("milestone", "remove", "6", "Two Oaks").err.splitlines()[-1].endswith("has 3 milestones so far")
    assert cli("milestone", "add", "6", "Hill Farm").code == 0
    assert cli("milestone", "list", "6").out.splitlines() == [
        "1  2026-10-12  Bridge Street Vets", "2  -           Millbrook", "3  -           Harbour Road",
        "4  -           Hill Farm",
    ]
    too_many = cli("milestone", "add", "6", "One more")
    assert (too_many.code, "raise it first" in too_many.err) == (1, True)
    assert cli("milestone", "add", "2", "A call").code == 1
    assert cli("milestone", "--json").json["key_results"][0]["id"] == "KR-10"

