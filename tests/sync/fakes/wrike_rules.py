"""What Wrike takes and refuses: parameters with their types, days, metadata, and the text of descriptions."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

Record = dict[str, Any]
Reader = Callable[[str], Any]


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.body = status, {"error": error, "errorDescription": description}


def invalid(name: str, value: object) -> Refusal:
    return Refusal(400, "invalid_parameter", f"Parameter '{name}' value is invalid: {str(value)[:60]}")


def not_found(what: str) -> Refusal:
    return Refusal(404, "resource_not_found", f"{what} not found")


def text(value: str) -> str:
    return value


def some_text(value: str) -> str:
    if not value.strip():
        raise ValueError(value)
    return value


def flag(value: str) -> bool:
    return {"true": True, "false": False}[value]


def one_of(*words: str) -> Reader:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(value)
        return value

    return read


def number(least: int, most: int) -> Reader:
    def read(value: str) -> int:
        if not value.isdigit() or not least <= int(value) <= most:
            raise ValueError(value)
        return int(value)

    return read


def names(value: str) -> list[str]:
    found = json.loads(value)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(value)
    return found


def _record(value: object, keys: Mapping[str, type], needed: tuple[str, ...] = ()) -> Record:
    if not isinstance(value, dict) or not set(needed) <= set(value) <= set(keys):
        raise ValueError(value)
    if any(not isinstance(each, keys[name]) for name, each in value.items()):
        raise ValueError(value)
    return value


def metadata_entry(value: object) -> Record:
    entry = _record(value, {"key": str, "value": str}, ("key",))
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,49}", entry["key"]) or len(entry.get("value", "")) >= 1_000:
        raise ValueError(value)
    return entry


def metadata_query(value: str) -> Record:
    return metadata_entry(json.loads(value))


def metadata(value: str) -> list[Record]:
    found = json.loads(value)
    if not isinstance(found, list):
        raise ValueError(value)
    return [metadata_entry(each) for each in found]


def field_query(value: str) -> Record:
    query = _record(json.loads(value), {"id": str, "comparator": str, "value": str}, ("id", "comparator", "value"))
    if query["comparator"] != "EqualTo":
        raise ValueError(value)
    return query


def fields_written(value: str) -> list[Record]:
    found = [_record(each, {"id": str, "value": str}, ("id", "value")) for each in json.loads(value)]
    if any(len(each["value"]) > 2_000 for each in found):
        raise ValueError(value)
    return found


def span(value: str) -> tuple[str, str]:
    """A range of moments, its end left out: `{"start": ..., "end": ...}`."""
    found = _record(json.loads(value), {"start": str, "end": str})
    for each in found.values():
        datetime.strptime(each, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007  only its form is looked at
    return found.get("start", ""), found.get("end", "9")


def week(value: str) -> tuple[str, str]:
    """A range of at most seven days, with both its ends."""
    found = span(value)
    begin, end = (datetime.fromisoformat(each) for each in found)  # an end that is missing is no moment
    if not timedelta(0) <= end - begin <= timedelta(days=7):
        raise ValueError(value)
    return found


def dates(value: str) -> Record:
    """What is kept of `dates`: moments without a zone, on working days unless weekends are worked on."""
    keys = {"type": str, "start": str, "due": str, "duration": int, "workOnWeekends": bool}
    given = _record(json.loads(value), keys, ("type",))
    kind, held = given["type"], set(given) - {"type", "workOnWeekends"}
    fits = {
        "Backlog": held <= {"duration"},
        "Milestone": held == {"due"},
        "Planned": len(held) >= 2,
    }  # fmt: skip
    if not fits.get(kind) or not 0 <= given.get("duration", 0) <= 1_799_999:
        raise ValueError(value)
    if kind == "Backlog":
        return {"type": kind}
    weekends = given.get("workOnWeekends", False)
    due = _working(given.get("due") or given["start"], weekends)
    start = _working(given.get("start") or given["due"], weekends)
    if start > due:
        raise ValueError(value)
    kept = {"type": kind, "due": f"{due}T17:00:00"}
    if kind == "Planned":
        kept |= {"start": f"{start}T09:00:00", "duration": 480 * ((due - start).days + 1)}
        kept |= {"workOnWeekends": True} if weekends else {}
    return kept


def _working(value: str, weekends: bool) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?", value):
        raise ValueError(value)
    day = date.fromisoformat(value[:10])
    if not 1970 <= day.year <= 2099:
        raise ValueError(value)
    return day if weekends else day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def read(given: Mapping[str, str], known: Mapping[str, Reader]) -> Record:
    """Parameters by their types; an unknown or a wrong one is refused."""
    found: Record = {}
    for name, value in given.items():
        if name not in known:
            raise Refusal(400, "invalid_request", f"Parameter '{name}' is not allowed")
        try:
            found[name] = known[name](value)
        except (ValueError, KeyError, TypeError):
            raise invalid(name, value) from None
    return found


def as_html(words: str) -> str:
    """What a description or comment holds as markup: line breaks become `<br />`."""
    return words.replace("\n", "<br />")


def as_plain(markup: str) -> str:
    """What a comment says without its markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br ?/?>", "\n", markup)))


