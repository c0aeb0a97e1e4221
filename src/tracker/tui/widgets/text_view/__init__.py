"""Lines of text that scroll, some of which the cursor can stand on."""

from tracker.tui.widgets.text_view.layout import Row, facts, headed, wrapped
from tracker.tui.widgets.text_view.widget import TextView

__all__ = ["Row", "TextView", "facts", "headed", "wrapped"]
