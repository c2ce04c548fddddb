"""A real sshd on loopback, run by the user of the tests, that lets one key in; skipped where there is none."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.fakes.backends.news import wait_until
from tests.limits import SEEN

SSHD = shutil.which("sshd", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))
_CHROOT = Path("/run/sshd")  # Debian's, asked for where it runs as root
_SETTINGS = """
Port {port}
ListenAddress {address}
HostKey {folder}/host-key
AuthorizedKeysFile {folder}/authorized
StrictModes no
UsePAM no
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel VERBOSE
"""


class SshServer:
    """Runs while its context lasts. `key` is the one that gets in."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address
        self.port = 0
        self.key = folder / "key"
        self._process: subprocess.Popen[bytes] | None = None
        _make_key(self.key)
        self.renew_host_key()
        self.allow()

    def allow(self, restrictions: str = "") -> None:
        """Let the key in, under these restrictions."""
        line = f"{restrictions} {self.key.with_suffix('.pub').read_text()}".lstrip()
        (self.folder / "authorized").write_text(line)

    def renew_host_key(self) -> None:
        """Show another key from the next start on."""
        for path in (self.folder / "host-key", self.folder / "host-key.pub"):
            path.unlink(missing_ok=True)
        _make_key(self.folder / "host-key")

    @property
    def fingerprint(self) -> str:
        """What `ssh-keygen` says of the key that it shows."""
        command = ["ssh-keygen", "-lf", str(self.folder / "host-key.pub")]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[1]

    @property
    def known_line(self) -> str:
        """The line of somebody who knows it."""
        kind, key, *_ = (self.folder / "host-key.pub").read_text().split()
        return f"[{self.address}]:{self.port} {kind} {key}\n"

    @property
    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "sshd.log").read_text(errors="replace")

    def start(self, *settings: str) -> None:
        """Listen, with these settings beside those that it needs; at the port of the last time, if there was one."""
        if os.getuid() == 0:
            _CHROOT.mkdir(mode=0o755, exist_ok=True)
        for _ in range(20):
            self.port = self.port or free_port(self.address)
            if self._starts("\n".join(settings)):
                return
            self.port = 0  # somebody was faster
        raise AssertionError(self.log)

    def stop(self) -> None:
        """End it and all connections."""
        process = self._process
        if process is None:
            return
        process.send_signal(signal.SIGSTOP)  # nobody comes in meanwhile
        left = self.connections()
        self.kill_connections()
        process.kill()
        process.wait()
        self._process = None
        psutil.wait_procs(left, timeout=SEEN)

    def connections(self) -> list[psutil.Process]:
        """Return the processes of those who are connected."""
        return [] if self._process is None else psutil.Process(self._process.pid).children(recursive=True)

    def kill_connections(self) -> None:
        """Cut everybody off."""
        for process in self.connections():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def freeze_connections(self) -> None:
        """Say nothing more to those who are connected, as a network that is gone."""
        for process in self.connections():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()

    def freeze(self) -> None:
        """Take connections, and say nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def _starts(self, more: str) -> bool:
        settings = _SETTINGS.format(port=self.port, address=self.address, folder=self.folder)
        (self.folder / "sshd.conf").write_text(f"{settings}\n{more}\n")
        command = [str(SSHD), "-D", "-e", "-f", str(self.folder / "sshd.conf")]
        with (self.folder / "sshd.log").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(lambda: "Server listening on" in self.log or process.poll() is not None, what=str(command))
        if process.poll() is None:
            self._process = process
            return True
        assert "in use" in self.log, self.log
        return False


@contextmanager
def ssh_server(folder: Path, address: str = "127.0.0.1", *settings: str) -> Iterator[SshServer]:
    """Run one; skips the test where there is no sshd."""
    if SSHD is None or shutil.which("ssh") is None:
        pytest.skip("there is no sshd here (Debian: apt install openssh-server)")
    folder.mkdir(mode=0o700, exist_ok=True)
    server = SshServer(folder, address)
    server.start(*settings)
    try:
        yield server
    finally:
        server.stop()


def _make_key(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(path)], check=True)


def free_port(address: str = "127.0.0.1") -> int:
    """Return a port at which nobody listens now, of those that no system gives out by itself."""
    while True:
        port = random.randrange(10_000, 19_000)
        with contextlib.suppress(OSError), socket.create_server((address, port)):
            return port
