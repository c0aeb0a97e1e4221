"""A file that a disk has torn, wherever: each part of the program says that it is damaged, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import NOW
from tracker.clock import stopped_clock
from tracker.domain.errors import OutOfReach
from tracker.domain.filters import TaskFilter
from tracker.services import board, checkup, tasks, undo
from tracker.services.header import header
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.store import Store

PAGE = 4096


def use(file: Path) -> None:
    store = Store.open(file)
    try:
        ws = Workspace(store, stopped_clock(NOW), "mara")
        header(ws)
        board.view(ws, TaskFilter(text="webinar"), 20)
        list(board.iterate(ws, TaskFilter(status=frozenset({"doing", "done"}))))
        tasks.add_task(ws, NewTask("One more", "KR-05"))
        undo.undo(ws)
    finally:
        store.close()


def test_a_torn_page_is_said_wherever_it_lies(northlight_file: Path, tmp_path: Path) -> None:
    raw = northlight_file.read_bytes()
    said = 0
    for number in range(1, len(raw) // PAGE, 7):
        file = tmp_path / "torn.sqlite3"
        file.write_bytes(raw[: number * PAGE] + b"\xff" * PAGE + raw[(number + 1) * PAGE :])
        try:
            use(file)  # the page may hold nothing that is read
        except OutOfReach as error:
            assert "is damaged" in str(error)  # noqa: PT017
            said += 1
        checks = list(checkup.of_database(file, private_folder=False))
        assert any(not check.is_ok and check.name in ("integrity", "database", "search") for check in checks), number
        for beside in tmp_path.glob("torn.sqlite3*"):
            beside.unlink()
    assert said > 5


@pytest.mark.parametrize("kept", [1, 100, 5000, 100_000])
def test_a_file_cut_short_is_said(northlight_file: Path, tmp_path: Path, kept: int) -> None:
    file = tmp_path / "short.sqlite3"
    shutil.copy(northlight_file, file)
    with file.open("rb+") as cut:
        cut.truncate(kept)
    with pytest.raises(OutOfReach, match=r"damaged|is not a tracker database"):
        use(file)
