"""`tracker audit`: what it lists, what it writes for scripts, what it decides, and when it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run

from tracker.__main__ import main
from tracker.cli.audit import FOUND


def test_piped_it_writes_one_finding_a_line_by_its_name(cli: Run) -> None:
    answer = cli("audit")
    lines = answer.out.splitlines()
    assert (answer.code, len(lines)) == (0, 22)
    assert lines[0].split(maxsplit=2) == [
        "activity_without_result:KR-08", "-", "4 White paper downloads: 6 tasks done, score 0.23, off track"]
    assert "\x1b" not in answer.out


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_a_terminal_gets_the_whole_picture_no_wider_than_it_is(
    northlight_path: Path, on_terminal: Callable[..., Any], columns: int
) -> None:
    with on_terminal(columns, 40) as screen:
        assert main(["--db", str(northlight_path), "--today", "2026-10-19", "--as", "mara", "audit"]) == 0
        written = screen.getvalue()
    plain = [line.replace("\x1b[0m", "").replace("\x1b[1m", "").replace("\x1b[2m", "") for line in written.splitlines()]
    assert max(map(len, plain)) <= columns
    text = "\n".join(plain)
    assert "22 findings, 0 decided" in text
    assert "28 open, 12 days left: 6 finish (85%), 9 (50%)" in text
    if columns >= 80:
        assert "4x White paper downloads 6 10 0.23 +15" in " ".join(text.split())
        assert "36% of open work is awareness. 4 foundational of 28." in text


def test_json_says_the_same_with_figures_and_decisions(cli: Run) -> None:
    found = cli("audit", "--json").json
    assert (found["kind"], found["total"], found["decided"], len(found["findings"])) == ("audit", 22, 0, 22)
    dumping = next(each for each in found["findings"] if each["id"] == "dumping_ground:KR-08")
    assert dumping["figures"] == {"open": 10, "of": 28}
    assert (dumping["group"], dumping["rule"], dumping["decision"]) == ("tactics", "dumping_ground", None)
    assert found["coverage"]["stages"]["awareness"] == {
        "open": 10, "media": {"content": 3, "outreach": 1, "paid": 1, "seo": 1, "social": 4}}
    assert found["results"][2]["last_week"] == -5.5
    assert found["past_cycle"]["outputs"] == 3
    assert found["trend"] is None


def test_markdown_is_a_report_to_talk_about(cli: Run) -> None:
    cli("audit", "--decide", "overdue:T-043", "--keep", "ad *review*")
    page = cli("audit", "--markdown").out
    assert page.startswith("# Alignment: Content marketing that books calls\n")
    assert "22 findings, 1 decided; no audit before." in page
    assert "- [ ] 4 White paper downloads: 10 of 28 open tasks (36%) (dumping ground)" in page
    assert "- [x] T-043: 7 days late" in page
    assert "*keep, mara 19 Oct: ad \\*review\\**" in page
    assert "| awareness | 3 | . | . | 1 | 4 |" in page
    assert "September 2026: score 0.7, results only 0.3." in page


@pytest.mark.parametrize(
    ("wanted", "code"),
    [(["any"], FOUND), (["overdue"], FOUND), (["tactics"], FOUND), (["stage_gap"], 0), (["coverage"], 0),
     (["coverage", "wip_over"], FOUND)],
)  # fmt: skip
def test_fail_on_ends_with_a_code_of_its_own(cli: Run, wanted: list[str], code: int) -> None:
    options = [word for each in wanted for word in ("--fail-on", each)]
    answer = cli("audit", *options)
    assert answer.code == code
    assert len(answer.out.splitlines()) == 22
    assert cli("audit", "--json", *options).code == code


def test_what_was_kept_does_not_fail(cli: Run) -> None:
    for task in ("T-043", "T-026", "T-042", "T-046"):
        assert cli("audit", "--decide", f"overdue:{task}", "--keep", "looked at it").code == 0
    answer = cli("audit", "--fail-on", "overdue")
    assert answer.code == 0
    assert "overdue:T-043" in answer.out
    assert cli("audit", "--json", "--fail-on", "overdue").json["failing"] == []


def test_an_unknown_rule_is_wrong_usage(cli: Run) -> None:
    answer = cli("audit", "--fail-on", "lateness")
    assert answer.code == 2
    assert "overdue" in answer.err


def test_killing_cancels_and_undo_brings_back(cli: Run) -> None:
    answer = cli("audit", "--decide", "off_strategy_channel:T-045", "--kill", "not our channel")
    assert (answer.code, answer.out.split()[0]) == (0, "T-045")
    assert "cancelled" in cli("list", "cancelled").out + cli("show", "T-045").out
    assert cli("audit", "--json").json["total"] == 20, "the key result is no dumping ground any more"
    assert cli("undo").code == 0
    assert cli("audit", "--json").json["total"] == 22


def test_recalibrating_by_target_and_by_key_result(cli: Run) -> None:
    first = cli("audit", "--decide", "target_below_backward_plan:KR-06", "--recalibrate", "measure", "--target", "50")
    assert first.code == 0, first.err
    second = cli("audit", "--decide", "no_tactics:KR-07", "--recalibrate", "targeting", "--to", "3", "--task", "50")
    assert second.code == 0, second.err
    names = cli("audit").out
    assert "no_tactics:KR-07" not in names
    assert "target_below_backward_plan:KR-06" not in names


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--keep", "why"], 2, "--decide"),
        (["--decide", "overdue:T-043"], 2, "Choose one of"),
        (["--decide", "overdue:T-043", "--keep", "a", "--kill", "b"], 2, "Choose one of"),
        (["--decide", "overdue:T-043", "--keep", " "], 1, "reason"),
        (["--decide", "overdue:T-999", "--keep", "a"], 3, "is no finding"),
        (["--decide", "KR-08", "--keep", "a"], 3, "may be"),
        (["--decide", "dumping_ground:KR-08", "--kill", "a"], 2, "Choose the tasks"),
        (["--decide", "dumping_ground:KR-08", "--kill", "a", "--task", "T-900"], 3, "T-900"),
        (["--decide", "dumping_ground:KR-08", "--recalibrate", "luck", "--target", "9"], 2, "no cause"),
        (["--decide", "dumping_ground:KR-08", "--recalibrate", "offer"], 2, "Say what changes"),
    ],
)
def test_what_cannot_be_decided_is_told_and_changes_nothing(cli: Run, words: list[str], code: int, says: str) -> None:
    answer = cli("audit", *words)
    assert (answer.code, answer.out) == (code, "")
    assert says in answer.err
    assert cli("audit", "--json").json["decided"] == 0


def test_a_decision_as_json_says_the_change(cli: Run) -> None:
    change = cli("audit", "--decide", "wip_over:doing", "--keep", "one week", "--json").json
    assert (change["kind"], change["ids"]) == ("change", ["wip_over:doing"])


def test_the_second_audit_of_another_week_shows_the_trend(cli: Run, tracker: Run, northlight_path: Path) -> None:
    cli("audit")
    later = tracker("--today", "2026-10-26", "--as", "mara", "audit", "--json", db=northlight_path).json
    assert (later["trend"]["on"], later["trend"]["total"]) == ("2026-10-19", 22)


def test_a_part_that_grew_says_what_it_was(
    cli: Run, northlight_path: Path, on_terminal: Callable[..., Any]
) -> None:
    cli("audit")
    with on_terminal(120, 40) as screen:
        main(["--db", str(northlight_path), "--today", "2026-10-26", "--as", "mara", "audit"])
        written = screen.getvalue()
    assert "last audit 19 Oct: 22 (+" in written
    assert "(work that is stuck or alone), was 11" in written


def test_without_a_strategy_it_says_what_to_do(tracker: Run, empty_path: Path) -> None:
    answer = tracker("audit", db=empty_path)
    assert answer.code == 3
    assert "tracker init" in answer.err


def test_hostile_titles_cannot_steer_the_terminal(cli: Run) -> None:
    cli("edit", "T-043", "--title", "ad\x1b[31m [bold]x[/bold] \u202eevil")
    out = cli("audit").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[bold]x[/bold]" in out
