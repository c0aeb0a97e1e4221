"""The rows of triage."""

from tracker.tui.widgets.triage.lines import Setting
from tracker.tui.widgets.triage.widget import TriageRows

__all__ = ["Setting", "TriageRows"]
