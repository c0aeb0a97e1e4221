"""`tracker flow`: the forecast with its sample, in words, as plots on a terminal, and as JSON."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import TODAY, Run

from tracker.__main__ import main


def test_it_says_the_forecast_with_its_sample(cli: Run) -> None:
    answer = cli("flow")
    assert answer.code == 0
    assert "6 of 28 by 31 Oct at 85% (9 at 50%); from 30 days, 24 done" in answer.out
    assert "all 28 done by 23 Nov 50%, 28 Nov 70%, 2 Dec 85%, 9 Dec 95%" in answer.out
    assert "under 0.1% that all 28 are done by 31 Oct" in answer.out


def test_it_says_cycle_times_throughput_and_ageing(cli: Run) -> None:
    out = cli("flow").out
    assert "4 50%, 6 70%, 7 85%, 10 95%; from 33 done in a year" in out
    assert "by week from 28 Sep 4, 5 Oct 14, 12 Oct 2, 19 Oct 0" in out
    assert "13 in work, 7 for longer than 7 days; 85% finish within 7 days" in out
    rows = out.partition("AGEING\n")[2].splitlines()[1:]
    assert rows[0].split()[:4] == ["T-062", "15d", "recurs", "doing"]
    assert rows[1].split()[:4] == ["T-043", "14d", "past", "doing"]


def test_without_a_terminal_there_are_neither_plots_nor_escapes(cli: Run) -> None:
    out = cli("flow").out
    assert "\x1b" not in out
    assert not set(out) & set("█▓▒░•─━")


def test_days_choose_the_span(cli: Run) -> None:
    assert "FLOW  the last 90 days" in cli("flow", "--days", "90").out
    assert len(cli("flow", "--days", "14", "--json").json["days"]) == 14


@pytest.mark.parametrize(("days", "words"), [("1", "2 to 1,000"), ("5000", "2 to 1,000"), ("x", "whole number")])
def test_a_span_that_cannot_be_shown_is_wrong_usage(cli: Run, days: str, words: str) -> None:
    answer = cli("flow", "--days", days)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err


def test_json_has_all_figures(cli: Run) -> None:
    told = cli("flow", "--json").json
    assert (told["kind"], told["today"], told["cycle"]["id"]) == ("flow", TODAY, "2026-10")
    assert told["cycle_times"] == {
        "tasks": 33, "percentiles": {"50": 4, "70": 6, "85": 7, "95": 10}, "sle_days": 7,
    }  # fmt: skip
    forecast = told["forecast"]
    assert forecast["finishing"] == {"50": 9, "70": 7, "85": 6, "95": 4}
    assert forecast["all_done"]["85"] == "2026-12-02"
    assert (forecast["sample"]["days"], forecast["sample"]["done"], len(forecast["sample"]["daily"])) == (30, 24, 30)
    assert told["days"][-1] == {
        "on": TODAY, "done": 20, "review": 4, "doing": 9, "assigned": 9, "backlog": 6, "finished": 0,
    }  # fmt: skip
    assert sum(each["tasks"] for each in told["finished"]) == 20
    assert (told["ageing"][1]["task"]["id"], told["ageing"][1]["days"], told["ageing"][1]["is_past"]) == (
        "T-043", 14, True,
    )  # fmt: skip


def test_what_is_unknown_is_said_in_words_and_is_null_in_json(tracker: Run, begun_path: Path) -> None:
    answer = tracker("--today", TODAY, "flow", db=begun_path)
    assert answer.code == 0
    assert "not enough history: 0 done in 30 days" in answer.out
    assert "no task was finished within a year" in answer.out
    assert "nothing is in work" in answer.out
    told = tracker("--today", TODAY, "flow", "--json", db=begun_path).json
    assert (told["forecast"]["is_known"], told["forecast"]["finishing"], told["forecast"]["chance_of_all"]) == (
        False, {}, None,
    )  # fmt: skip
    assert told["cycle_times"]["sle_days"] is None


def test_before_the_first_strategy_it_says_that_no_cycle_runs(tracker: Run, empty_path: Path) -> None:
    answer = tracker("--today", TODAY, "flow", db=empty_path)
    assert answer.code == 0
    assert "the last 30 days; no cycle runs" in answer.out
    assert tracker("--today", TODAY, "flow", "--json", db=empty_path).json["cycle"] is None


def test_a_cycle_that_has_not_begun_is_said(tracker: Run, northlight_path: Path) -> None:
    out = tracker("--today", "2026-09-20", "flow", db=northlight_path).out
    assert "the last 30 days; October 2026 begins on 1 Oct" in out


def test_a_cycle_that_has_ended_is_said(tracker: Run, northlight_path: Path) -> None:
    out = tracker("--today", "2026-11-03", "flow", db=northlight_path).out
    assert "the cycle ended on 31 Oct; from 30 days" in out
    assert "are done by 31 Oct" not in out


def on_a_terminal(path: Path, on_terminal: Callable[..., Any], columns: int, *words: str) -> str:
    with on_terminal(columns, 40) as screen:
        assert main(["--db", str(path), "--today", TODAY, "flow", *words]) == 0
        return str(screen.getvalue())


@pytest.mark.parametrize("columns", [200, 80, 40, 20])
def test_on_a_terminal_it_draws_within_the_width(
    northlight_path: Path, on_terminal: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = on_a_terminal(northlight_path, on_terminal, columns)
    assert "\x1b" not in out
    assert "█" in out
    assert "85% 7d ━" in out or columns == 20
    assert max(len(line) for line in out.splitlines()) <= columns


def test_colour_is_an_addition(northlight_path: Path, on_terminal: Callable[..., Any]) -> None:
    assert "\x1b[33m━" in on_a_terminal(northlight_path, on_terminal, 100)


def test_the_plotting_library_is_loaded_only_where_something_is_drawn(northlight_path: Path) -> None:
    script = (
        "import sys; from tracker.__main__ import main; "
        f"main(['--db', {str(northlight_path)!r}, '--today', '{TODAY}', 'flow', *sys.argv[1:]]); "
        "print(sorted({'plotext', 'textual', 'sqlalchemy', 'httpx'} & set(sys.modules)))"
    )
    for words in ([], ["--json"]):
        out = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True).stdout
        assert out.splitlines()[-1] == "[]"
