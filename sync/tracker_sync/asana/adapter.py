"""Asana as the port `tracker.domain.remote` wants it: one request after the other, nothing decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.domain.plaintext import line_of
from tracker.domain.remote import (
    FIELDS,
    AnswerLost,
    Capabilities,
    Changes,
    Connection,
    CursorTooOld,
    KeyResultMirror,
    Named,
    NotAllowed,
    RemoteComment,
    RemoteError,
    RemotePerson,
    RemoteStatus,
    RemoteTask,
    RequestRefused,
    TaskWrite,
)
from tracker_sync.asana import mapping, protocol
from tracker_sync.asana.protocol import Call, Record
from tracker_sync.asana.settings import Settings, settings_of
from tracker_sync.http import Answer, Http, Waiting
from tracker_sync.paging import Page, pages

_SKEW = timedelta(days=1)
"""How much earlier than `since` a list begins: this machine's clock and Asana's may differ."""
_PAUSE = timedelta(minutes=1)
"""How much earlier than the first event: a change may bear an earlier moment than the event that tells of it."""
_ONE_BY_ONE = 20
"""So many tasks are read one by one; more are looked for in lists of a hundred."""


class AsanaAdapter:
    """One project of Asana."""

    def __init__(self, http: Http, settings: Settings) -> None:
        self._http = http
        self._settings = settings
        self._workspace_gid = settings.workspace
        self._statuses: tuple[RemoteStatus, ...] | None = None
        self._cursor: str | None = None
        without = frozenset() if settings.priority_field else frozenset({"priority"})
        self.capabilities = Capabilities(
            fields=frozenset(FIELDS) - without,
            can_comment=True,
            has_goals=True,
            requests_per_minute=settings.requests_per_minute,
        )

    def __repr__(self) -> str:
        return f"AsanaAdapter({self._settings.project!r})"

    def close(self) -> None:
        """Let go of the network."""
        self._http.close()

    # -- places and people

    def whoami(self) -> RemotePerson:
        """Whose token it is."""
        return mapping.person_of(self._record(protocol.me()))

    def workspaces(self) -> Sequence[Named]:
        """Workspaces and organizations."""
        return [_named(each) for each in self._list(protocol.workspaces())]

    def places(self, workspace: str) -> Iterator[Named]:
        """Projects that are not archived."""
        return (_named(each) for each in self._list(protocol.projects(workspace)))

    def people(self) -> Iterator[RemotePerson]:
        """Everybody of the workspace."""
        return (mapping.person_of(each) for each in self._list(protocol.users(self._workspace())))

    def statuses(self) -> Sequence[RemoteStatus]:
        """The sections, in order; read once."""
        if self._statuses is None:
            self._statuses = mapping.statuses_of(list(self._list(protocol.sections(self._settings.project))))
        return self._statuses

    def prepare(self, wanted_statuses: Sequence[str]) -> Mapping[str, str]:
        """Make the sections that are missing by name, and a text field for our reference where the plan has fields.

        The options tell the fields: `reference_field`, and, where the project has them, `key_result_field`,
        `priority_field` with `priority_low`, `priority_normal`, `priority_high`.
        """
        known = {status.name.casefold() for status in self.statuses()}
        for name in wanted_statuses:
            if name.casefold() not in known:
                known.add(name.casefold())
                self._ask(protocol.add_section(self._settings.project, name))
                self._statuses = None
        fields = [
            protocol.a_record(each.get("custom_field"))
            for each in self._list(protocol.fields_of_project(self._settings.project))
        ]
        return self._reference_option(fields) | _other_options(fields)

    def _reference_option(self, fields: Sequence[Record]) -> dict[str, str]:
        found = _text_field(fields, mapping.REFERENCE_FIELD)
        try:
            gid = found or self._added_field()
        except NotAllowed:  # 402: no custom fields in this plan; 403: not for this person; the notes hold it then
            gid = None
        self._settings = replace(self._settings, reference_field=gid)
        return {"reference_field": gid} if gid else {"reference_in": "notes"}

    def _added_field(self) -> str:
        workspace = self._workspace()
        gid = _text_field(self._list(protocol.fields_of_workspace(workspace)), mapping.REFERENCE_FIELD)
        if gid is None:
            gid = protocol.gid_of(self._record(protocol.add_text_field(workspace, mapping.REFERENCE_FIELD)))
        self._ask(protocol.use_field(self._settings.project, gid))
        return gid

    def _workspace(self) -> str:
        if self._workspace_gid is None:
            project = self._record(protocol.project(self._settings.project))
            self._workspace_gid = protocol.gid_of(project.get("workspace"))
        return self._workspace_gid

    # -- reading tasks

    def changes(self, cursor: str | None) -> Changes:
        """What the events since the cursor name; without one the whole project, a fresh cursor taken before.

        A list of what was modified would be shorter, but leaves out what was only moved to another section.
        """
        if cursor is None:
            self._cursor = self._fresh_token()
            return Changes(self._tasks(protocol.tasks(self._settings.project)))
        touched: dict[str, None] = {}
        deleted: set[str] = set()
        since: str | None = None
        for events in self._events(cursor):
            since = since or events.since
            touched.update(dict.fromkeys(events.touched))
            deleted = (deleted - set(events.touched)) | events.deleted
        gone = [gid for gid in touched if gid in deleted]
        alive = [gid for gid in touched if gid not in deleted]
        return Changes(self._present(alive, gone, since and _before(since, _PAUSE)), gone)

    def _present(self, ids: Sequence[str], gone: list[str], since: str | None) -> Iterator[RemoteTask]:
        # a task that went out of the project, or that was never in it, is for the engine to ask for: `gone` grows
        for gid, task in self._read(ids, since):
            if task is None or task.is_deleted:
                gone.append(gid)
            else:
                yield task

    def next_cursor(self) -> str | None:
        """The token that the last `changes` ended with."""
        return self._cursor

    def _fresh_token(self) -> str:
        answer = self._ask(protocol.events(self._settings.project, None))
        return protocol.sync_of(answer.body)

    def _events(self, cursor: str) -> Iterator[protocol.Events]:
        def read(token: str | None) -> Page[protocol.Events]:
            answer = self._ask(protocol.events(self._settings.project, token or cursor))
            if answer.status == protocol.TOKEN_TOO_OLD:
                raise CursorTooOld("Asana no longer knows what changed since the last sync; everything is read again.")
            found = protocol.events_of(answer.body)
            self._cursor = found.sync
            return Page([found], found.sync if found.has_more else None)

        return pages(read, "Asana")

    def read(self, ids: Sequence[str]) -> Mapping[str, RemoteTask | None]:
        """The tasks; one that is out of the project is_deleted, None is what Asana answers 404 for."""
        return dict(self._read(ids))

    def _read(self, ids: Sequence[str], since: str | None = None) -> Iterator[tuple[str, RemoteTask | None]]:
        """Task by task, the ones that a list of what was modified `since` has first: a hundred in one request."""
        missing = dict.fromkeys(ids)
        if len(missing) > (_ONE_BY_ONE if since is None else 1):
            for task in self._some_pages(len(missing), since):
                if task.id in missing:
                    del missing[task.id]
                    yield task.id, task
        for gid in missing:
            yield gid, self._one(gid)

    def _some_pages(self, most: int, since: str | None) -> Iterator[RemoteTask]:
        """Tasks of the project, in no more requests than reading `most` one by one would take."""
        for count, task in enumerate(self._tasks(protocol.tasks(self._settings.project, since)), 1):
            yield task
            if count >= most * int(protocol.LIMIT) // 2:
                return

    def _one(self, gid: str) -> RemoteTask | None:
        answer = self._ask(protocol.task(gid))
        return None if answer.status == protocol.NOT_FOUND else self._task(protocol.record_of(answer.body))

    def find(self, reference: str, *, since: str | None = None) -> RemoteTask | None:
        """Look through the project's list, which shows a new task at once; search would be up to a minute late.

        Of several, as copies of a task in Asana carry its reference too, it is the oldest.
        """
        begin = None if since is None else _before(since, _SKEW)
        listed = self._tasks(protocol.tasks(self._settings.project, begin))
        return min(
            (task for task in listed if task.reference == reference),
            key=lambda task: (task.created_at or "", task.id), default=None,
        )  # fmt: skip

    # -- writing tasks

    def create(self, task: TaskWrite, reference: str) -> RemoteTask:
        """Make a task with its reference in the same request, then put it into its section."""
        settings = self._settings
        data = mapping.content(task, settings) | mapping.days(task.fields, None)
        data["projects"] = [settings.project]
        status = task.fields.get("status")
        if status is not None:
            data["completed"] = self._completes(str(status))
        attempts = _with_reference(data, reference, settings.reference_field)
        record = self._allowed([protocol.add_task(each) for each in attempts], lost=AnswerLost)
        try:
            return self._task(record if status is None else self._placed(record, str(status)))
        except RemoteError as error:
            raise AnswerLost(f"The task was made in Asana, but not put into its section: {error}") from None

    def _allowed(self, calls: Sequence[Call], lost: Callable[[str], RemoteError] = RequestRefused) -> Record:
        """The first call that the plan and the rights allow; each leaves out more of what may be paid for or locked."""
        refused: NotAllowed | None = None
        for call in calls:
            try:
                answer = self._ask(call)
            except NotAllowed as error:
                refused = refused or error
                continue
            try:
                return protocol.record_of(answer.body)
            except RequestRefused as error:
                raise lost(str(error)) from None
        assert refused is not None
        raise refused

    def update(self, id: str, task: TaskWrite, there: RemoteTask | None = None) -> RemoteTask:
        """Change fields; the section only when the task stands in another one.

        A task that carries no reference afterwards is given the one that is told, in a request of its own: another
        one that it carries stays.
        """
        data = mapping.content(task, self._settings)
        found: Record | None = None
        if self._needs_to_look(task, there):
            found = self._record(replace(protocol.task(id), accept=frozenset()))
        if "notes" in data:
            data["notes"] = self._noted(task, self._task(found) if found is not None else there)
        data |= mapping.days(task.fields, found if found is not None else {})
        status = task.fields.get("status")
        if status is not None:
            data["completed"] = self._completes(str(status))
        record = self._changed(id, data, found)
        if task.reference is not None and self._task(record).reference is None:
            record = self._referred(record, task.reference)
        return self._task(record if status is None else self._placed(record, str(status)))

    def _noted(self, task: TaskWrite, there: RemoteTask | None) -> str:
        """New notes, with the reference that the old ones hold; one that has a field to go to moves there."""
        words = str(task.fields["description"] or "")
        has_field = self._settings.reference_field is not None
        marked = there.details.get("marked") if there is not None else None
        if isinstance(marked, str) and not (has_field and marked == task.reference):
            return mapping.with_marker(words, marked)
        is_bare = there is not None and there.reference is None
        return mapping.with_marker(words, task.reference) if is_bare and task.reference and not has_field else words

    def _changed(self, id: str, data: dict[str, object], found: Record | None) -> Record:
        if not data:
            return found if found is not None else self._record(replace(protocol.task(id), accept=frozenset()))
        lesser = [_without(data, "start_on"), _without(_without(data, "start_on"), "custom_fields")]
        attempts = [data, *(each for each in lesser if each and each != data)]
        return self._allowed([protocol.change_task(id, each) for each in attempts])

    def _referred(self, record: Record, reference: str) -> Record:
        """The task with the reference in its field, or else in its notes; as it is where neither is taken."""
        field, notes = self._settings.reference_field, str(record.get("notes") or "")
        attempts: list[dict[str, object]] = [{"notes": mapping.with_marker(notes, reference)}]
        if field is not None:
            attempts.insert(0, {"custom_fields": {field: reference}})
        for each in attempts:
            try:
                return self._record(protocol.change_task(protocol.gid_of(record), each))
            except (NotAllowed, RequestRefused):  # also where the project shows the field no more
                continue
        return record

    def _needs_to_look(self, task: TaskWrite, there: RemoteTask | None) -> bool:
        start_alone = "start_on" in task.fields and "due_on" not in task.fields
        in_notes = task.reference is None or self._settings.reference_field is None
        is_unknown = there is None or "marked" not in there.details
        return start_alone or ("description" in task.fields and in_notes and is_unknown)

    def _completes(self, status: str) -> bool:
        known = {each.id: each for each in self.statuses()}
        if status not in known:
            raise RequestRefused(f"Asana's project has no section {status[:40]!r} any more; map the statuses anew.")
        return known[status].is_done or known[status].is_cancelled

    def _placed(self, record: Record, status: str) -> Record:
        """Put it into its section, and the record as it stands then; `modified_at` does not move on with it."""
        project = self._settings.project
        if status == mapping.COMPLETED or mapping.section_of(record, project) == status:
            return record
        self._ask(protocol.put_in_section(status, protocol.gid_of(record)))
        name = next(each.name for each in self.statuses() if each.id == status)
        place = {"project": {"gid": project}, "section": {"gid": status, "name": name}}
        return {**record, "memberships": [place]}

    # -- comments

    def comments(self, id: str) -> Iterator[RemoteComment]:
        """What people wrote, oldest first; Asana's own stories are left out."""
        found = [mapping.comment_of(each) for each in self._list(protocol.stories(id)) if mapping.is_comment(each)]
        return iter(sorted(found, key=lambda comment: comment.written_at))

    def comment(self, id: str, text: str) -> RemoteComment:
        """Write on a task, in plain text."""
        return mapping.comment_of(self._allowed([protocol.add_comment(id, text)], lost=AnswerLost))

    # -- goals

    def put_goal(self, goal: KeyResultMirror, id: str | None) -> str:
        """Make the goal with its metric, or renew what is different; a goal that carries the reference is adopted."""
        metric = mapping.metric_of(goal)
        gid = id or self._goal_with(goal.reference)
        if gid is None:
            data = self._goal_data(goal) | {"workspace": self._workspace(), "due_on": goal.due_on.isoformat()}
            gid = protocol.gid_of(self._allowed([protocol.add_goal(data)], lost=AnswerLost))
            self._ask(protocol.set_metric(gid, metric))
        else:
            self._renew(gid, goal, metric)
        if goal.parent is not None:
            self.support(goal.parent, gid)
        return gid

    def _goal_data(self, goal: KeyResultMirror) -> dict[str, object]:
        return {"name": goal.title, "notes": mapping.with_marker("", goal.reference)}

    def _goal_with(self, reference: str) -> str | None:
        for each in self._list(protocol.goals(self._workspace())):
            if mapping.without_marker(str(each.get("notes") or ""))[1] == reference:
                return protocol.gid_of(each)
        return None

    def _renew(self, gid: str, goal: KeyResultMirror, metric: dict[str, object]) -> None:
        there = self._record(protocol.goal(gid))
        wanted = {"name": goal.title, "due_on": goal.due_on.isoformat()}
        different = {name: value for name, value in wanted.items() if there.get(name) != value}
        if different:
            self._ask(protocol.change_goal(gid, different))
        found = there.get("metric")
        kept = found if isinstance(found, Mapping) else {}
        if mapping.needs_another_metric(kept, metric):
            self._ask(protocol.set_metric(gid, metric))
        elif kept.get("current_number_value") != metric["current_number_value"]:
            self._ask(protocol.set_value(gid, mapping.number(goal.value, goal)))

    def support(self, goal: str, task: str) -> None:
        """Link a task, or a goal, to the goal it supports."""
        self._linked(protocol.add_supporter(goal, task), goal, task, wanted=True)

    def no_longer_support(self, goal: str, task: str) -> None:
        """Take the link away again."""
        self._linked(protocol.remove_supporter(goal, task), goal, task, wanted=False)

    def _linked(self, call: Call, goal: str, task: str, *, wanted: bool) -> None:
        """Ask for it; what is refused may be so already, and is looked for then."""
        try:
            self._ask(call)
        except RequestRefused:
            linked = self._list(protocol.supporters(goal))
            if any(protocol.gid_of(each.get("supporting_resource")) == task for each in linked) is not wanted:
                raise

    # -- requests

    def _ask(self, call: Call) -> Answer:
        if call.method == "GET":
            return self._http.get(call.path, query=call.query, accept=call.accept)
        return self._http.send(
            call.method, call.path, query=call.query, body={"data": call.data}, repeatable=call.repeatable,
            accept=call.accept,
        )  # fmt: skip

    def _record(self, call: Call) -> Record:
        return protocol.record_of(self._ask(call).body)

    def _list(self, call: Call) -> Iterator[Record]:
        return pages(lambda offset: protocol.page_of(self._ask(call.at(offset)).body), "Asana")

    def _tasks(self, call: Call) -> Iterator[RemoteTask]:
        return (self._task(each) for each in self._list(call))

    def _task(self, record: Record) -> RemoteTask:
        return mapping.task_of(record, self._settings, self._done)

    def _done(self) -> str:
        return next(status.id for status in self.statuses() if status.is_done)


