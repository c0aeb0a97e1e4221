"""Load against capacity, beside the rows of triage."""

from tracker.tui.widgets.load.lines import Choosing, Figures
from tracker.tui.widgets.load.widget import LoadColumn

__all__ = ["Choosing", "Figures", "LoadColumn"]
