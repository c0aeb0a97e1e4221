"""The command line: one file a command group; each parses, calls a service and prints a report."""
