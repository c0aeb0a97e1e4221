"""Sync as lines of text: connections and how they stand, what is to settle, the plan, the log."""

from tracker.tui.widgets.sync.connections import activity_rows, connection_rows, no_connection_rows, title_of
from tracker.tui.widgets.sync.panels import log_rows, plan_rows
from tracker.tui.widgets.sync.settling import settle_rows

__all__ = [
    "activity_rows", "connection_rows", "log_rows", "no_connection_rows", "plan_rows", "settle_rows", "title_of",
]  # fmt: skip
