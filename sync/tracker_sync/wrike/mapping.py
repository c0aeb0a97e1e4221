"""What Wrike's records mean to us, and how our fields are written there."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from tracker.domain.plaintext import TEXT_LIMIT, line_of, lines_of
from tracker.domain.remote import (
    Named,
    RemoteComment,
    RemotePerson,
    RemoteStatus,
    RemoteTask,
    RequestRefused,
    TaskWrite,
)
from tracker_sync.marker import with_marker, without_marker
from tracker_sync.wrike.protocol import (
    METADATA_KEY,
    MOST_FIELD,
    MOST_METADATA,
    Record,
    a_record,
    id_of,
    not_understood,
    text_of,
)
from tracker_sync.wrike.settings import Settings

REFERENCE_FIELD, KEY_RESULT_FIELD = "Tracker ID", "Key result"
"""Titles of the custom fields."""
IN_THE_BIN = "RbTask"
"""The scope of a task that was deleted."""
IMPORTANCE = {"high": "High", "normal": "Normal", "low": "Low"}
_PRIORITY = {theirs: ours for ours, theirs in IMPORTANCE.items()}
LOOKED_AT = frozenset({"owner", "start_on", "due_on", "description"})
"""Fields whose change depends on how the task stands there."""
FIRST_YEAR, LAST_YEAR = 1970, 2099
"""Years that a date of a task may have."""

# -- people, places, statuses


def person_of(contact: Record) -> RemotePerson:
    """A contact as a person; the first address of its profiles."""
    profiles = contact.get("profiles")
    mails = [each.get("email") for each in profiles if isinstance(each, Mapping)] if isinstance(profiles, list) else []
    mail = next((line_of(each) for each in mails if each), None)
    name = line_of(" ".join(str(contact.get(part) or "") for part in ("firstName", "lastName")))
    return RemotePerson(id_of(contact), name or mail or id_of(contact), mail)


def is_person(contact: Record) -> bool:
    """Whether a task can be given to it: no group, and not gone."""
    return contact.get("type") == "Person" and contact.get("deleted") is not True


def folders_of(tree: Sequence[Record]) -> list[Named]:
    """Folders and projects of a tree by their paths; nothing of the recycle bin, and no virtual root."""
    entries = {id_of(each): each for each in tree if each.get("scope") == "WsFolder"}
    above = {child: id for id, each in entries.items() for child in texts(each.get("childIds"))}
    return [Named(id, " / ".join(_path(id, entries, above))) for id in entries]


def _path(id: str, entries: Mapping[str, Record], above: Mapping[str, str]) -> list[str]:
    path: list[str] = []
    at: str | None = id
    while at is not None and at in entries and len(path) < 20:  # a folder may lie in itself by way of others
        path.insert(0, line_of(entries[at].get("title")) or at)
        at = above.get(at)
    return path


def workflow_of(folder: Record) -> str | None:
    """Id of the workflow that a folder or project has; None: it has the account's own."""
    project = folder.get("project")
    found = folder.get("workflowId") or (project.get("workflowId") if isinstance(project, Mapping) else None)
    return found if isinstance(found, str) else None


def statuses_of(wanted: str | None, workflows: Sequence[Record]) -> tuple[RemoteStatus, ...]:
    """The statuses of the wanted workflow, in order; without one, of the account's own."""
    named = [each for each in workflows if wanted is not None and each.get("id") == wanted]
    chosen = named or [each for each in workflows if each.get("standard") is True] or list(workflows[:1])
    if not chosen:
        raise not_understood("an account without workflows")
    found = chosen[0].get("customStatuses")
    return tuple(
        RemoteStatus(
            id_of(each), line_of(each.get("name")), is_done=each.get("group") == "Completed",
            is_cancelled=each.get("group") == "Cancelled",
        )
        for each in (found if isinstance(found, list) else [])
        if a_record(each).get("hidden") is not True
    )  # fmt: skip


# -- tasks there


