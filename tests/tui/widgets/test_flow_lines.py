"""What the panels of flow say, at any size and in ASCII."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tracker.services.flow import Flow, ageing, flow
from tracker.services.workspace import Workspace
from tracker.tui.glyphs import PLAIN
from tracker.tui.widgets.flow.lines import (
    ageing_legend,
    ageing_line,
    flow_lines,
    forecast_lines,
    times_lines,
)
from tracker.tui.widgets.painted import Line, width_of

SIZES = [(58, 15), (98, 30), (40, 8), (20, 5), (12, 3), (1, 1)]
WHAT_IF = "59.1% that 9 are done by 31 Oct"
PANELS: dict[str, Callable[[Flow, int, int, bool], Sequence[Line]]] = {
    "flow": flow_lines,
    "times": times_lines,
    "forecast": lambda found, width, height, plain: forecast_lines(found, WHAT_IF, width, height, plain),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("panel", PANELS)
def test_plots_never_take_more_than_their_room(northlight: Workspace, panel: str, size: tuple[int, int]) -> None:
    width, height = size
    lines = PANELS[panel](flow(northlight), width, height, False)
    if height > 7:
        assert len(lines) <= height
    assert all(width_of(line) <= width for line in lines[:-1]) or width < 58


@pytest.mark.parametrize("panel", PANELS)
def test_terminals_that_draw_ascii_only_get_ascii(northlight: Workspace, panel: str) -> None:
    lines = PANELS[panel](flow(northlight), 58, 15, True)
    assert "".join(text for line in lines for text, _ in line).isascii()


def test_ageing_rows_have_ascii_marks_and_fill_their_width(northlight: Workspace) -> None:
    rows = ageing(northlight, 0, 50)
    for width in (30, 58, 100):
        for row in rows:
            line = ageing_line(row, width, 7, here=False, glyphs=PLAIN)
            assert "".join(text for text, _ in line).isascii()
            assert width_of(line) == width - 1
    legend = "".join(text for text, _ in ageing_legend(rows, 7, PLAIN))
    assert legend == " | 7 days  ! longer than 85% took  r recurs: no alarm"


def test_a_row_that_is_being_read_says_so() -> None:
    assert "..." in "".join(text for text, _ in ageing_line(None, 40, 7, here=True))
