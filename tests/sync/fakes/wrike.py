"""A fake of Wrike's API v4: stateful, and stricter than the original.

It answers as the published reference says: everything in `data`, errors by name, parameters as form or query pairs
with lists and objects as JSON text. A JSON body is ignored without a word. What Wrike may well let pass (a parameter
that is not known) is refused here, so that a mistake is seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import parse_qsl

from tests.sync.fakes import wrike_rules as rules
from tests.sync.fakes.server import FakeServer, Reply, Request
from tests.sync.fakes.wrike_rules import Record, Refusal, invalid, not_found

ACCOUNT, ROOT, BIN = "IEAAACC", "IEAAROOT", "IEAABIN"
SPACE, FOLDER, BELOW, OTHER = "IEAASPACE", "IEAAFLDR", "IEAABELOW", "IEAAOTHER"
ANA, BEN, TEAM, GONE = "KUAAANA", "KUAABEN", "KUAATEAM", "KUAAGONE"
TOKEN, BEN_TOKEN, OTHER_APP_TOKEN = "ana-permanent-token", "ben-permanent-token", "ana-token-of-another-app"
STANDARD_FLOW, FLOW = "IEAAFLOW0", "IEAAFLOW1"
STATUSES = {
    STANDARD_FLOW: [("New", "Active"), ("Completed", "Completed"), ("On Hold", "Deferred"), ("Cancelled", "Cancelled")],
    FLOW: [("To do", "Active"), ("Doing", "Active"), ("Review", "Active"), ("Done", "Completed"),
           ("Dropped", "Cancelled"), ("Old", "Active")],
}  # fmt: skip
ROWS_WITHOUT_PAGING = 1_000


class WrikeFake(FakeServer):
    """One account; `FOLDER` has the statuses of `FLOW` (Old is hidden) and a folder `BELOW` it."""

    base = "/api/v4"

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self.may_make_fields = True
        self.may_list_comments = True
        self.wrong_centre: int | None = None
        """401 or 300: the account lives in another data centre, which answers like this."""
        self.leaves_out_unknown = False
        """Whether tasks by ids leave out what is not there; else one such id is a 404 for all."""
        self.shows_metadata = True
        self.newest_comments_first = False
        self.rows_of_a_page = 1_000
        """It may send fewer than were asked for."""
        self.locked: set[str] = set()
        """Names of parameters of a change that are taken and not carried out."""
        self._now, self._numbers = clock, iter(range(1_000_000, 10**9))
        self.tokens = {TOKEN: (ANA, "app-1"), BEN_TOKEN: (BEN, "app-1"), OTHER_APP_TOKEN: (ANA, "app-2")}
        self.contacts = {
            ANA: _contact(ANA, "Ana", "Reyes", "ana@corp.example"),
            BEN: _contact(BEN, "Ben", "Ito", "Ben@corp.example"),
            TEAM: {"id": TEAM, "firstName": "Delivery", "lastName": "", "type": "Group", "profiles": [],
                   "deleted": False},
            GONE: {**_contact(GONE, "Cy", "Moss", "cy@corp.example"), "deleted": True},
        }  # fmt: skip
        self.folders: dict[str, Record] = {
            ROOT: {"id": ROOT, "title": "Root", "childIds": [SPACE], "scope": "WsRoot"},
            BIN: {"id": BIN, "title": "Recycle Bin", "childIds": [], "scope": "RbRoot"},
            SPACE: {"id": SPACE, "title": "Delivery", "childIds": [FOLDER, OTHER], "scope": "WsFolder", "space": True},
            FOLDER: {"id": FOLDER, "title": "Launch", "childIds": [BELOW], "scope": "WsFolder", "workflowId": FLOW},
            BELOW: {"id": BELOW, "title": "Parser", "childIds": [], "scope": "WsFolder", "workflowId": FLOW},
            OTHER: {"id": OTHER, "title": "Elsewhere", "childIds": [], "scope": "WsFolder"},
        }
        self.statuses: dict[str, Record] = {
            f"IEAASTAT{flow[-1]}{place}": {"id": f"IEAASTAT{flow[-1]}{place}", "name": name, "color": "Blue",
                                           "group": group, "standard": flow == STANDARD_FLOW, "hidden": name == "Old"}
            for flow, each in STATUSES.items() for place, (name, group) in enumerate(each)
        }  # fmt: skip
        self.fields: dict[str, Record] = {}
        self.tasks: dict[str, Record] = {}
        self.told: dict[str, list[Record]] = {}
        self._metadata: dict[str, dict[str, dict[str, str]]] = {}
        self._pages: dict[str, tuple[list[str], list[str]]] = {}
        self.user, self.app = ANA, "app-1"

    # -- what somebody does in Wrike itself

    def add(self, title: str, *, folder: str = FOLDER, **fields: object) -> str:
        """A task made by somebody; its id."""
        with self.state:
            return str(self._make(folder, {"title": title, **fields})["id"])

    def edit(self, id: str, **fields: object) -> None:
        """Somebody changes fields, by the names of the parameters of a change, as values."""
        with self.state:
            self._change(self.tasks[id], dict(fields))

    def trash(self, id: str) -> None:
        """Somebody moves a task to the recycle bin."""
        with self.state:
            self.tasks[id]["scope"] = "RbTask"
            self._touch(self.tasks[id])

    def erase(self, id: str) -> None:
        """Somebody empties the recycle bin of a task."""
        with self.state:
            del self.tasks[id]

    def say(self, id: str, text: str, *, by: str = BEN) -> str:
        """Somebody writes on a task."""
        with self.state:
            return str(self._say(self.tasks[id], escape(text, quote=False), by)["id"])

    def status(self, name: str) -> str:
        """Id of a status of `FLOW`, or of the standard workflow, by its name."""
        return next(id for id in reversed(list(self.statuses)) if self.statuses[id]["name"] == name)

    # -- requests

    def limited(self, wait_seconds: int) -> Reply:
        words = "IP or access token exceeded limit: 400 requests per minute"
        return Reply(429, {"error": "too_many_requests", "errorDescription": words})

    def handle(self, request: Request) -> Reply:
        try:
            if self.wrong_centre == 300:
                raise Refusal(300, "multiple_choices", "The account lives in another data centre")
            if self.wrong_centre or request.token not in self.tokens:
                raise Refusal(401, "not_authorized", "Access token is unknown or invalid")
            self.user, self.app = self.tokens[str(request.token)]
            return Reply(200, self._routed(request), {"Date": format_datetime(self._now(), usegmt=True)})
        except Refusal as refusal:
            return Reply(refusal.status, refusal.body)

    def _routed(self, request: Request) -> Record:
        given = dict(request.query)
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            given |= dict(parse_qsl(request.body.decode(), keep_blank_values=True))  # any other body is ignored
        for method, pattern, kind, answer in _ROUTES:
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                data = answer(self, *found.groups(), given)
                return data if isinstance(data, dict) else {"kind": kind, "data": list(data)}
        raise Refusal(404, "method_not_found", f"There is no {request.method} {request.path}")

    # -- account

    def get_contacts(self, given: Mapping[str, str]) -> list[Record]:
        wanted = rules.read(given, {"me": rules.flag})
        return [self.contacts[self.user] | {"me": True}] if wanted.get("me") else list(self.contacts.values())

    def get_account(self, given: Mapping[str, str]) -> list[Record]:
        rules.read(given, {})
        return [{"id": ACCOUNT, "name": "Corp", "rootFolderId": ROOT, "recycleBinId": BIN}]

    def get_spaces(self, given: Mapping[str, str]) -> list[Record]:
        rules.read(given, {})
        return [{"id": SPACE, "title": "Delivery", "accessType": "Public", "archived": False},
                {"id": "IEAAOLD", "title": "Old", "accessType": "Public", "archived": True}]  # fmt: skip

    def get_tree(self, kind: str, id: str, given: Mapping[str, str]) -> Iterator[Record]:
        rules.read(given, {})
        if kind == "spaces" and not self.folders.get(id, {}).get("space"):
            raise not_found("Space")
        keys = ("id", "title", "childIds", "scope", "project", "space")
        entries = [self._folder(each) for each in self._tree(id)]
        return ({key: each[key] for key in keys if key in each} for each in entries)

    def get_folder(self, id: str, given: Mapping[str, str]) -> list[Record]:
        rules.read(given, {})
        return [self._folder(id)]

    def get_workflows(self, given: Mapping[str, str]) -> list[Record]:
        rules.read(given, {})
        return [
            {"id": flow, "name": flow, "standard": flow == STANDARD_FLOW, "hidden": False,
             "customStatuses": [each for id, each in self.statuses.items() if id.startswith(f"IEAASTAT{flow[-1]}")]}
            for flow in STATUSES
        ]  # fmt: skip

    def get_fields(self, given: Mapping[str, str]) -> list[Record]:
        rules.read(given, {})
        return list(self.fields.values())

    def post_field(self, given: Mapping[str, str]) -> list[Record]:
        wanted = self._needing(rules.read(given, rules.NEW_FIELD), "title", "type")
        if not self.may_make_fields:
            raise Refusal(403, "not_allowed", "Custom fields are not available for your account")
        id = self._id("FLD")
        self.fields[id] = {"id": id, "accountId": ACCOUNT, **wanted}
        return [self.fields[id]]

    # -- tasks

    def get_tasks(self, folder: str | None, given: Mapping[str, str]) -> Record:
        wanted = rules.read(given, rules.TASK_QUERY)
        if folder is not None:
            self._folder(folder)
        if "nextPageToken" in wanted:
            if wanted["nextPageToken"] not in self._pages:
                raise invalid("nextPageToken", wanted["nextPageToken"])
            ids, fields = self._pages[wanted["nextPageToken"]]
        else:
            hidden = self.listed()
            ids = [id for id in self._chosen(folder, wanted) if id not in hidden]
            fields = wanted.get("fields", [])
        size: int = min(wanted.get("pageSize") or wanted.get("limit") or ROWS_WITHOUT_PAGING, self.rows_of_a_page)
        answer: Record = {"kind": "tasks", "responseSize": len(ids)} if "pageSize" in wanted else {"kind": "tasks"}
        if "pageSize" in wanted and len(ids) > size:
            answer["nextPageToken"] = token = self._id("PAGE")
            self._pages[token] = (ids[size:], fields)
        shown = [self.shown(self.tasks[id]) for id in ids[:size] if id in self.tasks]
        left_out = set(rules.LISTED_ON_DEMAND) - set(fields)
        return answer | {"data": [{k: v for k, v in each.items() if k not in left_out} for each in shown]}

    def _chosen(self, folder: str | None, wanted: Record) -> list[str]:
        found = [task for task in self.tasks.values() if self._fits(task, folder, wanted)]
        if field := wanted.get("sortField"):
            key = field[0].lower() + field[1:]
            found.sort(key=lambda task: str(task.get(key, "")), reverse=wanted.get("sortOrder") == "Desc")
        return [task["id"] for task in found]

    def _fits(self, task: Record, folder: str | None, wanted: Record) -> bool:
        if (task["scope"] == "RbTask") != (folder == BIN):
            return False
        if folder not in (None, BIN):
            below = wanted.get("descendants", False)
            if not set(self._tree(str(folder)) if below else [folder]) & set(task["parentIds"]):
                return False
        spans = (name for name in ("createdDate", "updatedDate") if name in wanted)
        if not all(wanted[name][0] <= task[name] < wanted[name][1] for name in spans):
            return False
        same = (name for name in ("title", "status", "importance") if name in wanted)
        return all(task[name] == wanted[name] for name in same) and self._carries(task, wanted)

    def _carries(self, task: Record, wanted: Record) -> bool:
        entry, field = wanted.get("metadata"), wanted.get("customField")
        if entry is not None:
            held = self._metadata[task["id"]].get(self.app, {})
            if entry["key"] not in held or held[entry["key"]] != entry.get("value", held[entry["key"]]):
                return False
        return field is None or {"id": field["id"], "value": field["value"]} in task["customFields"]

    def get_tasks_by_id(self, ids: str, given: Mapping[str, str]) -> list[Record]:
        rules.read(given, rules.BY_ID)
        wanted = ids.split(",")
        if len(wanted) > 100:
            raise invalid("taskId", len(wanted))
        if not self.leaves_out_unknown and not set(wanted) <= set(self.tasks):
            raise not_found("Task")
        return [self.shown(self.tasks[id]) for id in wanted if id in self.tasks]

    def post_task(self, folder: str, given: Mapping[str, str]) -> list[Record]:
        wanted = self._needing(rules.read(given, rules.NEW_TASK), "title")
        self._folder(folder)
        task = self._make(folder, wanted)
        self.born(task["id"])
        return [self.shown(task)]

    def put_task(self, id: str, given: Mapping[str, str]) -> list[Record]:
        wanted = rules.read(given, rules.CHANGED_TASK)
        task = self._task(id)
        self._change(task, {name: value for name, value in wanted.items() if name not in self.locked})
        return [self.shown(task)]

    def delete_task(self, id: str, given: Mapping[str, str]) -> list[Record]:
        rules.read(given, {})
        self._task(id)
        self.trash(id)
        return [self.shown(self.tasks[id])]

    def get_comments(self, id: str, given: Mapping[str, str]) -> list[Record]:
        plain = rules.read(given, {"plainText": rules.flag}).get("plainText", False)
        told = self.told.get(self._task(id)["id"], [])[:: -1 if self.newest_comments_first else 1]
        return [each | {"text": rules.as_plain(each["text"])} if plain else each for each in told]

    def get_all_comments(self, given: Mapping[str, str]) -> list[Record]:
        wanted = rules.read(given, rules.COMMENT_QUERY)
        if not self.may_list_comments:
            raise Refusal(403, "not_allowed", "Comments of the account are not available for your plan")
        begin, end = wanted.get("createdDate", ("", "9"))
        told = [each for some in self.told.values() for each in some if begin <= each["createdDate"] < end]
        told.sort(key=lambda each: str(each["createdDate"]), reverse=self.newest_comments_first)
        shown = told[: wanted.get("limit", 1_000)]
        return [each | {"text": rules.as_plain(each["text"])} for each in shown] if wanted.get("plainText") else shown

    def post_comment(self, id: str, given: Mapping[str, str]) -> list[Record]:
        known = {"text": rules.some_text, "plainText": rules.flag}
        wanted = self._needing(rules.read(given, known), "text")
        plain = wanted.get("plainText", False)
        text = escape(wanted["text"], quote=False) if plain else wanted["text"]
        comment = self._say(self._task(id), text, self.user)
        return [comment | {"text": rules.as_plain(comment["text"])} if plain else comment]

    # -- state

    def _make(self, folder: str, wanted: Record) -> Record:
        id = self._id("TASK")
        first = next(each for each in self._flow(folder) if each["group"] == "Active")
        task = {
            "id": id, "accountId": ACCOUNT, "title": "", "description": "", "status": "Active",
            "customStatusId": first["id"], "importance": "Normal", "dates": {"type": "Backlog"}, "scope": "WsTask",
            "permalink": f"https://www.wrike.com/open.htm?id={id[-7:]}", "priority": id[-7:],
            "parentIds": sorted({folder, *wanted.pop("parents", [])}), "superTaskIds": wanted.pop("superTasks", []),
            "subTaskIds": [], "dependencyIds": [], "responsibleIds": [], "customFields": [],
            "createdDate": self._moment(),
        }  # fmt: skip
        self._metadata[id] = {}
        self._change(task, {("addResponsibles" if name == "responsibles" else name): each
                            for name, each in wanted.items()})  # fmt: skip
        self.tasks[id] = task
        return task

    def _change(self, task: Record, wanted: Record) -> None:
        self._check(wanted)
        for name in ("title", "importance", "dates"):
            task[name] = wanted.get(name, task.get(name))
        if "description" in wanted:
            task["description"] = rules.as_html(wanted["description"])
        if "customStatus" in wanted:
            task["customStatusId"] = wanted["customStatus"]
            task["status"] = self.statuses[wanted["customStatus"]]["group"]
        for name in ("Responsibles", "Parents"):
            key = f"{name[:-1].lower()}Ids"
            kept = [each for each in task[key] if each not in wanted.get(f"remove{name}", [])]
            task[key] = list(dict.fromkeys([*kept, *wanted.get(f"add{name}", [])]))
        own = self._metadata[task["id"]].setdefault(self.app, {})
        own |= {each["key"]: each.get("value", "") for each in wanted.get("metadata", [])}
        fields = {each["id"]: each["value"] for each in (*task["customFields"], *wanted.get("customFields", []))}
        task["customFields"] = [{"id": id, "value": value} for id, value in fields.items()]
        if wanted.get("restore"):
            task["scope"] = "WsTask"
        self._touch(task)

    def _check(self, wanted: Record) -> None:
        """Refuse before anything is changed."""
        people = {id for id, each in self.contacts.items() if not each["deleted"]}
        for name, known in (("addResponsibles", people), ("addParents", set(self.folders))):
            if not set(wanted.get(name, [])) <= known:
                raise invalid(name, wanted[name])
        if wanted.get("customStatus", next(iter(self.statuses))) not in self.statuses:
            raise invalid("customStatus", wanted["customStatus"])
        if not {each["id"] for each in wanted.get("customFields", [])} <= set(self.fields):
            raise invalid("customFields", wanted["customFields"])

    def _say(self, task: Record, markup: str, by: str) -> Record:
        comment = {"id": self._id("CMNT"), "authorId": by, "taskId": task["id"], "text": rules.as_html(markup),
                   "createdDate": self._moment()}  # fmt: skip
        self.told.setdefault(task["id"], []).append(comment)
        self._touch(task)
        return comment

    def shown(self, task: Record) -> Record:
        """A task as the application that asked last sees it."""
        if not self.shows_metadata:
            return dict(task)
        own = self._metadata[task["id"]].get(self.app, {})
        return task | {"metadata": [{"key": key, "value": value} for key, value in own.items()]}

    def _needing(self, wanted: Record, *needed: str) -> Record:
        for name in needed:
            if name not in wanted:
                raise Refusal(400, "parameter_required", f"Parameter '{name}' is required")
        return wanted

    def _flow(self, folder: str) -> Sequence[Record]:
        flow = self.folders[folder].get("workflowId", STANDARD_FLOW)
        return [each for id, each in self.statuses.items() if id.startswith(f"IEAASTAT{flow[-1]}")]

    def _tree(self, id: str) -> list[str]:
        return [id, *(below for child in self._folder(id)["childIds"] for below in self._tree(child))]

    def _folder(self, id: str) -> Record:
        if id not in self.folders:
            raise not_found("Folder")
        return self.folders[id]

    def _task(self, id: str) -> Record:
        if id not in self.tasks:
            raise not_found("Task")
        return self.tasks[id]

    def _id(self, kind: str) -> str:
        return f"IEAA{kind}{next(self._numbers)}"

    def _moment(self) -> str:
        return self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _touch(self, task: Record) -> None:
        task["updatedDate"] = self._moment()


def _contact(id: str, first: str, last: str, mail: str) -> Record:
    return {"id": id, "firstName": first, "lastName": last, "type": "Person", "deleted": False,
            "profiles": [{"accountId": ACCOUNT, "email": mail, "role": "User"}]}  # fmt: skip


_ID = r"([A-Za-z0-9-]+)"
_ROUTES: Sequence[tuple[str, str, str, Callable[..., list[Record] | Iterator[Record] | Record]]] = (
    ("GET", "/contacts", "contacts", WrikeFake.get_contacts),
    ("GET", "/account", "accounts", WrikeFake.get_account),
    ("GET", "/spaces", "spaces", WrikeFake.get_spaces),
    ("GET", f"/(spaces|folders)/{_ID}/folders", "folderTree", WrikeFake.get_tree),
    ("GET", f"/folders/{_ID}", "folders", WrikeFake.get_folder),
    ("GET", "/workflows", "workflows", WrikeFake.get_workflows),
    ("GET", "/customfields", "customfields", WrikeFake.get_fields),
    ("POST", "/customfields", "customfields", WrikeFake.post_field),
    ("GET", "/tasks", "tasks", lambda fake, given: fake.get_tasks(None, given)),
    ("GET", f"/folders/{_ID}/tasks", "tasks", WrikeFake.get_tasks),
    ("GET", r"/tasks/([A-Za-z0-9,-]+)", "tasks", WrikeFake.get_tasks_by_id),
    ("POST", f"/folders/{_ID}/tasks", "tasks", WrikeFake.post_task),
    ("PUT", f"/tasks/{_ID}", "tasks", WrikeFake.put_task),
    ("DELETE", f"/tasks/{_ID}", "tasks", WrikeFake.delete_task),
    ("GET", "/comments", "comments", WrikeFake.get_all_comments),
    ("GET", f"/tasks/{_ID}/comments", "comments", WrikeFake.get_comments),
    ("POST", f"/tasks/{_ID}/comments", "comments", WrikeFake.post_comment),
)