LISTED_ON_DEMAND = (
    "responsibleIds", "parentIds", "customFields", "metadata", "description", "superTaskIds", "subTaskIds",
    "dependencyIds",
)  # fmt: skip
ALSO_BY_ID = ("recurrent", "attachmentCount", "effortAllocation", "billingType")


def _fields(*allowed: str) -> Reader:
    def read(value: str) -> list[str]:
        found = names(value)
        if not set(found) <= set(allowed) or len(found) != len(set(found)):
            raise ValueError(value)
        return found

    return read


IMPORTANCE = one_of("High", "Normal", "Low")
STATUS = one_of("Active", "Completed", "Deferred", "Cancelled")
TASK_QUERY: Mapping[str, Reader] = {
    "title": some_text, "status": STATUS, "importance": IMPORTANCE, "createdDate": span, "updatedDate": span,
    "metadata": metadata_query, "customField": field_query, "descendants": flag, "subTasks": flag,
    "sortField": one_of("CreatedDate", "UpdatedDate", "CompletedDate", "DueDate", "Status", "Importance", "Title"),
    "sortOrder": one_of("Asc", "Desc"), "limit": number(1, 1_000), "pageSize": number(1, 1_000),
    "nextPageToken": some_text, "fields": _fields(*LISTED_ON_DEMAND, *ALSO_BY_ID),
}  # fmt: skip
BY_ID: Mapping[str, Reader] = {"fields": _fields(*ALSO_BY_ID)}
_BOTH: Mapping[str, Reader] = {
    "description": text, "status": STATUS, "customStatus": some_text, "importance": IMPORTANCE, "dates": dates,
    "metadata": metadata, "customFields": fields_written,
}  # fmt: skip
NEW_TASK: Mapping[str, Reader] = {
    **_BOTH, "title": some_text, "parents": names, "responsibles": names, "superTasks": names,
}  # fmt: skip
CHANGED_TASK: Mapping[str, Reader] = {
    **_BOTH, "title": some_text, "addParents": names, "removeParents": names, "addResponsibles": names,
    "removeResponsibles": names, "addSuperTasks": names, "removeSuperTasks": names, "restore": flag,
}  # fmt: skip
COMMENT_QUERY: Mapping[str, Reader] = {  # updatedDate is there too, and filters by the moment of creation
    "createdDate": week, "limit": number(1, 1_000), "plainText": flag, "types": names, "fields": _fields("type"),
}  # fmt: skip
NEW_FIELD: Mapping[str, Reader] = {
    "title": some_text,
    "type": one_of("Text", "DropDown", "Numeric", "Currency", "Percentage", "Date", "Duration", "Checkbox", "Contacts",
                   "Multiple"),
}  # fmt: skip
