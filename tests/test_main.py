"""How Portway leaves: as Python does, unless native code of others may be running on a thread of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.limits import NEVER

pytestmark = pytest.mark.children

_LEAVE = """
import atexit, sys, types
from portway import main
main._run_headless = lambda start: 3
if sys.argv[1]:
    sys.modules[sys.argv[1]] = types.ModuleType(sys.argv[1])
atexit.register(print, "taken apart", flush=True)
sys.exit(main.run(headless=True))
"""


@pytest.mark.parametrize(
    ("loaded", "said"), [("", b"taken apart"), ("ngrok", b""), ("keyring", b"")], ids=["neither", "ngrok", "keyring"]
)
def test_python_is_not_taken_apart_beside_native_threads(environment: dict[str, str], loaded: str, said: bytes) -> None:
    """An import of Rust that is under way then aborts the process: seen in 1 of 75 ends during the first use."""
    command = [sys.executable, "-c", _LEAVE, loaded]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=NEVER)
    assert (done.returncode, done.stdout.strip()) == (3, said), done.stderr.decode()


_WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "PySide6.QtWidgets":
            raise ImportError(sys.argv[1])

sys.meta_path.insert(0, Missing())
from portway import main
sys.exit(main.run(headless=False))
"""


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            "libGL.so.1: cannot open shared object file: No such file or directory",
            "portway: The window needs libGL.so.1, which is missing. It is in the package libgl1 of Debian and Ubuntu, libglvnd-glx of Fedora. “portway --headless” runs without it.\n",  # noqa: E501 - one sentence
        ),
        (
            "libodd.so.7: cannot open shared object file: No such file or directory",
            "portway: The window needs libodd.so.7, which is missing. “portway --headless” runs without it.\n",
        ),
    ],
    ids=["known", "unknown"],
)
def test_a_missing_library_is_told_in_one_sentence(environment: dict[str, str], reason: str, words: str) -> None:
    own = {**environment, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", _WITHOUT, reason]
    done = subprocess.run(command, env=own, capture_output=True, check=False, timeout=NEVER, encoding="utf-8")
    assert (done.returncode, done.stderr) == (1, words)
