"""The demo on 19 October 2026 reads as published, and every filter shows what a plain look at all rows would."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tracker.domain.errors import NotFound
from tracker.domain.filters import FilterWords, TaskFilter
from tracker.domain.tasks import OPEN, Status
from tracker.services import board, strategy, tasks
from tracker.services.header import header
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import queries
from tracker.storage.rows import Card, Count, Header

Open = Callable[..., Workspace]
TODAY = NOW.date()
EVERY_STATUS = frozenset(str(status) for status in Status)


# the demo as published

COLUMNS = {
    "backlog": "T-033 T-034 T-059 T-020 T-045 T-047",
    "assigned": "T-032 T-028 T-050 T-021 T-031 T-049 T-058 T-055 T-060",
    "doing": "T-043 T-042 T-027 T-044 T-030 T-054 T-018 T-051 T-062",
    "review": "T-026 T-046 T-052 T-019",
    "done": "T-041 T-029 T-048 T-025 T-017 T-057 T-039 T-036 T-040 T-038 T-056 T-024 T-016 T-061 T-053 T-023 T-037",
}
COUNTS = {"backlog": 6, "assigned": 9, "doing": 9, "review": 4, "done": 33, "cancelled": 1}
NEEDS = [
    ("T-043", "late 7d, unblock"), ("T-026", "late 5d, review"), ("T-042", "late 3d"), ("T-046", "late 3d, review"),
    ("T-052", "review"), ("T-019", "review"), ("T-033", "owner"), ("T-034", "owner"), ("T-059", "owner"),
    ("T-020", "owner, date"), ("T-045", "owner, date, off-strategy"), ("T-047", "owner, date, off-strategy"),
]


def shown(ws: Workspace) -> Header:
    found = header(ws)
    assert found is not None
    return found


def rounded(value: Decimal | None, places: str = "0.01") -> str:
    return "none" if value is None else str(value.quantize(Decimal(places), ROUND_HALF_UP))


@pytest.mark.parametrize("status", COLUMNS)
def test_a_column_of_the_demo_holds_the_published_cards_in_order(northlight: Workspace, status: str) -> None:
    expected = COLUMNS[status].split()
    page = board.column_page(northlight, status, TaskFilter(), 0, len(expected))
    assert [card.id for card in page.cards] == expected


def test_counts_limits_and_stages_of_the_demo_are_those_published(northlight: Workspace) -> None:
    found = board.board(northlight, TaskFilter())
    assert found.counts == {status: Count(n) for status, n in COUNTS.items()}
    assert {status: (limit.max, limit.mode) for status, limit in found.limits.items()} == {
        "doing": (6, "soft"), "review": (3, "soft"),
    }
    assert {stage: n for stage, n in found.stages.items() if stage != "enabling"} == {
        "awareness": 10, "consideration": 7, "decision": 7, "conversion": 3,
    }


def test_the_header_of_the_demo_is_the_published_one(northlight: Workspace) -> None:
    found = shown(northlight)
    assert (rounded(found.score), found.net_confidence) == ("0.52", 25)
    assert (found.spent_minor, found.planned_minor) == (291_500, 465_000)
    assert found.cycle is not None
    assert (found.cycle.name, found.cycle.day, found.cycle.days) == ("October 2026", 19, 31)
    assert found.forecast is not None
    assert (found.forecast.open_tasks, found.forecast.at_85, found.forecast.at_50) == (28, 6, 9)
    assert (found.forecast.history_days, found.forecast.history_done) == (30, 24)
    assert found.forecast.by == date(2026, 10, 31)
    assert found.sle_days == 7
    assert found.strategy.channels == ("website", "email", "linkedin", "facebook", "webinar", "google_business")
    assert (found.strategy.id, found.strategy.owner) == ("S-01", "mara")


def test_every_key_result_of_the_demo_stands_where_published(northlight: Workspace) -> None:
    marks = {"on track": "+", "at risk": "!", "off track": "x", "stale": "?"}
    assert [
        (kr.position, marks[kr.health], str(kr.value), str(kr.target), kr.confidence, rounded(kr.score))
        for kr in shown(northlight).key_results
    ] == [
        (1, "!", "4", "10", 4, "0.40"), (2, "+", "27", "40", 8, "0.68"), (3, "!", "79.0", "60", 6, "0.46"),
        (4, "x", "70", "300", 3, "0.23"), (5, "+", "2230", "2600", 8, "0.51"), (6, "!", "1", "4", 5, "0.25"),
        (7, "+", "0.47", "0.5", 8, "0.67"), (8, "?", "4.7", "4.6", 9, "1.00"),
    ]


def test_every_objective_of_the_demo_stands_where_published(northlight: Workspace) -> None:
    assert [(o.id, rounded(o.score, "0.0001"), o.health, len(o.key_results)) for o in shown(northlight).objectives] == [
        ("O-01", "0.4664", "at risk", 3), ("O-02", "0.3322", "off track", 3), ("O-03", "0.8333", "on track", 2),
    ]


def test_triage_of_the_demo_is_the_published_one(northlight: Workspace) -> None:
    page = board.triage_page(northlight, TaskFilter(), 0, 50)
    channels = shown(northlight).strategy.channels
    needed = [(card.id, ", ".join(board.needs(card, TODAY, channels))) for card in page.cards]
    assert needed[:12] == NEEDS
    assert [words for _, words in needed[12:]] == [""] * 16
    rest = list(page.cards[12:])
    assert rest == sorted(rest, key=lambda card: (card.due_on, card.number))
    assert board.triage_counts(northlight, TaskFilter()) == (Count(28), Count(12))


def test_the_load_of_the_demo_is_the_published_one(northlight: Workspace) -> None:
    assert [
        (row.person.id, row.hours, row.capacity_h, row.doing, row.limit) for row in board.load(northlight)
    ] == [
        ("mara", 4.5, 40, 1, 2), ("jonas", 2.5, 72, 0, 2), ("priya", 27, 64, 3, 2), ("tomas", 16, 72, 2, 2),
        ("lena", 26, 64, 3, 2), ("oskar", 7, 16, 0, 2),
    ]
    assert board.unowned(northlight) == (28, 6)


def test_the_detail_of_a_task_of_the_demo_has_all_of_it(northlight: Workspace) -> None:
    detail = board.task_detail(northlight, "T-043")
    assert (detail.card.blocked_reason, detail.card.owner, detail.card.messages) == (
        "Ad account review pending since 12 October", "tomas", 3
    )
    assert len(detail.comments) == 3
    assert detail.fields["due_on"] == "2026-10-12"
    assert detail.card.sync_state == "changed_there"
    with pytest.raises(NotFound, match="T-404"):
        board.task_detail(northlight, "T-404")


# filters


class Rows:
    """Every task as plain rows, and the filter that anybody would write over them."""

    def __init__(self, ws: Workspace) -> None:
        with ws.store.reading() as connection:
            cursor = connection.execute("SELECT * FROM task ORDER BY number")
            names = [column[0] for column in cursor.description]
            self.rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in cursor]
            comments = connection.execute("SELECT task, body FROM comment").fetchall()
            used = connection.execute("SELECT channel FROM strategy_channel WHERE strategy = 'S-01'").fetchall()
        self.channels = {None, *(channel for channel, in used)}
        self.said = {row["id"]: [words_of(body) for task, body in comments if task == row["id"]] for row in self.rows}

    def matching(self, wanted: TaskFilter) -> list[dict[str, Any]]:
        return [row for row in self.rows if self.matches(row, wanted)]

    def matches(self, row: Mapping[str, Any], wanted: TaskFilter) -> bool:
        is_open = row["status"] in OPEN
        due = row["due_on"] or "9999-12-31"
        return all((
            all(getattr(wanted, name) in (None, row[name])
                for name in ("key_result", "owner", "stage", "channel", "medium")),
            not wanted.unowned or row["owner"] is None,
            not wanted.late or (is_open and due < TODAY.isoformat()),
            not wanted.blocked or row["blocked_reason"] is not None,
            wanted.due_by is None or due <= wanted.due_by.isoformat(),
            not wanted.status or row["status"] in wanted.status,
            not wanted.text or self.finds(row, words_of(wanted.text)),
        ))

    def finds(self, row: Mapping[str, Any], asked: Sequence[str]) -> bool:
        own = words_of(" ".join((row["title"], row["contribution"], row["notes"])))
        return any(
            all(any(word.startswith(beginning) for word in words) for beginning in asked)
            for words in (own, *self.said[row["id"]])
        )

    def column(self, status: str, wanted: TaskFilter) -> list[str]:
        """Ids in drawing order."""
        by_due = wanted.late or wanted.blocked or wanted.due_by is not None
        orders: dict[str, Callable[[dict[str, Any]], Any]] = {
            "done": lambda row: (row["done_on"], row["number"]), "cancelled": lambda row: row["number"],
        }
        plan = (lambda row: (row["due_on"] or "9", row["number"])) if by_due else (
            lambda row: (row["waits"], row["rank"], row["due_on"] or "9", row["number"]))
        found = [row for row in self.matching(wanted) if row["status"] == status]
        found.sort(key=orders.get(status, plan), reverse=status in orders)
        return [row["id"] for row in found]

    def triage(self, wanted: TaskFilter) -> list[tuple[int, str]]:
        """(0 late, 1 needs something, 2 nothing; id), in order."""
        keys = []
        for row in self.matching(wanted):
            if row["status"] in OPEN:
                due = row["due_on"] or "9"
                needs = row["owner"] is None or row["due_on"] is None or row["blocked_reason"] is not None
                needs = needs or row["status"] == "review" or row["channel"] not in self.channels
                part = 0 if due < TODAY.isoformat() else 1 if needs else 2
                keys.append((part, due, row["number"], row["id"]))
        return [(part, id_) for part, _, _, id_ in sorted(keys)]


def words_of(text: str) -> list[str]:
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", plain.casefold())


def ids(cards: Iterable[Card]) -> list[str]:
    return [card.id for card in cards]


FILTERS = st.builds(
    TaskFilter,
    key_result=st.none() | st.sampled_from(["KR-05", "KR-06", "KR-08", "KR-12", "KR-99"]),
    owner=st.none() | st.sampled_from(["mara", "priya", "tomas", "lena", "nobody"]),
    unowned=st.booleans() | st.just(False), late=st.booleans() | st.just(False), blocked=st.booleans() | st.just(False),
    stage=st.none() | st.sampled_from(["awareness", "decision", "enabling", "nowhere"]),
    status=st.just(frozenset()) | st.frozensets(st.sampled_from(sorted(EVERY_STATUS)), max_size=3),
    channel=st.none() | st.sampled_from(["email", "linkedin", "tiktok"]),
    medium=st.none() | st.sampled_from(["content", "paid", "email"]),
    due_by=st.none() | st.sampled_from([date(2026, 10, 12), date(2026, 10, 22), date(2026, 10, 31)]),
    text=st.just("") | st.sampled_from(["we", "welcome seq", "tomas", "Traffic", "post", "zebra", "-", "a", "form"]),
)
ONE_BY_ONE = [
    TaskFilter(), TaskFilter(key_result="KR-08"), TaskFilter(owner="priya"), TaskFilter(unowned=True),
    TaskFilter(late=True), TaskFilter(blocked=True), TaskFilter(stage="decision"), TaskFilter(channel="linkedin"),
    TaskFilter(medium="email"), TaskFilter(due_by=date(2026, 10, 22)), TaskFilter(text="welcome"),
    TaskFilter(status=frozenset({"cancelled"})), TaskFilter(status=frozenset({"doing", "done"})),
    TaskFilter(owner="priya", unowned=True), TaskFilter(late=True, text="the"),
    TaskFilter(late=True, key_result="KR-08"),
]


@pytest.fixture(scope="module")
def demo(northlight_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo with a few tasks that wait, are ranked and finished otherwise; only read from."""
    import shutil

    from tracker.clock import stopped_clock
    from tracker.storage.store import Store

    file = tmp_path_factory.mktemp("reads") / "demo.sqlite3"
    shutil.copy(northlight_file, file)
    ws = Workspace(Store.open(file), stopped_clock(NOW), "mara")
    tasks.wait_for(ws, ["T-033", "T-032", "T-027"], "T-034")
    tasks.rank_task(ws, "T-055", -1)
    tasks.rank_task(ws, "T-043", 1)
    tasks.block_tasks(ws, ["T-049", "T-062"], "waits for the printer")
    tasks.comment(ws, "T-001", "Tomás asked for the form")
    tasks.add_task(ws, NewTask("Post of nobody", "KR-08", channel="tiktok", due_on=date(2026, 10, 12), owner="lena"))
    # whose channel is all that is wrong with them
    tasks.edit_tasks(ws, ["T-051", "T-062"], {"channel": "tiktok"})
    tasks.edit_tasks(ws, ["T-058"], {"channel": "press"})
    tasks.add_task(ws, NewTask("Post of lena", "KR-05", channel="tiktok", due_on=date(2026, 10, 22), owner="lena"))
    return ws


