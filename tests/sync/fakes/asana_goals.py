"""Goals of the fake Asana: metrics, and what supports what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from tests.sync.fakes import asana_rules as rules
from tests.sync.fakes.asana_rules import Record, Refusal, route
from tests.sync.fakes.server import Request


class _Asana(Protocol):
    """What goals need of the rest of the fake."""

    workspace: Record
    tasks: dict[str, Record]
    users: dict[str, Record]
    user: str
    goals: dict[str, Record]
    supports: list[Record]

    def _pays(self) -> None: ...
    def _gid(self) -> str: ...
    def _person(self, who: str, status: int) -> str: ...
    def _one(self, request: Request, record: Record) -> Record: ...
    def _list(self, request: Request, records: Iterable[Record]) -> Record: ...
    def _get(self, table: dict[str, Record], gid: str, kind: str) -> Record: ...


class GoalRoutes:
    """The part of the fake that answers for goals."""

    def __init__(self) -> None:
        super().__init__()
        self.goals: dict[str, Record] = {}
        self.supports: list[Record] = []

    @route("GET", "/goals")
    def get_goals(self: _Asana, request: Request) -> Record:
        self._pays()
        if not {"workspace", "task", "project", "portfolio", "team"} & set(request.query):
            raise Refusal(400, "You should specify one of portfolio, project, task, team or workspace")
        found = list(self.goals.values())
        if "task" in request.query:
            task = request.query["task"]
            goals = {each["goal"] for each in self.supports if each["supporting_resource"]["gid"] == task}
            found = [goal for goal in found if goal["gid"] in goals]
        return self._list(request, found)

    @route("POST", "/goals")
    def post_goal(self: _Asana, request: Request, data: Record) -> Record:
        self._pays()
        rules.checked(data, rules.GOAL)
        if data.get("workspace") != self.workspace["gid"] or not data.get("name"):
            raise Refusal(400, "workspace, name: Missing input")
        gid = self._gid()
        owner = data.get("owner")
        self.goals[gid] = {
            "gid": gid, "resource_type": "goal", "notes": "", "due_on": None, "start_on": None, "status": None,
            "metric": None, "time_period": None, **data, "workspace": self.workspace,
            "owner": self.users[self._person(owner, 400)] if owner else None,
        }  # fmt: skip
        return self._one(request, self.goals[gid])

    @route("GET", "/goals/{gid}")
    def get_goal(self: _Asana, request: Request, gid: str) -> Record:
        self._pays()
        return self._one(request, self._get(self.goals, gid, "goal"))

    @route("PUT", "/goals/{gid}")
    def put_goal(self: _Asana, request: Request, data: Record, gid: str) -> Record:
        goal = self._get(self.goals, gid, "goal")
        status = data.pop("status", None)
        writable = {name: rule for name, rule in rules.GOAL.items() if name not in ("workspace", "followers")}
        rules.checked(data, writable)
        if status is not None:
            if status not in {"green", "yellow", "red", "achieved", "partial", "missed", "dropped"}:
                raise Refusal(400, "status: Value is not valid")
            if goal["metric"] is None:
                raise Refusal(400, "status: The goal needs a metric first")
            goal["status"] = status
        goal.update(data)
        return self._one(request, goal)

    @route("DELETE", "/goals/{gid}")
    def delete_goal(self: _Asana, request: Request, gid: str) -> Record:
        self._pays()
        del self.goals[self._get(self.goals, gid, "goal")["gid"]]
        return {"data": {}}

    @route("POST", "/goals/{gid}/setMetric")
    def post_metric(self: _Asana, request: Request, data: Record, gid: str) -> Record:
        self._pays()
        goal = self._get(self.goals, gid, "goal")
        rules.checked(data, rules.METRIC)
        begin, target = data.get("initial_number_value", 0), data.get("target_number_value")
        if target is None or begin == target:
            raise Refusal(400, "target_number_value: Must be different from initial_number_value")
        if (data.get("unit") == "currency") != bool(data.get("currency_code")):
            raise Refusal(400, "currency_code: Goes with the unit currency")
        goal["metric"] = {
            "gid": self._gid(), "resource_type": "goal_metric", "unit": "none", "precision": 0, "currency_code": None,
            "initial_number_value": 0, "current_number_value": begin, "progress_source": "manual", **data,
        }  # fmt: skip
        return self._one(request, goal)

    @route("POST", "/goals/{gid}/setMetricCurrentValue")
    def post_value(self: _Asana, request: Request, data: Record, gid: str) -> Record:
        goal = self._get(self.goals, gid, "goal")
        rules.checked(data, {"current_number_value": rules.METRIC["current_number_value"]})
        if goal["metric"] is None:
            raise Refusal(400, "This goal has no metric")
        goal["metric"]["current_number_value"] = data["current_number_value"]
        return self._one(request, goal)

    @route("POST", "/goals/{gid}/addSupportingRelationship")
    def post_support(self: _Asana, request: Request, data: Record, gid: str) -> Record:
        self._get(self.goals, gid, "goal")
        rules.checked(data, rules.SUPPORT)
        supporter: Any = data.get("supporting_resource")
        resource = self.goals.get(supporter) or self.tasks.get(supporter)
        if resource is None:
            raise Refusal(404, "supporting_resource: Unknown object")
        if any(each["goal"] == gid and each["supporting_resource"] is resource for each in self.supports):
            raise Refusal(400, "supporting_resource: Already supports this goal")
        kind = "subgoal" if resource["resource_type"] == "goal" else "supporting_work"
        relationship = {
            "gid": self._gid(), "resource_type": "goal_relationship", "resource_subtype": kind, "goal": gid,
            "supported_goal": self.goals[gid], "supporting_resource": resource,
            "contribution_weight": data.get("contribution_weight", 0),
        }  # fmt: skip
        self.supports.append(relationship)
        return self._one(request, relationship)

    @route("POST", "/goals/{gid}/removeSupportingRelationship")
    def post_no_support(self: _Asana, request: Request, data: Record, gid: str) -> Record:
        self._get(self.goals, gid, "goal")
        rules.checked(data, {"supporting_resource": rules.SUPPORT["supporting_resource"]})
        found = [
            each for each in self.supports
            if each["goal"] == gid and each["supporting_resource"]["gid"] == data.get("supporting_resource")
        ]  # fmt: skip
        if not found:
            raise Refusal(400, "supporting_resource: Does not support this goal")
        self.supports.remove(found[0])
        return {"data": {}}

    @route("GET", "/goal_relationships")
    def get_supports(self: _Asana, request: Request) -> Record:
        goal = request.query.get("supported_goal")
        if goal is None:
            raise Refusal(400, "supported_goal: Missing input")
        self._get(self.goals, goal, "goal")
        kind = request.query.get("resource_subtype")
        return self._list(request, [
            each for each in self.supports if each["goal"] == goal and kind in (None, each["resource_subtype"])
        ])  # fmt: skip
