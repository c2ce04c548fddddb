"""Finds the modules that the source imports by name: a bundler follows import statements, and sees none of them."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path


def named_modules(package: Path) -> set[str]:
    """Return every module that a constant names in a call of `importlib.import_module`."""
    return {name for path in package.rglob("*.py") for name in _in(ast.parse(path.read_text(encoding="utf-8")))}


def installed_modules(package: Path) -> list[str]:
    """Return those of them that are installed here: there is no ngrok for some machines, no zstd in some Pythons."""
    return sorted(name for name in named_modules(package) if _is_installed(name))


def _in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            (argument, *_) = node.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # not even its package
        return False
