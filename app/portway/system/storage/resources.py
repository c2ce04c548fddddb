"""Files that come with the program: icons, translations, the page about trouble."""

from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def resource(name: str) -> Path:
    """Return the path of `resources/NAME`."""
    return _folder() / name


def guide(name: str) -> Path:
    """Return the path of a page of `docs` that comes along."""
    packed = _folder() / "guides" / name
    return packed if packed.is_file() else _PACKAGE.parent.parent / "docs" / name


@lru_cache(maxsize=1)
def _folder() -> Path:
    """In a wheel and in a bundle they are inside the package; an editable install leaves them in the repository."""
    packed = _PACKAGE / "resources"
    return packed if packed.is_dir() else _PACKAGE.parent.parent / "resources"
