"""A server that runs out of descriptors goes on as soon as there are some."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

pytestmark = pytest.mark.children

LIMIT = 20.0  # seconds: only bounds a hang
ROOT = Path(__file__).parents[3]
SERVER = """
import os, resource, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from portway.core.timing import Timing
from portway.rest.server.server import RestServer
from portway.rest.auth.tokens import Tokens
from tests.fakes.backends.api import api_backends
from tests.fakes.runtime.hub import FakeHub, FakeVault
application = QCoreApplication([])
hub, tokens = FakeHub(api_backends(), holds=False), Tokens.load(Path(sys.argv[1]), {})
timing = Timing(request_limit=60.0)
server = RestServer(hub, FakeVault(), tokens, version="1", timing=timing, run_folder=Path(sys.argv[1]))
port = server.listen(0)
used = len(os.listdir("/dev/fd"))
resource.setrlimit(resource.RLIMIT_NOFILE, (used + 20, used + 20))
print(port, flush=True)
application.exec()
"""


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system counts descriptors in another way")
def test_answers_again_once_the_crowd_has_left(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT) as child:
        try:
            assert child.stdout is not None
            port = int(child.stdout.readline())
            with ExitStack() as crowd:
                for _ in range(60):
                    crowd.enter_context(socket.create_connection(("127.0.0.1", port), timeout=LIMIT))
                with pytest.raises(TimeoutError):
                    healthy(port, patience=0.3)
            until = time.monotonic() + LIMIT
            while not answers(port):
                assert time.monotonic() < until, "it does not accept anybody any more"
            assert child.poll() is None
        finally:
            child.kill()


def healthy(port: int, patience: float) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    finally:
        connection.close()


def answers(port: int) -> bool:
    try:
        return healthy(port, patience=0.5)
    except OSError:
        return False
