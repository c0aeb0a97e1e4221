"""The adapter of Wrike; `adapter.KIND` is what the entry point names."""
