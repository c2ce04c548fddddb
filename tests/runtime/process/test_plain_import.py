"""Imports after PySide6 cost no more than before it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.children

_READ = "import json, linecache, portway.runtime.hub\nprint(json.dumps(list(linecache.cache)))\n"


@pytest.mark.parametrize(
    ("begin", "reads"),
    [
        ("import PySide6.QtCore\n", True),  # what PySide6 does; where it stops doing so, `import_qt` can go
        ("from portway.runtime.process.plain_import import import_qt\nimport_qt()\n", False),
    ],
)
def test_the_sources_of_our_modules_are_not_read(begin: str, *, reads: bool) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", begin + _READ]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    sources = json.loads(said.stdout)
    assert any(source.endswith("hub.py") for source in sources) is reads
