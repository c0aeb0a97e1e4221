"""The official client of Asana drives the fake through the life of a task, to show that the fake speaks like Asana."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.sync.fakes.asana import ANA, BEN, PROJECT, TOKEN, WORKSPACE, AsanaFake

asana = pytest.importorskip("asana")
"""Any version from 5.4 on; it has no types."""


@pytest.fixture
def fake() -> Iterator[AsanaFake]:
    with AsanaFake() as made:
        yield made


@pytest.fixture
def client(fake: AsanaFake) -> Iterator[Any]:
    configuration = asana.Configuration()
    configuration.host = fake.url
    configuration.access_token = TOKEN
    configuration.retry_strategy = False
    made = asana.ApiClient(configuration)
    yield made
    made.rest_client.pool_manager.clear()


@pytest.fixture
def field(client: Any) -> str:
    """A text field that the project shows."""
    body = {"data": {"workspace": WORKSPACE, "name": "Tracker ID", "resource_subtype": "text"}}
    made = asana.CustomFieldsApi(client).create_custom_field(body, {})
    asana.ProjectsApi(client).add_custom_field_setting_for_project({"data": {"custom_field": made["gid"]}}, PROJECT, {})
    return str(made["gid"])


def _task(client: Any, field: str, **more: object) -> dict[str, Any]:
    data = {"name": "Ship", "projects": [PROJECT], "custom_fields": {field: "trk-1-T-001"}, **more}
    made: dict[str, Any] = asana.TasksApi(client).create_task({"data": data}, {})
    return made


def test_it_finds_people_and_places(client: Any) -> None:
    assert asana.UsersApi(client).get_user("me", {})["email"] == "ana@corp.example"
    assert asana.UsersApi(client).get_user("ben@corp.example", {})["gid"] == BEN
    people = asana.UsersApi(client).get_users({"workspace": WORKSPACE, "limit": 1, "opt_fields": "email"})
    assert [each["gid"] for each in people] == [ANA, BEN]
    assert [each["name"] for each in asana.WorkspacesApi(client).get_workspaces({})] == ["Corp"]
    assert PROJECT in {each["gid"] for each in asana.ProjectsApi(client).get_projects({"workspace": WORKSPACE})}


def test_it_makes_a_task_with_its_reference_and_finds_it_in_the_list(client: Any, field: str) -> None:
    made = _task(client, field, assignee="ana@corp.example", due_on="2026-12-01", notes="KR-3.2")
    assert (made["assignee"]["gid"], made["due_on"], made["completed"]) == (ANA, "2026-12-01", False)
    assert made["permalink_url"].startswith("https://app.asana.com/")
    fields = "custom_fields.gid,custom_fields.text_value,created_at"
    since = {"project": PROJECT, "modified_since": made["created_at"], "opt_fields": fields, "limit": 100}
    (found,) = asana.TasksApi(client).get_tasks(since)
    assert found["custom_fields"] == [{"gid": field, "text_value": "trk-1-T-001"}]
    assert set(found) == {"gid", "custom_fields", "created_at"}


def test_a_list_is_compact_and_paged(fake: AsanaFake, client: Any) -> None:
    for number in range(230):
        fake.add(f"Task {number}")
    found = list(asana.TasksApi(client).get_tasks({"project": PROJECT, "limit": 100}))
    assert [each["name"] for each in found] == [f"Task {number}" for number in range(230)]
    assert all({"gid", "resource_type", "name"} <= set(each) and "due_on" not in each for each in found)
    assert len(fake.requests("GET", "^/tasks$")) == 3


def test_a_list_without_pages_that_is_too_large_is_refused(fake: AsanaFake, client: Any) -> None:
    for number in range(1_001):
        fake.add(f"Task {number}")
    client.configuration.return_page_iterator = False  # which would ask page by page
    with pytest.raises(asana.rest.ApiException, match="too large") as caught:
        asana.TasksApi(client).get_tasks({"project": PROJECT})
    assert caught.value.status == 400


def test_it_moves_a_task_through_sections_and_completes_it(fake: AsanaFake, client: Any, field: str) -> None:
    sections = {each["name"]: each["gid"] for each in asana.SectionsApi(client).get_sections_for_project(PROJECT, {})}
    made = _task(client, field)
    before = made["modified_at"]
    asana.SectionsApi(client).add_task_for_section(sections["Doing"], {"body": {"data": {"task": made["gid"]}}})
    task = asana.TasksApi(client).get_task(made["gid"], {"opt_fields": "memberships.section.name,modified_at"})
    assert task["memberships"] == [{"section": {"gid": sections["Doing"], "name": "Doing"}}]
    assert task["modified_at"] == before  # moving to another section does not count as a modification
    body = {"data": {"project": PROJECT, "section": sections["Review"]}}
    asana.TasksApi(client).add_project_for_task(body, made["gid"])
    done = asana.TasksApi(client).update_task({"data": {"completed": True, "assignee": None}}, made["gid"], {})
    assert (done["completed"], done["assignee"]) == (True, None)
    assert done["memberships"][0]["section"]["gid"] == sections["Review"]
    assert done["modified_at"] > before


def test_comments_stand_among_other_stories(client: Any, field: str) -> None:
    made = _task(client, field)
    asana.TasksApi(client).update_task({"data": {"name": "Ship it"}}, made["gid"], {})
    stories = asana.StoriesApi(client)
    written = stories.create_story_for_task({"data": {"text": "Ready?"}}, made["gid"], {})
    found = list(stories.get_stories_for_task(made["gid"], {"opt_fields": "resource_subtype,text"}))
    assert len(found) == 2
    assert [each["gid"] for each in found if each["resource_subtype"] == "comment_added"] == [written["gid"]]


def _events(client: Any, **query: str) -> Any:
    """A page of events with its token, which the client's own iterator keeps to itself."""
    return client.call_api(
        "/events", "GET", {}, {"resource": PROJECT, **query}, {}, response_type=object,
        auth_settings=["personalAccessToken"], _return_http_data_only=True,
    )  # fmt: skip


