"""Which SDK is installed. Asked at each look at the machine, so it imports nothing of what runs a tunnel."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_PACKAGE = "ngrok"
_METADATA = ".dist-info"  # PyPA: the folder beside an installed package is called NAME-VERSION.dist-info


def sdk_version() -> str | None:
    """Return the version of the installed SDK without importing it, None where there is none.

    Not by importlib.metadata: that loads the parsers of e-mail and CSV, 1 MB in a program that idles.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        return None
    for folder in Path(found.origin).parent.parent.glob(f"{_PACKAGE}-*{_METADATA}"):
        return folder.name.removeprefix(f"{_PACKAGE}-").removesuffix(_METADATA)
    return None
