"""What Asana's records mean here, and what of ours is written into them.

Asana has no status of its own: a task stands in a section of the project and is completed or not. A section is a
status; one whose name says so is done or cancelled, and tasks put there are completed too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from tracker.domain.plaintext import line_of, lines_of
from tracker.domain.remote import (
    KeyResultMirror,
    RemoteComment,
    RemotePerson,
    RemoteStatus,
    RemoteTask,
    RequestRefused,
    TaskWrite,
)
from tracker_sync.asana.protocol import Record, a_record, gid_of, not_understood
from tracker_sync.asana.settings import Settings
from tracker_sync.marker import with_marker as with_marker
from tracker_sync.marker import without_marker as without_marker

COMPLETED = "completed"
"""Stands for a done section where the project has none: the task is completed where it is."""
REFERENCE_FIELD, KEY_RESULT_FIELD, PRIORITY_FIELD = "Tracker ID", "Key result", "Priority"
_DONE = re.compile(r"\b(?:done|completed?|finished|closed)\b", re.IGNORECASE)
_CANCELLED = re.compile(r"\b(?:cancell?ed|dropped|rejected)\b|\bwon.?t do\b", re.IGNORECASE)
_PRIORITIES = {"low": "low", "medium": "normal", "normal": "normal", "high": "high"}


# -- statuses


def status_of(section: Record) -> RemoteStatus:
    """A section as a status."""
    name = line_of(section.get("name"))
    cancelled = bool(_CANCELLED.search(name))
    return RemoteStatus(gid_of(section), name, is_done=bool(_DONE.search(name)) and not cancelled,
                        is_cancelled=cancelled)  # fmt: skip


def statuses_of(sections: Sequence[Record]) -> tuple[RemoteStatus, ...]:
    """The statuses of a project, one that means done among them."""
    found = tuple(status_of(section) for section in sections)
    if any(status.is_done for status in found):
        return found
    return (*found, RemoteStatus(COMPLETED, "Completed, in whatever section", is_done=True))


def membership(record: Record, project: str) -> Record | None:
    """The task's place in the project; None when it is not in it."""
    places = record.get("memberships")
    for place in places if isinstance(places, list) else ():
        if isinstance(place, Mapping) and _gid(place.get("project")) == project:
            return place
    return None


def section_of(record: Record, project: str) -> str | None:
    """Gid of the section that the task stands in."""
    place = membership(record, project)
    return None if place is None else _gid(place.get("section"))


# -- tasks


def task_of(record: Record, settings: Settings, done: Callable[[], str]) -> RemoteTask:
    """A task; `done` tells the status of one that is completed where nothing is called done.

    Raises:
        RequestRefused: the record has not the form it should have.
    """
    try:
        return _task_of(record, settings, done)
    except (ValueError, TypeError) as error:
        raise not_understood(f"a task with {str(error)[:100]}") from None


def _task_of(record: Record, settings: Settings, done: Callable[[], str]) -> RemoteTask:
    description, marked = without_marker(lines_of(record.get("notes")))
    fields = _custom_fields(record)
    place = membership(record, settings.project)
    in_field = fields.get(settings.reference_field or "", {}).get("text_value")
    return RemoteTask(
        id=gid_of(record),
        title=line_of(record.get("name")),
        description=description,
        status=_status(record, place, done),
        owner=_gid(record.get("assignee")),
        start_on=_day(record, "start"),
        due_on=_day(record, "due"),
        priority=_priority(fields, settings),
        version=f"{record.get('modified_at')} {section_of(record, settings.project)}",
        url=_address(record.get("permalink_url")),
        reference=in_field if isinstance(in_field, str) and in_field else marked,
        created_at=_instant(record.get("created_at")),
        is_deleted=place is None,
        details={"marked": marked},
    )


def _status(record: Record, place: Record | None, done: Callable[[], str]) -> str | None:
    section = place.get("section") if place is not None else None
    here = status_of(section) if isinstance(section, Mapping) else None
    if record.get("completed") is True and not (here is not None and (here.is_done or here.is_cancelled)):
        return done()
    return here.id if here is not None else None


def _day(record: Record, which: str) -> date | None:
    # with a time of day, the moment is read first: `due_on` is then the day in the time zone of Asana's profile
    moment, day = record.get(f"{which}_at"), record.get(f"{which}_on")
    if moment is not None:
        return datetime.fromisoformat(moment).astimezone().date()
    return None if day is None else date.fromisoformat(day)


def _custom_fields(record: Record) -> dict[str, Record]:
    fields = record.get("custom_fields")
    return {gid_of(each): a_record(each) for each in fields} if isinstance(fields, list) else {}


