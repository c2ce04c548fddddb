"""What the relay costs: processor time of its thread for a small request and for a gigabyte, against bytes as they are.

Goals: at most 2.5 times the byte relay for a small request on a connection that stays, at most 1.3 times for a
gigabyte, to the visitor and to the target; recording at most 1.5 times what it costs without; a guard that asks for a
password at most 40 µs more for the request of a visitor who is in. Only the relay's thread counts; both ends live in
processes of their own. Heads that come again are known again, so that requests of which no two are alike are measured
as well, and beside them what judging alone costs such heads: llhttp and the rules on top, without which bytes could be
sent on to nobody. What is missed there as well is out of reach for a relay in Python that judges what it sends on.

With 50 connections, what 50 and 99 of 100 visitors wait against the byte relay where all ask at once; where they ask by
turns, at most 0.3 ms and 2 ms more than without any relay. A WebSocket's message there and back takes at most twice as
long as without; where the least relay that Python can be takes longer, at most 1.3 times as long as through that one.
After 100,000 requests at most 30 MB more are in memory, and no more after as many again. Where mitmdump is installed
(`PORTWAY_MITMDUMP` names it), 20 times as many requests a second as through it.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psutil

from portway.core.backend import ClientHeader, Which
from portway.core.guard.rules import Guard
from portway.core.secret import Secret
from portway.core.status import Traffic
from portway.core.target import Target
from portway.relay.capture.recorder import Recorder
from portway.relay.capture.store import ExchangeStore
from portway.relay.engine.loop import Loop
from portway.relay.guard.gate import Gate
from portway.relay.http.exchange import Exchange
from portway.relay.http.heads import Heads
from portway.relay.relay import Opening, Relay
from tests.benchmarks.lan_parts import bare_relay
from tests.benchmarks.measure import REPEATS, left_out, report
from tests.benchmarks.relay_parts.crowd import (
    CONNECTIONS,
    PACE,
    Crowd,
    answer_all,
    by_turns,
    crowd,
    in_a_process,
    message_seconds,
    wait_until_it_listens,
)
from tests.benchmarks.relay_parts.judging import judged_heads
from tests.benchmarks.relay_parts.plain_bytes import Open, bytes_as_they_are

_REQUESTS = 3000
_BYTES = 1 << 28
_SECONDS, _ROUNDS = 2.0, 3
_PASSWORD = "a password of a person's own"
_PART = bytes(1 << 18)
_HEADERS = b"".join(b"X-Header-%d: a value of about the usual length\r\n" % number for number in range(13))
_REQUEST = b"GET /a/path?with=query HTTP/1.1\r\nHost: x.example\r\nAccept: */*\r\n" + _HEADERS + b"\r\n"
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n" + _HEADERS + b"\r\nok"
_DOWN = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % _BYTES
_UP = b"POST / HTTP/1.1\r\nHost: x.example\r\nContent-Length: %d\r\n\r\n" % _BYTES

Talk = Callable[[socket.socket, socket.socket], None]


class Unit(NamedTuple):
    """In what costs are told: what a second is multiplied by, and its name."""

    factor: float
    name: str


def run() -> list[bool]:
    """Measure and print."""
    plain, relay = bytes_as_they_are(), whole()
    small, gigabyte = Unit(1e6 / _REQUESTS, " µs"), Unit(1e9 / _BYTES, " s")
    return [
        _compared("processor time for a small request", _small, (relay, plain), small, "≤ 2.5"),
        _compared("the same, no two alike", _different, (relay, plain), small, "≤ 2.5"),
        _compared("judging such heads, and nothing else", _different, (judged_heads(), plain), small, "≤ 2.5"),
        _compared("the same, recorded", _different, (whole(recording=True), relay), small, "≤ 1.5"),
        _guarded(small),
        _compared("processor time for a GB to the visitor", _download, (relay, plain), gigabyte, "≤ 1.3"),
        _compared("processor time for a GB to the target", _upload, (relay, plain), gigabyte, "≤ 1.3"),
        *_crowds(plain),
        *_messages(),
        *_memory(),
    ]


def _guarded(unit: Unit) -> bool:
    """Compare requests that show what a log-in gave, before a gate that asks for it and without one."""
    gate = Gate("bench", client_header=ClientHeader("cf-connecting-ip", Which.ONLY))
    gate.guard_by(Guard(password=True), Secret(_PASSWORD), None)
    cookie = b"Cookie: %b\r\n" % _let_in(gate)
    passed = _REQUEST.replace(b"Accept:", b"CF-Connecting-IP: 203.0.113.7\r\nAccept:")
    shown = passed.replace(b"Accept:", cookie + b"Accept:")
    costs: list[list[float]] = [[], []]
    for _ in range(REPEATS):
        for cost, opened, arriving in zip(costs, (whole(gate=gate), whole()), (passed, shown), strict=True):
            cost.append(_cost_of_requests(opened, shown, arriving))
    guarded, open_to_all = (min(cost) * unit.factor for cost in costs)
    return report("a guard, on top of that", guarded - open_to_all, None, "≤ 40", unit.name)


def _let_in(gate: Gate) -> bytes:
    """Log in, and return the cookie."""
    answer = gate.log_in(Exchange("127.0.0.1", Heads().request(_REQUEST)), b"password=" + _PASSWORD.encode())
    found = re.search(rb"\r\nSet-Cookie: ([^;]+);", answer.content)
    assert found is not None
    return found[1]


def _cost_of_requests(opened: Open, request: bytes, arriving: bytes) -> float:
    """Return the seconds that the relay's thread worked; before a guard the target is not dialled until one came."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        opened(Target("http", "127.0.0.1", server.getsockname()[1])) as (loop, port),
        socket.create_connection(("127.0.0.1", port)) as visitor,
    ):
        visitor.sendall(request)
        with server.accept()[0] as target:
            _take(target, len(arriving))
            target.sendall(_ANSWER)
            _take(visitor, len(_ANSWER))
            return _worked(loop, lambda: _exchange(visitor, target, [(request, _ANSWER)] * _REQUESTS, len(arriving)))


