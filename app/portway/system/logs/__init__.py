"""Writing and reading log files."""