def task_of(record: Record, statuses: Sequence[RemoteStatus], settings: Settings, *, moved: bool = False) -> RemoteTask:
    """A task as it stands there; `moved`: it is known to lie outside the folder."""
    start, due = days_of(record)
    description, marked = without_marker(plain(str(record.get("description") or "")))
    updated = instant(record.get("updatedDate"))
    if updated is None:
        raise not_understood("a task without updatedDate")
    reference, metadata = reference_of(record, settings) or marked, record.get("metadata")
    task = RemoteTask(
        id=id_of(record),
        title=line_of(record.get("title")),
        description=description,
        status=status_of(record, statuses),
        owner=next(iter(texts(record.get("responsibleIds"))), None),
        start_on=start,
        due_on=due,
        priority=_PRIORITY.get(str(record.get("importance"))),
        version="",
        url=_address(record.get("permalink")),
        reference=reference,
        created_at=instant(record.get("createdDate")),
        is_deleted=moved or record.get("scope") == IN_THE_BIN,
        details={
            "responsibleIds": texts(record.get("responsibleIds")), "dates": record.get("dates"), "marked": marked,
            "is_bare": reference is None and isinstance(metadata, list),  # what was not shown may be there
        },
    )  # fmt: skip
    return _with_version(task, updated)


def _with_version(task: RemoteTask, updated: str) -> RemoteTask:
    # updatedDate knows seconds only: two edits within one would look like the same version
    held = repr((sorted(task.fields().items(), key=str), task.is_deleted))
    version = f"{updated}/{hashlib.sha256(held.encode()).hexdigest()[:12]}"
    return replace(task, version=version)


def status_of(record: Record, statuses: Sequence[RemoteStatus]) -> str | None:
    """The status among ours; of a status of another workflow at least that it is completed or cancelled."""
    own = record.get("customStatusId")
    if any(each.id == own for each in statuses):
        return str(own)
    group = record.get("status")
    for each in statuses:
        if (group == "Completed" and each.is_done) or (group == "Cancelled" and each.is_cancelled):
            return each.id
    return None


def reference_of(record: Record, settings: Settings) -> str | None:
    """Our reference: of the metadata, else of the custom field."""
    found = _entry(record.get("metadata"), "key", METADATA_KEY)
    if not found and settings.reference_field is not None:
        found = _entry(record.get("customFields"), "id", settings.reference_field)
    return line_of(found) or None


def _entry(entries: object, name: str, wanted: str) -> object:
    found = entries if isinstance(entries, list) else []
    return next((each.get("value") for each in found if isinstance(each, Mapping) and each.get(name) == wanted), None)


def days_of(record: Mapping[str, object]) -> tuple[date | None, date | None]:
    """Start and due as plain dates: the date part, whatever the hour.

    A task of one day is one that is only due: this is how such tasks are written there, see `dates`.
    """
    given = record.get("dates")
    dates = given if isinstance(given, Mapping) else {}
    start, due = _day(dates.get("start")), _day(dates.get("due"))
    return (None if start == due else start), due


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise not_understood(f"the date {str(value)[:40]!r}") from None


def comment_of(record: Record, people: Mapping[str, RemotePerson]) -> RemoteComment:
    """A comment, asked for in plain text."""
    author = record.get("authorId")
    person = people.get(author, RemotePerson(author, author)) if isinstance(author, str) and author else None
    return RemoteComment(id_of(record), person, instant(record.get("createdDate")) or "", lines_of(record.get("text")))


# -- tasks as we want them there