def _crowds(plain: Open) -> Iterator[bool]:
    sides: list[list[Crowd]] = [[], []]
    for _ in range(_ROUNDS):
        for side, opened in zip(sides, (whole(), plain), strict=True):
            with answering() as target, opened(target) as (_, port):
                side.append(crowd(port, _SECONDS))
    for name, share in (("half of", 50), ("99 in 100 of", 99)):
        ours, plainly = (1000 * statistics.median(one.wait(share) for one in side) for side in sides)
        yield report(f"wait of {name} {CONNECTIONS} visitors", ours, plainly, "≤ 2.5", " ms")
    yield from _added_waits()
    program = find_mitmdump()
    if program is None:
        left_out("requests a second, against mitmdump", "it is not installed, and PORTWAY_MITMDUMP names none")
        return
    with answering() as target, mitmdump(program, target) as (port, _):
        theirs = crowd(port, _SECONDS).rate
    rate = statistics.median(one.rate for one in sides[0])
    yield report("requests a second, against mitmdump", rate, theirs, "≥ 20", "/s")


def _added_waits() -> Iterator[bool]:
    """Compare visitors who ask by turns with the same of the target itself."""
    through, bare = [], []
    for _ in range(_ROUNDS):
        with answering() as target:
            with whole()(target) as (_, port):
                through.append(by_turns(port, _SECONDS))
            bare.append(by_turns(target.port, _SECONDS))
    for name, share, goal in (("half of", 50, "≤ 0.3"), ("99 in 100 of", 99, "≤ 2")):
        ours, floor = (1000 * statistics.median(one.wait(share) for one in side) for side in (through, bare))
        yield report(f"added wait of {name} {CONNECTIONS} visitors, {PACE}/s", ours - floor, None, goal, " ms")


@contextmanager
def answering() -> Iterator[Target]:
    """Let a target answer everybody, in a process of its own."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    with listening as server, in_a_process(lambda: answer_all(server, _ANSWER)):
        yield Target("http", "127.0.0.1", server.getsockname()[1])


def find_mitmdump() -> str | None:
    """Return the program to compare with, where there is one."""
    return os.environ.get("PORTWAY_MITMDUMP") or shutil.which("mitmdump")


@contextmanager
def mitmdump(program: str, target: Target) -> Iterator[tuple[int, psutil.Process]]:
    """Let it forward to a target; yield its port and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    options = ["--quiet", "--listen-host", "127.0.0.1", "--listen-port", str(port), "--mode", f"reverse:{target.url}"]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            wait_until_it_listens(port)
            yield port, psutil.Process(child.pid)
        finally:
            child.kill()


def _messages() -> Iterator[bool]:
    """Compare a WebSocket's message there and back with that of no relay, and with that of the least there can be."""
    through, least, bare = [], [], []
    for _ in range(REPEATS):
        with socket.create_server(("127.0.0.1", 0)) as server:
            target = Target("http", "127.0.0.1", server.getsockname()[1])
            with whole()(target) as (_, port):
                through.append(message_seconds(server, port))
            with _least_relay(target) as port:
                least.append(message_seconds(server, port))
            bare.append(message_seconds(server, target.port))
    ours, floor, without = (1e6 * min(side) for side in (through, least, bare))
    yield report("a WebSocket's message there and back", ours, without, "≤ 2", " µs")
    yield report("the same, against the least relay in Python", ours, floor, "≤ 1.3", " µs")
    yield report("the least relay in Python, against none", floor, without, "≤ 2", " µs")


