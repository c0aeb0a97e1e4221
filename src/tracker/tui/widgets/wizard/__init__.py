"""The first run's questions and their answers so far."""

from tracker.tui.widgets.wizard.answers import STEPS, Step, first_strategy, missing_answers, understood
from tracker.tui.widgets.wizard.widget import Answers

__all__ = ["STEPS", "Answers", "Step", "first_strategy", "missing_answers", "understood"]