def form_of(task: TaskWrite, settings: Settings) -> dict[str, str]:
    """Title, description, status, priority and key result as parameters.

    Raises:
        RequestRefused: a value cannot be written.
    """
    fields, form = task.fields, dict[str, str]()
    if "title" in fields:
        form["title"] = line_of(fields["title"])
        if not form["title"]:
            raise RequestRefused("Wrike takes no task without a title; give it one.")
    if "description" in fields:
        form["description"] = rich(str(fields["description"] or ""))
    if fields.get("status") is not None:
        form["customStatus"] = str(fields["status"])
    if "priority" in fields:
        form["importance"] = IMPORTANCE.get(str(fields["priority"]), "Normal")
    if task.key_result is not None and settings.key_result_field is not None:
        form["customFields"] = text_of([_field(settings.key_result_field, task.key_result)])
    return form


def new_form(task: TaskWrite, reference: str, settings: Settings) -> dict[str, str]:
    """Everything of a new task, its reference included.

    Raises:
        RequestRefused: a value cannot be written.
    """
    if len(reference) > MOST_METADATA:
        raise RequestRefused(f"Wrike keeps references of at most {MOST_METADATA} characters.")
    form = form_of(task, settings)
    if task.fields.get("owner") is not None:
        form["responsibles"] = text_of([task.fields["owner"]])
    wanted = dates(_wish(task.fields, "start_on"), _wish(task.fields, "due_on"))
    if wanted["type"] != "Backlog":
        form["dates"] = text_of(wanted)
    if settings.reference_field is None:
        form["description"] = rich(with_marker(str(task.fields.get("description") or ""), reference))
    return form | reference_form(reference, settings, task.key_result)


def reference_form(reference: str, settings: Settings, key_result: str | None = None) -> dict[str, str]:
    """Our reference in the metadata and in its field, if there is one; the key result is in the same list."""
    form = {"metadata": text_of([{"key": METADATA_KEY, "value": reference}])}
    if settings.reference_field is not None:
        kept = [_field(settings.reference_field, reference)]
        if key_result is not None and settings.key_result_field is not None:
            kept.append(_field(settings.key_result_field, key_result))
        form["customFields"] = text_of(kept)
    return form


def changed_form(task: TaskWrite, there: Mapping[str, object], settings: Settings) -> dict[str, str]:
    """What changes of a task with the details `there`, its reference where it has none; empty when nothing does.

    Raises:
        RequestRefused: a value cannot be written.
    """
    form, fields = form_of(task, settings) | owners_form(task, there), task.fields
    given = task.reference if there.get("is_bare") is True else None
    marked = given if settings.reference_field is None and given is not None else there.get("marked")
    if "description" in fields and isinstance(marked, str):
        form["description"] = rich(with_marker(str(fields["description"] or ""), marked))
    if given is not None:
        form |= reference_form(given, settings, task.key_result)
    if "start_on" in fields or "due_on" in fields:
        start, due = days_of(there)
        start = _wish(fields, "start_on") if "start_on" in fields else start
        due = _wish(fields, "due_on") if "due_on" in fields else due
        held = there.get("dates")
        milestone = isinstance(held, Mapping) and held.get("type") == "Milestone" and start is None
        form["dates"] = text_of(dates(start, due, milestone=milestone))
    return form


def owners_form(task: TaskWrite, there: Mapping[str, object]) -> dict[str, str]:
    """What makes the one who has it here the only one who has it there; empty where that is so."""
    if "owner" not in task.fields:
        return {}
    owner, held = task.fields["owner"], texts(there.get("responsibleIds"))
    others = [each for each in held if each != owner]
    form = {"removeResponsibles": text_of(others)} if others else {}
    if owner is not None and owner not in held:
        form["addResponsibles"] = text_of([owner])
    return form


def _field(id: str, value: str) -> dict[str, str]:
    return {"id": id, "value": value[:MOST_FIELD]}


def _wish(fields: Mapping[str, object], name: str) -> date | None:
    value = fields.get(name)
    if value is None:
        return None
    day = date.fromisoformat(str(value))
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise RequestRefused(f"Wrike keeps dates from {FIRST_YEAR} to {LAST_YEAR}, not {day}; change the date.")
    return day


