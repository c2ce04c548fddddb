"""The real cloudflared, where CLOUDFLARED_BIN names one: it understands our words, and we understand its own.

It talks to the stand-in of the service and to ports of loopback that stand for the edge; nothing leaves the computer.
Visits through a tunnel are no part of it: they would need Cloudflare.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from portway.backends.cloudflared.backend import CloudflaredBackend, CloudflaredOptions
from portway.backends.cloudflared.metrics import Metrics
from portway.backends.cloudflared.output import Reader
from portway.backends.cloudflared.starting import arguments, environment_of_child
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import Target
from portway.system.processes.output_file import OutputFile
from tests.backends.cloudflared.conftest import FOREIGN_CONFIG, REFUSALS, CloudflaredWorld
from tests.contract import make_context
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.backends.written import child_writing_to
from tests.fakes.cloudflared.quick_service import answer_with
from tests.limits import AT_ONCE, NEVER

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif("CLOUDFLARED_BIN" not in os.environ, reason="CLOUDFLARED_BIN names no real cloudflared"),
]

Open = Callable[..., Code]
Meet = Callable[[socket.socket], None]


@pytest.fixture
def use(world: CloudflaredWorld) -> Callable[..., None]:
    """Return what lets the backend use the real program, with an edge at these ports and more of an environment."""

    def change(*ports: int, limit: float = 5.0, **environment: str) -> None:
        # Two addresses: with a single one it never pauses.
        edge = " ".join(f"--edge 127.0.0.1:{port}" for port in ports)
        changed = {
            **world.services.environment,
            **environment,
            "CLOUDFLARED_BIN": os.environ["CLOUDFLARED_BIN"],
            "PORTWAY_CLOUDFLARED_ARGS": f"--quick-service {world.service.url} {edge}",
        }
        timing = dataclasses.replace(world.services.timing, start_limit=limit, stop_grace=5.0)
        world.services = dataclasses.replace(world.services, environment=changed, timing=timing)
        world.backend = CloudflaredBackend(world.services)

    change(1, 2)
    return change


@pytest.fixture
def context(world: CloudflaredWorld, origin: Target, use: Callable[..., None]) -> Context:
    return make_context(world, origin, RecordedNews())


@pytest.fixture
def code_of_start(world: CloudflaredWorld, context: Context) -> Open:
    """Return what opens a tunnel, which fails, and returns why."""

    def fail(**options: Any) -> Code:  # noqa: ANN401 - of the options
        with pytest.raises(TunnelError) as caught:
            world.backend.open(dataclasses.replace(context, options=CloudflaredOptions(**options)))
        return caught.value.code

    return fail


@contextlib.contextmanager
def edge(meet: Meet) -> Iterator[int]:
    """Listen on a port of loopback, and treat all who come like this."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def serve() -> None:
            while True:
                client, _ = listening.accept()
                with client:
                    if over.is_set():
                        return
                    client.settimeout(20)
                    with contextlib.suppress(OSError):
                        meet(client)

        serving = threading.Thread(target=serve)
        serving.start()
        try:
            yield listening.getsockname()[1]
        finally:
            over.set()
            socket.create_connection(listening.getsockname()).close()
            serving.join(30)


def hangs_up(_client: socket.socket) -> None:
    """Say nothing."""


def never_answers(client: socket.socket) -> None:
    while client.recv(1 << 16):
        pass


def is_not_genuine(client: socket.socket) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("region1.v2.argotunnel.com", "127.0.0.1").configure_cert(tls)
    tls.wrap_socket(client, server_side=True).close()


def test_it_tells_its_version(world: CloudflaredWorld, use: Callable[..., None]) -> None:
    assert world.backend.inspect().version


@pytest.mark.parametrize(
    ("options", "limit"),
    # Over UDP it says so after 5.1 s.
    [({}, 5.0), ({"host_header": "localhost:3000"}, 5.0), ({"protocol": "quic"}, 8.0), ({"protocol": "auto"}, 8.0)],
)
def test_an_edge_that_is_not_there_is_told(
    world: CloudflaredWorld, use: Callable[..., None], code_of_start: Open, options: dict[str, str], limit: float
) -> None:
    use(1, 2, limit=limit)
    assert code_of_start(**options) is Code.EDGE_UNREACHABLE
    assert world.service.names == 1


