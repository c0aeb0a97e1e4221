"""A cycle and its end, as lines."""

from tracker.tui.widgets.cycle.lines import CyclePicture, cycle_rows, known_of, step_line, title_of

__all__ = ["CyclePicture", "cycle_rows", "known_of", "step_line", "title_of"]
