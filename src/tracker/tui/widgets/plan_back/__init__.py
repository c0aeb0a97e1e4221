"""The plan back as lines: the steps from the goal down, and what is known of the one under the cursor."""

from tracker.tui.widgets.plan_back.lines import View, fits, head_rows, plan_rows
from tracker.tui.widgets.plan_back.panel import panel_rows

__all__ = ["View", "fits", "head_rows", "panel_rows", "plan_rows"]