@pytest.mark.parametrize(
    ("meet", "limit", "code"),
    [
        (is_not_genuine, 5.0, Code.TLS_INTERCEPTED),
        (hangs_up, 5.0, Code.EDGE_UNREACHABLE),
        (never_answers, 18.0, Code.EDGE_UNREACHABLE),  # it says so after 15.1 s
    ],
)
def test_an_edge_that_is_no_edge_is_told(
    use: Callable[..., None], code_of_start: Open, meet: Meet, limit: float, code: Code
) -> None:
    with edge(meet) as first, edge(meet) as second:
        use(first, second, limit=limit)
        assert code_of_start() is code


@pytest.mark.parametrize(("refusal", "code"), REFUSALS)
def test_a_refusal_is_told_with_its_cause(
    world: CloudflaredWorld, code_of_start: Open, refusal: tuple[int, str], code: Code
) -> None:
    world.service.refusal = refusal
    assert code_of_start() is code


def test_an_answer_counts_whatever_its_status_is(world: CloudflaredWorld, code_of_start: Open) -> None:
    world.service.refusal = (429, answer_with(hostname="plum.trycloudflare.com"))
    assert code_of_start() is Code.EDGE_UNREACHABLE


def test_a_service_that_hangs_up_is_no_network(world: CloudflaredWorld, code_of_start: Open) -> None:
    world.service.closes = True
    assert code_of_start() is Code.NO_NETWORK


def test_a_service_that_never_answers_is_no_network(
    world: CloudflaredWorld, use: Callable[..., None], code_of_start: Open
) -> None:
    use(1, 2, limit=20.0)  # it gives up after 15.3 s
    world.service.free.clear()
    assert code_of_start() is Code.NO_NETWORK


def test_proxies_change_nothing(world: CloudflaredWorld, use: Callable[..., None], code_of_start: Open) -> None:
    use(1, 2, HTTP_PROXY="http://127.0.0.1:1", HTTPS_PROXY="http://127.0.0.1:1", ALL_PROXY="http://127.0.0.1:1")
    assert code_of_start() is Code.EDGE_UNREACHABLE
    assert world.service.names == 1


@pytest.mark.parametrize("config", [FOREIGN_CONFIG, "tunnel: x\n", "name: x\n", "{broken", ""])
def test_what_it_says_of_itself_is_what_was_asked_whatever_the_person_has_configured(
    world: CloudflaredWorld, use: Callable[..., None], origin: Target, tmp_path: Path, config: str
) -> None:
    (tmp_path / ".cloudflared").mkdir()
    (tmp_path / ".cloudflared" / "config.yml").write_text(config, encoding="utf-8")
    use(1, 2, HOME=str(tmp_path), TUNNEL_NAME="x", TUNNEL_TOKEN="x", NO_TLS_VERIFY="true")
    environment = world.services.environment
    output = OutputFile(tmp_path / "output.log")
    command = arguments(Path(environment["CLOUDFLARED_BIN"]), origin, CloudflaredOptions(), environment)
    process = child_writing_to(output, command, environment_of_child(environment))
    try:
        reader = Reader(output)

        def has_metrics() -> bool:
            reader.read()
            return reader.findings.metrics_port is not None or process.ended.is_set()

        wait_until(has_metrics)
        assert reader.findings.metrics_port is not None, reader.findings
        metrics = Metrics(reader.findings.metrics_port, CancelToken())
        assert metrics.service() == origin.url
        assert metrics.public_host() == "plum-otter-lamp-1.trycloudflare.com"
        assert metrics.ready() is False
        assert metrics.visits() == 0
        began = time.monotonic()
    finally:
        assert process.stop(NEVER)
    assert time.monotonic() - began < AT_ONCE
    assert process.code == 0
