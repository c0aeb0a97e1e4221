"""What Asana takes and refuses: fields, types, days, and the shape of what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

Record = dict[str, Any]
Handler = TypeVar("Handler", bound=Callable[..., Any])
ROUTES: list[tuple[str, re.Pattern[str], str]] = []
"""Method, path, and the name of what answers."""


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Let a method of the fake answer requests of this path."""

    def kept(handler: Handler) -> Handler:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        ROUTES.append((method, pattern, handler.__name__))
        return handler

    return kept


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.status = status
        self.body: Record = {"errors": [{"message": message, "help": "For more information see the docs."}], **more}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_record(value: object) -> bool:
    return isinstance(value, dict)


def _is_day(value: object) -> bool:
    if value is None:
        return True
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_moment(value: object) -> bool:
    if value is None:
        return True
    try:
        return isinstance(value, str) and "T" in value and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


Rules = Mapping[str, Callable[[object], bool]]

TASK_ON_CREATE: Rules = {
    "projects": _is_texts, "tags": _is_texts, "followers": _is_texts, "workspace": _is_text, "parent": _is_text,
}  # fmt: skip
TASK: Rules = {
    "name": _is_text, "notes": _is_text, "html_notes": _is_text, "assignee": _is_text_or_none, "completed": _is_flag,
    "due_on": _is_day, "due_at": _is_moment, "start_on": _is_day, "start_at": _is_moment,
    "custom_fields": _is_record, "resource_subtype": _is_text, "assignee_section": _is_text_or_none,
    "approval_status": _is_text, "liked": _is_flag, "external": _is_record,
}  # fmt: skip
SECTION: Rules = {"name": _is_text}
CUSTOM_FIELD: Rules = {"workspace": _is_text, "name": _is_text, "resource_subtype": _is_text, "enum_options": lambda v:
                       isinstance(v, list)}  # fmt: skip
FIELD_SETTING: Rules = {"custom_field": _is_text, "is_important": _is_flag}
STORY: Rules = {"text": _is_text, "html_text": _is_text, "is_pinned": _is_flag}
GOAL: Rules = {
    "name": _is_text, "notes": _is_text, "html_notes": _is_text, "owner": _is_text_or_none, "team": _is_text,
    "workspace": _is_text, "time_period": _is_text_or_none, "due_on": _is_day, "start_on": _is_day,
    "followers": _is_texts, "is_workspace_level": _is_flag,
}  # fmt: skip
METRIC: Rules = {
    "unit": lambda v: v in ("none", "currency", "percentage"), "precision": lambda v: v in range(7),
    "currency_code": _is_text_or_none, "initial_number_value": _is_number, "target_number_value": _is_number,
    "current_number_value": _is_number, "is_custom_weight": _is_flag,
    "progress_source": lambda v: v in ("manual", "subgoal_progress", "project_task_completion",
                                       "project_milestone_completion", "task_completion", "external"),
}  # fmt: skip
SUPPORT: Rules = {
    "supporting_resource": _is_text, "contribution_weight": lambda v: _is_number(v) and 0 <= float(str(v)) <= 1,
    "insert_before": _is_text, "insert_after": _is_text,
}  # fmt: skip

READ_ONLY = {
    "gid", "resource_type", "completed_at", "modified_at", "created_at", "created_by", "permalink_url", "memberships",
    "num_likes", "num_subtasks", "hearted", "likes", "dependencies", "dependents", "metric", "completed_by",
}  # fmt: skip
NAME_LIMIT, NOTES_LIMIT = 1024, 65_535


def checked(data: Record, rules: Rules, *, created: Rules | None = None, creates: bool = False) -> Record:
    """`data`, when every field of it may be written and is of its type."""
    known = {**rules, **(created or {})} if creates else rules
    for name, value in data.items():
        if name in READ_ONLY:
            raise Refusal(400, f"{name}: Cannot write this property")
        if created and name in created and not creates:
            raise Refusal(400, f"{name}: Can only be written when the object is created")
        if name not in known:
            raise Refusal(400, f"{name}: Unknown field")
        if not known[name](value):
            raise Refusal(400, f"{name}: Value is not valid: {str(value)[:60]}")
    for plain, marked in (("notes", "html_notes"), ("text", "html_text")):
        if plain in data and marked in data:
            raise Refusal(400, f"You may only provide one of {plain} and {marked}")
    if len(data.get("name", "")) > NAME_LIMIT:
        raise Refusal(400, "name: Value is too long")
    if len(data.get("notes", "")) > NOTES_LIMIT:
        raise Refusal(400, "notes: Value is too long")
    return data


def check_days(data: Record) -> None:
    """Days and moments that may not go together."""
    for which in ("due", "start"):
        if f"{which}_on" in data and f"{which}_at" in data:
            raise Refusal(400, f"You may only provide one of {which}_on and {which}_at")
    if "start_on" in data and not ("due_on" in data or "due_at" in data):
        raise Refusal(400, "start_on: due_on or due_at must be given in the same request")
    if "start_at" in data and "due_at" not in data:
        raise Refusal(400, "start_at: due_at must be given in the same request")


def check_span(task: Record) -> None:
    """A start stands before a due day, and not alone."""
    if task["start_on"] is not None:
        if task["due_on"] is None:
            raise Refusal(400, "start_on: a due date is required")
        if task["start_on"] > task["due_on"]:
            raise Refusal(400, "start_on: must not be after the due date")


def check_body(text: str) -> None:
    """Rich text has one root, and every tag is closed and known."""
    if not re.fullmatch(r"<body>.*</body>", text, re.DOTALL):
        raise Refusal(400, "XML is invalid: html_notes must be wrapped in <body>")
    opened: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", text):
        if not closing:
            opened.append(name)
        elif not opened or opened.pop() != name:
            raise Refusal(400, "XML is invalid: a tag is not closed")
    if opened:
        raise Refusal(400, "XML is invalid: a tag is not closed")


COMPACT = ("gid", "resource_type", "name", "resource_subtype", "created_by")


def compact(record: Record) -> Record:
    """What stands for a record in a list or inside another one, without opt_fields."""
    return {key: compact(value) if isinstance(value, dict) else value for key, value in record.items()
            if key in COMPACT}  # fmt: skip


def full(record: Record) -> Record:
    """What one record is answered as: everything, the records in it compact."""

    def inner(value: Any) -> Any:
        if isinstance(value, list):
            return [inner(each) if "gid" in each else {k: inner(v) for k, v in each.items()} for each in value]
        return compact(value) if isinstance(value, dict) and "gid" in value else value

    return {key: value if key == "metric" else inner(value) for key, value in record.items()}


def selected(record: Record, paths: Iterable[str]) -> Record:
    """The fields that opt_fields names; the gid always comes too."""
    wanted: dict[str, list[str]] = {}
    for path in paths:
        head, _, rest = path.partition(".")
        if head not in record:
            raise Refusal(400, f"opt_fields: {path} is no field")
        wanted.setdefault(head, []).extend([rest] if rest else [])
    found = {name: _picked(record[name], rests) for name, rests in wanted.items()}
    return {**({"gid": record["gid"]} if "gid" in record else {}), **found}


def _picked(value: Any, rests: list[str]) -> Any:
    if isinstance(value, list):
        return [_picked(each, rests) for each in value]
    if not isinstance(value, dict):
        return value
    return selected(value, rests) if rests else (compact(value) if "gid" in value else value)
