"""Which version of a library is installed, told by the folder beside it: nothing of it is imported."""

import importlib.util
from pathlib import Path

_METADATA = ".dist-info"  # PyPA: beside an installed package lies NAME-VERSION.dist-info


def installed_version(module: str, distribution: str = "") -> str | None:
    """Return the version of a distribution, by default called like its module; None where it is not installed.

    Not by importlib.metadata: that loads the parsers of e-mail and CSV, 2 MB in a program that idles.
    """
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        return None
    for folder in Path(found.origin).parent.parent.glob(f"*{_METADATA}"):
        name, _, version = folder.name.removesuffix(_METADATA).partition("-")
        if _plain(name) == _plain(distribution or module):
            return version
    return None


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")
