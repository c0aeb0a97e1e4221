"""The tests; they mirror src and sync."""
