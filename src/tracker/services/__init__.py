"""What a person can do, as functions; the only callers of storage."""
