"""Changes as lines."""

from tracker.tui.widgets.history.lines import Batch, batches_of, history_rows, minute, told

__all__ = ["Batch", "batches_of", "history_rows", "minute", "told"]
