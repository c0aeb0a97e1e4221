"""The requests of Asana's REST API that are used, and what their answers mean; nothing here touches the network.

Facts: Asana's OpenAPI description and developer documentation. Every body and answer is `{"data": ...}`, ids are
texts named gid, and records are compact unless `opt_fields` names more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from tracker_sync.paging import Page
from tracker_sync.records import Record as Record
from tracker_sync.records import Records

_RECORDS = Records("Asana", "gid")
a_record, gid_of, not_understood = _RECORDS.a_record, _RECORDS.id_of, _RECORDS.not_understood
LIMIT = "100"
"""Records of one page, the most that is allowed."""
NOT_FOUND = 404
TOKEN_TOO_OLD = 412
"""Of events only: the first call, and one with a token that is no longer known; a new token is in the body."""

TASK_FIELDS = (
    "name,notes,completed,created_at,modified_at,permalink_url,start_on,start_at,due_on,due_at,assignee.gid,"
    "memberships.project.gid,memberships.section.gid,memberships.section.name,"
    "custom_fields.gid,custom_fields.text_value,custom_fields.enum_value.gid"
)
PERSON_FIELDS = "name,email"
STORY_FIELDS = "resource_subtype,type,text,created_at,created_by.name,created_by.email"
GOAL_FIELDS = (
    "name,notes,due_on,metric.unit,metric.precision,metric.currency_code,metric.initial_number_value,"
    "metric.target_number_value,metric.current_number_value"
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, object] | None = None
    repeatable: bool = True
    """Doing it twice is the same as once."""
    accept: frozenset[int] = frozenset()
    """Statuses of errors that are an answer here."""

    def at(self, offset: str | None) -> Call:
        """The same list from `offset` on."""
        return self if offset is None else replace(self, query={**self.query, "offset": offset})


def _at(*parts: str) -> str:
    return "/" + "/".join(quote(part, safe="") for part in parts)


def _list(path: str, fields: str | None = None, **filters: str) -> Call:
    wanted = {} if fields is None else {"opt_fields": fields}
    return Call("GET", path, {**filters, "limit": LIMIT, **wanted})


# -- people and places


def me() -> Call:
    """Whose token it is."""
    return Call("GET", "/users/me", {"opt_fields": PERSON_FIELDS})


def workspaces() -> Call:
    """Workspaces of the token's owner."""
    return _list("/workspaces", "name")


def projects(workspace: str) -> Call:
    """Projects that are not archived."""
    return _list("/projects", "name", workspace=workspace, archived="false")


def users(workspace: str) -> Call:
    """Everybody of a workspace; `/workspaces/{gid}/users` would end at 2,000."""
    return _list("/users", PERSON_FIELDS, workspace=workspace)


def project(gid: str) -> Call:
    """A project with its workspace."""
    return Call("GET", _at("projects", gid), {"opt_fields": "name,workspace.gid"})


def sections(project: str) -> Call:
    """The sections of a project, in order."""
    return _list(_at("projects", project, "sections"), "name")


def add_section(project: str, name: str) -> Call:
    """A new section, the last one."""
    return Call("POST", _at("projects", project, "sections"), data={"name": name}, repeatable=False)


def fields_of_project(project: str) -> Call:
    """The custom fields of a project, with the choices of each."""
    fields = "custom_field.name,custom_field.resource_subtype,custom_field.enum_options.name"
    return _list(_at("projects", project, "custom_field_settings"), fields)


def fields_of_workspace(workspace: str) -> Call:
    """Every custom field of a workspace."""
    return _list(_at("workspaces", workspace, "custom_fields"), "name,resource_subtype")


def add_text_field(workspace: str, name: str) -> Call:
    """A new custom field; names are unique in a workspace."""
    data = {"workspace": workspace, "name": name, "resource_subtype": "text"}
    return Call("POST", "/custom_fields", data=data, repeatable=False)


def use_field(project: str, field: str) -> Call:
    """Show a custom field in a project."""
    return Call("POST", _at("projects", project, "addCustomFieldSetting"), data={"custom_field": field})


# -- tasks


def tasks(project: str, modified_since: str | None = None) -> Call:
    """Tasks of a project. A task that was only put into another section does not count as modified."""
    since = {} if modified_since is None else {"modified_since": modified_since}
    return _list("/tasks", TASK_FIELDS, project=project, **since)


def task(gid: str) -> Call:
    """One task; 404 when it was deleted."""
    return Call("GET", _at("tasks", gid), {"opt_fields": TASK_FIELDS}, accept=frozenset({NOT_FOUND}))


def add_task(data: Mapping[str, object]) -> Call:
    """A new task."""
    return Call("POST", "/tasks", {"opt_fields": TASK_FIELDS}, data, repeatable=False)


def change_task(gid: str, data: Mapping[str, object]) -> Call:
    """Change the fields that are given."""
    return Call("PUT", _at("tasks", gid), {"opt_fields": TASK_FIELDS}, data)


