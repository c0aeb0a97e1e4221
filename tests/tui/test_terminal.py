"""Which terminals are drawn with ASCII signs only."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from textual.app import App, ComposeResult

from tracker.tui import terminal
from tracker.tui.glyphs import FINE, PLAIN, glyphs_of
from tracker.tui.widgets.painted import Painted


@pytest.mark.parametrize(
    ("environment", "encoding", "is_ascii"),
    [
        ({"TERM": "xterm-256color"}, "UTF-8", False),
        ({"TERM": "xterm-256color"}, "utf8", False),
        ({}, "UTF-8", False),
        ({"TERM": "linux"}, "UTF-8", True),
        ({"TERM": "dumb"}, "UTF-8", True),
        ({"TERM": "xterm"}, "ANSI_X3.4-1968", True),
        ({"TERM": "xterm"}, "ISO-8859-1", True),
        ({"TERM": "linux", "TRACKER_ASCII": "0"}, "US-ASCII", False),
        ({"TERM": "xterm", "TRACKER_ASCII": "1"}, "UTF-8", True),
        ({"TERM": "xterm", "TRACKER_ASCII": " "}, "UTF-8", False),
    ],
)  # fmt: skip
def test_poor_terminals_get_ascii_signs(environment: Mapping[str, str], encoding: str, is_ascii: bool) -> None:
    assert terminal.draws_ascii_only(environment, encoding) is is_ascii


@pytest.mark.parametrize(("wish", "glyphs"), [("1", PLAIN), ("0", FINE)])
async def test_widgets_draw_what_it_can_show(monkeypatch: pytest.MonkeyPatch, wish: str, glyphs: object) -> None:
    monkeypatch.setenv(terminal.VARIABLE, wish)
    terminal.is_plain.cache_clear()

    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield Painted()

    try:
        async with One().run_test() as pilot:
            widget = pilot.app.query_one(Painted)
            assert glyphs_of(widget) is glyphs
            assert widget.paint([("cut…", "text"), ("→", "muted")], 5).text == ("cut~>" if wish == "1" else "cut…→")
    finally:
        terminal.is_plain.cache_clear()
