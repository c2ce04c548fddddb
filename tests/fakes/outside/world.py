"""The internet as a look from outside meets it, on loopback: a resolver over HTTPS, and an edge with a certificate."""

from __future__ import annotations

import http.client
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

from portway.system.network.outside import Outside, Resolver
from tests.limits import SEEN

NAME = "iris-amber.toy.example"
ADDRESS = "203.0.113.80"  # of the edge, as the resolver tells it


class World:
    """What a test says of it. `leads_to` is the relay to which the edge brings visitors; None: the tunnel is gone."""

    def __init__(self) -> None:
        self.knows_name = True
        self.resolver_status = 200
        self.leads_to: int | None = None
        self.says: tuple[int, dict[str, str], bytes] = (530, {}, b"error code: 1033")
        self.asked: list[str] = []  # names
        self.visited: list[str] = []  # Host of each visit
        self.dialled: list[tuple[str, int]] = []
        self._authority = trustme.CA()
        self._other = trustme.CA()
        self.genuine = True
        self.lets_by = threading.Event()  # until it is set, the edge answers nobody
        self.lets_by.set()
        self.resolver_port = self.edge_port = 0

    def outside(self, *resolvers: Resolver) -> Outside:
        """Return how to look at this world."""
        mine = Resolver("Toy", "127.0.0.1", self.resolver_port)
        return Outside(resolvers=resolvers or (mine,), trust=self._trust, limit=SEEN, edge=self._edge)

    def server_context(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*names).configure_cert(context)
        return context

    def answer_to(self, question: bytes) -> bytes:
        """Return what the resolver says."""
        at, labels = 12, []
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode())
            at += question[at] + 1
        (kind,) = struct.unpack_from("!H", question, at + 1)
        self.asked.append(".".join(labels))
        found = self.knows_name and kind == 1
        head = struct.pack("!6H", 0, 0x8180 if self.knows_name else 0x8183, 1, int(found), 0, 0)
        address = bytes(int(part) for part in ADDRESS.split("."))
        record = b"\xc0\x0c" + struct.pack("!2HIH", 1, 1, 60, 4) + address if found else b""
        return head + question[12 : at + 5] + record

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        (self._authority if self.genuine else self._other).configure_trust(context)
        return context

    def _edge(self, address: str, port: int) -> tuple[str, int]:
        self.dialled.append((address, port))
        return "127.0.0.1", self.edge_port


@contextmanager
def outside_world(*names: str) -> Iterator[World]:
    """Serve a world whose edge has a certificate for these names, else for `NAME`."""
    world = World()

    class ResolverHandler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            _say(self, world.resolver_status, {}, world.answer_to(question))

        def log_message(self, *_arguments: object) -> None:
            pass

    class EdgeHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            world.visited.append(self.headers["Host"])
            world.lets_by.wait(SEEN)
            if world.leads_to is None:
                _say(self, *world.says)
                return
            relay = http.client.HTTPConnection("127.0.0.1", world.leads_to, timeout=SEEN)
            relay.request("GET", self.path, headers={"Host": self.headers["Host"]})
            answer = relay.getresponse()
            _say(self, answer.status, {}, answer.read())
            relay.close()

        def log_message(self, *_arguments: object) -> None:
            pass

    with (
        _served(ResolverHandler, world.server_context("127.0.0.1")) as world.resolver_port,
        _served(EdgeHandler, world.server_context(*(names or (NAME,)))) as world.edge_port,
    ):
        yield world
        world.lets_by.set()


def _say(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: some visitors do not trust it, and go."""


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext) -> Iterator[int]:
    server = _Server(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
