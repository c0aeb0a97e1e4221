"""One line: what is shown, what is selected, and how the open tasks lie over the stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rich.cells import cell_len
from textual.geometry import Region
from textual.strip import Strip

from tracker.domain.tasks import STAGE_LETTERS, STAGES
from tracker.tui.cells import fit
from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.painted import Canvas, Line, width_of

LEAST_WORDS = 12
"""Cells that the filter's words keep before the stages give way."""


class Shown(NamedTuple):
    """What the line is made of."""

    words: str = "all"
    """The filter, "all" when there is none."""
    hint: str = ""
    """What could be pressed."""
    chosen: int = 0
    """How many tasks are selected."""
    stages: Mapping[str, int] = {}
    """Open tasks by stage."""


def stage_pieces(stages: Mapping[str, int], *, short: bool) -> Line:
    """Letter, name and number of open tasks of each stage; inner work is left out, as no customer sees it."""
    line: Line = ()
    for stage in STAGES[:-1]:
        name = "" if short else f" {stage}"
        line = (*line, (f"  {STAGE_LETTERS[stage]}", "accent"), (f"{name} {stages.get(stage, 0)}", "muted"))
    return line


def filter_line(shown: Shown, width: int, ellipsis: str = "…") -> Line:
    """What is shown and selected on the left, the stages on the right, as short as there is room."""
    is_all = shown.words == "all"
    lead: Line = ((" filter: ", "muted"),)
    chosen: Line = ((f"   {shown.chosen} selected", "mark"),) if shown.chosen else ()
    stages = stage_pieces(shown.stages, short=False)
    if width_of(stages) + 40 > width:
        stages = stage_pieces(shown.stages, short=True)
    room = width - width_of(lead) - width_of(chosen) - width_of(stages) - 2
    if room < LEAST_WORDS:
        stages, room = (), room + width_of(stages)
    words = fit(shown.words, min(cell_len(shown.words), room), ellipsis=ellipsis)
    room -= cell_len(words)
    hint = f"   {shown.hint}" if shown.hint and room > len(shown.hint) + 3 else ""
    gap = " " * max(0, room - len(hint) + 1)
    return (*lead, (words, "muted" if is_all else "key"), *chosen, (hint, "faint"), (gap, "muted"), *stages)


class FilterBar(Canvas):
    """What filters and selection are in force."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown = Shown()

    def show(self, shown: Shown) -> None:
        """Tell about another filter, selection or figures."""
        if shown != self._shown:
            self._shown = shown
            self.refresh(Region(0, 0, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        return self.paint(filter_line(self._shown, width, glyphs_of(self).ellipsis), width)
