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
