"""A private message bus, and the real keyring of GNOME on it: unlocked, locked, hung or gone, as a test wants."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.limits import SEEN

BUS = "dbus-daemon"
KEYRING = "gnome-keyring-daemon"
_PASSWORD = b"correct horse"  # without a line break, which would be taken as a part of it
# Without service folders: nothing is started by the mere look for it.
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


class SessionBus:
    """`environment` is what a program needs to be on this bus. Ends all that it started."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._home = home
        self._keyring: subprocess.Popen[bytes] | None = None
        socket, config = folder / "bus", folder / "bus.conf"
        config.write_text(_CONFIG.format(socket=socket))
        self.environment: dict[str, str] = {
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={socket}",
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_RUNTIME_DIR": str(folder),
        }
        command = [BUS, f"--config-file={config}", "--nofork", "--nopidfile"]
        self._bus = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait_for(socket.exists, "the message bus")

    def unlock_keyring(self) -> None:
        """Start the keyring, unlocked; at the first time it is made."""
        self._start_keyring("--unlock")
        assert self._keyring is not None
        assert self._keyring.stdin is not None
        self._keyring.stdin.write(_PASSWORD)
        self._keyring.stdin.close()
        _wait_for(lambda: self._has_collection(locked=False), "the keyring")

    def lock_keyring(self) -> None:
        """Make the keyring, then start it again without its password."""
        self.unlock_keyring()
        self.kill_keyring()
        self._start_keyring()
        _wait_for(lambda: self._has_collection(locked=True), "the locked keyring")

    def hang_keyring(self) -> None:
        """Let the keyring answer nothing any more."""
        assert self._keyring is not None
        self._keyring.send_signal(signal.SIGSTOP)

    def wake_keyring(self) -> None:
        assert self._keyring is not None
        self._keyring.send_signal(signal.SIGCONT)

    def kill_keyring(self) -> None:
        """End the keyring without a word; what it holds stays on its disk."""
        if self._keyring is not None:
            _end(self._keyring)
            self._keyring = None

    def close(self) -> None:
        self.kill_keyring()
        _end(self._bus)

    def _start_keyring(self, *how: str) -> None:
        command = [KEYRING, "--foreground", "--components=secrets", *how]
        environment = {"PATH": os.environ["PATH"], **self.environment}
        self._keyring = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _has_collection(self, *, locked: bool) -> bool:
        with changed_environment(self.environment), contextlib.suppress(Exception):
            import secretstorage

            with contextlib.closing(secretstorage.dbus_init()) as connection:
                return secretstorage.Collection(connection).is_locked() is locked
        return False


@contextmanager
def session_bus(home: Path, *, keyring: bool = True) -> Iterator[SessionBus]:
    """Start a bus; skips the test, by name, where the programs are missing. `keyring`: it will have one."""
    for program in (BUS, KEYRING) if keyring else (BUS,):
        if shutil.which(program) is None:
            pytest.skip(f"{program} not found")
    folder = Path("/tmp", f"pwb{os.getpid()}-{time.monotonic_ns()}")  # noqa: S108 - short, as a socket's path has to be
    folder.mkdir(mode=0o700)
    bus = SessionBus(folder, home)
    try:
        yield bus
    finally:
        bus.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def changed_environment(changes: Mapping[str, str]) -> Iterator[None]:
    """Change the environment of this process for the block: libraries look for the bus there."""
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        for name in changes:
            os.environ.pop(name, None)
        os.environ.update(before)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    process.kill()
    process.wait(SEEN)


def _wait_for(claim: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + SEEN
    while not claim():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.02)