def _before(moment: str, by: timedelta) -> str:
    try:
        return (datetime.fromisoformat(moment) - by).isoformat()
    except ValueError:
        raise protocol.not_understood(f"the moment {moment[:40]!r}") from None


def _named(record: Record) -> Named:
    return Named(protocol.gid_of(record), line_of(record.get("name")))


def _with_reference(data: dict[str, object], reference: str, field: str | None) -> list[dict[str, object]]:
    """What to try: with the reference in its field; without a start, which is paid for; with it in the notes."""
    notes = str(data.get("notes") or "")
    in_notes = {**_without(data, "custom_fields"), "notes": mapping.with_marker(notes, reference)}
    attempts = [in_notes, _without(in_notes, "start_on")]
    if field is not None:
        custom = data.get("custom_fields")
        in_field = {**data, "custom_fields": {**(custom if isinstance(custom, Mapping) else {}), field: reference}}
        attempts = [in_field, _without(in_field, "start_on"), *attempts]
    return [each for position, each in enumerate(attempts) if each not in attempts[:position]]


def _without(data: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in data.items() if key != name}


def _text_field(fields: Sequence[Record] | Iterator[Record], name: str) -> str | None:
    for each in fields:
        is_text = each.get("resource_subtype") == "text"
        if is_text and line_of(each.get("name")).casefold() == name.casefold():
            return protocol.gid_of(each)
    return None


def _other_options(fields: Sequence[Record]) -> dict[str, str]:
    options: dict[str, str] = {}
    key_result = _text_field(fields, mapping.KEY_RESULT_FIELD)
    if key_result is not None:
        options["key_result_field"] = key_result
    for each in fields:
        choices = mapping.priorities_of(each)
        if choices is not None and line_of(each.get("name")).casefold() == mapping.PRIORITY_FIELD.casefold():
            options["priority_field"] = protocol.gid_of(each)
            options |= {f"priority_{name}": gid for name, gid in choices.items()}
    return options


@dataclass(frozen=True, slots=True)
class AsanaKind:
    """How adapters of Asana are made."""

    name: str = "asana"
    title: str = "Asana"
    token_help: str = "Asana: your photo > Settings > Apps > View developer console > Create new token."

    def open(self, token: str, connection: Connection, *, waiting: Waiting | None = None) -> AsanaAdapter:
        """An adapter at work; `waiting` is how time passes."""
        settings = settings_of(connection)
        http = Http("Asana", settings.base_url, token, requests_per_minute=settings.pace, waiting=waiting)
        return AsanaAdapter(http, settings)


KIND = AsanaKind()
