"""What is told of a local server that takes connections and still serves nobody."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
import trustme

from portway.core.codes import Code
from portway.core.target import Target
from tests.fakes.backends.toy import ToyWorld
from tests.fakes.origins.http import http_origin
from tests.fakes.origins.ports import kept_port
from tests.runtime.conftest import TOY, Build, House


class _Development(BaseHTTPRequestHandler):
    """Serves those only who ask by a loopback name, and takes forms from its own pages only."""

    protocol_version = "HTTP/1.1"
    known: tuple[str, ...] = ("127.0.0.1", "localhost")

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        origin = self.headers.get("Origin", "").partition("://")[2]
        self._answer(403 if origin != self.headers["Host"] else 200)

    def _answer(self, status: int = 200) -> None:
        if self.path.startswith("/open"):
            status = 200
        elif self.headers["Host"].partition(":")[0] not in self.known:
            status = 403
        body = self.headers["Host"].encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", f"http://{self.headers['Host']}/next")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Keep the output of the tests clean."""


@contextmanager
def _serving(
    handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None, port: int = 0
) -> Iterator[Target]:
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield Target("http" if tls is None else "https", "127.0.0.1", server.server_address[1])
        server.shutdown()
        thread.join(5)


@pytest.fixture(scope="module")
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


def _visit(
    world: ToyWorld, path: str = "/", method: str = "GET", host: str = "toy.example", **headers: str
) -> http.client.HTTPResponse:
    address = world.opened[-1].origin
    connection = http.client.HTTPConnection(address.host, address.port, timeout=20)
    body = b"form" if method == "POST" else None
    connection.request(method, path, body, {"Host": host, **headers})
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


class _Quiet(_Development):
    known = ("127.0.0.1", "localhost", "toy.example", "toy-1.example", "toy-2.example")


def test_https_where_http_was_named_is_told_with_what_would_work(house: House, tls: ssl.SSLContext) -> None:
    with _serving(_Quiet, tls) as target:
        named = Target("http", target.host, target.port)
        status = house.up(target=named)
        house.wait(lambda: house.status.code is Code.ORIGIN_SCHEME)
        assert status.running
        assert target.url in (house.status.last_error or "")
        house.enable(target=target)
        house.wait(lambda: house.status.problem is None)


def test_an_https_server_is_served_through_the_relay(house: House, world: ToyWorld, tls: ssl.SSLContext) -> None:
    with _serving(_Quiet, tls) as target:
        house.up(target=target)
        assert house.status.problem is None
        for _ in range(3):
            assert _visit(world).body == b"toy.example"  # type: ignore[attr-defined]


def test_http_where_https_was_named_is_told(house: House) -> None:
    with http_origin() as site:
        house.up(target=Target("https", site.target.host, site.target.port))
        house.wait(lambda: house.status.code is Code.ORIGIN_SCHEME)


def test_a_server_that_greets_in_another_language_is_told(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = Event()

        def greet() -> None:
            server.settimeout(0.1)
            while not stop.is_set():
                with suppress(OSError), server.accept()[0] as one:
                    one.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
                    one.recv(1000)

        greeting = Thread(target=greet, daemon=True)
        greeting.start()
        house.up(target=Target("http", "127.0.0.1", server.getsockname()[1]))
        house.wait(lambda: house.status.code is Code.ORIGIN_SCHEME)
        stop.set()
        greeting.join(5)


def test_one_that_refuses_an_upgrade_without_a_head_still_speaks_http(house: House, world: ToyWorld) -> None:
    met: list[str] = []

    class Bare(_Quiet):
        """Ends an upgrade that it does not want with a bare word, as Next.js does."""

        def setup(self) -> None:
            met.append("connection")
            super().setup()

        def do_GET(self) -> None:
            if self.headers["Upgrade"]:
                self.wfile.write(b"Unauthorized")
                self.close_connection = True
            else:
                super().do_GET()

    with _serving(Bare) as target:
        house.up(target=target)
        house.settle()
        before = len(met)
        refused = _visit(world, "/_next/webpack-hmr", Connection="Upgrade", Upgrade="websocket")
        assert refused.status == 502
        assert b"does not speak HTTP" in refused.body  # type: ignore[attr-defined]
        house.wait(lambda: len(met) >= before + 2)  # it was that visitor's, and was looked at again because of it
        house.settle()
        assert _visit(world).status == 200
        house.settle()
        assert Code.ORIGIN_SCHEME not in {status.code for status in house.seen}
        house.wait(lambda: house.status.running and house.status.problem is None)


def test_one_that_says_nothing_is_not_taken_for_one_that_answers(build: Build) -> None:
    house = build(limits={"resolve_address": 0.3, "origin_speech": 0.3})
    with socket.create_server(("127.0.0.1", 0)) as silent:
        house.up(target=Target("http", "127.0.0.1", silent.getsockname()[1]))
        house.wait(lambda: house.status.code is Code.ORIGIN_DOWN)


class TestOneThatDoesNotKnowThePublicName:
    def test_is_told_at_once_and_again_when_it_comes_up(self, house: House) -> None:
        with kept_port() as port:
            with _serving(_Development, port=port) as target:
                house.up(target=target)
                house.wait(lambda: house.status.code is Code.HOST_REFUSED)
            house.wait(lambda: house.status.code is Code.ORIGIN_DOWN)
            with _serving(_Development, port=port):
                house.wait(lambda: house.status.code is Code.HOST_REFUSED)

    def test_is_told_by_what_a_visitor_meets(self, house: House, world: ToyWorld) -> None:
        class Partly(_Development):
            def _answer(self, status: int = 200) -> None:
                if self.path == "/":
                    self.path = "/open"
                super()._answer(status)

        with _serving(Partly) as target:
            house.up(target=target)
            assert house.status.problem is None
            assert _visit(world, "/mcp").status == 403
            house.wait(lambda: house.status.code is Code.HOST_REFUSED)

    def test_is_cured_at_once_in_both_directions(self, house: House, world: ToyWorld) -> None:
        with _serving(_Development) as target:
            house.up(target=target)
            house.wait(lambda: house.status.code is Code.HOST_REFUSED)
            own = f"127.0.0.1:{target.port}"
            house.enable(options={"host_header": own})
            assert house.status.host == own
            house.wait(lambda: house.status.problem is None)
            house.wait(lambda: _visit(world).status == 200)
            form = _visit(world, method="POST", Origin="https://toy.example")
            assert form.status == 200
            assert form.headers["Location"] == "https://toy.example/next"
            assert len(world.opened) == 1  # the URL is the same

    def test_its_name_is_not_sent_to_the_next_target(self, house: House, world: ToyWorld) -> None:
        with _serving(_Development) as target, _serving(_Quiet) as other:
            house.up(target=target, options={"host_header": f"127.0.0.1:{target.port}"})
            assert _visit(world).body == f"127.0.0.1:{target.port}".encode()  # type: ignore[attr-defined]
            house.enable(target=other)
            assert house.status.host is None
            house.wait(lambda: _visit(world).body == b"toy.example")  # type: ignore[attr-defined]
            assert "host_header" not in house.kept()[TOY].options
