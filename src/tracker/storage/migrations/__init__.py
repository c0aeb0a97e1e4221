"""Schema migrations, run when an older database is opened."""
