"""All causes that can be told: the common ones, and those that backends declare in their folders."""

from __future__ import annotations

import importlib
import pkgutil

from portway import backends
from portway.core.codes import Code
from portway.core.sentences import SENTENCES, Cause, common_cause


def declared_causes() -> list[Cause]:
    """Return those of the backends."""
    folders = [one.name for one in pkgutil.iter_modules(backends.__path__) if one.ispkg]
    modules = [importlib.import_module(f"portway.backends.{name}.causes") for name in folders]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Cause)]


def all_causes() -> list[Cause]:
    """Return every cause, the common ones first."""
    common = (key.partition(".") for key in SENTENCES)
    return [*(common_cause(Code(code), variant) for code, _, variant in common), *declared_causes()]
