"""The way to the daemon's own interface: a unix socket, or for the app of macOS a port with a token."""

from __future__ import annotations

import base64
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SOCKET = Path("/var/run/tailscaled.socket" if sys.platform == "darwin" else "/var/run/tailscale/tailscaled.sock")
_APP_FOLDER = Path("/Library/Tailscale") if sys.platform == "darwin" else None
_PORT_LINK = "ipnport"  # points at the port instead of at a file
_LONGEST_TOKEN = 4096


@dataclass(frozen=True, slots=True)
class LocalApiTransport:
    """Windows has a pipe instead, on which a read can neither be limited nor ended: there is no way through it.

    `app_folder` is where the app of macOS from Tailscale's own pages leaves its port and, for administrators only, its
    token. That of the App Store tells neither.
    """

    socket_path: Path = SOCKET
    app_folder: Path | None = _APP_FOLDER

    @contextmanager
    def open(self, limit: float) -> Iterator[LocalApiConnection]:
        """Connect; each step on the way then blocks for at most `limit` seconds. Raises OSError."""
        if hasattr(socket, "AF_UNIX") and (self.app_folder is None or self.socket_path.exists()):
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            address: str | tuple[str, int] = str(self.socket_path)
            headers: Mapping[str, str] = {}
        else:
            port, token = self._app()
            link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            address = ("127.0.0.1", port)
            headers = {"Authorization": f"Basic {base64.b64encode(f':{token}'.encode()).decode()}"}
        with link:
            link.settimeout(limit)
            link.connect(address)
            yield LocalApiConnection(link, headers)

    def _app(self) -> tuple[int, str]:
        if self.app_folder is None:
            message = "Tailscale has no socket on this system"
            raise OSError(message)
        told = os.readlink(self.app_folder / _PORT_LINK)  # noqa: PTH115 - it is a number, and no path
        if not (told.isascii() and told.isdecimal() and 0 < int(told) < 1 << 16):
            message = "the app of Tailscale tells no port"
            raise OSError(message)
        with (self.app_folder / f"sameuserproof-{told}").open(encoding="ascii", errors="replace") as file:
            return int(told), file.read(_LONGEST_TOKEN).strip()


@dataclass(frozen=True, slots=True)
class LocalApiConnection:
    """One connection, and the headers that each of its requests carries."""

    link: socket.socket
    headers: Mapping[str, str] = field(repr=False)  # they hold the token

    def hang_up(self) -> None:
        """End whatever waits on it. Any thread."""
        try:
            self.link.shutdown(socket.SHUT_RDWR)
        except OSError:  # it has ended already
            return