def _priority(fields: Mapping[str, Record], settings: Settings) -> str | None:
    if settings.priority_field is None:
        return None
    chosen = _gid(fields.get(settings.priority_field, {}).get("enum_value"))
    return next((name for name, gid in settings.priorities.items() if gid == chosen), None)


def content(write: TaskWrite, settings: Settings) -> dict[str, object]:
    """What is sent for the fields that are given, except the days and the status."""
    fields = write.fields
    data: dict[str, object] = {}
    if "title" in fields:
        data["name"] = fields["title"] or ""
    if "description" in fields:
        data["notes"] = fields["description"] or ""
    if "owner" in fields:
        data["assignee"] = fields["owner"]
    custom: dict[str, object] = {}
    if "priority" in fields and settings.priority_field is not None:
        custom[settings.priority_field] = settings.priorities.get(str(fields["priority"]))
    if write.key_result is not None and settings.key_result_field is not None:
        custom[settings.key_result_field] = write.key_result
    if custom:
        data["custom_fields"] = custom
    return data


def days(fields: Mapping[str, object], there: Record | None) -> dict[str, object]:
    """What is sent for the days that are given; `there` is the task as it stands, needed for a start without a due day.

    Asana takes a start only together with a due day, and holds none without one: such a start stays here alone.
    """
    if "due_on" in fields:
        due = fields["due_on"]
        if due is None:
            return {"due_on": None} if there is None else {"due_on": None, "start_on": None}
        start = fields.get("start_on")
        if "start_on" not in fields or (start is None and there is None):
            return {"due_on": due}
        return {"due_on": due, "start_on": start}
    if "start_on" not in fields or there is None:
        return {}
    kept = "due_at" if there.get("due_at") is not None else "due_on"
    if there.get(kept) is None:
        return {}
    return {kept: there[kept], "start_on": fields["start_on"]}


# -- people and comments


def person_of(record: Record) -> RemotePerson:
    """A user; the e-mail is missing where the token may not see it."""
    email = record.get("email")
    return RemotePerson(gid_of(record), line_of(record.get("name")), email if isinstance(email, str) else None)


def is_comment(story: Record) -> bool:
    """Whether a person wrote it; all other stories are Asana's own words."""
    return story.get("resource_subtype") == "comment_added" or story.get("type") == "comment"


def comment_of(story: Record) -> RemoteComment:
    """A comment."""
    author = story.get("created_by")
    return RemoteComment(
        gid_of(story), person_of(author) if isinstance(author, Mapping) else None,
        _instant(story.get("created_at")) or "", lines_of(story.get("text")),
    )  # fmt: skip


# -- custom fields of a project


def priorities_of(field: Record) -> dict[str, str] | None:
    """low, normal, high to the choices of that name; None when it has not all three."""
    choices = field.get("enum_options")
    found = {
        name: gid_of(choice)
        for choice in (choices if isinstance(choices, list) else ())
        if (name := _PRIORITIES.get(line_of(choice.get("name")).casefold())) is not None
    }
    return found if len(found) == 3 else None


# -- goals


def metric_of(goal: KeyResultMirror) -> dict[str, object]:
    """The metric of a key result.

    Raises:
        RequestRefused: it aims at where it began, which Asana does not take.
    """
    if goal.target == goal.baseline:
        raise RequestRefused(f"Asana takes no goal that aims at where it begins; give {goal.title!r} another target.")
    unit = "percentage" if goal.percent else "currency" if goal.currency else "none"
    places = max(_places(value) for value in (goal.baseline, goal.target, goal.value))
    metric: dict[str, object] = {
        "unit": unit,
        "precision": min(6, places),
        "progress_source": "manual",
        "initial_number_value": number(goal.baseline, goal),
        "target_number_value": number(goal.target, goal),
        "current_number_value": number(goal.value, goal),
    }
    return metric | ({"currency_code": goal.currency} if unit == "currency" else {})


def needs_another_metric(there: Record, wanted: Mapping[str, object]) -> bool:
    """Whether more than the current value is different, or the metric there would round it."""
    fixed = ("unit", "currency_code", "initial_number_value", "target_number_value")
    precision = there.get("precision")
    rounds = not isinstance(precision, int) or precision < int(str(wanted["precision"]))
    return rounds or any(there.get(name) != wanted.get(name) for name in fixed)


def number(value: Decimal, goal: KeyResultMirror) -> int | float:
    """A value as Asana keeps it: 25 % is 0.25."""
    kept = value / 100 if goal.percent else value
    return int(kept) if kept == kept.to_integral_value() else float(kept)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


# -- text from outside


def _gid(record: object) -> str | None:
    return gid_of(record) if isinstance(record, Mapping) else None


def _instant(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= 40 and value.isprintable() else None


def _address(value: object) -> str | None:
    fits = isinstance(value, str) and value.startswith("https://") and len(value) <= 2_000 and value.isprintable()
    return str(value) if fits else None
