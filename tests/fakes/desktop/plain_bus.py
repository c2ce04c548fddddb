"""A message bus with nothing on it, where a test wants it to be."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.backends.news import wait_until
from tests.fakes.desktop.session_bus import BUS


@contextmanager
def plain_bus(place: Path) -> Iterator[str]:
    """Serve at this socket until the end of the block; yields the address. Skips the test where there is no program.

    The path of a socket ends at 108 bytes.
    """
    program = shutil.which(BUS)
    if program is None:
        pytest.skip(f"{BUS} not found")
    address = f"unix:path={place}"
    command = [program, "--session", "--nofork", "--nosyslog", f"--address={address}"]
    daemon = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(place), what="the bus")
        yield address
    finally:
        daemon.kill()
        daemon.wait()


def _answers(place: Path) -> bool:
    """Whether somebody listens there: the socket is seen before that."""
    with socket.socket(socket.AF_UNIX) as visitor:
        return visitor.connect_ex(str(place)) == 0
