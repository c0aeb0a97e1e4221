"""The demo: a small agency's strategy and work, whose dates follow the day it is opened."""

from tracker.demo.loading import build, load

__all__ = ["build", "load"]
