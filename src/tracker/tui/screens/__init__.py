"""A screen arranges regions and passes messages."""