@pytest.fixture(scope="module")
def rows(demo: Workspace) -> Rows:
    return Rows(demo)


@pytest.mark.parametrize("wanted", ONE_BY_ONE, ids=TaskFilter.describe)
def test_a_filter_shows_what_a_plain_look_at_all_rows_shows(demo: Workspace, rows: Rows, wanted: TaskFilter) -> None:
    check_columns(demo, rows, wanted)
    check_triage(demo, rows, wanted)
    check_list(demo, rows, wanted)


@given(wanted=FILTERS)
@settings(deadline=None, max_examples=150, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_filters_combined_show_what_a_plain_look_at_all_rows_shows(
    demo: Workspace, rows: Rows, wanted: TaskFilter
) -> None:
    check_columns(demo, rows, wanted)
    check_triage(demo, rows, wanted)
    check_list(demo, rows, wanted)


def check_columns(ws: Workspace, rows: Rows, wanted: TaskFilter) -> None:
    expected = {status: rows.column(status, wanted) for status in EVERY_STATUS}
    found = {status: ids(board.column_page(ws, status, wanted, 0, 100).cards) for status in EVERY_STATUS}
    assert found == expected
    counts = board.board(ws, wanted).counts
    assert {status: count.n for status, count in counts.items()} == {s: len(found[s]) for s in EVERY_STATUS}
    assert not any(count.at_least for count in counts.values())
    view = board.view(ws, wanted, 5)
    assert view.board.counts == counts
    assert {status: ids(page.cards) for status, page in view.pages.items()} == {
        status: expected[status][:5] for status in view.pages
    }
    assert board.column_pages(ws, wanted, 5) == view.pages


def check_triage(ws: Workspace, rows: Rows, wanted: TaskFilter) -> None:
    expected = rows.triage(wanted)
    assert ids(board.triage_page(ws, wanted, 0, 100).cards) == [id_ for _, id_ in expected]
    needy = sum(part < 2 for part, _ in expected)
    assert board.triage_counts(ws, wanted) == (Count(len(expected)), Count(needy))


def check_list(ws: Workspace, rows: Rows, wanted: TaskFilter) -> None:
    listed = ids(board.iterate(ws, wanted))
    asked = wanted if wanted.status or wanted.text else replace(wanted, status=frozenset(map(str, OPEN)))
    assert Counter(listed) == Counter(row["id"] for row in rows.matching(asked))
    if not wanted.text:
        order = [s for s in ("doing", "review", "assigned", "backlog", "done", "cancelled") if s in asked.status]
        assert listed == [id_ for status in order for id_ in rows.column(status, wanted)]


@given(wanted=FILTERS, start=st.integers(0, 70), limit=st.integers(0, 70))
@settings(deadline=None, max_examples=100, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_are_pieces_of_the_whole(demo: Workspace, wanted: TaskFilter, start: int, limit: int) -> None:
    whole = ids(board.iterate(demo, wanted))
    assert ids(board.list_page(demo, wanted, start, limit).cards) == whole[start : start + limit]
    triage = ids(board.triage_page(demo, wanted, 0, 100).cards)
    assert ids(board.triage_page(demo, wanted, start, limit).cards) == triage[start : start + limit]
    for status in EVERY_STATUS:
        column = ids(board.column_page(demo, status, wanted, 0, 100).cards)
        page = board.column_page(demo, status, wanted, start, limit)
        assert (page.start, ids(page.cards)) == (start, column[start : start + limit])


def test_no_field_of_the_filter_is_left_out_of_these_tests() -> None:
    assert {field.name for field in fields(TaskFilter)} == {
        "key_result", "owner", "unowned", "late", "blocked", "stage", "status", "channel", "medium", "due_by", "text",
    }


def test_a_count_that_stopped_says_so(demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.count_bounded, "__defaults__", (1,))
    counts = board.board(demo, TaskFilter(late=True)).counts
    assert any(str(count) == "1+" for count in counts.values())
    monkeypatch.setattr(board, "FOUND_BOUND", 4)
    counts = board.board(demo, TaskFilter(text="a")).counts
    assert {str(counts["done"])[-1], str(counts["doing"])[-1]} == {"+"}


def test_a_channel_that_the_strategy_does_not_use_is_a_need_until_it_does(northlight: Workspace) -> None:
    tasks.edit_tasks(northlight, ["T-054", "T-031"], {"channel": "tiktok"})
    page = board.triage_page(northlight, TaskFilter(), 0, 50)
    needy = [card.id for card in page.cards[:14]]
    assert (needy[4:8], board.triage_counts(northlight, TaskFilter())[1]) == (
        ["T-052", "T-019", "T-054", "T-031"], Count(14)
    )
    strategy.edit_record(northlight, "strategy", "S-01", {"channels": ["tiktok", "press"]})
    # T-047 has neither owner nor date
    assert board.triage_counts(northlight, TaskFilter(channel="tiktok")) == (Count(3), Count(1))


def test_a_channel_full_of_tasks_is_looked_at_up_to_a_bound(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.edit_tasks(northlight, ["T-054", "T-030", "T-051"], {"channel": "tiktok"})  # all of them in doing
    monkeypatch.setattr(queries, "OFF_STRATEGY_BOUND", 2)
    assert board.triage_counts(northlight, TaskFilter())[1] == Count(14, at_least=True)
    listed = ids(board.triage_page(northlight, TaskFilter(), 0, 50).cards)
    assert (len(listed), len(set(listed))) == (28, 28)


def test_the_words_of_a_filter_are_looked_up(demo: Workspace) -> None:
    found = board.resolve_filter(demo, FilterWords(key_result="4", owner="Tom", text="ad"))
    assert (found.key_result, found.owner, found.text) == ("KR-08", "tomas", "ad")
    assert board.resolve_filter(demo, FilterWords(mine=True)).owner == "mara"
    for words in (FilterWords(owner="nobody"), FilterWords(key_result="KR-99"), FilterWords(key_result="9")):
        with pytest.raises(NotFound):
            board.resolve_filter(demo, words)


def test_a_strategy_with_its_own_stages_counts_them(begun: Workspace) -> None:
    strategy.edit_record(begun, "strategy", "S-01", {"stages": ["plan", "build"]})
    tasks.add_task(begun, NewTask("Lay bricks", "KR-01", stage="build"))
    tasks.add_task(begun, NewTask("Sweep", "KR-01"))
    assert board.board(begun, TaskFilter()).stages == {"build": 1, "enabling": 1}


def test_a_week_later_more_is_late_and_the_header_moves_on(open_copy: Open, northlight_file: Path) -> None:
    later = open_copy(northlight_file, now=NOW.replace(day=26))
    late = rows_late(later, date(2026, 10, 26))
    assert len(late) > 4
    found = board.board(later, TaskFilter(late=True)).counts
    assert sum(count.n for count in found.values()) == len(late)
    first = board.triage_page(later, TaskFilter(), 0, len(late)).cards
    assert {card.id for card in first} == late
    cycle = shown(later).cycle
    assert cycle is not None
    assert cycle.day == 26


def rows_late(ws: Workspace, today: date) -> set[str]:
    return {row["id"] for row in Rows(ws).rows if row["status"] in OPEN and (row["due_on"] or "9") < today.isoformat()}
