"""The line at the bottom in which everything is asked."""

from tracker.tui.widgets.command_line.question import Question
from tracker.tui.widgets.command_line.widget import CommandLine

__all__ = ["CommandLine", "Question"]
