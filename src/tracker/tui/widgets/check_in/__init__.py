"""A check-in: the list of whose turn it is, the fields, the plot, the history."""

from tracker.tui.widgets.check_in.entry import Entry
from tracker.tui.widgets.check_in.lines import due_pages, list_rows, strip_line, title_words, totals_line
from tracker.tui.widgets.check_in.widget import CheckInPage

__all__ = ["CheckInPage", "Entry", "due_pages", "list_rows", "strip_line", "title_words", "totals_line"]
