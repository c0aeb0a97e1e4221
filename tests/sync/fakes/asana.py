"""A fake of Asana's REST API 1.0: stateful, and stricter than the original.

It answers as the OpenAPI description and the developer documentation say: compact records without `opt_fields`, pages
by `limit` and an opaque `offset`, events with a token, errors with their numbers. What Asana may well let pass (an
unknown field, a name in `opt_fields` that does not exist) is refused here, so that a mistake is seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sync.fakes import asana_rules as rules
from tests.sync.fakes.asana_goals import GoalRoutes
from tests.sync.fakes.asana_rules import ROUTES, Record, Refusal, route
from tests.sync.fakes.server import FakeServer, Reply, Request

WORKSPACE, PROJECT, OTHER_PROJECT = "1101", "2202", "2203"
ANA, BEN = "5505", "5506"
TOKEN, BEN_TOKEN = "2/5505/ana-secret-token", "2/5506/ben-secret-token"
SECTIONS = ("To do", "Doing", "Review", "Done", "Cancelled")
TOO_LARGE = 1_000
EVENTS_OF_A_PAGE = 100


class AsanaFake(GoalRoutes, FakeServer):
    """One workspace with two people and two projects; `PROJECT` has the sections of `SECTIONS`."""

    base = "/api/1.0"

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self.paid = True
        """Whether the plan has custom fields and goals; 402 otherwise."""
        self.has_starts = True
        """Whether the plan has start dates; 402 otherwise."""
        self.locked: set[str] = set()
        """Gids of custom fields that nobody may write."""
        self._clock_of_records, self._last = clock, datetime(2020, 1, 1, tzinfo=UTC)
        self._numbers = iter(range(7_000_000, 10**9))
        self.tokens = {TOKEN: ANA, BEN_TOKEN: BEN}
        self.users: dict[str, Record] = {
            gid: {"gid": gid, "resource_type": "user", "name": name, "email": mail}
            for gid, name, mail in ((ANA, "Ana Reyes", "ana@corp.example"), (BEN, "Ben Ito", "Ben@corp.example"))
        }
        self.workspace = {"gid": WORKSPACE, "resource_type": "workspace", "name": "Corp", "is_organization": True}
        self.projects: dict[str, Record] = {}
        self.sections: dict[str, Record] = {}
        self.fields: dict[str, Record] = {}
        self.tasks: dict[str, Record] = {}
        self.stories: dict[str, list[Record]] = {}
        self._used: dict[str, list[str]] = {}
        self._events: dict[str, list[Record]] = {}
        self._oldest_token: dict[str, int] = {}
        self._offsets: dict[str, tuple[list[Record], int, str]] = {}
        for gid, name in ((PROJECT, "Launch"), (OTHER_PROJECT, "Elsewhere")):
            self.projects[gid] = {
                "gid": gid, "resource_type": "project", "name": name, "archived": False, "workspace": self.workspace
            }  # fmt: skip
            self._events[gid], self._used[gid] = [], []
        for name in SECTIONS:
            self._new_section(PROJECT, name)
        self._new_section(OTHER_PROJECT, "Untitled section")
        self.user = ANA

    # -- what somebody does in Asana itself

    def add(self, name: str, *, project: str = PROJECT, by: str = BEN, **fields: object) -> str:
        """A task made by somebody; its gid."""
        with self.state:
            self.user = by
            return str(self._new_task({"name": name, "projects": [project], **fields})["gid"])

    def edit(self, gid: str, *, by: str = BEN, **fields: object) -> None:
        """Somebody changes fields."""
        with self.state:
            self.user = by
            self._change_task(self.tasks[gid], dict(fields))

    def drag(self, gid: str, section: str, *, by: str = BEN) -> None:
        """Somebody puts a task into a section of its project."""
        with self.state:
            self.user = by
            self._put(self.tasks[gid], self.sections[section])

    def hide_field(self, *gids: str, project: str = PROJECT) -> None:
        """Somebody takes custom fields off a project."""
        with self.state:
            self._used[project] = [each for each in self._used[project] if each not in gids]

    def trash(self, gid: str) -> None:
        """Somebody deletes a task."""
        with self.state:
            self._trash(self.tasks[gid])

    def take_out(self, gid: str, project: str = PROJECT) -> None:
        """Somebody takes a task out of a project."""
        with self.state:
            task = self.tasks[gid]
            task["memberships"] = [each for each in task["memberships"] if each["project"]["gid"] != project]
            self._happened([project], task, "removed", parent=self.projects[project])

    def say(self, gid: str, text: str, *, by: str = BEN) -> str:
        """Somebody writes on a task."""
        with self.state:
            self.user = by
            return str(self._new_comment(self.tasks[gid], text)["gid"])

    def forget_tokens(self) -> None:
        """Every sync token given so far is too old."""
        with self.state:
            for project, events in self._events.items():
                events.append({})  # moves the position of the next token on
                self._oldest_token[project] = len(events)

    def forget_offsets(self) -> None:
        """Every page token given so far is expired."""
        self._offsets.clear()

    def section(self, name: str, project: str = PROJECT) -> str:
        """Gid of a section by its name."""
        return next(
            str(each["gid"]) for each in self.sections.values()
            if each["name"] == name and each["project"]["gid"] == project
        )  # fmt: skip

    def in_project(self, project: str = PROJECT) -> list[Record]:
        """Its tasks."""
        with self.state:
            return [task for task in self.tasks.values() if _is_in(task, project)]

    # -- requests

    def limited(self, wait_seconds: int) -> Reply:
        words = "You've made too many requests and hit a rate limit. Please retry after the given amount of time."
        return Reply(429, {"errors": [{"message": words}]}, {"Retry-After": str(wait_seconds)})

    def handle(self, request: Request) -> Reply:
        try:
            if request.token not in self.tokens:
                raise Refusal(401, "Not Authorized")
            self.user = self.tokens[request.token]
            return self._routed(request)
        except Refusal as refusal:
            return Reply(refusal.status, refusal.body)

    def _routed(self, request: Request) -> Reply:
        for method, pattern, name in ROUTES:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                given = [self._data(request)] if method in ("POST", "PUT") else []
                answer = getattr(self, name)(request, *given, **found.groupdict())
                if isinstance(answer, Reply):
                    return answer
                makes = method == "POST" and not re.search(r"/(add|remove|set)[A-Z]\w*$", request.path)
                return Reply(201 if makes else 200, answer)
        raise Refusal(404, "No matching route for request")

    def _data(self, request: Request) -> Record:
        try:
            body = request.json()
        except ValueError:
            raise Refusal(400, "Could not parse request data, invalid JSON") from None
        if not isinstance(body, dict) or not isinstance(body.get("data"), dict) or set(body) - {"data", "options"}:
            raise Refusal(400, 'The body must be {"data": {...}}')
        return dict(body["data"])

    def _one(self, request: Request, record: Record) -> Record:
        paths = request.query.get("opt_fields")
        return {"data": rules.selected(record, paths.split(",")) if paths else rules.full(record)}

    def _list(self, request: Request, records: Iterable[Record]) -> Record:
        query = request.query
        limit = query.get("limit")
        if limit is not None and not (limit.isdigit() and 1 <= int(limit) <= 100):
            raise Refusal(400, "limit: Must be between 1 and 100")
        if "offset" in query and limit is None:
            raise Refusal(400, "offset: limit must be given too")
        found, start = self._from(query["offset"], request.path) if "offset" in query else (list(records), 0)
        if limit is None and len(found) > TOO_LARGE:
            raise Refusal(400, "The result is too large. You should use pagination (may require specifying a limit)!")
        end = len(found) if limit is None else start + int(limit)
        paths = query.get("opt_fields")
        page = [rules.selected(each, paths.split(",")) if paths else rules.compact(each) for each in found[start:end]]
        return {"data": page, **({} if limit is None else {"next_page": self._next(request, found, end)})}

    def _from(self, offset: str, path: str) -> tuple[list[Record], int]:
        found, start, of_path = self._offsets.get(offset, ([], 0, ""))
        if of_path != path:
            raise Refusal(400, "offset: Your pagination token has expired.")
        return found, start

    def _next(self, request: Request, found: list[Record], end: int) -> Record | None:
        if end >= len(found):
            return None
        offset = f"eyJ0eXAiOiJKV1Qi.{len(self._offsets)}.{end}"
        self._offsets[offset] = (found, end, request.path)
        return {"offset": offset, "path": f"{request.path}?offset={offset}", "uri": f"{self.url}{request.path}"}

    def _get(self, table: dict[str, Record], gid: str, kind: str) -> Record:
        if gid not in table:
            raise Refusal(404, f"{kind}: Unknown object: {gid[:40]}")
        return table[gid]

    # -- people and places

    @route("GET", "/users/{who}")
    def get_user(self, request: Request, who: str) -> Record:
        return self._one(request, self.users[self._person(who, 404)])

    @route("GET", "/users")
    def get_users(self, request: Request) -> Record:
        if request.query.get("workspace") != WORKSPACE:
            raise Refusal(400, "workspace: Unknown object")
        return self._list(request, sorted(self.users.values(), key=lambda user: int(user["gid"])))

    @route("GET", "/workspaces")
    def get_workspaces(self, request: Request) -> Record:
        return self._list(request, [self.workspace])

    @route("GET", "/projects")
    def get_projects(self, request: Request) -> Record:
        if request.query.get("workspace") != WORKSPACE:
            raise Refusal(400, "workspace: Unknown object")
        return self._list(request, self.projects.values())

    @route("GET", "/projects/{gid}")
    def get_project(self, request: Request, gid: str) -> Record:
        return self._one(request, self._get(self.projects, gid, "project"))

    @route("GET", "/projects/{gid}/sections")
    def get_sections(self, request: Request, gid: str) -> Record:
        self._get(self.projects, gid, "project")
        return self._list(request, [each for each in self.sections.values() if each["project"]["gid"] == gid])

    @route("POST", "/projects/{gid}/sections")
    def post_section(self, request: Request, data: Record, gid: str) -> Record:
        self._get(self.projects, gid, "project")
        name = rules.checked(data, rules.SECTION).get("name")
        if not name:
            raise Refusal(400, "name: Missing input")
        return self._one(request, self._new_section(gid, name))

    # -- custom fields

    @route("GET", "/projects/{gid}/custom_field_settings")
    def get_settings(self, request: Request, gid: str) -> Record:
        used = self._used[self._get(self.projects, gid, "project")["gid"]]
        return self._list(request, [
            {"gid": f"9{each}", "resource_type": "custom_field_setting", "custom_field": self.fields[each]}
            for each in used
        ])  # fmt: skip

    @route("GET", "/workspaces/{gid}/custom_fields")
    def get_fields(self, request: Request, gid: str) -> Record:
        self._pays()
        return self._list(request, self.fields.values())

    @route("POST", "/custom_fields")
    def post_field(self, request: Request, data: Record) -> Record:
        self._pays()
        rules.checked(data, rules.CUSTOM_FIELD)
        if data.get("workspace") != WORKSPACE or not data.get("name"):
            raise Refusal(400, "workspace, name: Missing input")
        if any(each["name"] == data["name"] for each in self.fields.values()):
            raise Refusal(400, f"name: A custom field with the name {data['name']} already exists")
        if data.get("resource_subtype") not in ("text", "enum", "number", "date"):
            raise Refusal(400, "resource_subtype: Not a valid type")
        return self._one(request, self.new_field(data["name"], data["resource_subtype"], data.get("enum_options", ())))

    def new_field(self, name: str, kind: str, choices: Sequence[Record] = (), project: str | None = None) -> Record:
        """A custom field, shown in `project` when one is given."""
        with self.state:
            field: Record = {
                "gid": self._gid(), "resource_type": "custom_field", "name": name, "resource_subtype": kind,
                "enum_options": [
                    {"gid": self._gid(), "resource_type": "enum_option", "name": each["name"]} for each in choices
                ],
            }  # fmt: skip
            self.fields[field["gid"]] = field
            if project is not None:
                self._used[project].append(field["gid"])
            return field

    @route("POST", "/projects/{gid}/addCustomFieldSetting")
    def post_setting(self, request: Request, data: Record, gid: str) -> Record:
        self._pays()
        used = self._used[self._get(self.projects, gid, "project")["gid"]]
        field = self._get(self.fields, rules.checked(data, rules.FIELD_SETTING).get("custom_field", ""), "custom_field")
        if field["gid"] not in used:
            used.append(field["gid"])
        return {"data": {"gid": f"9{field['gid']}", "resource_type": "custom_field_setting"}}

    # -- tasks

    @route("POST", "/tasks")
    def post_task(self, request: Request, data: Record) -> Record:
        return self._one(request, self._new_task(data))

    @route("GET", "/tasks")
    def get_tasks(self, request: Request) -> Record:
        query = request.query
        known = {"project", "section", "assignee", "workspace", "modified_since", "completed_since", "limit",
                 "offset", "opt_fields", "opt_pretty"}  # fmt: skip
        if set(query) - known:
            raise Refusal(400, f"{sorted(set(query) - known)[0]}: Unknown parameter")
        places = [name for name in ("project", "section") if name in query]
        if len(places) != 1 and not (not places and {"assignee", "workspace"} <= set(query)):
            raise Refusal(400, "You should specify one of project, tag, section, or assignee + workspace")
        if "offset" in query:
            return self._list(request, ())
        hidden = self.listed()
        found = [each for each in self._asked_for(request) if each["gid"] not in hidden]
        return self._list(request, found)

    def _asked_for(self, request: Request) -> Iterable[Record]:
        query = request.query
        since = _moment(query.get("modified_since"), "modified_since")
        if "project" in query:
            self._get(self.projects, query["project"], "project")
        if "section" in query:
            self._get(self.sections, query["section"], "section")
        for task in self.tasks.values():
            if since is not None and datetime.fromisoformat(task["modified_at"]) < since:
                continue
            if "project" in query and not _is_in(task, query["project"]):
                continue
            if "section" in query and all(m["section"]["gid"] != query["section"] for m in task["memberships"]):
                continue
            if "assignee" in query and (task["assignee"] or {}).get("gid") != self._person(query["assignee"], 400):
                continue
            yield task

    @route("GET", "/tasks/{gid}")
    def get_task(self, request: Request, gid: str) -> Record:
        return self._one(request, self._get(self.tasks, gid, "task"))

    @route("PUT", "/tasks/{gid}")
    def put_task(self, request: Request, data: Record, gid: str) -> Record:
        task = self._get(self.tasks, gid, "task")
        self._change_task(task, data)
        return self._one(request, task)

    @route("DELETE", "/tasks/{gid}")
    def delete_task(self, request: Request, gid: str) -> Record:
        self._trash(self._get(self.tasks, gid, "task"))
        return {"data": {}}

    @route("POST", "/sections/{gid}/addTask")
    def post_placing(self, request: Request, data: Record, gid: str) -> Record:
        section = self._get(self.sections, gid, "section")
        if set(data) - {"task", "insert_before", "insert_after"}:
            raise Refusal(400, "Unknown field")
        self._put(self._get(self.tasks, data.get("task", ""), "task"), section)
        return {"data": {}}

    @route("POST", "/tasks/{gid}/addProject")
    def post_project(self, request: Request, data: Record, gid: str) -> Record:
        task = self._get(self.tasks, gid, "task")
        project = self._get(self.projects, data.get("project", ""), "project")
        first = next(each for each in self.sections.values() if each["project"]["gid"] == project["gid"])
        self._put(task, self._get(self.sections, data["section"], "section") if "section" in data else first)
        return {"data": {}}

    def _new_task(self, data: Record) -> Record:
        rules.checked(data, rules.TASK, created=rules.TASK_ON_CREATE, creates=True)
        if not (data.get("projects") or data.get("workspace") or data.get("parent")):
            raise Refusal(400, "You should specify one of workspace, parent, or projects")
        now, gid = self._now(), self._gid()
        projects = [self._get(self.projects, each, "project") for each in data.get("projects", ())]
        task: Record = {
            "gid": gid, "resource_type": "task", "name": "", "resource_subtype": "default_task", "notes": "",
            "html_notes": "<body></body>", "completed": False, "completed_at": None, "created_at": now,
            "modified_at": now, "created_by": self.users[self.user], "assignee": None, "due_on": None, "due_at": None,
            "start_on": None, "start_at": None, "permalink_url": f"https://app.asana.com/1/{WORKSPACE}/task/{gid}",
            "memberships": [{"project": each, "section": self._first(each["gid"])} for each in projects],
            "projects": projects, "parent": None, "workspace": self.workspace, "custom_fields": [],
        }  # fmt: skip
        self._write(task, {name: value for name, value in data.items() if name not in rules.TASK_ON_CREATE})
        self.tasks[gid] = task
        self.stories[gid] = []
        self.born(gid)
        for each in projects:
            self._happened([each["gid"]], task, "added", parent=each)
        return task

    def _change_task(self, task: Record, data: Record) -> None:
        rules.checked(data, rules.TASK, created=rules.TASK_ON_CREATE)
        before = dict(task)
        changed = {**task}
        self._write(changed, data)
        task.update(changed)
        different = [name for name in ("name", "notes", "assignee", "due_on", "start_on", "completed", "custom_fields")
                     if before[name] != task[name]]  # fmt: skip
        if different:
            task["modified_at"] = self._now()
        for name in different:
            self._new_story(task, f"{self.users[self.user]['name']} changed {name}", "system", f"{name}_changed")
            self._happened(_projects(task), task, "changed", change={"field": name, "action": "changed"})

    def _write(self, task: Record, data: Record) -> None:
        rules.check_days(data)
        if "external" in data:
            raise Refusal(403, "external: Only apps with OAuth may write this")
        if ("start_on" in data or "start_at" in data) and not self.has_starts:
            raise Refusal(402, "start_on: This feature needs a higher plan")
        for name, value in data.items():
            self._set(task, name, value)
        rules.check_span(task)

    def _set(self, task: Record, name: str, value: Any) -> None:
        if name == "assignee":
            task[name] = None if value is None else self.users[self._person(value, 400)]
        elif name == "custom_fields":
            task[name] = self._valued(task, value)
        elif name == "html_notes":
            rules.check_body(value)
            task["html_notes"], task["notes"] = value, re.sub(r"<[^>]*>", "", value)
        elif name in ("due_at", "start_at"):
            # the day in the zone of this account's profile
            day = None if value is None else datetime.fromisoformat(value).astimezone().date().isoformat()
            task[name], task[f"{name[:-3]}_on"] = value, day
        elif name in ("due_on", "start_on"):
            task[name], task[f"{name[:-3]}_at"] = value, None
        else:
            task[name] = value

    def _valued(self, task: Record, values: Record) -> list[Record]:
        self._pays()
        kept = {each["gid"]: each for each in task["custom_fields"]}
        usable = {gid for project in _projects(task) for gid in self._used[project]}
        for gid, value in values.items():
            if gid not in usable:
                raise Refusal(400, f"custom_fields: Custom field with ID {gid[:40]} is not on given object")
            if gid in self.locked:
                raise Refusal(403, f"custom_fields: {gid} is locked")
            kept[gid] = self._value(self.fields[gid], value)
        return list(kept.values())

    def _value(self, field: Record, value: object) -> Record:
        entry = {**{name: field[name] for name in ("gid", "resource_type", "name", "resource_subtype")},
                 "text_value": None, "enum_value": None}  # fmt: skip
        if value is not None and not isinstance(value, str):
            raise Refusal(400, "custom_fields: Value must be a string")
        if field["resource_subtype"] == "text":
            return {**entry, "text_value": value}
        chosen = next((each for each in field["enum_options"] if each["gid"] == value), None)
        if value is not None and chosen is None:
            raise Refusal(400, f"custom_fields: {value} is no option of this field")
        return {**entry, "enum_value": chosen}

    def _put(self, task: Record, section: Record) -> None:
        project = section["project"]
        other = [each for each in task["memberships"] if each["project"]["gid"] != project["gid"]]
        if len(other) >= 20:
            raise Refusal(400, "A task may be in 20 projects")
        task["memberships"] = [*other, {"project": project, "section": section}]
        self._happened([project["gid"]], task, "added", parent=section)  # `modified_at` stays as it is

    def _trash(self, task: Record) -> None:
        self._happened(_projects(task), task, "deleted")
        del self.tasks[task["gid"]]

    # -- stories and events

    @route("GET", "/tasks/{gid}/stories")
    def get_stories(self, request: Request, gid: str) -> Record:
        self._get(self.tasks, gid, "task")
        return self._list(request, self.stories[gid])

    @route("POST", "/tasks/{gid}/stories")
    def post_story(self, request: Request, data: Record, gid: str) -> Record:
        task = self._get(self.tasks, gid, "task")
        rules.checked(data, rules.STORY)
        if not data.get("text") and not data.get("html_text"):
            raise Refusal(400, "text: Missing input")
        return self._one(request, self._new_comment(task, data.get("text") or data["html_text"]))

    def _new_comment(self, task: Record, text: str) -> Record:
        return self._new_story(task, text, "comment", "comment_added")

    def _new_story(self, task: Record, text: str, kind: str, subtype: str) -> Record:
        story = {
            "gid": self._gid(), "resource_type": "story", "type": kind, "resource_subtype": subtype, "text": text,
            "created_at": self._now(), "created_by": self.users[self.user],
        }  # fmt: skip
        self.stories[task["gid"]].append(story)
        task["modified_at"] = self._now()
        self._happened(_projects(task), story, "added", parent=task)
        return story

    @route("GET", "/events")
    def get_events(self, request: Request) -> Record:
        resource = request.query.get("resource", "")
        if resource not in self._events:
            raise Refusal(404, "resource: Unknown object")
        events, sync = self._events[resource], request.query.get("sync")
        start = int(sync.removeprefix("tok")) if sync and re.fullmatch(r"tok\d{1,9}", sync) else -1
        if start < self._oldest_token.get(resource, 0) or start > len(events):
            words = "Sync token invalid or too old. If you are attempting to keep resources in sync, fetch them again."
            raise Refusal(412, words, sync=f"tok{len(events)}")
        end = min(len(events), start + EVENTS_OF_A_PAGE)
        return {
            "data": [each for each in events[start:end] if each], "sync": f"tok{end}", "has_more": end < len(events)
        }  # fmt: skip

    def _happened(self, projects: Iterable[str], resource: Record, action: str, *, parent: Record | None = None,
                  change: Record | None = None) -> None:  # fmt: skip
        short = {name: resource[name] for name in ("gid", "resource_type", "resource_subtype") if name in resource}
        event = {
            "user": {"gid": self.user, "resource_type": "user"}, "resource": short, "action": action,
            "parent": None if parent is None else {name: parent[name] for name in ("gid", "resource_type")},
            "created_at": self._now(), **({"change": change} if change else {}),
        }  # fmt: skip
        for project in projects:
            self._events[project].append(event)

    # -- small things

    def _gid(self) -> str:
        return str(next(self._numbers))

    def _now(self) -> str:
        self._last = max(self._clock_of_records(), self._last + timedelta(milliseconds=1))
        return self._last.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{self._last.microsecond // 1000:03}Z"

    def _pays(self) -> None:
        if not self.paid:
            raise Refusal(402, "This feature is not available in the plan of this workspace")

    def _person(self, who: str, status: int) -> str:
        if who == "me":
            return self.user
        for gid, user in self.users.items():
            if who == gid or who.casefold() == user["email"].casefold():
                return gid
        raise Refusal(status, f"assignee: Not a user in this organization: {who[:40]}")

    def _first(self, project: str) -> Record:
        return next(each for each in self.sections.values() if each["project"]["gid"] == project)

    def _new_section(self, project: str, name: str) -> Record:
        gid = self._gid()
        self.sections[gid] = {
            "gid": gid, "resource_type": "section", "name": name, "project": self.projects[project]
        }  # fmt: skip
        return self.sections[gid]


def _is_in(task: Record, project: str) -> bool:
    return any(each["project"]["gid"] == project for each in task["memberships"])


def _projects(task: Record) -> list[str]:
    return [each["project"]["gid"] for each in task["memberships"]]


def _moment(words: str | None, name: str) -> datetime | None:
    if words is None:
        return None
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise Refusal(400, f"{name}: Not a date and time") from None
    if found.tzinfo is None:
        raise Refusal(400, f"{name}: Not a date and time with its zone")
    return found
