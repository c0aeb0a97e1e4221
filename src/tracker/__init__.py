"""A project tracker in the terminal that keeps the why above the work."""

__version__ = "0.1.0"
