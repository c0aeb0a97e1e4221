"""The requests of Wrike's API v4 that are used, and what their answers mean; nothing here touches the network.

Facts: Wrike's API v4 reference. Everything is sent as form or query pairs, lists and objects among them as JSON text:
a JSON body may be ignored without a word. Answers hold a list in `data`, also for one thing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from tracker_sync.paging import Page
from tracker_sync.records import Record as Record
from tracker_sync.records import Records

_RECORDS = Records("Wrike", "id")
a_record, id_of, not_understood = _RECORDS.a_record, _RECORDS.id_of, _RECORDS.not_understood
PAGE_SIZE = 1_000
"""Records of one page, the most that is allowed; a list without it ends there without a word."""
MOST_COMMENTS = "1000"
"""Of the account's list, which has no second page."""
MOST_IDS = 100
"""Of one request."""
UNAUTHORIZED, NOT_FOUND = 401, 404
METADATA_KEY = "tracker_id"
MOST_METADATA, MOST_FIELD = 999, 2_000
"""Characters of the value of a metadata entry, and of a custom field."""
LISTED = ("description", "responsibleIds", "parentIds", "superTaskIds", "metadata", "customFields")
"""What a list leaves out unless it is asked for; by id it comes unasked, and may not be asked for."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    repeatable: bool = True
    """Doing it twice is the same as once."""
    accept: frozenset[int] = frozenset()
    """Statuses of errors that are an answer here."""

    def at(self, token: str | None) -> Call:
        """The same list from the page with `token` on; it overrides everything but the page size."""
        return self if token is None else replace(self, query={**self.query, "nextPageToken": token})


def text_of(value: object) -> str:
    """A list or an object as one parameter holds it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _at(*parts: str) -> str:
    return "/" + "/".join(quote(part, safe=",") for part in parts)


# -- people and places


def me() -> Call:
    """Whose token it is; 401: nobody's, or it is known in another data centre."""
    return Call("GET", "/contacts", {"me": "true"}, accept=frozenset({UNAUTHORIZED}))


def contacts() -> Call:
    """Everybody of the account: people, groups, and who left."""
    return Call("GET", "/contacts")


def account() -> Call:
    """The account, with its root folder and recycle bin."""
    return Call("GET", "/account")


def spaces() -> Call:
    """The spaces that the token's owner sees."""
    return Call("GET", "/spaces")


def folders_of_space(space: str) -> Call:
    """The tree of a space's folders and projects; 404: it is no space."""
    return Call("GET", _at("spaces", space, "folders"), accept=frozenset({NOT_FOUND}))


def folders_below(folder: str) -> Call:
    """The tree of folders and projects from a folder down, itself included."""
    return Call("GET", _at("folders", folder, "folders"))


def folder(id: str) -> Call:
    """One folder or project."""
    return Call("GET", _at("folders", id))


def workflows() -> Call:
    """Every workflow with its statuses."""
    return Call("GET", "/workflows")


def custom_fields() -> Call:
    """Every custom field of the account."""
    return Call("GET", "/customfields")


def add_text_field(title: str) -> Call:
    """A new custom field."""
    return Call("POST", "/customfields", form={"title": title, "type": "Text"}, repeatable=False)


# -- tasks


def _list(path: str, filters: Mapping[str, str]) -> Call:
    query = {"fields": text_of(LISTED), "pageSize": str(PAGE_SIZE), **filters}
    return Call("GET", path, query)


def tasks(folder: str, *, updated_since: str | None = None, created_since: str | None = None) -> Call:
    """Tasks of a folder and of the folders below, subtasks too.

    In the order of their making, which no edit changes while the pages are read.
    """
    filters = {"descendants": "true", "subTasks": "true", "sortField": "CreatedDate", "sortOrder": "Asc"}
    if updated_since is not None:
        filters["updatedDate"] = text_of({"start": updated_since})
    if created_since is not None:
        filters["createdDate"] = text_of({"start": created_since})
    return _list(_at("folders", folder, "tasks"), filters)


def tasks_with_metadata(value: str) -> Call:
    """Tasks of the account that carry exactly this value; only what the same API application wrote is seen."""
    return _list("/tasks", {"metadata": text_of({"key": METADATA_KEY, "value": value})})


def tasks_with_field(field: str, value: str) -> Call:
    """Tasks of the account whose custom field holds exactly this value."""
    return _list("/tasks", {"customField": text_of({"id": field, "comparator": "EqualTo", "value": value})})


def tasks_by_id(ids: Sequence[str]) -> Call:
    """Up to a hundred tasks; 404 where there is none."""
    return Call("GET", _at("tasks", ",".join(ids)), accept=frozenset({NOT_FOUND}))


def add_task(folder: str, form: Mapping[str, str]) -> Call:
    """A new task."""
    return Call("POST", _at("folders", folder, "tasks"), form=form, repeatable=False)


def change_task(id: str, form: Mapping[str, str]) -> Call:
    """Change what is given."""
    return Call("PUT", _at("tasks", id), form=form)


def comments(task: str) -> Call:
    """The comments of a task, in plain text."""
    return Call("GET", _at("tasks", task, "comments"), {"plainText": "true"})


def comments_between(begin: str, end: str) -> Call:
    """Comments of the whole account that were written in at most seven days; 403 on some plans."""
    return Call("GET", "/comments", {"createdDate": text_of({"start": begin, "end": end}), "limit": MOST_COMMENTS})


def add_comment(task: str, text: str) -> Call:
    """A new comment in plain text."""
    form = {"text": text, "plainText": "true"}
    return Call("POST", _at("tasks", task, "comments"), form=form, repeatable=False)


# -- answers


def page_of(body: object) -> Page[Record]:
    """The records of an answer, and the token of the next page.

    Raises:
        RequestRefused: it is no page.
    """
    answer, items = _RECORDS.items_of(body)
    token = answer.get("nextPageToken")
    if token is not None and not isinstance(token, str):
        raise not_understood("a page token that is no text")
    return Page(items, token or None)


def one_of(body: object) -> Record:
    """The only record of an answer.

    Raises:
        RequestRefused: there is none, or more than one.
    """
    items = page_of(body).items
    if len(items) != 1:
        raise not_understood(f"{len(items)} records where one should be")
    return items[0]


def says_there_is_none(body: object) -> bool:
    """Whether an error means that the thing is not there, and not that there is no such request."""
    return isinstance(body, Mapping) and body.get("error") == "resource_not_found"