def put_in_section(section: str, task: str) -> Call:
    """Put a task to the top of a section."""
    return Call("POST", _at("sections", section, "addTask"), data={"task": task})


def stories(task: str) -> Call:
    """What happened to a task, comments among it."""
    return _list(_at("tasks", task, "stories"), STORY_FIELDS)


def add_comment(task: str, text: str) -> Call:
    """A new comment in plain text."""
    return Call("POST", _at("tasks", task, "stories"), {"opt_fields": STORY_FIELDS}, {"text": text}, repeatable=False)


def events(project: str, sync: str | None) -> Call:
    """What happened since the token; without one, a token."""
    since = {} if sync is None else {"sync": sync}
    return Call("GET", "/events", {"resource": project, **since}, accept=frozenset({TOKEN_TOO_OLD}))


# -- goals


def goals(workspace: str) -> Call:
    """Goals of a workspace."""
    return _list("/goals", "name,notes", workspace=workspace)


def goal(gid: str) -> Call:
    """One goal with its metric."""
    return Call("GET", _at("goals", gid), {"opt_fields": GOAL_FIELDS})


def add_goal(data: Mapping[str, object]) -> Call:
    """A new goal; it has no metric yet."""
    return Call("POST", "/goals", {"opt_fields": "name"}, data, repeatable=False)


def change_goal(gid: str, data: Mapping[str, object]) -> Call:
    """Change the fields that are given."""
    return Call("PUT", _at("goals", gid), {"opt_fields": "name"}, data)


def set_metric(gid: str, data: Mapping[str, object]) -> Call:
    """Give a goal a metric in place of the one it has."""
    return Call("POST", _at("goals", gid, "setMetric"), {"opt_fields": "name"}, data)


def set_value(gid: str, value: int | float) -> Call:
    """The current value of a goal that has a metric."""
    data = {"current_number_value": value}
    return Call("POST", _at("goals", gid, "setMetricCurrentValue"), {"opt_fields": "name"}, data)


def supporters(goal: str) -> Call:
    """What supports a goal."""
    return _list("/goal_relationships", "supporting_resource.gid", supported_goal=goal)


def add_supporter(goal: str, supporter: str) -> Call:
    """Let a goal or task support a goal; a weight of 0, the default, would not count."""
    data = {"supporting_resource": supporter, "contribution_weight": 1}
    return Call("POST", _at("goals", goal, "addSupportingRelationship"), data=data)


def remove_supporter(goal: str, supporter: str) -> Call:
    """Let a goal or task support a goal no longer."""
    return Call("POST", _at("goals", goal, "removeSupportingRelationship"), data={"supporting_resource": supporter})


# -- answers


def record_of(body: object) -> Record:
    """The one record of an answer.

    Raises:
        RequestRefused: there is none.
    """
    data = body.get("data") if isinstance(body, Mapping) else None
    return a_record(data)


def page_of(body: object) -> Page[Record]:
    """The records of a page, and where the next one begins.

    Raises:
        RequestRefused: it is no page.
    """
    answer, items = _RECORDS.items_of(body)
    following = answer.get("next_page")
    if following is None:
        return Page(items, None)
    offset = following.get("offset") if isinstance(following, Mapping) else None
    if not isinstance(offset, str) or not offset:
        raise not_understood("a next page without an offset")
    return Page(items, offset)


@dataclass(frozen=True, slots=True)
class Events:
    """A page of what happened."""

    touched: Sequence[str]
    """Gids of tasks, the first event first."""
    deleted: frozenset[str]
    """Of those, the ones whose last word is that they were deleted."""
    since: str | None
    """The moment of the first event, by Asana's clock."""
    sync: str
    has_more: bool


def sync_of(body: object) -> str:
    """The token in an answer of events, a refusal among them."""
    sync = body.get("sync") if isinstance(body, Mapping) else None
    if not isinstance(sync, str) or not sync.isprintable() or not sync:
        raise not_understood("events without a token")
    return sync


def events_of(body: object) -> Events:
    """What a page of events says of tasks; what happened to a comment or other story counts for its task."""
    touched: dict[str, str] = {}
    happened = page_of(body).items
    moments = [moment for event in happened if isinstance(moment := event.get("created_at"), str)]
    for event in happened:
        action, resource, parent = event.get("action"), event.get("resource"), event.get("parent")
        if _is(resource, "task"):
            touched[gid_of(resource)] = str(action)
        elif _is(parent, "task"):
            touched.setdefault(gid_of(parent), "changed")
    deleted = frozenset(gid for gid, action in touched.items() if action == "deleted")
    more = isinstance(body, Mapping) and body.get("has_more") is True
    return Events(tuple(touched), deleted, min(moments, default=None), sync_of(body), more)


def _is(resource: object, kind: str) -> bool:
    return isinstance(resource, Mapping) and resource.get("resource_type") == kind
