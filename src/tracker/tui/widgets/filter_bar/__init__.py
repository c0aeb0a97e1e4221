"""What the board is filtered by."""

from tracker.tui.widgets.filter_bar.widget import FilterBar, Shown

__all__ = ["FilterBar", "Shown"]