@contextmanager
def _least_relay(target: Target) -> Iterator[int]:
    command = [sys.executable, "-m", bare_relay.__name__, str(target.port), target.host]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            yield int(child.stdout.readline())
        finally:
            child.kill()


def _memory() -> Iterator[bool]:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        whole()(Target("http", "127.0.0.1", server.getsockname()[1])) as (_, port),
        socket.create_connection(("127.0.0.1", port)) as visitor,
        server.accept()[0] as target,
    ):
        _apart(lambda: _different(visitor, target))
        held = [_resident()]
        for _ in range(2):
            for _ in range(100_000 // _REQUESTS):
                _apart(lambda: _different(visitor, target))
            held.append(_resident())
    yield report("memory after 100,000 requests", held[1] - held[0], None, "≤ 30", " MB")
    yield report("memory after as many again", held[2] - held[1], None, "≤ 1", " MB")


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6


def _compared(name: str, talk: Talk, sides: tuple[Open, Open], unit: Unit, goal: str) -> bool:
    costs: list[list[float]] = [[], []]
    for _ in range(REPEATS):  # by turns, so that what else the computer does weighs on both
        for cost, opened in zip(costs, sides, strict=True):
            cost.append(_cost(opened, talk))
    ours, floor = (min(cost) * unit.factor for cost in costs)
    return report(name, ours, floor, goal, unit.name)


def _cost(opened: Open, talk: Talk) -> float:
    """Return the seconds that the relay's thread worked while a visitor and the target talked."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        opened(Target("http", "127.0.0.1", server.getsockname()[1])) as (loop, port),
        socket.create_connection(("127.0.0.1", port)) as visitor,
        server.accept()[0] as target,
    ):
        return _worked(loop, lambda: talk(visitor, target))


def _worked(loop: Loop, talk: Callable[[], None]) -> float:
    thread = loop._thread.ident
    assert thread is not None
    clock = time.pthread_getcpuclockid(thread)
    before = time.clock_gettime(clock)
    _apart(talk)
    return time.clock_gettime(clock) - before


def _apart(talk: Callable[[], None]) -> None:
    """Run it in a process of its own: threads of this one would make the relay's wait for the interpreter."""
    child = os.fork()
    if child == 0:
        talk()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def whole(*, recording: bool = False, gate: Gate | None = None) -> Open:
    """Return what opens the whole of it, as tunnels have it."""

    @contextmanager
    def opened(target: Target) -> Iterator[tuple[Loop, int]]:
        store = ExchangeStore()
        store.record("bench", on=recording)
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        recorder = Recorder(store, "bench")
        opening = Opening(listening=listening, name="bench", origin=target, listener=_Nobody(), recorder=recorder)
        relay = Relay(dataclasses.replace(opening, gate=gate))
        try:
            yield relay._loop, relay.port
        finally:
            relay.close(5)

    return opened


class _Nobody:
    def counted(self, traffic: Traffic) -> None: ...

    def host_suspect(self, path: str) -> None: ...

    def origin_answered(self) -> None: ...

    def origin_suspect(self) -> None: ...


def _small(visitor: socket.socket, target: socket.socket) -> None:
    _exchange(visitor, target, [(_REQUEST, _ANSWER)] * _REQUESTS)


def _different(visitor: socket.socket, target: socket.socket) -> None:
    _exchange(
        visitor,
        target,
        [(_REQUEST.replace(b"query", b"%05d" % n), _ANSWER.replace(b"usual", b"%05d" % n)) for n in range(_REQUESTS)],
    )


def _exchange(
    visitor: socket.socket, target: socket.socket, pairs: list[tuple[bytes, bytes]], arriving: int | None = None
) -> None:
    def answer() -> None:
        for request, answered in pairs:
            _take(target, len(request) if arriving is None else arriving)
            target.sendall(answered)

    answering = threading.Thread(target=answer)
    answering.start()
    for request, answered in pairs:
        visitor.sendall(request)
        _take(visitor, len(answered))
    answering.join()


def _download(visitor: socket.socket, target: socket.socket) -> None:
    visitor.sendall(_REQUEST)
    _take(target, len(_REQUEST))
    _move(target, _DOWN, visitor)


def _upload(visitor: socket.socket, target: socket.socket) -> None:
    _move(visitor, _UP, target)


def _move(sender: socket.socket, head: bytes, receiver: socket.socket) -> None:
    def send() -> None:
        sender.sendall(head)
        for _ in range(_BYTES // len(_PART)):
            sender.sendall(_PART)

    sending = threading.Thread(target=send)
    sending.start()
    _take(receiver, len(head) + _BYTES)
    sending.join()


def _take(receiver: socket.socket, count: int) -> None:
    buffer = bytearray(min(count, 1 << 18))
    while count > 0:
        count -= receiver.recv_into(buffer, min(count, len(buffer)))
