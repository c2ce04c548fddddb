"""What protection costs whoever may come, and how fast it ends a tunnel and proves a link.

Goals: the last of 40 visitors is cut off at most 200 ms after the tunnel's time is over; a link is checked from outside
within 1 s, with resolver and edge on loopback; 1,000 wrong passwords a second make 99 of 100 requests of a visitor who
is in at most 5 ms slower. What a guard costs a single request is a figure of the relay.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import select
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from portway.core.backend import ClientHeader, Which
from portway.core.status import Proof
from portway.core.target import Target
from portway.relay.guard.gate import Gate
from portway.relay.guard.pages import LOG_IN
from portway.runtime.tunnel.proof import verify
from tests.benchmarks.measure import median, report
from tests.benchmarks.relay_parts.crowd import answer_all, in_a_process, steady
from tests.fakes.origins.http import http_origin
from tests.fakes.outside.world import NAME, outside_world
from tests.fakes.portway.program import LOOPBACK_ONLY, Program, started
from tests.relay.stand import Stand

_PASSWORD = "a password of a person's own"
_LAN = "/api/tunnels/lan"
_VISITORS, _OF_ONE = 40, 8  # connections, and how many of them from one device
_PATIENCE = 30.0  # seconds
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
_TRIES, _EVERY, _WATCHED = 1000, 0.004, 3.0  # a second; seconds between two requests of the visitor; seconds
_ROUNDS = 3
_GUESSER = "127.0.0.9"  # another device than the visitor's
_FORM = urlencode({"password": "a wrong password", "to": "/"}).encode()
_WRONG = (
    f"POST {LOG_IN} HTTP/1.1\r\nHost: 127.0.0.2\r\nContent-Length: {len(_FORM)}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
).encode() + _FORM


def run() -> list[bool]:
    """Measure and print."""
    with _program() as program:
        met = [_expiry(program)]
    return [*met, _verified(), _guessed()]


@contextmanager
def _program() -> Iterator[Program]:
    with tempfile.TemporaryDirectory(prefix="portway-bench-") as folder:
        environment = {**os.environ, **LOOPBACK_ONLY, "PORTWAY_HOME": folder, "PORTWAY_KEYRING": "memory"}
        with started(environment, Path(folder, "output")) as program:
            program.api()
            yield program


def _expiry(program: Program) -> bool:
    """Let visitors be in the middle of an answer when the time is over."""

    def late() -> float:
        with http_origin() as origin, ExitStack() as stack:
            answer = program.call("POST", _LAN, {"action": "enable", "target": origin.target.url})[1]
            assert answer["success"], answer
            place = urlsplit(answer["status"]["publicUrl"])
            assert place.hostname is not None
            request = f"GET /slow HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode()
            visitors = []
            for number in range(_VISITORS):
                source = (f"127.0.1.{1 + number // _OF_ONE}", 0)
                visitor = socket.create_connection((place.hostname, place.port or 80), _PATIENCE, source)
                visitors.append(stack.enter_context(visitor))
                visitor.sendall(request)
            over = program.call("PUT", f"{_LAN}/guard", {"expiresIn": 1})[1]["expiresAt"]
            ended = _last_end(visitors)
        program.wait_for_phase("stopped")
        return ended - datetime.fromisoformat(over).timestamp()

    return report(f"end of the last of {_VISITORS} visitors", 1000 * median(late), None, "≤ 200", " ms")


def _last_end(visitors: list[socket.socket]) -> float:
    """Return the time of day at which the last of these connections ended."""
    open_ones = list(visitors)
    while open_ones:
        ready = select.select(open_ones, [], [], _PATIENCE)[0]
        assert ready, f"{len(open_ones)} visitors are still there"
        for visitor in ready:
            with contextlib.suppress(ConnectionResetError):
                if visitor.recv(1 << 16):
                    continue
            open_ones.remove(visitor)
    return time.time()


def _verified() -> bool:
    gate = Gate("bench", client_header=ClientHeader("x-edge", Which.ONLY))
    with outside_world() as there, ExitStack() as stack:
        there.leads_to = Stand(stack, gate=gate).relay.port

        def look() -> float:
            began = time.perf_counter()
            found = verify(f"https://{NAME}", gate, there.outside(), {})
            assert found.state is Proof.OK, found
            return time.perf_counter() - began

        return report("a link checked from outside", 1000 * median(look), None, "≤ 1000", " ms")


def _guessed() -> bool:
    """Compare the waits of a visitor who is in, with somebody else who guesses and without."""
    listening = socket.create_server(("127.0.0.1", 0))
    with listening as server, in_a_process(lambda: answer_all(server, _ANSWER)), _program() as program:
        target = Target("http", "127.0.0.1", server.getsockname()[1])
        body = {"action": "enable", "target": target.url, "guard": {"password": _PASSWORD}}
        answer = program.call("POST", _LAN, body)[1]
        assert answer["success"], answer
        place = urlsplit(answer["status"]["publicUrl"])
        assert place.hostname is not None
        address = (place.hostname, place.port or 80)
        cookie = _log_in(address)
        more, rates = [], []
        for _ in range(_ROUNDS):
            quiet = _slowest_but_one_percent(address, cookie)
            with steady(address, _WRONG, _TRIES, source=_GUESSER) as answered:
                more.append(_slowest_but_one_percent(address, cookie) - quiet)
            rates.append(answered[0])
    print(f"        {statistics.median(rates):.0f} wrong passwords a second were answered")
    name = "p99 of a visitor's wait, more while somebody guesses"
    return report(name, 1000 * statistics.median(more), None, "≤ 5", " ms")


def _log_in(address: tuple[str, int]) -> str:
    """Show the password, and return the cookie that is given for it."""
    with contextlib.closing(http.client.HTTPConnection(*address, timeout=_PATIENCE)) as browser:
        form = urlencode({"password": _PASSWORD, "to": "/"})
        browser.request("POST", LOG_IN, form, {"Content-Type": "application/x-www-form-urlencoded"})
        cookie = browser.getresponse().getheader("Set-Cookie")
        assert cookie is not None
        return cookie.partition(";")[0]


def _slowest_but_one_percent(address: tuple[str, int], cookie: str) -> float:
    """Return within how many seconds 99 of 100 requests of one who is in are answered."""
    request = f"GET / HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nCookie: {cookie}\r\n\r\n".encode()
    waits = []
    with socket.create_connection(address, _PATIENCE) as visitor:
        visitor.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end = time.perf_counter() + _WATCHED
        while (began := time.perf_counter()) < end:
            visitor.sendall(request)
            answer = b""
            while not answer.endswith(b"ok"):
                part = visitor.recv(4096)
                assert part, answer
                answer += part
            waits.append(time.perf_counter() - began)
            time.sleep(_EVERY)
    return statistics.quantiles(waits, n=100)[-1]
