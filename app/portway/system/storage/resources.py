"""Files that come with the program: icons, translations."""

from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def resource(name: str) -> Path:
    """Return the path of `resources/NAME`."""
    return _folder() / name


@lru_cache(maxsize=1)
def _folder() -> Path:
    """In a wheel and in a bundle they are inside the package; an editable install leaves them in the repository."""
    packed = _PACKAGE / "resources"
    return packed if packed.is_dir() else _PACKAGE.parent.parent / "resources"
