"""The list of questions with the answers so far."""

from __future__ import annotations

from collections.abc import Mapping

from textual.strip import Strip

from tracker.tui.cells import fit
from tracker.tui.glyphs import glyphs_of
from tracker.tui.widgets.painted import Canvas
from tracker.tui.widgets.wizard.answers import STEPS

LABEL = 13


class Answers(Canvas):
    """A line for each question: done, in front, or still to come."""

    DEFAULT_CSS = """
    Answers {
        height: 1fr;
        max-height: 13;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._answers: Mapping[str, str] = {}
        self._place = 0

    def show(self, answers: Mapping[str, str], place: int) -> None:
        """Draw other answers, with the question at `place` in front."""
        if (answers, place) != (self._answers, self._place):
            self._answers, self._place = dict(answers), place
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One question and its answer; in a short terminal those around the one in front."""
        width = self.size.width
        y += max(0, min(self._place - self.size.height // 2, len(STEPS) - self.size.height))
        if y >= len(STEPS):
            return self.paint((), width)
        step, here = STEPS[y], y == self._place
        answer = self._answers.get(step.name, "").strip()
        is_done = bool(answer) or (bool(step.usual) and y < self._place)
        sign = ">" if here else ("+" if self.plain_glyphs else "✓") if is_done else " "
        shown = answer or (step.usual if is_done else "")
        room = width - LABEL - 5
        return self.paint(
            (
                (f" {sign} ", "here" if here else "good"),
                (fit(step.label, LABEL), "title" if here else "muted" if is_done else "faint"),
                (fit(shown, room, ellipsis=glyphs_of(self).ellipsis), "title" if here else "text"),
            ),
            width,
        )
