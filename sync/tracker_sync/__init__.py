"""Sync adapters; each is found by name through the entry-point group tracker.sync_adapters."""
