"""With the real sudo: the script runs as root for the right password, and a cancel ends all that it has started."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from tests.fakes.backends.news import wait_until
from tests.fakes.rights.throwaway_user import ThrowawayUser, throwaway_user
from tests.fakes.tailscale.computer import PASSWORD
from tests.limits import AT_ONCE

pytestmark = pytest.mark.children

_SCRIPT = """#!/bin/sh
sleep 60 &
echo $$ $! $(id -u) > "$(dirname "$0")/pids"
cat > "$(dirname "$0")/stdin"
echo begun
wait
"""
_INSTALL = """
import os, pathlib
from portway.backends.tailscale.setup.installer import Agreed, Installer
from portway.backends.tailscale.daemon.rights import Passwords
from portway.backends.tailscale.setup.script import Script
from portway.backends.tailscale.declaration import TailscaleTiming
from portway.core.cancel import CancelToken
from portway.core.errors import TunnelError
from portway.core.timing import Timing
from portway.system.processes.child import Children
from portway.system.processes.privileges import Privileges
from tests.fakes.backends.news import KnownSecrets, RecordedNews

password, path, sha256 = sys.argv[1:]
cancel = CancelToken()

class Nothing:
    def known(self, owner, name):
        return False

class News(RecordedNews):
    def progress(self, progress):
        print(progress.step, progress.message, flush=True)
        if progress.message == "begun":
            cancel.cancel()

privileges = Privileges(os.environ, Timing(), Children())
installer = Installer(privileges, None, os.environ, TailscaleTiming(), Children(), "linux")
script = Script(pathlib.Path(path), "", 0, sha256)
try:
    passwords = Passwords(KnownSecrets({"sudo_password": password}), Nothing(), "x")
    installer.install(passwords, News(), cancel, Agreed(script))
except TunnelError as error:
    print(error.code)
"""


def install(user: ThrowawayUser, script: Path, sha256: str, password: str) -> str:
    command = user.python(_INSTALL, password, str(script), sha256)
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.stderr == ""
    return ran.stdout


@pytest.mark.parametrize("password", [PASSWORD, f" ({PASSWORD}) \"'"])
def test_a_cancel_ends_what_runs_as_root(password: str) -> None:
    with throwaway_user(password) as user, tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "install.sh")
        script.write_text(_SCRIPT)
        for path in (folder, script):
            shutil.chown(path, user.name)
        sha256 = hashlib.sha256(_SCRIPT.encode()).hexdigest()
        assert install(user, script, sha256, "wrong") == "wrong_sudo_password\n"
        began = time.monotonic()
        first, *_, last = install(user, script, sha256, password).splitlines()
        assert (first, last) == ("install begun", "cancelled")  # a busy computer has to be waited for in between
        assert time.monotonic() - began < AT_ONCE
        shell, sleep, uid = map(int, Path(folder, "pids").read_text().split())
        assert uid == 0
        assert Path(folder, "stdin").read_bytes() == b""
        for pid in (shell, sleep):
            wait_until(lambda pid=pid: not psutil.pid_exists(pid), AT_ONCE)  # type: ignore[misc]
        assert not script.exists()
