"""A guarded tunnel as a browser meets it: a name, an edge with TLS, the relay and its gate, a local server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import trustme

from portway.core.guard.rules import Guard
from portway.core.secret import Secret
from portway.relay.guard.gate import Gate
from portway.relay.relay import Opening, Relay
from tests.fakes.backends.news import RecordedNews
from tests.fakes.origins.http import HttpOrigin, http_origin
from tests.fakes.outside.edge import edge, passing

PASSWORD = Secret("correct horse")
ASKS = Guard(password=True)


@dataclass(frozen=True)
class Site:
    """One tunnel that is up. Its rules are changed at its gate."""

    url: str
    gate: Gate
    origin: HttpOrigin

    def socket(self) -> str:
        """Return what a page runs to say something through a WebSocket of this site, and to hear it again."""
        return (
            "new Promise(told => {"
            f" const line = new WebSocket({self.url.replace('https', 'wss') + '/socket'!r});"
            " line.onopen = () => line.send('hello');"
            " line.onmessage = said => { window.line = line; told(said.data); };"
            " line.onerror = () => told('refused');"
            "})"
        )

    def link(self) -> str:
        """Return a link that lets one device in."""
        path = self.gate.new_link()
        assert path is not None
        return self.url + path


def authority() -> trustme.CA:
    """Return who certifies the names of sites."""
    return trustme.CA()


@contextmanager
def site(
    certifies: trustme.CA, name: str = "shop.example", guard: Guard = ASKS, tunnel: str = "shop"
) -> Iterator[Site]:
    """Open a tunnel under this name, at a port of its own, which asks for `PASSWORD` where its guard does."""
    gate = Gate(tunnel)
    gate.guard_by(guard, PASSWORD if guard.password else None, None)
    with ExitStack() as stack:
        origin = stack.enter_context(http_origin())
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        opening = Opening(listening=listening, name=name, origin=origin.target, listener=RecordedNews(), gate=gate)
        relay = Relay(opening)
        stack.callback(relay.close, 5.0)
        port = stack.enter_context(edge(passing, _context(certifies, name), relay.port))
        yield Site(f"https://{name}:{port}", gate, origin)


def _context(certifies: trustme.CA, name: str) -> SSLContext:
    context = SSLContext(PROTOCOL_TLS_SERVER)
    certifies.issue_cert(name).configure_cert(context)
    return context
