"""What the board is filtered by."""

from tracker.tui.widgets.filter_bar.widget import FilterBar

__all__ = ["FilterBar"]
