"""One line: what is shown, what is selected, and how the open tasks lie over the stages."""

from __future__ import annotations

from collections.abc import Mapping

from textual.strip import Strip

from tracker.domain.tasks import STAGE_LETTERS, STAGES
from tracker.tui.cells import fit
from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.painted import Canvas, Line, width_of


def stage_pieces(stages: Mapping[str, int], *, short: bool) -> Line:
    """Letter, name and number of open tasks of each stage; inner work is left out, as no customer sees it."""
    line: Line = ()
    for stage in STAGES[:-1]:
        name = "" if short else f" {stage}"
        line = (*line, (f"  {STAGE_LETTERS[stage]}", "accent"), (f"{name} {stages.get(stage, 0)}", "muted"))
    return line


class FilterBar(Canvas):
    """What filters and selection are in force."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._filter = "all"
        self._hint = ""
        self._chosen = 0
        self._stages: Mapping[str, int] = {}

    def show(self, filter_words: str, hint: str, chosen: int, stages: Mapping[str, int]) -> None:
        """The filter in words, what could be pressed, how many tasks are selected, open tasks by stage."""
        new = (filter_words, hint, chosen, dict(stages))
        if new != (self._filter, self._hint, self._chosen, self._stages):
            self._filter, self._hint, self._chosen, self._stages = new
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        return self.paint(self._line(width), width)

    def _line(self, width: int) -> Line:
        is_all = self._filter == "all"
        lead: Line = ((" filter: ", "muted"),)
        chosen: Line = ((f"   {self._chosen} selected", "mark"),) if self._chosen else ()
        stages = stage_pieces(self._stages, short=False)
        if width_of(stages) + 40 > width:
            stages = stage_pieces(self._stages, short=True)
        room = width - width_of(lead) - width_of(chosen) - width_of(stages) - 2
        if room < 12:
            stages, room = (), room + width_of(stages)
        words = fit(self._filter, min(width_of(((self._filter, ""),)), room), ellipsis=glyphs_of(self).ellipsis)
        room -= width_of(((words, ""),))
        hint = f"   {self._hint}" if self._hint and room > len(self._hint) + 3 else ""
        gap = " " * max(0, room - len(hint) + 1)
        return (
            *lead, (words, "muted" if is_all else "key"), *chosen, (hint, "faint"), (gap, "muted"), *stages,
        )  # fmt: skip
