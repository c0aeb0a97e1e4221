"""Frozen rows in, text, CSV, JSON and Markdown out."""
