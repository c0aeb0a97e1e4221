"""What waits outside the board, as lines."""

from tracker.tui.widgets.ideas.lines import idea_rows, of_idea

__all__ = ["idea_rows", "of_idea"]
