"""The field for the local server, and finding those that listen."""
