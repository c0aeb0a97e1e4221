"""The columns of the board."""

from tracker.tui.widgets.columns.column import Column
from tracker.tui.widgets.columns.columns import Columns

__all__ = ["Column", "Columns"]