def dates(start: date | None, due: date | None, *, milestone: bool = False) -> dict[str, object]:
    """Days as Wrike takes them.

    A planned task needs both ends, so one that is only due begins and ends on that day. A start without a due date
    would need a due date that nobody set; such a task has no dates there.
    """
    if due is None:
        return {"type": "Backlog"}
    if milestone:
        return {"type": "Milestone", "due": due.isoformat()}
    first = due if start is None else start
    if first > due:
        raise RequestRefused(f"Wrike takes no task that starts on {first}, after it is due on {due}; change a date.")
    wanted: dict[str, object] = {"type": "Planned", "start": first.isoformat(), "due": due.isoformat()}
    if max(first.weekday(), due.weekday()) > 4:  # else a Saturday might be moved to a working day
        wanted["workOnWeekends"] = True
    return wanted


def not_taken(form: Mapping[str, str], record: Record, task: TaskWrite) -> str | None:
    """The first field that was sent and does not stand there; None when all of them do.

    Description and dates are left out: Wrike stores them in a form of its own.
    """
    title = html.unescape(str(record.get("title") or ""))
    if "title" in form and not (title and html.unescape(form["title"]).startswith(line_of(title))):
        return "title"
    if "customStatus" in form and record.get("customStatusId") != form["customStatus"]:
        return "status"
    if "importance" in form and record.get("importance") != form["importance"]:
        return "priority"
    return "owner" if owners_form(task, record) else None


# -- text


def rich(plain_text: str) -> str:
    """Plain text as the HTML of a description: nothing in it is markup, lines and indents stay."""
    escaped = html.escape(lines_of(plain_text), quote=False)
    spaced = re.sub(r"(?m)^ | (?= )", "&nbsp;", escaped)
    return spaced.replace("\n", "<br />")


def plain(markup: str) -> str:
    """The HTML of a description as plain text; what does not break is a space like any other."""
    if "<" not in markup and "&" not in markup:
        return lines_of(re.sub(r"[ \t\r\n]+", " ", markup).strip().replace("\xa0", " "))
    reader = _Reader()
    reader.feed(markup[: 4 * TEXT_LIMIT])
    reader.close()
    return lines_of(reader.words())


_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"})
_UNREAD = frozenset({"script", "style", "head", "title"})


class _Reader(HTMLParser):
    """Text of HTML: line breaks and blocks as lines, list items with a dash, links with their address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._unread = 0
        self._link: tuple[str, int, str] | None = None

    def words(self) -> str:
        lines = [re.sub(r" +", " ", line).strip(" ").replace("\xa0", " ").rstrip() for line in self._lines]
        return "\n".join(lines).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread += 1
        elif tag == "br":
            self._lines.append("")
        elif tag == "li":
            self._fresh_line()
            self._lines[-1] = "- "
        elif tag in _BLOCKS:
            self._fresh_line()
        elif tag == "td" and self._lines[-1].strip():
            self._lines[-1] += " | "
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            if re.match(r"(?i)(https?|mailto):", address):
                self._link = (address, len(self._lines), self._lines[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _BLOCKS or tag == "li":
            self._fresh_line()
        elif tag == "a" and self._link is not None:
            address, line, before = self._link
            self._link = None
            shown = self._lines[-1].removeprefix(before).strip() if line == len(self._lines) else ""
            if shown not in (address, address.removeprefix("mailto:")):
                self._lines[-1] += f" ({address})" if shown else address

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._lines[-1] += re.sub(r"[ \t\r\n]+", " ", data)

    def _fresh_line(self) -> None:
        if self._lines[-1].strip(" "):
            self._lines.append("")


# -- values from outside


def texts(value: object) -> list[str]:
    """The texts of a list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def instant(value: object) -> str | None:
    """A moment as it came, when it is one."""
    return value if isinstance(value, str) and len(value) <= 40 and value.isprintable() else None


def _address(value: object) -> str | None:
    fits = isinstance(value, str) and value.startswith("https://") and len(value) <= 2_000 and value.isprintable()
    return str(value) if fits else None
