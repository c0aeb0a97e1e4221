"""Key results as goals of Asana."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.sync.asana_stage import AsanaStage
from tests.sync.fakes.asana import AsanaFake
from tests.sync.fakes.server import Trouble

from tracker.domain.remote import AnswerLost, KeyResultMirror, NotAllowed, RequestRefused, TaskWrite

CLIENTS = KeyResultMirror(
    "trk-1-KR-1", "Signed clients", "clients", Decimal(0), Decimal(10), Decimal("3.5"), date(2026, 12, 31)
)


@pytest.fixture
def stage() -> Iterator[AsanaStage]:
    with AsanaFake() as fake:
        made = AsanaStage(fake)
        yield made
        made.close()


def test_a_key_result_becomes_a_goal_with_its_metric(stage: AsanaStage) -> None:
    gid = stage.open().put_goal(CLIENTS, None)
    goal = stage.fake.goals[gid]
    assert (goal["name"], goal["due_on"]) == ("Signed clients", "2026-12-31")
    metric = {name: value for name, value in goal["metric"].items() if name not in ("gid", "resource_type")}
    assert metric == {
        "unit": "none", "precision": 1, "currency_code": None, "progress_source": "manual",
        "initial_number_value": 0, "target_number_value": 10, "current_number_value": 3.5,
    }  # fmt: skip


def test_a_percentage_is_a_part_of_one(stage: AsanaStage) -> None:
    share = replace(CLIENTS, percent=True, target=Decimal(25), value=Decimal("12.5"))
    metric = stage.fake.goals[stage.open().put_goal(share, None)]["metric"]
    assert (metric["unit"], metric["target_number_value"], metric["current_number_value"]) == (
        "percentage",
        0.25,
        0.125,
    )
    assert metric["precision"] == 1


def test_money_has_its_currency(stage: AsanaStage) -> None:
    money = replace(CLIENTS, currency="EUR", value=Decimal("3.50"))
    metric = stage.fake.goals[stage.open().put_goal(money, None)]["metric"]
    assert (metric["unit"], metric["currency_code"], metric["current_number_value"]) == ("currency", "EUR", 3.5)


def test_only_what_is_different_is_sent(stage: AsanaStage) -> None:
    adapter = stage.open()
    gid = adapter.put_goal(CLIENTS, None)
    before = len(stage.server.log)
    assert adapter.put_goal(CLIENTS, gid) == gid
    assert adapter.put_goal(replace(CLIENTS, value=Decimal(4)), gid) == gid
    assert adapter.put_goal(replace(CLIENTS, value=Decimal(4), title="Clients", target=Decimal(12)), gid) == gid
    sent = [(each.method, each.path.split("/")[-1]) for each in stage.server.log[before:] if each.method != "GET"]
    assert sent == [("POST", "setMetricCurrentValue"), ("PUT", gid), ("POST", "setMetric")]
    goal = stage.fake.goals[gid]
    assert (goal["name"], goal["metric"]["current_number_value"]) == ("Clients", 4)
    assert goal["metric"]["target_number_value"] == 12


@pytest.mark.parametrize("path", ["^/goals$", "setMetric$"])
def test_a_goal_whose_answer_is_lost_is_adopted_and_gets_its_metric(stage: AsanaStage, path: str) -> None:
    adapter = stage.open()
    stage.server.fail(Trouble.DROP_AFTER if path == "^/goals$" else Trouble.STATUS_BEFORE, method="POST", path=path,
                      status=400)  # fmt: skip
    with pytest.raises((AnswerLost, RequestRefused)):
        adapter.put_goal(CLIENTS, None)
    gid = adapter.put_goal(CLIENTS, None)
    assert list(stage.fake.goals) == [gid]
    assert stage.fake.goals[gid]["metric"]["current_number_value"] == 3.5


def test_a_goal_stands_below_the_goal_of_its_objective(stage: AsanaStage) -> None:
    adapter = stage.open()
    parent = adapter.put_goal(replace(CLIENTS, reference="trk-1-O-1"), None)
    child = adapter.put_goal(replace(CLIENTS, parent=parent), None)
    adapter.put_goal(replace(CLIENTS, parent=parent), child)
    (link,) = stage.fake.supports
    assert (link["goal"], link["supporting_resource"]["gid"], link["contribution_weight"]) == (parent, child, 1)


def test_a_task_supports_another_goal_after_all(stage: AsanaStage) -> None:
    adapter = stage.open()
    gid = adapter.put_goal(CLIENTS, None)
    task = adapter.create(TaskWrite({"title": "Ship"}), "trk-1-T-001").id
    adapter.support(gid, task)
    for _ in range(2):  # taking away what is not there is harmless
        adapter.no_longer_support(gid, task)
    assert stage.fake.supports == []


def test_a_task_supports_its_goal_once(stage: AsanaStage) -> None:
    adapter = stage.open()
    gid = adapter.put_goal(CLIENTS, None)
    tasks = [adapter.create(TaskWrite({"title": "Ship"}), f"trk-1-T-{number}").id for number in range(3)]
    for _ in range(2):
        for task in tasks:
            adapter.support(gid, task)
    stage.open().support(gid, tasks[0])
    assert [each["supporting_resource"]["gid"] for each in stage.fake.supports] == tasks
    assert len(stage.server.requests("GET", "goal_relationships")) == 4  # only where it was refused, as it is so


def test_a_goal_that_aims_at_where_it_begins_is_refused_before_it_is_made(stage: AsanaStage) -> None:
    with pytest.raises(RequestRefused, match="another target"):
        stage.open().put_goal(replace(CLIENTS, target=Decimal(0)), None)
    assert stage.fake.goals == {}


def test_a_plan_without_goals_says_so(stage: AsanaStage) -> None:
    adapter = stage.open()
    stage.fake.paid = False
    with pytest.raises(NotAllowed, match="higher plan"):
        adapter.put_goal(CLIENTS, None)
