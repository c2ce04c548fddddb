"""Patterns take the digits and letters that protocols are made of; those of every script only where they say so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
_CLASSES = re.compile(r"\\[dDwW]")


def _patterns() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                yield f"{path.relative_to(APP)}:{node.lineno}", node


def _is_open(call: ast.Call) -> bool:
    """Whether it has a class of characters that takes all of Unicode: a pattern of text, without a flag."""
    pattern = call.args[0]
    is_text = not any(isinstance(part, ast.Constant) and isinstance(part.value, bytes) for part in ast.walk(pattern))
    says_so = any(flag in ast.unparse(call) for flag in ("re.ASCII", "re.UNICODE"))
    return is_text and bool(_CLASSES.search(ast.unparse(pattern))) and not says_so


def test_no_pattern_takes_digits_or_letters_of_every_script_unasked() -> None:
    assert [place for place, call in _patterns() if _is_open(call)] == []
