"""Due and publish days out as an iCalendar file (RFC 5545), streamed: each one an event of a whole day.

Calendar programs show events; most of them hide to-dos. A task's event keeps its name (UID) for ever, so that the
file read again changes what is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO
from uuid import NAMESPACE_URL, uuid5

from tracker.domain.dates import LATEST
from tracker.domain.errors import WrongUsage
from tracker.domain.filters import TaskFilter
from tracker.domain.recurrence import Rule, anchored, in_words, parse_rule
from tracker.domain.tasks import OPEN
from tracker.services.recurrence import coming
from tracker.services.transfer.ledger import Progress, Steps
from tracker.services.workspace import Workspace
from tracker.storage.calendar_rows import DATED, DUE, PUBLISH, begun_at, dated_tasks, first_of_series, titles
from tracker.storage.dump import count_tasks

PRODUCT = "-//strategy-tracker//tracker//EN"
_DAYS = {DUE: ("due_on", "Due"), PUBLISH: ("publish_on", "Publish")}
_STATUS = {"backlog": "TENTATIVE"}
"""Work that nobody took on is tentative; the rest is confirmed."""

Task = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Setting:
    """What events are written against."""

    workspace: str
    """Tells the events of this workspace from those of others."""
    now: datetime
    today: date
    key_results: Mapping[str, str]


def export_ics(
    ws: Workspace, out: BinaryIO, progress: Progress | None = None, *, wanted: TaskFilter | None = None
) -> int:
    """Write an event for each due and publish day that is not cancelled, or of the tasks that a filter wants.

    Returns how many events there were. Memory does not grow with the number of tasks.

    Raises:
        OutOfReach: the database cannot be read.
        OSError: `out` cannot be written to.
    """
    from icalendar import Calendar  # imported here: 70 ms that only this needs

    whole = Calendar()
    for name, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"),
                        ("x-wr-calname", "tracker")):
        whole.add(name, value)
    begin, _, end = whole.to_ical().rpartition(b"END:VCALENDAR")
    written = 0
    with ws.store.snapshot() as connection:
        setting = _Setting(
            str(uuid5(NAMESPACE_URL, f"tracker:{begun_at(connection)}")), ws.clock.now().replace(microsecond=0),
            ws.clock.today, titles(connection),
        )  # fmt: skip
        steps = Steps(progress, None if wanted else count_tasks(connection))
        out.write(begin)
        numbers = None if wanted is None else _numbers(ws, wanted)
        for row in dated_tasks(connection, numbers):
            task = dict(zip(DATED, row, strict=True))
            for event in _events(task, setting, first_of_series(connection, task["series"])):
                out.write(event)
                written += 1
            steps.step(1)
        out.write(b"END:VCALENDAR" + end)
        steps.finish()
    return written


def _numbers(ws: Workspace, wanted: TaskFilter) -> list[int]:
    from tracker.services.board import iterate

    return [card.number for card in iterate(ws, wanted)]


def _events(task: Task, setting: _Setting, begun: str | None) -> Iterator[bytes]:
    for what, (field, word) in _DAYS.items():
        if task[field] is None:
            continue
        day = date.fromisoformat(task[field])
        again = _again(task, setting, begun) if what == DUE and task["status"] in OPEN else None
        # a due day that was moved off its rule stands alone, and the rule begins with the next one
        rule = again[1] if again is not None and again[0] == day else None
        yield _event(task, what, word, day, setting, rule)
        if again is not None and rule is None:
            yield _event(task, f"{what}-again", word, again[0], setting, again[1])


def _again(task: Task, setting: _Setting, begun: str | None) -> tuple[date, Rule] | None:
    """The day from which the open task's rule goes on (its own day when the rule names that), and the rule from there.

    None when it does not recur or comes round no more.
    """
    if task["recurs"] is None:
        return None
    try:
        rule = parse_rule(task["recurs"], setting.today)
    except WrongUsage:
        return None  # imported before rules were checked
    first, due = date.fromisoformat(begun or task["due_on"]), date.fromisoformat(task["due_on"])
    days = [day for _, day in zip(range(2), coming(rule, first, due - timedelta(days=1), LATEST), strict=False)]
    if due == first and due not in days:
        days.insert(0, due)
    if not days or days == [due]:
        return None
    left = rule.count
    if left is not None:
        left = sum(1 for _ in coming(rule, first, days[0], LATEST)) + 1
    return days[0], replace(anchored(rule, first), count=left)


def _event(task: Task, what: str, word: str, day: date, setting: _Setting, rule: Rule | None) -> bytes:
    from icalendar import Event, vRecur

    event = Event()
    event.add("uid", f"{task['id'].lower()}-{what}@{setting.workspace}")
    event.add("dtstamp", setting.now)
    event.add("dtstart", day)
    if day < LATEST:
        event.add("dtend", day + timedelta(days=1))  # the day after, as the end is not part of it
    event.add("summary", f"{word}: {task['title']}{' (done)' if task['status'] == 'done' else ''}")
    event.add("description", _description(task, setting))
    event.add("categories", [word, *(str(task[name]) for name in ("stage", "channel") if task[name])])
    event.add("status", _STATUS.get(task["status"], "CONFIRMED"))
    event.add("transp", "TRANSPARENT")  # a due day keeps nobody from other appointments
    if rule is not None:
        event.add("rrule", vRecur.from_ical(rule.text))
    text: bytes = event.to_ical()
    return text


def _description(task: Task, setting: _Setting) -> str:
    key_result = setting.key_results.get(task["key_result"], "")
    lines = [
        f"{task['id']}, {task['status']}, {task['owner'] or 'no owner'}",
        f"Moves {task['key_result']} {key_result}".rstrip(),
        task["contribution"],
        f"Repeats {in_words(task['recurs'], setting.today)}" if task["recurs"] else "",
    ]
    return "\n".join(line for line in lines if line)
