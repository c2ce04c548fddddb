"""What dev.py starts to try the bundle, to make packages of it, and to make a site of the pages."""

import os
import subprocess
import sys

from development.environment import SetUpError, ensure_packaging_tools
from development.places import Places

VARIABLE = "PORTWAY_BUNDLE"
TESTS = "tests/installer/shipping/test_bundle.py"


def try_bundle(places: Places, arguments: list[str]) -> int:
    """Run the tests of the bundle, as a person would use it; return their exit code."""
    program = places.root / "dist" / "portway" / ("portway.exe" if sys.platform == "win32" else "portway")
    if not program.is_file():
        name = program.relative_to(places.root)
        sentence = f"{name} is not there yet. This builds it: python3 installer/dev.py build"
        raise SetUpError(sentence)
    return _start(places, ["pytest", TESTS, *arguments], {VARIABLE: str(program)})


def package_bundle(places: Places, arguments: list[str]) -> int:
    """Make the packages of Linux that are named, else all of them; return the exit code."""
    nfpm = ensure_packaging_tools(places) / "nfpm"
    return _start(places, ["shipping", str(nfpm), *arguments], {"PYTHONPATH": str(places.root / "installer")})


def build_pages(places: Places, arguments: list[str]) -> int:
    """Make a site of the pages in docs, as mkdocs.yml says; return the exit code, not 0 where a link is broken."""
    command = [str(ensure_packaging_tools(places) / "mkdocs"), "build", *arguments]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # of no concern to who reads the pages
    return subprocess.run(command, cwd=places.root, env=environment, check=False).returncode


def _start(places: Places, module: list[str], environment: dict[str, str]) -> int:
    command = [str(places.python), "-m", *module]
    return subprocess.run(command, cwd=places.root, env={**os.environ, **environment}, check=False).returncode
