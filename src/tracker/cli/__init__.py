"""One file a command group: parse, call a service, print a report."""
