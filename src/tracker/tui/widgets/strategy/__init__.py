"""The strategy with its cycle, objectives, key results and people: as lines, and as fields of forms."""

from tracker.tui.widgets.strategy.fields import fields_of
from tracker.tui.widgets.strategy.lines import Records, strategy_rows

__all__ = ["Records", "fields_of", "strategy_rows"]
