"""Which SDK is installed. Asked at each look at the machine, so it imports nothing of what runs a tunnel."""

from __future__ import annotations

import importlib.metadata
import importlib.util


def sdk_version() -> str | None:
    """Return the version of the installed SDK without importing it, None where there is none."""
    try:
        found = importlib.util.find_spec("ngrok")
        return None if found is None else importlib.metadata.version("ngrok")
    except ImportError:  # of which PackageNotFoundError is one
        return None
