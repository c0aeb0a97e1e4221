"""The adapter of Asana; `adapter.KIND` is what the entry point names."""
