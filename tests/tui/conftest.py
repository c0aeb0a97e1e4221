"""The application in tests waits for nothing but its own work."""

from __future__ import annotations

import pytest
from tests.tui.driving import at_rest
from textual import app, pilot
from textual._context import active_app


@pytest.fixture(autouse=True)
def no_waiting_for_idleness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's pilot is at rest when the event loop is."""

    async def idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
        await at_rest(active_app.get())

    for module in (app, pilot):
        monkeypatch.setattr(module, "wait_for_idle", idle)
