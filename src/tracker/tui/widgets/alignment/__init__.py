"""The audit: findings, coverage, results against activity, and the tasks behind a finding."""

from tracker.tui.widgets.alignment.lines import about_rows, finding_rows, title_of
from tracker.tui.widgets.alignment.sides import overview_rows, task_rows

__all__ = ["about_rows", "finding_rows", "overview_rows", "task_rows", "title_of"]
