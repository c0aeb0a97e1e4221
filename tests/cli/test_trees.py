"""`tracker tree`: the strategy from the top down."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Run


def test_each_level_stands_further_in_with_its_numbers(cli: Run) -> None:
    lines = cli("tree").out.splitlines()
    assert lines[:9] == [
        "S-01  Content marketing that books calls",
        "   score 0.52, net confidence +25, October 2026 day 19 of 31, 28 open, 20 done",
        "   O-01  Acquire 10 new clients in October",
        "      score 0.47, at risk, committed, 12 open, 10 done",
        "      1  KR-05  Signed clients",
        "         4 clients, target 10, score 0.40, at risk, confidence 4, 4 open, 3 done",
        "         T-018  doing     mara      23 Oct  Follow up proposals older than five days, high",
        "         T-019  review    priya     20 Oct  One-page price explainer, high",
        "         T-021  assigned  mara      26 Oct  Ask three clients for an introduction",
    ]
    assert lines[9] == "         … 1 more"
    assert sum(line.startswith("   O-") for line in lines) == 3


def test_how_many_tasks_are_shown_can_be_said(cli: Run) -> None:
    assert "T-0" not in cli("tree", "--tasks", "0").out
    assert "         … 10 more" in cli("tree", "--tasks", "0").out
    assert "…" not in cli("tree", "--tasks", "50").out


@pytest.mark.parametrize("number", ["-1", "many", "1.5", "9" * 30])
def test_a_number_that_is_none_is_refused(cli: Run, number: str) -> None:
    refused = cli("tree", f"--tasks={number}")
    assert (refused.code, "no number of tasks" in refused.err) == (2, True)


def test_its_json_holds_the_levels_in_each_other(cli: Run) -> None:
    strategy = cli("tree", "--tasks", "1", "--json").json["strategy"]
    assert (strategy["id"], strategy["net_confidence"], strategy["open"], strategy["done"]) == ("S-01", 25, 28, 20)
    objective = strategy["objectives"][1]
    assert (objective["id"], objective["health"], objective["open"]) == ("O-02", "off track", 14)
    key_result = objective["key_results"][0]
    assert (key_result["id"], round(key_result["score"], 2), key_result["confidence"]) == ("KR-08", 0.23, 3)
    assert ([task["id"] for task in key_result["tasks"]], key_result["more"]) == (["T-043"], 9)


# -- the other way: why


def test_why_goes_up_through_a_cycle_that_is_over(cli: Run) -> None:
    lines = [line.strip() for line in cli("why", "T-001").out.splitlines()]
    key_result = next(line for line in lines if line.startswith("KR-03"))
    at = lines.index(key_result)
    assert lines[at + 1].startswith("1 steps, target 1, score 1.00")
    assert lines[at + 2] == "September 2026, closed, graded 0.8"
    assert any(line.startswith("O-00  ") for line in lines)
    assert "S-01  Content marketing that books calls" in lines
    path = cli("why", "T-001", "--json").json["paths"][0]
    assert (path["key_result"]["grade"], path["objective"]["id"], path["cycle"]["status"]) == (0.8, "O-00", "closed")
    assert round(path["strategy"]["score"], 4) == 0.7417


def test_why_tells_the_idea_that_a_task_was_made_of(cli: Run) -> None:
    assert cli("idea", "promote", "I-05", "kr:2", "--who", "yes").code == 0
    out = cli("why", "T-063").out
    assert "came of idea I-05 (No-shows on a third of calls); our who would be there: Reminder message" in out
    path = cli("why", "T-063", "--json").json["paths"][0]
    assert (path["came_of"]["id"], path["came_of"]["reaches_who"]) == ("I-05", True)
    assert cli("why", "T-043", "--json").json["paths"][0]["came_of"] is None


def test_why_names_what_was_dropped(cli: Run) -> None:
    assert cli("cancel", "60", "no longer wanted").code == 0
    assert cli("kr", "drop", "KR-11", "nobody looks").code == 0
    out = cli("why", "T-060").out
    assert "KR-11  Unsubscribe rate" in out
    assert "dropped, and measured no more" in out
    assert "S-01  Content marketing" in out
