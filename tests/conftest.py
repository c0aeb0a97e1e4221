"""What every test may ask for: a workspace of its own, empty, begun or with the demo, and a clock that stands still."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker.clock import stopped_clock
from tracker.services.strategy import FirstStrategy, strategy_first
from tracker.services.workspace import Workspace
from tracker.storage.store import Store

NOW = datetime(2026, 10, 19, 9, 30, tzinfo=UTC)
"""The instant every test's clock stands at: the day the demo's figures are published for."""

FIRST = FirstStrategy(
    goal="Fill the quiet weekdays",
    who="Owner-managers of vet clinics",
    why="They lose quiet weekdays to chains",
    action="Book a call",
    channels=("Email", "Website"),
    owner="Mara Okafor",
    objective="Be the name they recall",
    key_result="Signed clients",
    unit="clients",
    target="10",
)
"""Answers of a first run, all of them valid."""


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests see neither the settings nor the variables of whoever runs them."""
    for name in ("TRACKER_DB", "TRACKER_TODAY", "TRACKER_PERSON", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRACKER_ASCII", "0")  # pictures look alike whatever TERM and locale are
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once for the whole run."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    Store.open(path).close()
    return path


@pytest.fixture(scope="session")
def begun_file(empty_file: Path) -> Path:
    """A database after the first run: one strategy, one cycle, one objective, one key result."""
    path = empty_file.with_name("begun.sqlite3")
    shutil.copy(empty_file, path)
    store = Store.open(path)
    strategy_first(Workspace(store, stopped_clock(NOW), "mara"), FIRST)
    store.close()
    return path


@pytest.fixture(scope="session")
def northlight_file(empty_file: Path) -> Path:
    """The demo, exactly as published for 2026-10-19."""
    from tracker.demo import load

    path = empty_file.with_name("northlight.sqlite3")
    shutil.copy(empty_file, path)
    store = Store.open(path)
    load(Workspace(store, stopped_clock(NOW), "mara"), date(2026, 10, 19))
    store.close()
    return path


@pytest.fixture
def open_copy(tmp_path: Path) -> Iterator[Callable[..., Workspace]]:
    """Opens a private copy of a database: `open_copy(file, actor="mara", now=NOW)`."""
    opened: list[Store] = []

    def open_(file: Path, actor: str = "mara", now: datetime = NOW) -> Workspace:
        path = tmp_path / file.name
        if not path.exists():
            shutil.copy(file, path)
        opened.append(Store.open(path))
        return Workspace(opened[-1], stopped_clock(now), actor)

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def empty(open_copy: Callable[..., Workspace], empty_file: Path) -> Workspace:
    """A workspace before the first run."""
    return open_copy(empty_file)


@pytest.fixture
def begun(open_copy: Callable[..., Workspace], begun_file: Path) -> Workspace:
    """A workspace after the first run; mara acts, KR-01 is open, no task yet."""
    return open_copy(begun_file)


@pytest.fixture
def northlight(open_copy: Callable[..., Workspace], northlight_file: Path) -> Workspace:
    """The demo at 2026-10-19; mara acts."""
    return open_copy(northlight_file)
