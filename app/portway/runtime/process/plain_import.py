"""PySide6 without what it does to all later imports."""

import builtins


def import_qt() -> None:
    """Import PySide6, then have `import` as Python made it.

    PySide6 6.11 replaces it by one that reads the source of every later module, to find those that use PySide6: 0.1 s
    and 3 MB for all of ours (measured). It is for `from __feature__ import …`, which nothing here does.
    """
    import PySide6.QtCore  # noqa: F401 - for what it does to `import`

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
