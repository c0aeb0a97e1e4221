"""Files in and out: JSON of everything, CSV of tasks."""
