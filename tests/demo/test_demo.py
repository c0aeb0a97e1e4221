"""The demo stands on any day as it was published for its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.services.transfer_files import contents, exported
from tracker.clock import stopped_clock
from tracker.demo import build, load
from tracker.demo.shifting import Shift
from tracker.domain.errors import Refused
from tracker.domain.filters import TaskFilter
from tracker.services.board import triage_counts
from tracker.services.header import header
from tracker.services.undo import undo
from tracker.services.workspace import Workspace
from tracker.storage.shape import HISTORY
from tracker.storage.store import Store

OWN_DAY = date(2026, 10, 19)
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def as_written() -> dict[str, Any]:
    text = resources.files("tracker.demo").joinpath("northlight.json").read_text(encoding="utf-8")
    written: dict[str, Any] = json.loads(text)
    return written


def opened(path: Path, today: date) -> Workspace:
    build(path, today=today)
    return Workspace(Store.open(path), stopped_clock(NOW.replace(year=today.year, month=today.month, day=today.day)),
                     "mara")


def test_on_its_own_day_it_is_what_was_written(northlight: Workspace) -> None:
    found = contents(northlight)
    for key, records in as_written().items():
        if isinstance(records, list):
            for written, kept in zip(records, found[key], strict=True):
                for name, value in written.items():
                    if key not in ("journeys", "key_results"):
                        assert kept[name] == value, (key, written, name)


def test_its_figures_are_the_published_ones(northlight: Workspace) -> None:
    found = header(northlight)
    assert found is not None
    assert round(float(found.score or 0), 4) == 0.5246
    assert (found.net_confidence, found.spent_minor, found.planned_minor) == (25, 291500, 465000)
    assert found.forecast is not None
    assert (found.forecast.at_85, found.forecast.open_tasks, found.sle_days) == (6, 28, 7)
    assert [count.n for count in triage_counts(northlight, TaskFilter())] == [28, 12]


@pytest.mark.parametrize("today", [date(2027, 2, 10), date(2024, 2, 29), date(2031, 12, 31), date(2026, 10, 20)])
def test_on_another_day_it_stands_alike(tmp_path: Path, northlight: Workspace, today: date) -> None:
    there = opened(tmp_path / "other.sqlite3", today)
    ours, theirs = header(northlight), header(there)
    assert ours is not None
    assert theirs is not None
    assert theirs.score == ours.score
    assert theirs.forecast is not None
    assert ours.forecast is not None
    assert theirs.forecast.at_85 == ours.forecast.at_85
    assert theirs.cycle is not None
    assert (theirs.cycle.day, theirs.cycle.days) == (19, 31)
    assert triage_counts(there, TaskFilter()) == triage_counts(northlight, TaskFilter())
    there.store.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(today=st.dates(date(1970, 1, 1), date(2200, 1, 1)))
def test_cycles_are_called_by_their_month_and_every_word_follows(today: date) -> None:
    shift = Shift.between(OWN_DAY, today, OCTOBER)
    moved: dict[str, Any] = {
        key: shift.value(value) for key, value in as_written().items() if key not in ("as_of", "format")
    }
    text = json.dumps(moved, ensure_ascii=False)
    middles = []
    for cycle in moved["cycles"]:
        starts, ends = (date.fromisoformat(cycle[name]) for name in ("starts_on", "ends_on"))
        middles.append(starts + (ends - starts) / 2)
        assert re.fullmatch(r"[A-Z][a-z]+ [0-9]{4}", cycle["name"])
    running = moved["cycles"][1]
    assert running["name"] == f"{middles[1]:%B} {middles[1].year}"
    assert running["id"] == f"{middles[1]:%Y-%m}"
    assert len({cycle["id"] for cycle in moved["cycles"]}) == 3
    assert moved["objectives"][1]["title"] == f"Acquire 10 new clients in {middles[1]:%B}"
    assert {objective["cycle"] for objective in moved["objectives"]} <= {cycle["id"] for cycle in moved["cycles"]}
    if middles[1].month not in (8, 9, 10, 11):
        assert "October" not in text


@pytest.mark.parametrize(("today", "text", "expected"), [
    (OWN_DAY, "since 12 October, the 27th, week 42", "since 12 October, the 27th, week 42"),
    (OWN_DAY + timedelta(days=7), "since 12 October, the 27th", "since 19 October, the 3rd"),
    (date(2027, 2, 10), "since 12 October in September 2026", "since 3 February in January 2027"),
    (date(2027, 2, 10), "the 12-week plan, 12 weeks", "the 12-week plan, 12 weeks"),
    (date(2026, 10, 26), "week 42", "week 43"),
])
def test_what_texts_say_about_dates_moves_with_them(today: date, text: str, expected: str) -> None:
    assert Shift.between(OWN_DAY, today, OCTOBER).value(text) == expected


def test_it_is_one_change_that_nobodys_undo_takes_away(northlight: Workspace) -> None:
    (batch,) = contents(northlight)["change_batches"]
    assert (batch["label"], batch["by"]) == ("demo", "demo")
    with pytest.raises(Refused, match="nothing"):
        undo(northlight)


def test_it_goes_into_an_empty_database_only(begun: Workspace) -> None:
    before = exported(begun)
    with pytest.raises(Refused, match="holds something already"):
        load(begun, OWN_DAY)
    assert exported(begun) == before


@pytest.mark.parametrize("today", [date.max, date.min])
def test_a_day_too_far_away_is_refused_before_a_file_is_made(tmp_path: Path, today: date) -> None:
    with pytest.raises(Refused, match="cannot be dated"):
        build(tmp_path / "never.sqlite3", today=today)
    assert not list(tmp_path.glob("never*"))


def test_only_the_history_differs_between_two_loads(
    northlight: Workspace, open_copy: Callable[..., Workspace], empty_file: Path
) -> None:
    other = open_copy(empty_file)
    load(other, OWN_DAY)
    ours, theirs = contents(northlight), contents(other)
    for key in HISTORY:
        ours.pop(key)
        theirs.pop(key)
    assert ours == theirs
