"""The JSON shape: what is written down in JSON.md is what is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Run

import tracker.cli
from tracker.reports.records import VERSION

DESCRIPTION = (Path(tracker.cli.__file__).parent / "JSON.md").read_text(encoding="utf-8")

ANSWERS = [
    (("list",), "tasks", ["today", "more", "tasks"]),
    (("list", "--all"), "tasks", ["today", "more", "tasks"]),
    (("search", "white"), "tasks", ["today", "more", "tasks"]),
    (("show", "43", "20"), "task_details", ["tasks"]),
    (("why", "43"), "why", ["today", "paths"]),
    (("tree",), "tree", ["today", "cycle", "strategy", "elsewhere"]),
    (("add", "Task kr:1"), "change", ["batch", "label", "ids", "notices", "tasks"]),
    (("start", "20"), "change", ["batch", "label", "ids", "notices", "tasks"]),
    (("due", "43", "2026-10-12"), "change", ["batch", "label", "ids", "notices", "tasks"]),
    (("idea", "add", "A thought"), "change", ["batch", "label", "ids", "notices"]),
    (("person", "add", "Bo Berg"), "change", ["batch", "label", "ids", "notices"]),
    (("log", "43"), "history", ["changes"]),
    (("strategy",), "strategy", ["today", "strategy", "cycle", "objectives", "score", "net_confidence", "spent_minor",
                                 "planned_minor", "forecast", "sle_days"]),
    (("strategy", "list"), "strategies", ["strategies"]),
    (("cycle",), "cycles", ["cycles"]),
    (("objective",), "objectives", ["objectives"]),
    (("kr",), "key_results", ["key_results"]),
    (("person",), "people", ["people"]),
    (("channel",), "channels", ["channels"]),
    (("idea",), "ideas", ["ideas"]),
    (("flow",), "flow",
     ["today", "cycle", "days", "cycle_times", "finished", "weeks", "in_work", "ageing", "forecast"]),
    (("doctor",), "doctor", ["checks", "is_ok"]),
]


@pytest.mark.parametrize(("words", "kind", "keys"), ANSWERS, ids=lambda value: " ".join(value)[:30])
def test_every_answer_is_in_the_envelope_and_described(
    cli: Run, words: tuple[str, ...], kind: str, keys: list[str]
) -> None:
    answer = cli(*words, "--json")
    assert answer.code == 0, answer.err
    assert answer.err == ""
    assert list(answer.json) == ["tracker", "kind", *keys]
    assert (answer.json["tracker"], answer.json["kind"]) == (VERSION, kind)
    row = next(line for line in DESCRIPTION.splitlines() if re.match(rf"^\|[^|]*`{kind}`[^|]*\|", line))
    for key in keys:
        assert f"`{key}`" in row or key == kind


def test_the_description_names_every_field_of_a_listed_task(cli: Run) -> None:
    described = DESCRIPTION.partition("A task in `tasks` has ")[2].partition("\n\n")[0]
    assert re.findall(r"`(\w+)`", described) == list(cli("list", "--json").json["tasks"][0])


def test_a_task_of_a_list_has_its_values_as_json_has_them(cli: Run) -> None:
    task = next(task for task in cli("list", "--json").json["tasks"] if task["id"] == "T-043")
    assert (task["due_on"], task["estimate_low_h"], task["waits"], task["messages"]) == ("2026-10-12", 3, 0, 3)
    assert (task["sync_state"], task["channel"], task["done_on"]) == ("changed_there", "facebook", None)


def test_details_have_neighbours_comments_and_every_field(cli: Run) -> None:
    cli("wait", "59", "58")
    waiting, awaited = cli("show", "59", "58", "--json").json["tasks"]
    assert [each["id"] for each in waiting["waits_for"]] == ["T-058"]
    assert awaited["waited_for_by"] == [{"id": "T-059", "title": waiting["title"], "status": "backlog"}]
    assert {"notes", "learned", "journey_step", "cost_minor", "added_mid_cycle", "recurs"} <= set(waiting)
    assert isinstance(waiting["added_mid_cycle"], bool)


def test_why_has_the_figures_of_the_header(cli: Run) -> None:
    path = cli("why", "43", "--json").json["paths"][0]
    assert (path["key_result"]["value"], path["key_result"]["health"]) == (70, "off track")
    assert round(path["strategy"]["score"], 4) == 0.5246
    assert "key_results" not in path["objective"]


def test_a_limited_list_says_that_there_is_more(cli: Run) -> None:
    assert cli("list", "--limit", "2", "--json").json["more"] is True
    assert cli("list", "--json").json["more"] is False


def test_an_empty_list_is_still_json(cli: Run) -> None:
    assert cli("list", "@oskar", "late", "--json").json["tasks"] == []


def test_texts_that_look_like_json_stay_text(cli: Run) -> None:
    title = '}, {"id": "T-1"}, "\\'
    cli("add", title, "kr:1")
    assert title in [task["title"] for task in cli("list", "--json").json["tasks"]]


@pytest.mark.parametrize(
    ("words", "name", "code"),
    [
        (("cancel", "17", "late"), "refused", 1),
        (("add", "no key result"), "wrong usage", 2),
        (("list", "--nope"), "wrong usage", 2),
        (("show", "999"), "not found", 3),
        (("list", "--db", "/dev/null/x"), "out of reach", 5),
    ],
)
def test_an_error_is_json_on_standard_error(cli: Run, words: tuple[str, ...], name: str, code: int) -> None:
    answer = cli(*words, "--json")
    assert (answer.code, answer.out) == (code, "")
    told = json.loads(answer.err)
    assert (told["tracker"], told["kind"]) == (VERSION, "error")
    assert (told["error"]["name"], told["error"]["exit_code"]) == (name, code)
    assert told["error"]["message"]


def test_a_change_that_changes_nothing_has_no_batch(cli: Run) -> None:
    assert cli("due", "43", "2026-10-12", "--json").json["batch"] is None
    assert "Nothing had to change" in cli("due", "43", "2026-10-12").err


def test_every_counterpart_of_a_task_is_told(cli: Run) -> None:
    (task,) = cli("show", "43", "--json").json["tasks"]
    assert task["links"] == [
        {"connection": "asana-main", "state": "changed_there", "external_id": "1210000000000043", "url": None}]
    assert (task["external_id"], task["link"]) == ("1210000000000043", None)
    assert "in asana-main      changed there, 1210000000000043" in cli("show", "43").out