def test_the_first_call_of_events_gives_a_token_and_the_next_tells_what_happened(client: Any, field: str) -> None:
    assert list(asana.EventsApi(client).get_events(PROJECT, {})) == []  # it takes the token of the refusal, asks again
    for query in ({}, {"sync": "tok99999"}):
        with pytest.raises(asana.rest.ApiException) as refused:
            _events(client, **query)
        assert refused.value.status == 412
    sync = json.loads(refused.value.body)["sync"]
    made = _task(client, field)
    asana.TasksApi(client).update_task({"data": {"name": "Other"}}, made["gid"], {})
    asana.TasksApi(client).delete_task(made["gid"])
    answer = _events(client, sync=sync)
    of_task = [each["action"] for each in answer["data"] if each["resource"]["resource_type"] == "task"]
    assert (of_task[0], of_task[-1]) == ("added", "deleted")
    assert "changed" in of_task
    assert answer["has_more"] is False
    assert _events(client, sync=answer["sync"])["data"] == []
    with pytest.raises(asana.rest.ApiException) as gone:
        asana.TasksApi(client).get_task(made["gid"], {})
    assert gone.value.status == 404


def test_goals_have_a_metric_and_supporters(client: Any, field: str) -> None:
    goals, links = asana.GoalsApi(client), asana.GoalRelationshipsApi(client)
    goal = goals.create_goal({"data": {"name": "Clients", "workspace": WORKSPACE, "due_on": "2026-12-31"}}, {})
    with pytest.raises(asana.rest.ApiException) as without:
        goals.update_goal_metric({"data": {"current_number_value": 4}}, goal["gid"], {})
    assert without.value.status == 400
    metric = {"unit": "none", "precision": 0, "initial_number_value": 0, "target_number_value": 10,
              "progress_source": "manual"}  # fmt: skip
    goals.create_goal_metric({"data": metric}, goal["gid"], {})
    renewed = goals.update_goal_metric({"data": {"current_number_value": 4}}, goal["gid"], {})
    assert renewed["metric"]["current_number_value"] == 4
    made = _task(client, field)
    body = {"data": {"supporting_resource": made["gid"], "contribution_weight": 1}}
    links.add_supporting_relationship(body, goal["gid"], {})
    (found,) = links.get_goal_relationships(goal["gid"], {"opt_fields": "supporting_resource.gid"})
    assert found["supporting_resource"] == {"gid": made["gid"]}
    assert [each["gid"] for each in goals.get_goals({"task": made["gid"]})] == [goal["gid"]]


