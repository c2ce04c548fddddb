"""A relay in front of a raw local server, whose both ends a test holds."""

from __future__ import annotations

import http.client
import socket
from contextlib import ExitStack
from dataclasses import replace

from portway.core.target import Target
from portway.relay.engine.forwarder import Limits
from portway.relay.guard.gate import Gate
from portway.relay.http.exchange import Exchange, ExchangeListener
from portway.relay.relay import RELAY_LIMITS, Opening, Relay
from tests.fakes.backends.news import RecordedNews
from tests.fakes.origins.ports import kept_port

PATIENCE = 20.0
LIMITS = replace(RELAY_LIMITS, head=1.0, quiet=0.05, farewell=0.5)


class Kept(ExchangeListener):
    """Keeps all exchanges that it hears of, bodies included."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.over: list[Exchange] = []
        self.bodies: dict[Exchange, tuple[bytearray, bytearray]] = {}
        self.keeps_bodies = True

    def began(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        self.bodies[exchange] = (bytearray(), bytearray())

    def sent(self, exchange: Exchange, part: memoryview) -> None:
        if self.keeps_bodies:
            self.bodies[exchange][0].extend(part)

    def received(self, exchange: Exchange, part: memoryview) -> None:
        if self.keeps_bodies:
            self.bodies[exchange][1].extend(part)

    def ended(self, exchange: Exchange) -> None:
        self.over.append(exchange)


class Stand:
    """`meet` connects a visitor; `target` is the target's next connection."""

    def __init__(
        self,
        stack: ExitStack,
        *,
        scheme: str = "http",
        listener: ExchangeListener | None = None,
        gate: Gate | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self._stack = stack
        port = stack.enter_context(kept_port())  # nobody else's either, once `server` is closed
        self.server = stack.enter_context(socket.create_server(("127.0.0.1", port)))
        self.server.settimeout(PATIENCE)
        self.news = RecordedNews()
        self.kept = Kept()
        self.origin = Target(scheme, "127.0.0.1", port)
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        opening = Opening(
            listening=listening,
            name="shop",
            origin=self.origin,
            listener=self.news,
            recorder=listener or self.kept,
            limits=limits,
            gate=gate,
        )
        self.relay = Relay(opening)
        stack.callback(self.relay.close, 5.0)

    def visitor(self) -> socket.socket:
        visitor = self._stack.enter_context(socket.create_connection(("127.0.0.1", self.relay.port), PATIENCE))
        visitor.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return visitor

    def target(self) -> socket.socket:
        target = self._stack.enter_context(self.server.accept()[0])
        target.settimeout(PATIENCE)
        return target

    def meet(self) -> tuple[socket.socket, socket.socket]:
        visitor = self.visitor()
        return visitor, self.target()

    def browser(self) -> http.client.HTTPConnection:
        browser = http.client.HTTPConnection("127.0.0.1", self.relay.port, timeout=PATIENCE)
        self._stack.callback(browser.close)
        return browser


def until(end: socket.socket, mark: bytes) -> bytes:
    """Return all bytes up to and with `mark`."""
    data = bytearray()
    while not data.endswith(mark):
        part = end.recv(1)
        assert part, bytes(data)
        data += part
    return bytes(data)


def rest(end: socket.socket) -> bytes:
    """Return all bytes up to the proper end. ConnectionResetError where it is cut."""
    data = bytearray()
    while part := end.recv(1 << 16):
        data += part
    return bytes(data)


__all__ = ["LIMITS", "PATIENCE", "Kept", "Stand", "rest", "until"]
