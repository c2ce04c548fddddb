"""Which SDK is installed. Asked at each look at the machine, so it imports nothing of what runs a tunnel."""

from __future__ import annotations

from portway.system.installed import installed_version

_PACKAGE = "ngrok"


def sdk_version() -> str | None:
    """Return the version of the installed SDK without importing it, None where there is none."""
    return installed_version(_PACKAGE)
