"""What the local network costs: a published target against the bare one, with each side in a process of its own.

Goals: throughput at least 0.3 of that of the bare target over loopback, where 0.5 would be all, as each byte crosses
it twice; a round trip takes at most 150 µs more and a new connection at most 300 µs; with 200 connections at least 0.6
of the HTTP requests a second, while other threads of the publishing process are at most 5 ms late in 99 of 100 cases.
A call that enables is answered with the URL at most 60 ms later than a bare socket listens.
"""

from __future__ import annotations

import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.lan_parts import publisher, target
from tests.benchmarks.measure import REPEATS, median, report
from tests.fakes.origin import origin_server
from tests.fakes.program import started

_ADDRESS = "127.0.0.2"
_PINGS, _CONNECTIONS = 2000, 500
_CROWD, _CROWD_SECONDS = 200, 2.0
_ONE, _REQUEST = b"e", b"GET / HTTP/1.1\r\nHost: portway.test\r\nAccept: */*\r\n\r\n"
_PATIENCE = 60.0  # seconds

Place = tuple[str, int]
Measure = Callable[[Place], float]


class Pair(NamedTuple):
    """One target, published and bare."""

    published: Place
    bare: Place
    publisher: subprocess.Popen[str]


def run() -> list[bool]:
    """Measure and print."""
    with _published() as pair:
        met = [
            _compared("throughput, to the visitor", _download, pair, "≥ 0.3", " GB/s"),
            _compared("throughput, to the target", _upload, pair, "≥ 0.3", " GB/s"),
            _added("round trip", _round_trip, pair, "≤ 150"),
            _added("new connection", _connecting, pair, "≤ 300"),
        ]
    with _published() as pair:  # another one, whose lateness is that of the crowd alone
        met += [_compared(f"HTTP requests a second, {_CROWD} connections", _requests, pair, "≥ 0.6", "/s")]
        late = float(pair.publisher.communicate(timeout=_PATIENCE)[0])
    met += [report(f"lateness of other threads, {_CROWD} connections, p99", 1000 * late, None, "≤ 5", " ms")]
    return [*met, _enabling()]


@contextmanager
def _published() -> Iterator[Pair]:
    with ExitStack() as stack:
        serving = stack.enter_context(_child(target.__name__))
        bare = ("127.0.0.1", _port_of(serving))
        publishing = stack.enter_context(_child(publisher.__name__, f"http://127.0.0.1:{bare[1]}", _ADDRESS))
        yield Pair((_ADDRESS, _port_of(publishing)), bare, publishing)


@contextmanager
def _child(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with tempfile.TemporaryDirectory(prefix="portway-bench-") as folder:
        command = [sys.executable, "-m", module, *arguments]
        environment = {**os.environ, "PORTWAY_HOME": folder, "PORTWAY_KEYRING": "memory"}
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as child:
            try:
                yield child
            finally:
                child.kill()


def _port_of(child: subprocess.Popen[str]) -> int:
    assert child.stdout is not None
    return int(child.stdout.readline())


def _compared(name: str, measure: Measure, pair: Pair, goal: str, unit: str) -> bool:
    value, floor = _both(measure, pair)
    return report(name, value, floor, goal, unit)


def _added(name: str, measure: Measure, pair: Pair, goal: str) -> bool:
    value, floor = _both(measure, pair)
    return report(f"{name}, added to {floor:.3g} µs", value - floor, None, goal, " µs")


def _both(measure: Measure, pair: Pair) -> tuple[float, float]:
    """Measure both by turns, so that what else the computer does meanwhile weighs on both."""
    values = [(measure(pair.published), measure(pair.bare)) for _ in range(REPEATS)]
    value, floor = (statistics.median(side) for side in zip(*values, strict=True))
    return value, floor


def _download(place: Place) -> float:
    with _connected(place) as connection:
        began = time.perf_counter()
        connection.sendall(target.SEND)
        target.take(connection)
        return target.TRANSFER / (time.perf_counter() - began) / 1e9


def _upload(place: Place) -> float:
    with _connected(place) as connection:
        connection.sendall(target.TAKE)
        assert connection.recv(1) == target.READY
        began = time.perf_counter()
        target.send(connection)
        assert connection.recv(1) == target.READY
        return target.TRANSFER / (time.perf_counter() - began) / 1e9


def _round_trip(place: Place) -> float:
    with _connected(place) as connection:
        began = time.perf_counter()
        for _ in range(_PINGS):
            connection.sendall(_ONE)
            connection.recv(1)
        return (time.perf_counter() - began) / _PINGS * 1e6


def _connecting(place: Place) -> float:
    began = time.perf_counter()
    for _ in range(_CONNECTIONS):
        with _connected(place) as connection:
            connection.sendall(_ONE)
            assert connection.recv(1) == _ONE
    return (time.perf_counter() - began) / _CONNECTIONS * 1e6


def _requests(place: Place) -> float:
    """Let each of many connections ask again as soon as it is answered."""
    with ExitStack() as stack, selectors.DefaultSelector() as waiting:
        for _ in range(_CROWD):
            connection = stack.enter_context(_connected(place))
            waiting.register(connection, selectors.EVENT_READ)
            connection.sendall(_REQUEST)
        answered, began = 0, time.perf_counter()
        while time.perf_counter() - began < _CROWD_SECONDS:
            for key, _events in waiting.select(_PATIENCE):
                assert isinstance(key.fileobj, socket.socket)
                assert key.fileobj.recv(4096)
                key.fileobj.sendall(_REQUEST)
                answered += 1
        return answered / (time.perf_counter() - began)


def _connected(place: Place) -> socket.socket:
    connection = socket.create_connection(place, _PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _enabling() -> bool:
    """Compare a call that enables, up to its answer with the URL, with a bare socket that listens and is reached."""

    def listening() -> float:
        began = time.perf_counter()
        with socket.create_server((_ADDRESS, 0)) as bare, _connected(bare.getsockname()):
            return 1000 * (time.perf_counter() - began)

    def enabling() -> float:
        with tempfile.TemporaryDirectory(prefix="portway-bench-") as folder, origin_server() as origin:
            environment = {**os.environ, "PORTWAY_HOME": folder, "PORTWAY_KEYRING": "memory"}
            environment |= {"PORTWAY_API_PORT": "0", "PORTWAY_LAN_ADDRESS": _ADDRESS}
            with started(environment, Path(folder, "output")) as program:
                program.status()
                began = time.perf_counter()
                _, answer = program.call("POST", "/api/tunnels/lan", {"action": "enable", "target": origin.url})
                assert answer["success"]
                return 1000 * (time.perf_counter() - began)

    return report(
        "first enable to the URL, over a bare socket", median(enabling) - median(listening), None, "≤ 60", " ms"
    )
