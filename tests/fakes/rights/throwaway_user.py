"""A user of this computer who may use the real sudo, for as long as a test needs one."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_NAME = "portwaysudotest"
_PATHS = (str(ROOT / "app"), str(ROOT))
_FIND_THEM = f"import sys; sys.path[:0] = {_PATHS!r}\n"


@dataclass(frozen=True, slots=True)
class ThrowawayUser:
    """Who runs Python as somebody who is no administrator."""

    name: str

    def python(self, code: str, *arguments: str) -> list[str]:
        """Return the command that runs `code`, which finds Portway and the tests, as this user."""
        return [
            "setpriv",
            "--reuid",
            self.name,
            "--clear-groups",
            sys.executable,
            "-c",
            _FIND_THEM + code,
            *arguments,
        ]


@contextmanager
def throwaway_user(password: str) -> Iterator[ThrowawayUser]:
    """Make the user, whom sudo asks for this password; skip the test where that cannot be done."""
    if os.getuid() != 0 or not all(map(shutil.which, ("sudo", "useradd", "userdel", "chpasswd", "setpriv"))):
        pytest.skip("it takes root, sudo and useradd to make a throwaway user")
    rules = Path("/etc/sudoers.d") / _NAME
    user = ThrowawayUser(_NAME)
    subprocess.run(["useradd", "-M", _NAME], check=True)
    try:
        subprocess.run(["chpasswd"], input=f"{_NAME}:{password}\n".encode(), check=True)
        rules.write_text(f"{_NAME} ALL=(ALL) ALL\n")
        rules.chmod(stat.S_IRUSR | stat.S_IRGRP)
        if subprocess.run(user.python("import portway"), capture_output=True, check=False).returncode != 0:
            pytest.skip("another user can run neither this Python nor this checkout")
        yield user
    finally:
        rules.unlink(missing_ok=True)
        subprocess.run(["userdel", _NAME], check=True)
