"""The calendar's grid of days."""

from tracker.tui.widgets.calendar.lines import Shown
from tracker.tui.widgets.calendar.widget import CalendarGrid

__all__ = ["CalendarGrid", "Shown"]