@pytest.mark.parametrize(("data", "words"), [
    ({"due_on": "2026-12-01", "due_at": "2026-12-01T10:00:00Z"}, "only provide one of due_on and due_at"),
    ({"start_on": "2026-11-01"}, "start_on: due_on or due_at must be given"),
    ({"start_on": "2026-12-02", "due_on": "2026-12-01"}, "must not be after"),
    ({"due_on": "tomorrow"}, "due_on: Value is not valid"),
    ({"due_at": "2026-12-01T10:00:00"}, "due_at: Value is not valid"),
    ({"notes": "a", "html_notes": "<body>a</body>"}, "only provide one of notes"),
    ({"html_notes": "<body><b>a</body>"}, "XML is invalid"),
    ({"html_notes": "a"}, "XML is invalid"),
    ({"memberships": []}, "memberships: Cannot write"),
    ({"modified_at": "2026-11-01T00:00:00Z"}, "modified_at: Cannot write"),
    ({"title": "a"}, "title: Unknown field"),
    ({"completed": "true"}, "completed: Value is not valid"),
    ({"assignee": "nobody@corp.example"}, "assignee: Not a user"),
    ({"name": "x" * 1_025}, "name: Value is too long"),
    ({"custom_fields": {"1": "x"}}, "not on given object"),
    ({"external": {"gid": "trk-1"}}, "external: Only apps with OAuth"),
])  # fmt: skip
@pytest.mark.parametrize("creates", [True, False])
def test_what_asana_does_not_take_is_refused(
    fake: AsanaFake, client: Any, field: str, data: dict[str, Any], words: str, creates: bool
) -> None:
    tasks = asana.TasksApi(client)
    made = _task(client, field)
    body = {"data": {"projects": [PROJECT], **data} if creates else data}
    with pytest.raises(asana.rest.ApiException, match=words):
        tasks.create_task(body, {}) if creates else tasks.update_task(body, made["gid"], {})
    assert len(fake.in_project()) == 1
    assert fake.tasks[made["gid"]]["name"] == "Ship"


@pytest.mark.parametrize("name", ["projects", "workspace", "tags", "followers", "parent"])
def test_what_is_given_while_creating_is_not_written_later(client: Any, field: str, name: str) -> None:
    value: object = PROJECT if name in ("workspace", "parent") else [PROJECT]
    with pytest.raises(asana.rest.ApiException, match="only be written when"):
        asana.TasksApi(client).update_task({"data": {name: value}}, _task(client, field)["gid"], {})


@pytest.mark.parametrize("query", [
    {}, {"workspace": WORKSPACE}, {"assignee": ANA}, {"project": PROJECT, "section": "1"},
    {"project": PROJECT, "limit": 101}, {"project": PROJECT, "limit": 10, "offset": "made-up"},
    {"project": PROJECT, "modified_since": "yesterday"}, {"project": PROJECT, "opt_fields": "nmae"},
])  # fmt: skip
def test_lists_without_what_they_need_are_refused(fake: AsanaFake, client: Any, query: dict[str, Any]) -> None:
    fake.add("Task")
    with pytest.raises(asana.rest.ApiException) as caught:
        list(asana.TasksApi(client).get_tasks(query))
    assert caught.value.status == 400


def test_a_free_plan_a_locked_field_and_a_wrong_token_are_told_apart(fake: AsanaFake, client: Any, field: str) -> None:
    fake.locked.add(field)
    with pytest.raises(asana.rest.ApiException) as locked:
        _task(client, field)
    fake.paid = False
    with pytest.raises(asana.rest.ApiException) as unpaid:
        asana.GoalsApi(client).create_goal({"data": {"name": "Clients", "workspace": WORKSPACE}}, {})
    client.configuration.access_token = "0/other"
    with pytest.raises(asana.rest.ApiException) as wrong:
        asana.UsersApi(client).get_user("me", {})
    assert (locked.value.status, unpaid.value.status, wrong.value.status) == (403, 402, 401)
    assert fake.in_project() == []
