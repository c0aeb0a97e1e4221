"""The detail of the task under the cursor."""

from tracker.tui.widgets.detail.widget import Detail

__all__ = ["Detail"]
