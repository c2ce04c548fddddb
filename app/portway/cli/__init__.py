"""The command line: starts Portway, and talks to a running one over REST. No Qt."""

from portway.cli.program import main

__all__ = ["main"]
