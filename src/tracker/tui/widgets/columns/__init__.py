"""The columns of the board."""

from tracker.tui.widgets.columns.columns import Columns
from tracker.tui.widgets.columns.column import Column

__all__ = ["Column", "Columns"]
