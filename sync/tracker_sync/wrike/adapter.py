"""Wrike as the port `tracker.domain.remote` wants it: one request after the other, nothing decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tracker.domain.plaintext import line_of, lines_of
from tracker.domain.remote import (
    FIELDS,
    AnswerLost,
    Capabilities,
    Changes,
    Connection,
    CursorTooOld,
    Named,
    NotAllowed,
    RemoteComment,
    RemotePerson,
    RemoteStatus,
    RemoteTask,
    RequestRefused,
    TaskWrite,
)
from tracker_sync.http import Answer, Http, Waiting
from tracker_sync.paging import Page, pages
from tracker_sync.wrike import mapping, protocol
from tracker_sync.wrike.protocol import Call, Record
from tracker_sync.wrike.settings import DATA_CENTRES, PACE, RATE, Settings, settings_of

_OVERLAP = timedelta(minutes=1)
"""How much of what was read before is read again: moments there know seconds only."""
_SKEW = timedelta(days=1)
"""How much earlier than `since` a list begins: this machine's clock and Wrike's may differ."""
_LISTED = timedelta(days=7) - timedelta(hours=1)
"""How far back messages are listed; Wrike takes seven days at most."""
_NOTHING_YET = "1970-01-01T00:00:00Z"


class WrikeAdapter:
    """One folder or project of Wrike."""

    capabilities = Capabilities(
        fields=frozenset(FIELDS), can_comment=True, reads_together=True, requests_per_minute=RATE
    )

    def __init__(self, http: Http, settings: Settings) -> None:
        self._http = http
        self._settings = settings
        self._statuses: tuple[RemoteStatus, ...] | None = None
        self._workflows: Sequence[Record] = ()
        self._may_be_old = False
        self._people: Mapping[str, RemotePerson] | None = None
        self._below: frozenset[str] | None = None
        self._cursor: str | None = None
        self._heard: str | None = None
        self._now: str | None = None

    def __repr__(self) -> str:
        return f"WrikeAdapter({self._settings.folder!r})"

    def close(self) -> None:
        """Let go of the network."""
        self._http.close()

    # -- places and people

    def whoami(self) -> RemotePerson:
        """Whose token it is; a wrong data centre answers here as to a wrong token, or points elsewhere."""
        centres = f"Wrike has three data centres, and a token is known in its own only: {', '.join(DATA_CENTRES)}."
        try:
            answer = self._ask(protocol.me())
        except RequestRefused as error:
            raise RequestRefused(f"{error} {centres}") from None
        if answer.status == protocol.UNAUTHORIZED:
            raise NotAllowed(f"Wrike does not accept the token; set a new one, or the address. {centres}")
        return mapping.person_of(protocol.one_of(answer.body))

    def workspaces(self) -> Sequence[Named]:
        """The spaces that are in use; without any, the whole account."""
        found = [
            Named(protocol.id_of(each), line_of(each.get("title")))
            for each in self._list(protocol.spaces())
            if each.get("archived") is not True
        ]
        if found:
            return found
        account = self._one(protocol.account())
        root = account.get("rootFolderId")
        return [Named(root, line_of(account.get("name")) or root)] if isinstance(root, str) else []

    def places(self, workspace: str) -> Iterator[Named]:
        """Folders and projects of a space, or of the account, by their paths."""
        answer = self._ask(protocol.folders_of_space(workspace))
        if answer.status == protocol.NOT_FOUND:  # the root folder is no space
            answer = self._ask(protocol.folders_below(workspace))
        return iter(mapping.folders_of(protocol.page_of(answer.body).items))

    def people(self) -> Iterator[RemotePerson]:
        """Everybody of the account who can be given a task."""
        return (mapping.person_of(each) for each in self._list(protocol.contacts()) if mapping.is_person(each))

    def statuses(self) -> Sequence[RemoteStatus]:
        """The statuses of the folder's workflow, in order; read once."""
        if self._statuses is None:
            self._workflows = list(self._list(protocol.workflows()))
            kept = self._settings.workflow
            self._may_be_old = kept is not None and any(each.get("id") == kept for each in self._workflows)
            self._statuses = mapping.statuses_of(kept if self._may_be_old else self._workflow(), self._workflows)
        return self._statuses

    def _workflow(self) -> str | None:
        return mapping.workflow_of(self._one(protocol.folder(self._settings.folder)))

    def prepare(self, wanted_statuses: Sequence[str]) -> Mapping[str, str]:
        """Find or make the text fields for our reference and the key result, where plan and rights allow them.

        Where things are that are asked for in every run is kept too: the recycle bin and the folder's workflow.

        Workflows belong to the account and are left as they are: a wanted status that is missing is mapped to another.
        """
        known = list(self._list(protocol.custom_fields()))
        thrown = self._one(protocol.account()).get("recycleBinId")
        self._settings = replace(
            self._settings,
            reference_field=self._text_field(known, mapping.REFERENCE_FIELD),
            key_result_field=self._text_field(known, mapping.KEY_RESULT_FIELD),
            recycle_bin=thrown if isinstance(thrown, str) else None,
            workflow=self._workflow(),
        )
        options = {
            "reference_field": self._settings.reference_field,
            "key_result_field": self._settings.key_result_field,
            "recycle_bin": self._settings.recycle_bin,
            "workflow": self._settings.workflow,
        }
        return {name: value for name, value in options.items() if value}

    def _text_field(self, known: Sequence[Record], title: str) -> str | None:
        for each in known:
            if each.get("type") == "Text" and line_of(each.get("title")).casefold() == title.casefold():
                return protocol.id_of(each)
        try:
            return protocol.id_of(self._one(protocol.add_text_field(title)))
        except (NotAllowed, RequestRefused):  # the metadata and the description hold the same
            return None

    # -- reading tasks

    def changes(self, cursor: str | None) -> Changes:
        """Tasks of the folder changed since the cursor, a minute before it included; all of them without one."""
        self._cursor, self._heard = _moments(cursor)
        if self._cursor is None or self._heard is None:
            return Changes(self._changed(None))
        begin = _earlier(self._cursor, _OVERLAP)
        commented = self._commented(_earlier(self._heard, _OVERLAP))
        return Changes(self._changed(begin), self._thrown_away(begin), commented)

    def _changed(self, begin: str | None) -> Iterator[RemoteTask]:
        """Each task once; the cursor moves when all are read, never beyond what was there when reading began."""
        seen: set[str] = set()
        newest, bound = _NOTHING_YET, _NOTHING_YET

        def read(token: str | None) -> Page[Record]:
            nonlocal newest, bound
            answer = self._ask(protocol.tasks(self._settings.folder, updated_since=begin).at(token))
            page = protocol.page_of(answer.body)
            newest = max([newest, *(mapping.instant(each.get("updatedDate")) or "" for each in page.items)])
            if token is None:
                self._now = _moment_of(answer)
                bound = self._now or newest
            return page

        for record in pages(read, "Wrike"):
            task = self._as_read(record)
            if task.id not in seen and not task.is_deleted:
                seen.add(task.id)
                yield task
        self._cursor = max(min(newest, bound), self._cursor or _NOTHING_YET)
        self._heard = self._heard or self._now

    def _commented(self, begin: str) -> Iterator[tuple[str, str]]:
        """Messages on tasks of the account, where they may be listed; else they are read with their tasks.

        A message of the second in which a task was read does not make it look different.
        """
        if self._now is None:
            return
        self._heard, is_recent = self._now, begin > _earlier(self._now, _LISTED)
        try:
            listed = list(self._list(protocol.comments_between(begin, self._now))) if is_recent else []
            found = [(task, protocol.id_of(each)) for each in listed if isinstance(task := each.get("taskId"), str)]
        except (NotAllowed, RequestRefused):
            return
        yield from found

    def _thrown_away(self, begin: str) -> Sequence[str]:
        """Ids in the recycle bin; a hint only, so that an account that does not show its bin is as good."""
        if self._settings.recycle_bin is None:
            return ()
        try:
            listed = list(self._list(protocol.tasks(self._settings.recycle_bin, updated_since=begin)))
        except (NotAllowed, RequestRefused):
            return ()
        return [protocol.id_of(each) for each in listed]

    def next_cursor(self) -> str | None:
        """The newest change that was seen, and the moment up to which messages were listed."""
        return " ".join(each for each in (self._cursor, self._heard) if each) or None

    def read(self, ids: Sequence[str]) -> Mapping[str, RemoteTask | None]:
        """The tasks, a hundred a request; None is what Wrike answers 404 for, one by one."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, RemoteTask | None] = {}
        for begin in range(0, len(wanted), protocol.MOST_IDS):
            self._read(wanted[begin : begin + protocol.MOST_IDS], found)
        return found

    def _read(self, ids: Sequence[str], found: dict[str, RemoteTask | None]) -> None:
        answer = self._ask(protocol.tasks_by_id(ids))
        if answer.status == protocol.NOT_FOUND:
            if not protocol.says_there_is_none(answer.body):
                raise protocol.not_understood("404 of another kind to a question for tasks")
            if len(ids) == 1:
                found[ids[0]] = None
            else:  # one of them is not there: which one is found by halves
                self._read(ids[: len(ids) // 2], found)
                self._read(ids[len(ids) // 2 :], found)
            return
        for record in protocol.page_of(answer.body).items:
            task = self._as_read(record, moved=self._lies_elsewhere(record))
            found[task.id] = task
        missing = [id for id in ids if id not in found]
        if missing and len(ids) > 1:  # left out of the answer, which is not yet a word that there is none
            for id in missing:
                self._read([id], found)

    def _lies_elsewhere(self, record: Record) -> bool:
        """Whether it was taken out of the folder and of every folder below; subtasks lie where their tasks lie."""
        parents = mapping.texts(record.get("parentIds"))
        if not parents or self._settings.folder in parents or mapping.texts(record.get("superTaskIds")):
            return False
        if self._below is None:
            tree = self._list(protocol.folders_below(self._settings.folder))
            self._below = frozenset(protocol.id_of(each) for each in tree)
        return not self._below & set(parents)

    def find(self, reference: str, *, since: str | None = None) -> RemoteTask | None:
        """By metadata, then by the custom field, then among what is new in the folder, as an index may lag.

        Of several, as copies of a task may carry its reference too, it is the oldest. Metadata and field are looked
        up in the whole account: what lies in another folder belongs to the connection of that folder.
        """
        field = self._settings.reference_field
        calls = [protocol.tasks_with_metadata(reference)]
        if field is not None:
            calls.append(protocol.tasks_with_field(field, reference))
        if since is not None:
            calls.append(protocol.tasks(self._settings.folder, created_since=_earlier(since, _SKEW)))
        for call in calls:
            tasks = (self._task(each, moved=self._lies_elsewhere(each)) for each in self._list(call))
            fitting = [task for task in tasks if task.reference == reference and not task.is_deleted]
            if fitting:
                return min(fitting, key=lambda task: (task.created_at or "", task.id))
        return None

    # -- writing tasks

    def create(self, task: TaskWrite, reference: str) -> RemoteTask:
        """Make a task with everything it holds in one request."""
        form = mapping.new_form(task, reference, self._settings)
        self.statuses()  # read before: what fails after the task was made would leave it unknown
        answer = self._ask(protocol.add_task(self._settings.folder, form))
        try:
            return self._task(protocol.one_of(answer.body))
        except RequestRefused as error:
            raise AnswerLost(f"{error} Whether the task was made is looked up.") from None

    def update(self, id: str, task: TaskWrite, there: RemoteTask | None = None) -> RemoteTask:
        """Change fields, looking first where Wrike wants to be told the difference; then see whether it did.

        A task without any reference is given the one that is told: another one that it carries stays.

        Raises:
            RequestRefused: it was answered as done, but a field stands there as before.
        """
        depends = mapping.LOOKED_AT & set(task.fields) or not mapping.form_of(task, self._settings)
        if depends and (there is None or not there.details):
            there = self._task(self._one(protocol.tasks_by_id([id])))
        form = mapping.changed_form(task, there.details if there is not None else {}, self._settings)
        if there is not None and not form:
            return there
        record = self._referred(self._written(id, task, form, there), task.reference)
        others = mapping.owners_form(task, record)
        if others:  # somebody was added or taken off since it was looked at
            record = self._one(protocol.change_task(id, others))
        field = mapping.not_taken(form, record, task)
        if field is not None:
            raise RequestRefused(f"Wrike did not take the {field} of {line_of(record.get('title'))!r}; "
                                 "look there whether it is locked.")  # fmt: skip
        return self._task(record)

    def _written(self, id: str, task: TaskWrite, form: Mapping[str, str], there: RemoteTask | None) -> Record:
        """The task after the change; what is refused with a reference is tried without it."""
        try:
            return self._one(protocol.change_task(id, form))
        except (NotAllowed, RequestRefused):
            details = there.details if there is not None else {}
            lesser = mapping.changed_form(replace(task, reference=None), details, self._settings)
            if not lesser or lesser == form:
                raise
            return self._one(protocol.change_task(id, lesser))

    def _referred(self, record: Record, reference: str | None) -> Record:
        """The task with the reference, if it shows none; as it is where Wrike takes neither field nor metadata."""
        if reference is None or not self._task(record).details["is_bare"]:
            return record
        forms = [mapping.reference_form(reference, self._settings)]
        if self._settings.reference_field is not None:  # the field may have been deleted since
            forms.append(mapping.reference_form(reference, replace(self._settings, reference_field=None)))
        for form in forms:
            try:
                return self._one(protocol.change_task(protocol.id_of(record), form))
            except (NotAllowed, RequestRefused):
                continue
        return record

    def _as_read(self, record: Record, *, moved: bool = False) -> RemoteTask:
        """A task; where its status is not of the workflow that was kept, the folder may have another one now.

        Only what is read may ask: an error right after a change would look as if that had not been done.
        """
        task = self._task(record, moved=moved)
        is_known = any(each.id == record.get("customStatusId") for each in self.statuses())
        if is_known or not self._may_be_old or self._settings.folder not in mapping.texts(record.get("parentIds")):
            return task
        self._may_be_old = False
        self._statuses = mapping.statuses_of(self._workflow(), self._workflows)
        return self._task(record, moved=moved)

    def _task(self, record: Record, *, moved: bool = False) -> RemoteTask:
        return mapping.task_of(record, self.statuses(), self._settings, moved=moved)

    # -- comments

    def comments(self, id: str) -> Iterator[RemoteComment]:
        """What people wrote, oldest first; of the same second in the order of the list."""
        listed = list(self._list(protocol.comments(id)))
        people = self._known_people() if listed else {}
        found = [mapping.comment_of(each, people) for each in listed]
        if found and found[0].written_at > found[-1].written_at:
            found.reverse()
        return iter(sorted(found, key=lambda each: each.written_at))

    def comment(self, id: str, text: str) -> RemoteComment:
        """Write on a task, in plain text."""
        people = self._known_people()
        answer = self._ask(protocol.add_comment(id, lines_of(text)))
        try:
            return mapping.comment_of(protocol.one_of(answer.body), people)
        except RequestRefused as error:
            raise AnswerLost(f"{error} Whether the comment is there is looked up.") from None

    def _known_people(self) -> Mapping[str, RemotePerson]:
        """Everybody by id, also who left; read once."""
        if self._people is None:
            self._people = {person.id: person for each in self._list(protocol.contacts())
                            for person in [mapping.person_of(each)]}  # fmt: skip
        return self._people

    # -- requests

    def _ask(self, call: Call) -> Answer:
        if call.method == "GET":
            return self._http.get(call.path, query=call.query, accept=call.accept)
        return self._http.send(
            call.method, call.path, query=call.query, form=call.form, repeatable=call.repeatable, accept=call.accept
        )

    def _one(self, call: Call) -> Record:
        """The one record of an answer; what is not there is refused."""
        return protocol.one_of(self._ask(replace(call, accept=frozenset())).body)

    def _list(self, call: Call) -> Iterator[Record]:
        return pages(lambda token: protocol.page_of(self._ask(call.at(token)).body), "Wrike")


def _moments(cursor: str | None) -> tuple[str | None, str | None]:
    """Up to when changes and messages were heard of; one moment stands for both."""
    first, _, second = (cursor or "").partition(" ")
    return first or None, second or first or None


def _earlier(moment: str, by: timedelta) -> str:
    try:
        before = datetime.fromisoformat(moment).astimezone(UTC) - by
    except (ValueError, OverflowError):
        raise CursorTooOld(f"{moment[:40]!r} is no moment to read Wrike's changes from; all are read again.") from None
    return max(before, datetime(1970, 1, 1, tzinfo=UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment_of(answer: Answer) -> str | None:
    """When it was answered, by the service's own clock; None when it does not say."""
    try:
        return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (KeyError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class WrikeKind:
    """How adapters of Wrike are made."""

    name: str = "wrike"
    title: str = "Wrike"
    token_help: str = "Wrike: your picture > Apps & Integrations > API > create an app > Permanent access token."

    def open(self, token: str, connection: Connection, *, waiting: Waiting | None = None) -> WrikeAdapter:
        """An adapter at work; `waiting` is how time passes."""
        settings = settings_of(connection)
        http = Http("Wrike", settings.base_url, token, requests_per_minute=PACE, waiting=waiting)
        return WrikeAdapter(http, settings)


KIND = WrikeKind()
