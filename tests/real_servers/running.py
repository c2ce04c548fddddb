"""One real server that runs, with a relay before it, as a visitor meets it under a public name."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Message, Request

from portway.core.target import Target
from portway.relay.relay import Opening, Relay
from portway.relay.truth import Language, language_of
from tests.fakes.backends.news import RecordedNews
from tests.real_servers.installed import cache, program_of
from tests.real_servers.table import RealServer

PUBLIC_NAME = "shop.example.com"
BIG = random.Random(1).randbytes(3 << 20)
START, PATIENCE = 90.0, 30.0  # seconds: Next builds its pages first


@dataclass(frozen=True)
class Running:
    """A server and the relay before it."""

    server: RealServer
    target: Target
    relay: Relay
    folder: Path

    @contextmanager
    def asked(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> Iterator[http.client.HTTPResponse]:
        """Ask as a visitor does who came by the public name; the answer is not read yet."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.relay.port, timeout=PATIENCE)) as visitor:
            named = {"Host": PUBLIC_NAME, **{name.replace("_", "-"): value for name, value in headers.items()}}
            visitor.request(method, path, body, named)
            with visitor.getresponse() as answer:
                yield answer

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Return status and body."""
        with self.asked(method, path, body) as answer:
            return answer.status, answer.read()

    def send_own_name(self) -> None:
        """Let it get its own name from now on."""
        self.relay.send_host(f"{self.target.host}:{self.target.port}", self.target)

    def socket(self, path: str) -> VisitorSocket:
        """Open a WebSocket at the public name."""
        return VisitorSocket(self.relay.port, path, self.server.protocol)


class VisitorSocket:
    """A WebSocket of a visitor."""

    def __init__(self, port: int, path: str, protocol: str | None) -> None:
        self._connection = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._speaks = WSConnection(ConnectionType.CLIENT)
        headers = [(b"Origin", f"https://{PUBLIC_NAME}".encode())]
        spoken = [protocol] if protocol else []
        asked = Request(host=PUBLIC_NAME, target=path, subprotocols=spoken, extra_headers=headers)
        self._connection.sendall(self._speaks.send(asked))
        answer = self._next()
        if not isinstance(answer, AcceptConnection):
            self.close()
            pytest.fail(f"the WebSocket was refused: {answer}")

    def send(self, text: str) -> None:
        """Say something."""
        self._connection.sendall(self._speaks.send(Message(data=text)))

    def hear(self) -> str:
        """Return the next message."""
        event = self._next()
        assert isinstance(event, Message)
        return str(event.data)

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _next(self) -> object:
        while True:
            for event in self._speaks.events():
                return event
            data = self._connection.recv(1 << 16)
            assert data, "the server ended the WebSocket"
            self._speaks.receive_data(data)


@contextmanager
def running(server: RealServer, folder: Path) -> Iterator[Running]:
    """Start it in an empty folder, and a relay that leads to it."""
    target = Target("http", "127.0.0.1", _free_port())
    with ExitStack() as stack:
        home = folder
        if server.node:  # its packages are found in the folders above its own
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=cache() / "node")))
        child = stack.enter_context(_started(server, folder, home, target.port))
        _wait_until_it_speaks(server, target, child, folder / "said.txt")
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        relay = Relay(Opening(listening=listening, name=server.name, origin=target, listener=RecordedNews()))
        try:
            yield Running(server, target, relay, folder)
        finally:
            relay.close(5)


@contextmanager
def _started(server: RealServer, folder: Path, home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    for name, text in server.files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.replace("@PORT@", str(port)), encoding="utf-8")
    for name in ("big.bin", "public/big.bin"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(BIG)
    words = [word.format(cache=cache(), port=port) for word in server.command]
    environment = {**os.environ, "HOME": str(home), "NEXT_TELEMETRY_DISABLED": "1"}
    with (folder / "said.txt").open("wb") as said:
        child = subprocess.Popen(
            [program_of(server) or words[0], *words[1:]],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait(PATIENCE)


def _wait_until_it_speaks(server: RealServer, target: Target, child: subprocess.Popen[bytes], said: Path) -> None:
    end = time.monotonic() + START
    while language_of(target, 10.0) is not Language.HTTP:
        if time.monotonic() > end or child.poll() is not None:
            pytest.fail(f"{server.name} did not start: {said.read_text()}")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
