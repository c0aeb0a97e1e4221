"""The line that says where one is."""

from tracker.tui.widgets.title_line.widget import TitleLine

__all__ = ["TitleLine"]
