"""The lines of a check-in: whatever is typed, measured and however large the terminal, they are drawn inside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.domain import metrics
from tracker.services.check_in_pages import Page, Turns, preview, turns
from tracker.services.workspace import Workspace
from tracker.storage.check_in_rows import CheckInRow, MilestoneRow, TargetChange
from tracker.tui.cells import clean
from tracker.tui.glyphs import FINE, PLAIN
from tracker.tui.widgets.check_in import Entry, list_rows, strip_line, totals_line
from tracker.tui.widgets.check_in.lines import page_lines
from tracker.tui.widgets.check_in.plot import plot_lines
from tracker.tui.widgets.painted import width_of

TODAY = date(2026, 10, 19)
KEYS = [
    *((char, char) for char in "0123456789.,-% abcé\u202e猫"), ("left", None), ("right", None), ("home", None),
    ("end", None), ("backspace", "\x08"), ("delete", None), ("space", " "), ("ctrl+u", "\x15"), ("plus", "+"),
    ("minus", "-"), ("tab", "\t"), ("f5", None),
]


@pytest.fixture
def found(northlight: Workspace) -> Turns:
    seen = turns(northlight)
    assert seen is not None
    return seen


def said(day: date, value: Decimal, note: str = "n") -> CheckInRow:
    return CheckInRow(day, value, 5, "mara", note, "", None, None, False)


def page(found: Turns, place: int) -> Page:
    return sorted(found.pages, key=lambda each: each.row.position)[place]


@given(
    place=st.integers(0, 7),
    keys=st.lists(st.tuples(st.sampled_from(KEYS), st.integers(-1, 1)), max_size=30),
    size=st.tuples(st.integers(20, 220), st.integers(8, 70)),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_drawn(
    found: Turns, place: int, keys: list[tuple[tuple[str, str | None], int]], size: tuple[int, int]
) -> None:
    entry = Entry(page(found, place), TODAY)
    for (key, character), step in keys:
        entry.press(key, character)
        entry.step(step)
    lines = page_lines(found, entry, *size, FINE)
    assert len(lines) <= size[1]
    text = "".join(piece for line in lines for piece, _ in line)
    assert clean(text) == text
    assert totals_line(found, entry, size[0] < 100)
    new = entry.new()
    assert (new.key_result, new.on) == (entry.page.row.id, TODAY)
    if not entry.is_changed:
        assert (new.value, new.confidence, new.note) == (None, None, None) or not entry.seen


@given(
    place=st.integers(0, 7),
    values=st.lists(st.tuples(st.integers(0, 40), st.decimals(-10**9, 10**9, places=2)), max_size=6),
    target=st.decimals(-10**6, 10**6, places=1),
    size=st.tuples(st.integers(30, 200), st.integers(3, 20)),
    is_plain=st.booleans(),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_way_fits_its_plot(
    found: Turns, place: int, values: list[tuple[int, Decimal]], target: Decimal, size: tuple[int, int], is_plain: bool
) -> None:
    start = page(found, place)
    days = {date(2026, 10, 1) + timedelta(days=day): value for day, value in values}
    changes = (TargetChange(date(2026, 10, 9), target, start.row.target),)
    drawn = replace(start, check_ins=tuple(said(day, value) for day, value in sorted(days.items())), changes=changes)
    entry = Entry(drawn, TODAY)
    seen = preview(drawn, entry.draft, date(2026, 11, 20))
    lines = plot_lines(drawn, seen, TODAY, *size, PLAIN if is_plain else FINE)
    assert len(lines) <= size[1] + 2
    assert all(width_of(line) <= size[0] for line in lines)
    assert not is_plain or all(piece.isascii() for line in lines for piece, _ in line)


def test_a_key_result_of_one_day_and_of_ten_years_is_drawn(found: Turns) -> None:
    for starts, due in ((TODAY, TODAY), (date(2020, 1, 1), date(2030, 1, 1))):
        drawn = replace(page(found, 0), starts_on=starts, row=page(found, 0).row._replace(due_on=due))
        assert plot_lines(drawn, preview(drawn, Entry(drawn, TODAY).draft, TODAY), None, 80, 5, FINE)


def test_many_milestones_stand_in_few_lines_around_the_one_in_front(found: Turns) -> None:
    many = tuple(MilestoneRow(place, f"Milestone number {place}", None) for place in range(40))
    entry = Entry(replace(page(found, 5), milestones=many), TODAY)
    entry.press("end", None)
    lines = page_lines(found, entry, 80, 24, FINE)
    text = "\n".join("".join(piece for piece, _ in line) for line in lines)
    assert "[ ] Milestone number 0" in text
    assert [piece for line in lines for piece, role in line if role == "here" and "number" in piece] == [
        " Milestone number 39"
    ]
    assert "note" in text


def test_hostile_words_cannot_steer_the_terminal(found: Turns) -> None:
    bad = "\x1b[2J\u202eevil\n"
    start = page(found, 5)
    drawn = replace(
        start, row=start.row._replace(title=bad, unit=bad), milestones=(MilestoneRow(0, bad, None),),
        check_ins=(said(TODAY, Decimal(1), bad),), objective=start.objective._replace(title=bad),
    )
    evil = replace(found, pages=(drawn,))
    pieces = [piece for line in page_lines(evil, Entry(drawn, TODAY), 120, 36, FINE) for piece, _ in line]
    pieces += [piece for row in list_rows(evil, frozenset(), 36) for piece, _ in row.line]
    pieces += [piece for piece, _ in strip_line(evil, "KR-10", frozenset())]
    assert all(clean(piece) == piece for piece in pieces)


def test_points_ahead_and_behind_are_told_beside_the_last_check_in(found: Turns) -> None:
    for place, words in ((5, "18 points behind the pace"), (1, "6 points ahead of the pace")):
        drawn = page(found, place)
        seen = preview(drawn, Entry(drawn, TODAY).draft, TODAY)
        text = "".join(piece for line in plot_lines(drawn, seen, None, 120, 9, FINE) for piece, _ in line)
        assert words in text
        assert metrics.round_half_up(seen.standing.gap or Decimal(0), 0)
