"""Draw the README's pictures from the demo at its own day: `python -m tests.pictures`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.pictures.syncing import synced
from tracker.clock import stopped_clock
from tracker.demo import load
from tracker.services.workspace import Workspace
from tracker.storage.store import Store
from tracker.tui.app import TrackerApp, read_first

FOLDER = Path(__file__).parents[2] / ".github" / "pictures"
DAY = datetime(2026, 10, 19, 9, 30, tzinfo=UTC)
SIZE = (120, 36)


@dataclass(frozen=True)
class Picture:
    """What is drawn: its file, the keys that lead there, and the theme."""

    name: str
    keys: tuple[str, ...] = ()
    is_begun: bool = True
    prepare: Callable[[Workspace], None] | None = None
    """What is done to the demo before."""


PICTURES = (
    Picture("board"),
    Picture("triage", ("T",)),
    Picture("task", ("enter",)),
    Picture("checkin", ("C", "down", "down")),
    Picture("alignment", ("G",)),
    Picture("plan_back", ("P", "j")),
    Picture("flow", ("F",)),
    Picture("calendar", ("W",)),
    Picture("cycle", ("R",)),
    Picture("sync", ("Y", "j"), prepare=synced),
    Picture("light", ("ctrl+t",)),
    Picture("wizard", is_begun=False),
)


async def draw(picture: Picture, folder: Path) -> None:
    """Run the program to where the picture is and keep what it shows."""
    store = Store.open(folder / f"{picture.name}.sqlite3")
    workspace = Workspace(store, stopped_clock(DAY), "mara")
    if picture.is_begun:
        load(workspace, DAY.date())
    if picture.prepare is not None:
        picture.prepare(workspace)
    app = TrackerApp(workspace, read_first(workspace))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(1)
        for key in picture.keys:
            await pilot.press(key)
            await pilot.pause(1)
        (FOLDER / f"{picture.name}.svg").write_text(app.export_screenshot(title="tracker"), encoding="utf-8")
    store.close()


def main() -> None:
    """Draw every picture, or those that are named."""
    os.environ["TZ"] = "UTC"  # moments are shown in local time
    time.tzset()
    wanted = set(sys.argv[1:]) or {picture.name for picture in PICTURES}
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for picture in (each for each in PICTURES if each.name in wanted):
            asyncio.run(draw(picture, Path(folder)))


if __name__ == "__main__":
    main()
