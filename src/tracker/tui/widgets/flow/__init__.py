"""How work flows: plots, ageing work, forecast."""

from tracker.tui.widgets.flow.ageing import AgeingRows
from tracker.tui.widgets.flow.panel import Panel

__all__ = ["AgeingRows", "Panel"]
