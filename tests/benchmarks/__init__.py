"""Measurements of speed and size; README.md says what is measured and how. No test fails on a time."""
