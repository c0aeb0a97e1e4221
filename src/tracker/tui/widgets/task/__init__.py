"""All of one task, as lines."""

from tracker.tui.widgets.task.lines import TaskPicture, fact_rows, story_rows, title_pieces

__all__ = ["TaskPicture", "fact_rows", "story_rows", "title_pieces"]
