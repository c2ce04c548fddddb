"""A crash leaves no image of the memory, where the secrets are."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.children

pytest.importorskip("resource", reason="this system has no limits of a process")

_FORBID = """
import resource, subprocess, sys
from portway.system.processes.signals import forbid_core_dump
_, hard = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
forbid_core_dump()
print(resource.getrlimit(resource.RLIMIT_CORE) == (0, hard))
show = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
subprocess.run([sys.executable, "-c", show], check=True)
"""


def test_neither_we_nor_our_children_leave_a_core_dump_and_a_child_may_allow_its_own() -> None:
    done = subprocess.run([sys.executable, "-u", "-c", _FORBID], capture_output=True, check=True, timeout=20)
    assert done.stdout.split() == [b"True", b"0"]
