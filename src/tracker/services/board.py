"""What the board, triage, lists and search read: pages, counts, one task, and what a person's words mean."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from tracker.domain.errors import NotFound
from tracker.domain.filters import FilterWords, TaskFilter
from tracker.domain.tasks import COLUMNS, OPEN, Status
from tracker.services.workspace import Workspace
from tracker.storage import queries, strategy_rows
from tracker.storage import search as full_text
from tracker.storage.rows import (
    Board,
    Card,
    CommentRow,
    Count,
    Held,
    IdeaRow,
    LinkRow,
    LoadRow,
    Page,
    PersonRow,
    TaskDetail,
    WipLimitRow,
)

FOUND_BOUND = 200
"""How many matches of a text search a list holds; the best and newest ones."""
LOAD_DAYS = 14
"""How far ahead triage looks at a person's load."""


Found = Sequence[full_text.Match] | None


def _found(connection: sqlite3.Connection, ws: Workspace, wanted: TaskFilter) -> Found:
    """What the filter's text finds, best first, None without a text; open work has the larger share."""
    if not wanted.text.strip():
        return None
    condition = _in_statuses(queries.where(None, wanted, ws.clock.today), wanted)
    limits = {is_open: FOUND_BOUND if is_open else FOUND_BOUND // 4 for is_open in _open_first(wanted)}
    return full_text.matches(connection, wanted.text, condition, limits)


def _found_cards(connection: sqlite3.Connection, ws: Workspace, wanted: TaskFilter) -> tuple[Card, ...] | None:
    found = _found(connection, ws, wanted)
    return None if found is None else queries.cards_by_number(connection, [match.number for match in found])


def _open_first(wanted: TaskFilter) -> Iterator[bool]:
    """Open work (True), then finished work (False); what the filter leaves nothing of is not read in vain."""
    if not wanted.status or not OPEN.isdisjoint(wanted.status):
        yield True
    if not (wanted.status and wanted.status <= OPEN) and not (wanted.late or wanted.blocked):
        yield False


def _numbers(
    connection: sqlite3.Connection, ws: Workspace, text: str, wanted: TaskFilter, limit: int
) -> list[int]:
    """Numbers of the tasks that a text finds, open work first, then best first."""
    condition = _in_statuses(queries.where(None, wanted, ws.clock.today), wanted)
    numbers: list[int] = []
    for is_open in _open_first(wanted):
        if len(numbers) < limit:
            left = limit - len(numbers)
            found = full_text.matches(connection, text, condition, {is_open: left})
            numbers += [match.number for match in found]
    return numbers


def _in_statuses(condition: queries.Where, wanted: TaskFilter) -> queries.Where:
    if not wanted.status:
        return condition
    return condition.and_(f"t.status IN ({', '.join('?' * len(wanted.status))})", *sorted(wanted.status))


_NEVER = date.max


def in_drawing_order(status: str, wanted: TaskFilter, cards: Iterable[Card]) -> tuple[Card, ...]:
    """Those of one status in the order its column is drawn in, as `queries.order` says it in SQL."""
    return tuple(_in_order(status, wanted, cards, _NEVER))


_InColumn = TypeVar("_InColumn", Card, full_text.Match)


def _in_order(status: str, wanted: TaskFilter, rows: Iterable[_InColumn], never: Any) -> list[_InColumn]:
    """`never` is the day of rows without one, as text where their days are text."""
    here = [row for row in rows if row.status == status]
    if status == "done":
        here.sort(key=lambda row: (row.done_on or never, row.number), reverse=True)
    elif status == "cancelled":
        here.sort(key=lambda row: row.number, reverse=True)
    elif queries.is_by_due(wanted):
        here.sort(key=lambda row: (row.due_on or never, row.number))
    else:
        here.sort(key=lambda row: (row.waits, row.rank, row.due_on or never, row.number))
    return here


@dataclass(frozen=True, slots=True)
class View:
    """What one filter shows: the counts and a page of every column."""

    board: Board
    pages: Mapping[str, Page]


def view(ws: Workspace, wanted: TaskFilter, runs: int | Mapping[str, tuple[int, int]]) -> View:
    """Counts and pages of a filter, read once and of one state.

    `runs` are start and length of each column's page by status, or the length of the first page of all of them.
    """
    with ws.store.snapshot() as connection:
        found = _found(connection, ws, wanted)
        counts = _board(connection, ws, wanted, found)
        if isinstance(runs, int):
            return View(counts, _first_pages(connection, ws, wanted, found, runs))
        pages = {
            status: Page(start, _column(connection, ws, status, wanted, found, start, limit))
            for status, (start, limit) in runs.items()
        }
        return View(counts, pages)


def board(ws: Workspace, wanted: TaskFilter) -> Board:
    """Counts by status for a filter, open tasks by stage, and the limits of the columns."""
    with ws.store.snapshot() as connection:
        return _board(connection, ws, wanted, _found(connection, ws, wanted))




def _board(connection: sqlite3.Connection, ws: Workspace, wanted: TaskFilter, found: Found) -> Board:
    limits = tuple(wip_limits(connection))
    return Board(
        counts=_counts(connection, ws, wanted, found),
        stages=queries.open_by_stage(connection),
        limits={limit.subject: limit for limit in limits if limit.scope == "status"},
        held=Held(*queries.held(connection), limits),
    )


def _counts(connection: sqlite3.Connection, ws: Workspace, wanted: TaskFilter, found: Found) -> dict[str, Count]:
    if found is not None:
        return _counted(found)
    if queries.is_tallied(wanted):
        tallied = queries.tally(connection, wanted)
        counts = {status: tallied.get(status, Count(0)) for status in _STATUSES}
    else:
        counts = {
            status: queries.count_bounded(connection, queries.where(status, wanted, ws.clock.today))
            for status in _STATUSES
        }
    return {
        status: count if not wanted.status or status in wanted.status else Count(0)
        for status, count in counts.items()
    }


_STATUSES = tuple(str(status) for status in Status)


def _counted(found: Sequence[full_text.Match | Card]) -> dict[str, Count]:
    held = Counter(card.status for card in found)
    open_cut = sum(held[status] for status in OPEN) >= FOUND_BOUND
    closed_cut = held["done"] + held["cancelled"] >= FOUND_BOUND // 4
    return {status: Count(held[status], open_cut if status in OPEN else closed_cut) for status in _STATUSES}


def wip_limits(connection: sqlite3.Connection) -> list[WipLimitRow]:
    """Every limit of started work."""
    found: list[dict[str, Any]] = list(strategy_rows.rows_of(connection, "wip_limit", order="scope, subject"))
    return [WipLimitRow(row["scope"], row["subject"], row["max"], row["mode"]) for row in found]


def column_page(ws: Workspace, status: str, wanted: TaskFilter, start: int, limit: int) -> Page:
    """Cards of one column in drawing order from position `start`."""
    with ws.store.snapshot() as connection:
        found = _found(connection, ws, wanted)
        return Page(start, _column(connection, ws, status, wanted, found, start, limit))


def column_pages(ws: Workspace, wanted: TaskFilter, limit: int) -> dict[str, Page]:
    """The first page of every column."""
    with ws.store.snapshot() as connection:
        return _first_pages(connection, ws, wanted, _found(connection, ws, wanted), limit)


def _first_pages(
    connection: sqlite3.Connection, ws: Workspace, wanted: TaskFilter, found: Found, limit: int
) -> dict[str, Page]:
    return {
        str(status): Page(0, _column(connection, ws, status, wanted, found, 0, limit)) for status in COLUMNS
    }


def _column(
    connection: sqlite3.Connection, ws: Workspace, status: str, wanted: TaskFilter, found: Found, start: int, limit: int
) -> tuple[Card, ...]:
    if wanted.status and status not in wanted.status:
        return ()
    if found is not None:
        run = _in_order(status, wanted, found, _NEVER.isoformat())[start : start + limit]
        return queries.cards_by_number(connection, [match.number for match in run])
    condition = queries.where(status, wanted, ws.clock.today)
    return queries.page(connection, condition, queries.order(status, wanted), start, limit)


def triage_page(ws: Workspace, wanted: TaskFilter, start: int, limit: int) -> Page:
    """Open tasks from position `start`: what is late, what needs something, then the rest, each by due day."""
    today = ws.clock.today
    with ws.store.snapshot() as connection:
        found = _found_cards(connection, ws, wanted)
        condition = _in_statuses(queries.where(None, wanted, today), wanted)
        if found is None:
            return Page(start, queries.triage_page(connection, condition, today, start, limit))
        off = queries.off_strategy(connection, condition, today).channels
    rows = sorted((card for card in found if card.status in OPEN), key=lambda card: _triage_key(card, today, off))
    return Page(start, tuple(rows[start : start + limit]))


def _triage_key(card: Card, today: date, off_strategy: Collection[str]) -> tuple[int, date, int]:
    due = card.due_on or _NEVER
    return (0 if due < today else 1 if _needs_something(card, off_strategy) else 2, due, card.number)


def _needs_something(card: Card, off_strategy: Collection[str]) -> bool:
    """What `task.needs` and its channel say in the database: on any day, somebody has to do something about it."""
    return (
        card.owner is None or card.due_on is None or card.blocked_reason is not None or card.status == "review"
        or card.channel in off_strategy
    )


def triage_counts(ws: Workspace, wanted: TaskFilter) -> tuple[Count, Count]:
    """How many open tasks there are, and how many of them need something."""
    today = ws.clock.today
    with ws.store.snapshot() as connection:
        found = _found_cards(connection, ws, wanted)
        condition = _in_statuses(queries.where(None, wanted, today), wanted)
        if found is not None:
            off = queries.off_strategy(connection, condition, today).channels
            keys = [_triage_key(card, today, off)[0] for card in found if card.status in OPEN]
            cut = len(keys) >= FOUND_BOUND
            return Count(len(keys), cut), Count(sum(key < 2 for key in keys), cut)
        if queries.is_tallied(wanted):
            tallied = queries.tally(connection, wanted)
            statuses = OPEN & wanted.status if wanted.status else OPEN
            open_tasks = Count(sum(count.n for status, count in tallied.items() if status in statuses))
        else:
            open_tasks = queries.count_bounded(connection, condition.and_("t.is_open = 1"))
        return open_tasks, queries.triage_counts(connection, condition, today)


def needs(card: Card, today: date, strategy_channels: Collection[str]) -> tuple[str, ...]:
    """What somebody has to do about a task, most pressing first; empty when nothing."""
    if card.status not in OPEN:
        return ()
    late = (today - card.due_on).days if card.due_on else 0
    wanted = (
        (f"late {late}d", late > 0),
        ("unblock", card.blocked_reason is not None),
        ("review", card.status == "review"),
        ("owner", card.owner is None),
        ("date", card.due_on is None),
        ("off-strategy", card.channel is not None and card.channel not in strategy_channels),
    )
    return tuple(word for word, is_needed in wanted if is_needed)


def cards(ws: Workspace, ids: Collection[str]) -> tuple[Card, ...]:
    """The cards with these ids, in that order; unknown ids are left out."""
    with ws.store.reading() as connection:
        return queries.cards_by_id(connection, list(ids))


def list_page(ws: Workspace, wanted: TaskFilter, start: int, limit: int) -> Page:
    """Cards `start`.. of a list: open ones column by column, started work first, or those of the statuses asked for.

    With a text: what it finds, finished work too, best first.
    """
    if wanted.text.strip():
        found = search(ws, wanted.text, start + limit, wanted)
        return Page(start, found[start:])
    with ws.store.snapshot() as connection:
        collected: list[Card] = []
        skipped = start
        for status in _listed(wanted):
            if len(collected) >= limit:
                break
            condition = queries.where(status, wanted, ws.clock.today)
            ordering = queries.order(status, wanted)
            found_here = queries.page(connection, condition, ordering, skipped, limit - len(collected))
            # nothing beyond `skipped` in this column: that many less are left to step over in the next one
            skipped = skipped - _exact(connection, condition) if skipped and not found_here else 0
            collected.extend(found_here)
        return Page(start, tuple(collected))


_ALL = 2**53
"""More than any database holds."""


def _exact(connection: sqlite3.Connection, condition: queries.Where) -> int:
    return queries.count_bounded(connection, condition, _ALL).n


def _listed(wanted: TaskFilter) -> list[str]:
    # started work first: it is what a person asks for most
    order = ["doing", "review", "assigned", "backlog", "done", "cancelled"]
    default = {str(status) for status in OPEN}
    return [status for status in order if status in (wanted.status or default)]


def iterate(ws: Workspace, wanted: TaskFilter) -> Iterator[Card]:
    """Every card that matches, in the order of `list_page`, in constant memory (with a text: a number for each)."""
    with ws.store.snapshot() as connection:
        if wanted.text.strip():
            numbers = _numbers(connection, ws, wanted.text, wanted, _ALL)
            yield from queries.stream_by_number(connection, numbers)
            return
        for status in _listed(wanted):
            condition = queries.where(status, wanted, ws.clock.today)
            yield from queries.stream(connection, condition, queries.order(status, wanted))


def search(ws: Workspace, text: str, limit: int = 50, wanted: TaskFilter | None = None) -> tuple[Card, ...]:
    """Tasks whose title, contribution, notes or comments have words that begin so; open work first, then best first."""
    with ws.store.snapshot() as connection:
        return queries.cards_by_number(connection, _numbers(connection, ws, text, wanted or TaskFilter(), limit))


def task_detail(ws: Workspace, task: str) -> TaskDetail:
    """Everything about one task.

    Raises:
        NotFound: there is no such task.
    """
    with ws.store.snapshot() as connection:
        found = queries.cards_by_id(connection, [task])
        if not found:
            raise NotFound(f"There is no task {task}. `tracker list` shows what there is.")
        fields = strategy_rows.rows_of(connection, "task", "id = ?", (task,))[0]
        linked: list[dict[str, Any]] = strategy_rows.rows_of(
            connection, "external_link", "task = ?", (task,), "connector"
        )
        links = tuple(LinkRow(row["connector"], row["state"], row["external_id"], row["url"]) for row in linked)
        serves = strategy_rows.rows_of(connection, "task_also_serves", "task = ?", (task,), "position, key_result")
        comments: list[dict[str, Any]] = list(
            strategy_rows.rows_of(connection, "comment", "task = ?", (task,), "number")
        )
        return TaskDetail(
            card=found[0],
            fields=fields,
            also_serves=tuple(str(row["key_result"]) for row in serves),
            waits_for=queries.neighbours(connection, task, "task", "waits_for"),
            waited_for_by=queries.neighbours(connection, task, "waits_for", "task"),
            comments=tuple(CommentRow(row["on"], row["by"], row["body"]) for row in comments),
            link=next((each.url for each in links if each.url), None),
            external_id=next((each.external_id for each in links if each.external_id), None),
            links=links,
        )


def people(ws: Workspace, *, active_only: bool = True) -> tuple[PersonRow, ...]:
    """The people work can be given to."""
    with ws.store.reading() as connection:
        return _people(connection, active_only)


def _people(connection: sqlite3.Connection, active_only: bool) -> tuple[PersonRow, ...]:
    found: list[dict[str, Any]] = list(
        strategy_rows.rows_of(connection, "person", "active = 1" if active_only else "1", (), "rowid")
    )
    return tuple(
        PersonRow(row["id"], row["name"], row["role"], row["kind"], row["title"], row["capacity_h_week"],
                  bool(row["active"]))
        for row in found
    )


def load(ws: Workspace) -> tuple[LoadRow, ...]:
    """Each person's load of late work and the next two weeks, and started work against the limit."""
    with ws.store.snapshot() as connection:
        limits = {limit.subject: limit.max for limit in wip_limits(connection) if limit.scope == "person_doing"}
        doing = queries.doing_by_person(connection)
        until = ws.clock.today + timedelta(days=LOAD_DAYS)
        return tuple(
            LoadRow(
                person=person,
                hours=queries.hours_by_person(connection, person.id, until),
                capacity_h=None if person.capacity_h_week is None else person.capacity_h_week * LOAD_DAYS / 7,
                doing=doing.get(person.id, 0),
                limit=limits.get(person.id, limits.get("*")),
            )
            for person in _people(connection, active_only=True)
        )


def unowned(ws: Workspace) -> tuple[float, int]:
    """Hours (middle of the estimates) and number of open tasks that nobody owns."""
    with ws.store.snapshot() as connection:
        tallied = queries.tally(connection, TaskFilter(unowned=True))
        return queries.unowned_hours(connection), sum(n.n for status, n in tallied.items() if status in OPEN)


def ideas(ws: Workspace, *, limit: int = 500) -> tuple[IdeaRow, ...]:
    """Ideas and arrivals that wait to be cited or dropped, newest first."""
    newest = f'"on" DESC, length(id) DESC, id DESC LIMIT {int(limit)}'
    with ws.store.snapshot() as connection:
        own: list[dict[str, Any]] = list(strategy_rows.rows_of(connection, "idea", "outcome IS NULL", (), newest))
        arrived: list[dict[str, Any]] = list(
            strategy_rows.rows_of(connection, "import_item", "outcome IS NULL", (), newest)
        )
    listed = [IdeaRow(row["id"], "idea", row["title"], row["source"], row["by"], date.fromisoformat(row["on"]), None)
              for row in own]
    listed += [
        IdeaRow(row["id"], "arrival", row["title"], row["connector"], None, date.fromisoformat(row["on"]), None)
        for row in arrived
    ]
    listed.sort(key=lambda row: row.on, reverse=True)
    return tuple(listed[:limit])


def arrival_fields(ws: Workspace, arrival: str) -> dict[str, object]:
    """What an arrival brought along, as the file or the remote system had it.

    Raises:
        NotFound: there is no such arrival.
    """
    with ws.store.reading() as connection:
        found = strategy_rows.rows_of(connection, "import_item", "id = ?", (arrival,))
    if not found:
        raise NotFound(f"There is no arrival {arrival}. `tracker idea list` shows what waits.")
    raw = json.loads(str(found[0]["raw"]))
    return raw if isinstance(raw, dict) else {}


def resolve_filter(ws: Workspace, words: FilterWords) -> TaskFilter:
    """The filter that typed words mean, with ids for the key result and the owner.

    Raises:
        NotFound: the key result or the person is not known.
    """
    from tracker.services.lookup import resolve_key_result, resolve_person

    owner = ws.actor if words.mine else words.owner and resolve_person(ws, words.owner)
    key_result = words.key_result and resolve_key_result(ws, words.key_result, open_only=False)
    return words.resolved(key_result=key_result or None, owner=owner or None)
