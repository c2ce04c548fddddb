"""Many visitors at once and a target for them, each in a process of its own, and a WebSocket's messages."""

from __future__ import annotations

import contextlib
import json
import os
import select
import selectors
import signal
import socket
import statistics
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

CONNECTIONS = 50
PACE = 500  # requests a second
_STEADY = 10  # visitors, by turns
_END = b"\r\n\r\n"
_REQUEST = b"GET / HTTP/1.1\r\nHost: x.example\r\nAccept: */*\r\n\r\n"
_UPGRADE = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
_SWITCHED = b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
_MESSAGES = 2000
_PATIENCE = 30.0


class Crowd(NamedTuple):
    """Requests a second, and the waits in seconds, the shortest first."""

    rate: float
    waits: list[float]

    def wait(self, share: int) -> float:
        """Return within what so many of 100 were answered."""
        return self.waits[len(self.waits) * share // 100]


def forked(work: Callable[[], None]) -> int:
    """Let it go on in a process of its own, and return its number."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except (OSError, AssertionError):
        traceback.print_exc()
    finally:
        os._exit(1)


@contextmanager
def in_a_process(work: Callable[[], None]) -> Iterator[None]:
    """Let it go on in a process of its own while the block runs."""
    child = forked(work)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def answer_all(server: socket.socket, answer: bytes) -> None:
    """Serve everybody who connects, for ever."""
    waiting = selectors.DefaultSelector()
    waiting.register(server, selectors.EVENT_READ)
    while True:
        for key, _events in waiting.select():
            ready = key.fileobj
            assert isinstance(ready, socket.socket)
            if ready is server:
                waiting.register(server.accept()[0], selectors.EVENT_READ)
            elif asked := _heard(ready):
                ready.sendall(answer * asked.count(_END))
            else:
                waiting.unregister(ready)
                ready.close()


def crowd(port: int, seconds: float) -> Crowd:
    """Let visitors in a process of their own ask again as soon as they are answered."""
    waits = _told_apart(lambda: _asked(port, seconds))
    return Crowd(len(waits) / seconds, sorted(waits))


def by_turns(port: int, seconds: float) -> Crowd:
    """Let as many visitors ask by turns, PACE times a second, so that what answers them is never busy for long."""
    waits = _told_apart(lambda: _asked_by_turns(port, seconds))
    return Crowd(len(waits) / seconds, sorted(waits))


def _told_apart(ask: Callable[[], list[float]]) -> list[float]:
    """Return what is found out in a process of its own."""
    reading, writing = os.pipe()

    def tell() -> None:
        with os.fdopen(writing, "w") as telling:
            json.dump(ask(), telling)

    child = forked(tell)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        found: list[float] = json.loads(told.read())
    os.waitpid(child, 0)
    return found


@contextmanager
def steady(place: tuple[str, int], request: bytes, rate: int, *, source: str = "127.0.0.1") -> Iterator[list[float]]:
    """Let visitors in a process of their own ask so often a second while the block runs, answered or not.

    The value then holds how many of them a second were answered.
    """
    going_on, end = os.pipe()
    reading, writing = os.pipe()

    def ask() -> None:
        os.close(end)
        with os.fdopen(writing, "w") as telling:
            telling.write(str(_asked_steadily(place, request, rate, source, going_on)))

    child = forked(ask)
    os.close(going_on)
    os.close(writing)
    answered: list[float] = []
    with os.fdopen(reading) as told:
        try:
            yield answered
        finally:
            os.close(end)
            answered.append(float(told.read()))
            os.waitpid(child, 0)


def message_seconds(server: socket.socket, port: int) -> float:
    """Return how long a message takes to the target behind this port and back, once both speak WebSocket.

    Half of all take less. Each end is a process of its own: a thread beside the relay's would make that one wait.
    """
    with socket.create_connection(("127.0.0.1", port)) as visitor, server.accept()[0] as target:
        for end in (visitor, target):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        visitor.sendall(_UPGRADE)
        _until_end(target)
        target.sendall(_SWITCHED)
        _until_end(visitor)
        with in_a_process(lambda: _echo(target)):
            return statistics.median(_told_apart(lambda: _pinged(visitor)))


def _pinged(visitor: socket.socket) -> list[float]:
    took = []
    for _ in range(_MESSAGES):
        began = time.perf_counter()
        visitor.sendall(b"ping")
        visitor.recv(4)
        took.append(time.perf_counter() - began)
    return took


def wait_until_it_listens(port: int) -> None:
    """Return once somebody takes connections there."""
    end = time.monotonic() + _PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < end
        time.sleep(0.1)


def _heard(end: socket.socket) -> bytes:
    """Return what it says, nothing where it is gone."""
    with contextlib.suppress(ConnectionResetError):
        return end.recv(1 << 16)
    return b""


def _asked(port: int, seconds: float) -> list[float]:
    asked: dict[socket.socket, float] = {}
    waits: list[float] = []
    with ExitStack() as stack, selectors.DefaultSelector() as waiting:
        for _ in range(CONNECTIONS):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), _PATIENCE))
            waiting.register(connection, selectors.EVENT_READ)
            asked[connection] = time.perf_counter()
            connection.sendall(_REQUEST)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for key, _events in waiting.select(seconds):
                answered = key.fileobj
                assert isinstance(answered, socket.socket)
                assert answered.recv(1 << 16)
                now = time.perf_counter()
                waits.append(now - asked[answered])
                asked[answered] = now
                answered.sendall(_REQUEST)
    return waits


def _asked_by_turns(port: int, seconds: float) -> list[float]:
    waits: list[float] = []
    with ExitStack() as stack:
        visitors = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), _PATIENCE)) for _ in range(CONNECTIONS)
        ]
        for visitor in visitors:
            visitor.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        for number in range(round(seconds * PACE)):
            time.sleep(max(0.0, began + number / PACE - time.perf_counter()))
            visitor, asked = visitors[number % CONNECTIONS], time.perf_counter()
            visitor.sendall(_REQUEST)
            assert visitor.recv(1 << 16)
            waits.append(time.perf_counter() - asked)
    return waits


def _asked_steadily(place: tuple[str, int], request: bytes, rate: int, source: str, going_on: int) -> float:
    """Return how many a second were answered until the other end of `going_on` was closed."""

    def visitor() -> socket.socket:
        made = socket.create_connection(place, _PATIENCE, (source, 0))
        made.setblocking(False)
        return made

    visitors = [visitor() for _ in range(_STEADY)]
    began, asked, answers = time.perf_counter(), 0, 0
    while not select.select([going_on], [], [], max(0.0, began + asked / rate - time.perf_counter()))[0]:
        turn = asked % _STEADY
        answers += _answers(visitors[turn])
        try:
            visitors[turn].send(request)
        except BlockingIOError:
            pass  # nothing is taken from it now: it asks no more than that
        except OSError:  # it was sent away, and comes again
            visitors[turn].close()
            visitors[turn] = visitor()
        asked += 1
    return (answers + sum(map(_answers, visitors))) / (time.perf_counter() - began)


def _answers(end: socket.socket) -> int:
    """Return how many have come since the last look."""
    with contextlib.suppress(OSError):
        return end.recv(1 << 20).count(b"HTTP/1.1 ")
    return 0


def _echo(target: socket.socket) -> None:
    while said := target.recv(64):
        target.sendall(said)


def _until_end(end: socket.socket) -> None:
    said = b""
    while not said.endswith(_END):
        said += end.recv(4096)
