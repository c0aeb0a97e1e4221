"""A region owns its pixels, keys, messages and styles."""
