"""The strategy header above board and triage."""

from tracker.tui.widgets.header.widget import StrategyHeader

__all__ = ["StrategyHeader"]
